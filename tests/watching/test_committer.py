"""Saving decisions in groups, over a real store."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.core.builders import NOT_MODIFIED, message, play, price, watch
from tests.outbox.recording import BOUND_SECONDS
from tests.push.relays import until
from tests.store.around import Around, AroundOutbox
from watcher.core.check import Decision, OutboxMessage
from watcher.errors import HeldUpError, LeaseLostError, StaleDecisionError, StoreError
from watcher.store.watch_reader import DiskWatchReader
from watcher.store.watch_store import DiskWatchStore
from watcher.watching.committer import GROUP, Committer


class Groups(Around):
    """Notes what it is given together, keeps it waiting while it is not open, and may refuse it."""

    def __init__(self, store: DiskWatchStore) -> None:
        super().__init__(store)
        self.groups: list[list[str]] = []
        self.is_asked = asyncio.Event()
        self.is_open = asyncio.Event()
        self.is_open.set()
        self.refusal: StoreError | None = None

    async def commit(self, decisions: Sequence[Decision]) -> None:
        self.groups.append([decision.watch for decision in decisions])
        self.is_asked.set()
        await self.is_open.wait()
        if self.refusal:
            raise self.refusal
        await super().commit(decisions)


@pytest.fixture
def groups(store: DiskWatchStore) -> Groups:
    return Groups(store)


@asynccontextmanager
async def running(committer: Committer) -> AsyncIterator[asyncio.Task[None]]:
    """Let the committer work; then end it, as a stop does."""
    task = asyncio.create_task(committer.run())
    try:
        async with asyncio.timeout(BOUND_SECONDS):
            yield task
    finally:
        task.cancel()
        await asyncio.wait([task], timeout=BOUND_SECONDS)


def of(name: str, decision: Decision) -> Decision:
    return replace(decision, watch=name)


def baseline(name: str = "dune") -> Decision:
    return of(name, play(watch(), price(1))[0])


async def turns_of_the_loop() -> None:
    """Let everybody do what can be done at once."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_decision_is_on_disk_when_save_returns(groups: Groups, tmp_path: Path) -> None:
    committer = Committer(groups, groups.outbox, on_messages=lambda: None)
    async with running(committer):
        await committer.save(baseline())
        assert list(DiskWatchReader(tmp_path).states()) == ["dune"]


async def test_what_gathers_while_a_group_is_written_is_the_next_group(groups: Groups) -> None:
    committer = Committer(groups, groups.outbox, on_messages=lambda: None)
    groups.is_open.clear()
    async with running(committer), asyncio.TaskGroup() as tasks:
        tasks.create_task(committer.save(baseline("a")))
        await groups.is_asked.wait()
        for name in "bcd":
            tasks.create_task(committer.save(baseline(name)))
        groups.is_open.set()
    assert groups.groups == [["a"], ["b", "c", "d"]]


async def test_after_a_group_of_several_the_next_one_gathers(groups: Groups) -> None:
    committer = Committer(groups, groups.outbox, on_messages=lambda: None, gather_seconds=2 * BOUND_SECONDS)
    async with asyncio.TaskGroup() as tasks, running(committer):
        await asyncio.gather(*(committer.save(baseline(name)) for name in "ab"))
        for name in "cde":
            tasks.create_task(committer.save(baseline(name)))
            await turns_of_the_loop()
    assert groups.groups == [["a", "b"], ["c", "d", "e"]], "a stop ends the waiting"


async def test_a_full_group_gathers_no_longer(groups: Groups) -> None:
    committer = Committer(groups, groups.outbox, on_messages=lambda: None, gather_seconds=2 * BOUND_SECONDS)
    async with running(committer):
        for first in range(0, 3 * GROUP, GROUP):
            names = [f"w{number}" for number in range(first, first + GROUP)]
            await asyncio.gather(*(committer.save(baseline(name)) for name in names))
    assert [len(group) for group in groups.groups] == [GROUP] * 3


