"""The picker in a real browser: by pointing, by keyboard alone, and on pages that would rather not be pointed at."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from msgspec import Struct
from playwright.async_api import Browser, FrameLocator, Page, expect

from tests.browser import in_one_browser
from tests.web.browser.stage import press, say, tab_to
from tests.web.console_desk import session_of
from tests.web.login import COOKIE, serving
from tests.web.pointing import WatcherOfPages
from tests.web.site import Site
from tests.web.test_console_picking import NEW, SHOP, URL
from watcher.core.settings import Settings
from watcher.core.watch import Items
from watcher.push.service import PushService

pytestmark = in_one_browser

_MOST_LOOKS: Final = 10
_AXE: Final = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"], iframes: false });
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}"""
_HOSTILE: Final = """<!doctype html><html><head><base href="https://evil.example/"><title>T</title>
<meta http-equiv=refresh content="0;url=https://evil.example/">
<link rel=stylesheet href=https://evil.example/s.css><style>@import "https://evil.example/i.css";
body{background:url(https://evil.example/b.png);display:block}@font-face{font-family:x;src:url(https://evil.example/f)}
.a::after{content:url(https://evil.example/c.png)}</style>
<script>parent.postMessage(3,'*');setInterval(()=>parent.postMessage(3,'*'),10);document.title='ran'</script></head>
<body onload="parent.postMessage(3,'*')"><iframe src=https://evil.example/f.html></iframe>
<iframe srcdoc="<script>parent.parent.postMessage(3,'*')</script>"></iframe>
<object data=https://evil.example/o></object><embed src=https://evil.example/e>
<img src=https://evil.example/i.png srcset="https://evil.example/j.png 2x" onerror="parent.postMessage(3,'*')">
<video src=https://evil.example/v poster=https://evil.example/p.png></video><audio src=https://evil.example/a></audio>
<svg onload="parent.postMessage(3,'*')"><image href=https://evil.example/k.png></image></svg>
<form action=https://evil.example/><button>Send</button></form>
<a class=a href=https://evil.example/ target=_top>Away</a>
<p id=parent name=body style="background:url(https://evil.example/q.png)">A price: $12.00</p></body></html>"""


class Room(Struct, frozen=True, kw_only=True):
    """The console with a watcher, and what the windows asked of others or complained of."""

    browser: Browser
    site: Site
    watcher: WatcherOfPages
    session: str
    foreign: list[str]
    errors: list[str]

    async def open(self, address: str = NEW, *, width: int = 1280) -> Page:
        """Open a page of the console in a window of its own."""
        context = await self.browser.new_context(locale="en-US", viewport={"width": width, "height": 900})
        await context.add_cookies([{"name": COOKIE, "value": self.session, "url": self.site.base}])
        page = await context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda asked: self._look_at(asked.url))
        await page.goto(f"{self.site.base}{address}")
        return page

    async def pick(self, url: str = URL, *, width: int = 1280) -> tuple[Page, FrameLocator]:
        """Fetch a page; return the window and the frame in it, when all is there."""
        page = await self.open(width=width)
        await page.get_by_label(say("edit_url")).fill(url)
        async with page.expect_navigation():  # until its script hears what is pointed at
            await press(page, "edit_look")
        await expect(page.locator('[data-part="candidates"] [role=status]')).to_have_count(0)
        return page, page.frame_locator("iframe")

    def _look_at(self, url: str) -> None:
        if not url.startswith((f"{self.site.base}/", "data:", "about:")):
            self.foreign.append(url)


@pytest_asyncio.fixture(loop_scope="package")
async def room(browser: Browser, push: PushService, settings: Settings, tmp_path: Path) -> AsyncIterator[Room]:
    (tmp_path / "files").mkdir()
    watcher = WatcherOfPages(tmp_path / "files", {URL: SHOP.encode()})
    watcher.config.write_text("defaults: {topic: books}\nwatches: {}\n", encoding="utf-8")
    async with serving(push, settings, local=watcher) as site:
        room = Room(
            browser=browser,
            site=site,
            watcher=watcher,
            session=session_of(tmp_path / "push.sqlite3"),
            foreign=[],
            errors=[],
        )
        yield room
    assert room.foreign == []
    assert room.errors == []


