"""
What the page of one watch costs the server, with as long a history as is kept: meant are under 60 ms and 150 kB.

Counted as in `test_watches.py`; `FIGURES=full pytest -rP tests/figures/test_watch_page.py` prints a line for each page.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from tests.figures.costs import MOST_BYTES, MOST_MS, cost_of
from tests.sizes import FIGURES
from tests.web.watchroom import a_watch_room
from watcher.core.check import Change, Decision, Verdict, WatchEvent, WatchState
from watcher.core.event_kinds import EventKind
from watcher.core.values import SINGLE, Money, Rows
from watcher.store.watch_store import open_watch_store

_CHANGES: Final = FIGURES.sized(200, 1_000)
"""As many as are kept of a watch (`store.pruning`)."""
_OTHERS: Final = 9
"""Watches of which each has as many events."""
_PATHS: Final = ("", "?range=year", "?range=week", "?value=text", "?before=150")
_WATCHES: Final = """
defaults: {every: 1h, allow_private: true, topic: deals}
watches:
  dune:
    url: "{shop}/dune"
    extract: {price: {css: .price, type: money}, text: .text}
    notify_when: [{price: {below: 90}}, {price: {drops_by: 5%}}, {text: changes}]
"""


async def test_the_page_of_a_watch_is_quick_and_small(tmp_path: Path) -> None:
    await _fill(tmp_path / "data")
    wrong = {}
    page = "<p class=price>€ 100</p><p class=text>one</p>"
    async with a_watch_room(tmp_path, _WATCHES, {"/dune": page}) as room:
        for path in _PATHS:
            spent, size = await cost_of(room.operator, f"/console/watches/dune{path}")
            print(f"{_CHANGES:6,} changes: {spent:5.1f} ms of a core, {size / 1_000:4.0f} kB: {path or 'all'}")
            if spent > MOST_MS or size > MOST_BYTES:
                wrong[path] = spent, size
    assert wrong == {}


async def _fill(data: Path) -> None:
    store, _ = await open_watch_store(data / "watches")
    for decisions in _decisions():
        await store.commit(decisions)
    await store.close()


def _decisions() -> Iterator[list[Decision]]:
    """Yield what the watch and others came to, 18 hours apart; a third of its changes was told."""
    old, begin = _rows(0), datetime.now(UTC) - timedelta(hours=18 * _CHANGES)
    for number in range(1, _CHANGES + 1):
        at, new = begin + timedelta(hours=18 * number), _rows(number)
        told = (f"{number:032x}",) if number % 3 == 0 else ()
        change = Change(watch="dune", sequence=number, changed_at=at, old=old, new=new, messages=told)
        others = [_decision(f"w{place}", number, at) for place in range(_OTHERS)]
        yield [_decision("dune", number, at, change), *others]
        old = new


def _decision(watch: str, number: int, at: datetime, change: Change | None = None) -> Decision:
    event = WatchEvent(kind=EventKind.CHANGED, at=at, watch=watch, sequence=number)
    state = WatchState(sequence=number, checked_at=at, good_at=at, changed_at=at)
    return Decision(watch=watch, verdict=Verdict.CHANGED, state=state, change=change, events=(event,))


def _rows(number: int) -> Rows:
    words = " ".join(f"word{place}" for place in range(60))
    price = Money(amount=Decimal(80 + number * 7 % 40), currency="€", code="EUR")
    return {SINGLE: {"price": price, "text": f"{words} {number}"}}
