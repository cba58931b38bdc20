"""
Texts that would be scripts, at each place where a page shows what somebody else wrote, in a real browser.

| place    | what is shown there                                                    | pages |
|----------|------------------------------------------------------------------------|-------|
| content  | each text rendered by itself, many in the frame of one message's page  | `/m/` |
| message  | title, summary, address, content and copy buttons of one message       | `/m/` |
| inbox    | summaries and previews, as they come live and as they are loaded       | `/inbox` |
| names    | names and descriptions of topics and applications                      | `/subscriptions`, `/t/` |

All of it once as it is served, and once without Content-Security-Policy and sandbox, where escaping and the sanitiser
stand alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from html import escape
from itertools import count
from pathlib import Path
from typing import Final, TypeVar

import pytest
from aiohttp import web
from markupsafe import Markup
from msgspec.structs import replace
from playwright.async_api import ConsoleMessage, Page

from tests.browser import needs_chromium, open_browser
from tests.faults.payloads import CANARY, payloads, url_payloads
from tests.faults.tally import Tally, sized
from tests.web.site import NOW
from watcher.core.push import App, AppProfile, ContentType, Draft, Message, NewSubscriber, TopicDraft
from watcher.core.settings import Settings
from watcher.core.watch import Topic
from watcher.errors import PushError, RefusedError
from watcher.push.draft import make_draft
from watcher.push.opening import open_push_service
from watcher.push.render import render as safe_html
from watcher.push.service import PushService
from watcher.store.watch_reader import DiskWatchReader
from watcher.web.app import build_app
from watcher.web.pages import message as message_page
from watcher.web.pages.view import render
from watcher.web.sessions.device import DEVICE_COOKIE
from watcher.web.transport.server import open_socket, start_server

pytestmark = pytest.mark.faults

_PAYLOADS: Final = sized(20, 750)
_MESSAGE_PAGES: Final = sized(6, 200)
"""A page of its own for each, which costs a browser most."""
_AT_ONCE: Final = 20
_NOWHERE: Final = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""What a text names elsewhere is not there."""
_T = TypeVar("_T")

_FRAMES: Final = {"Content-Security-Policy": "default-src 'none'; frame-src 'self'; frame-ancestors 'none'"}
"""Of a page that holds our own pages, which has no script."""

_BEGIN_MS: Final = 20
"""For what begins by itself."""

# Does what a person might do, and returns the elements that could run something; a link is judged by its address. It
# must not wait for anything: in a frame without scripts no timer ends.
_LOOK: Final = """() => {
  const names = ["mouseover", "pointerenter", "click", "focus", "toggle", "animationstart", "begin", "error", "load"];
  const found = [];
  for (const element of document.querySelectorAll("body *:not([data-ours])")) {
    for (const name of names) element.dispatchEvent(new Event(name, { bubbles: false }));
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) found.push(element.outerHTML);
      if (!/^(href|src|action|formaction|xlink:href)$/i.test(name)) continue;
      try {
        const { protocol } = new URL(value, "http://relative/");
        if (/^(javascript|vbscript|view-source|blob|feed):$/.test(protocol)) found.push(element.outerHTML);
        if (protocol === "data:" && element.tagName !== "IMG") found.push(element.outerHTML);
      } catch { /* no address at all */ }
    }
  }
  return found;
}"""


@dataclass(slots=True)
class Stage:
    """
    A server, a browser's page on it, and what ran there.

    Attributes:
        is_bare: nothing is served with a Content-Security-Policy or a sandbox.
        given: the page behind `/stage`.
        ran: what was open when something was executed.
        refused: elements that could execute something.
    """

    service: PushService
    page: Page
    base: str
    app: App
    is_bare: bool
    given: Callable[[web.Request], web.Response] | None = None
    ran: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)

    async def open(self, path: str) -> None:
        """Open a page, provoke it, and look at what is in it."""
        await self.page.goto(self.base + path, wait_until="load")
        await self.look()

    async def show(self, page: Callable[[web.Request], web.Response]) -> None:
        """Open a page that is made here."""
        self.given = page
        await self.open("/stage")

    async def look(self) -> None:
        """Provoke all frames, and note what should not be there."""
        for frame in self.page.frames:
            self.refused += await frame.evaluate(_LOOK)
        await self.page.wait_for_timeout(_BEGIN_MS)

    def note(self, message: ConsoleMessage) -> None:
        """Note the canary's word."""
        if message.type == "log" and CANARY in message.text:
            self.ran.append(self.page.url)