async def test_pointing_at_a_price_and_saving_it_makes_a_watch(room: Room) -> None:
    page, frame = await room.pick()
    await frame.locator("#deal").click()
    chosen = page.locator("[data-chosen]")
    await expect(chosen).to_contain_text("$9.99")
    await page.get_by_label(say("pick_name")).fill("Deal of the day")
    await page.get_by_label(say("tell_falls_below", name="price"), exact=True).check()
    await page.get_by_placeholder(say("tell_falls_below_what")).fill("8")
    await page.get_by_role("checkbox").check()
    async with page.expect_navigation(url="**/console/watches/saved/*"):
        await press(page, "pick_save")
    assert str(room.watcher.watches["deal-of-the-day"].rules[0].conditions[0].operator) == "below"


@pytest.mark.faults
async def test_one_row_becomes_the_list_that_it_is_in(room: Room) -> None:
    page, frame = await room.pick()
    await frame.locator(".seats").nth(2).click()
    await press(page, "pick_its_list")
    await expect(page.locator("[data-chosen]")).to_contain_text("8 rows")
    await expect(frame.locator('.card[data-mark~="here"]')).to_have_count(8)
    await page.get_by_role("checkbox").check()
    await press(page, "pick_save")  # some of them have seats already, which is shown first
    async with page.expect_navigation(url="**/console/watches/saved/*"):
        await press(page, "review_save_made")
    assert isinstance(room.watcher.watches["books"].extraction, Items)


@pytest.mark.faults
async def test_by_keyboard_whatever_comes_first_is_chosen_beside_this_one(room: Room) -> None:
    page, frame = await room.pick()
    await frame.locator(".title a").nth(2).click()
    await expect(page.locator("[data-chosen] dd strong")).to_have_text("Book 14")
    await tab_to(page, say("pick_first"))
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-chosen] dd strong")).to_have_text("Book 12")
    await expect(frame.locator('[data-mark~="here"]')).to_have_text("Book 12")
    await tab_to(page, say("pick_only_value"))
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-chosen] dd strong")).to_have_text("Book 14")


@pytest.mark.faults
async def test_a_text_of_the_page_itself_leads_to_the_form_and_its_margin_to_nothing(room: Room) -> None:
    room.watcher.pages[URL] = b"<title>Old</title><body>Words of old<br>in no element<br>of their own<p>And one</p>"
    page, frame = await room.pick()
    await frame.locator("p").click()
    await expect(page.locator("[data-chosen]")).to_contain_text("And one")
    await frame.locator("body").click(position={"x": 30, "y": 20})
    await expect(page.locator('[data-part="choice"]')).to_contain_text(say("pick_nothing"))
    room.watcher.pages[URL] = b"<title>New</title><p>The only one</p>"
    page, frame = await room.pick()
    await frame.locator("p").click()
    await expect(page.locator("[data-chosen]")).to_contain_text("The only one")
    await page.get_by_text(say("pick_around")).click()
    await expect(page.get_by_text(say("pick_no_list_of_page"))).to_be_visible()
    await frame.locator("body").click(position={"x": 30, "y": 400})
    await frame.locator("p").click()
    await expect(page.locator("[data-chosen]")).to_contain_text("The only one")


@pytest.mark.faults
async def test_on_a_page_that_shows_nothing_nobody_is_asked_to_click(room: Room) -> None:
    page, _ = await room.pick()
    await expect(page.locator("#pick-keys")).to_be_visible()
    room.watcher.pages[URL] = b"<title>App</title><div id=root></div><script>fetch('/api/v1/books')</script>"
    page, _ = await room.pick()
    await expect(page.locator('[data-part="candidates"]')).to_contain_text("filled by JavaScript")
    await expect(page.locator("#pick-keys")).to_be_hidden()


