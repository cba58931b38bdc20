"""Who runs on a data directory."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Timer

import pytest

from watcher.errors import LockedError, StoreError
from watcher.store.lock import RoleLock, holder_of


def test_the_second_holder_is_told_who_the_first_one_is(tmp_path: Path) -> None:
    with RoleLock(tmp_path, "watcher", "watcher run"), pytest.raises(LockedError, match=r"`watcher run`, process \d+"):
        RoleLock(tmp_path, "watcher", "watcher check")


def test_two_roles_are_not_in_each_others_way(tmp_path: Path) -> None:
    with RoleLock(tmp_path, "watcher", "watcher check"), RoleLock(tmp_path, "server", "watcher serve"):
        pass


def test_a_lock_is_free_again_when_its_holder_is_gone(tmp_path: Path) -> None:
    RoleLock(tmp_path, "watcher", "watcher run").close()
    RoleLock(tmp_path, "watcher", "watcher run").close()


def test_a_directory_that_cannot_be_made_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot write in the data directory"):
        RoleLock(tmp_path / "file" / "data", "watcher", "watcher run")


@pytest.mark.faults
def test_a_full_disk_has_no_room_for_the_holders_name_and_the_lock_is_held(tmp_path: Path) -> None:
    (tmp_path / "watcher.lock").symlink_to("/dev/full")
    with RoleLock(tmp_path, "watcher", "watcher run"), pytest.raises(LockedError):
        RoleLock(tmp_path, "watcher", "watcher check")


def test_who_holds_it_for_a_moment_keeps_nobody_from_starting(tmp_path: Path) -> None:
    held = RoleLock(tmp_path, "server", "watcher check")
    Timer(0.2, held.close).start()
    with RoleLock(tmp_path, "server", "watcher serve"):
        assert "watcher serve" in (holder_of(tmp_path, "server") or "")


def test_it_is_known_since_when_nobody_had_it(tmp_path: Path) -> None:
    began = datetime.now(UTC)
    with RoleLock(tmp_path, "watcher", "watcher run") as first:
        assert first.free_since is None
    ended = began - timedelta(hours=1)
    os.utime(tmp_path / "watcher.lock", (ended.timestamp(),) * 2)
    killed = RoleLock(tmp_path, "watcher", "watcher run")
    assert killed.free_since == ended
    (tmp_path / "watcher.lock").rename(tmp_path / "killed.lock")
    (tmp_path / "watcher.lock").write_text("`watcher run`, process 1\n", encoding="utf-8")
    os.utime(tmp_path / "watcher.lock", (ended.timestamp(),) * 2)
    with RoleLock(tmp_path, "watcher", "watcher run") as after_kill:
        assert after_kill.free_since is not None
        assert after_kill.free_since >= began
    killed.close()


def test_a_clock_that_was_ahead_says_that_somebody_just_let_go(tmp_path: Path) -> None:
    RoleLock(tmp_path, "watcher", "watcher run").close()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    os.utime(tmp_path / "watcher.lock", (tomorrow.timestamp(),) * 2)
    with RoleLock(tmp_path, "watcher", "watcher run") as lock:
        assert lock.free_since is not None
        assert lock.free_since < tomorrow
