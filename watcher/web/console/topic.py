"""One topic of an account: what it says, its code, who subscribes to it, and what ends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from aiohttp import web
from msgspec import Struct
from msgspec.structs import replace

from watcher.core.locale import Locale
from watcher.core.mirrors import MAX_MIRRORS
from watcher.core.push import App, PushTopic, SubscriptionState, TopicFilter, TopicMode
from watcher.core.watch import ADMIN_TOPIC, Watch
from watcher.errors import ConflictError
from watcher.translations import text
from watcher.web.addresses import id_in
from watcher.web.console.confirming import CONFIRM, require_recent
from watcher.web.console.paging import page_of
from watcher.web.console.scope import own_topic
from watcher.web.console.shell import Room, Said, ask, done, render_room
from watcher.web.console.subscribers import undo_of
from watcher.web.console.topics import LONGEST_SEARCH, TOPICS, TopicForm, path_of, read_topic_form, shown_name
from watcher.web.console.watch_list import Asked, topics_of
from watcher.web.console.watch_list import path_of as path_of_watch
from watcher.web.forms import form_texts
from watcher.web.keys import ACCOUNT, LOCAL, SERVICE, SESSION, SETTINGS
from watcher.web.pages.language import language_of
from watcher.web.sessions.account import leading_on

_ALL: Final = tuple(SubscriptionState)


class MirrorForm(Struct, frozen=True, kw_only=True):
    """
    What was typed of a new mirror. The webhook and its secret are not among it: a page never shows them again.

    Attributes:
        wrong: keys of what is wrong, by field: `mirror_name`, `webhook`, `secret`, `keyword`.
    """

    name: str = ""
    keyword: str = ""
    wrong: Mapping[str, str] = {}


class MirrorTest(Struct, frozen=True, kw_only=True):
    """What the robot of a mirror said to a test. `reason`: why it did not take it; empty: it took it."""

    uid: str
    reason: str = ""


NO_MIRROR: Final = MirrorForm()
_WORDS: Final = ("name", "description", "mode", "language", "by_number")
"""Fields of the form that say how a topic is."""


async def show_topic(request: web.Request) -> web.Response:
    """`GET /console/topics/{topic}?state=`: all about it."""
    app, topic = await own_topic(request)
    return await topic_page(request, app, topic)


async def edit_topic(request: web.Request) -> web.Response:
    """
    `POST /console/topics/{topic}`: change what was changed in the form.

    Each field comes with what it was when the form was shown: what somebody else changed meanwhile in another field
    stays, and of two who changed the same one the last one wins, and is told.
    """
    app, topic = await own_topic(request)
    form, fields = await read_topic_form(request)
    now = _form_of(topic)
    if topic.key is not None:
        form = replace(form, name=topic.name, description=topic.description)
    if wrong := form.wrong():
        return await topic_page(request, app, topic, form, wrong)
    was = {name: fields.get(f"was_{name}", getattr(now, name)) for name in _WORDS}
    changed = {name: getattr(form, name) for name in _WORDS if getattr(form, name) != was[name]}
    lost = [name for name, given in changed.items() if getattr(now, name) not in (was[name], given)]
    await request.app[SERVICE].topics.edit(
        topic.id,
        name=changed.get("name"),
        description=changed.get("description"),
        mode=TopicMode(changed["mode"]) if "mode" in changed else None,
        by_number=bool(changed["by_number"]) if "by_number" in changed else None,
        language=_language(changed["language"]) if "language" in changed else None,
    )
    return done(path_of(topic), Said.TOPIC_SAVED_OVER if lost else Said.TOPIC_SAVED)


async def approve_all(request: web.Request) -> web.Response:
    """`POST /console/topics/{topic}/approve`: say yes to all who wait."""
    _, topic = await own_topic(request)
    await request.app[SERVICE].subscriptions.approve_all(topic.id)
    return done(path_of(topic), Said.SUBSCRIBERS_APPROVED)


async def ask_new_code(request: web.Request) -> web.Response:
    """`GET /console/topics/{topic}/code`: whether its link and code are to be replaced."""
    _, topic = await own_topic(request)
    await require_recent(request, back=f"{path_of(topic)}/code")
    language = language_of(request)
    return ask(
        request,
        Room.TOPICS,
        question=text(language, "topic_code_question", name=shown_name(topic)),
        what=[
            text(language, "topic_code_posters"),
            text(language, "topic_code_subscribers", count=topic.subscribers),
        ],
        label=text(language, "topic_code_change"),
        back=path_of(topic),
    )


async def change_code(request: web.Request) -> web.Response:
    """`POST /console/topics/{topic}/code`: give it a new link and code."""
    _, topic = await own_topic(request)
    await require_recent(request, back=f"{path_of(topic)}/code")
    await request.app[SERVICE].topics.rotate(topic.id)
    return done(path_of(topic), Said.TOPIC_CODE_CHANGED)


async def ask_merge(request: web.Request) -> web.Response:
    """`GET /console/topics/{topic}/merge?q=&into=`: into which other one of the same application, and whether."""
    app, topic = await own_topic(request)
    if "into" in request.query:
        into = await _other_topic(request, topic, request.query["into"])
        return await _ask_merge_into(request, topic, into)
    search = request.query.get("q", "").strip()[:LONGEST_SEARCH]
    only = TopicFilter(account_id=request[ACCOUNT].id, app_id=app.id, search=search, not_id=topic.id)
    topics = request.app[SERVICE].topics
    page = await page_of(request, lambda cut: topics.page(only, cut), lambda each: each.id, kept=("q",))
    return render_room(
        request, "topic-merge.html", Room.TOPICS, topic=topic, page=page, search=search, refused=_cannot_merge(topic)
    )


async def merge_topic(request: web.Request) -> web.Response:
    """`POST /console/topics/{topic}/merge`: move its subscribers, its link and its code to the other one."""
    _, topic = await own_topic(request)
    into = await _other_topic(request, topic, (await form_texts(request)).get("into", ""))
    if _cannot_merge(topic):
        return await _ask_merge_into(request, topic, into)
    await require_recent(request, back=f"{path_of(topic)}/merge?into={into.id}")
    try:
        await request.app[SERVICE].merge_topics(topic.id, into.id)
    except ConflictError:
        return await _ask_merge_into(request, topic, into, is_busy=True)
    return done(path_of(into), Said.TOPIC_MERGED)


async def ask_removal(request: web.Request) -> web.Response:
    """`GET /console/topics/{topic}/remove`: whether it is to be removed, with what ends then; or why it cannot be."""
    _, topic = await own_topic(request)
    if topic.key is None:
        await require_recent(request, back=f"{path_of(topic)}/remove")
    return await _ask_removal(request, topic)


async def remove_topic(request: web.Request) -> web.Response:
    """`POST /console/topics/{topic}/remove`: remove it, for good."""
    app, topic = await own_topic(request)
    if topic.key is not None:
        return await _ask_removal(request, topic)
    await require_recent(request, back=f"{path_of(topic)}/remove")
    try:
        await request.app[SERVICE].topics.remove(topic.id)
    except ConflictError:
        return await _ask_removal(request, topic, is_busy=True)
    return done(f"{TOPICS}?app={app.id}", Said.TOPIC_REMOVED)


async def topic_page(
    request: web.Request,
    app: App,
    topic: PushTopic,
    form: TopicForm | None = None,
    wrong: Mapping[str, str] | None = None,
    *,
    mirror: MirrorForm = NO_MIRROR,
    tested: MirrorTest | None = None,
) -> web.Response:
    """
    Return the page of a topic.

    Args:
        form: what was typed of how it is; None: as it is.
        wrong: keys of what is wrong with that, by field.
        mirror: what was typed of a new place to post it to.
        tested: what a robot has just said to a test.
    """
    service = request.app[SERVICE]
    asked = request.query.get("state", "")
    states = (SubscriptionState(asked),) if asked in set(SubscriptionState) else _ALL
    page = await page_of(
        request,
        lambda cut: service.audience.of_topic(topic.id, states, cut),
        lambda each: each.id,
        kept=("state",),
    )
    remarks = await service.audience.remarks(app.id, [each.subscriber for each in page.items])
    return render_room(
        request,
        "topic.html",
        Room.TOPICS,
        status=422 if wrong or mirror.wrong else 200,
        app=app,
        topic=topic,
        watches=_watches(request, topic),
        path_of_watch=path_of_watch,
        watches_path=Asked(topic=topic.key or "").path(),
        form=form or _form_of(topic),
        was=_form_of(topic),
        wrong=wrong or {},
        mirrors=await service.mirrors.of(topic),
        most_mirrors=MAX_MIRRORS,
        mirror=mirror,
        tested=tested,
        link=request.app[SETTINGS].topic_link(topic),
        feed=request.app[SETTINGS].feed_links(topic) if service.sessions.is_recent(request[SESSION]) else None,
        confirm=leading_on(CONFIRM, path_of(topic)),
        webhooks=await service.webhooks.of_topic(topic.id),
        counts=await service.audience.counts(topic.id),
        page=page,
        remarks=remarks,
        state=asked if len(states) == 1 else "",
        states=_ALL,
        modes=tuple(TopicMode),
        languages=tuple(Locale),
        undo=await undo_of(request, app, back="topic"),
    )


async def _ask_merge_into(
    request: web.Request, topic: PushTopic, into: PushTopic, *, is_busy: bool = False
) -> web.Response:
    language = language_of(request)
    if refused := "topic_busy" if is_busy else _cannot_merge(topic):
        return _refuse(
            request, topic, question=text(language, "topic_merge_question", name=shown_name(topic)), why=refused
        )
    counts = await request.app[SERVICE].audience.counts(topic.id)
    return ask(
        request,
        Room.TOPICS,
        question=text(language, "topic_merge_into_question", name=shown_name(topic), into=shown_name(into)),
        what=[
            text(language, "topic_merge_moves", count=counts.following + counts.waiting, into=shown_name(into)),
            text(language, "topic_merge_has", count=into.subscribers, into=shown_name(into)),
            text(language, "topic_merge_code", into=shown_name(into)),
        ],
        hidden={"into": str(into.id)},
        label=text(language, "topic_merge"),
        back=f"{path_of(topic)}/merge",
    )


async def _ask_removal(request: web.Request, topic: PushTopic, *, is_busy: bool = False) -> web.Response:
    language = language_of(request)
    question = text(language, "topic_remove_question", name=shown_name(topic))
    if topic.key is not None:
        why = "topic_remove_admin" if topic.key == ADMIN_TOPIC else "topic_remove_named"
        return _refuse(request, topic, question=question, why=why)
    if is_busy:
        return _refuse(request, topic, question=question, why="topic_busy")
    counts = await request.app[SERVICE].audience.counts(topic.id)
    return ask(
        request,
        Room.TOPICS,
        question=question,
        what=[
            text(language, "topic_remove_subscribers", count=counts.following + counts.waiting),
            text(language, "topic_remove_code"),
            text(language, "topic_remove_messages", count=counts.messages),
        ],
        label=text(language, "topic_remove"),
        back=path_of(topic),
    )


def _refuse(request: web.Request, topic: PushTopic, *, question: str, why: str) -> web.Response:
    is_asked = request.method == "GET"
    return render_room(
        request,
        "topic-refused.html",
        Room.TOPICS,
        status=200 if is_asked else 409,
        question=question,
        why=why,
        topic=topic,
    )


async def _other_topic(request: web.Request, topic: PushTopic, given: str) -> PushTopic:
    """Return the topic of the same application that is named by number. Raises HTTPNotFound."""
    found = await request.app[SERVICE].topics.of_id(id_in(given), app_id=topic.app_id)
    if found is None or found.id == topic.id:
        raise web.HTTPNotFound
    return found


def _cannot_merge(topic: PushTopic) -> str:
    """Return the key of why a topic cannot be merged into another one; empty: it can."""
    return "topic_merge_admin" if topic.key == ADMIN_TOPIC else ""


def _watches(request: web.Request, topic: PushTopic) -> Sequence[Watch]:
    """Return the watches that may tell it, to the operator, whose they are; none where no watcher runs here."""
    local = request.app.get(LOCAL)
    if local is None or topic.key is None or not request[ACCOUNT].is_operator:
        return []
    return [watch for watch in local.watches.values() if topic.key in topics_of(watch)]


def _form_of(topic: PushTopic) -> TopicForm:
    return TopicForm(
        name=topic.name,
        description=topic.description,
        mode=topic.mode.value,
        language=topic.language.value if topic.language else "",
        by_number="1" if topic.by_number else "",
    )


def _language(given: str) -> Locale | Literal[""]:
    return Locale(given) if given else ""