@pytest.mark.faults
async def test_candidates_are_outlined_and_labelled_and_one_can_be_taken(room: Room) -> None:
    page, frame = await room.pick()
    await expect(frame.locator("watcher-label").first).to_have_text("1 · list")
    await expect(frame.locator('.card[data-mark~="found"]')).to_have_count(8)
    await page.locator('[data-of="c0"]').click()
    await expect(page.locator("[data-chosen]")).to_contain_text("8 rows")


@pytest.mark.faults
async def test_up_and_down_the_tree_and_what_moves_is_left_out(room: Room) -> None:
    page, frame = await room.pick()
    await frame.locator("#deal").click()
    await page.get_by_text(say("pick_around")).click()
    await page.locator("[data-chosen] details button").first.click()
    await press(page, "pick_whole_text")
    await expect(page.locator("[data-chosen]")).to_contain_text("Offer of the day: $9.99 12:01")
    await frame.locator("#clock").click()
    await expect(page.locator("[data-chosen] dd strong")).to_have_text("12:01")
    await press(page, "pick_leave_out")
    await expect(page.locator("[data-chosen] dd strong")).to_have_text("Offer of the day: $9.99")
    await expect(frame.locator('#clock[data-mark~="left"]')).to_be_visible()
    await page.locator("[data-restore]").click()
    await expect(page.locator("[data-chosen] dd strong")).to_have_text("Offer of the day: $9.99 12:01")


@pytest.mark.faults
async def test_by_keyboard_alone_from_an_address_to_a_watch(room: Room) -> None:
    page = await room.open()
    await tab_to(page, say("edit_url"))
    await page.keyboard.type(URL)
    await page.keyboard.press("Enter")
    await expect(page.locator('[data-of="c0"]')).to_be_visible()
    await page.keyboard.press("/")
    await page.keyboard.type("9.99")
    await page.keyboard.press("Enter")
    await expect(page.locator('[data-part="showing"] button').first).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-chosen]")).to_contain_text("$9.99")
    await tab_to(page, say("pick_name"))
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type("Deal")
    await tab_to(page, say("pick_include", pattern="watches.d/*.yaml"))
    await page.keyboard.press("Space")
    await tab_to(page, say("pick_save"))
    async with page.expect_navigation(url="**/console/watches/saved/*"):
        await page.keyboard.press("Enter")
    assert "deal" in room.watcher.watches


@pytest.mark.faults
async def test_arrows_move_through_the_page_and_enter_chooses(room: Room) -> None:
    page, frame = await room.pick()
    await frame.locator("body").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowDown", "ArrowRight", "ArrowDown"):
        await page.keyboard.press(key)
    await expect(frame.locator('[data-mark~="here"]')).to_have_text("Book 13")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-chosen]")).to_contain_text("Book 13$13.50")


HARD: Final[Mapping[str, tuple[bytes, str, str]]] = {
    "quirks mode": (b"<P CLASS=Price>12,50 &euro;<P class=price>13,50 &euro;", ".Price", "€12.50"),
    "from right to left": (
        '<!doctype html><html lang="ar" dir="rtl"><p id="cost">السعر: <b>٤٥ ر.س</b></p>'.encode(),
        "#cost b",
        "45.00",
    ),
    "Chinese in GBK": (
        "<meta charset=gbk><html lang=zh><p id=cost>售价 <b>￥59.00</b></p>".encode("gbk"),
        "#cost b",
        "59",
    ),
    "a table with cells over columns": (
        b"<table><tr><th colspan=3>Winter<tr><th>Code<th>Course<th>Seats"
        + b"".join(b"<tr><td>C%d<td>Course %d in days<td>%d" % (n, n, n) for n in range(3, 9))
        + b"<tr><td colspan=2>All<td>33</table>",
        "tr:nth-child(5) td:nth-child(3)",
        "5",
    ),
    "five megabytes": (
        b"<main><p id=first>Price: <b>$8.40</b></p>" + b"<p>Words of a long page.</p>" * 200_000,
        "b",
        "$8.40",
    ),
}


