"""
What a check costs, counted instead of timed: the same on every machine, however busy it is.

Counted are requests, parses, what is inflated, writes, and how often our own functions are called in the thread of the
loop. Whoever adds a parse to a check that needs none, or a call to each, finds out here.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import pytest
from msgspec.structs import replace

import watcher
from tests.outbox.recording import Clock
from tests.store.around import Around
from tests.watching.shop import Shop, watch_of
from watcher.core.check import Decision, Verdict
from watcher.core.watch import Query, Selector, Values, Watch
from watcher.store.watch_store import DiskWatchStore
from watcher.watching.check import CheckTools
from watcher.watching.committer import Committer
from watcher.watching.runner import Runner
from watcher.watching.timetable import Clocks

_WATCHES = 50
_UTF_8 = {"Content-Type": "text/html; charset=utf-8"}  # a page whose encoding has to be found out is parsed twice
_OURS = str(Path(watcher.__file__).parent)


@dataclass(slots=True)
class Calls:
    """
    Calls in this thread.

    Attributes:
        ours: how often functions of ours were called, comprehensions and resumed coroutines among them.
        c: calls of functions in C, by name.
    """

    ours: int = 0
    c: Counter[str] = field(default_factory=Counter)

    def see(self, frame: FrameType, event: str, arg: object) -> None:
        """Count one event of `sys.setprofile`."""
        if event == "call" and frame.f_code.co_filename.startswith(_OURS):
            self.ours += 1
        elif event == "c_call" and frame.f_code.co_filename.startswith(_OURS):
            self.c[getattr(arg, "__name__", "")] += 1


@contextmanager
def counted() -> Iterator[Calls]:
    calls = Calls()
    sys.setprofile(calls.see)
    try:
        yield calls
    finally:
        sys.setprofile(None)


class Writes(Around):
    """A store that remembers how many decisions each transaction had."""

    def __init__(self, store: DiskWatchStore) -> None:
        super().__init__(store)
        self.groups: list[int] = []

    async def commit(self, decisions: Sequence[Decision]) -> None:
        self.groups.append(len(decisions))
        await super().commit(decisions)


class Passes:
    """Passes over many watches of a shop, in one process."""

    def __init__(self, shop: Shop, tools: CheckTools, store: DiskWatchStore, watches: Sequence[Watch]) -> None:
        self.shop = shop
        self.writes = Writes(store)
        self.committer = Committer(self.writes, self.writes.outbox, on_messages=lambda: None)
        self.ids = [watch.id for watch in watches]
        self.runner = Runner(
            {watch.id: watch for watch in watches},
            {},
            tools,
            self.committer,
            Clocks(now=Clock().now, chance=lambda: 0.0),
        )

    async def go(self) -> Mapping[Verdict, int]:
        """Check each watch once; return how many came to what."""

        committing = asyncio.create_task(self.committer.run())
        try:
            return Counter([decision.verdict async for decision in self.runner.check_once(self.ids)])
        finally:
            committing.cancel()
            await asyncio.wait([committing])


def show(shop: Shop, number: int, *, price: str, noise: str = "", etag: str | None = None) -> None:
    shop.show(f"/w{number}", f"<h1>{noise}</h1><p class=price>{price}</p>", etag=etag, headers=_UTF_8)


@pytest.fixture
async def passes(shop: Shop, tools: CheckTools, store: DiskWatchStore) -> Passes:
    """Watches that have been checked once."""
    for number in range(_WATCHES):
        show(shop, number, price="1")
    made = Passes(shop, tools, store, [watch_of(shop, f"w{number}") for number in range(_WATCHES)])
    assert await made.go() == {Verdict.BASELINE: _WATCHES}
    made.writes.groups.clear()
    return made


def answer(shop: Shop, phase: str) -> None:
    """Let the shop answer all further requests in this way."""
    for number in range(_WATCHES):
        match phase:
            case "not modified":
                show(shop, number, price="1", etag='"1"')
            case "same":
                show(shop, number, price="1")
            case "other bytes":
                show(shop, number, price="1", noise="noise")
            case "changed":
                show(shop, number, price="2")


@pytest.mark.faults
@pytest.mark.parametrize(
    ("phase", "verdict", "parses", "own_calls"),
    [
        pytest.param("not modified", Verdict.NOT_MODIFIED, 0, 117, id="not modified"),
        pytest.param("same", Verdict.UNCHANGED, 0, 127, id="the same bytes"),
        pytest.param("other bytes", Verdict.UNCHANGED, 1, 279, id="other bytes with the same values"),
        # It is asked then whether this is the page, and the place: see `watching.reading.examine`.
        pytest.param("changed", Verdict.CHANGED, 1, 780, id="changed"),
    ],
)
async def test_what_a_check_costs(
    passes: Passes, shop: Shop, phase: str, verdict: Verdict, parses: int, own_calls: int
) -> None:
    answer(shop, phase)
    if phase == "not modified":
        await passes.go()  # which learns the validators
    asked = len(shop.asked)
    passes.writes.groups.clear()
    with counted() as calls:
        assert await passes.go() == {verdict: _WATCHES}
    print(f"{phase}: {calls.ours / _WATCHES:.1f} calls of ours a check, in C: {calls.c.most_common(12)}")
    assert len(shop.asked) - asked == _WATCHES
    assert calls.c["parse"] == parses * _WATCHES
    assert calls.ours <= own_calls * _WATCHES
    assert sum(passes.writes.groups) == _WATCHES


async def test_checks_without_news_are_written_all_together(passes: Passes, shop: Shop) -> None:
    answer(shop, "other bytes")
    await passes.go()
    assert passes.writes.groups == [_WATCHES]


async def test_watches_of_one_page_cost_one_request_and_one_parse(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    show(shop, 0, price="1", noise="Dune")
    first = watch_of(shop, "w0")
    title = Values(selectors={"title": Selector(query=Query.css("h1"))})
    passes = Passes(
        shop, tools, store, [first, replace(first, id="title", extraction=title), replace(first, id="more")]
    )
    with counted() as calls:
        assert await passes.go() == {Verdict.BASELINE: 3}
    assert shop.asked == ["/w0"]
    assert calls.c["parse"] == 1
