"""`watcher backup` and `watcher restore` as commands, and starts on what is damaged."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.command import Command, eventually
from tests.data.make import WATCHES
from tests.site import Site
from watcher.core.check import OutboxMessage
from watcher.core.settings import Settings
from watcher.runtime.backups import keep_backups
from watcher.store.backups import DAILY, kept_backups


async def names(watcher: Command) -> list[str]:
    """What the topics are called."""
    return [topic["name"] for topic in (await watcher("topics", "--json")).records]


@pytest.mark.faults
async def test_a_backup_made_while_the_server_runs_is_restored_when_it_has_ended(watcher: Command) -> None:
    archive = watcher.directory / "kept.tar"
    async with watcher.running("serve", "--port", "0"):
        await watcher("topics", "add", "Before")
        made = await watcher("backup", "--to", str(archive), "--json")
        assert made.status == 0
        assert made.record == {"file": str(archive), "bytes": archive.stat().st_size, "watches_file": None}
        await watcher("topics", "add", "After")
        refused = await watcher("restore", str(archive))
        assert (refused.status, "`watcher serve`" in refused.err) == (2, True), refused.err
    restored = await watcher("restore", str(archive), "--json")
    assert restored.status == 0, restored.err
    assert Path(watcher.directory / restored.record["aside"] / "push.db").exists()
    assert await names(watcher) == ["Alerts to the operator", "Before"]


@pytest.mark.faults
async def test_who_restores_a_backup_elsewhere_hears_where_the_file_of_watches_was(
    watcher: Command, site: Site
) -> None:
    site.show("/page", "<h1>first</h1>")
    watcher.write(WATCHES.format(url=site.url))
    await watcher("check")
    saved = await watcher("backup", "--to", "saved.tar")
    main = f"{watcher.directory}/watches.yaml"
    assert f"{main} is not in it, nor what that includes" in saved.out
    restored = await watcher("restore", "saved.tar", "--data", "elsewhere")
    assert f"its file of watches was {main}, which no backup has" in restored.out
    (watcher.directory / "watches.yaml").unlink()
    refused = await watcher("run", "--port", "0", "--data", "elsewhere")
    assert (refused.status, f"put the file back, which was {main}, or" in refused.err) == (2, True), refused.err


@pytest.mark.parametrize("arguments", [["backup"], ["restore", "nowhere.tar"]], ids=" ".join)
async def test_what_is_not_there_is_one_line_and_wrong_use(watcher: Command, arguments: list[str]) -> None:
    result = await watcher(*arguments)
    assert (result.status, len(result.err.splitlines())) == (2, 1)


@pytest.mark.faults
async def test_a_pass_over_lost_states_restores_the_backup_tells_the_operator_and_what_changed_since(
    watcher: Command, site: Site
) -> None:
    watcher.write(WATCHES.format(url=site.url))
    for text in ("first", "second"):
        site.show("/page", f"<h1>{text}</h1>")
        await watcher("check")
        if text == "first":
            assert (await watcher("backup")).status == 0
    (watcher.directory / ".watcher" / "watches" / "cache.db").write_bytes(b"no database" * 5000)
    again = await watcher("check")
    assert again.status == 0, again.err
    told = [message["summary"] for message in (await watcher("messages", "--json")).records]
    # The restored state is a new life, so what changed after the backup is told again, and not taken for a repeat.
    assert told == ["page: first → second", "The state of all watches was lost", "page: first → second"]


@pytest.mark.faults
async def test_a_server_over_a_lost_push_database_says_so_to_its_operator(watcher: Command) -> None:
    await watcher("topics", "add", "Before")
    with closing(sqlite3.connect(watcher.directory / ".watcher" / "push.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (watcher.directory / ".watcher" / "push.db").write_bytes(b"")
    command = await watcher("topics")
    assert (command.status, "was there before" in command.err) == (1, True)

    async def told() -> list[str]:
        return [message["summary"] for message in (await watcher("messages", "--json")).records]

    async with watcher.running("serve", "--port", "0"):
        assert await eventually(told) == ["The push service's database was lost"]


async def test_the_watcher_that_runs_makes_a_daily_backup_and_tells_of_a_damaged_database(watcher: Command) -> None:
    data, told = watcher.directory / ".watcher", asyncio.Queue[OutboxMessage]()
    await watcher("topics", "add", "Before")

    async def once() -> None:
        errand = asyncio.create_task(keep_backups(Settings(data=data), told.put, first_seconds=0))
        ended = asyncio.create_task(told.get())
        while not kept_backups(data) and not ended.done():  # noqa: ASYNC110 - the errand sets no event
            await asyncio.sleep(0.01)
        for task in (errand, ended):
            task.cancel()
        await asyncio.wait([errand, ended])

    async with asyncio.timeout(20):
        await once()
    (kept,) = kept_backups(data)
    assert kept.kind == DAILY
    kept.path.unlink()
    (data / "push.db").write_bytes(b"no database" * 5000)
    async with asyncio.timeout(20):
        errand = asyncio.create_task(keep_backups(Settings(data=data), told.put, first_seconds=0))
        message = await told.get()
        errand.cancel()
        await asyncio.wait([errand])
    assert (message.topic, message.summary) == ("admin", "A database is damaged")
    assert kept_backups(data) == []