async def test_decisions_that_come_alone_are_saved_at_once(groups: Groups) -> None:
    committer = Committer(groups, groups.outbox, on_messages=lambda: None, gather_seconds=2 * BOUND_SECONDS)
    async with running(committer):
        for name in "abc":
            await committer.save(baseline(name))
    assert groups.groups == [["a"], ["b"], ["c"]]


async def test_messages_wake_the_outbox_and_silence_does_not(groups: Groups) -> None:
    wakes: list[int] = []
    committer = Committer(groups, groups.outbox, on_messages=lambda: wakes.append(len(groups.groups)))
    async with running(committer):
        for decision in play(watch(), price(1), price(2)):
            await committer.save(decision)
    assert wakes == [2]


async def test_words_that_belong_to_no_decision_are_saved_at_once(groups: Groups) -> None:
    woken = asyncio.Event()
    committer = Committer(groups, groups.outbox, on_messages=woken.set)
    async with running(committer):
        committer.tell([message(1), message(2)])
        await woken.wait()
        assert [entry.message for entry in await groups.outbox.waiting()] == [message(1), message(2)]


class Refusing(AroundOutbox):
    """Refuses words so often."""

    refusals = 1

    async def add(self, messages: Sequence[OutboxMessage]) -> None:
        if self.refusals:
            self.refusals -= 1
            raise StoreError("the disk is full")
        await super().add(messages)


async def test_words_that_the_disk_refuses_are_saved_later(
    store: DiskWatchStore, caplog: pytest.LogCaptureFixture
) -> None:
    woken = asyncio.Event()
    committer = Committer(store, Refusing(store.outbox), on_messages=woken.set, late_seconds=0.01)
    async with running(committer):
        committer.tell([message(1)])
        await woken.wait()
    assert [entry.message for entry in await store.outbox.waiting()] == [message(1)]
    assert "1 messages to the operator wait" in caplog.text


class Shared(Around):
    """A store of which another process has some watches."""

    def __init__(self, store: DiskWatchStore, *others: str) -> None:
        super().__init__(store)
        self.others = others

    async def commit(self, decisions: Sequence[Decision]) -> None:
        if any(decision.watch in self.others for decision in decisions):
            raise LeaseLostError("another process has the lease")
        await super().commit(decisions)


async def test_what_another_process_has_by_now_does_not_harm_the_others(store: DiskWatchStore, tmp_path: Path) -> None:
    committer = Committer(Shared(store, "b"), store.outbox, on_messages=lambda: None)
    async with running(committer):
        answers = await asyncio.gather(*(committer.save(baseline(name)) for name in "abc"), return_exceptions=True)
    assert [type(answer) for answer in answers] == [type(None), LeaseLostError, type(None)]
    assert list(DiskWatchReader(tmp_path).states()) == ["a", "c"]
    assert committer.trouble is None, "nothing is wrong with the store"


class Crowded(Around):
    """A store of which others hold some rows, and notes the groups that it saved."""

    def __init__(self, store: DiskWatchStore, *held: str) -> None:
        super().__init__(store)
        self.held = {*held}
        self.groups: list[list[str]] = []
        self.waits = 0

    async def commit(self, decisions: Sequence[Decision]) -> None:
        watches = {decision.watch for decision in decisions}
        if held := watches & self.held:
            self.waits += 1
            await asyncio.sleep(0)  # as who waits for a moment
            raise HeldUpError("others hold the rows of some watches", held)
        await super().commit(decisions)
        self.groups.append(sorted(watches))


async def test_what_is_held_up_holds_up_nobody_and_is_saved_when_it_is_free(store: DiskWatchStore) -> None:
    crowded = Crowded(store, "b", "d")
    committer = Committer(crowded, store.outbox, on_messages=lambda: None)
    async with running(committer), asyncio.TaskGroup() as tasks:
        held_up = [tasks.create_task(committer.save(baseline(name))) for name in "bd"]
        for name in "ace":
            await committer.save(baseline(name))
        assert not any(task.done() for task in held_up)
        crowded.held.clear()
    assert crowded.groups == [["a"], ["c"], ["e"], ["b", "d"]]
    assert committer.refused == 0


