"""Where the lost values of watches are now: each watch is checked as usual, and nothing of that is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from watcher.core.check import CheckFailure, Verdict, WatchState
from watcher.core.page import Response, Validators
from watcher.core.page_profile import Usual
from watcher.core.protocols import Fetcher
from watcher.core.redaction import redacted
from watcher.core.relocated import Relocated
from watcher.core.suspicion import is_place_refused
from watcher.core.watch import Request, Watch
from watcher.errors import CheckError, FetchError
from watcher.fetch import HttpFetcher
from watcher.net.sessions import Sessions
from watcher.runtime.fetching import lanes
from watcher.runtime.looking.preview import checked
from watcher.runtime.settings import utc_now
from watcher.watching.check import as_of
from watcher.watching.page_pool import PagePool

_AT_ONCE = 20
"""So many watches are under way; their pages are in memory meanwhile."""


async def relocated(
    watches: Sequence[Watch], states: Mapping[str, WatchState], *, advance: Callable[[], None]
) -> Sequence[Relocated]:
    """
    Return what each watch comes to, in their order.

    Args:
        states: what is remembered of those that were checked.
        advance: is called as each of them is done.
    """
    turns = asyncio.Semaphore(_AT_ONCE)
    async with Sessions() as sessions, PagePool(processes=1) as pool:
        fetcher = HttpFetcher(sessions, lanes(watches), now=utc_now)

        async def one(watch: Watch) -> Relocated:
            async with turns:
                found = await relocated_by(watch, states.get(watch.id, WatchState()), fetcher, pool)
            advance()
            return found

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(watch)) for watch in watches]
    return [task.result() for task in tasks]


class AsKept:
    """Answers with a page that is kept, and asks nobody; further pages of a list are not kept."""

    def __init__(self, response: Response) -> None:
        self._response: Response | None = response

    async def fetch(self, request: Request, validators: Validators) -> Response:  # noqa: ARG002 - as any fetcher has
        """Return the page, once."""
        response, self._response = self._response, None
        if response is None:
            raise FetchError("this page of the list is not kept")
        return response


async def relocated_by(watch: Watch, state: WatchState, fetcher: Fetcher, pool: PagePool) -> Relocated:
    """Return what one watch comes to."""
    first, decision = await checked(watch, state, fetcher, pool)
    failure = decision.state.failure if decision.verdict is Verdict.FAILED else None
    if failure is None or first is None:
        return Relocated(watch=watch.id, failure=failure)
    usual = Usual(rows=state.rows, profile=state.profile, witnesses=state.witnesses, is_refused=is_place_refused(state))
    try:
        proposals = await pool.propose(as_of(watch, utc_now()), first, usual)
    except CheckError as error:
        text = redacted(f"{failure.text}; looking for it: {error}", watch.request.secrets)
        return Relocated(watch=watch.id, failure=CheckFailure(kind=failure.kind, text=text))
    return Relocated(watch=watch.id, failure=failure, proposals=proposals, response=first)
