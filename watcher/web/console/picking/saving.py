"""What is chosen on a page, as a watch that is written down: its name, whom it tells, when, and how often it looks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from aiohttp import web
from msgspec.structs import asdict, replace

from watcher.config.edits import WatchEdit
from watcher.config.literal import literal_body, literal_url
from watcher.config.reachable import OutOfReach, safe_of
from watcher.config.suggested_watch import body_of, stiller, watch_of
from watcher.config.writing import PATTERN, Writer
from watcher.config.written import text_of
from watcher.core.values import Json
from watcher.core.wording import said_by
from watcher.errors import CheckError, ConfigError, UsageError
from watcher.extract.noise import SecondLook
from watcher.web.console.editing.already import already_true
from watcher.web.console.editing.review import review_of
from watcher.web.console.editing.writing import new_id, refusal_words, saved
from watcher.web.console.fetched import Fetched
from watcher.web.console.mistakes import told
from watcher.web.console.picking.choosing import Offer, choice_of, offer_of
from watcher.web.console.picking.mending import mend
from watcher.web.console.picking.picker import ALL_WELL, Wrong, picker
from watcher.web.console.telling_form import (
    TellingForm,
    default_of,
    entry_in,
    known_topics,
    telling_in,
    topic_at_first,
    wrong_telling,
)
from watcher.web.forms import form_texts
from watcher.web.keys import LocalWatcher
from watcher.web.pages.language import language_of
from watcher.web.pages.view import words_in

_MOST_NAME: Final = 60
_USUAL_EVERY: Final = "10m"
_NOT_WRITTEN: Final = Wrong(form="pick_wrong_file")
_NO_CHOICE: Final = Wrong(of="pick_wrong_choice")


class Form(TellingForm, frozen=True, kw_only=True):
    """
    What is typed, or what the form begins with.

    Attributes:
        known_topics: to choose from.
        needs_include: the main file has to name the folder of new watches first, and somebody has to agree.
        agrees: somebody did.
    """

    name: str = ""
    known_topics: Sequence[str] = ()
    needs_include: bool = False
    agrees: bool = False
    pattern: str = PATTERN


def form_of(local: LocalWatcher, page: Fetched, offer: Offer) -> Form:
    """Return what the form begins with. Blocks."""
    writer = local.writer
    element = offer.pointed.text if offer.pointed is not None and not offer.is_list else ""
    return Form(
        name=(page.title or element)[:_MOST_NAME],
        topic=topic_at_first(local),
        every=_usual_every(writer),
        known_topics=known_topics(local),
        needs_include=writer is not None and _needs_include(writer),
    )


async def save(request: web.Request, local: LocalWatcher, page: Fetched) -> web.Response:
    """
    Return the redirect to the watch that was written, or what is wrong.

    One that is mended, that moves by itself, or that tells something as soon as it is saved, is reviewed first.
    """
    fields = await form_texts(request)
    choice = choice_of(fields.get("of", ""), fields.get("without", ""))
    if choice is None:
        return picker(request, page, wrong=_NO_CHOICE)
    try:
        offer = await offer_of(local, page, choice)
        if page.mends:
            return await mend(request, local, page, offer, fields.get("value", ""))
    except (CheckError, UsageError) as error:
        return picker(request, page, wrong=_NO_CHOICE, text=said_by(error))
    form = _typed(await asyncio.to_thread(form_of, local, page, offer), fields)
    if offer.candidate is None or local.writer is None:
        return picker(request, page, offer=offer, form=form, wrong=_NO_CHOICE)
    if (wrong := _wrong(form, offer)) != ALL_WELL:
        return picker(request, page, offer=offer, form=form, wrong=wrong)
    try:
        body, second = await _stilled(local, page, await asyncio.to_thread(_body, local.writer, page, offer, form))
        edit, text = await asyncio.to_thread(_edit, local, local.writer, page, form, body)
        if found := edit.out_of_reach:
            refusals = _refusals(request, found)
            return picker(request, page, offer=offer, form=form, wrong=_NOT_WRITTEN, refusals=refusals)
        if second.problem or second.movements or await _is_to_be_reviewed(request, local, local.writer, edit):
            return await review_of(request, "", text, second)
        await asyncio.to_thread(local.writer.write, edit)
    except (UsageError, ConfigError) as error:
        return picker(request, page, offer=offer, form=form, wrong=_NOT_WRITTEN, text=told(error))
    return await saved(request, local, edit)


async def _is_to_be_reviewed(request: web.Request, local: LocalWatcher, writer: Writer, edit: WatchEdit) -> bool:
    """Return whether something holds already, which is said before it is saved. Raises ConfigError, UsageError."""
    watch = await asyncio.to_thread(writer.judge, edit)
    return (await already_true(request, local, edit.watch, watch)).is_said


async def _stilled(local: LocalWatcher, page: Fetched, body: dict[str, Json]) -> tuple[dict[str, Json], SecondLook]:
    """Return the watch without what moved on its page since that was fetched, and what did. Raises UsageError."""
    watch = replace(watch_of(body, {}), id=page.watch.id, name=page.watch.name)
    if watch.request.url != page.watch.request.url:  # a feed that the page names
        return body, SecondLook()
    second = await local.second_look(watch, page.response)
    return stiller(body, watch, second), second


def _edit(
    local: LocalWatcher, writer: Writer, page: Fetched, form: Form, body: dict[str, Json]
) -> tuple[WatchEdit, str]:
    """Return the watch as it would be written, and its lines. Blocks. Raises ConfigError, UsageError."""
    body |= safe_of(writer.defaults(), body)
    watch = new_id(local, form.name, page.typed)
    text = text_of(watch, body)
    return writer.adding(watch, text), text


def _refusals(request: web.Request, found: Sequence[OutOfReach]) -> Sequence[str]:
    t = words_in(language_of(request))
    return [*dict.fromkeys(refusal_words(t, each) for each in found)]


def _body(writer: Writer, page: Fetched, offer: Offer, form: Form) -> dict[str, Json]:
    """Return the watch as written: neither the page nor what was typed fills anything in. Blocks. Raises UsageError."""
    assert offer.candidate is not None  # noqa: S101 - what cannot be watched is refused before
    own = offer.candidate.watch.get("url") == page.response.url
    found = literal_body(offer.candidate.watch) | ({"url": literal_url(page.typed)} if own else {})
    return body_of(
        replace(offer.candidate, watch=found),
        form.name,
        topic=form.topics,
        every=None if form.every in ("", _usual_every(writer)) else form.every,
        entry=entry_in(form, offer.extraction),
    )


def _typed(form: Form, fields: Mapping[str, str]) -> Form:
    return replace(form, name=fields.get("name", "").strip(), agrees="include" in fields, **asdict(telling_in(fields)))


def _wrong(form: Form, offer: Offer) -> Wrong:
    wrong = dict(wrong_telling(form, offer.tellings))
    if not form.topics:
        wrong["topic"] = "telling_wrong_topic"
    if not 0 < len(form.name) <= _MOST_NAME:
        wrong["name"] = "pick_wrong_name"
    if form.needs_include and not form.agrees:
        wrong["include"] = "pick_wrong_include"
    return Wrong(**wrong)


def _usual_every(writer: Writer | None) -> str:
    if writer is None:
        return _USUAL_EVERY
    return default_of(writer, "every") or ("" if default_of(writer, "cron") else _USUAL_EVERY)


def _needs_include(writer: Writer) -> bool:
    try:
        return writer.needs_include()
    except (ConfigError, UsageError):  # which saving says in words
        return False