async def test_what_comes_later_does_not_wait_for_what_is_held_up(store: DiskWatchStore) -> None:
    """The store waits a moment for each row that others hold, and its whole group does."""
    crowded = Crowded(store, "b")
    committer = Committer(crowded, store.outbox, on_messages=lambda: None, held_seconds=60)
    async with running(committer), asyncio.TaskGroup() as tasks:
        held_up = tasks.create_task(committer.save(baseline("b")))
        for name in "acdefgh":
            await committer.save(baseline(name))
        assert crowded.waits == 1
        crowded.held.clear()
        held_up.cancel()


async def test_all_that_was_held_up_is_saved_once_it_is_free(store: DiskWatchStore) -> None:
    names = [f"{number:04}" for number in range(2 * GROUP)]
    crowded = Crowded(store, *names)
    committer = Committer(crowded, store.outbox, on_messages=lambda: None, held_seconds=1)
    async with running(committer), asyncio.TaskGroup() as tasks:
        for name in names:
            tasks.create_task(committer.save(baseline(name)))
        await until(lambda: crowded.waits == 3)
        crowded.held.clear()
    assert sorted(crowded.groups) == [names[:GROUP], names[GROUP:]]
    assert committer.refused == 0


async def test_what_is_held_up_for_long_is_refused(store: DiskWatchStore, tmp_path: Path) -> None:
    committer = Committer(Crowded(store, "b"), store.outbox, on_messages=lambda: None, held_seconds=0.05)
    async with running(committer):
        answers = await asyncio.gather(*(committer.save(baseline(name)) for name in "abc"), return_exceptions=True)
    assert [type(answer) for answer in answers] == [type(None), HeldUpError, type(None)]
    assert list(DiskWatchReader(tmp_path).states()) == ["a", "c"]
    assert committer.trouble is None


async def test_times_that_are_held_up_are_saved_with_later_ones(store: DiskWatchStore, tmp_path: Path) -> None:
    first, same = play(watch(), price(1), price(1))
    await store.commit([of(name, first) for name in "abc"])
    crowded = Crowded(store, "b")
    committer = Committer(crowded, store.outbox, on_messages=lambda: None)
    for name in "abc":
        await committer.save(of(name, same))
    await committer.flush()
    assert crowded.groups == [["a", "c"]]
    crowded.held.clear()
    await committer.flush()
    assert crowded.groups == [["a", "c"], ["b"]]
    assert {state.checked_at for _, state in DiskWatchReader(tmp_path).each_state()} == {same.state.checked_at}


