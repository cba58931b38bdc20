"""
Files of many watches, and a data directory in which each of them was checked well once.

A first check of 100,000 watches takes minutes that say nothing of growth, so it is made here: by the code that makes
every check, of a page as the site has it, but without the network between.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

from msgspec.structs import replace

from benchmarks.pages import PRICE
from watcher.core.check import Decision, Verdict, WatchState
from watcher.core.page import NotModified, Response, Validators
from watcher.core.protocols import Fetcher
from watcher.core.watch import Request, Watch
from watcher.extract.plan import plan
from watcher.store.watch_store import open_watch_store
from watcher.watching.check import CheckTools, check
from watcher.watching.page_pool import PagePool

_T = TypeVar("_T")
_WATCHES_PER_FILE: Final = 5_000
_GROUP: Final = 2_000
_SEED: Final = 7
_PAGE: Final = (
    '<!DOCTYPE html><title>Shop</title><body><header class="site-header"><a class="logo" href="/">Shop</a></header>'
    '<main id="content"><article class="product-page"><h1 class="title">Desk lamp</h1><p class="sku">SKU 48213</p>'
    '<p class="maker">Made in Denmark</p><div class="product price-box"><b class="price-label">Our price</b> '
    '<span class="price">€ 00000001.00</span><p class="tax">incl. VAT, plus shipping</p>'
    '<p class="stock">In stock</p><button class="buy">Add to basket</button></div></article></main></body>'
)
"""What stands around the price makes a witness of some 120 bytes, which is usual."""


def write_watches(directory: Path, places: Sequence[tuple[str, int]], number: int, *, every: str) -> Path:
    """
    Write a file of watches and those that it includes, with so many watches written out one by one; return it.

    Args:
        places: address and port of each host of the site; the watches go round them.
    """
    for file, numbers in enumerate(_batched(range(number), _WATCHES_PER_FILE)):
        bodies = "".join(_body(one, *places[one % len(places)]) for one in numbers)
        (directory / f"part-{file:03d}.yaml").write_text(f"watches:\n{bodies}", encoding="utf-8")
    main = directory / "watches.yaml"
    lane = "per_host: {concurrency: 4, min_delay: 0s}"
    main.write_text(
        f"include: part-*.yaml\ndefaults:\n  topic: prices\n  every: {every}\n  allow_private: true\n  {lane}\n",
        encoding="utf-8",
    )
    return main


def _body(number: int, host: str, port: int) -> str:
    extract = f"{{price: {{css: {PRICE}, type: money}}}}"
    return f"  w{number:06d}:\n    url: http://{host}:{port}/{number}\n    extract: {extract}\n"


async def check_first(data: Path, watches: Iterable[Watch], *, due_after: timedelta) -> None:
    """
    Make a data directory in which each watch was just checked well for the first time.

    Args:
        due_after: when the first of them is due again; the last one is after twice that time.
    """
    store, _ = await open_watch_store(data / "watches")
    now, chance = datetime.now(UTC), random.Random(_SEED)
    try:
        async with PagePool() as pool:
            tools = CheckTools(fetcher=FIRST_PAGE, readers=pool, epoch=lambda: store.epoch)
            for group in _batched(watches, _GROUP):
                checked = [await _checked(tools, watch, now) for watch in group]
                await store.commit([_due(one, now + due_after * (1 + chance.random())) for one in checked])
    finally:
        await store.close()


async def spread(data: Path, *, begin: datetime, within: timedelta) -> None:
    """Let all watches of a data directory be due at times spread evenly over a length of time."""
    store, _ = await open_watch_store(data / "watches")
    chance = random.Random(_SEED)
    try:
        for group in _batched((await store.states()).items(), _GROUP):
            await store.commit([_planned(one, state, begin + within * chance.random()) for one, state in group])
    finally:
        await store.close()


def _planned(watch: str, state: WatchState, at: datetime) -> Decision:
    return _due(Decision(watch=watch, verdict=Verdict.UNCHANGED, state=state, is_durable=False), at)


def _due(decision: Decision, at: datetime) -> Decision:
    return replace(decision, state=replace(decision.state, next_check_at=at))


async def _checked(tools: CheckTools, watch: Watch, now: datetime) -> Decision:
    return await check(tools, watch, plan(watch.extraction, watch.link), WatchState(), now=now)


class _Page:
    """A Fetcher that has the one page of the site, with the site's ETag."""

    async def fetch(self, request: Request, validators: Validators) -> Response | NotModified:  # noqa: ARG002
        return Response(
            url=request.url,
            wire=_PAGE.encode(),
            digest="0" * 32,
            content_encoding=(),
            media_type="text/html",
            charset="utf-8",
            validators=Validators(etag='"first"'),
        )


FIRST_PAGE: Final[Fetcher] = _Page()
"""What each watch sees at its first check."""


def _batched(things: Iterable[_T], size: int) -> Iterator[list[_T]]:
    left = iter(things)
    while batch := list(islice(left, size)):
        yield batch
