"""The watches of a cluster in the console of a server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from msgspec import Struct
from msgspec.structs import replace

from tests.cluster.asked_worker import FILE, AskedWorker, a_worker, declare
from tests.push.relays import until
from tests.running import meanwhile
from tests.web.console_desk import Desk, desk_of_operator, shown
from tests.web.login import serving
from tests.web.serving import a_push_service
from watcher.core.check import CheckFailure, Suspect
from watcher.core.settings import Settings
from watcher.net.sessions import Sessions
from watcher.push.service import PushService
from watcher.runtime.cluster.asking import UNHELD_SECONDS
from watcher.runtime.cluster.driving import LOOK_SECONDS, ClusterWatcher, cluster_watcher
from watcher.runtime.cluster.hearing import hear_others
from watcher.store.cluster.watch_reader import ClusterWatchReader


class Room(Struct, frozen=True, kw_only=True):
    """A server's console over a cluster, of which it declares and checks nothing itself."""

    url: str
    operator: Desk
    push: PushService
    cluster: ClusterWatcher
    folder: Path


class Opened(Struct, frozen=True, kw_only=True):
    """What a console drives, which nothing runs."""

    settings: Settings
    push: PushService
    reader: ClusterWatchReader
    cluster: ClusterWatcher


@asynccontextmanager
async def opened(
    url: str, folder: Path, *, timezone: ZoneInfo | None = None, unheld_seconds: float = UNHELD_SECONDS
) -> AsyncIterator[Opened]:
    """Declare watches, and open what a console drives. `timezone` and `unheld_seconds`: as of `cluster_watcher`."""
    await declare(url, folder)
    settings = Settings(data=folder / "data", database=url)
    with closing(ClusterWatchReader(url)) as reader:
        async with (
            a_push_service(folder) as push,
            Sessions() as sessions,
            cluster_watcher(
                url, settings, push, sessions, reader, {}, timezone=timezone, unheld_seconds=unheld_seconds
            ) as cluster,
        ):
            yield Opened(settings=settings, push=push, reader=reader, cluster=cluster)


@asynccontextmanager
async def a_room(url: str, folder: Path, *, unheld_seconds: float = UNHELD_SECONDS) -> AsyncIterator[Room]:
    """Serve the console. `unheld_seconds`: as of `cluster_watcher`."""
    async with (
        opened(url, folder, unheld_seconds=unheld_seconds) as at,
        meanwhile(at.cluster.run()),
        serving(at.push, at.settings, local=at.cluster, watches=at.reader) as site,
    ):
        operator = await desk_of_operator(site, folder)
        yield Room(url=url, operator=operator, push=at.push, cluster=at.cluster, folder=folder)


@pytest.fixture
async def room(cluster_url: str, tmp_path: Path) -> AsyncIterator[Room]:
    async with a_room(cluster_url, tmp_path) as room:
        yield room


@pytest.fixture
async def worker(room: Room) -> AsyncIterator[AskedWorker]:
    async with a_worker(room.url, "dune", "tent") as worker:
        yield worker


@pytest.mark.usefixtures("worker")
async def test_the_table_has_what_is_declared_with_its_states(room: Room) -> None:
    page = shown(await room.operator.page("/console/watches"))
    assert "Dune" in page
    assert "https://books.example/dune" in page
    assert "tents.example" not in shown(await room.operator.page("/console/watches?tag=books"))


async def test_what_is_declared_later_is_there_a_moment_after(room: Room) -> None:
    await declare(room.url, room.folder, FILE.replace("dune:", "sand:"))
    await until(lambda: "sand" in room.cluster.watches, seconds=LOOK_SECONDS / 2)
    assert "sand" in await room.operator.page("/console/watches")


async def test_what_is_declared_is_heard_of_long_before_it_is_looked_for(room: Room) -> None:
    async with meanwhile(hear_others(room.url, room.push, room.cluster.loop.wake)):
        await until(lambda: room.push.wakeups.are_heard)
        for name in ("sand", "reef"):  # the second is declared when the look for the first is over
            await declare(room.url, room.folder, FILE.replace("dune:", f"{name}:"))
            await until(lambda name=name: name in room.cluster.watches, seconds=LOOK_SECONDS / 2)  # type: ignore[misc]


async def test_a_watch_is_checked_now_by_a_worker(room: Room, worker: AskedWorker) -> None:
    before = worker.states["dune"].sequence
    assert (await room.operator.done("/console/watches/dune/check")).endswith("said=watch_same")
    assert worker.states["dune"].sequence == before + 1


@pytest.mark.faults
async def test_watches_are_paused_and_that_is_undone(room: Room, worker: AskedWorker) -> None:
    place = await room.operator.done("/console/watches", {"act": "pause", "lasting": "8h", "all": "1", "tag": "books"})
    assert "said=watches_paused" in place
    assert worker.states["dune"].paused_until is not None
    assert "Paused" in shown(await room.operator.page(place))
    act = place.partition("done=")[2].partition("&")[0]
    assert "said=watches_undone" in await room.operator.done("/console/watches", {"act": "undo", "done": act})
    assert worker.states["dune"].paused_until is None


