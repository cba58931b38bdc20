"""A write-ahead log that is gone, cut or changed is noticed; nothing else is taken for that."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.command import Command, eventually
from tests.core.builders import NOON, play, price, watch
from tests.faults.kept import content_of, fill
from watcher import runtime
from watcher.core.settings import Settings
from watcher.core.watch import Topic
from watcher.errors import DamagedError
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.runtime.mending import mend_push
from watcher.runtime.settings import utc_now
from watcher.runtime.watch_store import open_watches
from watcher.store.commits import CommitNotes, checkpoint_file, noted_commits
from watcher.store.damage import MARKS, PUSH, WATCHES, loss_of, missing_changes
from watcher.store.notices import losses, untold_notices
from watcher.store.push.file_database import open_file
from watcher.store.push.schema import HEAD, bring_up_to_date
from watcher.store.recovery import restore_archive
from watcher.store.watch_store import open_watch_store

KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from tests.faults.kept import fill
from tests.store.test_commits import young

asyncio.run(young(Path(sys.argv[1])))
os.kill(os.getpid(), signal.SIGKILL)
"""


async def young(data: Path) -> None:
    """Make a young installation, with 40 changes of a watch and three topics, and leave it as it runs."""
    store, _ = await open_watch_store(data / "watches")
    for decision in play(watch(), *map(price, range(40))):
        await store.commit([decision])
    service = await open_push_service(data / PUSH, now=utc_now)
    for number in range(3):
        await service.topics.add(f"topic {number}")
    held.append((store, service))


