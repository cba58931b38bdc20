"""A look at a page, and another one, of which nothing is kept."""

from __future__ import annotations

from msgspec import Struct

from watcher.core.check import Decision, Observation, WatchState
from watcher.core.page import NotModified, Response, Validators
from watcher.core.protocols import Fetcher
from watcher.core.watch import Request, Watch
from watcher.extract.explain import Explanation
from watcher.extract.noise import SecondLook
from watcher.extract.observe import merge
from watcher.extract.plan import plan
from watcher.fetch import HttpFetcher
from watcher.net.sessions import Sessions
from watcher.runtime.fetching import lanes
from watcher.runtime.page_reader import PageReader
from watcher.runtime.settings import utc_now
from watcher.watching.check import CheckTools, check
from watcher.watching.page_pool import PagePool


class Look(Struct, frozen=True, kw_only=True):
    """
    One look at a watch's page.

    Attributes:
        second: what another look showed; None when there was none.
        first: the first page of its list; None when none came.
        explanation: of that page.
        decision: its state holds what was seen, or the failure.
    """

    first: Response | None
    explanation: Explanation | None
    decision: Decision
    second: SecondLook | None = None


async def look_at(watch: Watch, *, twice: bool) -> Look:
    """
    Check a watch as for the first time, on all pages of its list, explain the first, and keep nothing.

    Args:
        twice: a good check is followed by another one, as soon as the host's lane allows (`per_host.min_delay`, by
            default 1 s), to see what moves by itself.

    Raises:
        CheckError: a page came that cannot be explained.
    """
    async with Sessions() as sessions, PagePool(processes=1) as pool:
        fetcher = HttpFetcher(sessions, lanes([watch]), now=utc_now)
        first, decision = await checked(watch, WatchState(), fetcher, pool)
        explanation = await pool.explain(watch, first) if first else None
        second = None
        if twice and first is not None and decision.state.snapshot is not None:
            second = await PageReader(fetcher, pool).second_look(watch, first)
    return Look(first=first, explanation=explanation, decision=decision, second=second)


async def second_look(watch: Watch) -> SecondLook:
    """Look twice at a page, of a list at its first one, for what moves by itself, and keep nothing."""
    async with Sessions() as sessions, PagePool(processes=1) as pool:
        return await PageReader(HttpFetcher(sessions, lanes([watch]), now=utc_now), pool).second_look(watch)


async def checked(
    watch: Watch, state: WatchState, fetcher: Fetcher, pool: PagePool
) -> tuple[Response | None, Decision]:
    """Return the first page that came, and what a check that follows this state comes to."""
    fetching = _FirstKept(fetcher)
    tools = CheckTools(fetcher=fetching, readers=pool, epoch=lambda: "")
    fingerprint = plan(watch.extraction, watch.link, watch.scope)
    decision = await check(tools, watch, fingerprint, state, now=utc_now())
    return fetching.first, decision


async def read_page(watch: Watch, response: Response) -> Observation:
    """Return what a watch sees in a page that is here already. Raises CheckError."""
    async with PagePool(processes=1) as pool:
        return merge([await pool.see(watch, response)])


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
