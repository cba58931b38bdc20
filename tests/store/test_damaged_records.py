"""
What the disk has of one record is not what was written.

| damaged         | costs                                                | who is told                    |
|-----------------|------------------------------------------------------|--------------------------------|
| a state         | this watch begins anew                               | the operator, at the next start|
| times of a check| this watch is checked at once                        | the same                       |
| an outbox entry | it is a dead letter                                  | the same                       |
| `meta`          | nothing: the file beside the database knows as much  | the same                       |
| a change        | it is left out of the history                        | who asks for the history       |
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.cli.command import Command
from tests.core.builders import event_rule, message, play, price, watch
from tests.site import Site, serve_site
from watcher.core.watch import Operator
from watcher.store.integrity import require_sound
from watcher.store.watch_reader import DiskWatchReader
from watcher.store.watch_store import DiskWatchStore, open_watch_store

RULE = event_rule(Operator.CHANGES)
WATCHES = """
defaults: {{topic: news, allow_private: true, per_host: {{min_delay: 0s}}}}
watches:
  one: {{url: "{url}/one", extract: h1}}
  two: {{url: "{url}/two", extract: h1}}
"""


def spoil(directory: Path, key: str, old: bytes, new: bytes) -> None:
    """Change bytes of a record on the disk, and nothing else."""
    with closing(sqlite3.connect(directory / "cache.db", isolation_level=None)) as connection:
        connection.text_factory = bytes
        (text,) = connection.execute("SELECT value FROM Cache WHERE key = ?", (key,)).fetchone()
        assert old in text
        spoilt = text.replace(old, new, 1)
        connection.execute("UPDATE Cache SET value = CAST(? AS TEXT) WHERE key = ?", (spoilt, key))


async def written(directory: Path) -> None:
    """Two watches with a change each, whose messages wait."""
    store, _ = await open_watch_store(directory)
    for name in ("cs", "gpu"):
        for decision in play(watch(RULE), price(15), price(17)):
            messages = tuple(replace(one, id=f"{name} {one.id}", watch=name) for one in decision.messages)
            change = replace(decision.change, watch=name) if decision.change else None
            await store.commit([replace(decision, watch=name, messages=messages, change=change)])
    await store.close()


async def opened(directory: Path) -> DiskWatchStore:
    """Open it, and see that no state is lost."""
    store, is_lost = await open_watch_store(directory)
    assert not is_lost
    return store


async def test_a_changed_letter_in_a_state_is_not_believed_and_costs_that_watch_alone(tmp_path: Path) -> None:
    await written(tmp_path)
    spoil(tmp_path, "state/gpu", b"17", b"11")
    store = await opened(tmp_path)
    states = await store.states()
    assert (states["gpu"].snapshot, states["gpu"].told) == (None, {})
    assert states["cs"].snapshot is not None
    assert list(store.damaged) == ["state/gpu"]
    assert len(await store.outbox.waiting()) == 2
    await store.close()


async def test_a_watch_that_begins_anew_repeats_no_id_and_overwrites_no_history(tmp_path: Path) -> None:
    await written(tmp_path)
    spoil(tmp_path, "state/gpu", b"17", b"11")
    store = await opened(tmp_path)
    state = (await store.states())["gpu"]
    before = {entry.message.id.removeprefix("gpu ") for entry in await store.outbox.waiting()}
    first, second = play(watch(RULE), price(17), price(19), state=state)
    await store.commit([replace(first, watch="gpu")])
    assert second.change is not None
    await store.commit([replace(second, watch="gpu", change=replace(second.change, watch="gpu"))])
    await store.close()
    sequences = [change.sequence for change in DiskWatchReader(tmp_path).changes("gpu")]
    assert sequences == sorted(set(sequences))
    assert len(sequences) == 2
    assert before
    assert not before & {one.id for one in second.messages}


async def test_what_was_mended_is_told_once_and_the_next_start_is_quiet(tmp_path: Path) -> None:
    await written(tmp_path)
    spoil(tmp_path, "state/gpu", b"17", b"11")
    spoil(tmp_path, "checked/cs", b"2026", b"2027")
    spoil(tmp_path, "outbox/000000000001", b"17", b"11")
    store = await opened(tmp_path)
    assert sorted(store.damaged) == ["checked/cs", "outbox/000000000001", "state/gpu"]
    assert store.outbox.dead == 1
    await store.mend(message(9))
    assert list(store.damaged) == []
    await store.close()
    again = await opened(tmp_path)
    assert list(again.damaged) == []
    assert (await again.states())["gpu"].snapshot is None
    assert [entry.message.id for entry in await again.outbox.waiting()][1:] == [message(9).id]
    (dead,) = [entry for entry in DiskWatchReader(tmp_path).outbox() if entry.dead]
    assert (dead.order, dead.dead) == (1, "its record on the disk is damaged")
    assert "11" in dead.message.content  # what the disk had, for who wants to know
    await again.close()


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"', b"\xff"), (b"{", b"["), (b"#", b"{"), (b"\xe2\x82\xac", b"\xe2\x82\xad"), (b"}", b"} ")],
    ids=["no UTF-8", "no JSON", "no mark", "another sign", "longer"],
)
async def test_no_letter_of_it_can_change(tmp_path: Path, old: bytes, new: bytes) -> None:
    store = await opened(tmp_path)
    (first,) = play(watch(), price("€ 1"))
    await store.commit([first])
    await store.close()
    spoil(tmp_path, "state/dune", old, new)
    store = await opened(tmp_path)
    assert list(store.damaged) == ["state/dune"]
    await store.close()


async def test_a_record_under_another_key_is_noticed(tmp_path: Path) -> None:
    await written(tmp_path)
    with closing(sqlite3.connect(tmp_path / "cache.db", isolation_level=None)) as connection:
        connection.execute("DELETE FROM Cache WHERE key = 'state/cs'")
        connection.execute("UPDATE Cache SET key = 'state/cs' WHERE key = 'state/gpu'")
    store = await opened(tmp_path)
    assert list(store.damaged) == ["state/cs"]
    await store.close()


async def test_what_the_database_says_of_itself_is_known_beside_it(tmp_path: Path) -> None:
    await written(tmp_path)
    store = await opened(tmp_path)
    epoch = store.epoch
    await store.close()
    spoil(tmp_path, "meta", epoch[:4].encode(), b"ZZZZ")
    store = await opened(tmp_path)
    assert (store.epoch, list(store.damaged)) == (epoch, ["meta"])
    await store.mend(message(1))
    await store.close()
    assert DiskWatchReader(tmp_path).meta()["epoch"] == epoch


async def test_a_record_of_version_2_has_no_checksum_and_gets_one_when_it_is_written(tmp_path: Path) -> None:
    await written(tmp_path)
    with closing(sqlite3.connect(tmp_path / "cache.db", isolation_level=None)) as connection:
        connection.execute("UPDATE Cache SET value = substr(value, 18)")
        assert connection.execute("SELECT count(*) FROM Cache WHERE value NOT LIKE '{%'").fetchone() == (0,)
    store = await opened(tmp_path)
    assert list(store.damaged) == []
    assert len(await store.outbox.waiting()) == 2
    (decision,) = play(watch(RULE), price(19), state=(await store.states())["gpu"])
    assert decision.change is not None
    await store.commit([replace(decision, watch="gpu", change=replace(decision.change, watch="gpu"))])
    await store.close()
    with closing(sqlite3.connect(tmp_path / "cache.db")) as connection:
        sealed = {key for (key,) in connection.execute("SELECT key FROM Cache WHERE value LIKE '#%'")}
    assert "state/gpu" in sealed
    assert "state/cs" not in sealed


async def test_a_backup_with_a_damaged_record_can_be_used(tmp_path: Path) -> None:
    await written(tmp_path)
    spoil(tmp_path, "state/gpu", b"17", b"11")
    require_sound(tmp_path / "cache.db", "watches/cache.db")


async def checked(watcher: Command, site: Site, *texts: str) -> None:
    """Check both pages with each of these texts."""
    for text in texts:
        site.show("/one", f"<h1>{text}</h1>")
        site.show("/two", f"<h1>{text}</h1>")
        assert (await watcher("check")).status == 0


async def test_the_operator_is_told_and_no_command_stumbles_over_it(tmp_path: Path) -> None:
    watcher, watches = Command(tmp_path), tmp_path / ".watcher" / "watches"
    async with serve_site() as site:
        watcher.write(WATCHES.format(url=site.url))
        await checked(watcher, site, "v1.", "v2.")
        spoil(watches, "state/one", b"v2.", b"v1.")
        spoil(watches, "change/two/000000000002", b"v2.", b"v1.")
        status = await watcher("status", "--json")
        assert [line["error"] and line["error"]["kind"] for line in status.records] == ["damaged", None]
        history = await watcher("history", "two")
        assert history.status == 0
        assert "the record change/two/000000000002 is damaged" in history.err
        doctor = await watcher("doctor", "--json")
        assert [line for line in doctor.records if "state/one" in line["text"]]
        await checked(watcher, site, "v2.")
        told = [one["summary"] for one in (await watcher("messages", "--json")).records]
        assert sorted(told) == ["1 damaged record", "one: v1. → v2.", "two: v1. → v2."]
        await checked(watcher, site, "v3.")
    told = [one["summary"] for one in (await watcher("messages", "--json")).records]
    assert [one for one in told if "v3." in one and "v2." in one]
    assert told.count("1 damaged record") == 1
