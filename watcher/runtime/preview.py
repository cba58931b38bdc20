"""A look at a page of which nothing is kept."""

from __future__ import annotations

from msgspec import Struct

from watcher.core.check import Decision, Observation, WatchState
from watcher.core.page import NotModified, Response, Validators
from watcher.core.protocols import Fetcher
from watcher.core.watch import Request, Watch
from watcher.extract.explain import Explanation
from watcher.extract.observe import merge
from watcher.extract.plan import plan
from watcher.fetch import HttpFetcher
from watcher.net.sessions import Sessions
from watcher.runtime.fetching import lanes
from watcher.runtime.settings import utc_now
from watcher.watching.check import CheckTools, check
from watcher.watching.workers import Workers


class Look(Struct, frozen=True, kw_only=True):
    """
    One look at a watch's page.

    Attributes:
        first: the first page of its list; None when none came.
        explanation: of that page.
        decision: its state holds what was seen, or the failure.
    """

    first: Response | None
    explanation: Explanation | None
    decision: Decision


async def look_once(watch: Watch) -> Look:
    """
    Check a watch as for the first time, on all pages of its list, explain the first, and keep nothing.

    Raises:
        CheckError: a page came that cannot be explained.
    """
    async with Sessions() as sessions, Workers(processes=1) as workers:
        fetching = _FirstKept(HttpFetcher(sessions, lanes([watch]), now=utc_now))
        tools = CheckTools(fetcher=fetching, readers=workers, epoch="")
        fingerprint = plan(watch.extraction, watch.link, watch.scope)
        checked = await check(tools, watch, fingerprint, WatchState(), now=utc_now())
        first = fetching.first
        explanation = await workers.explain(watch, first) if first else None
    return Look(first=first, explanation=explanation, decision=checked.decision)


async def read_page(watch: Watch, response: Response) -> Observation:
    """Return what a watch sees in a page that is here already. Raises CheckError."""
    async with Workers(processes=1) as workers:
        return merge([await workers.see(watch, response, 1)])


class _FirstKept:
    """A Fetcher that keeps the first page that came."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self.first: Response | None = None

    async def fetch(self, request: Request, validators: Validators) -> Response | NotModified:
        answer = await self._fetcher.fetch(request, validators)
        if self.first is None and isinstance(answer, Response):
            self.first = answer
        return answer
