"""The watcher of this process, as the console of this process drives it; of a cluster: `cluster/driving.py`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from watcher.config.writing import Writer
from watcher.core.check import Decision, WatchState
from watcher.core.page import NotModified, Response, Validators
from watcher.core.pausing import PauseAct
from watcher.core.watch import Topic, Watch
from watcher.errors import FetchError
from watcher.fetch import HttpFetcher
from watcher.runtime.settings import utc_now
from watcher.runtime.watching import Watching
from watcher.watching.check import as_of
from watcher.watching.page_pool import PagePool

if TYPE_CHECKING:
    from watcher.core.kept_page import KeptPage
    from watcher.core.relocated import Relocated
    from watcher.extract.explain import Explanation
    from watcher.extract.suggesting import Suggestions

_T = TypeVar("_T")


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

        return await self._pool.run(watch.id, suggestions_of, watch, response, value)

    async def made(self, watch: Watch, response: Response, make: Callable[..., _T], *arguments: object) -> _T:
        """Return what a function of `extract` makes of this page. Raises CheckError."""
        from watcher.watching.suggesting import made_of  # as above

        return await self._pool.run(f"{watch.id} made", made_of, watch, response, make, *arguments)

    async def explanation(self, watch: Watch, response: Response) -> Explanation:
        """Return what a watch, known or not, sees in this page. Raises CheckError."""
        return await self._pool.explain(watch, response)

    async def relocated(self, watch: Watch, response: Response | None = None) -> Relocated:
        """Return what a check of a watch comes to, of this page or of the site's now. Nothing is kept."""
        from watcher.runtime.looking.relocating import AsKept, relocated_by  # as above

        fetcher = self._fetcher if response is None else AsKept(response)
        return await relocated_by(watch, self.state(watch.id), fetcher, self._pool)


class WatcherHere(PageReader):
    """What the console asks of the watcher (`web.keys.LocalWatcher`)."""

    def __init__(self, parts: Watching, writer: Writer | None) -> None:
        super().__init__(parts.checker.fetcher, parts.checker.pool)
        self._parts = parts
        self.writer = writer

    @property
    def watches(self) -> Mapping[str, Watch]:
        """The watches as they are declared now, by id."""
        return self._parts.checker.runner.watches

    @property
    def topics(self) -> Mapping[str, Topic]:
        """The topics that they name, by key."""
        return self._parts.checker.topics

    async def check(self, watches: Sequence[str], *, limit_seconds: float) -> Sequence[Decision]:
        """Check these now; return the decisions that came within the limit."""
        return await self._parts.checker.runner.check_now(watches, limit_seconds=limit_seconds)

    def state(self, watch: str) -> WatchState:
        """Return the newest state of a watch."""
        return self._parts.checker.runner.states.of(watch)

    async def pause(self, watches: Sequence[str], act: PauseAct, *, until: datetime | None, by: str) -> Sequence[str]:
        """Pause or mute these until then, or resume them. Raises StoreError."""
        return await self._parts.checker.runner.pause(watches, act, until=until, by=by)

    async def accept(self, watch: str, *, by: str) -> bool:
        """Take what is suspicious of a watch as true. Raises StoreError."""
        return await self._parts.checker.runner.accept(watch, by=by)

    async def refresh(self, watches: Collection[str] | None = None) -> None:
        """Do nothing: what is known is what is."""

    def kept_page(self, watch: str) -> KeptPage | None:
        """Return the page of a watch as it was read last, if it is kept."""
        return self._parts.pages.page(watch)
