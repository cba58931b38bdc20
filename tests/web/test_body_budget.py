"""The room that the bodies of all requests share, on both event loops."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import pytest
from msgspec.structs import replace

from tests.web.raw import SECONDS, connected, read_answer, read_until
from tests.web.site import Site
from watcher.core.access import Scope
from watcher.core.settings import Settings
from watcher.web.middleware import bodies

pytestmark = pytest.mark.both_loops
_SEND = b"POST /api/send/message HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
_LARGE = 90_000
_WITH_ROOM = 1_000_000
"""For ten large ones, of which one address may have two."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, max_bodies_bytes=_WITH_ROOM)


async def test_bodies_wait_for_room_in_turn_and_small_ones_and_other_addresses_do_not(site: Site) -> None:
    app, token = await site.app()
    uid = (await site.push.subscribers.add(app_ids=[app.id])).subscriber.uid
    async with AsyncExitStack() as stack:
        body = _message(token, uid, _LARGE)
        begun = [await stack.enter_async_context(_begun(site, body)) for _ in range(2)]
        begun.append(await stack.enter_async_context(_begun(site, body, patience=0.1)))
        assert [each.is_welcome for each in begun] == [True, True, False]
        async with _begun(site, _message(token, uid, 9_000)) as small:
            assert (await small.end())["code"] == 1000
        async with _begun(site, _message(token, uid, _LARGE), source="127.0.0.2") as elsewhere:
            assert (await elsewhere.end())["code"] == 1000
        assert (await begun[0].end())["code"] == 1000
        await begun[2].welcome()
        assert [(await each.end())["code"] for each in begun[1:]] == [1000, 1000]


@pytest.mark.parametrize("path", ["/api/send/message", "/api/v1/topics", "/push"])
async def test_who_finds_no_room_is_told_when_to_come_again(
    site: Site, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "ROOM_SECONDS", 0.2, raising=False)
    reader, (app, _) = await site.reader(), await site.app()
    token = (await site.push.tokens.add("ops", [Scope.TOPICS_WRITE], app_id=app.id))[1]
    who = f"Authorization: Bearer {token}\r\nCookie: watcher_device={reader.device_token}\r\n"
    body = _message("AT_x", "UID_x", _LARGE)
    async with AsyncExitStack() as stack:
        for _ in range(2):
            held = await stack.enter_async_context(_begun(site, body, path=path, headers=who))
            assert held.is_welcome
        refused = await stack.enter_async_context(_begun(site, body, path=path, headers=who, patience=0))
        status, head, said = await refused.answer()
    assert status == 503
    assert b"\r\nretry-after: 5\r\n" in head.lower()
    if path.startswith("/api"):
        assert "5" in str(json.loads(said))
    async with _begun(site, body, path=path, headers=who) as later:
        assert later.is_welcome


async def test_a_body_that_does_not_say_its_size_needs_room_for_the_largest(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "ROOM_SECONDS", 0.2, raising=False)
    async with AsyncExitStack() as stack:
        connections = [await stack.enter_async_context(connected(site)) for _ in range(2)]
        for _reader, writer in connections:
            writer.write(
                _SEND + b"Transfer-Encoding: chunked\r\n\r\n4000\r\n" + b" " * 0x4000 + b"\r\n1\r\n{\r\n0\r\n\r\n"
            )
        codes = [(await read_answer(reader))[0] for reader, _writer in connections]
    assert codes == [503, 503]  # 1 MB is more than a quarter of all room


class _Begun:
    """A request whose last byte has not been sent, and whether it may go on."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes) -> None:
        self._reader, self._writer, self._body = reader, writer, body
        self.is_welcome = False

    async def welcome(self, seconds: float = SECONDS) -> None:
        """Wait until the body may come; send all of it but the last byte. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            assert await self._reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        self.is_welcome = True
        self._writer.write(self._body[:-1])
        await self._writer.drain()

    async def end(self) -> Any:
        """Send the last byte; return what was answered."""
        self._writer.write(self._body[-1:])
        return json.loads((await self.answer())[2])

    async def answer(self) -> tuple[int, bytes, bytes]:
        """Return the status, the head and the body of the answer."""
        head = await read_until(self._reader, b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        return int(head.split()[1]), head, await self._reader.readexactly(length)


@asynccontextmanager
async def _begun(
    site: Site,
    body: bytes,
    *,
    path: str = "/api/send/message",
    headers: str = "",
    source: str = "127.0.0.1",
    patience: float = SECONDS,
) -> AsyncIterator[_Begun]:
    """Send a head that waits to go on, and the body as far as it is welcome."""
    async with connected(site, source) as (reader, writer):
        writer.write(
            f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{headers}"
            f"Expect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        )
        begun = _Begun(reader, writer, body)
        with suppress(TimeoutError):
            await begun.welcome(patience)
        yield begun


def _message(token: str, uid: str, size: int) -> bytes:
    """Return a send of so many bytes: what is unknown in it is passed over."""
    fields = {"appToken": token, "content": "x", "uids": [uid], "more": ""}
    fields["more"] = "m" * (size - len(json.dumps(fields)))
    return json.dumps(fields).encode()


async def _taken(budget: bodies.BodyBudget, *asked: tuple[str, int]) -> list[asyncio.Task[None]]:
    """Ask for room, one after the other."""
    tasks = [asyncio.create_task(budget.take(who, size)) for who, size in asked]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_room_is_given_in_turn_and_an_address_with_its_share_waits_for_itself_alone() -> None:
    relieved: list[int] = []
    budget = bodies.BodyBudget(100, on_relief=lambda: relieved.append(1))
    tasks = await _taken(budget, ("a", 25), ("a", 1), ("b", 25), ("c", 25), ("d", 20), ("e", 10), ("f", 5))
    assert [task.done() for task in tasks] == [True, False, True, True, True, False, False]
    budget.give_back("d", 20)
    await asyncio.gather(*tasks[5:])
    assert (budget.taken, tasks[1].done()) == (90, False)
    budget.give_back("a", 25)
    await tasks[1]
    for who, size in (("a", 1), ("b", 25), ("c", 25), ("e", 10)):
        budget.give_back(who, size)
        assert not relieved
    budget.give_back("f", 5)
    assert (budget.taken, relieved) == (0, [1])


async def test_who_goes_while_it_waits_leaves_no_trace() -> None:
    budget = bodies.BodyBudget(100)
    held, waiting, behind = await _taken(budget, ("a", 25), ("a", 25), ("a", 10))
    waiting.cancel()
    budget.give_back("a", 25)  # in the same moment
    await asyncio.wait([held, waiting, behind])
    assert (waiting.cancelled(), budget.taken) == (True, 10)


async def test_one_address_does_not_take_all_places_to_wait() -> None:
    budget = bodies.BodyBudget(100)
    waiting = await _taken(budget, *[("a", 25)] * 100)
    refused = [task for task in waiting if task.done() and task.exception()]
    [elsewhere] = await _taken(budget, ("b", 25))
    assert (len(refused), elsewhere.done(), elsewhere.exception()) == (35, True, None)
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)
    assert budget.taken == 50
