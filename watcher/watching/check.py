"""One check: fetch, extract, judge. Whatever goes wrong with the page becomes a failed check, and nothing worse."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial
from time import thread_time
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.check import (
    CheckFailure,
    CheckOutcome,
    Decision,
    Lost,
    Same,
    Seen,
    Snapshot,
    Verdict,
    WatchState,
)
from watcher.core.cpu_budget import OF_COMPARING_SECONDS, OF_RULES_SECONDS, UNLIMITED, CpuBudget
from watcher.core.dates import dated
from watcher.core.judge import judge
from watcher.core.kept_page import KeptPage, is_to_be_kept, reading_kept, shows_snapshot
from watcher.core.page import NotModified, Response, Validators
from watcher.core.page_profile import Examined, Usual, unpacked_profile
from watcher.core.pausing import is_muted
from watcher.core.proposal import Proposal
from watcher.core.protocols import Fetcher
from watcher.core.redaction import failure_of, redacted
from watcher.core.suspicion import WRONG_PLACE, is_place_refused
from watcher.core.trouble import will_be_told
from watcher.core.values import SINGLE, Rows, Value
from watcher.core.watch import MASK, Items, NumberedPages, Pages, Request, Secrets, Watch
from watcher.errors import (
    CheckError,
    LeaseLostError,
    MissingError,
    NetworkError,
    SlowPageError,
    UnparsableError,
)
from watcher.extract.pages import first_url
from watcher.extract.plan import ENGINE
from watcher.watching.list_pages import ListPages

if TYPE_CHECKING:
    from watcher.core.check import Observation
    from watcher.extract.observe import Sight

FULL_READ_EVERY = timedelta(days=1)
"""A page that answers 304 for ever is read in full this often: some servers never notice their own changes."""
QUICKLY_INFLATED_BYTES = 256 * 1024
"""So much is inflated within 30 ms, for no page is larger than its `max_bytes` afterwards."""
_AT_ONCE_BYTES = 64 * 1024
"""So much is read and looked at within 10 ms; of more, either takes 40 ms at most (`bounds`)."""
_NO_VALIDATORS = Validators()
_NOTHING: frozenset[Value] = frozenset({None, ""})
_log = logging.getLogger(__name__)


class Readers(Protocol):
    """Reads pages that are too big, or whose selectors are too slow, for the event loop."""

    async def see(self, watch: Watch, response: Response, number: int = 1, container: str = "") -> Sight:
        """Return what the watch sees in a response, as `reading.see`."""

    async def examine(self, watch: Watch, response: Response, rows: Rows, usual: Usual) -> Examined:
        """Return what comes of a closer look, as `reading.examine`."""

    async def propose(self, watch: Watch, response: Response, usual: Usual) -> tuple[Proposal, ...]:
        """Return where lost values may stand, as `reading.propose`."""


class CheckTools(Struct, frozen=True, kw_only=True):
    """
    What every check needs besides its watch.

    Attributes:
        epoch: returns that of the store's state; of a database that was put back it is another one.
        pages: keeps what was read; None: nobody does.
    """

    fetcher: Fetcher
    readers: Readers
    epoch: Callable[[], str]
    pages: PageKeeper | None = None


class PageKeeper(Protocol):
    """Keeps pages for who wants to see what a check saw."""

    async def keep(self, watch: Watch, response: Response, verdict: Verdict, *, now: datetime) -> None:
        """Keep the page that came as a response; what goes wrong is no matter of the check."""

    async def kept(self, watch: Watch) -> KeptPage | None:
        """Return the page that is kept of a watch, if one is."""


async def check(
    tools: CheckTools, watch: Watch, plan: str, state: WatchState, *, now: datetime, is_outage: bool = False
) -> Decision:
    """
    Return what one check of the watch comes to.

    Takes as long as the fetch may, for each page of its list: the wait for the host's lane, and the watch's timeout.

    Args:
        plan: fingerprint of what the watch extracts.
        is_outage: the whole network is down; see `core.judge`.
    """
    decision, answered = None, list[Response]()
    try:
        watch = as_of(watch, now)
        outcome = await _look(tools, watch, plan, state, answered, now)
        budget = CpuBudget(thread_time, regex_seconds=OF_RULES_SECONDS, comparing_seconds=OF_COMPARING_SECONDS)
        decision = judge(watch, state, outcome, epoch=tools.epoch(), now=now, budget=budget, is_outage=is_outage)
    except CheckError as error:
        failure = failure_of(error, watch.request.secrets)
    except LeaseLostError:
        raise
    except Exception as error:
        # The page is hostile and the parsers are many: what one of them trips over is that watch's failure.
        _log_defect(watch)
        text = redacted(f"a defect in watcher: {type(error).__name__}: {error}", watch.request.secrets)
        failure = CheckFailure(kind="defect", text=text)
    if decision is None:
        decision = judge(watch, state, failure, epoch=tools.epoch(), now=now, budget=UNLIMITED, is_outage=is_outage)
    if tools.pages is not None and answered and is_to_be_kept(state, decision, engine=ENGINE):
        await tools.pages.keep(watch, answered[0], decision.verdict, now=now)
    return decision


def _log_defect(watch: Watch) -> None:
    """Log the error that is being handled; its text may be anything, a secret of the watch too."""
    if watch.request.secrets is None:
        _log.exception("watch %s: a defect in watcher", watch.id)
        return
    trace = redacted(traceback.format_exc(), watch.request.secrets)
    _log.error("watch %s: a defect in watcher\n%s", watch.id, trace)


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
    if url == watch.request.url:
        return watch
    secrets = watch.request.secrets and _dated_secrets(watch.request.secrets, now, watch.timezone)
    return replace(watch, request=replace(watch.request, url=url, secrets=secrets))


def _dated_secrets(secrets: Secrets, now: datetime, timezone: tzinfo) -> Secrets:
    try:
        return replace(secrets, url=dated(secrets.url, now, timezone))
    except ValueError:  # `***` stands within a date: how far away the day is comes from the environment
        return replace(secrets, url=MASK)


def request_of(watch: Watch) -> Request:
    """Return how to ask for the watch's page, or for the first page of its list."""
    pages = _pages_of(watch)
    if not isinstance(pages, NumberedPages):
        return watch.request
    return replace(watch.request, url=first_url(watch.request.url, pages))


