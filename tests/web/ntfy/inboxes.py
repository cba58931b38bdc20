"""A server whose subscribers follow their inboxes with apps of ntfy's, and what such an app does. Time is given."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse

from tests.push.relays import Relay, Room, a_room
from tests.web.serving import a_site
from tests.web.site import Site
from watcher.core.channels import ChannelName
from watcher.core.push import Subscriber
from watcher.core.settings import Settings
from watcher.push.channels.ntfy import NtfyChannel
from watcher.push.channels.offered import Channels

SECONDS = 30


class Stream:
    """An open stream of JSON lines; each wait is bounded."""

    def __init__(self, answer: ClientResponse) -> None:
        self._answer = answer

    async def event(self) -> dict[str, Any]:
        async with asyncio.timeout(SECONDS):
            line = await self._answer.content.readline()
        assert line, "the stream has ended"
        return as_event(line)

    async def message(self) -> dict[str, Any]:
        while (event := await self.event())["event"] != "message":
            pass
        return event

    async def end(self) -> None:
        """Read until it ends."""
        async with asyncio.timeout(SECONDS):
            while await self._answer.content.readline():
                pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Inboxes:
    """A running server with a deliverer; `mail` is the channel after the apps."""

    site: Site
    room: Room
    mail: Relay

    async def follower(self) -> tuple[Subscriber, str]:
        """Somebody who follows the room's application and, with an app, their inbox, by the name that is returned."""
        reader = await self.room.a_reader()
        return reader, (await self.site.push.ntfy.follow(reader)).value

    @asynccontextmanager
    async def stream(self, topics: str, **query: str) -> AsyncIterator[Stream]:
        """An open stream that has said that it is open."""
        async with self.site.client.get(f"/{topics}/json", params=query) as answer:
            assert answer.status == 200, await answer.text()
            stream = Stream(answer)
            assert (await stream.event())["event"] == "open"
            yield stream

    async def poll(self, topics: str, **query: str) -> list[dict[str, Any]]:
        async with self.site.client.get(f"/{topics}/json", params={"poll": "1", **query}) as answer:
            assert answer.status == 200, await answer.text()
            return [as_event(line) for line in (await answer.read()).splitlines()]

    async def states(self, message_id: int) -> list[tuple[str, str]]:
        """How far a message is, over each channel that was tried."""
        return [(channel, state) for channel, state, _ in await self.room.states(message_id)]


def as_event(line: bytes) -> dict[str, Any]:
    event = json.loads(line)
    assert isinstance(event, dict)
    return event


def bodies(events: Sequence[dict[str, Any]]) -> list[str]:
    return [event["message"] for event in events]


def settings_in(directory: Path, **others: Any) -> Settings:
    return Settings(
        data=directory,
        base_url="http://push.example",
        comment_every=timedelta(seconds=0.2),
        poll_every=timedelta(seconds=0.05),
        **others,
    )


@asynccontextmanager
async def inboxes_in(directory: Path, settings: Settings) -> AsyncIterator[Inboxes]:
    """Keep such a server while the context lasts."""
    channel, mail = NtfyChannel(), Relay(name=ChannelName.EMAIL)
    channels = Channels(by_name={channel.name: channel, mail.name: mail}, ntfy=channel)
    async with (
        a_room(directory) as room,
        a_site(room.service, settings, channels) as site,
        room.delivering(channel, mail),
    ):
        yield Inboxes(site=site, room=room, mail=mail)