held: list[object] = []
"""What a killed process had open: nothing closes it."""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a young installation that was killed."""
    data = tmp_path_factory.mktemp("killed") / "data"
    subprocess.run([sys.executable, "-c", KILLED, str(data)], cwd=os.getcwd(), check=False, timeout=60)
    assert (data / "push.db-wal").stat().st_size
    assert (data / "watches" / "cache.db-wal").stat().st_size
    return data


@pytest.fixture
def data(killed: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(killed, tmp_path / "data")
    return tmp_path / "data"


def gone(log: Path) -> None:
    log.unlink()


def cut(log: Path) -> None:
    os.truncate(log, log.stat().st_size // 2)


def flipped(log: Path) -> None:
    content = bytearray(log.read_bytes())
    content[len(content) // 2] ^= 1
    log.write_bytes(content)


DAMAGES = {"gone": gone, "cut": cut, "flipped": flipped}


@pytest.mark.faults
@pytest.mark.parametrize("name", [PUSH, WATCHES])
def test_a_killed_installation_lacks_nothing(data: Path, name: str) -> None:
    assert loss_of(data, name, seconds=1) is None
    assert missing_changes(data, name) == 0


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
async def test_a_push_database_without_its_whole_log_is_told_and_goes_on_with_what_is_left(
    data: Path, damage: Callable[[Path], None]
) -> None:
    damage(data / "push.db-wal")
    with pytest.raises(DamagedError, match="write-ahead log"):
        await open_push_service(data / PUSH, now=utc_now)
    await mend_push(Settings(data=data))
    (notice,) = untold_notices(data)
    assert "write-ahead log" in notice.content
    assert list(data.glob("push.db.damaged-*"))
    service = await open_push_service(data / PUSH, now=utc_now)
    await service.topics.add("another")
    await service.close()
    await mend_push(Settings(data=data))
    assert len(untold_notices(data)) == 1


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
async def test_a_watch_store_without_its_whole_log_is_told_and_goes_on_with_what_is_left(
    data: Path, damage: Callable[[Path], None]
) -> None:
    epoch = (data / "watches" / "epoch").read_text()
    damage(data / "watches" / "cache.db-wal")
    with pytest.raises(DamagedError, match="write-ahead log"):
        await open_watch_store(data / "watches")
    store, is_lost = await open_watches(data)
    assert not is_lost
    assert store.epoch != epoch  # so that nothing is taken for a repeat of what is missing
    left = (await store.states()).get("dune")
    assert (left.sequence if left else 0) < 40
    await store.close()
    (notice,) = untold_notices(data)
    assert "write-ahead log" in notice.content
    again, is_lost = await open_watches(data)
    await again.close()
    assert not is_lost
    assert len(untold_notices(data)) == 1


async def test_what_is_left_is_more_than_a_backup_has(data: Path) -> None:
    checkpoint_file(data / "watches" / "cache.db")
    checkpoint_file(data / PUSH)
    runtime.backup(Settings(data=data), None)
    store, _ = await open_watch_store(data / "watches")
    await store.commit([play(watch(), price(40), state=(await store.states())["dune"])[0]])
    await store.close()
    before = content_of(data)
    (data / "watches" / "commits").write_bytes(_noted(99))
    assert missing_changes(data, WATCHES)
    store, _ = await open_watches(data)
    await store.close()
    assert content_of(data) == before


def _noted(number: int) -> bytes:
    """Return a file beside a database that knows this number."""
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"commits-{os.getpid()}"
    notes = CommitNotes(path)
    notes.note(number)
    notes.close()
    try:
        return path.read_bytes()
    finally:
        path.unlink()


async def test_a_log_that_hides_what_was_brought_into_the_database_is_left_out(tmp_path: Path) -> None:
    """Its end is in the database already, its head is damaged: read together they are older than the database alone."""
    data, copy = tmp_path / "data", tmp_path / "copy"
    await fill(data, more=1)
    with closing(sqlite3.connect(data / PUSH, isolation_level=None)) as reading:
        service = await open_push_service(data / PUSH, now=utc_now)
        for number in range(9):
            await service.topics.add(f"later {number}")
        reading.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        copy.mkdir()
        for file in data.glob("push.*"):
            shutil.copy(file, copy / file.name)
        await service.close()
    flipped(copy / "push.db-wal")
    assert missing_changes(copy, PUSH)
    await mend_push(Settings(data=copy))
    assert len(untold_notices(copy)) == 1
    with closing(sqlite3.connect(copy / PUSH)) as connection:
        assert connection.execute("SELECT count(*) FROM topics").fetchone() == (10,)


async def test_a_copy_without_the_log_of_a_running_server_is_damage(tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    await fill(data, more=1)
    service = await open_push_service(data / PUSH, now=utc_now)
    await service.topics.add("a topic")
    copy.mkdir()
    for name in (PUSH, "push.epoch", "push.commits"):
        shutil.copy(data / name, copy / name)
    await service.close()
    assert "lacks its last" in (loss_of(copy, PUSH, seconds=1) or "")
    assert loss_of(data, PUSH, seconds=1) is None


@pytest.mark.faults
@pytest.mark.parametrize("content", [b"", bytes(240), b"\xff" * 240, b"1", b"00000000000000000099 00000000\n"], ids=str)
async def test_a_file_that_the_power_tore_says_nothing(tmp_path: Path, content: bytes) -> None:
    await fill(tmp_path, more=1)
    for name in ("push.commits", "watches/commits"):
        (tmp_path / name).write_bytes(content)
    assert noted_commits(tmp_path / "push.commits") is None
    await fill(tmp_path, more=1)


async def test_a_directory_of_before_has_no_count_and_is_no_damage(tmp_path: Path) -> None:
    await fill(tmp_path, more=1)
    for name in ("push.commits", "watches/commits"):
        (tmp_path / name).unlink()
    with closing(sqlite3.connect(tmp_path / PUSH, isolation_level=None)) as connection:
        connection.execute("DELETE FROM commits")
    await fill(tmp_path, more=1)
    assert noted_commits(tmp_path / "push.commits")


async def test_who_begins_anew_by_hand_is_not_told_of_a_loss(tmp_path: Path) -> None:
    await fill(tmp_path, more=3)
    for name in (PUSH, "push.epoch", WATCHES, "watches/epoch", *MARKS.values()):
        (tmp_path / name).unlink()
    await fill(tmp_path, more=1)
    await fill(tmp_path, more=1)


async def test_a_restore_counts_from_what_it_restored(tmp_path: Path) -> None:
    data = tmp_path / "data"
    await fill(data, more=1)
    archive, _ = runtime.backup(Settings(data=data), None)
    await fill(data, more=5)
    restore_archive(data, archive, now=NOON, newest_revision=HEAD)
    assert [missing_changes(data, name) for name in (PUSH, WATCHES)] == [0, 0]
    await fill(data, more=1)
    assert [missing_changes(data, name) for name in (PUSH, WATCHES)] == [0, 0]


def test_no_backup_is_made_of_a_database_that_lacks_changes(data: Path) -> None:
    (data / "push.db-wal").unlink()
    with pytest.raises(DamagedError, match="no backup was made"):
        runtime.backup(Settings(data=data), None)
    assert (data / PUSH).exists()


def test_a_process_that_is_late_with_its_number_replaces_no_newer_one(tmp_path: Path) -> None:
    early, late = CommitNotes(tmp_path / "commits"), CommitNotes(tmp_path / "commits")
    for number in (1, 2, 4, 5):
        early.note(number)
    late.note(3)
    assert noted_commits(tmp_path / "commits") == 5
    early.close()
    late.close()


def test_a_number_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "commits").symlink_to("/dev/full")
    notes = CommitNotes(tmp_path / "commits")
    notes.note(1)
    notes.close()
    assert noted_commits(tmp_path / "nowhere" / "commits") is None


async def test_two_processes_count_on(tmp_path: Path) -> None:
    await fill(tmp_path, more=1)
    services: list[PushService] = [await open_push_service(tmp_path / PUSH, now=utc_now) for _ in range(2)]
    before = noted_commits(tmp_path / "push.commits") or 0
    for number in range(10):  # one at a time in each: what waits together is committed together
        await asyncio.gather(*(service.topics.add(f"{number}") for service in services))
    assert noted_commits(tmp_path / "push.commits") == before + 20
    for service in services:
        await service.close()


async def test_a_transaction_that_changes_nothing_is_no_commit(tmp_path: Path) -> None:
    await fill(tmp_path, more=1)
    service = await open_push_service(tmp_path / PUSH, now=utc_now)
    await service.topics.declare([Topic(key="news", name="news")])
    log, noted = (tmp_path / "push.db-wal").stat().st_size, noted_commits(tmp_path / "push.commits")
    await service.topics.declare([Topic(key="news", name="news")])
    assert ((tmp_path / "push.db-wal").stat().st_size, noted_commits(tmp_path / "push.commits")) == (log, noted)
    await service.close()


async def test_a_database_at_rest_has_an_empty_log(tmp_path: Path) -> None:
    database = await open_file(tmp_path / PUSH, rest_seconds=0.01)
    await bring_up_to_date(database)
    log = tmp_path / "push.db-wal"

    async def is_empty() -> bool:
        return log.stat().st_size == 0

    await eventually(is_empty)
    await database.close()


@pytest.mark.faults
async def test_one_command_accepts_what_is_left(data: Path) -> None:
    data.rename(data.with_name(".watcher"))
    watcher, directory = Command(data.parent), data.with_name(".watcher")
    checkpoint_file(directory / PUSH)
    await _more_topics(directory)
    (directory / "push.db-wal").unlink(missing_ok=True)
    (directory / "push.commits").write_bytes(_noted(999))
    refused = await watcher("topics", "--json")
    assert (refused.status, refused.err.count("\n")) == (1, 1)
    assert "watcher losses --accept" in refused.err
    doctor = await watcher("doctor", "--json")
    assert [line for line in doctor.records if "push.db lacks its last" in line["text"] and line["state"] == "error"]
    (accepted,) = (await watcher("losses", "--accept", "--json")).records
    assert accepted["accepted"]
    assert "push.db lacks its last" in accepted["content"]
    assert len((await watcher("topics", "--json")).records) >= 3
    assert (await watcher("losses", "--json")).records == []
    assert len(untold_notices(directory)) == 1  # the admin topic hears of it all the same


async def _more_topics(data: Path) -> None:
    service = await open_push_service(data / PUSH, now=utc_now)
    await service.topics.add("one more")
    await service.close()


@pytest.mark.faults
async def test_a_loss_is_in_the_doctors_report_until_it_is_accepted(data: Path) -> None:
    (data / "watches" / "cache.db-wal").unlink()
    store, _ = await open_watches(data)
    await store.close()
    data.rename(data.with_name(".watcher"))
    watcher = Command(data.parent)
    assert len(losses(data.with_name(".watcher"))) == 1

    async def warnings() -> list[str]:
        found = (await watcher("doctor", "--json")).records
        return [line["text"] for line in found if "write-ahead log" in line["text"]]

    assert len(await warnings()) == 1
    assert (await watcher("losses", "--accept")).status == 0
    assert await warnings() == []


async def test_a_checkpoint_and_the_look_at_what_others_wrote_take_turns(tmp_path: Path) -> None:
    """Both go over the one connection that writes; at once, each waited for the other for half a minute."""
    database = await open_file(tmp_path / PUSH, rest_seconds=0)
    await bring_up_to_date(database)
    async with asyncio.timeout(10):
        await asyncio.gather(*(database.remember_version() for _ in range(5)), database.foreign_commit())
    await database.close()
