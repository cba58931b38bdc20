"""
What each page of the watches' room costs the server in a town of 1,000 watches with 100 changes of each: meant are
under 60 ms and 150 kB. The watches stand in one file that `watcher add` wrote, and a watcher runs on them; a new
is written into the file below `watches.d`.

Counted as in `test_watches.py`; `FIGURES=full pytest -rP tests/figures/test_watch_town.py` prints a line for each page.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from textwrap import dedent
from typing import Final

from msgspec.structs import replace

from tests.core.builders import play, seen, watch
from tests.figures.costs import MOST_BYTES, MOST_MS, cost_of
from tests.sizes import FIGURES
from tests.web.watchroom import WatcherNear, WatchRoom, a_watch_room
from watcher.config.writing import HEADER
from watcher.core.check import Change, CheckFailure, Decision, Verdict, WatchEvent, WatchState
from watcher.core.event_kinds import EventKind
from watcher.core.values import SINGLE, Money, Rows
from watcher.store.watch_store import open_watch_store

_WATCHES, _CHANGES = FIGURES.sized((1_000, 5), (1_000, 100))
_GROUP: Final = 500
_FAILURE: Final = CheckFailure(kind="missing", text="`price`: the selector `.price` finds nothing")
_HEAD: Final = """# Written by `watcher add`.
include: watches.d/*.yaml
defaults: {every: 1h, per_host: {concurrency: 20, min_delay: 0s}}
watches:
"""
_WATCH: Final = """  watch-{place}:
    name: "Watch {place}: the price of something in a shop"
    url: "{{shop}}/watch-{place}"
    topic: topic-{topic}
    tags: [tag-{tag}]
    extract: {{price: {{css: .price, type: money}}, text: .text}}
    notify_when:
      - price: {{below: 90}}
      - price: {{drops_by: 5%}}
      - text: changes
"""
_PAGE: Final = "<h1>Something</h1><p><b class=price>€ 100</b></p><p class=text>as it says on the page</p>"
_MOVED: Final = _PAGE.replace("class=price", "class=amount")
_ONE, _LOST = "/console/watches/watch-1", "/console/watches/watch-2"
_NEW: Final = "/console/watches/new"
_PATHS: Final = (
    "/console",
    "/console/watches",
    "/console/watches?page=2",
    "/console/watches?state=failing",
    "/console/watches?topic=topic-3",
    "/console/watches?tag=tag-3&text=watch",
    "/console/watches?text=nowhere",
    _ONE,
    f"{_ONE}?range=week",
    f"{_ONE}?value=text",
    f"{_ONE}?before=5",
    f"{_ONE}/replay",
    f"{_ONE}/page",
    f"{_ONE}/page/copy",
    f"{_ONE}/page/source",
    f"{_ONE}/edit",
    f"{_ONE}/edit?as=yaml",
    f"{_ONE}/remove",
    _LOST,
    f"{_LOST}/proposal",
    _NEW,
    f"{_NEW}?as=yaml",
)


async def test_each_page_of_the_room_is_quick_and_small(tmp_path: Path) -> None:
    async with _a_town(tmp_path) as town:
        edited = dedent(_written(1)).replace("below: 90", "below: 85").replace("{shop}", town.shop.base)
        forms = {
            f"{_ONE}/replay": {"rules": "- price: {below: 85}\n- text: changes"},
            f"{_ONE}/edit": {"written": edited, "act": "review"},
            _NEW: {"written": dedent(_written(_WATCHES)).replace("{shop}/watch-", f"{town.shop.base}/watch-1?")},
        }
        await town.operator.send(_NEW, forms[_NEW] | {"act": "try"})  # so that the page is there to be judged by
        wrong = {}
        for path, fields in [*((path, None) for path in _PATHS), *forms.items()]:
            spent, size = await cost_of(town.operator, path, fields)
            told = path if fields is None else f"{path}, answered"
            print(f"{_WATCHES * _CHANGES:7,} changes: {spent:5.1f} ms of a core, {size / 1_000:4.0f} kB: {told}")
            if spent > MOST_MS or size > MOST_BYTES:
                wrong[told] = spent, size
        assert wrong == {}


@asynccontextmanager
async def _a_town(directory: Path) -> AsyncIterator[WatchRoom]:
    """Keep a watcher running on these watches, the second of which has lost a value; the others wait for their turn."""
    store, _ = await open_watch_store(directory / "data/watches")
    for number in range(1, _CHANGES + 1):
        decisions = [*_decisions(number)]
        for begin in range(0, _WATCHES, _GROUP):
            await store.commit(decisions[begin : begin + _GROUP])
    await store.close()
    text = _HEAD + "".join(map(_written, range(_WATCHES)))
    (directory / "watches.d").mkdir()
    added = "watches:\n  added: {url: 'https://shop.example/', topic: topic-1, enabled: false}\n"
    (directory / "watches.d/added.yaml").write_text(f"{HEADER}\n{added}", encoding="utf-8")
    pages = {"/watch-1": _PAGE, "/watch-2": _PAGE}
    async with a_watch_room(directory, text, pages, checked=("watch-1", "watch-2"), watcher=WatcherNear) as room:
        room.shop.show("/watch-2", _MOVED)
        await room.check("watch-2")
        assert set(room.shop.asked) == set(pages)
        yield room


def _written(place: int) -> str:
    return _WATCH.format(place=place, topic=place % 20, tag=place % 10)


def _decisions(number: int) -> Iterator[Decision]:
    """Yield what each watch came to, 18 hours after the time before; a third of the changes was told."""
    at = datetime.now(UTC) - timedelta(hours=18 * (_CHANGES - number), minutes=5)
    old, new = _rows(number - 1), _rows(number)
    for place in range(_WATCHES):
        id_ = f"watch-{place}"
        told = (f"{place:016x}{number:016x}",) if number % 3 == 0 else ()
        change = Change(watch=id_, sequence=number, changed_at=at, old=old, new=new, messages=told)
        event = WatchEvent(kind=EventKind.CHANGED, at=at, watch=id_, sequence=number)
        state = _state(place, number, at)
        yield Decision(watch=id_, verdict=Verdict.CHANGED, state=state, change=change, events=(event,))


def _state(place: int, number: int, at: datetime) -> WatchState:
    """Return what is remembered of a watch: of one in fifty that it fails, of the two to be checked no page."""
    due_at = datetime.now(UTC) + timedelta(hours=1)
    plain = WatchState(sequence=number, checked_at=at, good_at=at, changed_at=at, next_check_at=due_at)
    if place in (1, 2) or number < _CHANGES:
        return plain
    judged = replace(plain, snapshot=play(watch(), seen(_rows(number)))[-1].state.snapshot)
    return replace(judged, failures=3, failure=_FAILURE, failing_since=at) if place % 50 == 0 else judged


def _rows(number: int) -> Rows:
    amount = Money(amount=Decimal(80 + number * 7 % 40), currency="€", code="EUR")
    return {SINGLE: {"price": amount, "text": f"as it says on the page, in a sentence or two, for the {number}th"}}
