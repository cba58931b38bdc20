"""The messages of the console: the list, and for each what became of it, reader by reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from watcher.core.message_log import Again, LoggedMessage
from watcher.core.push import GOOD, ContentType, DeliveryState, Draft, Message, MessageFilter
from watcher.core.quiet import is_timezone
from watcher.core.urls import host_of
from watcher.errors import RefusedError
from watcher.push.ids import is_secret, new_secret
from watcher.push.render import render as safe_html
from watcher.web.addresses import id_in, number_in
from watcher.web.console.confirming import require_recent
from watcher.web.console.paging import Page, page_of
from watcher.web.console.scope import asked_app, offered_apps, offered_topics, own_app
from watcher.web.console.shell import Room, Said, ask, done, render_room
from watcher.web.console.watch.page import moment_of
from watcher.web.forms import form_texts
from watcher.web.keys import ACCOUNT, SERVICE
from watcher.web.pages.language import language_of
from watcher.web.pages.message import FRAME_POLICY, frame_of
from watcher.web.pages.view import words_in
from watcher.web.sessions.account import CONSOLE

MESSAGES: Final = f"{CONSOLE}/messages"
_SEARCHED: Final = 20_000
"""Messages that a search for words reads for one page."""
_LONGEST: Final = 100
_STATES: Final[Mapping[str, MessageFilter]] = {
    "waiting": MessageFilter(is_waiting=True),
    "failed": MessageFilter(state=DeliveryState.FAILED),
    "seen": MessageFilter(is_seen=True),
}


class Asked(Struct, frozen=True, kw_only=True):
    """
    What the form over the list says, as it was typed.

    Attributes:
        zone: the timezone whose days `since` and `until` are; empty: UTC. A script of the page fills it in.
        wrong: the names of the fields that cannot be understood.
    """

    app: str = ""
    topic: str = ""
    uid: str = ""
    since: str = ""
    until: str = ""
    zone: str = ""
    text: str = ""
    state: str = ""
    wrong: frozenset[str] = frozenset()

    @property
    def is_narrowed(self) -> bool:
        """True when anything is asked for in particular."""
        return bool(self.query())

    @property
    def is_narrowed_by_more(self) -> bool:
        """True when more is asked for than words."""
        return any(name != "text" for name in self.query())

    def query(self) -> Mapping[str, str]:
        """Return the fields that say something, as an address has them."""
        fields = {
            "app": self.app,
            "topic": self.topic,
            "uid": self.uid,
            "from": self.since,
            "to": self.until,
            "zone": self.zone if self.since or self.until else "",
            "text": self.text,
            "state": self.state,
        }
        return {name: value for name, value in fields.items() if value}

    def path(self, **more: object) -> str:
        """Return the address of the list that is narrowed so."""
        query = urlencode({**self.query(), **more})
        return f"{MESSAGES}?{query}" if query else MESSAGES


async def show_messages(request: web.Request) -> web.Response:
    """`GET /console/messages`: newest first, narrowed by what the form says."""
    asked = _asked(request)
    app = await asked_app(request)
    apps = await offered_apps(request, app)
    app = apps[0] if len(apps) == 1 else app
    chosen = [id_in(asked.topic)] if asked.topic else []
    topics = [] if app is None else await offered_topics(request, app, chosen)
    only = await _filter(request, asked)
    page = Page[LoggedMessage]() if asked.wrong else await _page(request, asked, only)
    return render_room(
        request,
        "messages.html",
        Room.MESSAGES,
        status=400 if asked.wrong else 200,
        asked=asked,
        apps=apps if len(apps) > 1 else [],
        topics=topics,
        states=[*_STATES],
        page=page,
        searched=_SEARCHED,
    )


async def show_log(request: web.Request) -> web.Response:
    """`GET /console/messages/{message}?uid=&before=`: the message as it is read, and what became of it."""
    message = await own_message(request)
    service = request.app[SERVICE]
    uid = request.query.get("uid", "").strip()[:_LONGEST]
    look = await service.message_log.look(message)
    readers = await page_of(
        request, partial(service.message_log.readers, message, uid=uid or None), lambda reader: reader.id
    )
    why_not = await service.message_log.why_not(message, uid) if uid and not readers.items else None
    shown = (await service.messages.shown(message)).draft
    response = render_room(
        request,
        "message.html",
        Room.MESSAGES,
        message=message,
        look=look,
        readers=readers,
        uid=uid,
        why_not=why_not,
        good=GOOD,
        read=as_read(shown),
        moment=await moment_of(request, look),
    )
    response.headers["Content-Security-Policy"] = f"{FRAME_POLICY}; connect-src 'self'"  # `state.js` asks for more
    return response


async def show_version(request: web.Request) -> web.Response:
    """`GET /console/messages/{message}/state`: what differs as soon as something became of the message."""
    message = await own_message(request)
    reach = await request.app[SERVICE].message_log.reach(message.id)
    return web.json_response({"version": reach.version}, headers={"Cache-Control": "no-store"})


async def ask_to_delete(request: web.Request) -> web.Response:
    """`GET /console/messages/{message}/delete`: what that means."""
    message = await own_message(request)
    await require_recent(request, back=request.path)
    reach = await request.app[SERVICE].message_log.reach(message.id)
    t = words_in(language_of(request))
    return ask(
        request,
        Room.MESSAGES,
        question=t("message_delete_title", summary=message.draft.summary),
        what=[t("message_delete_text", count=reach.readers), t("message_delete_stays")],
        label=t("message_delete_yes"),
        back=_path(message),
    )


async def delete(request: web.Request) -> web.Response:
    """`POST /console/messages/{message}/delete`: nobody sees it any more."""
    message = await own_message(request)
    await require_recent(request, back=request.path)
    is_done = await request.app[SERVICE].message_log.delete(message)
    return done(MESSAGES, Said.MESSAGE_DELETED if is_done else Said.MESSAGE_GONE)


async def ask_to_send_again(request: web.Request) -> web.Response:
    """`GET /console/messages/{message}/again`: to how many, and to how many not."""
    message = await own_message(request)
    again = await request.app[SERVICE].message_log.again(message)
    t, count = words_in(language_of(request)), len(again.subscriber_ids)
    return ask(
        request,
        Room.MESSAGES,
        question=t("message_again_title"),
        what=[message.draft.summary, *_who_again(t, again)],
        label=t("message_again_yes", count=count) if count else "",
        back=_path(message),
        is_final=False,
        hidden={"key": new_secret()},
    )


def _who_again(t: Callable[..., str], again: Again) -> Sequence[str]:
    """Return sentences on whom sending again would reach, and whom not."""
    said = []
    if again.is_under_way:
        said.append(t("message_again_early"))
    elif again.subscriber_ids:
        said.append(t("message_again_text", count=len(again.subscriber_ids)))
    elif not again.lost and not again.full:
        said.append(t("message_again_none"))
    if again.more:
        said.append(t("message_again_more", count=again.more))
    if again.full:
        said.append(t("message_again_full", count=again.full))
    if again.lost:
        said.append(t("message_again_lost", count=again.lost))
    return said


async def send_again(request: web.Request) -> web.Response:
    """`POST /console/messages/{message}/again`: once, however often the button was pressed."""
    message = await own_message(request)
    key = (await form_texts(request)).get("key", "")
    if not is_secret(key):
        raise web.HTTPBadRequest
    try:
        sent = await request.app[SERVICE].message_log.send_again(message, key)
    except RefusedError:  # an account's messages a day
        return done(_path(message), Said.MESSAGE_REFUSED)
    number = next((result.message_id for result in sent.results if result.message_id), None) if sent else None
    if number is None:
        return done(_path(message), Said.MESSAGE_AGAIN_NOBODY)
    return done(f"{MESSAGES}/{number}", Said.MESSAGE_SENT_AGAIN)


async def own_message(request: web.Request) -> Message:
    """
    Return the message that the address names.

    Raises:
        HTTPNotFound: there never was one, or it is foreign.
        HTTPSeeOther: it was deleted, perhaps while somebody looked at it: to the list, which says so.
    """
    service, number = request.app[SERVICE], number_in(request, "message")
    await own_app(request, await service.message_log.app_of(number))
    message = await service.message_log.message(number)
    if message is None:
        raise web.HTTPSeeOther(f"{MESSAGES}?said={Said.MESSAGE_GONE}")
    return message


class AsRead(Struct, frozen=True, kw_only=True):
    """
    A message as its reader sees it.

    Attributes:
        html: of a text; safe to show.
        frame: the document of the frame that HTML and markdown are shown in; None of a text.
        host: of its link.
    """

    html: Markup
    frame: str | None
    host: str | None


def as_read(draft: Draft) -> AsRead:
    """Return a draft as its reader sees it; HTML and markdown must be rendered, or are shown as they were written."""
    html = safe_html(draft) if draft.rendered is None else draft.rendered
    return AsRead(
        html=Markup(html.replace("<br>\n", "<br>")),  # noqa: S704 safe by push/render; CSS keeps its spaces
        frame=None if draft.content_type is ContentType.TEXT else frame_of(draft, html),
        host=host_of(draft.url or "") or None,
    )


def _path(message: Message) -> str:
    return f"{MESSAGES}/{message.id}"


def _asked(request: web.Request) -> Asked:
    given = {name: value.strip()[:_LONGEST] for name, value in request.query.items()}
    asked = Asked(
        app=given.get("app", ""),
        topic=given.get("topic", ""),
        uid=given.get("uid", ""),
        since=given.get("from", ""),
        until=given.get("to", ""),
        zone=given.get("zone", "") if is_timezone(given.get("zone", "")) else "",
        text=given.get("text", ""),
        state=given.get("state", "") if given.get("state") in _STATES else "",
    )
    wrong = {name for name, text in (("from", asked.since), ("to", asked.until)) if text and _day(text, "") is None}
    return replace(asked, wrong=frozenset(wrong))


async def _filter(request: web.Request, asked: Asked) -> MessageFilter:
    topic_id = id_in(asked.topic) if asked.topic else None
    if topic_id is not None:
        await _own_topic_id(request, topic_id)
    until = _day(asked.until, asked.zone, 1)
    return replace(
        _STATES.get(asked.state, MessageFilter()),
        account_id=request[ACCOUNT].id,
        app_id=id_in(asked.app) if asked.app else None,
        topic_id=topic_id,
        uid=asked.uid or None,
        text=asked.text or None,
        since=_day(asked.since, asked.zone),
        until=until,
    )


async def _own_topic_id(request: web.Request, topic_id: int) -> None:
    """Raise HTTPNotFound for a topic that is not theirs; the operator's log knows those that are gone, too."""
    topic = await request.app[SERVICE].topics.of_id(topic_id)
    if topic is not None:
        await own_app(request, topic.app_id)
    elif not request[ACCOUNT].is_operator:
        raise web.HTTPNotFound


async def _page(request: web.Request, asked: Asked, only: MessageFilter) -> Page[LoggedMessage]:
    """Return a page of the list. A search reads a bounded number of messages, and goes on at the older page."""
    log = request.app[SERVICE].message_log
    above = 0
    if only.text is not None:
        begin = id_in(request.query.get("before", "")) or await log.last_id() + 1
        above = max(0, begin - _SEARCHED - 1)
        only = replace(only, above=above)
    page = await page_of(
        request,
        partial(log.slice, only=only),
        lambda each: each.message.id,
        kept=[*asked.query()],
        is_search=only.text is not None,
    )
    return replace(page, older=asked.path(before=above + 1)) if above and not page.older else page


def _day(text: str, zone: str, later: int = 0) -> datetime | None:
    """Return the beginning of a day like 2026-11-24 in a timezone, or of one `later`; None for anything else."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=ZoneInfo(zone) if zone else UTC)
    except ValueError:
        return None
    return (day + timedelta(days=later)).astimezone(UTC) if 1970 < day.year < 9999 else None
