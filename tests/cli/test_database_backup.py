"""`watcher backup` and `watcher restore` of a service over a PostgreSQL, and what a kill of them leaves."""

from __future__ import annotations

import asyncio
import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from tests import postgresql
from tests.cli.command import Command, eventually
from tests.cli.press import Process
from tests.push.builders import NOON
from tests.push.prepared import place_tables
from watcher import runtime
from watcher.core.check import OutboxMessage
from watcher.core.databases import ClusterDatabase
from watcher.core.settings import Settings
from watcher.errors import UsageError
from watcher.runtime.backups import Unsaved, keep_backups, keep_daily
from watcher.store.archive import DUMP, read_archive
from watcher.store.backups import kept_backups
from watcher.store.cluster.dumps import Dump
from watcher.store.postgresql import programs
from watcher.store.push.dialect import LOCKS, WRITE_LOCK

_WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = '{name}'"
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'"


def _name(place: ClusterDatabase) -> str:
    return place.url.rpartition("/")[2]


@pytest.fixture
def environment(postgresql_place: ClusterDatabase, watcher: Command) -> dict[str, str]:
    """The environment of a service over a PostgreSQL, with a password that nobody asks for."""
    (watcher.directory / ".watcher").mkdir(mode=0o700)
    return {"WATCHER_DATABASE": postgresql_place.url.replace("watcher@", "watcher:elephants@")}


async def names(watcher: Command, environment: dict[str, str]) -> list[str]:
    """What the topics are called."""
    return [topic["name"] for topic in (await watcher("topics", "--json", **environment)).records]


async def test_a_backup_has_the_database_and_a_restore_puts_it_back(
    watcher: Command, environment: dict[str, str]
) -> None:
    key = watcher.directory / ".watcher" / "vapid.pem"
    key.write_text("of our own", encoding="utf-8")
    await watcher("topics", "add", "Before", **environment)
    made = await watcher("backup", "--to", "kept.tar", **environment)
    await watcher("apps", "add", "After", **environment)
    key.unlink()
    refused = await watcher("restore", "kept.tar", **environment)
    lost = await watcher("restore", "kept.tar")
    restored = await watcher("restore", "kept.tar", "--replace", "--json", **environment)
    assert (made.status, refused.status, lost.status, restored.status) == (0, 2, 2, 0), made.err + restored.err
    assert "has 1 applications: name an empty database, or say --replace" in refused.err
    assert "name the one to restore them into, with --database or WATCHER_DATABASE" in lost.err
    assert [len(each.err.splitlines()) for each in (refused, lost)] == [1, 1]
    assert restored.record["schemas_aside"]
    assert await names(watcher, environment) == ["Before"]
    assert [app["name"] for app in (await watcher("apps", "--json", **environment)).records] == ["watcher"]
    assert key.read_text(encoding="utf-8") == "of our own"
    said = "".join(each.out + each.err for each in (made, refused, lost, restored))
    assert "elephants" not in said


async def test_a_backup_of_a_file_is_not_restored_into_a_database(
    postgresql_place: ClusterDatabase, tmp_path: Path
) -> None:
    data, archive = tmp_path / "data", tmp_path / "kept.tar"
    data.mkdir()
    await place_tables(data / "push.db")
    runtime.backup(Settings(data=data), archive)
    with pytest.raises(UsageError, match=r"restore it without --database .* `watcher database copy`"):
        runtime.restore(Settings(data=data, database=postgresql_place.url), archive)


@asynccontextmanager
async def killed_amid(
    watcher: Command, server: postgresql.Server, place: ClusterDatabase, lock: str, *arguments: str
) -> AsyncIterator[Process]:
    """Give a command that was killed while PostgreSQL's own program waited for a lock, and both have ended."""
    name = _name(place)
    with psycopg.connect(place.url) as holder:
        holder.execute(lock.encode())
        process = await watcher.start(*arguments, WATCHER_DATABASE=place.url)

        async def waits() -> bool:
            return server.ask(_WAITS.format(name=name)) != [(0,)]

        await eventually(waits)
        process.kill()
        await process.communicate()

    async def has_ended() -> bool:
        return server.ask(_OTHERS.format(name=name)) == [(0,)]

    await eventually(has_ended)
    yield process


@pytest.mark.faults
async def test_a_backup_that_is_killed_leaves_no_archive(
    watcher: Command,
    environment: dict[str, str],
    postgresql_server: postgresql.Server,
    postgresql_place: ClusterDatabase,
) -> None:
    lock = "LOCK TABLE push.messages IN ACCESS EXCLUSIVE MODE"
    async with killed_amid(watcher, postgresql_server, postgresql_place, lock, "backup", "--to", "kept.tar"):
        assert not (watcher.directory / "kept.tar").exists()
    assert (await watcher("backup", "--to", "kept.tar", **environment)).status == 0
    (watcher.directory / "unpacked").mkdir()
    assert DUMP in read_archive(watcher.directory / "kept.tar", watcher.directory / "unpacked").members


@pytest.mark.faults
async def test_a_restore_that_is_killed_leaves_the_database_as_it_was(
    watcher: Command,
    environment: dict[str, str],
    postgresql_server: postgresql.Server,
    postgresql_place: ClusterDatabase,
) -> None:
    await watcher("backup", "--to", "kept.tar", **environment)
    await watcher("topics", "add", "After", **environment)
    lock = f"SELECT pg_advisory_lock({LOCKS}, {WRITE_LOCK})"
    command = ("restore", "kept.tar", "--replace")
    async with killed_amid(watcher, postgresql_server, postgresql_place, lock, *command):
        assert await names(watcher, environment) == ["After"]
    assert (await watcher(*command, **environment)).status == 0
    assert await names(watcher, environment) == []


