"""
Every page as axe sees it: no serious violation, no error in the console, nothing asked of another host.

The pages are those of the table of routes, so a new one is looked at by itself; a new parameter in its path gets a
value in `tests/web/town.py`, and what is no page stands in `_NO_PAGES`. Each page with a form is looked at once more as
it answers a mistake. axe comes with a test dependency, and is put into each page by the driver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browser import WITHOUT_WORKERS, in_one_browser
from tests.sizes import FAULTS
from tests.web.console_desk import an_owner, session_of
from tests.web.login import COOKIE
from tests.web.site import Site
from tests.web.town import Town, fill, invite
from tests.web.watches_at_rest import watches_of_every_kind
from tests.web.watchroom import WatcherNear, WatchRoom, a_watch_room
from watcher.core.accounts import Registration
from watcher.core.settings import Settings
from watcher.push.channels.apprise.channel import AppriseChannel
from watcher.push.channels.email.channel import EmailChannel
from watcher.push.channels.email.settings import mail_settings
from watcher.push.channels.offered import Channels
from watcher.web.middleware.guard import Role
from watcher.web.routes import ROUTES
from watcher.web.sessions.approver import APPROVER_COOKIE
from watcher.web.sessions.device import DEVICE_COOKIE

pytestmark = [*in_one_browser, pytest.mark.faults]
_ALL: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
_FIT: Final[Mapping[int, Sequence[str]]] = dict.fromkeys((480, 640, 800, 1024), ())
_SIZES: Final = {320: _ALL, **_FIT, 1280: FAULTS.sized((), _ALL)}
"""What is examined at each width, beside whether the page fits into it, and all that it shows into its box."""
_LOOKS: Final[Sequence[tuple[str, str]]] = FAULTS.sized(
    [("en-US", "light")], [(language, scheme) for language in ("en-US", "zh-CN") for scheme in ("light", "dark")]
)
_ROLES: Final = (Role.PUBLIC, Role.DEVICE, Role.ACCOUNT, Role.OPERATOR)
_NO_PAGES: Final = frozenset(
    {
        "/healthz",
        "/readyz",
        "/api/v1/inbox",
        "/inbox/events",
        "/console/code/state",
        "/console/live/watches",
        "/console/messages/{message}/state",
        "/console/watches/pick/{pick}/page",
        "/console/watches/pick/{pick}/candidates",
        "/console/watches/pick/{pick}/choice",
        "/console/watches/pick/{pick}/showing",
        "/{kind:t|a}/{slug}/qr.{format:svg|png}",
        "/{kind:t|a}/{slug}/wechat.svg",
        "/q/{slug}/qr.{format:svg|png}",
        "/feed/{feed}/atom.xml",
        "/feed/{feed}/feed.json",
        "/manifest.webmanifest",
        "/sw.js",
        "/static/{name}",
    }
)
_STRANGER: Final = (
    *("/", "/console/login", "/claim/{token}", "/claim/{invited}", "/{kind:t|a}/{slug}"),
    *("/console/in/{code}", "/nowhere"),
)
"""Pages that who is not known here sees otherwise."""
_OWNER: Final = ("/console", "/console/me", "/console/me/delete", "/console/confirm")
"""Pages that an owner sees otherwise than the operator."""
_MORE: Final = (
    "/console/compose?app={app}",
    "/console/messages?from=never",
    "/console/apps/999",
    "/console/accounts/{account}/hand-over?to=operator",
)
_OF_WATCHES: Final = (
    "/console",
    "/console/watches",
    "/console/watches?text=nowhere",
    "/console/watches?state=fine&tag=shop&said=watches_paused&count=2",
    *(f"/console/watches/{watch}" for watch in ("dune", "cs", "kettle", "tent", "lamp")),
)
"""Pages that show more where a watcher runs in the process."""
_WATCHES: Final = """# Written by `watcher add`.
defaults: {every: 1h, topic: deals, per_host: {concurrency: 20, min_delay: 0s}}
watches:
  dune:
    name: Dune
    url: {shop}/dune
    extract:
      price: {css: .price, type: money}
    notify_when:
      price:
        below: 95
  odd:
    url: "{shop}/odd"
    extract:
      price: {css: .price, type: money}
    notify_when: changes
  list:
    url: {shop}/list
    items:
      css: li
      key: b
      fields: {seats: i}
    notify_when: added
  mine:
    # by hand
    url: "{shop}/list"
    notify_when: changes
