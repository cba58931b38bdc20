"""
Where a watch's lost values are now: what was there, what may be it now, and the file with the other selectors.

They are looked for in the page that was kept of the failure; only a POST asks the site, as a check would, and nothing
of that is kept. No selector is tried but those that were proposed, for the page may be the operator's alone. What would
change is shown before it is written; it is written only into a file that the tools wrote, into a watch that neither
says nor takes from `defaults` what is out of the console's reach, and only if the file is still the one that was shown.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from time import thread_time
from typing import Final

from aiohttp import web
from msgspec import Struct
from msgspec.structs import replace

from watcher.config.edits import WatchEdit
from watcher.config.reachable import may_have_login
from watcher.config.writing import Writer
from watcher.core.check import Change as ValueChange
from watcher.core.locale import Locale
from watcher.core.pausing import is_paused
from watcher.core.redaction import redacted, redacted_rows
from watcher.core.relocated import Relocated, unclear
from watcher.core.replaying import replay_changes
from watcher.core.trouble import has_lost_a_value
from watcher.core.values import Rows
from watcher.core.watch import Secrets, Watch
from watcher.core.wording import said_by
from watcher.core.words import clean, cut, one_line
from watcher.errors import CheckError, ConfigError, PageError, StoreError, UnansweredError, UsageError
from watcher.translations import reworded
from watcher.web.console.editing.writing import mended_by, saved
from watcher.web.console.failures import line_of
from watcher.web.console.kept import KEPT_PROPOSALS
from watcher.web.console.mistakes import told
from watcher.web.console.shell import Room, Said, done, render_room
from watcher.web.console.taking_up import is_read_so
from watcher.web.console.watch.acts import difference, driven_watch, seen_beside
from watcher.web.console.watch.page import Asked
from watcher.web.console.watch.reading import failed_reading
from watcher.web.console.watch_list import path_of
from watcher.web.forms import form_texts
from watcher.web.keys import LocalWatcher
from watcher.web.pages.language import language_of

_LINE_CHARACTERS: Final = 300
_PROBLEM_CHARACTERS: Final = 1_000
_VALUES: Final = 30
_CHECK_SECONDS: Final = 10
_FIELD: Final = "place."


class Change(Struct, frozen=True, kw_only=True):
    """
    The file with the other selectors.

    Attributes:
        changed_lines: of the file; what stands around them may hold secrets of other watches.
        may_be_written: the tools wrote the file, and neither the watch nor its defaults are out of reach.
        watch_lines: of the watch as they would be, for who writes them.
        lines: what the watch would show then, beside what was believed last, a line a row.
        untold: the messages that its entries would send of that, were it no new baseline.
        error: why it would fail all the same.
    """

    path: str
    changed_lines: Sequence[str]
    watch_lines: str
    may_be_written: bool
    digest: str
    lines: Sequence[str] = ()
    untold: Sequence[str] = ()
    error: str = ""


async def show_proposal(request: web.Request) -> web.Response:
    """`GET /console/watches/{watch}/proposal`: where each lost value is in the page that was kept of the failure."""
    asked, local = await driven_watch(request)
    assert asked.watch is not None  # noqa: S101 - else nobody drives it
    if (failure := asked.kept.state.failure) is None:
        return done(path_of(asked.id), Said.WATCH_WORKS)
    reading = await failed_reading(local, asked.watch)
    found = await local.relocated(reading.watch, reading.response) if reading is not None else None
    if reading is None or found is None or found.failure is None:
        return _page(request, asked, local, Relocated(watch=asked.id, failure=failure), is_asked=False)
    return _page(request, asked, local, found, read_at=reading.page.at)


def _page(
    request: web.Request,
    asked: Asked,
    local: LocalWatcher,
    found: Relocated,
    *,
    is_asked: bool = True,
    read_at: datetime | None = None,
) -> web.Response:
    """Return the page of what was found. `is_asked`: a page was looked at; `read_at`: one that is kept, since then."""
    assert asked.watch is not None  # noqa: S101 - as before
    assert found.failure is not None  # noqa: S101 - else there is nothing to look for
    proposals = _shown(found, asked.watch)
    proposed = {(each.name, place.selector) for each in proposals for place in each.places}
    request.app[KEPT_PROPOSALS].put(request, asked.id, proposed)
    return render_room(
        request,
        "watch-proposal.html",
        Room.WATCHES,
        id=asked.id,
        path_here=path_of(asked.id),
        failure=line_of(found.failure, language_of(request), _LINE_CHARACTERS),
        proposals=proposals,
        unclear=unclear(found, local.state(asked.id)) if is_asked else None,
        is_asked=is_asked,
        read_at=read_at,
        is_lost=has_lost_a_value(found.failure),
        has_places=any(each.places for each in found.proposals),
        has_files=local.writer is not None,
    )


async def show_change(request: web.Request) -> web.Response:
    """
    `POST /console/watches/{watch}/proposal`: what would change in the file, and what the watch would show then.

    Without a choice: where each lost value is in the page as the site shows it now.
    """
    asked, local = await driven_watch(request)
    fields = await form_texts(request)
    if not any(name.startswith(_FIELD) for name in fields):
        return await _look(request, asked, local)
    selectors = _selectors(fields, request.app[KEPT_PROPOSALS].get(request, asked.id) or ())
    if local.writer is None or not selectors:
        return done(path_of(asked.id), Said.WATCH_NOTHING_CHOSEN)
    try:
        if may_have_login((await asyncio.to_thread(local.writer.written, asked.id)).body):
            return done(path_of(asked.id), Said.WATCH_HIDDEN)
        change = await _change(local, local.writer, asked, selectors, language_of(request))
    except (ConfigError, UsageError) as error:
        return _refused(request, asked, error)
    return render_room(
        request,
        "watch-mending.html",
        Room.WATCHES,
        id=asked.id,
        path_here=path_of(asked.id),
        change=change,
        hidden={f"{_FIELD}{name}": css for name, css in selectors.items()} | {"digest": change.digest},
        problem="",
    )


async def _look(request: web.Request, asked: Asked, local: LocalWatcher) -> web.Response:
    assert asked.watch is not None  # noqa: S101 - as before
    found = await local.relocated(asked.watch)
    if found.failure is None:
        return done(path_of(asked.id), Said.WATCH_WORKS)
    return _page(request, asked, local, found)


async def take_proposal(request: web.Request) -> web.Response:
    """`POST /console/watches/{watch}/proposal/take`: write that, and check the watch at once, for a new baseline."""
    asked, local = await driven_watch(request)
    fields = await form_texts(request)
    selectors = _selectors(fields, request.app[KEPT_PROPOSALS].get(request, asked.id) or ())
    if local.writer is None or not selectors:
        return done(path_of(asked.id), Said.WATCH_NOTHING_CHOSEN)
    try:
        found = await asyncio.to_thread(_write, local.writer, asked.id, selectors, fields.get("digest", ""))
    except (ConfigError, UsageError) as error:
        return _refused(request, asked, error)
    if found is None:
        return done(path_of(asked.id), Said.WATCH_FILE_CHANGED)
    written, mended = found
    answer = await saved(request, local, written)
    if await is_read_so(local, mended) and not is_paused(local.state(asked.id), datetime.now(UTC)):
        with suppress(UnansweredError, StoreError):  # it is checked when it is due
            await local.check([asked.id], limit_seconds=_CHECK_SECONDS)
    return answer


class _Place(Struct, frozen=True, kw_only=True):
    selector: str
    text: str
    percent: int


class _Proposal(Struct, frozen=True, kw_only=True):
    """
    A value that was lost.

    `field`: of the form; `last`, `label`: what it was, and after which text; `is_clear`: the first place is well ahead.
    """

    name: str
    field: str
    label: str
    last: str
    is_clear: bool
    places: Sequence[_Place]


def _shown(found: Relocated, watch: Watch) -> Sequence[_Proposal]:
    safe = partial(_line, secrets=watch.request.secrets)
    return [
        _Proposal(
            name=each.name,
            field=f"{_FIELD}{each.name}",
            label=safe(each.label),
            last=safe(each.last),
            is_clear=each.is_clear,
            places=[
                _Place(selector=place.selector, text=safe(place.text), percent=round(place.score * 100))
                for place in each.places
            ],
        )
        for each in found.proposals[:_VALUES]
    ]


def _selectors(fields: Mapping[str, str], proposed: Collection[tuple[str, str]]) -> Mapping[str, str]:
    """Return the selector that was chosen for each value, of those proposed; none that would read the environment."""
    chosen = {name.removeprefix(_FIELD): css for name, css in fields.items() if name.startswith(_FIELD)}
    return {name: css for name, css in chosen.items() if (name, css) in proposed and "${" not in css}


async def _change(
    local: LocalWatcher, writer: Writer, asked: Asked, selectors: Mapping[str, str], language: Locale
) -> Change:
    """Return what would change. Raises ConfigError, UsageError."""
    edit, other = await asyncio.to_thread(mended_by, writer, asked.id, selectors)
    assert asked.watch is not None  # noqa: S101 - as before
    # It is asked for as the watch that runs is, with other selectors.
    mended = replace(asked.watch, extraction=other.extraction)
    lines, untold, error = await _then(local, mended, asked.kept.state.rows)
    return Change(
        path=str(edit.path),
        changed_lines=edit.files[-1].changed_lines,
        watch_lines=await asyncio.to_thread(writer.shown, edit),
        may_be_written=_may_be_written(edit),
        digest=_digest(edit),
        lines=lines,
        untold=untold,
        error=_line(reworded(language, error), asked.watch.request.secrets),
    )


def _may_be_written(edit: WatchEdit) -> bool:
    return not (edit.is_by_hand or edit.out_of_reach)


def _write(writer: Writer, watch: str, selectors: Mapping[str, str], digest: str) -> tuple[WatchEdit, Watch] | None:
    """
    Write the file if it is the one that was shown; return what was written and the watch then, if it was.

    Blocks. Raises ConfigError, UsageError.
    """
    edit, mended = mended_by(writer, watch, selectors)
    if not _may_be_written(edit) or digest != _digest(edit):
        return None
    writer.write(edit)
    return edit, mended


def _digest(edit: WatchEdit) -> str:
    file = edit.files[-1]
    return hashlib.sha256(f"{file.path}\0{file.before}\0{file.after}".encode(errors="surrogatepass")).hexdigest()


async def _then(local: LocalWatcher, watch: Watch, known: Rows) -> tuple[Sequence[str], Sequence[str], str]:
    """Return what the watch would show beside what was believed last, what is not told, and why it would fail."""
    secrets = watch.request.secrets
    try:
        explanation = await local.explanation(watch, await local.page(watch))
    except CheckError as error:
        return [], [], said_by(error)
    rows: Rows = explanation.rows
    seen = rows if secrets is None else redacted_rows(rows, secrets)
    untold = [] if explanation.error is not None else await asyncio.to_thread(_untold, watch, known, seen)
    return seen_beside(watch, known, seen), untold, explanation.error or ""


def _untold(watch: Watch, known: Rows, seen: Rows) -> Sequence[str]:
    """Return the messages that there would be of this difference, were it told. Blocks."""
    old, new = difference(watch, known, seen)
    if not known or not (old or new):
        return []
    change = ValueChange(watch=watch.id, sequence=1, changed_at=datetime.now(UTC), old=old, new=new)
    rows = {key: row for key, row in known.items() if key not in old} | dict(new)
    try:
        found = replay_changes(watch, [change], rows, clock=thread_time)
    except PageError:  # an expression takes too long; the check says so
        return []
    return [_line(each.told.summary, watch.request.secrets) for each in found.messages if each.at == change.changed_at]


def _line(text: str, secrets: Secrets | None) -> str:
    return cut(one_line(clean(redacted(text, secrets))), _LINE_CHARACTERS)


def _refused(request: web.Request, asked: Asked, error: ConfigError | UsageError) -> web.Response:
    secrets = asked.watch.request.secrets if asked.watch is not None else None
    return render_room(
        request,
        "watch-mending.html",
        Room.WATCHES,
        status=422,
        id=asked.id,
        path_here=path_of(asked.id),
        change=None,
        hidden={},
        problem=cut(clean(redacted(told(error), secrets)), _PROBLEM_CHARACTERS),
    )
