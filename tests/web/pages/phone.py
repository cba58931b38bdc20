"""A phone for tests: a browser window of its own cookies, what it is and what it can do as told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)
WECHAT = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0 "
    "Mobile Safari/537.36 XWEB/1300 MMWEBSDK/2024 MicroMessenger/8.0.50"
)
NO_PUSH = "delete window.PushManager"
SILENT_PUSH_SERVICE = "PushManager.prototype.subscribe = () => new Promise(() => {})"
"""As Chrome in mainland China: it asks Google, and nobody answers."""


def push_service(subscription: str, key: str) -> str:
    """Return a script by which `subscribe` answers this subscription, bound to the key it was asked with."""
    return f"""
        PushManager.prototype.subscribe = async ({{ applicationServerKey }}) => {{
          window.subscribedWith = applicationServerKey;
          return {{ toJSON: () => ({subscription}) }};
        }};
        window.expectedKey = "{key}";
    """


@asynccontextmanager
async def open_phone(
    browser: Browser,
    *,
    user_agent: str | None = None,
    script: str = "",
    may_notify: bool = False,
    width: int = 390,
    height: int = 844,
    locale: str = "en-US",
    scheme: str = "light",
) -> AsyncIterator[Page]:
    """
    Keep a phone's page open while the context lasts.

    Args:
        script: runs before the page's own.
        may_notify: its owner has said yes to notifications; else the browser asks, and nobody answers.
        scheme: `light` or `dark`.
    """
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        locale=locale,
        user_agent=user_agent,
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    if may_notify:
        await context.grant_permissions(["notifications"])
    if script:
        await context.add_init_script(script)
    try:
        yield await context.new_page()
    finally:
        await context.close()
