"""The watch store does not grow for ever."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON, message, play, price, watch
from watcher.core.check import Change, Decision, OutboxMessage, Verdict, WatchState
from watcher.core.values import SINGLE
from watcher.store.pruning import AT_ONCE, DEAD_KEPT, KEPT_BYTES, KEPT_CHANGES, old_letters
from watcher.store.watch_reader import DiskWatchReader
from watcher.store.watch_store import DiskWatchStore, open_watch_store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[DiskWatchStore]:
    opened, _ = await open_watch_store(tmp_path)
    yield opened
    await opened.close()


def changed(watch: str, sequence: int) -> Decision:
    """The decision of this number, with its change."""
    rows = {SINGLE: {"price": sequence}}
    change = Change(watch=watch, sequence=sequence, changed_at=NOON, old={}, new=rows)
    return Decision(watch=watch, verdict=Verdict.CHANGED, state=WatchState(sequence=sequence), change=change)


def kept(directory: Path, watch: str) -> list[int]:
    return [change.sequence for change in DiskWatchReader(directory).changes(watch)]


async def test_a_watch_keeps_its_newest_changes_and_another_is_left_alone(
    store: DiskWatchStore, tmp_path: Path
) -> None:
    await store.commit([changed("dune", number) for number in range(1, KEPT_CHANGES + 1)])
    await store.commit([changed("dune2", number) for number in range(1, 4)])
    assert len(kept(tmp_path, "dune")) == KEPT_CHANGES
    await store.commit([changed("dune", KEPT_CHANGES + 1), changed("dune", KEPT_CHANGES + 2)])
    assert kept(tmp_path, "dune") == list(range(3, KEPT_CHANGES + 3))
    assert kept(tmp_path, "dune2") == [1, 2, 3]
    assert DiskWatchReader(tmp_path).states()["dune"].sequence == KEPT_CHANGES + 2


async def test_what_an_older_watcher_left_goes_little_by_little(store: DiskWatchStore, tmp_path: Path) -> None:
    left = KEPT_CHANGES + 3 * AT_ONCE
    await store.commit([changed("dune", number) for number in range(1, left + 1)])
    sizes = []
    for number in range(left + 1, left + 5):
        await store.commit([changed("dune", number)])
        sizes.append(len(kept(tmp_path, "dune")))
    assert sizes == [KEPT_CHANGES + AT_ONCE + 1, KEPT_CHANGES + 2, KEPT_CHANGES, KEPT_CHANGES]


def changed_list(watch: str, sequence: int, *, size: int) -> Decision:
    """The decision of this number, with a change of so many bytes or a little more."""
    change = Change(watch=watch, sequence=sequence, changed_at=NOON, old={}, new={SINGLE: {"text": "x" * size}})
    return Decision(watch=watch, verdict=Verdict.CHANGED, state=WatchState(sequence=sequence), change=change)


async def test_the_changes_of_a_long_list_are_bounded_by_their_bytes_too(store: DiskWatchStore, tmp_path: Path) -> None:
    """430 KB each, as of 3,000 rows: a thousand of them would be half a gigabyte."""
    await store.commit([changed("dune2", number) for number in range(1, 101)])
    for number in range(1, 41):
        await store.commit([changed_list("dune", number, size=430_000)])
    sequences = kept(tmp_path, "dune")
    assert sequences == list(range(41 - len(sequences), 41))
    assert KEPT_BYTES // 3 < len(sequences) * 430_000 <= KEPT_BYTES
    assert len(kept(tmp_path, "dune2")) == 100


async def test_small_changes_beside_a_large_one_stay_and_none_is_more_than_is_kept(
    store: DiskWatchStore, tmp_path: Path
) -> None:
    await store.commit([changed_list("dune", number, size=4_000) for number in range(1, 501)])
    await store.commit([changed_list("dune", 501, size=430_000)])
    assert len(kept(tmp_path, "dune")) == 501


async def test_the_newest_change_stays_however_large_it_is(store: DiskWatchStore, tmp_path: Path) -> None:
    for number in (1, 2):
        await store.commit([changed_list("dune", number, size=KEPT_BYTES + 1)])
        assert kept(tmp_path, "dune") == [number]


async def die(store: DiskWatchStore, *messages: OutboxMessage) -> None:
    await store.outbox.add(messages)
    ids = {one.id for one in messages}
    dead = [replace(entry, dead="refused") for entry in await store.outbox.waiting() if entry.message.id in ids]
    await store.outbox.settle([], dead, [])


def made(number: int, after: timedelta) -> OutboxMessage:
    return replace(message(number), created_at=NOON + after)


async def test_an_old_dead_letter_goes_with_the_next_message_and_a_younger_one_stays(tmp_path: Path) -> None:
    store, _ = await open_watch_store(tmp_path)
    await die(store, made(1, timedelta(0)), made(2, timedelta(days=1)))
    await store.close()
    store, _ = await open_watch_store(tmp_path)  # it knows them by what is on the disk
    await store.outbox.add([made(3, DEAD_KEPT)])
    assert [entry.message.id for entry in DiskWatchReader(tmp_path).outbox()] == [message(n).id for n in (1, 2, 3)]
    await store.outbox.add([made(4, DEAD_KEPT + timedelta(seconds=1))])
    assert [entry.message.id for entry in DiskWatchReader(tmp_path).outbox()] == [message(n).id for n in (2, 3, 4)]
    await store.close()


async def test_a_message_that_waits_is_never_too_old(store: DiskWatchStore, tmp_path: Path) -> None:
    await store.outbox.add([made(1, timedelta(0))])
    first, second = play(watch(), price(1), price(2))
    late = [replace(one, created_at=NOON + 2 * DEAD_KEPT) for one in second.messages]
    await store.commit([first, replace(second, messages=tuple(late))])
    assert len(DiskWatchReader(tmp_path).outbox()) == 2


def test_few_letters_go_at_once() -> None:
    dead = dict.fromkeys(range(3 * AT_ONCE), NOON)
    assert old_letters(dead, now=NOON + 2 * DEAD_KEPT) == list(range(AT_ONCE))
