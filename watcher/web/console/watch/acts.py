"""What can be done with one watch on its page: check it now, take what is suspicious as true."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from aiohttp import web

from watcher.core.acts import Act
from watcher.core.check import Decision, Verdict
from watcher.core.locale import Locale
from watcher.core.message import change_lines
from watcher.core.pausing import is_left_alone, is_paused
from watcher.core.redaction import redacted_rows
from watcher.core.values import Rows
from watcher.core.watch import Items, Watch
from watcher.core.wording import said_by
from watcher.core.words import clean, cut, one_line
from watcher.errors import CheckError, StoreError, UnansweredError
from watcher.push.actor import ACTOR
from watcher.translations import reworded
from watcher.web.console.failures import line_of
from watcher.web.console.shell import Room, Said, ask, done
from watcher.web.console.watch.page import Asked, asked_watch
from watcher.web.console.watch.reading import Reading, failed_reading
from watcher.web.console.watch_list import path_of
from watcher.web.keys import LOCAL, SERVICE, LocalWatcher
from watcher.web.pages.language import language_of
from watcher.web.pages.view import words_in

_CHECK_SECONDS: Final = 10
_LINES: Final = 20
_LINE_CHARACTERS: Final = 200
_SAID: Final[Mapping[Verdict, Said]] = {
    Verdict.BASELINE: Said.WATCH_BASELINE,
    Verdict.CHANGED: Said.WATCH_CHANGED,
    Verdict.UNCHANGED: Said.WATCH_SAME,
    Verdict.NOT_MODIFIED: Said.WATCH_SAME,
    Verdict.MUTED: Said.WATCH_MUTED,
    Verdict.FAILED: Said.WATCH_FAILED,
}
_log = logging.getLogger(__name__)


async def check_watch(request: web.Request) -> web.Response:
    """`POST /console/watches/{watch}/check`: now, though it is not due; the page says what came of it."""
    asked, local = await driven_watch(request)
    if is_paused(local.state(asked.id), datetime.now(UTC)):
        return done(path_of(asked.id), Said.WATCH_PAUSED)
    try:
        decisions = await local.check([asked.id], limit_seconds=_CHECK_SECONDS)
    except (UnansweredError, StoreError) as error:
        _log.warning("the console cannot let %s be checked: %s", asked.id, error)
        return done(path_of(asked.id), Said.WATCHES_UNANSWERED)
    return done(path_of(asked.id), _said(decisions))


def _said(decisions: Sequence[Decision]) -> Said:
    if not decisions:
        return Said.WATCH_UNDER_WAY
    return Said.WATCH_MUTED_OTHER if decisions[0].is_other_page else _SAID[decisions[0].verdict]


async def ask_to_accept(request: web.Request) -> web.Response:
    """`GET /console/watches/{watch}/accept`: what is held back, of the page that is kept, and what is believed."""
    asked, local = await driven_watch(request)
    t, failure = words_in(language_of(request)), asked.kept.state.failure
    path = path_of(asked.id)
    if asked.kept.state.suspect is None or failure is None or asked.watch is None:
        return done(path, Said.WATCH_NOT_SUSPICIOUS)
    reading = await failed_reading(local, asked.watch)
    lines = (
        [t("watch_accept_no_page")]
        if reading is None
        else await _held_back(local, reading, asked.kept.state.rows, language_of(request))
    )
    return ask(
        request,
        Room.WATCHES,
        question=t("watch_accept_title", id=asked.id),
        what=[line_of(failure, language_of(request), _LINE_CHARACTERS), *lines, t("watch_accept_text")],
        label=t("watch_accept_yes"),
        back=path,
        is_final=False,
    )


async def accept_watch(request: web.Request) -> web.Response:
    """`POST /console/watches/{watch}/accept`: what is suspicious is true; the watch is checked at once."""
    asked, local = await driven_watch(request)
    try:
        is_accepted = await local.accept(asked.id, by=ACTOR.get().by)
    except UnansweredError as error:
        _log.warning("the console cannot accept what %s saw yet: %s", asked.id, error)
        return done(path_of(asked.id), Said.WATCH_ACCEPT_ASKED)
    except StoreError as error:
        _log.warning("the console cannot accept what %s saw: %s", asked.id, error)
        raise web.HTTPServiceUnavailable from error
    if not is_accepted:
        return done(path_of(asked.id), Said.WATCH_NOT_SUSPICIOUS)
    await request.app[SERVICE].acts.note(Act.WATCH_ACCEPTED, asked.id)
    is_later = is_left_alone(local.state(asked.id), datetime.now(UTC))
    return done(path_of(asked.id), Said.WATCH_ACCEPTED_LATER if is_later else Said.WATCH_ACCEPTED)


async def driven_watch(request: web.Request) -> tuple[Asked, LocalWatcher]:
    """
    Return the watch that the address names, and the watcher of this process.

    Raises:
        HTTPNotFound: there is no such watch.
        HTTPSeeOther: another process runs it, or none; to its page, which says so.
    """
    local, asked = request.app.get(LOCAL), await asked_watch(request)
    if local is None or asked.watch is None:
        raise web.HTTPSeeOther(f"{path_of(asked.id)}?said={Said.WATCH_ELSEWHERE}")
    return asked, local


async def _held_back(local: LocalWatcher, reading: Reading, known: Rows, language: Locale) -> Sequence[str]:
    """Return what the page shows that was not believed, a line for each row; of none, why there is none."""
    watch = reading.watch
    try:
        explanation = await local.explanation(watch, reading.response)
    except CheckError as error:
        return [cut(one_line(clean(reworded(language, said_by(error)))), _LINE_CHARACTERS)]
    if explanation.error is not None:
        return [cut(one_line(clean(reworded(language, explanation.error))), _LINE_CHARACTERS)]
    seen: Rows = explanation.rows
    secrets = watch.request.secrets
    return seen_beside(watch, known, seen if secrets is None else redacted_rows(seen, secrets))


def seen_beside(watch: Watch, known: Rows, seen: Rows) -> Sequence[str]:
    """Return what differs, a line for each row, as `difference` has it."""
    old, new = difference(watch, known, seen)
    return [cut(one_line(clean(line)), _LINE_CHARACTERS) for line in change_lines(old, new)[:_LINES]]


def difference(watch: Watch, known: Rows, seen: Rows) -> tuple[Rows, Rows]:
    """Return the rows that differ, as known and as seen; of a list only those that were read, for not all were."""
    is_list = isinstance(watch.extraction, Items)
    old = {key: row for key, row in known.items() if seen.get(key) != row and (key in seen or not is_list)}
    return old, {key: row for key, row in seen.items() if known.get(key) != row}
