"""Owners' servers that misbehave, queues that are long, clocks that jump, and a sender that is killed amid it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import tracemalloc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fetch.site import Handler, cut, page, serving
from tests.push.builders import NOON
from tests.push.callback_server import Call, a_callback_server
from tests.running import meanwhile
from watcher.core.callbacks import Callback, CallbackState, Source
from watcher.core.databases import DatabasePlace
from watcher.core.push import App, AppProfile
from watcher.net import Sessions
from watcher.net.resolver import AddressInfo
from watcher.push.background.callback_sender import CallbackSender
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.store.push.store import open_push_store

CALL_SECONDS = 20.0
SHORT_SECONDS = 0.5
"""Of a call that is to fail because it takes too long."""


async def an_app(service: PushService, callback_url: str, name: str = "shop") -> App:
    app, _ = await service.apps.add(AppProfile(name=name, callback_url=callback_url))
    return app


async def writes(service: PushService, app: App, texts: Sequence[str]) -> None:
    """Let a follower write these to the application."""
    reader = (await service.subscribers.add(app_ids=[app.id])).subscriber
    for text in texts:
        await service.commands.run(reader, text)


@asynccontextmanager
async def sending(
    place: DatabasePlace, sessions: Sessions, *, call_seconds: float = CALL_SECONDS
) -> AsyncIterator[None]:
    """Send what is pending, and look no more: nobody wakes this sender."""
    store = await open_push_store(place)
    sender = CallbackSender(
        store, sessions, now=lambda: NOON, chance=lambda: 0.0, allow_private=True, call_seconds=call_seconds
    )
    async with meanwhile(sender.run()):
        yield
    await store.close()


async def tried(service: PushService, app: App) -> Callback:
    """Return the application's oldest callback once it was tried."""
    async with asyncio.timeout(20):
        while True:
            callback = (await service.callbacks.newest(app.id))[-1]
            if callback.attempts:
                return callback
            await asyncio.sleep(0.01)


async def drips(_: str, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.01)


