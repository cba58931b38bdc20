"""
Writing a message in the console: what it will look like, who will get it, and then that it is sent once.

The page carries a key. Whatever is sent with it is one message: a second click, a reload and a step back find the first
one. What was changed after that is refused, with a new key, so that it is sent on purpose or not at all.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Final

from aiohttp import web
from msgspec import Struct
from msgspec.structs import replace

from watcher.core.acts import Act
from watcher.core.push import App, ContentType, Draft
from watcher.errors import InvalidRequestError, KeyReusedError, RefusedError
from watcher.push.draft import (
    MAX_CONTENT_BYTES,
    MAX_CONTENT_CHARS,
    MAX_SUMMARY_CHARS,
    MAX_URL_CHARS,
    head_without_marks,
    make_draft,
    shows_nothing,
)
from watcher.push.ids import is_secret, new_secret
from watcher.push.repeats import request_digest
from watcher.push.sending import MAX_TOPICS, MAX_UIDS, SendRequest
from watcher.web.addresses import id_in, known
from watcher.web.console.messages import MESSAGES, as_read
from watcher.web.console.scope import has_several_senders, offered_senders, offered_topics, own_app
from watcher.web.console.shell import Room, Said, done, render_room
from watcher.web.forms import form_texts
from watcher.web.keys import SERVICE
from watcher.web.pages.language import language_of
from watcher.web.pages.message import FRAME_POLICY
from watcher.web.pages.view import words_in

_TOPIC: Final = "topic-"
_BETWEEN: Final = re.compile(r"[\s,;，；、]+")
_LONGEST_UID: Final = 64
_SHOWN_REFUSED: Final = 20
_log = logging.getLogger(__name__)
_KINDS: Final[Mapping[str, ContentType]] = {kind.name.lower(): kind for kind in ContentType}


class Written(Struct, frozen=True, kw_only=True):
    """What the form says, as it was typed."""

    content: str = ""
    summary: str = ""
    url: str = ""
    kind: str = "text"
    topic_ids: Sequence[int] = ()
    uids: str = ""
    key: str = ""

    @property
    def named(self) -> Sequence[str]:
        """Return the uids that were typed, each once."""
        return [*dict.fromkeys(uid for uid in _BETWEEN.split(self.uids) if uid)]


class Wrong(Struct, frozen=True, kw_only=True):
    """What is wrong with a field: the key of the words, and what fills their blanks."""

    words: str
    values: Mapping[str, object] = {}


async def show_compose(request: web.Request) -> web.Response:
    """`GET /console/compose?app=&topic=&uid=`: the form; without an application the choice of one."""
    query = request.query
    written = Written(uids=query.get("uid", "")[:_LONGEST_UID], key=new_secret())
    if query.get("topic", ""):
        topic = known(await request.app[SERVICE].topics.of_id(id_in(query["topic"])))
        app = await own_app(request, topic.app_id)
        written = replace(written, uids="", topic_ids=[topic.id])
    elif query.get("app", ""):
        app = await own_app(request, id_in(query["app"]))
    else:
        apps = await offered_senders(request)
        if len(apps) != 1:
            return _choice(request, apps)
        app = apps[0]
    if not app.has_senders:
        return _choice(request, await offered_senders(request), instead_of=app)
    return await _page(request, app, written)


async def compose(request: web.Request) -> web.Response:
    """`POST /console/compose`: sends it (`do=send`), or shows what it will be."""
    form = await form_texts(request)
    app = await own_app(request, id_in(form.get("app", "")))
    if not app.has_senders:
        return _choice(request, await offered_senders(request), instead_of=app, status=422)
    written = _written(form)
    draft, wrong = _draft(written)
    wrong |= _wrong_receivers(written)
    if draft is not None:
        try:
            draft = await request.app[SERVICE].messages.finished(draft, f"app {app.id}")
        except RefusedError:
            wrong["content"] = Wrong(words="compose_too_long_shown")
        else:
            draft = _titled(written, draft)
    if draft is None or wrong:
        return await _page(request, app, written, wrong=wrong)
    if form.get("do") != "send":
        return await _page(request, app, written, draft=draft)
    return await _send(request, app, written, draft)


async def _send(request: web.Request, app: App, written: Written, draft: Draft) -> web.Response:
    service = request.app[SERVICE]
    try:
        sent = await service.messages.send_request(app, _request(written, draft), noting=Act.MESSAGE_SENT)
    except KeyReusedError:
        anew = replace(written, key=new_secret())
        return await _page(request, app, anew, draft=draft, wrong={"form": Wrong(words="compose_sent_already")})
    except RefusedError as error:  # an account's messages a day, or that it is blocked
        _log.info("app %d may send no message: %s", app.id, error)
        return await _page(request, app, written, draft=draft, wrong={"form": Wrong(words="compose_refused")})
    number = next((result.message_id for result in sent.results if result.message_id is not None), None)
    if number is None:
        return await _page(request, app, written, draft=draft, wrong={"to": Wrong(words="compose_nobody_good")})
    return done(f"{MESSAGES}/{number}", Said.MESSAGE_SENT)


def _request(written: Written, draft: Draft) -> SendRequest:
    digest = request_digest(
        written.content,
        summary=written.summary,
        content_type=_KINDS[written.kind],
        url=written.url,
        uids=written.named,
        topic_ids=written.topic_ids,
    )
    return SendRequest(
        draft=draft,
        uids=written.named,
        topic_ids=written.topic_ids,
        idempotency_key=f"console {written.key}",
        request_digest=digest,
    )


def _choice(
    request: web.Request, apps: Sequence[App], *, instead_of: App | None = None, status: int = 200
) -> web.Response:
    """Return the choice of an application; `instead_of`: of one that nobody writes by, with why."""
    return render_room(request, "compose-app.html", Room.MESSAGES, status=status, apps=apps, instead_of=instead_of)


async def _page(
    request: web.Request,
    app: App,
    written: Written,
    *,
    draft: Draft | None = None,
    wrong: Mapping[str, Wrong] | None = None,
) -> web.Response:
    """
    Return the form with what was typed.

    Args:
        draft: shown as its readers will see it, with who they are.
        wrong: by field; `form` is the whole of it.
    """
    service, t = request.app[SERVICE], words_in(language_of(request))
    receivers = None if draft is None else await service.message_log.receivers(app.id, _request(written, draft))
    refused = [] if receivers is None else receivers.refused
    response = render_room(
        request,
        "compose.html",
        Room.MESSAGES,
        status=422 if wrong else 200,
        app=app,
        has_others=await has_several_senders(request),
        topics=await offered_topics(request, app, written.topic_ids),
        written=written,
        kinds=[*_KINDS],
        most=MAX_CONTENT_CHARS,
        wrong={field: t(each.words, **each.values) for field, each in (wrong or {}).items()},
        read=None if draft is None else as_read(draft),
        draft=draft,
        receivers=receivers,
        refused=[(target.uid or target.topic_id, target.why) for target in refused[:_SHOWN_REFUSED]],
    )
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    return response


def _written(form: Mapping[str, str]) -> Written:
    ids = [id_in(name.removeprefix(_TOPIC)) for name in form if name.startswith(_TOPIC)]
    key = form.get("key", "")
    return Written(
        content=form.get("content", "").replace("\r\n", "\n"),
        summary=form.get("summary", "").strip(),
        url=form.get("url", "").strip(),
        kind=form.get("kind", "") if form.get("kind") in _KINDS else "text",
        topic_ids=[*dict.fromkeys(topic_id for topic_id in ids if topic_id)],
        uids=form.get("uids", "").strip(),
        key=key if is_secret(key) else new_secret(),
    )


def _draft(written: Written) -> tuple[Draft | None, dict[str, Wrong]]:
    """Return the draft, or what is wrong with it by field."""
    content, raw = written.content, len(written.content.encode(errors="replace"))
    if shows_nothing(content):
        return None, {"content": Wrong(words="compose_empty")}
    if len(content) > MAX_CONTENT_CHARS:
        return None, {"content": Wrong(words="compose_too_long", values={"given": len(content)})}
    if raw > MAX_CONTENT_BYTES:
        return None, {"content": Wrong(words="compose_too_many_bytes", values={"given": raw})}
    if len(written.summary) > MAX_SUMMARY_CHARS:
        return None, {"summary": Wrong(words="compose_summary_too_long", values={"given": len(written.summary)})}
    if len(written.url) > MAX_URL_CHARS:
        return None, {"url": Wrong(words="compose_url_too_long", values={"given": len(written.url)})}
    try:
        draft = make_draft(content, summary=written.summary, content_type=_KINDS[written.kind], url=written.url)
    except (RefusedError, InvalidRequestError) as error:
        if error.field == "url":
            return None, {"url": Wrong(words="compose_url_wrong")}
        return None, {"content": Wrong(words="compose_too_long_shown")}
    return draft, {}


def _titled(written: Written, draft: Draft) -> Draft:
    """Return the draft with a summary in words: over the API it is the head as written, marks of markdown and all."""
    if written.summary or draft.content_type is not ContentType.MARKDOWN or draft.rendered is None:
        return draft
    return replace(draft, summary=head_without_marks(draft.rendered) or draft.summary)


def _wrong_receivers(written: Written) -> dict[str, Wrong]:
    if not written.topic_ids and not written.named:
        return {"to": Wrong(words="compose_nobody")}
    if len(written.topic_ids) > MAX_TOPICS:
        return {"to": Wrong(words="compose_topics_many", values={"given": len(written.topic_ids)})}
    if len(written.named) > MAX_UIDS:
        return {"uids": Wrong(words="compose_uids_many", values={"given": len(written.named)})}
    odd = next((uid for uid in written.named if len(uid) > _LONGEST_UID or not uid.isprintable()), None)
    return {} if odd is None else {"uids": Wrong(words="compose_uid_wrong", values={"given": odd[:_LONGEST_UID]})}
