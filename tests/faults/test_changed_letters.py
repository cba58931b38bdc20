"""
One letter of one record of the watch store changes on the disk, any to any other: it is never believed.

The control takes the checksums away, as records of version 2 have none, and sees letters believed.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

from tests.core.builders import event_rule, play, price, watch
from tests.faults.tally import Tally, sized
from watcher.core.watch import Operator
from watcher.store.watch_reader import DiskWatchReader
from watcher.store.watch_store import open_watch_store

_SEED = 20_261_126
_LETTERS = sized(300, 10_000)
_CONTROL_LETTERS = sized(100, 2_000)


async def written(directory: Path) -> None:
    """A watch with a history, and messages that wait."""
    store, _ = await open_watch_store(directory)
    for decision in play(
        watch(event_rule(Operator.CHANGES)), *(price(f"v{number}. € {number}") for number in range(9))
    ):
        await store.commit([decision])
    await store.close()


def seen(directory: Path) -> tuple[dict[str, object], frozenset[str]]:
    """Return what is read, by the key of its record, and the keys of those that are told as damaged."""
    reader = DiskWatchReader(directory)
    found: dict[str, object] = {f"state/{name}": state for name, state in reader.each_state()}
    found |= {f"change/dune/{change.sequence:012d}": change for change in reader.changes("dune")}
    found |= {f"outbox/{entry.order:012d}": entry for entry in reader.outbox()}
    found |= {f"event/{each.number:012d}": each.event for each in reader.events()}
    return found | {"meta": reader.meta()}, frozenset(reader.damaged)


@contextmanager
def changed(connection: sqlite3.Connection, key: str, text: bytes, chance: Random) -> Iterator[None]:
    """Have one byte of a record be another one."""
    place = chance.randrange(len(text))
    spoilt = bytearray(text)
    spoilt[place] ^= chance.randrange(1, 256)
    connection.execute("UPDATE Cache SET value = CAST(? AS TEXT) WHERE key = ?", (bytes(spoilt), key))
    yield
    connection.execute("UPDATE Cache SET value = CAST(? AS TEXT) WHERE key = ?", (text, key))


def outcomes(directory: Path, letters: int) -> Counter[str]:
    """Change so many letters, one at a time, and count what came of each."""
    chance, counted = Random(_SEED), Counter[str]()
    before, _ = seen(directory)
    with closing(sqlite3.connect(directory / "cache.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.text_factory = bytes
        rows = [(key.decode(), text) for key, text in connection.execute("SELECT key, value FROM Cache ORDER BY key")]
        for _ in range(letters):
            key, text = chance.choice(rows)
            with changed(connection, key, text, chance):
                counted[outcome(key, before, *seen(directory))] += 1
    return counted


def outcome(key: str, before: dict[str, object], found: dict[str, object], damaged: frozenset[str]) -> str:
    """Return what came of a letter of this record."""
    if any(found[name] != before[name] for name in before if name != key.replace("checked/", "state/")):
        return "another record changed"
    if damaged:
        return "told" if damaged == {key} else "another record was told"
    return "as it was" if found == before else "believed"


async def test_no_changed_letter_of_a_record_is_believed(tmp_path: Path, tally: Tally) -> None:
    tally.what = "letters changed in records of the watch store: told, the other records as they were"
    await written(tmp_path)
    counted = outcomes(tmp_path, _LETTERS)
    tally.tried, tally.failed = counted.total(), counted.total() - counted["told"]
    assert tally.failed == 0, counted


async def test_without_checksums_some_are_seen_to_be_believed(tmp_path: Path, tally: Tally) -> None:
    tally.what = "control: letters changed in records without a checksum, where believing some is right"
    await written(tmp_path)
    with closing(sqlite3.connect(tmp_path / "cache.db", isolation_level=None)) as connection:
        connection.execute("UPDATE Cache SET value = substr(value, 18)")
    counted = outcomes(tmp_path, _CONTROL_LETTERS)
    tally.tried, tally.failed = counted.total(), int(not counted["believed"])
    tally.figures["believed"] = f"{counted['believed']:,}"
    assert counted["believed"]
