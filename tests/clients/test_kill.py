"""
A send that was answered 1000 is delivered once, though the server is killed among a thousand.

The server is a real process and is killed with SIGKILL while every sender waits for an answer. What happened to the
sends in flight nobody knows: they may have arrived or not, but not twice; whoever gave them a key may ask again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.cli.command import SECONDS, Command
from tests.clients.server import port_of, serving
from watcher.core.push import AppProfile
from watcher.core.settings import Settings
from watcher.runtime import push_service

pytestmark = pytest.mark.faults

SENDERS = 50
EACH = 20
"""As many as an application may send in 10 s."""
KILLED_AFTER = SENDERS * EACH // 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """One who sends one message after the other. With `is_keyed` each has an Idempotency-Key of its own."""

    name: int
    token: str
    uid: str

    @property
    def is_keyed(self) -> bool:
        """True for every other sender."""
        return self.name % 2 == 0

    @property
    def contents(self) -> Sequence[str]:
        """What is sent, in its order."""
        return [f"sender {self.name}, message {number}" for number in range(EACH)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What was answered 1000; `is_enough` is set by the answer that makes it `wanted`."""

    wanted: int
    answered: list[str] = field(default_factory=list)
    is_enough: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, content: str) -> None:
        """Note an answer."""
        self.answered.append(content)
        if len(self.answered) == self.wanted:
            self.is_enough.set()


async def add_senders(watcher: Command) -> Sequence[Sender]:
    """Make the senders, and one person who follows them all."""
    async with push_service(Settings(data=watcher.directory / ".watcher"), ()) as service:
        apps = [await service.apps.add(AppProfile(name=f"app {number}")) for number in range(SENDERS)]
        reader = await service.subscribers.add(app_ids=[app.id for app, _ in apps])
    uid = reader.subscriber.uid
    return [Sender(name=number, token=token, uid=uid) for number, (_, token) in enumerate(apps)]


async def send_all(port: int, senders: Iterable[Sender], tally: Tally) -> None:
    """Send everything, all senders at once; one whose connection breaks stops."""
    connector, timeout = aiohttp.TCPConnector(limit=SENDERS), aiohttp.ClientTimeout(total=SECONDS)
    async with (
        aiohttp.ClientSession(f"http://127.0.0.1:{port}", connector=connector, timeout=timeout) as session,
        asyncio.TaskGroup() as group,
    ):
        for sender in senders:
            group.create_task(_send_each(session, sender, tally))


async def _send_each(session: aiohttp.ClientSession, sender: Sender, tally: Tally) -> None:
    with suppress(aiohttp.ClientConnectionError, aiohttp.ClientPayloadError):
        for content in sender.contents:
            body = {"appToken": sender.token, "content": content, "uids": [sender.uid]}
            headers = {"Idempotency-Key": content} if sender.is_keyed else {}
            async with session.post("/api/send/message", json=body, headers=headers) as response:
                answer = await response.json()
            assert (answer["code"], [target["code"] for target in answer["data"] or ()]) == (1000, [1000]), answer
            tally.add(content)


async def send_until_killed(watcher: Command, senders: Sequence[Sender]) -> Sequence[str]:
    """Return the contents that were answered before the server was killed."""
    tally = Tally(wanted=KILLED_AFTER)
    async with watcher.running("serve", "--port", "0") as (process, first), asyncio.timeout(SECONDS):
        sending = asyncio.create_task(send_all(port_of(first), senders, tally))
        await tally.is_enough.wait()
        process.kill()
        await sending
    return tally.answered


async def messages(watcher: Command) -> list[dict[str, Any]]:
    return (await watcher("messages", "--json", "--limit", "2000")).records


async def test_what_was_answered_is_delivered_once_and_a_repeated_key_doubles_nothing(tmp_path: Path) -> None:
    watcher = Command(tmp_path)
    senders = await add_senders(watcher)
    answered = await send_until_killed(watcher, senders)
    assert KILLED_AFTER <= len(answered) < SENDERS * EACH - SENDERS

    async with serving(watcher) as port:
        restarted = await messages(watcher)
        again = Tally(wanted=SENDERS * EACH // 2)
        await send_all(port, [sender for sender in senders if sender.is_keyed], again)
    assert_once(restarted, answered)
    assert len(restarted) <= len(answered) + SENDERS, "each sender had one send in flight"

    assert again.is_enough.is_set()
    assert_once(await messages(watcher), {*answered, *again.answered})


def assert_once(told: Sequence[dict[str, Any]], contents: Iterable[str]) -> None:
    """Find each of these told and nothing twice, each delivered to the one person there is."""
    counts = Counter(message["content"] for message in told)
    assert set(counts.values()) == {1}
    assert counts.keys() >= set(contents)
    assert {message["deliveries"]["sent"] for message in told} == {1}
