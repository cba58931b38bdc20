"""Processes that are killed amid telling others: groups by their robots, and programs by webhooks."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from tests.faults.tally import Tally, sized
from tests.push.callback_server import Call, CallbackServer, a_callback_server
from tests.push.emulators.robots import Robots
from tests.push.prepared import place_tables
from tests.push.relays import Room, a_room, until
from tests.push.test_mirrors import GROUPS, a_mirror, a_topic, send, services_of
from tests.running import meanwhile
from watcher.core.callbacks import CallbackState
from watcher.core.push import AppProfile, Slice
from watcher.core.webhooks import Webhook, WebhookEvent
from watcher.net import Sessions
from watcher.push.background.callback_sender import CALLS_OF_ONE_OWNER
from watcher.push.draft import make_draft
from watcher.push.opening import open_push_service
from watcher.push.service import PushService

_SECONDS: Final = 30
_MESSAGES: Final = 4
"""Of a room of groups: with what is posted twice no more than Feishu takes in a second."""

pytestmark = pytest.mark.faults


async def test_a_kill_while_posting_into_groups_loses_nothing(tmp_path: Path, tally: Tally) -> None:
    """At most one post to each group is under way, and the services know no repeats: those alone come twice."""
    tally.what = "kill -9 of a server amid posts into three groups"
    twice = 0
    for number in range(sized(2, 12)):
        twice += await _posted_twice(tmp_path / f"{number}", tally, kill_at=1 + number)
    tally.figures = {"posted twice": f"{twice:,}"}
    assert tally.failed == 0


async def _posted_twice(directory: Path, tally: Tally, *, kill_at: int) -> int:
    """Kill the poster once so many posts were asked for; count what is missing, and return what came twice."""
    directory.mkdir()
    async with a_room(directory) as room, services_of(room) as services:
        topic = await a_topic(room)
        for webhook in GROUPS:
            services.add(webhook)
            await a_mirror(room, topic, webhook)
        texts = [f"message {number}" for number in range(_MESSAGES)]
        for text in texts:
            await send(room, topic, text)
        async with _poster(room, services) as process:
            await until(lambda: sum(services.asked.values()) >= kill_at)
            process.send_signal(signal.SIGKILL)
            await process.wait()
        async with _poster(room, services):
            await room.quiet()
    said = Counter(said.splitlines()[0].removeprefix("Deals · ") for said in services.said)
    tally.tried += 1
    tally.failed += any(said[text] < len(GROUPS) for text in texts)
    repeats = sum(said.values()) - len(GROUPS) * _MESSAGES
    tally.failed += repeats > len(GROUPS)
    return repeats


@asynccontextmanager
async def _poster(room: Room, services: Robots) -> AsyncIterator[asyncio.subprocess.Process]:
    command = (sys.executable, "-m", "tests.push.posting", str(room.path), services.url)
    process = await asyncio.create_subprocess_exec(*command)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


_SENDS: Final = """
import asyncio, datetime, pathlib, sys
from watcher.net import Sessions
from watcher.push.opening import open_push_service

async def main():
    service = await open_push_service(pathlib.Path(sys.argv[1]), now=lambda: datetime.datetime.now(datetime.UTC))
    async with Sessions() as sessions:
        await service.callbacks.sender(sessions, chance=lambda: 0.0, allow_private=True).run()

asyncio.run(main())
"""


async def test_a_kill_while_webhooks_are_called_loses_nothing(tmp_path: Path, tally: Tally) -> None:
    """An endpoint has taken a call, and the sender never hears so: it comes again under the same `webhook-id`."""
    kills = sized(3, 25)
    tally.what = "kill -9 of a server that called a webhook and never heard the answer"
    database = await place_tables(tmp_path / "push.db")
    opened = await open_push_service(database, now=lambda: datetime.now(UTC))
    async with a_callback_server() as owner:
        app, _ = await opened.apps.add(AppProfile(name="shop"))
        topic = await opened.topics.add("News", app_id=app.id)
        hook, _ = await opened.webhooks.add(app.id, owner.url, [WebhookEvent.MESSAGE_SENT])
        texts = [f"message {number}" for number in range(2 * kills)]
        for text in texts:
            await opened.messages.send(app, make_draft(text), topic_ids=[topic.id])
        to_kill = set(texts[::2])
        while to_kill:
            await _killed_amid_a_call(database, owner, to_kill)
            tally.tried += 1
        async with _sending(opened):
            await _until_settled(opened, hook)
    await opened.close()
    heard = Counter((call.headers["webhook-id"], call.said["data"]["summary"]) for call in owner.calls)
    assert len({name for name, _ in heard}) == len(heard), "the same again has the same name"
    tally.failed = len(texts) - len({text for _, text in heard})
    tally.figures = {"called twice": f"{heard.total() - len(heard):,}"}
    assert tally.failed == 0
    assert heard.total() - len(heard) <= kills * CALLS_OF_ONE_OWNER


async def _killed_amid_a_call(database: Path, owner: CallbackServer, to_kill: set[str]) -> None:
    """Run a sender until the endpoint has taken one of these messages, which the sender is not to know."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _SENDS, str(database))

    def answer(call: Call) -> int:
        text = call.said["data"]["summary"]
        if text in to_kill and process.returncode is None:
            to_kill.remove(text)
            process.send_signal(signal.SIGKILL)
        return 200

    owner.answer = answer
    assert await asyncio.wait_for(process.wait(), _SECONDS) == -signal.SIGKILL


@asynccontextmanager
async def _sending(service: PushService) -> AsyncIterator[None]:
    async with Sessions() as sessions:
        sender = service.callbacks.sender(sessions, chance=lambda: 0.0, allow_private=True)
        async with meanwhile(sender.run()):
            yield


async def _until_settled(service: PushService, hook: Webhook) -> None:
    async with asyncio.timeout(_SECONDS):
        while True:
            found = await service.webhooks.deliveries(hook.id, Slice(limit=500))
            if all(each.state is not CallbackState.PENDING for each in found):
                return
            await asyncio.sleep(0.01)
