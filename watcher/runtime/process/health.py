"""
The health of this process: what is wrong with it, whether it makes progress at all, and how late its event loop is.

| it is not ready when                                  | essential because                        |
|-------------------------------------------------------|------------------------------------------|
| the store's thread, or the push database, is silent   | nothing can be saved                     |
| the last commit of checks was refused                 | changes are seen and not kept            |
| a loop has not come round for three minutes           | watches, messages, or both stand still   |

Whether pages answer, people read and relays take what they are handed says nothing of this process, and is in the
figures alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct

from watcher.core.channels import ChannelName
from watcher.core.check import OutboxEntry
from watcher.core.figures import Durations, Pulse
from watcher.errors import StoreError
from watcher.net.sockets import SocketBudget
from watcher.push.background.callback_sender import CallbackSender
from watcher.push.background.deliverer import Deliverer
from watcher.push.service import PushService
from watcher.runtime.checker import Checker
from watcher.runtime.process.systemd import Systemd
from watcher.web.middleware.counts import Requests
from watcher.web.pages.hub import Hub
from watcher.web.pages.live import LiveInbox

if TYPE_CHECKING:
    from watcher.store.cluster.figures import ClusterFigures  # with SQLAlchemy

LOOK_SECONDS: Final = 3.0
"""How long a store may take to answer."""
_BEAT_SECONDS: Final = 1.0
_SIGNS_PER_WATCHDOG: Final = 4
_log = logging.getLogger(__name__)


class Checking(Protocol):
    """
    The parts of a process that checks watches, at work.

    Attributes:
        living: the messages that wait to be published here, and `dead`: how many were given up.
        published: attempts by how they went, since the start.
    """

    @property
    def checker(self) -> Checker: ...

    @property
    def living(self) -> Sequence[OutboxEntry]: ...

    @property
    def dead(self) -> int | None:
        """How many messages were given up; None: that is not known here."""

    @property
    def published(self) -> Mapping[str, int]: ...

    async def answer(self) -> None:
        """Return when the store has answered something. Raises StoreError."""

    def pulses(self) -> Iterator[Pulse]:
        """Yield what each loop says of itself."""


class Serving(Struct, frozen=True, kw_only=True):
    """
    The parts of a server at work.

    Attributes:
        is_in_cluster: other servers use its database, too.
        cluster: asks how the watches of the cluster stand that it serves; None: it serves none.
    """

    service: PushService
    deliverer: Deliverer
    callbacks: CallbackSender
    requests: Requests
    hub: Hub[LiveInbox]
    channels: Collection[ChannelName]
    sockets: SocketBudget
    is_in_cluster: bool = False
    cluster: Callable[[], Awaitable[ClusterFigures]] | None = None


class Health:
    """
    What is known of the process. Its parts are put here when they are at work.

    Attributes:
        watching: None: it does not watch.
        serving: None: it does not serve.
        is_file_used: what was last saved as the file of watches is in use.
        lag_seconds: by how much later than asked for the event loop came back.
    """

    def __init__(self, data: Path, systemd: Systemd, *, look_seconds: float = LOOK_SECONDS) -> None:
        """
        Args:
            data: the data directory.
            systemd: who started us.
            look_seconds: how long a store may take to answer who asks what is wrong.
        """
        self.data = data
        self.systemd = systemd
        self._look_seconds = look_seconds
        self.watching: Checking | None = None
        self.serving: Serving | None = None
        self.is_file_used = True
        self.lag_seconds = Durations()
        self._probe_of: dict[str, _Probe] = {}

    async def problems(self) -> Sequence[str]:
        """Return what is wrong, a sentence each. Takes as long as a store may."""
        answers = await asyncio.gather(*(probe.trouble(self._look_seconds) for probe in self._probes()))
        now = asyncio.get_running_loop().time()
        stuck = [f"{pulse.what} does not turn" for pulse in self._pulses() if pulse.is_stuck(now)]
        refused = self.watching is not None and self.watching.checker.committer.trouble is not None
        return [
            *(answer for answer in answers if answer),
            *(["the watch store refused the last commit; the log says why"] if refused else []),
            *stuck,
        ]

    async def why_dead(self, *, since: float, seconds: float) -> str | None:
        """
        Return what shows that there is no progress; None when the stores answer and the loop of checks has turned.

        That a store refuses is an answer: a start of the process anew would not change it.

        Args:
            since: when the loop of checks was woken, by the event loop's clock.
            seconds: that the stores have to answer.
        """
        if self.watching is not None and not self.watching.checker.runner.loop.pulse.has_beaten_since(since):
            return f"{self.watching.checker.runner.loop.pulse.what} does not turn"
        answers = await asyncio.gather(*(probe.silence(seconds) for probe in self._probes()))
        return next((answer for answer in answers if answer), None)

    async def beat(self) -> None:
        """Measure how promptly the event loop turns, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            until = loop.time() + _BEAT_SECONDS
            await asyncio.sleep(_BEAT_SECONDS)
            self.lag_seconds.note(max(loop.time() - until, 0.0))

    async def give_signs_of_life(self) -> None:
        """
        Feed systemd's watchdog until cancelled, each time only when all has been seen to turn since the last time.

        The event loop turns, or this would not run; the loop of checks has come round since it was woken; the stores
        have answered. Four times in the watchdog's time, so that one slow answer kills nobody.
        """
        if self.systemd.watchdog_seconds is None:
            return
        seconds = self.systemd.watchdog_seconds / _SIGNS_PER_WATCHDOG
        loop = asyncio.get_running_loop()
        while True:
            since = loop.time()
            if self.watching is not None:
                self.watching.checker.runner.loop.wake()  # after a suspend, too: the clock has moved
            await asyncio.sleep(seconds)
            if why := await self.why_dead(since=since, seconds=seconds):
                _log.error("no sign of life for the watchdog: %s", why)
            else:
                self.systemd.is_alive(self.status())

    def status(self) -> str:
        """Return the health of the process in one line, for `systemctl status`."""
        if self.watching is None:
            return "serving"
        figures = self.watching.checker.runner.figures()
        stand = ", ".join(f"{count} {how}" for how, count in figures.watches.items()) or "no watches"
        file = "" if self.is_file_used else "; the saved file of watches is wrong, the previous one is kept"
        return f"watching: {stand}; {len(self.watching.living)} in the outbox{file}"

    def _probes(self) -> Iterator[_Probe]:
        if self.watching is not None:
            yield self._known("the watch store", self.watching.answer)
        if self.serving is not None:
            yield self._known("the push database", self.serving.service.queues)

    def _known(self, what: str, look: Callable[[], Coroutine[None, None, object]]) -> _Probe:
        return self._probe_of.setdefault(what, _Probe(what, look))

    def _pulses(self) -> Iterator[Pulse]:
        if self.watching is not None:
            yield from self.watching.pulses()
        if self.serving is not None:
            serving = self.serving
            yield from (serving.deliverer.loop.pulse, serving.callbacks.loop.pulse)
            if serving.service.messages.fan_out_pulse is not None:
                yield serving.service.messages.fan_out_pulse


class _Probe:
    """Asks a store for a sign of life; one that is silent is not asked again before it has answered."""

    def __init__(self, what: str, look: Callable[[], Coroutine[None, None, object]]) -> None:
        self._what = what
        self._look = look
        self._asking: asyncio.Task[object] | None = None

    async def silence(self, seconds: float) -> str | None:
        """Return that it does not answer in time; None when it does, if only with an error."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._look(), name=f"ask {self._what}")
        # Not cancelled: a store's work is never broken off, and who cancels it waits for its end.
        await asyncio.wait([self._asking], timeout=seconds)
        return None if self._asking.done() else f"{self._what} does not answer"

    async def trouble(self, seconds: float) -> str | None:
        """Return what is wrong with it; None when it answers as it should."""
        if silence := await self.silence(seconds):
            return silence
        asked = self._asking
        if asked is None or asked.cancelled() or (error := asked.exception()) is None:
            return None
        if not isinstance(error, StoreError):
            raise error
        _log.warning("%s: %s", self._what, error)
        return f"{self._what} cannot be read; the log says why"
