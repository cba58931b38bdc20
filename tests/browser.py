"""A real browser for tests: Debian's chromium, driven by Playwright, that talks to nobody but us."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright

_CHROMIUM = shutil.which("chromium")
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

in_one_browser = [needs_chromium, pytest.mark.asyncio(loop_scope="package")]
"""What a module of `tests/web/browser` is marked with."""


@asynccontextmanager
async def open_browser(*arguments: str) -> AsyncIterator[Browser]:
    """Keep a browser open while the context lasts."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_CHROMIUM, args=[*_ARGS, *arguments])
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def open_profile(directory: Path, *arguments: str) -> AsyncIterator[BrowserContext]:
    """Keep a browser open that may notify, with a profile on disk: a private window has no push."""
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            directory,
            executable_path=_CHROMIUM,
            args=["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", *arguments],
            ignore_default_args=["--disable-background-networking"],
            permissions=["notifications"],
        )
        context.set_default_timeout(20_000)
        try:
            yield context
        finally:
            await context.close()
