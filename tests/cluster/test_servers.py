"""Two servers on one PostgreSQL, as people and programs see them: it is the same service at either."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest
from msgspec import Struct

from tests import postgresql
from tests.cli.command import SECONDS, Command, eventually
from tests.cli.press import Process
from tests.cli.test_serve import device, session, url_of
from tests.push.callback_server import a_callback_server
from watcher.cluster.leases import TTL

TAKEN_OVER: Final = 2 * TTL.total_seconds() + 5
_OWNERS: Final = "SELECT name, owner FROM watcher.lease WHERE owner IS NOT NULL ORDER BY name"
_DUTIES: Final = ("callbacks", "changes", "deliverer", "fan-out", "housekeeping")


class Server(Struct, frozen=True, kw_only=True):
    """One that runs, in a data directory of its own."""

    process: Process
    url: str


class Servers:
    """What runs on one database, and whoever asks it."""

    def __init__(self, server: postgresql.Server, name: str, directory: Path, client: aiohttp.ClientSession) -> None:
        self.client = client
        self._server = server
        self._name = name
        self._directory = directory
        self.environment = {"WATCHER_DATABASE": server.url(name)}
        self.command = Command(directory)

    async def start(self, stack: AsyncExitStack, name: str, *options: str) -> Server:
        """Start another one, and return when it is ready."""
        directory = self._directory / name
        directory.mkdir()
        running = Command(directory).running("serve", "--port", "0", *options, **self.environment)
        process, first = await stack.enter_async_context(running)
        return Server(process=process, url=url_of(first))

    def owners(self) -> dict[str, int]:
        """Return which process has each duty."""
        rows = self._server.ask(_OWNERS, database=self._name)
        return {name: int(owner.split(":")[-2]) for name, owner in rows}

    async def owner(self, *, but: Sequence[int] = ()) -> int:
        """Return the process that has all duties, once one has."""

        async def look() -> int | None:
            owners = self.owners()
            pids = set(owners.values())
            return pids.pop() if set(owners) == set(_DUTIES) and len(pids) == 1 and not pids & set(but) else None

        return await eventually(look)

    async def add_app(self, *options: str) -> dict[str, Any]:
        """Make an application with a topic."""
        app = (await self.command("apps", "add", "Shop", *options, "--json", **self.environment)).record
        number = str(app["app_id"])
        topic = (await self.command("topics", "add", "News", "--app", number, "--json", **self.environment)).record
        return {**app, "topic_id": topic["topic_id"], "path": "/t/" + topic["link"].rpartition("/t/")[2]}

    async def send(self, server: Server, app: dict[str, Any], text: str) -> dict[str, Any]:
        """Send to the topic."""
        body = {"appToken": app["app_token"], "content": text, "topicIds": [app["topic_id"]]}
        async with self.client.post(f"{server.url}/api/send/message", json=body) as answer:
            said: dict[str, Any] = await answer.json()
            return said

    async def is_ready(self, server: Server) -> bool:
        """Return whether nothing is wrong with it."""
        async with self.client.get(f"{server.url}/readyz") as answer:
            return answer.status == 200


@pytest.fixture
async def servers(postgresql_server: postgresql.Server, tmp_path: Path) -> AsyncIterator[Servers]:
    """Nothing that runs, on an empty database."""
    name = postgresql_server.new_database()
    async with session() as client:
        yield Servers(postgresql_server, name, tmp_path, client)
    postgresql_server.remove_database(name)


@asynccontextmanager
async def _live_inbox(servers: Servers, server: Server, cookie: str) -> AsyncIterator[aiohttp.StreamReader]:
    stream = servers.client.get(f"{server.url}/inbox/events", headers={"Cookie": cookie})
    async with stream as answer:
        assert answer.status == 200
        yield answer.content


async def test_what_is_sent_at_one_is_shown_at_the_other_where_its_reader_is(servers: Servers) -> None:
    async with AsyncExitStack() as stack:
        one, other = [await servers.start(stack, name) for name in ("one", "other")]
        app = await servers.add_app()
        cookie = await device(servers.client, f"{one.url}{app['path']}")
        async with asyncio.timeout(SECONDS), _live_inbox(servers, one, cookie) as stream:
            assert (await servers.send(other, app, "Dune is back"))["success"]
            while "Dune is back" not in (line := (await stream.readline()).decode()):
                assert line, "the stream has ended"
        for server in (one, other):
            async with servers.client.get(f"{server.url}/inbox", headers={"Cookie": cookie}) as page:
                assert "Dune is back" in await page.text()
        assert await servers.is_ready(one)
        assert await servers.is_ready(other)


@pytest.mark.faults
async def test_what_one_server_leaves_the_other_does_at_once(servers: Servers) -> None:
    async with AsyncExitStack() as stack:
        both = [await servers.start(stack, name) for name in ("one", "other")]
        owner = await servers.owner()
        [leaving] = [server for server in both if server.process.pid == owner]
        [staying] = [server for server in both if server is not leaving]
        leaving.process.send_signal(signal.SIGTERM)
        assert await leaving.process.wait() == 0
        assert await servers.owner(but=[owner]) == staying.process.pid
        assert await servers.is_ready(staying)


@pytest.mark.faults
async def test_a_reader_s_messages_of_a_day_are_counted_over_both(servers: Servers) -> None:
    async with AsyncExitStack() as stack:
        both = [await servers.start(stack, name, "--daily-limit", "1") for name in ("one", "other")]
        app = await servers.add_app()
        cookie = await device(servers.client, f"{both[0].url}{app['path']}")
        for number, server in enumerate(both):
            await servers.send(server, app, f"number {number}")
        async with servers.client.get(f"{both[1].url}/inbox", headers={"Cookie": cookie}) as page:
            text = await page.text()
    assert ("number 0" in text, "number 1" in text) == (True, False)


@pytest.mark.faults
async def test_what_a_killed_server_did_the_other_does_within_the_promised_time(servers: Servers) -> None:
    async with AsyncExitStack() as stack:
        callbacks = await stack.enter_async_context(a_callback_server())
        both = [await servers.start(stack, name, "--private-callbacks") for name in ("one", "other")]
        await servers.add_app("--callback-url", callbacks.url)
        app = (await servers.command("apps", "--json", **servers.environment)).records[-1]
        owner = await servers.owner()
        [killed] = [server for server in both if server.process.pid == owner]
        [left] = [server for server in both if server is not killed]
        killed.process.kill()
        killed_at = time.monotonic()
        await device(servers.client, f"{left.url}/a/{app['slug']}")
        while not callbacks.calls:
            await asyncio.sleep(0.1)
            assert time.monotonic() - killed_at < TAKEN_OVER
        assert await servers.owner(but=[owner]) == left.process.pid
        assert time.monotonic() - killed_at < TAKEN_OVER
        assert await servers.is_ready(left)
