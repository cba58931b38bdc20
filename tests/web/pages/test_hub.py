"""Who is woken, who gives way, who ends."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import pytest

from watcher.errors import StoreError
from watcher.web.pages.hub import CROWD, MAX_STREAMS, Hub

_TURNS: Final = 10


@dataclass(eq=False)
class Ear:
    """A listener that notes what it is told."""

    key: int
    heard: list[str] = field(default_factory=list)

    def wake(self) -> None:
        self.heard.append("wake")

    def crowd_out(self) -> None:
        self.heard.append("crowded")

    def close(self) -> None:
        self.heard.append("close")

    def cut(self) -> None:
        self.heard.append("cut")


@dataclass(eq=False, kw_only=True)
class Leaver(Ear):
    """One that goes as soon as it is told, as a connection does: a little later."""

    hub: Hub[Leaver]

    def close(self) -> None:
        super().close()
        asyncio.get_running_loop().call_soon(self.hub.remove, self)


def _listening(hub: Hub[Ear], *subscriber_ids: int) -> list[Ear]:
    ears = [Ear(id_) for id_ in subscriber_ids]
    for ear in ears:
        hub.add(ear)
    return ears


def test_only_those_who_got_something_are_woken() -> None:
    hub = Hub[Ear]()
    mine, other = _listening(hub, 1, 2)
    hub.wake([1, 3])
    assert (mine.heard, other.heard) == (["wake"], [])


def test_what_another_process_wrote_wakes_everybody() -> None:
    hub = Hub[Ear]()
    ears = _listening(hub, 1, 2)
    hub.wake(None)
    assert [ear.heard for ear in ears] == [["wake"], ["wake"]]


def test_the_seventh_stream_ends_the_oldest() -> None:
    hub = Hub[Ear]()
    oldest, *others = _listening(hub, *[1] * (MAX_STREAMS + 1))
    assert oldest.heard == ["crowded"]
    assert all(not other.heard for other in others)


def test_who_left_is_woken_no_more() -> None:
    hub = Hub[Ear]()
    (gone,) = _listening(hub, 1)
    hub.remove(gone)
    hub.remove(gone)
    hub.wake([1])
    assert gone.heard == []


@pytest.mark.faults
async def test_closing_ends_the_present_and_the_coming_and_cuts_off_who_stays() -> None:
    hub = Hub[Ear]()
    (present,) = _listening(hub, 1)
    await hub.close()
    (coming,) = _listening(hub, 1)
    assert (present.heard, coming.heard) == (["close", "cut"], ["close"])


async def test_closing_waits_for_no_one_when_all_have_gone() -> None:
    hub = Hub[Leaver]()
    leavers = [Leaver(id_, hub=hub) for id_ in (1, 1, 2)]
    for leaver in leavers:
        hub.add(leaver)
    closing = asyncio.create_task(hub.close())
    for _ in range(_TURNS):  # of the loop; no time passes
        await asyncio.sleep(0)
    assert closing.done()
    assert [leaver.heard for leaver in leavers] == [["close"]] * 3


@pytest.mark.faults
async def test_closing_breaks_off_the_telling_of_a_crowd() -> None:
    ended = []

    async def tell(crowd: Sequence[Ear]) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(len(crowd))

    hub = Hub(tell)
    for ear in _listening(hub, *range(CROWD)):
        hub.wake([ear.key])
    hub.wake(None)
    await asyncio.sleep(0)
    await hub.close()
    assert ended == [CROWD]


async def test_a_crowd_is_told_together_and_a_few_look_for_themselves() -> None:
    told: list[Sequence[Ear]] = []
    all_told = asyncio.Event()

    async def tell(crowd: Sequence[Ear]) -> None:
        told.append(crowd)
        all_told.set()

    hub = Hub(tell)
    few, crowd = _listening(hub, 1), _listening(hub, *range(2, CROWD + 2))
    hub.wake([1])
    hub.wake([ear.key for ear in crowd])
    async with asyncio.timeout(30):
        await all_told.wait()
    assert few[0].heard == ["wake"]
    assert [list(ears) for ears in told] == [crowd]
    assert all(not ear.heard for ear in crowd)


@pytest.mark.parametrize("error", [StoreError("disk"), ValueError("defect")])
async def test_a_crowd_that_cannot_be_told_together_is_woken(error: Exception) -> None:
    async def fail(crowd: Sequence[Ear]) -> None:  # noqa: ARG001
        raise error

    hub = Hub(fail)
    crowd = _listening(hub, *range(CROWD))
    hub.wake(None)
    async with asyncio.timeout(30):
        while not all(ear.heard == ["wake"] for ear in crowd):  # noqa: ASYNC110 the hub's task has no event for us
            await asyncio.sleep(0)