@pytest.mark.faults
async def test_what_is_suspicious_is_accepted(room: Room, worker: AskedWorker) -> None:
    odd = CheckFailure(kind="suspicious", text="half of it is gone")
    state = replace(worker.states["dune"], failures=1, failure=odd, suspect=Suspect(odd="x", checks=1))
    await worker.save("dune", state)
    assert "half of it is gone" in shown(await room.operator.page("/console/watches/dune"))
    assert (await room.operator.get("/console/watches/dune/accept")).status == 200
    assert "said=watch_accepted" in await room.operator.done("/console/watches/dune/accept")
    assert [watch for watch, _ in worker.accepted] == ["dune"]


async def test_without_workers_the_console_says_so(cluster_url: str, tmp_path: Path) -> None:
    async with a_room(cluster_url, tmp_path, unheld_seconds=0.1) as room:
        assert "said=watches_unanswered" in await room.operator.done("/console/watches/dune/check")
        fields = {"act": "mute", "lasting": "1h", "one": "dune"}
        assert "said=watches_unanswered" in await room.operator.done("/console/watches", fields)
        place = await room.operator.done("/console/watches/dune/accept")
        assert "No worker has this watch at this moment" in shown(await room.operator.page(place))


@pytest.mark.faults
async def test_a_row_that_changed_is_told_while_the_table_is_open(room: Room, worker: AskedWorker) -> None:
    async with asyncio.timeout(30):
        answer = await room.operator.get("/console/live/watches")
        await worker.save("dune", replace(worker.states["dune"], failures=4, failure=CheckFailure(kind="x", text="y")))
        said = ""
        while '<tr class=\\"failing\\"' not in said:
            said += (await answer.content.readany()).decode()
        answer.close()


async def test_how_all_watches_stand_is_a_figure_of_each_server(room: Room, worker: AskedWorker) -> None:
    failing = CheckFailure(kind="status", text='"failure":null')
    late = datetime.now(UTC) - timedelta(hours=1)
    over = replace(worker.states["dune"], paused_until=late, next_check_at=late)  # nobody has checked it since
    await worker.save("dune", replace(over, failures=4, failure=failing))
    said = (
        FILE + '  off: {enabled: false, url: "https://tents.example/off"}\n  new: {url: "https://tents.example/new"}\n'
    )
    await declare(room.url, room.folder, said)
    found = await room.cluster.figures()
    assert found.watches == {"disabled": 1, "failing": 1, "new": 1, "ok": 1}
    assert 3_600 <= found.overdue_seconds < 3_700
    assert found.unheld == {"hosts": 0, "topics": 16}
    assert (found.messages, found.oldest_seconds) == ({"waiting": 0, "dead": 0}, 0)
    assert await room.cluster.figures() is found


@pytest.mark.faults
async def test_a_page_whose_secrets_are_with_workers_is_not_asked_for(room: Room, worker: AskedWorker) -> None:
    broken = CheckFailure(kind="missing", text="`price`: the selector finds nothing")
    await worker.save("dune", replace(worker.states["dune"], failures=1, failure=broken))
    await declare(room.url, room.folder, FILE.replace("{name: Dune,", "{name: Dune, cookies: {session: '${SESSION}'},"))
    async with asyncio.timeout(20):
        while room.cluster.watches["dune"].request.cookies == {}:  # noqa: ASYNC110 - a row tells nobody
            await asyncio.sleep(0.05)
    found = await room.cluster.relocated(room.cluster.watches["dune"])
    assert found.failure is not None
    assert "is not set on this server" in found.failure.text


async def test_a_watch_that_names_no_timezone_is_in_that_of_its_server(cluster_url: str, tmp_path: Path) -> None:
    theirs = ZoneInfo("Asia/Shanghai")
    async with opened(cluster_url, tmp_path, timezone=theirs) as at:
        assert {watch.timezone for watch in at.cluster.watches.values()} == {theirs}


async def test_a_stop_amid_a_look_at_what_is_declared_waits_for_its_end(
    cluster_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(cluster_url, tmp_path) as at:
        cluster = at.cluster
        look, has_begun, may_end, has_ended = cluster.writer.refresh, Event(), Event(), Event()

        def look_slowly() -> None:
            has_begun.set()
            assert may_end.wait(timeout=10)
            look()
            has_ended.set()

        monkeypatch.setattr(cluster.writer, "refresh", look_slowly)
        running = asyncio.create_task(cluster.run())
        assert await asyncio.to_thread(has_begun.wait, 10)
        running.cancel()
        asyncio.get_running_loop().call_later(0.1, may_end.set)
        await asyncio.wait([running], timeout=10)
        assert running.cancelled()
        assert has_ended.is_set()
