"""
A loop that does what there is to do, waits until it is woken or something is due, and goes on whatever went wrong.

All that runs in the background for as long as the process does is such a loop: checks, the saving of their results, the
outbox, fan-outs, handovers to channels, callbacks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from watcher.core.figures import Pulse
from watcher.errors import StoreError

LONGEST_WAIT_SECONDS: Final = 30.0
"""A loop looks at least so often, since wall clocks jump, timers stop in suspend, and other processes add work."""
PAUSE_SECONDS: Final = 5.0
"""After the store refused, or after a defect."""
_STUCK_SECONDS: Final = 180.0
"""A turn is a few transactions, each of which may wait for a minute."""
_OVERSLEPT_SECONDS: Final = 2.0
"""A loop that has much to do is woken later than it asked for, but not so much later."""
_log = logging.getLogger(__name__)


class BackgroundLoop:
    """
    The turns of what works in the background, and what it waits for between them. Used from one event loop.

    A loop whose turns end in a defect no longer beats, so it counts as stuck after a while: a new start may help.
    A store that refuses is not the loop's fault, and is told elsewhere.

    A wake-up that comes amid a turn is not missed: the next turn follows at once. Who has one offers it as `loop`:
    whoever has work for it wakes it there, and its pulse tells whether it still comes round.
    """

    def __init__(
        self,
        name: str,
        *,
        shortest_wait: float = 0.0,
        longest_wait: float = LONGEST_WAIT_SECONDS,
        stuck_seconds: float = _STUCK_SECONDS,
    ) -> None:
        """
        Args:
            name: what the loop does, to stand after "the loop that".
            shortest_wait: in seconds, between two turns; what falls due within it is done together.
            longest_wait: in seconds, between two turns.
            stuck_seconds: more than a wait and a turn may take together.
        """
        self.pulse = Pulse(f"the loop that {name}", limit_seconds=stuck_seconds)
        self._shortest_wait = shortest_wait
        self._longest_wait = longest_wait
        self._pause = min(PAUSE_SECONDS, longest_wait)
        self.overslept_seconds = 0.0
        """for how long in all this process did nothing though a turn was due, as when it was frozen"""
        self._is_woken = False
        self._is_defective = False
        self._ends_at = 0.0
        self._sleeper: asyncio.Future[None] | None = None

    async def run(self, turn: Callable[[], Awaitable[float | None]]) -> None:
        """
        Take turns until one returns None, or until cancelled; it may be run again.

        Args:
            turn: does what there is to do; returns for how many seconds there is no more, None to end.
        """
        try:
            while True:
                self.beat()
                self._is_woken = False
                seconds = await self._taken(turn)
                if seconds is None:
                    return
                await self._wait(seconds)
        finally:
            self.pulse.rest()

    def beat(self) -> None:
        """Say that the loop goes on; a turn that takes long says so itself, in between."""
        if not self._is_defective:
            self.pulse.beat(asyncio.get_running_loop().time())

    def wake(self) -> None:
        """Let the next turn begin now."""
        self._is_woken = True
        if self._sleeper is not None and not self._sleeper.done():
            self._sleeper.set_result(None)

    def wake_within(self, seconds: float) -> None:
        """Let the next turn begin now, if it would be later than in so many seconds: it is to be waited anew."""
        wait = max(seconds, self._shortest_wait)
        if self._sleeper is None or asyncio.get_running_loop().time() + wait < self._ends_at:
            self.wake()

    async def _taken(self, turn: Callable[[], Awaitable[float | None]]) -> float | None:
        try:
            seconds = await turn()
        except StoreError as error:
            self._is_defective = False
            _log.error("%s tries again in %g s, for the store refused: %s", self.pulse.what, self._pause, error)
        except Exception:
            self._is_defective = True
            _log.exception("a defect in watcher: %s tries again in %g s", self.pulse.what, self._pause)
        else:
            self._is_defective = False
            return seconds
        return self._pause

    async def _wait(self, seconds: float) -> None:
        if self._is_woken:
            return
        loop = asyncio.get_running_loop()
        self._ends_at = loop.time() + max(self._shortest_wait, min(seconds, self._longest_wait))
        self._sleeper = loop.create_future()
        timer = loop.call_at(self._ends_at, self.wake)
        try:
            await self._sleeper
        finally:
            timer.cancel()
            self._sleeper = None
        late = loop.time() - self._ends_at
        self.overslept_seconds += late if late > _OVERSLEPT_SECONDS else 0.0


def is_cancelled() -> bool:
    """Return whether the task that asks was cancelled: what goes wrong as it ends must not make it go on."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
