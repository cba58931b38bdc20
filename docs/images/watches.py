"""Draw the table of watches, for `docs/console.md`: `console-watches.png`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace
from playwright.async_api import Browser

from tests.core.builders import play, price, seats, watch
from tests.web.login import COOKIE
from tests.web.watches_at_rest import a_desk_before, at_rest
from watcher.core.check import CheckFailure, Decision, Seen
from watcher.core.values import Money
from watcher.core.watch import Topic, Watch

PICTURE = Path(__file__).with_name("console-watches.png")
_BOOKS: Final = (
    ("dune", "Dune", "12.00", "8.50"),
    ("solaris", "Solaris", "9.50", "9.50"),
    ("ubik", "Ubik", "8.90", "9.40"),
)
_NAMES: Final = {"books": "Price drops", "courses": "Courses", "home": "At home"}
_TOPICS: Final = {key: Topic(key=key, name=name) for key, name in _NAMES.items()}
_LOST: Final = "`price`: the selector `.price` finds nothing; `watcher suggest kettle` shows where it may be now"


async def draw_watches(browser: Browser) -> None:
    """Write the picture."""
    decisions = list(_decisions())
    watches = {each.watch: of for each, of in decisions}
    with tempfile.TemporaryDirectory() as directory:
        made = [each for each, _ in decisions]
        async with a_desk_before(Path(directory), watches, made, _TOPICS) as desk:
            context = await browser.new_context(
                viewport={"width": 1280, "height": 900},
                locale="en-US",
                color_scheme="light",
                reduced_motion="reduce",
            )
            await context.add_cookies([{"name": COOKIE, "value": desk.session, "url": desk.site.base}])
            page = await context.new_page()
            await page.goto(f"{desk.site.base}/console/watches")
            await page.locator("tr[data-watch=dune] input").check()
            await page.evaluate("scrollTo(0, 0)")
            await page.screenshot(path=PICTURE)
            await context.close()


def _decisions() -> Iterator[tuple[Decision, Watch]]:
    """Yield what each watch has come to, with the watch."""
    now = datetime.now(UTC)
    for id_, name, before, price_ in _BOOKS:
        of = _watch(id_, name, f"https://books.example/{id_}", "books", "shop")
        changed_at = now - timedelta(hours=len(name)) if before != price_ else None
        yield at_rest(play(of, _price(before), _price(price_))[-1], now=now, changed_at=changed_at), of
    of = replace(watch(is_list=True), id="cs", name="Computer science, free seats", topics=("courses",))
    of = replace(of, request=replace(of.request, url="https://university.example/courses?dept=CS"))
    listed = play(of, seats({"CS101": 0, "CS102": 3}), seats({"CS101": 2, "CS102": 3, "CS240": 12}))[-1]
    yield at_rest(listed, now=now, changed_at=now - timedelta(minutes=20)), of
    for id_, name, host, state in _trouble(now):
        of = _watch(id_, name, f"https://{host}.example/{id_}", "home", "shop")
        decision = at_rest(play(of, _price("39.00"))[-1], now=now)
        yield replace(decision, state=replace(decision.state, **state)), of


def _trouble(now: datetime) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Yield watches that fail, are muted, or paused: id, name, host, and what is other of the state."""
    since = now - timedelta(hours=2)
    failure = CheckFailure(kind="missing", text=_LOST)
    failing = {"failures": 4, "failure": failure, "failing_since": since, "good_at": since}
    yield "kettle", "The kettle in white", "kitchen", failing
    yield "tent", "A tent for two", "outdoor", {"muted_until": now + timedelta(hours=7)}
    later = now + timedelta(days=2)
    yield "lamp", "The lamp over the table", "light", {"paused_until": later, "next_check_at": later}


def _watch(id_: str, name: str, url: str, topic: str, *tags: str) -> Watch:
    one = watch()
    return replace(one, id=id_, name=name, request=replace(one.request, url=url), topics=(topic,), tags=tags)


def _price(amount: str) -> Seen:
    return price(Money(amount=Decimal(amount), currency="€"))
