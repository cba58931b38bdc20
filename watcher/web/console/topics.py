"""The topics of an account: their list, and a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote

from aiohttp import web
from msgspec import Struct

from watcher.core.locale import Locale
from watcher.core.push import PushTopic, TopicFilter, TopicMode
from watcher.core.words import clean, cut, one_line
from watcher.errors import PushError, RefusedError
from watcher.push.apps import MAX_NOTE_CHARS, checked_name, checked_note
from watcher.web.addresses import id_in
from watcher.web.console.paging import page_of
from watcher.web.console.scope import asked_app, find_own_app, offered_apps, offered_senders
from watcher.web.console.shell import Room, Said, done, render_room
from watcher.web.console.watch_list import topic_names
from watcher.web.forms import form_texts
from watcher.web.keys import ACCOUNT, SERVICE
from watcher.web.sessions.account import CONSOLE

TOPICS: Final = f"{CONSOLE}/topics"
LONGEST_SEARCH: Final = 200
_NAME_CHARACTERS: Final = 80


class TopicForm(Struct, frozen=True, kw_only=True):
    """
    What the form of a topic says, as it was typed.

    Attributes:
        app: the number of its application, in the form of a new one.
    """

    app: str = ""
    name: str = ""
    description: str = ""
    mode: str = TopicMode.OPEN.value
    language: str = ""
    by_number: str = ""

    def wrong(self) -> Mapping[str, str]:
        """Return the key of what is wrong with each field that is."""
        wrong = {}
        for field, check, given, said in (
            ("name", checked_name, self.name, "topic_wrong_name"),
            ("description", checked_note, self.description, "wrong_text"),
        ):
            try:
                check(field, given)
            except PushError:
                wrong[field] = "wrong_long" if len(given) > MAX_NOTE_CHARS else said
        if self.mode not in set(TopicMode):
            wrong["mode"] = "topic_wrong_mode"
        if self.language and self.language not in set(Locale):
            wrong["language"] = "topic_wrong_language"
        return wrong


async def read_topic_form(request: web.Request) -> tuple[TopicForm, Mapping[str, str]]:
    """Return the form of a topic, and all fields as they were sent."""
    fields = await form_texts(request)
    known = {name: fields[name] for name in TopicForm.__struct_fields__ if name in fields}
    return TopicForm(**known), fields


async def show_topics(request: web.Request) -> web.Response:
    """`GET /console/topics?app=&q=`: newest first."""
    app = await asked_app(request)
    search = request.query.get("q", "").strip()[:LONGEST_SEARCH]
    only = TopicFilter(account_id=request[ACCOUNT].id, app_id=app.id if app else None, search=search)
    topics = request.app[SERVICE].topics
    page = await page_of(request, lambda cut: topics.page(only, cut), lambda topic: topic.id, kept=("app", "q"))
    return render_room(
        request,
        "topics.html",
        Room.TOPICS,
        page=page,
        app=app,
        apps=await offered_apps(request, app),
        named=await request.app[SERVICE].apps.names({topic.app_id for topic in page.items}),
        search=search,
    )


async def show_new_topic(request: web.Request) -> web.Response:
    """`GET /console/topics/new?app=`: the form."""
    app = await asked_app(request)
    return await _form_page(request, TopicForm(app=str(app.id) if app else ""), {})


async def make_topic(request: web.Request) -> web.Response:
    """`POST /console/topics/new`: make it, or show what is wrong with what was typed."""
    form, _ = await read_topic_form(request)
    wrong = dict(form.wrong())
    app = await find_own_app(request, id_in(form.app))
    if app is None or not app.has_senders:
        wrong["app"] = "topic_wrong_app"
    if app is None or wrong:
        return await _form_page(request, form, wrong)
    try:
        made = await request.app[SERVICE].topics.add(
            form.name,
            app_id=app.id,
            description=form.description,
            mode=TopicMode(form.mode),
            language=Locale(form.language) if form.language else None,
        )
    except RefusedError:  # the account has as many as it may have, or the application is gone by now
        return await _form_page(request, form, {"app": "topic_wrong_full"})
    return done(f"{TOPICS}/{made.id}", Said.TOPIC_MADE)


async def _form_page(request: web.Request, form: TopicForm, wrong: Mapping[str, str]) -> web.Response:
    chosen = await find_own_app(request, id_in(form.app))
    return render_room(
        request,
        "topic-new.html",
        Room.TOPICS,
        status=422 if wrong else 200,
        form=form,
        wrong=wrong,
        apps=await offered_senders(request, chosen),
        chosen=chosen,
        modes=tuple(TopicMode),
        languages=tuple(Locale),
    )


def path_of(topic: PushTopic) -> str:
    """Return the path of a topic's page."""
    return f"{TOPICS}/{topic.id}"


async def links_of_keys(request: web.Request, keys: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Return the name and the page of each topic of watches.yaml; its key and the search, where it is not there yet."""
    told, names = await request.app[SERVICE].topics.told_by_key(), topic_names(request.app)
    return [(names.get(key, key), path_of(told[key]) if key in told else f"{TOPICS}?q={quote(key)}") for key in keys]


def shown_name(topic: PushTopic) -> str:
    """Return a topic's name as a question quotes it."""
    return cut(one_line(clean(topic.name)), _NAME_CHARACTERS)
