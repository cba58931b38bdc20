"""
Connections that apps of ntfy's hold at this server, and taking what waits for them.

The deliverer hands over to those of its own server (`NtfyChannel`). Where it finds none it says for whom (`UNFETCHED`),
each time that it tries: whichever server holds one then takes what waits, as somebody would who polls. What two take at
once, one of them finds gone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from watcher.background.loop import LONGEST_WAIT_SECONDS, BackgroundLoop
from watcher.errors import StoreError
from watcher.push.ntfy import Ntfy
from watcher.web.ntfy.live import Seat
from watcher.web.pages.hub import Hub


class HeldConnections:
    """The connections that are held here, as the channel asks for them."""

    def __init__(self, hub: Hub[Seat]) -> None:
        self._hub = hub

    def keeps_up(self, subscriber_id: int) -> bool:
        """Return whether one is held for this subscriber whose reader has taken all that was written to it."""
        return any(seat.stream.keeps_up for seat in self._hub.of(subscriber_id))

    def keeping_up(self, subscriber_ids: Sequence[int] | None) -> Collection[int]:
        """Return those of these subscribers, None: of all, for whom such a one is held."""
        asked = self._hub.listening() if subscriber_ids is None else subscriber_ids
        return [each for each in asked if self.keeps_up(each)]


class HeldTaker:
    """Takes what waits for connections that are held here, for ever (`run`)."""

    def __init__(self, connections: HeldConnections, ntfy: Ntfy, *, failover_after: timedelta) -> None:
        """`failover_after`: when to look whether it was shown."""
        self._connections = connections
        self._ntfy = ntfy
        self._failover_after = failover_after
        self._asked: set[int] = set()
        self._loop = BackgroundLoop("takes what waits for apps that are connected here")

    def wake(self, subscriber_ids: Sequence[int] | None) -> None:
        """Look whether something waits for these subscribers, None: for anybody, who have a connection here."""
        self._asked.update(self._connections.keeping_up(subscriber_ids))
        if self._asked:
            self._loop.wake()

    async def run(self) -> None:
        """Take it, until cancelled."""
        await self._loop.run(self._turn)

    async def _turn(self) -> float:
        asked, self._asked = self._asked, set()
        try:
            if asked:
                await self._ntfy.take_of(asked, failover_after=self._failover_after)
        except StoreError:
            self._asked |= asked
            raise
        return LONGEST_WAIT_SECONDS
