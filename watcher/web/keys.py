"""The keys of what an application holds for all requests, and of who sent a request."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from aiohttp import web

from watcher.core.accounts import Account, Session
from watcher.core.check import Decision, OutboxAct, WatchState
from watcher.core.findings import Finding
from watcher.core.live import Live
from watcher.core.protocols import WatchReader
from watcher.core.push import Device, Subscriber
from watcher.core.settings import Settings
from watcher.push.channels.offered import Channels
from watcher.push.service import PushService

if TYPE_CHECKING:
    from datetime import datetime

    from watcher.config.writing import Writer
    from watcher.core.kept_page import KeptPage
    from watcher.core.page import Response
    from watcher.core.pausing import PauseAct
    from watcher.core.relocated import Relocated
    from watcher.core.watch import Topic, Watch
    from watcher.extract.explain import Explanation
    from watcher.extract.noise import SecondLook
    from watcher.extract.suggesting import Suggestions

_T = TypeVar("_T")


class OutboxActs(Protocol):
    """Lets the watcher, in whatever process it runs, do something with messages of its outbox."""

    def __call__(self, act: OutboxAct, messages: Sequence[str]) -> Sequence[str]:
        """Return the ids of those that were there. Blocks. Raises UnansweredError, StoreError."""


class LiveWatches(Protocol):
    """Tells what the watcher of this process knows of each watch at this moment; of a server alone: nothing."""

    def __call__(self) -> Live:
        """Return the watches by id."""


class LocalWatcher(Protocol):
    """
    The watcher of this process, or of the cluster that it serves, as the console drives it.

    Where the push service runs alone there is none.
    """

    @property
    def watches(self) -> Mapping[str, Watch]:
        """The watches as they are declared now, by id, those that are not enabled included."""

    @property
    def topics(self) -> Mapping[str, Topic]:
        """The topics that they name, by key."""

    @property
    def writer(self) -> Writer | None:
        """What changes their files, which are read again as soon as they are saved; None where there are none."""

    async def refresh(self, watches: Collection[str] | None = None) -> None:
        """
        Know how these watches, or all of them, stand now; where they are another process', that is a moment ago.

        Raises StoreError.
        """

    async def check(self, watches: Sequence[str], *, limit_seconds: float) -> Sequence[Decision]:
        """
        Check these now; return the decisions that came within the limit. Unknown ones are passed over.

        Raises UnansweredError, StoreError: whoever checks them could not be asked.
        """

    def state(self, watch: str) -> WatchState:
        """Return the newest known state of a watch; an empty one of a watch that was never checked."""

    async def pause(self, watches: Sequence[str], act: PauseAct, *, until: datetime | None, by: str) -> Sequence[str]:
        """
        Pause or mute these until then, or resume them; return those with which something was done.

        Args:
            by: from where somebody does it, for the record of events.

        Raises:
            UnansweredError: nobody could be asked.
            StoreError: with some it was not done.
        """

    async def accept(self, watch: str, *, by: str) -> bool:
        """
        Take what is suspicious of a watch as true, and check it; return whether anything was.

        `by` as above. Raises StoreError; UnansweredError: nobody could be asked, and whoever checks it next does it.
        """

    async def page(self, watch: Watch) -> Response:
        """
        Return the page of a watch, known or not, asked for at its host's pace and behind the address guard.

        Raises CheckError.
        """

    async def suggestions(self, watch: Watch, response: Response, value: str | None = None) -> Suggestions:
        """Return what this page suggests to watch, or what of it shows `value`. Raises CheckError."""

    async def made(self, watch: Watch, response: Response, make: Callable[..., _T], *arguments: object) -> _T:
        """
        Return what a function of `extract` makes of this page, with a budget of time and these arguments, in a process
        beside.

        Raises CheckError.
        """

    async def explanation(self, watch: Watch, response: Response) -> Explanation:
        """Return what a watch, known or not, sees in this page, and how. Raises CheckError."""

    async def second_look(self, watch: Watch, before: Response) -> SecondLook:
        """Return what moved on the page of a watch, known or not, since this look at it."""

    def kept_page(self, watch: str) -> KeptPage | None:
        """Return the page of a watch as it was read last, if it is kept. Blocks."""

    async def relocated(self, watch: Watch, response: Response | None = None) -> Relocated:
        """
        Return what a check of a watch comes to now, and where what it lost may stand. Nothing is kept.

        Args:
            response: what the check reads; None: it asks the site.
        """


class ServerLook(Protocol):
    """Looks at this server as `watcher doctor` does, and takes seconds."""

    async def __call__(self) -> Sequence[Finding]:
        """Return what was found, in an order to read; the texts are English, and name no secret."""


async def no_look() -> Sequence[Finding]:
    """Find nothing, where nobody looks."""
    return ()


SERVICE = web.AppKey("service", PushService)
SETTINGS = web.AppKey("settings", Settings)
WATCHES = web.AppKey("watches", WatchReader)
OUTBOX = web.AppKey("outbox", OutboxActs)
LIVE = web.AppKey("live", LiveWatches)
LOCAL = web.AppKey("local", LocalWatcher)
"""Absent where the push service runs alone."""
LOOK = web.AppKey("look", ServerLook)
CHANNELS = web.AppKey("channels", Channels)
SUBSCRIBER = web.RequestKey("subscriber", Subscriber)
"""Whose device is asking; set on routes of the role `device`."""
ACCOUNT = web.RequestKey("account", Account)
"""Who is signed in to the console; set on routes of the roles `account` and `operator`."""
SESSION = web.RequestKey("session", Session)
"""In which session; set with ACCOUNT."""
DEVICE = web.RequestKey("device", Device)
"""Which device is asking; set where it is one that we know, once `subscriber_of` was called."""
