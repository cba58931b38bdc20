"""Apps of ntfy's that are connected to another server than the one that hands over; time stands still."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import Struct

from tests.push.builders import NOON, a_draft, a_reader, an_app
from tests.push.relays import until
from tests.running import meanwhile
from tests.web.ntfy.inboxes import SECONDS, Stream
from tests.web.serving import a_site
from tests.web.site import Site
from watcher.core.databases import ClusterDatabase
from watcher.core.push import App, DeliveryState, Slice, Subscriber
from watcher.core.settings import Settings
from watcher.push.channels.ntfy import NtfyChannel
from watcher.push.channels.offered import Channels
from watcher.push.opening import open_push_service
from watcher.runtime.cluster.hearing import hear_others

_FAR: timedelta = timedelta(hours=1)


class Town(Struct, frozen=True, kw_only=True):
    """Two servers, of which one hands over, and somebody who follows their inbox with an app."""

    hands_over: Site
    other: Site
    app: App
    reader: Subscriber
    inbox: str

    async def send(self, text: str) -> int:
        """Send to the reader; return the id of the message."""
        [sent] = await self.hands_over.push.messages.send(self.app, a_draft(text), uids=[self.reader.uid])
        assert sent.message_id is not None
        return sent.message_id

    async def status(self, message_id: int) -> DeliveryState:
        """How far a message is on its way to the app."""
        deliveries = await self.other.push.deliveries.slice(message_id, Slice(limit=10))
        [state] = [each.state for each in deliveries if each.channel == "ntfy"]
        return state


@asynccontextmanager
async def _server(place: ClusterDatabase, directory: Path, *, hands_over: bool) -> AsyncIterator[Site]:
    directory.mkdir()
    channel = NtfyChannel()
    channels = Channels(by_name={channel.name: channel}, ntfy=channel)
    push = await open_push_service(place, now=lambda: NOON)
    settings = Settings(data=directory, base_url="http://push.example", poll_every=_FAR, comment_every=_FAR)
    deliverer = push.deliveries.deliverer(channels.by_name, chance=lambda: 0.0, link=lambda message: message.slug)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(push.close)
        site = await stack.enter_async_context(a_site(push, settings, channels))
        await stack.enter_async_context(meanwhile(hear_others(place.url, push)))
        if hands_over:
            await stack.enter_async_context(meanwhile(deliverer.run()))
        await until(lambda: push.wakeups.are_heard)
        yield site


@pytest.fixture
async def town(postgresql_place: ClusterDatabase, tmp_path: Path) -> AsyncIterator[Town]:
    async with (
        _server(postgresql_place, tmp_path / "one", hands_over=True) as one,
        _server(postgresql_place, tmp_path / "other", hands_over=False) as other,
    ):
        app = await an_app(one.push)
        reader = await a_reader(one.push, apps=(app.id,))
        inbox = (await one.push.ntfy.follow(reader)).value
        yield Town(hands_over=one, other=other, app=app, reader=reader, inbox=inbox)


@asynccontextmanager
async def _stream(site: Site, inbox: str) -> AsyncIterator[Stream]:
    async with site.client.get(f"/{inbox}/json") as answer:
        stream = Stream(answer)
        assert (await stream.event())["event"] == "open"
        yield stream


async def test_an_app_that_is_connected_elsewhere_is_told_at_once(town: Town) -> None:
    async with _stream(town.other, town.inbox) as stream:
        ids = [await town.send(text) for text in ("one", "two", "three")]
        async with asyncio.timeout(SECONDS):
            assert [(await stream.message())["message"] for _ in ids] == ["one", "two", "three"]
        assert [await town.status(id_) for id_ in ids] == [DeliveryState.SENT] * 3


@pytest.mark.faults
async def test_of_two_connections_each_is_told_once_whichever_server_hands_over(town: Town) -> None:
    texts = [f"number {number}" for number in range(20)]
    async with _stream(town.other, town.inbox) as there, _stream(town.hands_over, town.inbox) as here:
        await asyncio.gather(*(town.send(text) for text in texts))
        for stream in (there, here):
            told = Counter([(await stream.message())["message"] for _ in texts])
            assert told == dict.fromkeys(texts, 1)


async def test_without_a_connection_anywhere_it_waits_for_one(town: Town) -> None:
    message_id = await town.send("later")
    await town.hands_over.push.messages.send(town.app, a_draft("behind"), uids=[town.reader.uid])
    assert await town.status(message_id) is DeliveryState.QUEUED
    async with _stream(town.other, town.inbox) as stream:
        assert [(await stream.message())["message"] for _ in range(2)] == ["later", "behind"]
