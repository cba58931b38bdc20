from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.watching.shop import Shop, open_shop, open_tools
from watcher.store.kept_pages import KeptPages
from watcher.store.watch_store import DiskWatchStore, open_watch_store
from watcher.watching.check import CheckTools


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with open_shop() as opened:
        yield opened


@pytest.fixture
async def tools() -> AsyncIterator[CheckTools]:
    async with open_tools() as opened:
        yield opened


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[DiskWatchStore]:
    opened, _ = await open_watch_store(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
def pages(tmp_path: Path) -> KeptPages:
    return KeptPages(tmp_path)
