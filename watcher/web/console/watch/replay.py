"""Other rules over a watch's history: how many messages there would have been, beside what was told. Saves nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from textwrap import dedent
from time import thread_time
from types import MappingProxyType
from typing import Final

from aiohttp import web
from msgspec import Struct

from watcher.config.other_rules import MAX_CHARACTERS, entry_text, own_lines, with_other_rules
from watcher.config.telling import Sentence, Telling, TypedMistake, entry_for, tellings
from watcher.config.writing import Writer
from watcher.core.locale import Locale
from watcher.core.redaction import redacted
from watcher.core.replaying import Replayed, replay_changes
from watcher.core.watch import Watch
from watcher.core.words import clean, cut
from watcher.errors import ConfigError, PageError, UsageError
from watcher.web.console.shell import Room, Said, done, render_room
from watcher.web.console.watch.acts import driven_watch
from watcher.web.console.watch.because import words_of
from watcher.web.console.watch.page import Asked
from watcher.web.console.watch_list import path_of
from watcher.web.forms import form_texts
from watcher.web.pages.language import language_of

_CPU_SECONDS: Final = 1.5
_SHOWN: Final = 100
_BEGINNING: Final = "- changes\n"
_PROBLEM_CHARACTERS: Final = 2_000
_PRESETS: Final = 12
_WHAT_CHARACTERS: Final = 200
_OF_ALL: Final[Mapping[Sentence, Sequence[str]]] = {
    Sentence.ANYTHING: ("changes",),
    Sentence.NEW_OR_CHANGED: ("added", "changed"),
    Sentence.NEW_GONE_OR_CHANGED: ("added", "removed", "changed"),
}
"""The entries of sentences about all that is read."""


class Message(Struct, frozen=True, kw_only=True):
    """A message that there would have been. `was_told`: somebody was told of that check then, too."""

    at: datetime
    summary: str
    rules: Sequence[str]
    was_told: bool


class Shown(Struct, frozen=True, kw_only=True):
    """
    What other rules would have told.

    Attributes:
        messages: newest first, some of `count`.
        judged: changes, the oldest first, of `changes`.
        told: messages that there were of these changes.
        is_simplified: `confirm` and `remind_every` are left out, for checks in which nothing changed are not stored.
    """

    messages: Sequence[Message]
    count: int
    judged: int
    changes: int
    told: int
    is_simplified: bool


async def show_replay(request: web.Request) -> web.Response:
    """`GET /console/watches/{watch}/replay`: the form, with the entries that there are."""
    asked, local = await driven_watch(request)
    if local.writer is None:
        return done(path_of(asked.id), Said.WATCH_ELSEWHERE)
    text = await asyncio.to_thread(_rules_text, local.writer, asked.id)
    return _page(request, asked, text)


async def replay(request: web.Request) -> web.Response:
    """`POST /console/watches/{watch}/replay`: what these entries would have told."""
    asked, local = await driven_watch(request)
    if local.writer is None:
        return done(path_of(asked.id), Said.WATCH_ELSEWHERE)
    fields = await form_texts(request)
    try:
        text = _asked_rules(asked, fields)
        found = await asyncio.to_thread(_replay, local.writer, asked, text, language_of(request))
    except PresetError as error:
        return _page(request, asked, await asyncio.to_thread(_rules_text, local.writer, asked.id), wrong=error)
    except (ConfigError, UsageError, PageError) as error:
        text = fields.get("rules", "")
        secrets = asked.watch.request.secrets if asked.watch is not None else None
        return _page(request, asked, text, problem=cut(clean(redacted(str(error), secrets)), _PROBLEM_CHARACTERS))
    return _page(request, asked, text, found=found, typed=_typed(fields))


class PresetError(Exception):
    """
    What a sentence asks for was not typed behind it.

    Attributes:
        number: of the sentence.
        typed: what stands there instead.
    """

    def __init__(self, number: str, mistake: TypedMistake, typed: str) -> None:
        super().__init__(mistake)
        self.number, self.mistake, self.typed = number, mistake, typed


def _asked_rules(asked: Asked, fields: Mapping[str, str]) -> str:
    """
    Return the entries that are asked for: those of a sentence that was clicked, or what was typed.

    Raises PresetError, UsageError.
    """
    telling = _preset(asked, fields.get("preset", ""))
    if telling is None:
        return fields.get("rules", "")
    assert asked.watch is not None  # noqa: S101 - else it offers no sentences
    what = _typed(fields).get(fields["preset"], "")
    if mistake := telling.sentence.mistake(what):
        raise PresetError(fields["preset"], mistake, what)
    entry = entry_for(telling, what, asked.watch.extraction)
    entries = _OF_ALL[telling.sentence] if entry is None else entry if isinstance(entry, list) else [entry]
    return "".join(map(entry_text, entries))


def _typed(fields: Mapping[str, str]) -> Mapping[str, str]:
    """Return what was typed behind the sentence that was clicked, by its number."""
    number = fields.get("preset", "")
    what = fields.get(f"what-{number}", "").strip()[:_WHAT_CHARACTERS]
    return {number: what} if what else {}


def _preset(asked: Asked, number: str) -> Telling | None:
    found = _presets(asked)
    return found[int(number)] if number.isdecimal() and number.isascii() and int(number) < len(found) else None


def _presets(asked: Asked) -> Sequence[Telling]:
    return tellings(asked.watch.extraction)[:_PRESETS] if asked.watch is not None else []


def _page(
    request: web.Request,
    asked: Asked,
    text: str,
    *,
    found: Shown | None = None,
    problem: str = "",
    wrong: PresetError | None = None,
    typed: Mapping[str, str] = MappingProxyType({}),
) -> web.Response:
    return render_room(
        request,
        "watch-replay.html",
        Room.WATCHES,
        status=422 if problem or wrong else 200,
        id=asked.id,
        path_here=path_of(asked.id),
        text=text,
        most=MAX_CHARACTERS,
        found=found,
        problem=problem,
        presets=_presets(asked),
        rules=words_of(asked.watch, asked.watch.rules, language_of(request)) if asked.watch is not None else (),
        typed=typed,
        wrong=wrong,
        has_changes=bool(asked.kept.changes),
    )


def _rules_text(writer: Writer, watch: str) -> str:
    """Return the entries of a watch as its file writes them; one to begin with where it says none."""
    try:
        written = writer.written(watch).text
    except (ConfigError, UsageError):
        return _BEGINNING
    lines = written.splitlines()
    begin, end = own_lines(lines)
    return dedent("\n".join(lines[begin:end])).strip() + "\n" if begin < end else _BEGINNING


def _replay(writer: Writer, asked: Asked, text: str, language: Locale) -> Shown:
    """Judge the history by these entries. Blocks. Raises ConfigError, UsageError, PageError."""
    watch = with_other_rules(writer, asked.id, text)
    changes, rows = asked.kept.changes[::-1], asked.kept.state.rows
    simplified = watch.confirm > 1 or watch.remind_every is not None
    if not changes:
        return Shown(messages=[], count=0, judged=0, changes=0, told=0, is_simplified=simplified)
    found = replay_changes(watch, changes, rows, clock=thread_time, seconds=_CPU_SECONDS)
    told = {change.changed_at for change in changes if change.messages}
    return Shown(
        messages=[_message(watch, each, language, told) for each in found.messages[: -_SHOWN - 1 : -1]],
        count=len(found.messages),
        judged=found.judged,
        changes=len(changes),
        told=sum(len(change.messages) for change in changes[: found.judged]),
        is_simplified=simplified,
    )


def _message(watch: Watch, replayed: Replayed, language: Locale, told: Collection[datetime]) -> Message:
    return Message(
        at=replayed.at,
        summary=redacted(replayed.told.summary, watch.request.secrets),
        rules=words_of(watch, replayed.fired, language),
        was_told=replayed.at in told,
    )
