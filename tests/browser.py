"""A real browser for tests: Debian's chromium, driven by Playwright, that talks to nobody but us."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright, expect

from tests.suite_budget.started import BROWSER, note_started

_CHROMIUM = shutil.which("chromium")
_SHELL = shutil.which("chromium-headless-shell") or _CHROMIUM
"""The same without what a window and its user need: it takes a third of the processor's time."""
_ARGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

needs_chromium = pytest.mark.skipif(_CHROMIUM is None, reason="chromium is not installed: the pages were not opened")

_PATIENCE_MS: Final = 60_000
"""For what is expected, done and opened: longer limits cost nothing where a test passes, and others use the cores."""
expect.set_options(timeout=_PATIENCE_MS)

in_one_browser = [needs_chromium, pytest.mark.asyncio(loop_scope="package")]
"""What a module of `tests/web/browser` is marked with."""


WITHOUT_WORKERS = "delete Navigator.prototype.serviceWorker"
"""A script for pages that would start a service worker: one that notifies ends its page in what `open_shell` opens."""


def open_browser(*arguments: str) -> AbstractAsyncContextManager[Browser]:
    """Keep a browser open while the context lasts."""
    return _open(_CHROMIUM, arguments)


def open_shell(*arguments: str) -> AbstractAsyncContextManager[Browser]:
    """Keep a browser open, the quick one where it is installed, which has neither notifications nor push."""
    return _open(_SHELL, arguments)


@asynccontextmanager
async def _open(program: str | None, arguments: Sequence[str]) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        note_started(BROWSER)
        browser = await playwright.chromium.launch(executable_path=program, args=[*_ARGS, *arguments])
        browser.on("context", lambda context: context.set_default_timeout(_PATIENCE_MS))
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def open_profile(directory: Path, *arguments: str) -> AsyncIterator[BrowserContext]:
    """Keep a browser open that may notify, with a profile on disk: a private window has no push."""
    async with async_playwright() as playwright:
        note_started(BROWSER)
        context = await playwright.chromium.launch_persistent_context(
            directory,
            executable_path=_CHROMIUM,
            args=["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", *arguments],
            ignore_default_args=["--disable-background-networking"],
            permissions=["notifications"],
        )
        context.set_default_timeout(_PATIENCE_MS)
        try:
            yield context
        finally:
            await context.close()