@pytest.mark.faults
@pytest.mark.parametrize("case", HARD)
async def test_a_hard_page_can_be_pointed_at(room: Room, case: str) -> None:
    body, css, text = HARD[case]
    room.watcher.pages[URL] = body
    page, frame = await room.pick()
    await frame.locator(css).first.click()
    await expect(page.locator("[data-chosen] dd strong")).to_contain_text(text)


@pytest.mark.faults
async def test_a_hostile_page_runs_nothing_asks_for_nothing_and_says_nothing(room: Room) -> None:
    room.watcher.pages[URL] = _HOSTILE.encode()
    page, frame = await room.pick()
    await expect(frame.locator("#parent")).to_contain_text("$12.00")
    await expect(page.locator("[data-chosen]")).to_have_count(0)
    assert await frame.locator("html").evaluate("() => [origin, document.title]") == ["null", ""]
    await frame.get_by_text("Send").click()
    await frame.get_by_text("Away").click()
    await frame.locator("#parent").click()
    await expect(page.locator("[data-chosen]")).to_contain_text("$12.00")
    assert page.url.startswith(room.site.base)
    assert len(page.frames) == 2


@pytest.mark.faults
async def test_what_covers_the_page_is_laid_aside_and_comes_back_when_it_is_chosen(room: Room) -> None:
    over = "<div {} style='position:fixed;inset:0'>{}</div>".format
    banner = over("", "") + over("id=ask", "Cookies?")
    room.watcher.pages[URL] = SHOP.replace("<main>", f"{banner}<main>").encode()
    page, frame = await room.pick()
    await expect(frame.locator("#ask")).to_be_hidden()
    await frame.locator("#deal").click()
    await expect(page.locator("[data-chosen]")).to_contain_text("$9.99")
    await page.get_by_role("searchbox").fill("Cookies?")
    await press(page, "search")
    await page.locator('[data-part="showing"] button').first.click()
    await expect(frame.locator("#ask")).to_be_visible()


@pytest.mark.faults
@pytest.mark.parametrize("rest", ["<main>{}</main>", "<main style='position:fixed;inset:0;overflow:auto'>{}</main>"])
async def test_a_page_that_is_fixed_itself_stays(room: Room, rest: str) -> None:
    room.watcher.pages[URL] = rest.format("<h1>Level</h1><p id=level>143 cm at the bridge</p>").encode()
    page, frame = await room.pick()
    await frame.locator("#level").click()
    await expect(page.locator("[data-chosen]")).to_contain_text("143 cm")


@pytest.mark.faults
async def test_the_pages_servers_are_asked_only_when_somebody_wants_its_pictures(room: Room) -> None:
    head = "<link rel=stylesheet href=/s.css><script src=/x.js></script>"
    body = f"<!doctype html>{head}<img src=/a.png alt=Dune><p id=cost onclick=x()>$12.00"
    room.watcher.pages[URL] = body.encode()
    page, frame = await room.pick()
    await page.get_by_text(say("pick_pictures"), exact=True).click()
    assert room.foreign == []
    await press(page, "pick_pictures_on")
    await frame.locator("#cost").click()
    await expect(page.locator("[data-chosen]")).to_contain_text("$12.00")
    assert {*room.foreign} == {"https://shop.example/s.css", "https://shop.example/a.png"}
    room.foreign.clear()


@pytest.mark.faults
async def test_nobody_but_the_frame_can_choose(room: Room) -> None:
    page, frame = await room.pick()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    await page.evaluate("() => postMessage(5, '*')")
    for said in ("'5'", "-1", "1.5", "1e12", "{n: 5}", "[5]", "null", "NaN", "new Array(1e5).fill(5)"):
        await frame.locator("html").evaluate(f"() => parent.postMessage({said}, '*')")
    await frame.locator("h1").click()
    await expect(page.locator("[data-chosen]")).to_contain_text("Books")
    assert len([url for url in asked if "/choice?" in url]) == 1