def _pages_of(watch: Watch) -> Pages | None:
    return watch.extraction.pages if isinstance(watch.extraction, Items) else None


async def _look(
    tools: CheckTools, watch: Watch, plan: str, state: WatchState, answered: list[Response], now: datetime
) -> CheckOutcome:
    """
    Return what the page shows: by a 304, by its digest, by its prefix, or by reading all of it.

    Args:
        answered: takes the first page that came, if it may be kept.

    Raises CheckError.
    """
    request, pages, snapshot = request_of(watch), _pages_of(watch), state.snapshot
    question = _question(watch, request)
    former = None
    if snapshot is not None and not _answers(snapshot, question, plan):
        former = snapshot if snapshot.plan == plan and snapshot.observation.engine != ENGINE else None
        snapshot = None
    # The first page of a list says nothing of the others.
    known = _validators(snapshot, now) if pages is None else _NO_VALIDATORS
    answer = await tools.fetcher.fetch(request, known)
    if isinstance(answer, NotModified):
        return Same(validators=answer.validators, by_server=True)
    if tools.pages is not None and watch.keep_page:
        answered.append(answer)
    list_pages = None if pages is None else await _read_pages(tools, watch, request, pages, answer)
    digest = f"{list_pages.digest if list_pages else answer.digest}/{question}"
    validators = _NO_VALIDATORS if list_pages else answer.validators
    if snapshot and digest == snapshot.digest:
        return Same(validators=validators, by_server=False)
    case = _Case(watch=watch, answer=answer, state=state, snapshot=snapshot, now=now)
    reading = _read_prefix(case) or await _read_whole(tools.readers, case, list_pages)
    if isinstance(reading, Lost):
        return reading
    reread = None
    if former is not None:
        is_same_page = former.digest == digest
        reread = reading.observation.rows if is_same_page else await _reread(tools, watch, state)
    return Seen(
        observation=reading.observation,
        digest=digest,
        validators=validators,
        plan=plan,
        examined=reading.examined,
        proposals=reading.proposals,
        reread=reread,
    )


async def _reread(tools: CheckTools, watch: Watch, state: WatchState) -> Rows | None:
    """Return what is read now from the page that the former engine read last, if that is kept."""
    page = None if tools.pages is None or _pages_of(watch) else await tools.pages.kept(watch)
    if page is None or not shows_snapshot(page, watch, state):
        return None
    try:
        return _merged([await _see(tools.readers, reading_kept(watch), page.response)]).rows
    except CheckError:  # it is no page to this engine: the values are compared as they are stored
        return None


class _Case(Struct, frozen=True, kw_only=True):
    """What is known of a page that came. `snapshot`: None when it was another question, or was read otherwise."""

    watch: Watch
    answer: Response
    state: WatchState
    snapshot: Snapshot | None
    now: datetime

    @property
    def usual(self) -> Usual:
        """How the page usually looks."""
        if self.snapshot is None:
            return Usual(rows={})
        return Usual(
            rows=self.snapshot.observation.rows,
            profile=self.state.profile,
            witnesses=self.state.witnesses,
            prefix_kib=self.state.prefix_kib,
            is_profile_due=_is_profile_due(self.state, self.now),
            is_refused=is_place_refused(self.state),
        )


class _Reading(Struct, frozen=True, kw_only=True):
    """What was read of a page, or of all pages of a list. `examined`: None where nobody asks if that is in place."""

    observation: Observation
    examined: Examined | None = None
    proposals: tuple[Proposal, ...] = ()


