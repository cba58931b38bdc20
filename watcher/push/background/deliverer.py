"""
The deliverer: hands what is queued to the channels, and lets the next channel take over where nobody saw it.

What is to be handed over is saved with the message, and goes only with what became of it. So a notification comes to
the relay at least once: a kill between its answer and our commit sends it again, with the same item id, by which a
device knows it.

- An address has one notification under way at a time, in order: one that waits holds back those behind it.
- A lane (all addresses behind one relay) has as many as its channel allows. What its relay asks to wait, all of it
  waits, and nothing else does.
- Nothing more is in memory than what is under way: what waits is in the database alone.
- Answers are saved together, as many as came while the last were being saved.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from watcher.background.loop import LONGEST_WAIT_SECONDS, BackgroundLoop
from watcher.core.channels import (
    FETCHED,
    Address,
    Channel,
    ChannelName,
    FetchedChannel,
    Pause,
    Refused,
    Retry,
    SendResult,
)
from watcher.core.handovers import (
    Handover,
    HandoverOutcome,
    Onward,
    Settled,
    Taken,
    Waiting,
    after_answer,
    after_look,
    without_trying,
)
from watcher.core.pace import FAILOVER_AFTER
from watcher.core.push import Message
from watcher.core.wakeups import Wakeup, Woken
from watcher.errors import StoreError
from watcher.push.background.alarms import Alarm
from watcher.push.background.lanes import Lanes

if TYPE_CHECKING:
    from watcher.store.push.handovers import Overview
    from watcher.store.push.store import PushStore, Transaction

SENDS_AT_ONCE: Final = 200
"""Notifications under way to relays, in all lanes together. What is fetched from us is under way for no time."""
SEND_SECONDS: Final = 60.0
"""A limit for channels that do not keep to their own."""
_BATCH: Final = 500
"""Addresses sorted, or deliveries looked at, in one transaction."""
_MEND_EVERY: Final = timedelta(minutes=1)
_log = logging.getLogger(__name__)


class Deliverer:
    """Hands over what is queued, for ever (`run`). One at a time may work on a database."""

    def __init__(
        self,
        store: PushStore,
        channels: Mapping[ChannelName, Channel],
        *,
        now: Callable[[], datetime],
        chance: Callable[[], float],
        link: Callable[[Message], str],
        on_alarm: Callable[[Alarm], Awaitable[object]],
        failover_after: timedelta = FAILOVER_AFTER,
        at_once: int = SENDS_AT_ONCE,
    ) -> None:
        """
        Args:
            now: the wall clock.
            chance: a fresh random number, 0 ≤ chance < 1.
            link: the address of a message's page.
            on_alarm: is told what only the operator can mend, each reason once a day.
            failover_after: what was not shown by then goes to the subscriber's next channel.
        """
        self._store = store
        self._channels = channels
        self._now = now
        self._chance = chance
        self._link = link
        self._on_alarm = on_alarm
        self._failover_after = failover_after
        self._at_once = at_once
        self.loop = BackgroundLoop("hands messages to channels")
        self._lanes = Lanes()
        self._settled: list[Settled] = []
        """not saved yet"""
        self._alarms: list[Alarm] = []
        self._told: set[Alarm] = set()
        self._mended_at: datetime | None = None
        self._latest: datetime | None = None
        """the latest time seen since then: earlier than this, the clock was set back"""
        self.answers: Counter[tuple[ChannelName, str]] = Counter()
        """by channel, and by what it said: `sent`, `retry`, `refused`, `gone`"""

    async def run(self) -> None:
        """
        Hand over what is due, until cancelled; what is under way then is broken off, and sent at the next start.

        It may be run again: nothing is remembered then, for another process may have delivered meanwhile.
        """
        self._lanes, self._mended_at, self._latest = Lanes(), None, None
        self._settled.clear()
        try:
            async with asyncio.TaskGroup() as sends:
                await self.loop.run(partial(self._turn, sends))
        finally:
            # What a relay has answered is saved now, or it would be sent again at the next start.
            with suppress(StoreError):
                await self._settle()

    async def _turn(self, sends: asyncio.TaskGroup) -> float:
        """Do what there is to do now; return for how many seconds there is no more."""
        await self._settle()
        await self._mend()
        await self._tell_alarms()
        return await self._start_due(sends)

    async def _mend(self) -> None:
        """Make due again what a clock that was set back put off: at once and each minute, since others write too."""
        now = self._now()
        is_first, is_set_back = self._latest is None, self._latest is not None and now < self._latest
        if is_first or is_set_back or self._mended_at is None or now - self._mended_at >= _MEND_EVERY:
            until = now + self._failover_after
            await self._store.write(partial(_mend, now=now, until=until, is_first=is_first, is_set_back=is_set_back))
            self._mended_at = now
        self._latest = now

    async def _settle(self) -> None:
        """Save all answers that have come, in one transaction."""
        settled = tuple(self._settled)
        if settled:
            onward = self._onward(self._now())
            await self._store.write(
                lambda tx: tx.handovers.settle(settled, onward),
                wakes=lambda _: _woken_by(settled),
                then=lambda _: self._let_go(settled),
            )

    def _let_go(self, settled: Sequence[Settled]) -> None:
        del self._settled[: len(settled)]
        for each in settled:
            self._lanes.leave(each.handover.address.id)

    async def _start_due(self, sends: asyncio.TaskGroup) -> float:
        """Start what is due and has a place; return for how many seconds there is no more to do."""
        now = self._now()
        look = partial(_look_for_work, lanes=self._lanes.copy(), at_once=self._at_once, most_in=self._most_in, now=now)
        overview, found = await self._store.read(look)
        for lane, heads in found:
            self._start(sends, lane, heads, now)
        if overview.has_unsorted:
            await self._store.write(self._sort_addresses)
            return 0
        if overview.look_at is not None and overview.look_at <= now:
            await self._store.write(partial(self._look_at_due, now=now))
            return 0
        ends = (overview.due_at, overview.look_at, self._lanes.next_end(now=now))
        return min(((end - now).total_seconds() for end in ends if end is not None), default=LONGEST_WAIT_SECONDS)

    def _most_in(self, lane: str) -> int:
        channel = self._channels.get(_channel_of(lane))
        return self._at_once if channel is None else channel.at_once

    def _start(self, sends: asyncio.TaskGroup, lane: str, heads: Sequence[Handover], now: datetime) -> None:
        channel = self._channels.get(_channel_of(lane))
        to_try = [head for head in heads if not self._is_settled(lane, head, now, is_set_up=channel is not None)]
        if isinstance(channel, FetchedChannel):
            for head in to_try:
                self._take_answer(channel, head, _at_once(channel, head), now)
        elif channel is not None:
            for head in to_try:
                sends.create_task(self._send(channel, head))

    def _is_settled(self, lane: str, head: Handover, now: datetime, *, is_set_up: bool) -> bool:
        """Note that it is under way; return whether its end is known untried, and note that."""
        self._lanes.enter(lane, head.address.id)
        outcome = without_trying(head, is_set_up=is_set_up, now=now)
        if outcome is not None:
            self._note(head, outcome, now)
        return outcome is not None

    async def _send(self, channel: Channel, head: Handover) -> None:
        answer = await self._ask(channel, head)
        self._take_answer(channel, head, answer, self._now())

    def _take_answer(self, channel: Channel, head: Handover, answer: SendResult, now: datetime) -> None:
        self.answers[channel.name, type(answer).__name__.lower()] += 1
        chance = self._chance()
        self._note_lane(head, answer, now, chance)
        if isinstance(answer, Refused) and answer.is_alarm:
            self._alarms.append(Alarm(channel=channel.name, reason=answer.reason, day=now.date()))
        self._note(head, after_answer(head, answer, now=now, chance=chance, failover_after=self._failover_after), now)

    async def _ask(self, channel: Channel, head: Handover) -> SendResult:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return await channel.send(head.notification(self._link(head.message)), head.address)
        except (Exception, asyncio.CancelledError):
            # Of a library's own future, perhaps: unless it is we who are cancelled, the address must not be lost.
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise
            return _failure_of(channel)

    def _note_lane(self, head: Handover, answer: SendResult, now: datetime, chance: float) -> None:
        lane = self._lanes.of(head.address.id)
        if not isinstance(answer, Retry):
            self._lanes.resume(lane, now=now)
        elif answer.pause is Pause.LANE:
            _log.warning("%s is left alone for a while: %s", lane, answer.reason)
            self._lanes.pause(lane, answer, now=now, chance=chance)

    def _note(self, head: Handover, outcome: HandoverOutcome, now: datetime) -> None:
        self._settled.append(Settled(handover=head, outcome=outcome, at=now))
        self._latest = now if self._latest is None else max(self._latest, now)
        self.loop.wake()

    def _sort_addresses(self, tx: Transaction) -> None:
        """Find the lanes of addresses for which something is queued for the first time."""
        found = tx.handovers.unsorted(limit=_BATCH)
        known = {address.id: self._lane(address) for address in found if address.channel in self._channels}
        others = {address.id: f"{address.channel} " for address in found if address.id not in known}
        tx.handovers.sort(known)
        tx.handovers.sort(others, is_lasting=False)

    def _lane(self, address: Address) -> str:
        try:
            return f"{address.channel} {self._channels[address.channel].lane(address)}"
        except Exception:
            _log.exception("the channel %s cannot tell an address' lane", address.channel)
            return f"{address.channel} "

    def _look_at_due(self, tx: Transaction, now: datetime) -> None:
        """Let the next channel take over where nothing was shown in time."""
        looks = tx.handovers.looks(now=now, limit=_BATCH)
        looked = [after_look(look, now=now, failover_after=self._failover_after) for look in looks]
        tx.handovers.settle_looks(looked, self._onward(now))

    def _onward(self, now: datetime) -> Onward:
        return Onward(at=now, channels=self._channels.keys(), look_at=now + self._failover_after)

    async def _tell_alarms(self) -> None:
        alarms, self._alarms = dict.fromkeys(self._alarms), []
        for alarm in alarms:
            self._told = {told for told in self._told if told.day == alarm.day}
            if alarm not in self._told:
                self._told.add(alarm)
                await self._tell(alarm)

    async def _tell(self, alarm: Alarm) -> None:
        _log.error("channel %s: %s", alarm.channel, alarm.reason)
        try:
            await self._on_alarm(alarm)
        except Exception:
            _log.exception("cannot tell the operator, trying again at the next refusal")
            self._told.discard(alarm)


def _at_once(channel: FetchedChannel, head: Handover) -> SendResult:
    try:
        return channel.answer_at_once(head.address)
    except Exception:
        return _failure_of(channel)


def _failure_of(channel: Channel) -> Retry:
    """Return what is made of a defect, which is logged; while it is handled."""
    _log.exception("the channel %s failed, trying again", channel.name)
    return Retry(reason="the channel failed")


def _woken_by(settled: Sequence[Settled]) -> Woken:
    """Return whom these wake; another server may hold the connection of a subscriber who has none here."""
    fetched = [each for each in settled if each.handover.address.channel in FETCHED]
    return {
        Wakeup.HANDED_OVER: {each.handover.subscriber_id for each in fetched if isinstance(each.outcome, Taken)},
        Wakeup.UNFETCHED: {each.handover.subscriber_id for each in fetched if _is_to_be_tried_again(each)},
    }


def _is_to_be_tried_again(settled: Settled) -> bool:
    """Return whether it was tried in vain, and not put off by quiet hours."""
    return isinstance(settled.outcome, Waiting) and settled.outcome.attempts > settled.handover.attempts


def _look_for_work(
    tx: Transaction, *, lanes: Lanes, at_once: int, most_in: Callable[[str], int], now: datetime
) -> tuple[Overview, Sequence[tuple[str, Sequence[Handover]]]]:
    """
    Return what there is to do, and what can be started of it, lane by lane.

    Args:
        at_once: notifications under way to relays in all lanes together, at most.
        most_in: gives that of one lane.
    """
    overview = tx.handovers.overview(now=now)
    found: list[tuple[str, Sequence[Handover]]] = []
    left = at_once - lanes.count(_is_to_relay)
    for lane in lanes.open(overview.lanes, now=now):
        room = most_in(lane) - lanes.under_way(lane)
        if _is_to_relay(lane):
            room = min(room, left)
        if room > 0:
            heads = tx.handovers.heads(lane, limit=room, now=now, busy=lanes.busy(lane))
            found.append((lane, heads))
            left -= len(heads) if _is_to_relay(lane) else 0
    return overview, found


def _is_to_relay(lane: str) -> bool:
    """Return whether what goes by a lane goes to somebody else's server."""
    return _channel_of(lane) not in FETCHED


def _channel_of(lane: str) -> ChannelName:
    return ChannelName(lane.partition(" ")[0])


def _mend(tx: Transaction, *, now: datetime, until: datetime, is_first: bool, is_set_back: bool) -> None:
    """Correct due times that a wrong clock left; `until`: when what a channel is handed now should be seen."""
    if is_first:
        # While no deliverer ran, no device could acknowledge a message: it gets the time that it would have had.
        tx.handovers.put_off_looks(now=now, until=until)
    if is_first or is_set_back:
        tx.handovers.hurry_looks(until=until)
    tx.handovers.mend(now=now)