@pytest.mark.faults
async def test_our_script_in_the_frame_hears_the_picker_alone(room: Room) -> None:
    _, frame = await room.pick()
    await frame.locator("html").evaluate("() => postMessage({ left: [5] }, '*')")
    await expect(frame.locator('[data-mark~="left"]')).to_have_count(0)


@pytest.mark.faults
async def test_the_frame_is_shown_by_nobody_else_and_runs_no_other_script(room: Room) -> None:
    page, _ = await room.pick()
    address = page.url.split("?", maxsplit=1)[0] + "/page"
    alone = await room.open(address.removeprefix(room.site.base))
    assert await alone.evaluate("() => origin") == "null"
    ran = await alone.evaluate(
        """() => new Promise((done) => {
          const script = document.createElement("script");
          script.textContent = "window.ran = true";
          document.body.append(script);
          setTimeout(() => done(window.ran === true));
        })"""
    )
    assert not ran


@pytest.mark.faults
@pytest.mark.parametrize("width", [320, 1280])
async def test_axe_finds_nothing_serious_in_the_picker(room: Room, width: int) -> None:
    page, frame = await room.pick(width=width)
    await frame.locator("#deal").click()
    await expect(page.locator("[data-chosen]")).to_be_visible()
    await page.get_by_text(say("pick_around")).click()
    await page.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    assert await page.evaluate(_AXE) == []
    assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.faults
async def test_without_scripts_the_page_is_looked_at_in_the_form(room: Room) -> None:
    context = await room.browser.new_context(locale="en-US", java_script_enabled=False)
    await context.add_cookies([{"name": COOKIE, "value": room.session, "url": room.site.base}])
    page = await context.new_page()
    await page.goto(f"{room.site.base}{NEW}")
    await page.get_by_label(say("edit_url")).fill(URL)
    await press(page, "edit_look")
    await expect(page.get_by_role("group", name=say("edit_candidates"))).to_be_visible()


@pytest.mark.faults
async def test_what_was_typed_wrongly_is_said_and_what_was_chosen_is_still_there(room: Room) -> None:
    page, frame = await room.pick()
    await frame.locator("#deal").click()
    await page.get_by_label(say("telling_every")).fill("soon")
    await press(page, "pick_save")
    await expect(page.get_by_text(say("telling_wrong_every"))).to_be_visible()
    await expect(frame.locator('#deal[data-mark~="here"]')).to_be_visible()


@pytest.mark.faults
@pytest.mark.alone
async def test_a_page_of_one_megabyte_is_ready_within_a_second(room: Room) -> None:
    """After the fetch: the server's part and the browser's, until its first element can be pointed at."""
    card = "<article class=card><h3><a href=/b>A book</a></h3><p class=price>$1.50</p><p>{}</p></article>"
    shop = "<!doctype html><title>S</title><main>" + card.format("Some words of it. " * 12) * 4_000 + "</main>"
    room.watcher.pages[URL] = shop[:1_000_000].encode()
    took = [1.0]
    while min(took) >= 1.0 and len(took) <= _MOST_LOOKS:  # others may use the cores
        page = await room.open()
        await page.get_by_label(say("edit_url")).fill(URL)
        async with page.expect_navigation():  # until the frame is whole, and so measured
            await press(page, "edit_look")
        await page.frame_locator("iframe").locator(".price").first.wait_for()
        seconds = """() => {
          const [own] = performance.getEntriesByType("navigation");
          const all = performance.getEntriesByType("resource");
          const frame = all.find(({ initiatorType }) => initiatorType === "iframe");
          return (frame.responseEnd - own.responseStart) / 1_000;
        }"""
        took.append(await page.evaluate(seconds))
        await page.context.close()
    print(f"1 MB in its frame after {min(took):.2f} s")
    assert min(took) < 1.0