@asynccontextmanager
async def a_stage(directory: Path, *, is_bare: bool) -> AsyncIterator[Stage]:
    """Set one up while the context lasts."""
    async with AsyncExitStack() as stack:
        service = await open_push_service(directory / "push.db", now=lambda: NOW)
        stack.push_async_callback(service.close)
        await service.topics.declare([Topic(key="demo", name="Price drops")])
        shop, _ = await service.apps.add(AppProfile(name="Shop"))
        listening = open_socket("127.0.0.1", 0)
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = Settings(data=directory, base_url=base, poll_every=timedelta(hours=1))
        app = build_app(service, settings, DiskWatchReader(settings.watches))
        browser = await stack.enter_async_context(open_browser(_NOWHERE))
        page = await browser.new_page()
        found = Stage(service, page, base, shop, is_bare)
        page.on("console", lambda message: found.note(message))

        async def given(request: web.Request) -> web.Response:
            assert found.given is not None
            return found.given(request)

        async def framable(_request: web.Request, response: web.StreamResponse) -> None:
            policy = response.headers["Content-Security-Policy"].replace(
                "frame-ancestors 'none'", "frame-ancestors 'self'"
            )
            response.headers["Content-Security-Policy"] = "" if is_bare else policy
            del response.headers["X-Frame-Options"]

        app.router.add_get("/stage", given)
        app.on_response_prepare.append(framable)
        server = await start_server(app, listening)
        stack.push_async_callback(server.stop)
        yield found


