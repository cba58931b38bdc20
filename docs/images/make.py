"""
Draw all pictures: `python -m docs.images.make`, from the root of the checkout; with names, only those.

    flow          `flow.png`, at the head of the README. Runs the real `watcher demo`, reads its terminal, opens its
                  link in a browser at the size of a phone, subscribes, waits for the message, composes the three
    subscribing   what phones of different kinds are offered, for `docs/subscribing.md`; an inbox, for the first steps
    console       the console, for `docs/console.md`
    picker        a page in it that is pointed at
    watch         the page of a watch in it
    watches       the table of watches in it
    icons         of the installed app, in `watcher/web/static/`

Needs the development tools and chromium.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from html import escape
from pathlib import Path

from playwright.async_api import Browser, expect

from docs.images.console import draw_console
from docs.images.icons import draw_icons
from docs.images.picker import draw_picker
from docs.images.pictures import as_source
from docs.images.subscribing import BROWSER, draw_subscribing
from docs.images.watch import draw_watch
from docs.images.watches import draw_watches
from tests.browser import open_browser

PICTURE = Path(__file__).with_name("flow.png")
BASE_URL = "http://192.168.1.7:8400"
"""Stands in the picture and in its QR code, in place of an address of the machine that draws it."""
MESSAGE = "Dune 12.00 → 8.50 (−29.2%)"
SECONDS = 60

# Few CSS pixels, magnified: the words stay legible when the README shows the picture at half its size.
PHONE = {"width": 320, "height": 560}
MAGNIFIED = 1.28125

_PAGE = """<!doctype html><meta charset="utf-8"><style>
* {{ box-sizing: border-box; margin: 0 }}
body {{ width: 1600px; padding: 30px 24px 34px; background: #fff; color: #3b3a36; font: 26px "DejaVu Sans" }}
main {{ display: flex; justify-content: space-between; align-items: center }}
figcaption {{ height: 52px; text-align: center; white-space: nowrap }}
figcaption b {{ color: #0f766e }}
pre {{ width: 576px; height: 737px; padding: 62px 24px 0; border-radius: 14px; background: #1d1f1e; color: #f2f1ec;
  font: 20px/23px "DejaVu Sans Mono", monospace; letter-spacing: -.041px;
  white-space: pre-wrap; overflow-wrap: anywhere; position: relative }}
pre::before {{ content: "● ● ●"; position: absolute; top: 16px; left: 24px; color: #6b6d69 }}
pre .typed {{ color: #7ddcc9 }}
pre .code {{ display: block; margin: 23px 0; white-space: pre; text-align: center }}
img {{ display: block; width: 430px; padding: 10px; border-radius: 34px; background: #1d1f1e }}
img {{ clip-path: inset(0 round 34px) }}
i {{ font: 44px "DejaVu Sans"; color: #0f766e; padding-top: 52px }}
</style><main>
<figure><figcaption><b>1</b> Start it</figcaption><pre><span class="typed">$ make run</span>
<span class="code">{code}</span>{advice}</pre></figure><i>→</i>
<figure><figcaption><b>2</b> Scan, subscribe</figcaption><img src="{subscribe}"></figure><i>→</i>
<figure><figcaption><b>3</b> {message}</figcaption><img src="{inbox}"></figure>
</main>"""


async def main(names: Collection[str]) -> None:
    """Write the pictures of these names; of none: all."""
    async with open_browser(BROWSER) as browser:
        drawn = {
            "flow": draw_flow,
            "subscribing": draw_subscribing,
            "console": draw_console,
            "picker": draw_picker,
            "watch": draw_watch,
            "watches": draw_watches,
            "icons": draw_icons,
        }
        for name, draw in drawn.items():
            if not names or name in names:
                await draw(browser)


async def draw_flow(browser: Browser) -> None:
    """Write the picture at the head of the README."""
    async with asyncio.timeout(SECONDS), running_demo() as demo:
        code, advice, link = await read_terminal(demo)
        subscribe, inbox = await photograph(browser, link)
        page = await browser.new_page(viewport={"width": 1600, "height": 100})
        await page.set_content(
            _PAGE.format(
                code=escape(code),
                advice=escape("\n".join(advice)),
                subscribe=as_source(subscribe),
                inbox=as_source(inbox),
                message=escape(MESSAGE),
            )
        )
        await page.screenshot(path=PICTURE, full_page=True)


@asynccontextmanager
async def running_demo() -> AsyncIterator[asyncio.StreamReader]:
    """Keep the demo running; yield what it prints."""
    demo = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "watcher", "demo", "--host", "127.0.0.1", "--base-url", BASE_URL),
        stdout=asyncio.subprocess.PIPE,
    )
    assert demo.stdout is not None  # noqa: S101 - we asked for the pipe
    try:
        yield demo.stdout
    finally:
        demo.terminate()
        await demo.communicate()


async def read_terminal(demo: asyncio.StreamReader) -> tuple[str, list[str], str]:
    """Return the code, the lines of advice that the picture shows, and the link that opens on this machine."""
    code: list[str] = []
    advice: list[str] = []
    while line := (await demo.readline()).decode().rstrip("\n"):
        code.append(line)
    async for raw in demo:
        line = raw.decode().strip()
        if here := re.match(r"On this machine: +(\S+)", line):
            link = here[1]
            continue
        advice.append(line)
        if line.startswith("Press"):
            return "\n".join(code), advice, link
    raise RuntimeError("the demo ended before it told its link")


async def photograph(browser: Browser, link: str) -> tuple[bytes, bytes]:
    """Return the page that subscribes and the inbox with its first message, as a phone shows them."""
    phone = await browser.new_context(
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
        device_scale_factor=MAGNIFIED,
        is_mobile=True,
        has_touch=True,
        locale="en-US",
        color_scheme="light",
        reduced_motion="reduce",
    )
    page = await phone.new_page()
    await page.goto(link)
    subscribe = await page.screenshot()
    await page.get_by_role("button", name="Subscribe").click()
    await expect(page.get_by_role("link", name=MESSAGE)).to_be_visible(timeout=SECONDS * 1000)
    await expect(page.get_by_role("status")).to_have_text("Live")
    return subscribe, await page.screenshot()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
