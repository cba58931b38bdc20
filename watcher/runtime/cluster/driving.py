"""
The watches of a cluster, as the console of a server drives them: what is known stands in its database, what is done
its workers are asked for, and a page to look at the server fetches itself.

| of | is known as of |
|---|---|
| what is declared | when NOTIFY told of it; a second ago where none is heard, and 30 s ago where one is lost |
| how watches stand | some seconds ago (`states`) |
| what was asked for just now | now |
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, closing
from datetime import datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Final, NoReturn

from watcher.background.loop import BackgroundLoop
from watcher.cluster.duties import make_tables
from watcher.cluster.leases import TTL
from watcher.core.check import Decision, WatchState
from watcher.core.page import Response, Validators
from watcher.core.pausing import PauseAct
from watcher.core.protocols import WatchReader
from watcher.core.settings import Settings
from watcher.core.watch import Request, Topic, Watch
from watcher.errors import FetchError, StoreError
from watcher.fetch import HttpFetcher
from watcher.net.sessions import Sessions
from watcher.runtime.asking import decision_of
from watcher.runtime.cluster.asking import UNHELD_SECONDS, ask_workers
from watcher.runtime.cluster.catalog import Catalog
from watcher.runtime.cluster.states import ClusterStates
from watcher.runtime.cluster.writing import ClusterWriter, cluster_writer
from watcher.runtime.fetching import lanes
from watcher.runtime.page_reader import PageReader
from watcher.runtime.settings import utc_now
from watcher.store.cluster.declarations import DeclarationStore
from watcher.store.cluster.figures import ClusterFigures, read_figures
from watcher.store.cluster.kept_pages import ClusterKeptPages
from watcher.store.cluster.requests import RequestStore
from watcher.store.cluster.transactions import Transactions
from watcher.store.ending import to_its_end
from watcher.watching.page_pool import PagePool
from watcher.watching.questions import AskToAccept, AskToCheck, AskToPause

if TYPE_CHECKING:
    from watcher.core.kept_page import KeptPage
    from watcher.core.relocated import Relocated
    from watcher.push.service import PushService

LOOK_SECONDS: Final = 30.0
"""So often what is declared is looked for in any case: a notification may be lost on its way."""
_UNHEARD_SECONDS: Final = 1.0
"""The same while none is heard: the connection is lost, say."""
_FIGURES_SECONDS: Final = 15.0
_PAUSE_SECONDS: Final = 60.0
_ACCEPT_SECONDS: Final = 15.0
_GRACE_SECONDS: Final = 3.0
_ELSEWHERE: Final = "what it takes from the environment (`${…}`) is not set on this server; set it as on the workers"
_log = logging.getLogger(__name__)


class _Refused:
    """Asks nobody, for what it would send is not known here."""

    async def fetch(self, request: Request, validators: Validators) -> NoReturn:
        del request, validators
        raise FetchError(_ELSEWHERE)


class ClusterWatcher(PageReader):
    """
    What the console of a server asks of a cluster (`web.keys.LocalWatcher`).

    Attributes:
        loop: reads what is declared anew; to be woken when that may be so.
    """

    def __init__(
        self,
        *,
        catalog: Catalog,
        states: ClusterStates,
        requests: RequestStore,
        fetcher: HttpFetcher,
        pool: PagePool,
        pages: ClusterKeptPages,
        database: Transactions,
        writer: ClusterWriter,
        are_heard: Callable[[], bool],
        unheld_seconds: float,
    ) -> None:
        """
        Args:
            are_heard: returns whether whoever hears what is declared wakes `loop`.
            unheld_seconds: as of `ask_workers`.
        """
        super().__init__(fetcher, pool)
        self.loop = BackgroundLoop("reads what is declared", longest_wait=LOOK_SECONDS)
        self._are_heard = are_heard
        self.writer: ClusterWriter = writer
        self._catalog = catalog
        self._states = states
        self._ask = partial(ask_workers, requests, unheld_seconds=unheld_seconds)
        self._pages = pages
        self._database = database
        self._figures: tuple[float, ClusterFigures] | None = None

    @property
    def watches(self) -> Mapping[str, Watch]:
        """The watches as they are declared, by id."""
        return self._catalog.file.watches

    @property
    def topics(self) -> Mapping[str, Topic]:
        """The topics that they name, by key."""
        return self._catalog.file.topics

    @property
    def is_declared(self) -> bool:
        """True once somebody has declared watches."""
        return self._catalog.generation > 0

    def state(self, watch: str) -> WatchState:
        """Return the state of a watch, as of the last `refresh`."""
        return self._states.of(watch)

    async def page(self, watch: Watch) -> Response:
        """Return the page of a watch, known or not. Raises CheckError, also where its secrets are with workers."""
        if watch.id in self._catalog.lacking:
            raise FetchError(_ELSEWHERE)
        return await super().page(watch)

    async def relocated(self, watch: Watch, response: Response | None = None) -> Relocated:
        """Return what a check of a watch comes to; of one whose secrets are with workers, that it fails."""
        if response is not None or watch.id not in self._catalog.lacking:
            return await super().relocated(watch, response)
        from watcher.runtime.looking.relocating import relocated_by  # as in `PageReader`

        return await relocated_by(watch, self.state(watch.id), _Refused(), self._pool)

    async def refresh(self, watches: Collection[str] | None = None) -> None:
        """Know how these watches, or all, stand now. Raises StoreError."""
        await self._states.refresh(watches)

    async def check(self, watches: Sequence[str], *, limit_seconds: float) -> Sequence[Decision]:
        """Let workers check these now; return what came within the limit. Raises UnansweredError, StoreError."""
        question = AskToCheck(watches=tuple(watches), limit_seconds=limit_seconds)
        said = await self._ask(question, limit_seconds=limit_seconds + _GRACE_SECONDS)
        if said.trouble:
            _log.warning("%s", said.trouble)
        outcomes = said.answer.outcomes
        await self._states.refresh([each.watch for each in outcomes], is_now=True)
        return [decision_of(each, self.state(each.watch)) for each in outcomes]

    async def pause(self, watches: Sequence[str], act: PauseAct, *, until: datetime | None, by: str) -> Sequence[str]:
        """Let workers pause or mute these until then, or resume them. Raises UnansweredError, StoreError."""
        question = AskToPause(act=act, watches=tuple(watches), until=until, by=by)
        said = await self._ask(question, limit_seconds=_PAUSE_SECONDS)
        await self._states.refresh(said.answer.done, is_now=True)
        if said.trouble:
            raise StoreError(said.trouble)
        return said.answer.done

    async def accept(self, watch: str, *, by: str) -> bool:
        """
        Let a worker take what is suspicious of a watch as true.

        Raises:
            UnansweredError: no worker did so yet; the next one that has the watch does.
            StoreError: nobody could be asked.
        """
        said = await self._ask(AskToAccept(watch=watch, by=by), limit_seconds=_ACCEPT_SECONDS)
        await self._states.refresh([watch], is_now=True)
        return bool(said.answer.done)

    def kept_page(self, watch: str) -> KeptPage | None:
        """Return the page of a watch as a worker read it last, if it is kept."""
        return self._pages.page(watch)

    async def figures(self) -> ClusterFigures:
        """Return how the watches stood a few seconds ago. Raises StoreError."""
        now = asyncio.get_running_loop().time()
        if self._figures is None or now - self._figures[0] > _FIGURES_SECONDS:
            self._figures = now, await self._database.run(partial(read_figures, ttl=TTL))
        return self._figures[1]

    async def run(self) -> None:
        """Know what is declared, here and in the files that the writer edits, until cancelled."""
        await self.loop.run(self._turn)

    async def _turn(self) -> float:
        await self._catalog.refresh()
        # What it reads by is closed as soon as this has ended.
        await to_its_end(asyncio.to_thread(self.writer.refresh))
        return LOOK_SECONDS if self._are_heard() else _UNHEARD_SECONDS


@asynccontextmanager
async def cluster_watcher(
    url: str,
    settings: Settings,
    service: PushService,
    sessions: Sessions,
    reader: WatchReader,
    environ: Mapping[str, str],
    *,
    timezone: tzinfo | None = None,
    unheld_seconds: float = UNHELD_SECONDS,
) -> AsyncIterator[ClusterWatcher]:
    """
    Open what the console drives; `run` is the caller's.

    Args:
        timezone: of watches that name none.
        unheld_seconds: how long it waits for a worker to take over a shard that nobody has.

    Raises StoreError: the tables of watches cannot be made or read.
    """
    await make_tables(url)
    async with AsyncExitStack() as stack:
        declarations = await stack.enter_async_context(aclosing(DeclarationStore(url)))
        requests = await stack.enter_async_context(aclosing(RequestStore(url)))
        pool = await stack.enter_async_context(PagePool())
        writer = await stack.enter_async_context(cluster_writer(settings, service, environ, timezone=timezone))
        catalog = Catalog(declarations, environ, timezone=timezone)
        await catalog.refresh()
        fetcher = HttpFetcher(sessions, lanes(sockets=sessions.sockets.at_once), now=utc_now)
        database = await stack.enter_async_context(aclosing(Transactions(url, name="figures")))
        pages = stack.enter_context(closing(ClusterKeptPages(url)))
        yield ClusterWatcher(
            catalog=catalog,
            states=ClusterStates(reader),
            requests=requests,
            fetcher=fetcher,
            pool=pool,
            pages=pages,
            database=database,
            writer=writer,
            are_heard=lambda: service.wakeups.are_heard,
            unheld_seconds=unheld_seconds,
        )