def _html(text: str, _request: web.Request, *, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(text=text, content_type="text/html", headers=headers)


def _parts(whole: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    return (whole[start : start + size] for start in range(0, len(whole), size))


def _drafts(texts: Sequence[str], kind: ContentType) -> Iterator[Draft]:
    """Return those that may be sent at all; what is sanitised to nothing, with a word before it."""
    for text in texts:
        with suppress(PushError):
            yield _draft(text, kind)


def _draft(text: str, kind: ContentType, *, summary: str | None = None, url: str | None = None) -> Draft:
    try:
        return make_draft(text, content_type=kind.value, summary=summary, url=url)
    except RefusedError as error:
        if not str(error).startswith("content: empty"):
            raise
        return make_draft(f"x\n\n{text}", content_type=kind.value, summary=summary, url=url)


async def _content(stage: Stage, texts: Sequence[str]) -> int:
    """Show contents, each sanitised by itself, in the frame of a message's page. Return how many."""
    shown = 0
    [message] = await _sent(stage, [make_draft("Hello")])
    for kind in ContentType:
        for drafts in _parts([*_drafts(texts, kind)], 200):
            await stage.show(partial(_message_with, message, drafts, is_bare=stage.is_bare))
            shown += len(drafts)
    return shown


def _message_with(message: Message, drafts: Sequence[Draft], request: web.Request, *, is_bare: bool) -> web.Response:
    html = "\n<hr>\n".join(map(safe_html, drafts))
    is_framed = drafts[0].content_type is not ContentType.TEXT and not is_bare
    response = render(
        request,
        "message.html",
        message=replace(message, draft=drafts[0]),
        host=None,
        html=Markup(html),
        frame=message_page.frame_of(drafts[0], html) if is_framed else None,
        copies=message_page.copies_of(html),
        is_known=False,
        subscription=None,
    )
    response.headers["Content-Security-Policy"] = message_page.FRAME_POLICY
    return response


async def _sent(stage: Stage, drafts: Sequence[Draft]) -> Sequence[Message]:
    """Publish to the topic, as the watcher does; return the messages as a new reader of it has them."""
    topic = next(topic for topic in await stage.service.topics.all() if topic.key == "demo")
    reader = (await stage.service.subscribers.add(topic_ids=[topic.id])).subscriber
    await _publish(stage, drafts)
    items = await stage.service.inbox.items(reader, limit=len(drafts))
    # Else each of these readers gets all that is sent later.
    await stage.service.subscriptions.unfollow(reader, topic_id=topic.id)
    return [item.message for item in items]


async def _publish(stage: Stage, drafts: Sequence[Draft]) -> None:
    keyed = [TopicDraft(idempotency_key=f"k{next(stage.numbers)}", topic="demo", draft=draft) for draft in drafts]
    for target in await stage.service.messages.publish(keyed):
        assert target.code == 1000, target


async def _messages(stage: Stage, texts: Sequence[str]) -> int:
    """Show messages whose every part is hostile, many pages in one. Return how many."""
    kinds, addresses = [*ContentType], url_payloads()
    drafts = []
    for nth, text in enumerate(texts[:_MESSAGE_PAGES]):
        for url in (addresses[nth % len(addresses)], None):
            with suppress(PushError):
                drafts.append(_draft(text, kinds[nth % 3], summary=text, url=url))
                break
    for part in _parts(drafts, _AT_ONCE):
        slugs = [message.slug for message in await _sent(stage, part)]
        frames = "".join(f'<iframe data-ours src="/m/{slug}"></iframe>' for slug in slugs)
        await stage.show(partial(_html, frames, headers=_FRAMES))
    return len(drafts)


async def _inbox(stage: Stage, texts: Sequence[str]) -> int:
    """Show summaries and previews in an open inbox, and in one that is opened then. Return how many."""
    topic = next(topic for topic in await stage.service.topics.all() if topic.key == "demo")
    reader = await stage.service.subscribers.add(topic_ids=[topic.id])
    await _be(stage, reader)
    shown = 0
    for kind in ContentType:
        for drafts in _parts([*_drafts(texts, kind)], 100):
            await stage.open("/inbox")
            await stage.page.wait_for_selector("[data-status=live]")
            # In the preview stands what is not the summary.
            await _publish(stage, [replace(draft, content=f"x\n{draft.content}") for draft in drafts])
            newest = (await stage.service.inbox.recent(reader.subscriber, limit=1))[0].id
            await stage.page.wait_for_selector(f'[data-id="{newest}"]')
            await stage.look()
            shown += len(drafts)
    await stage.open("/inbox")
    return shown


async def _names(stage: Stage, texts: Sequence[str]) -> int:
    """Show names and descriptions of topics, and of their application. Return how many."""
    shown = 0
    for part in _parts(texts, 400):
        topics = []
        for text in part:
            with suppress(PushError):
                topics.append(await stage.service.topics.add(text, app_id=stage.app.id, description=text))
        await _be(stage, await stage.service.subscribers.add(topic_ids=[topic.id for topic in topics]))
        await stage.open("/subscriptions")
        for topic in topics[::40]:
            said = dict.fromkeys(("name", "contact", "description", "follow_prompt"), topic.name)
            await stage.service.apps.edit(stage.app.id, by_number=None, **said)
            await stage.open(f"/t/{topic.slug}")
        shown += len(topics)
    return shown


async def _be(stage: Stage, reader: NewSubscriber) -> None:
    await stage.page.context.add_cookies([{"name": DEVICE_COOKIE, "value": reader.device_token, "url": stage.base}])


_PLACES: Final = {"content": _content, "message": _messages, "inbox": _inbox, "names": _names}


@needs_chromium
@pytest.mark.parametrize(
    "is_bare",
    [
        pytest.param(False, id="as it is served"),
        pytest.param(True, id="escaping and sanitiser alone", marks=pytest.mark.faults),
    ],
)
async def test_what_others_write_runs_nothing(tmp_path: Path, tally: Tally, is_bare: bool) -> None:
    how = "without policy and sandbox" if is_bare else "as served"
    tally.what = f"scripts in texts, {_PAYLOADS:,} × 3 content types, at {len(_PLACES)} places, {how}"
    async with a_stage(tmp_path, is_bare=is_bare) as stage:
        for place, show in _PLACES.items():
            shown = await show(stage, payloads(_PAYLOADS))
            assert shown > (_MESSAGE_PAGES if place == "message" else _PAYLOADS) * 0.9
            tally.tried += shown
            tally.figures[place] = f"{shown:,}"
            tally.failed = len(stage.ran) + len(stage.refused)
    assert not stage.ran, stage.ran[:10]
    assert not stage.refused, "\n".join(stage.refused[:10])


@needs_chromium
async def test_the_same_texts_do_run_where_nobody_stops_them(tmp_path: Path, tally: Tally) -> None:
    """Else the tests above would show nothing."""
    tally.what = "the same, as a page that is not sanitised: how many run by themselves"
    async with a_stage(tmp_path, is_bare=True) as stage:
        for part in _parts(payloads(_PAYLOADS), _AT_ONCE):
            frames = "".join(f'<iframe srcdoc="{escape(text)}"></iframe>' for text in part)
            stage.given = partial(_html, frames)
            # Not provoked: some take themselves away.
            await stage.page.goto(stage.base + "/stage", wait_until="load")
            await stage.page.wait_for_timeout(10 * _BEGIN_MS)
            tally.tried += len(part)
        tally.figures["ran"] = f"{len(stage.ran):,}"
        assert len(stage.ran) > tally.tried / 10
