"""Archives of a data directory: what is believed of them, in which order they are made, how many are kept."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.core.builders import NOON
from tests.faults.kept import content_of, fill
from tests.push.builders import tell_news
from watcher.errors import DamagedError, LockedError, StoreError, UsageError
from watcher.store.archive import DATABASES, read_archive, write_archive
from watcher.store.backups import BY_HAND, DAILY, KEPT_BEFORE, KEPT_DAILY, is_due, keep_backup, kept_backups
from watcher.store.damage import PUSH, WATCHES, loss_of
from watcher.store.lock import RoleLock
from watcher.store.moves import finish_moves, make_moves
from watcher.store.notices import untold_notices
from watcher.store.push.schema import HEAD
from watcher.store.recovery import recover, restore_archive


@pytest.fixture
async def data(tmp_path: Path) -> Path:
    """A data directory with something in it."""
    await fill(tmp_path / "data", more=1)
    return tmp_path / "data"


def test_it_is_private_and_says_what_is_in_it(data: Path, tmp_path: Path) -> None:
    (data / "vapid.pem").write_text("a key")
    manifest = write_archive(data, tmp_path / "kept.tar", now=NOON)
    assert (tmp_path / "kept.tar").stat().st_mode & 0o777 == 0o600
    assert list(manifest.members) == [WATCHES, PUSH, "watches/epoch", "push.epoch", "vapid.pem"]
    (tmp_path / "unpacked").mkdir()
    assert read_archive(tmp_path / "kept.tar", tmp_path / "unpacked") == manifest
    assert {path.name for path in tmp_path.iterdir()} == {"data", "kept.tar", "unpacked"}


def test_the_watch_store_is_copied_before_the_push_database() -> None:
    """A message published in between is a repeat then; the other way round it would be in neither."""
    assert DATABASES == (WATCHES, PUSH)


def test_a_write_under_way_is_not_in_it_and_does_not_hinder_it(data: Path, tmp_path: Path) -> None:
    before = content_of(data)
    with closing(sqlite3.connect(data / PUSH, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM subscriptions")
        write_archive(data, tmp_path / "kept.tar", now=NOON)
        other.execute("ROLLBACK")
    restore_archive(data, tmp_path / "kept.tar", now=NOON, newest_revision=HEAD)
    assert content_of(data) == before


def archive(path: Path, *members: tuple[str | tarfile.TarInfo, bytes]) -> Path:
    """Write a tar archive with these members."""
    with tarfile.open(path, "w") as made:
        for named, content in members:
            member = tarfile.TarInfo(named) if isinstance(named, str) else named
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    return path


def written(path: Path, content: bytes) -> Path:
    """Write a file that is no archive."""
    path.write_bytes(content)
    return path


def manifest(**members: int) -> bytes:
    """Return a manifest that knows these members."""
    known = {name: {"bytes": size, "sha256": "0" * 64} for name, size in members.items()}
    return json.dumps({"format": 1, "created_at": NOON.isoformat(), "members": known}).encode()


def link(kind: bytes) -> tarfile.TarInfo:
    """Return a member that leads elsewhere."""
    member = tarfile.TarInfo("push.db")
    member.type, member.linkname = kind, "/etc/passwd"
    return member


STRANGE: dict[str, Callable[[Path], Path]] = {
    "no tar": lambda path: written(path, b"x" * 2000),
    "empty": lambda path: written(path, b""),
    "no manifest": lambda path: archive(path, ("push.db", b"x")),
    "above": lambda path: archive(path, ("../push.db", b"x"), ("manifest.json", manifest())),
    "absolute": lambda path: archive(path, ("/etc/passwd", b"x"), ("manifest.json", manifest())),
    "stranger": lambda path: archive(path, ("watches/other", b"x"), ("manifest.json", manifest())),
    "symbolic link": lambda path: archive(path, (link(tarfile.SYMTYPE), b""), ("manifest.json", manifest())),
    "hard link": lambda path: archive(path, (link(tarfile.LNKTYPE), b""), ("manifest.json", manifest())),
    "device": lambda path: archive(path, (link(tarfile.CHRTYPE), b""), ("manifest.json", manifest())),
    "hole": lambda path: archive(path, (link(tarfile.GNUTYPE_SPARSE), b""), ("manifest.json", manifest())),
    "twice": lambda path: archive(path, ("push.db", b"x"), ("push.db", b"y"), ("manifest.json", manifest())),
    "too big": lambda path: archive(path, ("vapid.pem", b"x" * 70_000), ("manifest.json", manifest())),
    "other size": lambda path: archive(path, ("push.db", b"x"), ("manifest.json", manifest(**{"push.db": 2}))),
    "other bytes": lambda path: archive(path, ("push.db", b"x"), ("manifest.json", manifest(**{"push.db": 1}))),
    "manifest of lists": lambda path: archive(path, ("manifest.json", b"[" * 5000)),
    "newer": lambda path: archive(path, ("manifest.json", b'{"format": 2}')),
}


@pytest.mark.faults
@pytest.mark.parametrize("make", STRANGE.values(), ids=STRANGE)
def test_a_strange_archive_is_refused_in_one_line_and_nothing_changes(
    data: Path, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    before = content_of(data)
    files = {path for path in tmp_path.rglob("*") if path.suffix not in (".db-shm", ".db-wal")}
    with pytest.raises(UsageError) as refused:
        restore_archive(data, make(tmp_path / "strange.tar"), now=NOON, newest_revision=HEAD)
    assert "\n" not in str(refused.value)
    assert content_of(data) == before
    assert {path for path in tmp_path.rglob("*") if path.suffix not in (".db-shm", ".db-wal")} - files == {
        tmp_path / "strange.tar"
    }


def test_a_backup_of_a_newer_watcher_is_refused(data: Path, tmp_path: Path) -> None:
    write_archive(data, tmp_path / "kept.tar", now=NOON)
    with pytest.raises(UsageError, match="newer watcher"):
        restore_archive(data, tmp_path / "kept.tar", now=NOON, newest_revision="0001")


def test_a_restored_state_is_a_new_life_and_the_old_one_is_kept(data: Path, tmp_path: Path) -> None:
    write_archive(data, tmp_path / "kept.tar", now=NOON)
    epochs = [(data / name).read_text() for name in ("watches/epoch", "push.epoch")]
    _, aside = restore_archive(data, tmp_path / "kept.tar", now=NOON, newest_revision=HEAD)
    assert aside is not None
    content_of(data)  # each database agrees with its epoch
    assert all(
        (data / name).read_text() != old for name, old in zip(("watches/epoch", "push.epoch"), epochs, strict=True)
    )
    assert [(aside / name).read_text() for name in ("watches/epoch", "push.epoch")] == epochs


def test_moves_that_were_broken_off_are_finished_and_none_is_made_twice(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("old")
    (tmp_path / ".staged").mkdir()
    (tmp_path / ".staged" / "old").write_text("new")
    make_moves(tmp_path, [("old", "aside/old"), (".staged/old", "old")])
    (tmp_path / "moves.json").write_text('[["old", "aside/old"], [".staged/old", "old"]]')
    finish_moves(tmp_path)
    assert ((tmp_path / "old").read_text(), (tmp_path / "aside" / "old").read_text()) == ("new", "old")
    assert not (tmp_path / "moves.json").exists()


def test_where_a_database_was_restored_and_the_disk_refuses_both_is_said_and_the_rest_is_made_later(
    data: Path, tmp_path: Path
) -> None:
    def dump(target: Path) -> None:
        target.write_bytes(b"of a PostgreSQL")

    write_archive(data, tmp_path / "kept.tar", now=NOON, names=[WATCHES], dump=dump)
    epochs = list[int]()
    (data / "moves.lock").unlink(missing_ok=True)
    (data / "moves.lock").mkdir()
    with pytest.raises(
        StoreError, match=r"^the database was restored, and .* was not: cannot finish .* with --replace$"
    ):
        restore_archive(
            data,
            tmp_path / "kept.tar",
            now=NOON,
            newest_revision=HEAD,
            put_back=lambda _, epoch: epochs.append(epoch),
        )
    (data / "moves.lock").rmdir()
    finish_moves(data)
    assert [f"{epoch}\n" for epoch in epochs] == [(data / "postgresql.epoch").read_text(encoding="utf-8")]


def test_no_backup_is_made_of_a_database_that_is_gone(data: Path, tmp_path: Path) -> None:
    (data / PUSH).unlink()
    with pytest.raises(DamagedError):
        write_archive(data, tmp_path / "kept.tar", now=NOON)
    assert not (tmp_path / "kept.tar").exists()


def test_so_many_are_kept_of_each_kind(data: Path) -> None:
    for day in range(10):
        keep_backup(data, DAILY, now=NOON + timedelta(days=day), holder="a test")
    for minute in range(5):
        keep_backup(data, "before-0006", now=NOON + timedelta(minutes=minute), holder="a test")
        keep_backup(data, BY_HAND, now=NOON - timedelta(days=minute), holder="a test")
    kinds = [one.kind for one in kept_backups(data)]
    assert [kinds.count(kind) for kind in (DAILY, "before-0006", BY_HAND)] == [KEPT_DAILY, KEPT_BEFORE, 5]


def test_one_is_due_after_a_day_and_when_the_clock_was_set_back(data: Path) -> None:
    assert is_due(data, now=NOON)
    keep_backup(data, DAILY, now=NOON, holder="a test")
    hours = {-2: True, 1: False, 23: False, 24: True}
    assert {hour: is_due(data, now=NOON + timedelta(hours=hour)) for hour in hours} == hours


@pytest.mark.faults
def test_two_are_not_made_at_once(data: Path) -> None:
    with RoleLock(data, "backup", "another"), pytest.raises(LockedError, match="another"):
        keep_backup(data, DAILY, now=NOON, holder="a test")


def test_the_newest_backup_that_is_sound_takes_the_place_of_a_damaged_database(data: Path) -> None:
    before = content_of(data)
    keep_backup(data, DAILY, now=NOON, holder="a test")
    (data / "backups" / "20270101T000000Z-daily.tar").write_text("cut short")
    (data / PUSH).write_bytes(b"no database at all" * 500)
    loss = loss_of(data, PUSH, seconds=1)
    assert loss is not None
    recover(data, PUSH, loss, now=NOON, newest_revision=HEAD)
    assert content_of(data) == before
    (notice,) = untold_notices(data)
    assert "The backup of 2026-11-24 12:00 UTC was put in its place" in notice.content
    assert (data / "push.db.damaged-20261124T120000Z").exists()
    assert loss_of(data, PUSH, seconds=1) is None


@pytest.mark.parametrize("is_gone", [True, False], ids=["gone", "empty"])
async def test_a_push_database_that_is_gone_or_empty_is_no_first_start(data: Path, is_gone: bool) -> None:
    (data / PUSH).unlink()
    if not is_gone:
        (data / PUSH).touch()
    for suffix in ("-wal", "-shm"):
        (data / f"{PUSH}{suffix}").unlink(missing_ok=True)
    with pytest.raises(StoreError, match="was there before"):
        await fill(data, more=1)
    loss = loss_of(data, PUSH, seconds=1)
    assert loss is not None
    recover(data, PUSH, loss, now=NOON, newest_revision=HEAD)
    (notice,) = untold_notices(data)
    assert "applications, topics and subscribers are gone" in notice.content
    await fill(data, more=1)


async def test_who_remembers_the_last_number_from_before_a_restore_gets_all_that_comes_after(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    await tell_news(data / PUSH, "in the backup")
    write_archive(data, tmp_path / "kept.tar", now=NOON)
    seen = await tell_news(data / PUSH, "lost 1", "lost 2")
    restore_archive(data, tmp_path / "kept.tar", now=NOON, newest_revision=HEAD)
    seen_after = await tell_news(data / PUSH, "new 1", "new 2")
    assert [item.message.draft.summary for item in seen_after if item.id > seen[-1].id] == ["new 1", "new 2"]
