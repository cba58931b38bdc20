"""
A PostgreSQL that is put back by its own means while servers run: from a base backup, to a point in time, and by failing
over to a standby that is ten seconds behind. Nobody who reads by a cursor misses what is sent from then on.

Readers of every kind read at two servers all the time, each from where it was. What was sent after the moment to which
the database goes back is lost with it; what comes after must reach all of them, under new numbers.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from tests import postgresql
from tests.faults.altered import Protection
from tests.faults.receiver import Receiver, Sender
from tests.faults.servers import Scene, a_scene
from tests.faults.tally import Tally, sized
from tests.faults.traffic import AppOfNtfy, Program
from tests.faults.trial import Plan
from tests.running import meanwhile

_KEPT: Final = 10
"""Messages before the moment to which it goes back."""
_LOST: Final = sized(quick=20, full=100)
"""Those after it, ten in a second."""
_NEW: Final = sized(quick=20, full=100)
_SECONDS: Final = 60.0
_AWAKE_SECONDS: Final = 5.0
_LOOK_SECONDS: Final = 0.05

PutBack: TypeAlias = Callable[[], Awaitable[None]]
"""Puts it back to the moment in which this was made."""

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("needs_postgresql")]


@asynccontextmanager
async def base_backup(scene: Scene) -> AsyncIterator[PutBack]:
    """Put a base backup in the place of the data."""
    server = _server(scene)
    copy = server.directory / "copy"
    await asyncio.to_thread(server.copy_data, copy)

    async def put_back() -> None:
        await asyncio.to_thread(server.stop, mode="immediate")
        await asyncio.to_thread(server.put_back, copy)

    yield put_back


@asynccontextmanager
async def point_in_time(scene: Scene) -> AsyncIterator[PutBack]:
    """Bring a base backup up to this moment by the log."""
    server = _server(scene)
    copy = server.directory / "copy"
    await asyncio.to_thread(server.copy_data, copy)
    ((now,),) = server.ask("SELECT clock_timestamp()::text")

    async def put_back() -> None:
        await asyncio.to_thread(server.stop)
        await asyncio.to_thread(server.put_back, copy, until=now)

    yield put_back


@asynccontextmanager
async def standby_behind(scene: Scene) -> AsyncIterator[PutBack]:
    """Fail over to a standby that has received nothing since."""
    server = _server(scene)
    async with AsyncExitStack() as stack:
        standby = await asyncio.to_thread(stack.enter_context, server.standby())
        standby.ask("ALTER SYSTEM SET primary_conninfo = ''")
        standby.ask("SELECT pg_reload_conf()")

        async def put_back() -> None:
            await asyncio.to_thread(server.stop, mode="immediate")
            standby.ask("SELECT pg_promote()")
            for process in scene.servers.all:
                assert process.link is not None
                process.link.lead_to(standby.port)

        yield put_back
        await asyncio.to_thread(server.start)  # for what ends with the scene


WAYS: Final = [base_backup, point_in_time, standby_behind]


class Readers:
    """Who reads at two servers all the time, each from where it was: phones, a program and an app of ntfy's."""

    def __init__(self, scene: Scene) -> None:
        session, urls, place = scene.session, scene.servers.urls, scene.place
        phone, other, third = place.close[0], place.close[1], place.close[2]
        self._told: list[list[str]] = [[], []]
        self._phones = [
            Receiver(session, urls, each.device_token, told.append, awake_seconds=_AWAKE_SECONDS)
            for each, told in zip((phone, other), self._told, strict=True)
        ]
        self._program = Program(session, urls, third)
        self._app = AppOfNtfy(session, urls, place.inboxes[0])

    @property
    def all(self) -> Sequence[Receiver | Program | AppOfNtfy]:
        return [*self._phones, self._program, self._app]

    def heard(self, word: str) -> Sequence[set[str]]:
        """Return which messages that begin with this word each of them was given."""
        texts = [*self._told, [str(item["content"]) for item in self._program.items], self._app.contents]
        return [set(re.findall(rf"\b{word}1n\d+\b", " ".join(each))) for each in texts]

    async def until_all_heard(self, word: str, number: int) -> None:
        """Return when all of them were given so many."""
        async with asyncio.timeout(_SECONDS):
            while any(len(each) < number for each in self.heard(word)):  # noqa: ASYNC110 - other processes work
                await asyncio.sleep(_LOOK_SECONDS)

    @property
    def are_ids_given_once(self) -> bool:
        """Each id was given to a reader for one item alone."""
        return all(len(each.ids) == len(set(each.ids)) for each in self.all)


async def _send(scene: Scene, word: str, number: int) -> None:
    """Send so many messages, ten in a second, each until a server acknowledges it."""
    body = {"appToken": scene.place.app_token, "topicIds": [scene.place.few.id]}
    sender = Sender(scene.session, scene.servers.urls, body, f"{word}1", pause_seconds=0.1)
    await sender.run(lambda: len(sender.sent) == number)


def _server(scene: Scene) -> postgresql.Server:
    assert scene.servers.database is not None
    return scene.servers.database.postgres


@pytest.mark.parametrize("taken_away", [None, Protection.NUMBERS], ids=["as it is", "control"])
@pytest.mark.parametrize("way", WAYS, ids=[way.__name__.replace("_", " ") for way in WAYS])
async def test_readers_by_a_cursor_miss_nothing_after_the_database_was_put_back(
    way: Callable[[Scene], AbstractAsyncContextManager[PutBack]],
    taken_away: Protection | None,
    tmp_path: Path,
    tally: Tally,
) -> None:
    tally.what = f"PostgreSQL put back, {way.__name__.replace('_', ' ')}: messages to readers by a cursor after it"
    async with a_scene(Plan(seed=0, servers=2, taken_away=taken_away), tmp_path) as scene, AsyncExitStack() as stack:
        readers = Readers(scene)
        for each in readers.all:
            await stack.enter_async_context(meanwhile(each.run()))
        await _send(scene, "kept", _KEPT)
        put_back = await stack.enter_async_context(way(scene))
        await _send(scene, "lost", _LOST)
        await readers.until_all_heard("lost", _LOST)
        await put_back()
        await _send(scene, "new", _NEW)
        if taken_away is None:
            await readers.until_all_heard("new", _NEW)
        missed = [_NEW - len(each) for each in readers.heard("new")]
        logs = [process.log.read_text(encoding="utf-8") for process in scene.servers.all]
    tally.tried, tally.failed = len(missed) * _NEW, sum(missed)
    tally.figures = {"readers": f"{len(missed)}", "lost with the database": f"{_LOST:,}"}
    if taken_away is not None:
        tally.what += " (control: numbers are given again)"
        assert sum(missed) > 0
        return
    assert readers.are_ids_given_once
    assert any("The database was put back to an older state" in log for log in logs)