async def pours(_: str, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while True:
        writer.write(b"x" * 1_000_000)
        await writer.drain()


async def pours_headers(_: str, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: " + b"x" * 1_000 + b"\r\n")
        await writer.drain()


@pytest.mark.parametrize(
    ("behaves", "reason"),
    [
        pytest.param(pours_headers, "request failed", id="headers without end"),
        pytest.param(cut(b""), "request failed", id="hangs up at once"),
        pytest.param(cut(b"HTTP/1.1 2"), "request failed", id="hangs up amid the status"),
        pytest.param(cut(b"SSH-2.0-OpenSSH_9.6\r\n"), "request failed", id="no HTTP"),
        pytest.param(cut(b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"), "answered 999", id="no status there is"),
        pytest.param(page(b"", "302 Found"), "not followed", id="a redirect to nowhere"),
    ],
)
async def test_an_owner_that_misbehaves_is_a_failure_with_a_reason(
    service: PushService, place: DatabasePlace, behaves: bytes | Handler, reason: str
) -> None:
    async with serving(behaves) as site, Sessions() as sessions:
        app = await an_app(service, site.url("/callback?secret=1"))
        await service.subscriptions.follow_app(None, app.id, Source.LINK)
        async with sending(place, sessions):
            callback = await tried(service, app)
    assert callback.state is CallbackState.PENDING
    assert reason in callback.reason
    assert "secret" not in callback.reason


async def test_an_owner_that_answers_a_byte_at_a_time_is_given_up_in_time(
    service: PushService, place: DatabasePlace
) -> None:
    async with serving(drips) as site, Sessions() as sessions:
        app = await an_app(service, site.url())
        await service.subscriptions.follow_app(None, app.id, Source.LINK)
        async with sending(place, sessions, call_seconds=SHORT_SECONDS):
            callback = await tried(service, app)
    assert callback.state is CallbackState.PENDING
    assert "no answer within 0.5 s" in callback.reason


async def test_a_body_without_end_after_a_success_is_not_read(service: PushService, place: DatabasePlace) -> None:
    async with serving(pours) as site, Sessions() as sessions:
        app = await an_app(service, site.url())
        await service.subscriptions.follow_app(None, app.id, Source.LINK)
        tracemalloc.start()
        async with sending(place, sessions):
            callback = await tried(service, app)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert callback.state is CallbackState.DELIVERED
    assert peak < 20_000_000


async def test_tls_that_fails_is_a_failure_with_a_reason(service: PushService, place: DatabasePlace) -> None:
    def speaks_plainly(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(page(b"", "400 Bad Request"))
        writer.close()

    server = await asyncio.start_server(speaks_plainly, "127.0.0.1", 0)
    async with server, Sessions() as sessions:
        app = await an_app(service, f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        await service.subscriptions.follow_app(None, app.id, Source.LINK)
        async with sending(place, sessions):
            callback = await tried(service, app)
    assert (callback.state, callback.status) == (CallbackState.PENDING, None)
    assert callback.reason == "127.0.0.1: the request failed (ClientConnectorSSLError)"


async def test_a_name_that_does_not_exist_is_a_failure_with_a_reason(
    service: PushService, place: DatabasePlace
) -> None:
    def nothing(*_: object, **__: object) -> Sequence[AddressInfo]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    async with Sessions(look_up=nothing) as sessions:
        app = await an_app(service, "http://gone.example/")
        await service.subscriptions.follow_app(None, app.id, Source.LINK)
        async with sending(place, sessions):
            callback = await tried(service, app)
    assert callback.reason == "gone.example: the request failed (ClientConnectorDNSError)"


async def test_a_url_that_changed_while_pending_is_where_it_goes_signed_with_the_key_of_now(
    service: PushService, place: DatabasePlace
) -> None:
    async with a_callback_server() as old, a_callback_server() as new, Sessions() as sessions:
        app = await an_app(service, old.url)
        await writes(service, app, ["one", "two"])
        await service.apps.edit(app.id, callback_url=new.url)
        async with sending(place, sessions):
            calls = await new.hears(3)
    assert old.calls == []
    assert [call.said["data"].get("content") for call in calls] == [None, "one", "two"]


async def test_more_slow_owners_than_there_are_places_hold_up_a_quick_one_for_one_call_at_most(
    service: PushService, place: DatabasePlace
) -> None:
    async with a_callback_server() as slow, a_callback_server() as quick, Sessions() as sessions:
        slow.gate.clear()
        for number in range(20):
            app = await an_app(service, slow.url, f"slow {number}")
            await writes(service, app, ["hello"])
        await service.subscriptions.follow_app(None, (await an_app(service, quick.url, "quick")).id, Source.LINK)
        async with sending(place, sessions, call_seconds=SHORT_SECONDS):
            await quick.hears(1)
            assert len(slow.calls) <= 2 * 16


async def test_a_look_at_the_queue_that_fails_is_not_the_last(service: PushService, place: DatabasePlace) -> None:
    failed = asyncio.Event()

    def now() -> datetime:
        if failed.is_set():
            return NOON
        failed.set()
        raise OverflowError("a clock beyond all years")

    store = await open_push_store(place)
    async with a_callback_server() as owner, Sessions() as sessions:
        sender = CallbackSender(store, sessions, now=now, chance=lambda: 0.0, allow_private=True)
        async with meanwhile(sender.run()):
            await asyncio.wait_for(failed.wait(), 20)
            await service.subscriptions.follow_app(None, (await an_app(service, owner.url)).id, Source.LINK)
            sender.loop.wake()
            await owner.hears(1)
    await store.close()


@pytest.mark.parametrize("jump", [timedelta(days=-366), timedelta(hours=-1), timedelta(hours=1), timedelta(days=366)])
async def test_a_clock_that_jumps_loses_nothing(place: DatabasePlace, jump: timedelta) -> None:
    clock = [NOON]
    opened = await open_push_service(place, now=lambda: clock[0])
    async with a_callback_server() as owner, Sessions() as sessions:
        owner.answer = lambda _: 500
        app = await an_app(opened, owner.url)
        await writes(opened, app, ["one"])
        sender = opened.callbacks.sender(sessions, chance=lambda: 0.0, allow_private=True)
        async with meanwhile(sender.run()):
            await tried(opened, app)
            owner.answer = lambda _: 200
            clock[0] += jump
            sender.loop.wake()
            calls = await owner.hears(3)
    assert [call.said["action"] for call in calls] == ["app_subscribe", "app_subscribe", "send_up_cmd"]
    await opened.close()


SENDS = """
import asyncio, datetime, pathlib, sys
from watcher.net import Sessions
from watcher.push.opening import open_push_service

async def main():
    service = await open_push_service(pathlib.Path(sys.argv[1]), now=lambda: datetime.datetime.now(datetime.UTC))
    async with Sessions() as sessions:
        await service.callbacks.sender(sessions, chance=lambda: 0.0, allow_private=True).run()

asyncio.run(main())
"""


@pytest.mark.faults
@pytest.mark.on_sqlite("opens the file again")
async def test_a_sender_killed_amid_its_calls_loses_none_and_repeats_one_for_each_kill(
    tmp_path: Path, place: DatabasePlace
) -> None:
    opened = await open_push_service(place, now=lambda: datetime.now(UTC))
    async with a_callback_server() as owner:
        app = await an_app(opened, owner.url)
        words = [f"word {number}" for number in range(5)]
        await writes(opened, app, words)
        to_kill = ["word 0", "word 2", "word 4"]
        pid = 0

        def answer(call: Call) -> int:
            # The owner has taken it, and the sender never hears so.
            if to_kill and call.said["data"].get("content") == to_kill[0]:
                to_kill.pop(0)
                os.kill(pid, signal.SIGKILL)
            return 200

        owner.answer = answer
        for _ in range(3):
            killed = await asyncio.create_subprocess_exec(sys.executable, "-c", SENDS, str(tmp_path / "push.db"))
            pid = killed.pid
            assert await asyncio.wait_for(killed.wait(), 30) == -signal.SIGKILL
        async with Sessions() as sessions:
            sender = opened.callbacks.sender(sessions, chance=lambda: 0.0, allow_private=True)
            async with meanwhile(sender.run()):
                calls = await owner.hears(9)
    assert [call.said["data"].get("content") for call in calls] == [
        *(None, "word 0", "word 0", "word 1", "word 2", "word 2", "word 3", "word 4", "word 4")
    ]
    await opened.close()
