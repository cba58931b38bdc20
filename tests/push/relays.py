"""Channels that answer as they are told, a clock that is set, and a deliverer between them and a real database."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.clock import Clock
from tests.push.builders import NOON, a_draft
from tests.push.prepared import place_tables
from tests.running import meanwhile
from watcher.core.channels import Address, AddressDraft, Channel, ChannelName, Notification, SendResult, Sent
from watcher.core.pace import FAILOVER_AFTER
from watcher.core.push import App, AppProfile, Delivery, Slice, Subscriber
from watcher.push.background.alarms import Alarm
from watcher.push.background.deliverer import Deliverer
from watcher.push.opening import open_push_service
from watcher.push.service import PushService

SECONDS = 30


def _take(notification: Notification, address: Address) -> SendResult:  # noqa: ARG001
    return Sent()


@dataclass(slots=True)
class Relay:
    """
    A channel. An address is `name@lane`.

    Attributes:
        answer: gives what it answers.
        gate: what comes while this is cleared gets its answer when it is set.
        got: what was said to whom, in the order in which it came.
        busiest: the most that it had at once, in each lane.
    """

    name: ChannelName = ChannelName.WEB_PUSH
    at_once: int = 50
    answer: Callable[[Notification, Address], SendResult] = _take
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    got: list[tuple[str, str]] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)
    busiest: dict[str, int] = field(default_factory=dict)
    _busy: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.gate.set()

    def lane(self, address: Address) -> str:
        return address.value.partition("@")[2]

    async def send(self, notification: Notification, address: Address) -> SendResult:
        self.got.append((notification.message.draft.content, address.value))
        self.notifications.append(notification)
        for each in (address.value, self.lane(address)):
            self._busy[each] = self._busy.get(each, 0) + 1
            self.busiest[each] = max(self.busiest.get(each, 0), self._busy[each])
        try:
            await self.gate.wait()
            return self.answer(notification, address)
        finally:
            for each in (address.value, self.lane(address)):
                self._busy[each] -= 1

    def script(self, *answers: SendResult) -> None:
        """Answer so, one after the other, and then take everything."""
        waiting = iter(answers)
        self.answer = lambda *_: next(waiting, Sent())


@dataclass(slots=True)
class Room:
    """A push service, and what delivers for it while `delivering` lasts."""

    path: Path
    service: PushService
    app: App
    clock: Clock
    alarms: list[Alarm] = field(default_factory=list)
    deliverer: Deliverer | None = None

    @asynccontextmanager
    async def delivering(self, *channels: Channel, failover_after: timedelta = FAILOVER_AFTER) -> AsyncIterator[None]:
        self.deliverer = self.service.deliveries.deliverer(
            {channel.name: channel for channel in channels},
            chance=lambda: 0.0,
            link=lambda message: f"https://push.example/m/{message.slug}",
            on_alarm=self.hear,
            failover_after=failover_after,
        )
        async with meanwhile(self.deliverer.run()):
            await asyncio.sleep(0)  # until it has looked at the clock
            yield

    async def hear(self, alarm: Alarm) -> None:
        """Be told of an alarm."""
        self.alarms.append(alarm)

    def pass_time(self, span: timedelta) -> None:
        """Set the clock forward, and let the deliverer look at it."""
        self.clock.at += span
        if self.deliverer is not None:
            self.deliverer.loop.wake()

    async def a_reader(self, *addresses: str, channel: ChannelName = ChannelName.WEB_PUSH) -> Subscriber:
        """Make one who follows the application and is reached there."""
        reader = (await self.service.subscribers.add(app_ids=[self.app.id])).subscriber
        for address in addresses:
            await self.reach(reader, address, channel)
        return reader

    async def reach(self, reader: Subscriber, address: str, channel: ChannelName = ChannelName.WEB_PUSH) -> None:
        fingerprint = hashlib.sha256(address.encode()).hexdigest()
        await self.service.addresses.add(reader, AddressDraft(channel=channel, fingerprint=fingerprint, value=address))

    async def addresses(self, reader: Subscriber) -> list[str]:
        return [address.value for address in await self.service.addresses.of(reader)]

    async def send(self, text: str, *readers: Subscriber) -> int:
        """Send to these; return the message's id."""
        results = await self.service.messages.send(self.app, a_draft(text), uids=[reader.uid for reader in readers])
        message_id = results[0].message_id
        assert message_id is not None
        return message_id

    async def deliveries(self, message_id: int) -> Sequence[Delivery]:
        """Return those over the channels other than the inbox."""
        found = await self.service.deliveries.slice(message_id, Slice(limit=20_000))
        return [each for each in found or () if each.channel != ChannelName.INBOX]

    async def states(self, message_id: int) -> list[tuple[str, str, str | None]]:
        return [(each.channel, str(each.state), each.reason) for each in await self.deliveries(message_id)]

    def sql(self, query: str) -> list[tuple[object, ...]]:
        """Ask the database past everything."""
        with closing(sqlite3.connect(self.path)) as connection, connection:
            return connection.execute(query).fetchall()

    def waiting(self) -> int:
        """Return how many handovers wait."""
        [(number,)] = self.sql("SELECT count(*) FROM handovers")
        assert isinstance(number, int)
        return number

    def looks_before(self, time: datetime) -> int:
        """Return of how many deliveries will have been looked by then whether they were shown."""
        [(number,)] = self.sql(f"SELECT count(*) FROM deliveries WHERE look_at < {int(time.timestamp() * 1e6)}")
        assert isinstance(number, int)
        return number

    def untold(self) -> list[tuple[object, ...]]:
        """Return the deliveries that reached a state of which no event tells; that they came into an inbox is none."""
        return self.sql(
            "SELECT id, channel, state FROM deliveries WHERE state <> 'queued' "
            "AND NOT (channel = 'inbox' AND state = 'sent') AND state IS NOT "
            "(SELECT state FROM delivery_events WHERE delivery_id = deliveries.id ORDER BY id DESC LIMIT 1)"
        )

    async def tried(self, attempts: int) -> None:
        """Return when something that waits was tried so often."""
        await until(lambda: self.sql(f"SELECT 1 FROM handovers WHERE attempts = {attempts}") != [])

    async def quiet(self) -> None:
        """Return when nothing waits."""
        await until(lambda: self.waiting() == 0)


@asynccontextmanager
async def a_room(directory: Path) -> AsyncIterator[Room]:
    clock = Clock(NOON)
    path = directory / "push.db"
    service = await open_push_service(await place_tables(path), now=clock)
    app, _ = await service.apps.add(AppProfile(name="shop"))
    room = Room(path=path, service=service, app=app, clock=clock)
    try:
        yield room
        assert room.untold() == []
    finally:
        await service.close()


async def until(is_so: Callable[[], bool], *, seconds: float = SECONDS) -> None:
    """Return when it is so."""
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110  what it waits for is in a database
            await asyncio.sleep(0.005)
