"""
One browser for all tests of this folder, which takes a second to start; each test has windows and a server of its own.

Those of notifications have another one, which is whole and slower. Both live in an event loop that lasts as long, so
the tests and what they use run in that loop.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest_asyncio
from playwright.async_api import Browser

from tests.browser import open_browser, open_shell
from tests.web.serving import a_push_service, a_site
from tests.web.site import Site
from watcher.core.settings import Settings
from watcher.push.channels.offered import Channels
from watcher.push.service import PushService

_NAMES: Final = "--host-resolver-rules=MAP push.example 127.0.0.1"


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def shell() -> AsyncIterator[Browser]:
    async with open_shell(_NAMES) as opened:
        yield opened


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def chromium() -> AsyncIterator[Browser]:
    async with open_browser(_NAMES) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="package")
async def browser(shell: Browser) -> AsyncIterator[Browser]:
    """The browser; what a test opens in it is closed with the test."""
    yield shell
    await _close(shell)


@pytest_asyncio.fixture(loop_scope="package")
async def whole_browser(chromium: Browser) -> AsyncIterator[Browser]:
    """The same with notifications, push and workers that notify."""
    yield chromium
    await _close(chromium)


async def _close(browser: Browser) -> None:
    for context in browser.contexts:
        await context.close()


@pytest_asyncio.fixture(loop_scope="package")
async def push(tmp_path: Path) -> AsyncIterator[PushService]:
    async with a_push_service(tmp_path) as service:
        yield service


@pytest_asyncio.fixture(loop_scope="package")
async def site(push: PushService, settings: Settings, channels: Channels) -> AsyncIterator[Site]:
    async with a_site(push, settings, channels) as served:
        yield served
