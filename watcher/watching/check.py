"""One check: fetch, extract, judge. Whatever goes wrong with the page becomes a failed check, never more."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.core.check import CheckFailure, Decision, Observation, Outcome, Same, Seen, Snapshot, WatchState
from watcher.core.judge import judge
from watcher.core.page import NotModified, Page, Response, Validators
from watcher.core.protocols import Fetcher
from watcher.core.watch import Watch
from watcher.errors import CheckError, FetchError
from watcher.extract.plan import ENGINE
from watcher.fetch import inflate

FULL_READ_EVERY = timedelta(days=1)
"""A page that answers 304 for ever is read in full this often: some servers never notice their own changes."""
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


async def check(bench: Bench, watch: Watch, plan: str, state: WatchState, *, now: datetime) -> Checked:
    """
    Return what one check of the watch comes to.

    Takes as long as the fetch may: the wait for the host's lane, and the watch's timeout.

    Args:
        plan: fingerprint of what the watch extracts.
    """
    retry_after = None
    try:
        outcome = await _look(bench, watch, plan, state.snapshot, now)
        return Checked(decision=judge(watch, state, outcome, epoch=bench.epoch, now=now))
    except CheckError as error:
        failure = CheckFailure(kind=error.kind, text=str(error))
        retry_after = error.retry_after if isinstance(error, FetchError) else None
    except Exception as error:
        # The page is hostile and the parsers are many: what one of them trips over is that watch's failure.
        _log.exception("watch %s: a defect in watcher", watch.id)
        failure = CheckFailure(kind="defect", text=f"a defect in watcher: {type(error).__name__}: {error}")
    decision = judge(watch, state, failure, epoch=bench.epoch, now=now)
    return Checked(decision=decision, retry_after=retry_after)


async def _look(bench: Bench, watch: Watch, plan: str, snapshot: Snapshot | None, now: datetime) -> Outcome:
    """Return what the page shows, as cheaply as it can be known. Raises CheckError."""
    question = _question(watch)
    if snapshot is not None and not _answers(snapshot, question, plan):
        snapshot = None
    is_fresh = snapshot is not None and abs(now - snapshot.fetched_at) < FULL_READ_EVERY  # clocks jump back, too
    answer = await bench.fetcher.fetch(watch.request, snapshot.validators if snapshot and is_fresh else _NO_VALIDATORS)
    if isinstance(answer, NotModified):
        return Same(validators=answer.validators, by_server=True)
    digest = f"{answer.digest}/{question}"
    if snapshot and digest == snapshot.digest:
        return Same(validators=answer.validators, by_server=False)
    observation = await _observe(bench.executor, watch, answer)
    return Seen(observation=observation, digest=digest, validators=answer.validators, plan=plan)


def _question(watch: Watch) -> str:
    """Return a fingerprint of what decides, besides the extraction, how an answer's bytes are understood."""
    request = watch.request
    asked = repr((request.url, sorted(request.headers.items()), request.encoding, watch.page_must_contain))
    return hashlib.blake2b(asked.encode(errors="surrogatepass"), digest_size=8).hexdigest()


def _answers(snapshot: Snapshot, question: str, plan: str) -> bool:
    """Return whether `the same page` would mean the same values: not after another question, extraction or engine."""
    is_same_question = snapshot.digest.endswith(f"/{question}")
    return is_same_question and snapshot.plan == plan and snapshot.observation.engine == ENGINE


async def _observe(executor: Executor, watch: Watch, response: Response) -> Observation:
    from watcher.extract.observe import is_cheap  # the parser takes 40 ms; a page that answers 304 never needs it

    if is_cheap(watch, len(response.wire)):
        return read(watch, response)
    return await asyncio.get_running_loop().run_in_executor(executor, read, watch, response)


def read(watch: Watch, response: Response) -> Observation:
    """Return what the watch sees in a response. Raises CheckError."""
    from watcher.extract.observe import look, merge  # see `_observe`

    return merge([look(page_of(watch, response), watch)])


def page_of(watch: Watch, response: Response) -> Page:
    """Return the response inflated and ready to be read. Raises BodyError."""
    return Page(
        url=response.url,
        body=inflate(response, max_body_bytes=watch.request.max_body_bytes),
        media_type=response.media_type,
        charset=response.charset,
        encoding=watch.request.encoding,
    )