"""
_PRICED: Final = "<main><h1>Dune</h1><dl><dt>Price</dt><dd><b class={}>€ {}</b></dd></dl></main>"
_LIST: Final = "".join(f"<li><b>Course {number}</b> <i>{number}</i></li>" for number in range(5))
_BEFORE: Final = {
    "/dune": _PRICED.format("price", 100),
    "/odd": _PRICED.format("price", 100),
    "/list": f"<h1>Courses</h1><ul>{_LIST}</ul>",
}
_AFTER: Final = {"dune": _PRICED.format("amount", 98), "odd": _PRICED.format("price", "0.00")}
_STEPS: Final[Mapping[str, Sequence[Sequence[tuple[Mapping[str, str], int]]]]] = {
    "/console/watches/new": [
        [({"url": "{shop}/dune", "act": "point"}, 200)],
        [
            ({"url": "{shop}/dune", "act": "look"}, 200),
            ({"when": "falls_by:price", "what-falls_by:price": "a lot", "act": "review"}, 422),
            (
                {
                    "when": "falls_below:price",
                    "what-falls_by:price": "5%",
                    "what-falls_below:price": "200",
                    "act": "review",
                },
                200,
            ),
        ],
        [({"url": "nowhere", "act": "look"}, 422)],
    ],
    "/console/watches/new?as=yaml": [[({"written": "dune: ["}, 422)]],
    "/console/watches/{watch}/edit": [
        [({"v0-find": ".amount", "act": "try"}, 200)],
        [({"url": "nowhere"}, 422)],
        [({"name": "The price of Dune"}, 200), ({"act": "save"}, 200)],
    ],
    "/console/watches/list/edit": [[({"act": "try"}, 200)]],
    "/console/watches/mine/edit": [],
    "/console/watches/{watch}/proposal": [[({}, 200)]],
    "/console/watches/{watch}/replay": [[({"rules": "- price: {below: 93}"}, 200)], [({"rules": "["}, 422)]],
}
"""What is sent with the last form of a page, one that has fields if any does, and how each is answered, in turn."""
_REFUSED: Final = frozenset(
    {
        "/wxuser",
        "/nowhere",
        "/{topic:[-_A-Za-z0-9]{1,64}}",
        "/console/messages?from=never",
        "/console/apps/999",
        "/console/me/delete as the operator",
        "/console/accounts/{account}/hand-over",
    }
)
"""Pages that say that there is nothing, or what is wrong with an address, to everybody or to one."""
_MISTAKES: Final[Mapping[str, Mapping[str, str]]] = {
    "/console/login": {"password": "wrong"},
    "/console/confirm": {"password": "wrong"},
    "/console/in/{code}": {"name": ""},
    "/console/me": {"name": ""},
    "/console/accounts/{account}": {"messages": "many"},
    "/console/apps/new": {"name": "", "callback_url": "ftp://x"},
    "/console/apps/{app}/edit": {"name": "", "callback_url": "ftp://x"},
    "/console/apps/{app}/webhooks/new": {"url": "ftp://x"},
    "/console/tokens/new": {"name": ""},
    "/console/topics/new": {"name": ""},
    "/console/topics/{topic}": {"name": ""},
    "/console/apps/{app}/subscribers/{uid}": {"remark": "x" * 101},
    "/console/compose?app={app}": {"content": "", "url": "x"},
    "/console/watches/new": {"url": "nowhere"},
    "/reach": {"address": "nobody"},
}
"""What is typed into the form that has these fields, as no browser would let anybody."""
_EXAMINE: Final = """async ([rules, frame]) => {
  const options = { resultTypes: ["violations"], preload: false, iframes: false, elementRef: false };
  const colours = { "color-contrast": { enabled: false } };
  const runs = rules.length ? [await axe.run(document, { ...options, runOnly: rules, rules: colours })] : [];
  // The frame that all pages share has the colours of the first.
  if (rules.includes("wcag2aa")) {
    runs.push(await axe.run({ exclude: frame }, { ...options, runOnly: ["color-contrast"] }));
  }
  const violations = runs.flatMap((run) => run.violations);
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const found = serious.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html} ${node.any[0]?.message ?? ""}`));
  const page = document.documentElement;
  const boxes = [page, ...document.querySelectorAll("main :not(textarea, pre)")].filter((box) =>
    box.scrollWidth > box.clientWidth && (box === page || /auto|scroll/.test(getComputedStyle(box).overflowX)));
  return [...found, ...boxes.map((box) => `scrolls sideways at ${innerWidth}: ${box.outerHTML.slice(0, 120)}`)];
}"""
_FRAME: Final = ("body > header", "dialog")
_SEND: Final = """(fields) => {
  const [first] = Object.keys(fields);
  const form = document.querySelector(`form[method=post]:has([name="${first}"])`);
  for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
  form.submit();  // which asks no browser whether the fields are right
}"""


_STEP: Final = """(fields) => {
  const form = [...document.querySelectorAll("main form.form[method=post]")].at(-1)
    ?? [...document.querySelectorAll("main form[method=post]")].at(-1);
  const named = new Set([...form.elements].filter(({ type }) => type !== "submit").map(({ name }) => name));
  for (const [name, value] of Object.entries(fields)) {
    if (named.has(name)) form.elements[name].value = value;
    else form.insertAdjacentHTML("beforeend", `<input type="hidden" name="${name}" value="${value}">`);
  }
  HTMLFormElement.prototype.submit.call(form);
}"""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, registration=Registration.OPEN)


@pytest.fixture
def channels() -> Channels:
    """Mail and Apprise, whose servers nobody asks."""
    mail = EmailChannel(
        mail_settings("smtp://127.0.0.1:1", "watcher@push.example"), "http://push.example/subscriptions"
    )
    other = AppriseChannel(["tgram"])
    return Channels(
        by_name={mail.name: mail, other.name: other},
        asking={mail.name: mail, other.name: other},
        apprise=other.schemes,
    )


@pytest.mark.parametrize(("language", "scheme"), _LOOKS)
async def test_axe_finds_nothing_serious_on_any_page(
    browser: Browser, site: Site, settings: Settings, tmp_path: Path, language: str, scheme: str
) -> None:
    filled = await fill(site.push, settings.watches)
    town = replace(filled, things={**filled.things, "invited": await invite(site.push)})
    database = tmp_path / "push.sqlite3"
    approver = await site.push.approvers.let_approve(None, kind="Safari · iPhone", replacing=None)
    operator = {COOKIE: town.operator, DEVICE_COOKIE: town.reader.device_token}
    owner = an_owner(database, town.app)
    # A page that has several addresses is looked at once.
    pages = {route.handler: route.path for route in reversed(ROUTES) if route.method == "GET" and route.role in _ROLES}
    looks: Mapping[str, tuple[Mapping[str, str], Sequence[str]]] = {
        "a stranger": ({}, _STRANGER),
        "a new owner": ({COOKIE: session_of(database, an_owner(database))}, _OWNER),
        "an owner": ({COOKIE: session_of(database, owner)}, _OWNER[:1]),
        "the operator": (
            {**operator, APPROVER_COOKIE.named(is_https=False): approver},
            [*sorted({*pages.values()} - _NO_PAGES), *_MORE, f"/console/accounts/{owner}/hand-over?to=operator"],
        ),
    }
    wrong: dict[str, Sequence[str]] = {}
    for who, (cookies, patterns) in looks.items():
        page = await _window(browser, site, language, scheme, cookies)
        wrong |= await _look(page, site, town, patterns, who)
    assert {path: found for path, found in wrong.items() if found} == {}


@pytest.mark.parametrize(("language", "scheme"), _LOOKS)
async def test_axe_finds_nothing_serious_where_a_watcher_runs(
    browser: Browser, tmp_path: Path, language: str, scheme: str
) -> None:
    async with watches_of_every_kind(tmp_path) as desk:
        page = await _window(browser, desk.site, language, scheme, {COOKIE: desk.session})
        wrong: dict[str, Sequence[str]] = {}
        for path in _OF_WATCHES:
            await page.goto(f"{desk.site.base}{path}")
            wrong[path] = await _examine(page, _FRAME if wrong else (), _SIZES)
    assert {path: found for path, found in wrong.items() if found} == {}


@pytest.mark.parametrize(("language", "scheme"), _LOOKS)
async def test_axe_finds_nothing_serious_where_watches_are_made_and_mended(
    browser: Browser, tmp_path: Path, language: str, scheme: str
) -> None:
    async with a_watch_room(tmp_path, _WATCHES, _BEFORE, watcher=WatcherNear) as room:
        for watch, html in _AFTER.items():
            room.shop.show(f"/{watch}", html)
            await room.check(watch)
        page = await _window(browser, room.operator.site, language, scheme, {COOKIE: room.operator.session})
        wrong: dict[str, Sequence[str]] = {}
        for pattern in dict.fromkeys([*_pages_of_watches(), "/console/watches/odd/accept", *_STEPS]):
            path = pattern.replace("{watch}", "dune")
            wrong[path] = await _opened(page, room, path)
            for number, steps in enumerate(_STEPS.get(pattern, ())):
                if number:
                    await page.goto(f"{room.operator.site.base}{path}")
                for fields, status in steps:
                    wrong[f"{path} {fields}"] = await _stepped(page, room, fields, status)
    assert {path: found for path, found in wrong.items() if found} == {}


def _pages_of_watches() -> Sequence[str]:
    """Return those that are there with a watch alone."""
    paths = {route.path for route in ROUTES if route.method == "GET" and route.path.startswith("/console/watches/")}
    return sorted(path for path in paths - _NO_PAGES if not path.endswith(("{pick}", "{edit}", "/copy", "/source")))


async def _opened(page: Page, room: WatchRoom, path: str) -> Sequence[str]:
    answer = await page.goto(f"{room.operator.site.base}{path}")
    assert answer is not None
    found = [] if answer.status == 200 else [f"HTTP {answer.status}"]
    moved = [] if page.url.endswith(path) or path.endswith("/dune/accept") else [f"leads to {page.url}"]
    return [*found, *moved, *await _examine(page, _FRAME, _SIZES)]


async def _stepped(page: Page, room: WatchRoom, fields: Mapping[str, str], status: int) -> Sequence[str]:
    """Send the last form, see `_STEPS`, of the page that is open with these fields, and look at what comes."""
    async with page.expect_navigation() as answered:
        await page.evaluate(_STEP, {name: value.replace("{shop}", room.shop.base) for name, value in fields.items()})
    answer = await answered.value
    assert answer is not None
    found = [] if answer.status == status else [f"HTTP {answer.status}"]
    width = page.viewport_size["width"] if page.viewport_size else 0
    return [*found, *await _examine(page, _FRAME, {width: _ALL})]


async def _window(browser: Browser, site: Site, language: str, scheme: str, cookies: Mapping[str, str]) -> Page:
    context: BrowserContext = await browser.new_context(
        locale=language, color_scheme="dark" if scheme == "dark" else "light", viewport={"width": 320, "height": 800}
    )
    await context.add_init_script(WITHOUT_WORKERS)
    await context.add_init_script(
        resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    )
    await context.add_cookies([{"name": name, "value": value, "url": site.base} for name, value in cookies.items()])
    return await context.new_page()


async def _look(page: Page, site: Site, town: Town, patterns: Sequence[str], who: str) -> dict[str, Sequence[str]]:
    """Open the pages, each once and once more with a mistake; return what is wrong with each."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # How a page itself is answered is looked at below.
        if message.location["url"] != page.url:
            said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith((site.base, "data:")) else said.append(asked.url))
    wrong: dict[str, Sequence[str]] = {}
    for pattern in patterns:
        said.clear()
        answer = await page.goto(f"{site.base}{town.path(pattern)}")
        assert answer is not None
        assert (await answer.header_value("content-type") or "").startswith("text/html"), pattern
        may_be_refused = not _REFUSED.isdisjoint({pattern, f"{pattern} as {who}"})
        found = [] if may_be_refused == (answer.status >= 400) else [f"HTTP {answer.status}"]
        found += await _examine(page, () if wrong else _FRAME, _SIZES)
        if pattern in _MISTAKES:
            found += await _mistake(page, _MISTAKES[pattern])
        wrong[f"{pattern} as {who}"] = [*found, *said]
    return wrong


async def _mistake(page: Page, fields: Mapping[str, str]) -> Sequence[str]:
    """Send the form that has these fields, and look at what comes."""
    if not await page.locator(f'form[method=post]:has([name="{next(iter(fields))}"])').count():
        return []
    async with page.expect_navigation() as answered:
        await page.evaluate(_SEND, fields)
    if (await answered.value).status < 400:
        return [f"{fields} was taken"]
    width = page.viewport_size["width"] if page.viewport_size else 0
    return [f"with a mistake: {each}" for each in await _examine(page, _FRAME, {width: _ALL})]


async def _examine(page: Page, frame: Sequence[str], sizes: Mapping[int, Sequence[str]]) -> list[str]:
    """
    Return what is wrong with the page that is open, at each width.

    Args:
        frame: what was examined for its colours before.
        sizes: the rules by width; that which the window has comes first.
    """
    now = page.viewport_size["width"] if page.viewport_size else 0
    found = []
    for width in sorted(sizes, key=lambda width: width != now):
        if width != now:
            await page.set_viewport_size({"width": width, "height": 800})
        found += [f"{width} px: {each}" for each in await page.evaluate(_EXAMINE, [sizes[width], frame])]
    return found