def test_a_dump_that_was_changed_is_refused_before_the_database_is_touched(
    postgresql_place: ClusterDatabase, postgresql_server: postgresql.Server, tmp_path: Path
) -> None:
    settings, archive = Settings(data=tmp_path, database=postgresql_place.url), tmp_path / "kept.tar"
    runtime.backup(settings, archive)
    with tarfile.open(archive) as opened:
        place = opened.getmember(DUMP).offset_data
    content = bytearray(archive.read_bytes())
    content[place + 5_000] ^= 1
    archive.write_bytes(content)
    with pytest.raises(UsageError, match=f"{DUMP} in it is not what was saved"):
        runtime.restore(settings, archive, may_replace=True)
    moved = postgresql_server.ask(
        "SELECT 1 FROM pg_namespace WHERE nspname ~ 'before'", database=_name(postgresql_place)
    )
    assert moved == []


@asynccontextmanager
async def backing_up(settings: Settings) -> AsyncIterator[None]:
    """Keep the daily backups going."""
    told = asyncio.Queue[OutboxMessage]()
    errand = asyncio.create_task(keep_backups(settings, told.put, first_seconds=0))
    try:
        yield
    finally:
        errand.cancel()
        await asyncio.wait([errand])
    assert told.empty()


async def a_daily_one(data: Path) -> set[str]:
    """Return what is in the backup of a data directory, once there is one."""

    async def look() -> Path | None:
        return next((kept.path for kept in kept_backups(data)), None)

    with tarfile.open(await eventually(look)) as archive:
        return set(archive.getnames())


async def test_of_two_servers_one_saves_the_database_each_day_and_the_other_its_directory(
    postgresql_place: ClusterDatabase, tmp_path: Path
) -> None:
    found = []
    for name in ("one", "other"):
        data = tmp_path / name
        data.mkdir(mode=0o700)
        (data / "vapid.pem").write_text("of our own", encoding="utf-8")
        async with backing_up(Settings(data=data, database=postgresql_place.url)):
            found.append(await a_daily_one(data))
    assert found == [{DUMP, "vapid.pem", "manifest.json"}, {"vapid.pem", "manifest.json"}]


async def test_without_postgresql_s_programs_the_daily_backup_has_the_directory_and_the_log_says_what_to_install(
    postgresql_place: ClusterDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(programs, "DEBIAN", str(tmp_path / "nothing" / "*"))
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "vapid.pem").write_text("of our own", encoding="utf-8")
    async with backing_up(Settings(data=tmp_path, database=postgresql_place.url)):
        assert await a_daily_one(tmp_path) == {"vapid.pem", "manifest.json"}
    assert "apt-get install postgresql-client-" in caplog.text


@pytest.mark.faults
def test_a_database_that_lets_nobody_note_its_backup_is_saved_once_a_day_all_the_same(
    postgresql_place: ClusterDatabase, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    dump, warn = Dump(postgresql_place.url), Unsaved()
    dump.note(NOON - timedelta(days=3), "here:kept.tar")
    with psycopg.connect(postgresql_place.url) as server:
        server.execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END'")
        server.execute("CREATE TRIGGER refuse BEFORE INSERT ON watcher.backup EXECUTE FUNCTION refuse()")
    found = []
    for hours in (0, 1, 23, 24):
        keep_daily(tmp_path, dump, now=NOON + timedelta(hours=hours), warn=warn)
        found.append(len(kept_backups(tmp_path)))
    assert found == [1, 1, 1, 2]
    assert caplog.text.count("the backup was made, and that is not noted") == 2


def test_why_a_database_cannot_be_saved_is_said_once_a_day(
    postgresql_place: ClusterDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(programs, "DEBIAN", str(tmp_path / "nothing" / "*"))
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "vapid.pem").write_text("of our own", encoding="utf-8")
    dump, warn, found = Dump(postgresql_place.url), Unsaved(), []
    for hours in (0, 1, 23, 24):
        keep_daily(tmp_path, dump, now=NOON + timedelta(hours=hours), warn=warn)
        found.append(caplog.text.count("apt-get install postgresql-client-"))
    assert found == [1, 1, 1, 2]


@pytest.mark.faults
def test_a_stop_amid_the_daily_dump_makes_no_other_backup(
    postgresql_place: ClusterDatabase,
    postgresql_server: postgresql.Server,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "vapid.pem").write_text("of our own", encoding="utf-8")

    async def waits() -> bool:
        return postgresql_server.ask(_WAITS.format(name=_name(postgresql_place))) != [(0,)]

    async def stop_amid_it() -> None:
        async with backing_up(Settings(data=tmp_path, database=postgresql_place.url)):
            await eventually(waits)

    with psycopg.connect(postgresql_place.url) as holder:
        holder.execute("CREATE SCHEMA watcher; CREATE TABLE watcher.held ()")
        holder.commit()
        holder.execute("LOCK TABLE watcher.held IN ACCESS EXCLUSIVE MODE")  # which pg_dump alone asks for
        asyncio.run(stop_amid_it())  # which waits for the thread of the dump
    assert (kept_backups(tmp_path), caplog.text) == ([], "")
