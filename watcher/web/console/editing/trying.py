"""The page that a watch is made on: fetched once, to be pointed at, and to show what the watch finds, each try anew."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final, cast

from aiohttp import web
from msgspec import Struct
from msgspec.structs import replace

from watcher.config.document import Plain
from watcher.config.literal import literal_url
from watcher.config.reachable import OutOfReach, out_of_reach
from watcher.config.suggested_watch import TOPIC, watch_of
from watcher.core.phrases import Phrases, phrases_in
from watcher.core.shown import shown
from watcher.core.values import SINGLE_VALUE, Json
from watcher.core.watch import Watch
from watcher.core.wording import said_by
from watcher.errors import AddressDeniedError, CheckError, UsageError
from watcher.extract.explain import VALUELESS, Explanation, SelectorFinding
from watcher.extract.suggesting import Suggestions
from watcher.web.console.fetched import FETCHED, Fetched
from watcher.web.keys import LocalWatcher
from watcher.web.pages.language import language_of

FETCH_SECONDS: Final = 60.0
"""With the wait for others at the same host; a page itself has 20 s."""
_SHOWN_ROWS: Final = 5


class Finding(Struct, frozen=True, kw_only=True):
    """
    What one selector found.

    Attributes:
        text: as it will be told; None where there is none.
        matched: the number of places.
        error, note: a line each, in English.
    """

    text: str | None
    matched: int
    error: str | None = None
    note: str | None = None


class Tried(Struct, frozen=True, kw_only=True):
    """
    What a watch finds.

    Attributes:
        findings: by the name of a value; of a list in its first row, and `items` and `key` of the list itself.
        row_count: of a list; None of single values.
        rows: the first ones, a line each.
        error: why the check would fail; None where it would not.
    """

    findings: Mapping[str, Finding]
    row_count: int | None
    rows: Sequence[str]
    error: str | None


class TryError(Exception):
    """
    A page cannot be tried on.

    Attributes:
        words: the key of the sentence; empty where `refused` says it.
        text: what the watcher says.
        refused: what the watch says that is out of the console's reach.
    """

    def __init__(self, words: str, text: str = "", *, refused: Sequence[OutOfReach] = ()) -> None:
        super().__init__(text or words or ", ".join(each.key for each in refused))
        self.words, self.text, self.refused = words, text, refused


async def fetched(request: web.Request, local: LocalWatcher, typed: str) -> Fetched:
    """Return a page to point at, fetched now; in its URL nothing is filled in. Raises TryError."""
    try:
        watch = watch_of({"url": literal_url(typed), "topic": TOPIC}, {})
    except UsageError as error:
        raise TryError("edit_not_fetched", said_by(error)) from error
    return await _fetched(request, local, typed, replace(watch, id="pick", name="pick"))


async def fetched_for(request: web.Request, local: LocalWatcher, watch: str, body: Mapping[str, Json]) -> Fetched:
    """Return the page of a watch as its file has it, fetched now, to point at anew what it reads. Raises TryError."""
    draft = _watch_of(body)
    page = await _fetched(request, local, draft.request.url, draft)
    page.mends = watch
    return page


async def tried(request: web.Request, local: LocalWatcher, body: Mapping[str, Json]) -> Tried:
    """Return what a watch of this body finds. Raises TryError."""
    watch = _watch_of(body)
    url = watch.request.url
    page = request.app[FETCHED].recent(request, url) or await _fetched(request, local, url, watch)
    try:
        return _tried(await local.explanation(watch, page.response), phrases_in(language_of(request)))
    except CheckError as error:
        raise TryError("edit_not_tried", said_by(error)) from error


async def suggested(request: web.Request, local: LocalWatcher, url: str, *, anew: bool) -> Suggestions:
    """
    Return what a page suggests to watch.

    Args:
        anew: as it is now; else it is the one that was looked at last, whose suggestions are chosen from.

    Raises:
        TryError: it cannot be fetched, or be read.
    """
    watch = _watch_of({"url": url})
    url, pages = watch.request.url, request.app[FETCHED]
    known = pages.recent(request, url) if anew else pages.newest(request, url)
    page = known or await _fetched(request, local, url, watch)
    if page.suggestions is None:
        try:
            page.suggestions = await local.suggestions(watch, page.response)
        except CheckError as error:
            raise TryError("edit_not_tried", said_by(error)) from error
    return page.suggestions


def _watch_of(body: Mapping[str, Json]) -> Watch:
    """Return the watch that is tried: without the defaults and the environment, and within the console's reach."""
    if found := out_of_reach(cast("Plain", body)):  # what a file may hold, but for decimals
        raise TryError("", refused=found)
    try:
        watch = watch_of({"topic": TOPIC, **body}, {})
    except UsageError as error:
        raise TryError("edit_not_tried", said_by(error)) from error
    return replace(watch, id="tried", name="tried")


async def _fetched(request: web.Request, local: LocalWatcher, typed: str, watch: Watch) -> Fetched:
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            response = await local.page(watch)
    except TimeoutError as error:
        raise TryError("edit_slow") from error
    except AddressDeniedError as error:
        raise TryError("edit_wrong_private") from error
    except CheckError as error:
        raise TryError("edit_not_fetched", said_by(error)) from error
    return request.app[FETCHED].keep(request, typed, watch, response)


def _tried(explanation: Explanation, phrases: Phrases) -> Tried:
    rows = explanation.rows.values() if explanation.row_count is not None else ()
    return Tried(
        findings={_name(each): _finding(each, phrases) for each in explanation.findings},
        row_count=explanation.row_count,
        rows=[" · ".join(shown(value, phrases) for value in row.values()) for row in [*rows][:_SHOWN_ROWS]],
        error=explanation.error,
    )


def _name(finding: SelectorFinding) -> str:
    return "" if finding.name == SINGLE_VALUE else finding.name


def _finding(found: SelectorFinding, phrases: Phrases) -> Finding:
    is_value = found.name not in VALUELESS and found.error is None and found.value is not None
    return Finding(
        text=shown(found.value, phrases) if is_value else found.raw,
        matched=found.matched,
        error=found.error,
        note=found.note,
    )
