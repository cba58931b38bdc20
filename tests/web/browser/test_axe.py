"""
Every page as axe sees it: no serious violation, no error in the console, nothing asked of another host.

The pages are those of the table of routes, so a new one is looked at by itself; a new parameter in its path gets a
value in `tests/web/town.py`. axe comes with a test dependency, and is put into each page by the driver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from tests.browser import in_one_browser
from tests.sizes import FAULTS
from tests.web.console_desk import an_owner, session_of
from tests.web.login import COOKIE
from tests.web.site import Site
from tests.web.town import Town, fill
from watcher.core.settings import Settings
from watcher.web.middleware.guard import Role
from watcher.web.routes import ROUTES
from watcher.web.sessions.device import DEVICE_COOKIE

pytestmark = [*in_one_browser, pytest.mark.sized]

_ALL: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
_OF_LAYOUT: Final = ("target-size", "scrollable-region-focusable", "link-in-text-block", "aria-hidden-focus")
"""Rules that a width may break; names and colours are those of the phone."""
_SIZES: Final = {"phone": (320, 640, _ALL), "wide": (1280, 900, FAULTS.sized(_OF_LAYOUT, _ALL))}
_LOOKS: Final[Sequence[tuple[str, str]]] = FAULTS.sized(
    [("en-US", "light")], [(language, scheme) for language in ("en-US", "zh-CN") for scheme in ("light", "dark")]
)
_ROLES: Final = (Role.PUBLIC, Role.DEVICE, Role.ACCOUNT, Role.OPERATOR)
_STRANGER: Final = ("/", "/console/login", "/claim/{token}", "/{kind:t|a}/{slug}")
"""Pages that who is not known here sees otherwise."""
_NOT_THERE: Final = {"/confirm/{token}", "/wxuser", "/api/v1/inbox", "/{kind:t|a}/{slug}/wechat.svg"}
"""Pages that say so in the town: nobody asked to confirm an address, no number leads to a topic, there is no WeChat."""
_EXAMINE: Final = """async (runOnly) => {
  const options = { runOnly, resultTypes: ["violations"], preload: false, iframes: false, elementRef: false };
  const { violations } = await axe.run(document, options);
  const found = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.any[0]?.message ?? ""}`));
}"""
_IS_TOO_WIDE: Final = "document.documentElement.scrollWidth > innerWidth"


@pytest.mark.parametrize(("language", "scheme"), _LOOKS)
async def test_axe_finds_nothing_serious_on_any_page(
    browser: Browser, site: Site, settings: Settings, tmp_path: Path, language: str, scheme: str
) -> None:
    town = await fill(site.push, settings.watches)
    database = tmp_path / "push.sqlite3"
    context = await _window(browser, language, scheme)
    stranger = await context.new_page()
    wrong = {**await _look(stranger, site, town, _STRANGER)}
    await _let_in(context, site, town)
    page = await context.new_page()
    # What an owner sees of the first page: with nothing yet, and with an application.
    for apps in ((), (town.app,)):
        owner = await _window(browser, language, scheme)
        token = session_of(database, an_owner(database, *apps))
        await owner.add_cookies([{"name": COOKIE, "value": token, "url": site.base}])
        seen = await _look(await owner.new_page(), site, town, ["/console"])
        wrong |= {f"{path} of an owner of {len(apps)}": found for path, found in seen.items()}
    # A page that has several addresses is looked at once.
    pages = {route.handler: route.path for route in reversed(ROUTES) if route.method == "GET" and route.role in _ROLES}
    wrong |= await _look(page, site, town, list(pages.values()))
    assert {path for path, found in wrong.items() if found == ["HTTP 404"]} <= _NOT_THERE
    assert {path: found for path, found in wrong.items() if found and path not in _NOT_THERE} == {}


async def _window(browser: Browser, language: str, scheme: str) -> BrowserContext:
    context = await browser.new_context(locale=language, color_scheme="dark" if scheme == "dark" else "light")
    context.set_default_timeout(10_000)
    await context.add_init_script(
        resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    )
    return context


async def _let_in(context: BrowserContext, site: Site, town: Town) -> None:
    cookies = {COOKIE: town.operator, DEVICE_COOKIE: town.reader.device_token}
    await context.add_cookies([{"name": name, "value": value, "url": site.base} for name, value in cookies.items()])


async def _look(page: Page, site: Site, town: Town, patterns: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Open the pages; return what is wrong with each."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith((site.base, "data:")) else said.append(asked.url))
    wrong = {}
    for pattern in patterns:
        said.clear()
        found = await _examine(page, site, town.path(pattern))
        wrong[pattern] = [*found, *said]
    return wrong


async def _examine(page: Page, site: Site, path: str) -> Sequence[str]:
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in await page.context.cookies(site.base))
    answer = await site.get(path, headers={"Cookie": cookies})
    answer.close()  # one never ends
    if answer.content_type != "text/html":
        return []
    if answer.status >= 400:
        return [f"HTTP {answer.status}"]
    await page.goto(f"{site.base}{path}")
    found = []
    for name, (width, height, rules) in _SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        found += [f"{name}: {each}" for each in await page.evaluate(_EXAMINE, rules)]
        if await page.evaluate(_IS_TOO_WIDE):
            found.append(f"{name}: wider than the screen")
    return found
