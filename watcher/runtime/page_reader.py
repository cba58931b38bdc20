"""Fetching pages and looking at them, for the console of a server, whoever checks the watches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from watcher.core.check import WatchState
from watcher.core.page import NotModified, Response, Validators
from watcher.core.redaction import redacted
from watcher.core.watch import Watch, shown_duration
from watcher.errors import CheckError, FetchError
from watcher.fetch import HttpFetcher
from watcher.runtime.settings import utc_now
from watcher.watching.check import as_of
from watcher.watching.page_pool import PagePool

if TYPE_CHECKING:
    from watcher.core.relocated import Relocated
    from watcher.extract.explain import Explanation
    from watcher.extract.noise import SecondLook
    from watcher.extract.suggesting import Suggestions

_T = TypeVar("_T")
SECOND_LOOK_SECONDS = 20
"""A second look may take so long, its wait for the host's lane (`per_host`) and its search for a remedy included."""


class PageReader:
    """Fetches pages and looks at them, for the console, and keeps nothing."""

    def __init__(self, fetcher: HttpFetcher, pool: PagePool) -> None:
        self._fetcher = fetcher
        self._pool = pool

    def state(self, watch: str) -> WatchState:
        """Return what is known of a watch."""
        raise NotImplementedError

    async def page(self, watch: Watch) -> Response:
        """Return the page of a watch, known or not. Raises CheckError."""
        answer = await self._fetcher.fetch(as_of(watch, utc_now()).request, Validators())
        if isinstance(answer, NotModified):
            raise FetchError("304 to a question that was not asked")
        return answer

    async def suggestions(self, watch: Watch, response: Response, value: str | None = None) -> Suggestions:
        """Return what this page suggests to watch. Raises CheckError."""
        from watcher.watching.suggesting import suggestions_of  # with its tables of words, which few starts need

        return await self._pool.run(watch.id, suggestions_of, watch, response, value, utc_now().year)

    async def made(self, watch: Watch, response: Response, make: Callable[..., _T], *arguments: object) -> _T:
        """Return what a function of `extract` makes of this page. Raises CheckError."""
        from watcher.watching.suggesting import made_of  # as above

        return await self._pool.run(f"{watch.id} made", made_of, watch, response, make, *arguments)

    async def explanation(self, watch: Watch, response: Response) -> Explanation:
        """Return what a watch, known or not, sees in this page. Raises CheckError."""
        return await self._pool.explain(watch, response)

    async def second_look(self, watch: Watch, before: Response | None = None) -> SecondLook:
        """Return what moved on the page of a watch since a look, or since one that is taken now."""
        from watcher.extract.noise import SecondLook  # as above
        from watcher.watching.suggesting import second_look_of

        delay = watch.request.lane.min_delay
        if delay > timedelta(seconds=SECOND_LOOK_SECONDS):
            return SecondLook(problem=f"its host is asked every {shown_duration(delay)} only")
        try:
            first = before or await self.page(watch)
            async with asyncio.timeout(SECOND_LOOK_SECONDS):
                second = await self.page(watch)
                return await self._pool.run(f"{watch.id} again", second_look_of, as_of(watch, utc_now()), first, second)
        except TimeoutError:
            return SecondLook(problem=f"it took over {SECOND_LOOK_SECONDS} s")
        except CheckError as error:
            return SecondLook(problem=redacted(f"{error.kind}: {error}", watch.request.secrets))

    async def relocated(self, watch: Watch, response: Response | None = None) -> Relocated:
        """Return what a check of a watch comes to, of this page or of the site's now. Nothing is kept."""
        from watcher.runtime.looking.relocating import AsKept, relocated_by  # as above

        fetcher = self._fetcher if response is None else AsKept(response)
        return await relocated_by(watch, self.state(watch.id), fetcher, self._pool)