def _read_prefix(case: _Case) -> _Reading | None:
    """
    Return what the prefix of the page tells, if it decides what the check comes to; else all of it is read.

    It does when the values are as they were, when they stand in their usual places, and where neither is asked.
    """
    watch, state, now = case.watch, case.state, case.now
    if case.snapshot is None or not state.prefix_kib or not _is_quick(case.answer):
        return None
    if is_to_examine(state, state.rows, now):
        return None
    from watcher.watching.reading import examine_prefix, page_of, see_prefix  # see `_see`

    page, budget = page_of(watch, case.answer), _loop_budget()
    sight = see_prefix(watch, page, state.prefix_kib, budget)
    if sight is None:
        return None
    if sight.rows == state.rows or is_muted(state, now):
        return _Reading(observation=_merged([sight]))
    examined = examine_prefix(watch, page, sight.rows, case.usual, budget)
    return None if examined is None else _Reading(observation=_merged([sight]), examined=examined)


async def _read_whole(readers: Readers, case: _Case, list_pages: ListPages | None) -> _Reading | Lost:
    """Return what all of the page tells, and a list's other pages; or that the watch finds nothing, or no value."""
    watch, answer, state, now = case.watch, case.answer, case.state, case.now
    try:
        sights = list_pages.sights if list_pages else [await _see(readers, watch, answer)]
    except (MissingError, UnparsableError) as error:
        proposals = await _proposals(readers, case, error.kind)
        return Lost(failure=failure_of(error, watch.request.secrets), proposals=proposals)
    observation = _merged(sights)
    rows = observation.rows
    if (case.snapshot is not None and not is_to_examine(state, rows, now)) or is_muted(state, now):
        return _Reading(observation=observation)
    examined = await _examine(readers, watch, answer, rows, case.usual)
    proposals = await _proposals(readers, case, WRONG_PLACE) if examined.doubts else ()
    return _Reading(observation=observation, examined=examined, proposals=proposals)


async def _proposals(readers: Readers, case: _Case, kind: str) -> tuple[Proposal, ...]:
    """Return where what was lost may stand, when the operator is told of it now: looking takes as long as reading."""
    if not case.state.witnesses or not will_be_told(case.watch, case.state, kind, now=case.now):
        return ()
    usual = replace(case, snapshot=case.state.snapshot).usual
    try:
        return await readers.propose(case.watch, case.answer, usual)
    except CheckError:  # it takes too long, or the page is no page: the failure itself is told
        return ()


def is_to_examine(state: WatchState, rows: Rows, now: datetime) -> bool:
    """
    Return whether it is to be asked if this is the page: looking closer costs as much as reading it.

    It is when anything is new, when nothing was found that could be, and once a day, for pages are redesigned.
    """
    if rows != state.rows or (SINGLE in rows and _NOTHING.issuperset(rows[SINGLE].values())):
        return True
    return _is_profile_due(state, now)


def _is_profile_due(state: WatchState, now: datetime) -> bool:
    taken = unpacked_profile(state.profile)
    return taken is None or abs(now - taken.at) >= FULL_READ_EVERY


async def _read_pages(tools: CheckTools, watch: Watch, request: Request, pages: Pages, first: Response) -> ListPages:
    """Read all pages of a list; which is the last is known only then."""
    list_pages = ListPages(tools.fetcher, request, pages, partial(_see, tools.readers, watch))
    await list_pages.go(first)
    return list_pages


def _validators(snapshot: Snapshot | None, now: datetime) -> Validators:
    """Return what makes the question conditional."""
    if snapshot is None:
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
    """Return whether the same page would give the same values: not with another request, extraction or engine."""
    is_same_question = snapshot.digest.endswith(f"/{question}")
    return is_same_question and snapshot.plan == plan and snapshot.observation.engine == ENGINE


def _loop_budget() -> CpuBudget:
    """Return what a page may take on the event loop: half of what that may lag."""
    return CpuBudget(thread_time, seconds=0.05, regex_seconds=0.03)


async def _see(readers: Readers, watch: Watch, response: Response, number: int = 1, container: str = "") -> Sight:
    # The parser takes 40 ms to import, and a 304 needs none.
    from watcher.extract.observe import is_cheap, may_be_cheap
    from watcher.watching.reading import page_of, see_page

    if _is_quick(response) and may_be_cheap(watch):
        page = page_of(watch, response)  # how much it inflates to decides: 32 kB may become 9 MB
        if is_cheap(watch, page):
            try:
                return see_page(watch, page, number, _loop_budget(), container)
            except SlowPageError:
                pass  # a worker begins anew
    return await readers.see(watch, response, number, container)


async def _examine(readers: Readers, watch: Watch, response: Response, rows: Rows, usual: Usual) -> Examined:
    from watcher.extract.observe import is_cheap  # see `_see`
    from watcher.watching.reading import examine_page, page_of

    if _is_quick(response) and is_cheap(watch, page := page_of(watch, response)):
        if len(page.body) > _AT_ONCE_BYTES:
            await asyncio.sleep(0)  # others have a turn
        try:
            return examine_page(watch, page, rows, usual, _loop_budget())
        except SlowPageError:
            pass  # a worker begins anew
    return await readers.examine(watch, response, rows, usual)


def _is_quick(response: Response) -> bool:
    """Return whether the body of a response is inflated quickly, if it must be."""
    return not response.content_encoding or len(response.wire) <= QUICKLY_INFLATED_BYTES


def _merged(sights: Sequence[Sight]) -> Observation:
    from watcher.extract.observe import merge  # see `_see`

    return merge(sights)
