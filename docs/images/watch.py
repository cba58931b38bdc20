"""Draw the page of a watch, for `docs/console.md`: `console-watch.png`, with the history of two months."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from playwright.async_api import Browser, ViewportSize, expect

from tests.web.login import COOKIE
from tests.web.watchroom import a_watch_room
from watcher.config import parse
from watcher.core.check import CheckFailure, CheckOutcome, Observation, Seen, WatchState
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.judge import judge
from watcher.core.page import Validators
from watcher.core.values import SINGLE, Money, Row
from watcher.core.watch import Watch
from watcher.extract.plan import ENGINE, plan
from watcher.store.watch_store import open_watch_store

FOLDER = Path(__file__).parent
_SIZE = ViewportSize(width=1000, height=1240)
_WATCHES = """
defaults: {every: 1h, allow_private: true, topic: books, timezone: UTC}
watches:
  dune:
    name: Dune, the boxed set
    url: "{shop}/dune"
    extract: {price: {css: .price, type: money}, stock: {css: .stock, type: stock}}
    notify_when:
      - price: {below: 90}
      - stock: {is: out_of_stock}
"""
_PRICES = (
    109,
    104,
    106,
    99,
    101,
    97,
    103,
    98,
    94,
    96,
    89,
    93,
    None,
    None,
    None,
    None,
    None,
    99,
    95,
    97,
    92,
    86,
    88,
    94,
    98,
)
"""Two days apart; None: the site does not answer."""


async def draw_watch(browser: Browser) -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "data").mkdir(mode=0o700)
        watch = parse(_WATCHES.replace("{shop}", "https://shop.example"), file="watches.yaml", environ={}).watches[
            "dune"
        ]
        await _look_back(Path(directory) / "data", watch)
        page = f"<main><p class=price>€ {_PRICES[-1]}</p><p class=stock>In stock</p></main>"
        async with a_watch_room(Path(directory), _WATCHES, {"/dune": page}) as room:
            await _shoot(browser, room.operator.site.base, room.operator.session)


async def _look_back(data: Path, watch: Watch) -> None:
    """Fill the store with what two months of checks came to."""
    store, _ = await open_watch_store(data / "watches")
    state = WatchState()
    for at, outcome in _sights(watch):
        decision = judge(watch, state, outcome, epoch=store.epoch, now=at, budget=UNLIMITED)
        await store.commit([decision])
        state = decision.state
    await store.close()


def _sights(watch: Watch) -> Iterator[tuple[datetime, CheckOutcome]]:
    begin = datetime.now(UTC) - timedelta(days=2 * len(_PRICES))
    for place, price in enumerate(_PRICES):
        at = begin + timedelta(days=2 * place, hours=7 * place % 20)
        yield at, _failure() if price is None else _seen(watch, price, is_gone=place % 13 == 6)


def _failure() -> CheckFailure:
    return CheckFailure(kind="status", text="503 Service Unavailable: the site has an internal error")


def _seen(watch: Watch, price: int, *, is_gone: bool) -> Seen:
    stock = "out_of_stock" if is_gone else "in_stock"
    row: Row = {"price": Money(amount=Decimal(price), currency="€", code="EUR"), "stock": stock}
    return Seen(
        observation=Observation(rows={SINGLE: row}, engine=ENGINE),
        digest=f"{price}{stock}",
        validators=Validators(),
        plan=plan(watch.extraction, watch.link, watch.scope),
    )


async def _shoot(browser: Browser, base: str, session: str) -> None:
    context = await browser.new_context(viewport=_SIZE, locale="en-US", color_scheme="light", reduced_motion="reduce")
    await context.add_cookies([{"name": COOKIE, "value": session, "url": base}])
    page = await context.new_page()
    await page.goto(f"{base}/console/watches/dune", wait_until="networkidle")
    await page.locator("dd a").first.evaluate("link => { link.textContent = 'https://shop.example/dune'; }")
    await expect(page.locator("svg.plot")).to_be_visible()
    await page.screenshot(path=FOLDER / "console-watch.png")
    await context.close()
