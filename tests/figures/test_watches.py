"""
What the table of watches costs the server where there are many: meant are under 60 ms and 150 kB a page with 1,000,
under 150 ms with 10,000, and ten open tables under 1 % of a core while nothing happens.

Counted is the time that this process had of a processor, its client included, and of some tries the least.
`FIGURES=full pytest -rP tests/figures/test_watches.py` prints a line for each page.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from tests.core.builders import event_rule, play, price, watch
from tests.figures.costs import MOST_BYTES, cost_of
from tests.sizes import FIGURES
from tests.web.console_desk import Desk
from tests.web.login import as_operator
from tests.web.watches_at_rest import a_desk_before, at_rest
from watcher.core.check import CheckFailure, Decision, Seen
from watcher.core.values import Money
from watcher.core.watch import Operator, Topic, Watch

_SIZES: Final[Mapping[int, float]] = FIGURES.sized({1_000: 60}, {1_000: 60, 10_000: 150})
"""Milliseconds that a page may take, by how many watches there are."""
_SECONDS: Final = FIGURES.sized(4, 30)
_PATHS: Final = (
    "/console",
    "/console/watches",
    "/console/watches?page=7",
    "/console/watches?page=999",
    "/console/watches?state=failing",
    "/console/watches?topic=topic-3",
    "/console/watches?tag=tag-3&text=watch",
    "/console/watches?text=99",
    "/console/watches?text=nowhere",
)


def _watches(number: int) -> Mapping[str, Watch]:
    """Some in each topic, some with each tag; their names are as long as people make them."""
    one = watch(event_rule(Operator.CHANGES))
    return {
        f"watch-{place}": replace(
            one,
            id=f"watch-{place}",
            name=f"Watch {place}: the price of something in a shop",
            request=replace(one.request, url=f"https://shop.example/department/{place}?variant=large"),
            topics=(f"topic-{place % 20}",),
            tags=(f"tag-{place % 10}",),
            every=timedelta(hours=1),
        )
        for place in range(number)
    }


def _decisions(watches: Mapping[str, Watch]) -> list[Decision]:
    """Each has changed once; one of fifty fails, with a long text."""
    now = datetime.now(UTC)
    failure = CheckFailure(
        kind="missing", text="`price`: the selector `.price` finds nothing; " + "as long as it is " * 20
    )
    decisions = []
    for place, each in enumerate(watches.values()):
        _, changed = play(each, _price(place), _price(place + 1))
        failing = {"failures": 3, "failure": failure, "failing_since": now} if place % 50 == 0 else {}
        decisions.append(at_rest(changed, now=now, changed_at=now, **failing))
    return decisions


def _price(amount: int) -> Seen:
    """A page that was read."""
    return price(Money(amount=Decimal(amount), currency="€"), stock="in_stock", note="as it says on the page, in words")


def _desk(directory: Path, number: int) -> AbstractAsyncContextManager[Desk]:
    """The operator's browser, where so many watches wait for their next check."""
    watches = _watches(number)
    topics = {f"topic-{place}": Topic(key=f"topic-{place}", name=f"Topic {place}") for place in range(20)}
    return a_desk_before(directory, watches, _decisions(watches), topics)


async def test_each_page_is_quick_and_small(tmp_path: Path) -> None:
    wrong = {}
    for number, most_ms in _SIZES.items():
        async with _desk(tmp_path / str(number), number) as desk:
            for path in _PATHS:
                spent, size = await cost_of(desk, path)
                print(f"{number:6,} watches: {spent:5.1f} ms of a core, {size / 1_000:4.0f} kB: {path}")
                if spent > most_ms or size > MOST_BYTES:
                    wrong[number, path] = spent, size
    assert wrong == {}


async def test_ten_open_tables_cost_next_to_nothing_while_nothing_happens(tmp_path: Path) -> None:
    async with _desk(tmp_path, max(_SIZES)) as desk, AsyncExitStack() as open_:
        alone = await _share()
        for page in range(1, 11):
            path = f"/console/live/watches?page={page}"
            stream = await open_.enter_async_context(await desk.site.get(path, headers=as_operator(desk.session)))
            assert stream.status == 200
            await stream.content.readline()
        share = await _share()
    print(f"ten open tables: {share:.2%} of a core; without them {alone:.2%}; over {_SECONDS} s")
    assert share - alone < 0.01


async def _share() -> float:
    """Return how much of a core this process needs while nothing happens."""
    had = time.process_time()
    await asyncio.sleep(_SECONDS)  # this time is what is measured
    return (time.process_time() - had) / _SECONDS


async def test_all_that_match_are_paused_and_resumed_within_seconds(tmp_path: Path) -> None:
    number = max(_SIZES)
    async with _desk(tmp_path, number) as desk:
        for act in ("pause", "resume"):
            began = time.process_time()
            led = await desk.done("/console/watches", {"act": act, "all": "1", "lasting": "1d"})
            print(f"to {act} {number:,} watches takes {time.process_time() - began:.1f} s of a core")
            assert led.endswith(f"&count={number}")
