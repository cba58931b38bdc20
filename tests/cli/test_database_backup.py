"""`watcher backup` and `watcher restore` of a service over a PostgreSQL, and what a kill of them leaves."""

from __future__ import annotations

import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from tests import postgresql
from tests.cli.command import Command, eventually
from tests.cli.press import Process
from watcher.core.databases import SharedDatabase
from watcher.store.archive import DUMP, read_archive
from watcher.store.push.dialect import LOCKS, WRITE_LOCK

_WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = '{name}'"
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'"


@pytest.fixture
def shared(postgresql_place: SharedDatabase, watcher: Command) -> dict[str, str]:
    """The environment of a service over a PostgreSQL, with a password that nobody asks for."""
    (watcher.directory / ".watcher").mkdir(mode=0o700)
    return {"WATCHER_DATABASE": postgresql_place.url.replace("watcher@", "watcher:elephants@")}


async def names(watcher: Command, shared: dict[str, str]) -> list[str]:
    """What the topics are called."""
    return [topic["name"] for topic in (await watcher("topics", "--json", **shared)).records]


async def test_a_backup_has_the_database_and_a_restore_puts_it_back(watcher: Command, shared: dict[str, str]) -> None:
    key = watcher.directory / ".watcher" / "vapid.pem"
    key.write_text("of our own", encoding="utf-8")
    await watcher("topics", "add", "Before", **shared)
    made = await watcher("backup", "--to", "kept.tar", **shared)
    await watcher("apps", "add", "After", **shared)
    key.unlink()
    refused = await watcher("restore", "kept.tar", **shared)
    lost = await watcher("restore", "kept.tar")
    restored = await watcher("restore", "kept.tar", "--replace", "--json", **shared)
    assert (made.status, refused.status, lost.status, restored.status) == (0, 2, 2, 0), made.err + restored.err
    assert "has 1 applications: name an empty database, or say --replace" in refused.err
    assert "name the one to restore them into, with --database or WATCHER_DATABASE" in lost.err
    assert [len(each.err.splitlines()) for each in (refused, lost)] == [1, 1]
    assert restored.record["schemas_aside"]
    assert await names(watcher, shared) == ["Before"]
    assert [app["name"] for app in (await watcher("apps", "--json", **shared)).records] == ["watcher"]
    assert key.read_text(encoding="utf-8") == "of our own"
    said = "".join(each.out + each.err for each in (made, refused, lost, restored))
    assert "elephants" not in said


async def test_a_backup_of_a_file_is_not_restored_into_a_database(watcher: Command, shared: dict[str, str]) -> None:
    await watcher("topics", "add", "Before")
    await watcher("backup", "--to", "kept.tar")
    refused = await watcher("restore", "kept.tar", **shared)
    assert (refused.status, len(refused.err.splitlines())) == (2, 1)
    assert "restore it without --database" in refused.err
    assert "`watcher database copy`" in refused.err


@asynccontextmanager
async def killed_amid(
    watcher: Command, server: postgresql.Server, place: SharedDatabase, lock: str, *arguments: str
) -> AsyncIterator[Process]:
    """Give a command that was killed while PostgreSQL's own program waited for a lock, and both have ended."""
    name = place.url.rpartition("/")[2]
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


async def test_a_backup_that_is_killed_leaves_no_archive(
    watcher: Command, shared: dict[str, str], postgresql_server: postgresql.Server, postgresql_place: SharedDatabase
) -> None:
    lock = "LOCK TABLE push.messages IN ACCESS EXCLUSIVE MODE"
    async with killed_amid(watcher, postgresql_server, postgresql_place, lock, "backup", "--to", "kept.tar"):
        assert not (watcher.directory / "kept.tar").exists()
    assert (await watcher("backup", "--to", "kept.tar", **shared)).status == 0
    (watcher.directory / "unpacked").mkdir()
    assert DUMP in read_archive(watcher.directory / "kept.tar", watcher.directory / "unpacked").members


async def test_a_restore_that_is_killed_leaves_the_database_as_it_was(
    watcher: Command, shared: dict[str, str], postgresql_server: postgresql.Server, postgresql_place: SharedDatabase
) -> None:
    await watcher("backup", "--to", "kept.tar", **shared)
    await watcher("topics", "add", "After", **shared)
    lock = f"SELECT pg_advisory_lock({LOCKS}, {WRITE_LOCK})"
    command = ("restore", "kept.tar", "--replace")
    async with killed_amid(watcher, postgresql_server, postgresql_place, lock, *command):
        assert await names(watcher, shared) == ["After"]
    assert (await watcher(*command, **shared)).status == 0
    assert await names(watcher, shared) == []


async def test_a_dump_that_was_changed_is_refused_before_the_database_is_touched(
    watcher: Command, shared: dict[str, str]
) -> None:
    await watcher("backup", "--to", "kept.tar", **shared)
    await watcher("topics", "add", "After", **shared)
    archive = watcher.directory / "kept.tar"
    with tarfile.open(archive) as opened:
        place = opened.getmember(DUMP).offset_data
    content = bytearray(archive.read_bytes())
    content[place + 5_000] ^= 1
    Path(archive).write_bytes(content)
    refused = await watcher("restore", "kept.tar", "--replace", **shared)
    assert (refused.status, len(refused.err.splitlines())) == (2, 1)
    assert f"{DUMP} in it is not what was saved" in refused.err
    assert await names(watcher, shared) == ["After"]
