"""The site with a watch store, and without limits on calls that would get in the way."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.core.builders import play, price, watch
from tests.web.api.v1.api import Api
from tests.web.site import Site
from watcher.core.pace import RateLimit
from watcher.core.settings import Settings
from watcher.core.values import Money
from watcher.store.watch_store import open_watch_store

PLENTY = RateLimit(calls=1_000_000, per=timedelta(seconds=10))


@pytest.fixture
async def watches(tmp_path: Path) -> Path:
    """The watch `dune`, whose price has changed four times."""
    directory = tmp_path / "watches"
    store, _ = await open_watch_store(directory)
    prices = [
        price(Money(amount=Decimal(amount), currency="€"), stock=3, rate=Decimal("1.50")) for amount in range(12, 7, -1)
    ]
    for decision in play(watch(), *prices):
        await store.commit([decision])
        await store.commit([replace(decision, watch="emma", change=None, messages=(), events=())])
    await store.close()
    return directory


@pytest.fixture
def settings(watches: Path) -> Settings:
    return Settings(
        data=watches.parent,
        base_url="http://push.example",
        body_timeout=timedelta(seconds=30),
        app_calls=PLENTY,
        address_calls=PLENTY,
    )


@pytest.fixture
async def api(site: Site) -> Api:
    return await Api.of(site)
