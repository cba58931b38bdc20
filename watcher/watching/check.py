"""
One check: fetch, extract, judge. Whatever goes wrong with the page becomes a failed check, never more.

What stands in the way of a page is told from the page before anything is selected from it, by marks that no page has;
and afterwards by its words, when the watch itself has reason to doubt (`extract/walls.py`):
- a required selector found nothing, or what is no value;
- or nothing that was found vouches for the page: the watch takes its whole text, or only optional values, all absent;
- or a value is itself what a wall says; or a later page of a list is empty.
`page_must_contain` is better than all of this: where it is given, and holds, words are not doubted.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from watcher.core.check import CheckFailure, Decision, Outcome, Same, Seen, Snapshot, WatchState
from watcher.core.dates import dated
from watcher.core.judge import judge
from watcher.core.page import NotModified, Page, Response, Validators
from watcher.core.protocols import Fetcher
from watcher.core.values import SINGLE, Value
from watcher.core.watch import Items, NumberedPages, Pages, Request, Selector, Values, Watch
from watcher.errors import (
    BlockedError,
    CheckError,
    FetchError,
    MissingError,
    NetworkError,
    UnparsableError,
)
from watcher.extract.plan import ENGINE
from watcher.fetch import inflate
from watcher.fetch.answer import walled_by
from watcher.watching.walk import Walk

if TYPE_CHECKING:
    from watcher.core.check import Observation
    from watcher.extract.observe import Sight

FULL_READ_EVERY = timedelta(days=1)
"""A page that answers 304 for ever is read in full this often: some servers never notice their own changes."""
QUICKLY_INFLATED_BYTES = 256 * 1024
"""So much is inflated within 30 ms, for no page is larger than its `max_bytes` afterwards."""
_NO_VALIDATORS = Validators()
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """
    What every check needs besides its watch.

    Attributes:
        executor: takes pages that are too big, or selectors that are too slow, to be read on the loop.
        epoch: of the store's state.
    """

    fetcher: Fetcher
    executor: Executor
    epoch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A decision, and how long the server asked us to stay away, if it did."""

    decision: Decision
    retry_after: timedelta | None = None


async def check(
    bench: Bench, watch: Watch, plan: str, state: WatchState, *, now: datetime, is_outage: bool = False
) -> Checked:
    """
    Return what one check of the watch comes to.

    Takes as long as the fetch may, for each page of its list: the wait for the host's lane, and the watch's timeout.

    Args:
        plan: fingerprint of what the watch extracts.
        is_outage: the whole network is down; see `core.judge`.
    """
    retry_after = None
    try:
        watch = as_of(watch, now)
        outcome = await _look(bench, watch, plan, state.snapshot, now)
        return Checked(decision=judge(watch, state, outcome, epoch=bench.epoch, now=now, is_outage=is_outage))
    except CheckError as error:
        failure = CheckFailure(kind=error.kind, text=str(error))
        retry_after = error.retry_after if isinstance(error, FetchError) else None
    except Exception as error:
        # The page is hostile and the parsers are many: what one of them trips over is that watch's failure.
        _log.exception("watch %s: a defect in watcher", watch.id)
        failure = CheckFailure(kind="defect", text=f"a defect in watcher: {type(error).__name__}: {error}")
    decision = judge(watch, state, failure, epoch=bench.epoch, now=now, is_outage=is_outage)
    return Checked(decision=decision, retry_after=retry_after)


def as_of(watch: Watch, now: datetime) -> Watch:
    """
    Return the watch as it is at this time: with the dates in its URL filled in.

    Raises:
        NetworkError: one of them is no date.
    """
    try:
        url = dated(watch.request.url, now, watch.timezone)
    except ValueError as error:
        raise NetworkError(f"the watch's `url`: {error}") from error
    return watch if url == watch.request.url else replace(watch, request=replace(watch.request, url=url))


def request_of(watch: Watch) -> Request:
    """Return how to ask for the watch's page, or for the first page of its list."""
    pages = _pages_of(watch)
    if not isinstance(pages, NumberedPages):
        return watch.request
    from watcher.extract.pages import first_url

    return replace(watch.request, url=first_url(watch.request.url, pages))


def _pages_of(watch: Watch) -> Pages | None:
    return watch.extraction.pages if isinstance(watch.extraction, Items) else None


async def _look(bench: Bench, watch: Watch, plan: str, snapshot: Snapshot | None, now: datetime) -> Outcome:
    """Return what the page shows, as cheaply as it can be known. Raises CheckError."""
    request = request_of(watch)
    question = _question(watch, request)
    if snapshot is not None and not _answers(snapshot, question, plan):
        snapshot = None
    answer = await bench.fetcher.fetch(request, _validators(watch, snapshot, now))
    if isinstance(answer, NotModified):
        return Same(validators=answer.validators, by_server=True)
    pages = _pages_of(watch)
    walk = None if pages is None else await _walked(bench, watch, request, pages, answer)
    digest = f"{walk.digest if walk else answer.digest}/{question}"
    validators = _NO_VALIDATORS if walk else answer.validators
    if snapshot and digest == snapshot.digest:
        return Same(validators=validators, by_server=False)
    sights = walk.sights if walk else [await _see(bench.executor, watch, answer, 1)]
    return Seen(observation=_merged(sights), digest=digest, validators=validators, plan=plan)


