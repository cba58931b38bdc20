"""The poster of a topic, to print: its name, its code, and what to do, in the topic's language."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from aiohttp import web
from markupsafe import Markup

from watcher.core.push import TopicMode
from watcher.push.qr import qr_svg
from watcher.web.console.scope import own_topic
from watcher.web.keys import ACCOUNT, SETTINGS
from watcher.web.pages.follow import called
from watcher.web.pages.language import language_of
from watcher.web.pages.view import render

_LONG, _VERY_LONG = 24, 60
"""Columns of a name from which its letters are smaller; a Chinese character takes two."""


class Sheet(StrEnum):
    """What a poster is printed on."""

    A4 = "a4"
    A6 = "a6"


SHEETS: Final = tuple(Sheet)


async def show_poster(request: web.Request) -> web.Response:
    """`GET /console/topics/{topic}/poster?size=a4|a6`: one page, black on white."""
    app, topic = await own_topic(request)
    asked = request.query.get("size", "").lower()
    settings = request.app[SETTINGS]
    link = settings.topic_link(topic)
    name, description = called(topic, language_of(request, own=topic.language))
    return render(
        request,
        "console/poster.html",
        speaks=topic.language,
        topic=topic,
        name=name,
        description=description,
        length=_length(name),
        link=link,
        code=Markup(qr_svg(link)),  # noqa: S704 our own drawing
        runner=settings.operator_name if app.key is not None else app.profile.name,
        contact=app.profile.contact,
        is_own=app.key is not None,
        sheet=Sheet(asked) if asked in set(Sheet) else Sheet.A4,
        sheets=SHEETS,
        needs_approval=topic.mode is TopicMode.APPROVAL,
        is_closed=topic.mode is TopicMode.CLOSED,
        has_address=settings.base_url is not None,
        is_operator=request[ACCOUNT].is_operator,
    )


def _length(name: str) -> str:
    columns = sum(1 if character.isascii() else 2 for character in name)
    return "short" if columns <= _LONG else "long" if columns <= _VERY_LONG else "very-long"
