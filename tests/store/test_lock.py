"""Who runs on a data directory."""

from __future__ import annotations

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


def test_a_full_disk_has_no_room_for_the_holders_name_and_the_lock_is_held(tmp_path: Path) -> None:
    (tmp_path / "watcher.lock").symlink_to("/dev/full")
    with RoleLock(tmp_path, "watcher", "watcher run"), pytest.raises(LockedError):
        RoleLock(tmp_path, "watcher", "watcher check")


def test_who_holds_it_for_a_moment_keeps_nobody_from_starting(tmp_path: Path) -> None:
    held = RoleLock(tmp_path, "server", "watcher check")
    Timer(0.2, held.close).start()
    with RoleLock(tmp_path, "server", "watcher serve"):
        assert "watcher serve" in (holder_of(tmp_path, "server") or "")