async def test_late_times_are_saved_but_of_what_another_process_has(
    store: DiskWatchStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first, same = play(watch(), price(1), price(1))
    await store.commit([of(name, first) for name in "abc"])
    committer = Committer(Shared(store, "b"), store.outbox, on_messages=lambda: None)
    for name in "abc":
        await committer.save(of(name, same))
    with caplog.at_level(logging.INFO):
        await committer.flush()
    saved = {name: state.checked_at == same.state.checked_at for name, state in DiskWatchReader(tmp_path).each_state()}
    assert saved == {"a": True, "b": False, "c": True}
    assert not caplog.text, "that is in order"


async def test_one_stale_decision_does_not_harm_the_others(groups: Groups, tmp_path: Path) -> None:
    stale = of("b", play(watch(), price(1), price(2))[1])
    committer = Committer(groups, groups.outbox, on_messages=lambda: None)
    async with running(committer):
        answers = await asyncio.gather(
            *(committer.save(decision) for decision in (baseline("a"), stale, baseline("c"))), return_exceptions=True
        )
    assert [type(answer) for answer in answers] == [type(None), StaleDecisionError, type(None)]
    assert sorted(DiskWatchReader(tmp_path).states()) == ["a", "c"]


async def test_a_disk_that_refuses_is_told_to_every_waiter_and_the_loop_goes_on(groups: Groups) -> None:
    groups.refusal = StoreError("the disk is full")
    committer = Committer(groups, groups.outbox, on_messages=lambda: None)
    async with running(committer):
        answers = await asyncio.gather(
            committer.save(baseline("a")), committer.save(baseline("b")), return_exceptions=True
        )
        assert [str(answer) for answer in answers] == ["the disk is full"] * 2
        groups.refusal = None
        await committer.save(baseline("a"))


async def test_the_time_of_a_check_is_written_late_with_others_of_its_kind(groups: Groups, tmp_path: Path) -> None:
    first, *_ = decisions = play(watch(), price(1), price(1), price(1))
    committer = Committer(groups, groups.outbox, on_messages=lambda: None)
    async with running(committer):
        for decision in decisions:
            await committer.save(decision)
        await committer.save(of("other", first))
        await committer.save(replace(decisions[1], watch="other"))
        assert groups.groups == [["dune"], ["other"]]
    assert groups.groups[2:] == [["dune", "other"]], "a stop saves what is left"
    assert DiskWatchReader(tmp_path).states()["dune"].checked_at == decisions[2].state.checked_at


async def test_what_is_written_late_gives_nobody_a_turn_before_it_is_kept(groups: Groups) -> None:
    committer = Committer(groups, groups.outbox, on_messages=lambda: None)
    quiet = play(watch(), price(1), NOT_MODIFIED)[-1]
    with pytest.raises(StopIteration):  # it has ended: it awaited nothing (`States.save` takes no lock then)
        committer.save(quiet).send(None)
    assert committer.late == 1


async def test_what_a_page_is_known_by_is_written_late_and_no_later_check_forgets_it(
    groups: Groups, tmp_path: Path
) -> None:
    noisy = replace(price(1), digest="other bytes")
    first, other, same = play(watch(), price(1), noisy, noisy)
    committer = Committer(groups, groups.outbox, on_messages=lambda: None)
    async with running(committer):
        for decision in (first, other, same):
            await committer.save(of("dune", decision))
        assert digest_of("dune", tmp_path) != "other bytes"
    assert groups.groups == [["dune"], ["dune"]]
    assert digest_of("dune", tmp_path) == "other bytes"


def digest_of(name: str, directory: Path) -> str | None:
    """Return what the page is known by on the disk."""
    snapshot = DiskWatchReader(directory).states()[name].snapshot
    return None if snapshot is None else snapshot.digest


async def test_late_writes_come_even_when_there_is_always_something_to_save(groups: Groups) -> None:
    committer = Committer(groups, groups.outbox, on_messages=lambda: None, late_seconds=0)
    first, same = play(watch(), price(1), price(1))
    async with running(committer):
        await committer.save(first)
        await committer.save(same)
        for number in range(3):
            await committer.save(baseline(f"busy {number}"))
    assert groups.groups.index(["dune"], 1) < groups.groups.index(["busy 2"])


async def test_a_durable_decision_takes_the_place_of_a_late_one(groups: Groups) -> None:
    decisions = play(watch(), price(1), price(1), price(2), NOT_MODIFIED)
    committer = Committer(groups, groups.outbox, on_messages=lambda: None)
    async with running(committer):
        for decision in decisions:
            await committer.save(decision)
    assert groups.groups == [["dune"]] * 3


async def test_late_writes_that_are_refused_are_no_disaster(groups: Groups, caplog: pytest.LogCaptureFixture) -> None:
    first, same = play(watch(), price(1), price(1))
    committer = Committer(groups, groups.outbox, on_messages=lambda: None)
    async with running(committer):
        await committer.save(first)
        await committer.save(same)
        groups.refusal = StoreError("the disk is full")
    assert "the times of up to 1 checks were not saved: the disk is full" in caplog.text


async def test_a_stop_saves_what_waits(groups: Groups, tmp_path: Path) -> None:
    committer = Committer(groups, groups.outbox, on_messages=lambda: None)
    groups.is_open.clear()
    async with running(committer):
        first = asyncio.create_task(committer.save(baseline("a")))
        await groups.is_asked.wait()
        second = asyncio.create_task(committer.save(baseline("b")))
        await asyncio.sleep(0)
        groups.is_open.set()
    async with asyncio.timeout(BOUND_SECONDS):
        await asyncio.wait([first, second])
    assert "b" in DiskWatchReader(tmp_path).states()


async def test_a_stop_during_a_late_write_saves_what_is_left(groups: Groups, store: DiskWatchStore) -> None:
    first, same = play(watch(), price(1), price(1))
    names = [f"w{number}" for number in range(2 * GROUP + 1)]
    await store.commit([of(name, first) for name in names])
    committer = Committer(groups, groups.outbox, on_messages=lambda: None, late_seconds=0)
    for name in names:
        await committer.save(of(name, same))
    groups.is_open.clear()
    async with running(committer) as task:
        await groups.is_asked.wait()
        assert committer.late == len(names) - GROUP
        task.cancel()
        groups.is_open.set()
        await asyncio.wait([task])
    assert groups.groups == [names[:GROUP], names[GROUP : 2 * GROUP], names[2 * GROUP :]]


async def test_nobody_waits_for_a_committer_that_was_stopped_while_it_wrote(groups: Groups) -> None:
    committer = Committer(groups, groups.outbox, on_messages=lambda: None)
    groups.is_open.clear()
    async with running(committer):
        waiter = asyncio.create_task(committer.save(baseline()))
        await groups.is_asked.wait()
    async with asyncio.timeout(BOUND_SECONDS):
        await asyncio.wait([waiter])
    assert waiter.cancelled()


async def test_a_waiter_that_left_does_not_disturb_the_others(groups: Groups, tmp_path: Path) -> None:
    committer = Committer(groups, groups.outbox, on_messages=lambda: None)
    groups.is_open.clear()
    async with running(committer):
        waiter = asyncio.create_task(committer.save(baseline("a")))
        await groups.is_asked.wait()
        waiter.cancel()
        groups.is_open.set()
        await committer.save(baseline("b"))
    assert sorted(DiskWatchReader(tmp_path).states()) == ["a", "b"]


class Unreadable(Groups):
    """Trips over the decisions of one watch."""

    async def commit(self, decisions: Sequence[Decision]) -> None:
        if any(decision.watch == "odd" for decision in decisions):
            raise ValueError("what is this?")
        await super().commit(decisions)


async def test_a_decision_that_the_store_trips_over_takes_no_other_with_it(
    store: DiskWatchStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    committer = Committer(Unreadable(store), store.outbox, on_messages=lambda: None)
    async with running(committer):
        odd, plain = await asyncio.gather(
            committer.save(baseline("odd")), committer.save(baseline("plain")), return_exceptions=True
        )
        await committer.save(baseline("later"))
    assert isinstance(odd, StoreError)
    assert str(odd) == "a defect in watcher: ValueError: what is this?"
    assert plain is None
    assert sorted(DiskWatchReader(tmp_path).states()) == ["later", "plain"]
    assert "a defect in watcher: a group of 2 decisions was not saved" in caplog.text


async def test_late_decisions_that_the_store_trips_over_end_nothing(
    store: DiskWatchStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    committer = Committer(Unreadable(store), store.outbox, on_messages=lambda: None, late_seconds=0)
    async with running(committer):
        await committer.save(replace(baseline("odd"), is_durable=False))
        await committer.save(baseline("plain"))
    assert list(DiskWatchReader(tmp_path).states()) == ["plain"]
    assert "the times of some checks were not saved" in caplog.text
