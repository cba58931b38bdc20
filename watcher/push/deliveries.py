"""Deliveries: one message to one subscriber over one channel, and its state."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from watcher.core.channels import Channel, ChannelName
from watcher.core.pace import FAILOVER_AFTER
from watcher.core.phrases import Phrases
from watcher.core.push import Delivery, Message, SendStatus, Slice, TopicDraft
from watcher.core.wakeups import Wakeup
from watcher.push.context import Context, Resource
from watcher.push.sending import status_of

if TYPE_CHECKING:
    from watcher.push.background.alarms import Alarm
    from watcher.push.background.deliverer import Deliverer


class Deliveries(Resource):
    """The deliveries of one push store. Each method raises StoreError."""

    def __init__(
        self,
        context: Context,
        *,
        publish: Callable[[Sequence[TopicDraft]], Awaitable[object]],
        phrases: Callable[[], Phrases],
    ) -> None:
        """
        Args:
            publish: brings alarms to the watcher's `admin` topic.
            phrases: returns those of its language.
        """
        super().__init__(context)
        self._publish = publish
        self._phrases = phrases

    async def status(self, send_record_id: int) -> SendStatus | None:
        """Return the status of one target of a send; None when there is no such record."""
        now = self._now()
        states = await self._store.read(lambda tx: tx.deliveries.states_of_record(send_record_id, at=now))
        return None if states is None else status_of(states)

    async def slice(self, message_id: int, cut: Slice) -> Sequence[Delivery]:
        """Return a stretch of a message's deliveries by id."""
        return await self._store.read(lambda tx: tx.deliveries.slice(message_id, cut))

    def deliverer(
        self,
        channels: Mapping[ChannelName, Channel],
        *,
        chance: Callable[[], float],
        link: Callable[[Message], str],
        failover_after: timedelta = FAILOVER_AFTER,
        on_alarm: Callable[[Alarm], Awaitable[object]] | None = None,
        sockets: int | None = None,
    ) -> Deliverer:
        """
        Return what hands messages to these channels in the background (`run`), which new ones wake.

        One per database may run. It must run even where no channel is set up: for each queued delivery it notes
        that its channel is not set up.

        Args:
            link: gives the address of a message's page.
            failover_after: what was not shown by then goes to the subscriber's next channel.
            on_alarm: is told what only the operator can mend; by default the watcher's `admin` topic is.
            sockets: that may be in use at once, by callbacks too; None: as many as are wanted.
        """
        # Only a server sends: commands need neither what works in the background nor aiohttp, which comes with them.
        from watcher.push.background.callback_sender import CALLS_AT_ONCE
        from watcher.push.background.deliverer import SENDS_AT_ONCE, Deliverer

        deliverer = Deliverer(
            self._store,
            channels,
            now=self._now,
            chance=chance,
            link=link,
            on_alarm=on_alarm or (lambda alarm: self._publish([alarm.draft_in(self._phrases())])),
            failover_after=failover_after,
            at_once=SENDS_AT_ONCE if sockets is None else max(1, min(SENDS_AT_ONCE, sockets - CALLS_AT_ONCE)),
        )
        self._store.wakeups.on(Wakeup.HANDOVER, lambda _: deliverer.loop.wake())
        return deliverer