async def _walked(bench: Bench, watch: Watch, request: Request, pages: Pages, first: Response) -> Walk:
    """Return the walk through all pages of a list, whose last is known only when all were read."""
    walk = Walk(bench.fetcher, request, pages, lambda page, number: _see(bench.executor, watch, page, number))
    await walk.go(first)
    return walk


def _validators(watch: Watch, snapshot: Snapshot | None, now: datetime) -> Validators:
    """Return what makes the question conditional; the first page of a list says nothing of the others."""
    if snapshot is None or _pages_of(watch) is not None:
        return _NO_VALIDATORS
    is_fresh = abs(now - snapshot.fetched_at) < FULL_READ_EVERY  # clocks jump back, too
    return snapshot.validators if is_fresh else _NO_VALIDATORS


def _question(watch: Watch, request: Request) -> str:
    """Return a fingerprint of what decides, besides the extraction, which bytes come and how they are understood."""
    asked = repr(
        (
            request.url,
            request.method,
            sorted(request.headers.items()),
            sorted(request.cookies.items()),
            request.body,
            request.user_agent,
            request.proxy,
            request.encoding,
            watch.page_must_contain,
            watch.page_must_not_contain,
        )
    )
    return hashlib.blake2b(asked.encode(errors="surrogatepass"), digest_size=8).hexdigest()


def _answers(snapshot: Snapshot, question: str, plan: str) -> bool:
    """Return whether `the same page` would mean the same values: not after another question, extraction or engine."""
    is_same_question = snapshot.digest.endswith(f"/{question}")
    return is_same_question and snapshot.plan == plan and snapshot.observation.engine == ENGINE


async def _see(executor: Executor, watch: Watch, response: Response, number: int) -> Sight:
    from watcher.extract.observe import is_cheap  # the parser takes 40 ms; a page that answers 304 never needs it

    in_thread = partial(asyncio.get_running_loop().run_in_executor, executor)
    if len(response.wire) > QUICKLY_INFLATED_BYTES:
        return await in_thread(see, watch, response, number)
    page = page_of(watch, response)  # how much it inflates to decides: 32 kB may become 9 MB
    if is_cheap(watch, len(page.body)):
        return see_page(watch, page, number)
    return await in_thread(see_page, watch, page, number)


def _merged(sights: list[Sight]) -> Observation:
    from watcher.extract.observe import merge  # see `_see`

    return merge(sights)


def read(watch: Watch, response: Response) -> Observation:
    """Return what the watch sees in a response, the first page of its list. Raises CheckError."""
    return _merged([see(watch, response)])


def see(watch: Watch, response: Response, number: int = 1) -> Sight:
    """
    Return what the watch sees in a response, when that is the page and no wall.

    Args:
        number: of the page in its list, from 1.

    Raises:
        BlockedError: it is a wall.
        CheckError: see `extract.observe.look`.
    """
    return see_page(watch, page_of(watch, response), number)


def see_page(watch: Watch, page: Page, number: int) -> Sight:
    """Return what the watch sees on a page, as `see` does."""
    from watcher.extract.observe import look  # see `_see`
    from watcher.extract.walls import read_wall

    if who := read_wall(page.body):
        raise BlockedError(walled_by(who))
    try:
        sight = look(page, watch, number=number)
    except (MissingError, UnparsableError) as error:
        raise _doubt(watch, page) or error from None
    if _is_doubtful(watch, sight, number) and (doubt := _doubt(watch, page)):
        raise doubt
    return sight


def _is_doubtful(watch: Watch, sight: Sight, number: int) -> bool:
    """Return whether nothing that was found vouches for the page; see the head of this module."""
    match watch.extraction:
        case Items():
            return number > 1 and not sight.rows
        case Values(selectors=selectors):
            values = sight.rows[SINGLE]
            return not any(_vouches(selector, values.get(name)) for name, selector in selectors.items())


def _vouches(selector: Selector, value: Value) -> bool:
    from watcher.extract.walls import LITTLE_TEXT_CHARACTERS, is_telling

    if isinstance(value, str) and (len(value) > LITTLE_TEXT_CHARACTERS or is_telling(value)):
        return len(value) > LITTLE_TEXT_CHARACTERS
    return value is not None and not (selector.query is None and selector.regex is None)


def _doubt(watch: Watch, page: Page) -> BlockedError | MissingError | None:
    """Return the error for a page whose few words are those of a wall, or of a page that is gone."""
    from watcher.extract.body import open_body
    from watcher.extract.walls import doubt

    return None if watch.page_must_contain else doubt(page.body, lambda: open_body(page).text())


def page_of(watch: Watch, response: Response) -> Page:
    """Return the response inflated and ready to be read. Raises BodyError."""
    return Page(
        url=response.url,
        body=inflate(response, max_body_bytes=watch.request.max_body_bytes),
        media_type=response.media_type,
        charset=response.charset,
        encoding=watch.request.encoding,
    )
