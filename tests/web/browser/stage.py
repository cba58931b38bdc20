"""
What a story takes place on: a server with its own address, its deliverer, a mail server, and windows.

Nobody in a story reaches into the store: people press what is on their screens, phones open what a picture of a screen
says, programs ask over HTTP, and time passes by the clock that is handed in. Buttons are found by the key of their
words, so a story tells what happens, and the translations how it is said.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser import WITHOUT_WORKERS
from tests.clock import Clock
from tests.push.emulators.mail import MailServer, a_mail_server
from tests.push.prepared import place_tables
from tests.running import meanwhile
from tests.web.site import PASSWORD
from watcher.core.accounts import Registration
from watcher.core.locale import Locale
from watcher.core.settings import Settings
from watcher.push.channels.email.channel import EmailChannel
from watcher.push.channels.offered import Channels
from watcher.push.opening import open_push_service
from watcher.store.watch_reader import DiskWatchReader
from watcher.translations import text
from watcher.web.app import build_app
from watcher.web.transport.server import open_socket, start_server

_LINK: Final = re.compile(r"http://localhost:\d+/confirm/\w+")
reads_codes = pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg is not installed: no code was read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Windows are of the browser, cookies of each window its own."""

    browser: Browser
    base: str
    clock: Clock
    mails: MailServer
    directory: Path
    complaints: list[str] = field(default_factory=list)
    """what the windows complained of, and what they asked of others"""

    async def desk(self) -> Page:
        """Open a window on a desk, which may use the clipboard."""
        return await self._window(1280, 900)

    async def phone(self) -> Page:
        """Open a window of a phone."""
        return await self._window(390, 844)

    async def scan(self, phone: Page, picture: Locator) -> str:
        """Open on a phone what a code on another screen says; return that."""
        link = await self.read(picture)
        await phone.goto(link)
        return link

    async def read(self, picture: Locator) -> str:
        """Return what a code on a screen says, as a camera sees it."""
        shot = self.directory / "code.png"
        shot.write_bytes(await picture.screenshot())
        command = ["zbarimg", "--quiet", "--raw", str(shot)]
        read = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True, timeout=60)
        return read.stdout.decode().strip()

    async def show_code(self, desk: Page) -> Locator:
        """Open the console at a desk that is not signed in; return the code to scan, which is there by itself."""
        await desk.goto(f"{self.base}/console")
        await expect(desk.locator(".scan .letters")).to_be_visible()
        return desk.locator(".scan .qr")

    async def register(self, desk: Page, phone: Page, name: str) -> None:
        """Scan with a phone that has no account, compare the characters on both, and give a name."""
        await self.scan(phone, await self.show_code(desk))
        await expect(phone.locator(".letters")).to_have_text(await desk.locator(".scan .letters").inner_text())
        await phone.get_by_label(say("me_name")).press_sequentially(name)
        await phone.keyboard.press("Enter")

    async def log_in(self, desk: Page) -> None:
        """Sign the operator in by the password."""
        await desk.goto(f"{self.base}/console")
        await desk.get_by_label(say("login_password")).fill(PASSWORD)
        await desk.keyboard.press("Enter")
        await at_home(desk)

    def link_of_mail(self) -> str:
        """Return the link that the newest mail asks its reader to open."""
        body = self.mails.mails[-1].parsed.get_body(("plain",))
        assert body is not None
        found = _LINK.search(body.get_content())
        assert found
        return found[0]

    async def _window(self, width: int, height: int) -> Page:
        context = await self.browser.new_context(locale="en-US", viewport={"width": width, "height": height})
        await context.add_init_script(WITHOUT_WORKERS)
        await context.grant_permissions(["clipboard-read", "clipboard-write"], origin=self.base)
        page = await context.new_page()
        page.on("console", lambda said: self._hear(said.type, said.text, said.location["url"]))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda asked: None if self._is_ours(asked.url) else self.complaints.append(asked.url))
        return page

    def _hear(self, kind: str, words: str, where: str) -> None:
        # A clock of ours may not run in the frame of a message, nor may anything else.
        if kind == "error" and not words.startswith("Blocked script execution in 'about:srcdoc'"):
            self.complaints.append(f"{where}: {words}")

    def _is_ours(self, url: str) -> bool:
        return url.startswith((f"{self.base}/", "data:", "about:"))


@asynccontextmanager
async def a_stage(browser: Browser, directory: Path, registration: Registration, at: datetime) -> AsyncIterator[Stage]:
    """Serve a new data directory, whose operator has the password PASSWORD, on an address that links lead to."""
    clock = Clock(at)
    async with AsyncExitStack() as stack:
        mails = await stack.enter_async_context(a_mail_server())
        push = await open_push_service(await place_tables(directory / "push.db", password=PASSWORD), now=clock)
        stack.push_async_callback(push.close)
        listening = open_socket("127.0.0.1", 0)
        base = f"http://localhost:{listening.getsockname()[1]}"
        mail = EmailChannel(mails.settings(), f"{base}/subscriptions")
        deliverer = push.deliveries.deliverer(
            {mail.name: mail}, chance=lambda: 0.0, link=lambda message: f"{base}/m/{message.slug}"
        )
        await stack.enter_async_context(meanwhile(deliverer.run()))
        settings = Settings(data=directory, base_url=base, registration=registration, operator_name="Ada")
        channels = Channels(by_name={mail.name: mail}, asking={mail.name: mail})
        server = await start_server(build_app(push, settings, DiskWatchReader(settings.watches), channels), listening)
        stack.push_async_callback(server.stop)
        stage = Stage(browser=browser, base=base, clock=clock, mails=mails, directory=directory)
        yield stage
        assert not stage.complaints, stage.complaints


def say(key: str, **values: object) -> str:
    """Return the English words of a key."""
    return text(Locale.ENGLISH, key, **values)


async def press(page: Page, key: str, **values: object) -> None:
    """Click the one button or link with these words in the page, not those of the bar."""
    words = say(key, **values)
    inside = page.locator("main")
    button = inside.get_by_role("button", name=words, exact=True)
    await button.or_(inside.get_by_role("link", name=words, exact=True)).first.click()


async def go_to(page: Page, room: str) -> None:
    """Follow a link of the bar."""
    async with page.expect_navigation():  # the page before may have the same heading
        await page.get_by_role("navigation", name=say("rooms")).get_by_role("link", name=say(f"room_{room}")).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(say(f"room_{room}"))


async def at_home(desk: Page) -> None:
    """Wait until somebody is signed in, and sees the first page."""
    await expect(desk.get_by_role("heading", level=1)).to_have_text(say("room_overview"))


async def told(page: Page, key: str) -> None:
    """Wait until the page says that this was done."""
    await expect(page.get_by_role("status").filter(has_text=say(key))).to_be_visible()


async def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has these words as its name has the focus."""
    for _ in range(_MOST_TABS):
        await page.keyboard.press("Tab")
        if await page.evaluate(_FOCUSED) == words:
            return
    raise AssertionError(f"no Tab leads to “{words}” on {page.url}")


async def enter(page: Page) -> None:
    """Press Enter, which leads to another page."""
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


_MOST_TABS: Final = 60
_FOCUSED: Final = """(() => {
  const at = document.activeElement;
  return (at.labels?.[0]?.textContent ?? at.getAttribute("aria-label") ?? at.textContent).trim();
})()"""
