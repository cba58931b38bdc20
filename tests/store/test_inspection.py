from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from watcher.core.findings import State
from watcher.errors import StoreError
from watcher.store.inspection import inspect_backups, inspect_strangers

NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)


def test_no_backup_is_no_warning_before_the_first_start_and_right_after_it(tmp_path: Path) -> None:
    assert inspect_backups(tmp_path, now=NOW).state is State.OK
    _start(tmp_path, NOW - timedelta(minutes=1))
    assert (
        inspect_backups(tmp_path, now=NOW).text == "none yet: the first comes a minute after the first `run` or `serve`"
    )


def test_no_backup_long_after_a_start_is_a_warning(tmp_path: Path) -> None:
    _start(tmp_path, NOW - timedelta(hours=2))
    assert inspect_backups(tmp_path, now=NOW).state is State.WARNING


@pytest.mark.parametrize(
    ("minutes", "said"), [(20, "less than an hour ago"), (60, "1 hour ago"), (30 * 60 + 59, "30 hours ago")]
)
def test_the_age_of_the_newest_backup_is_said_in_words(tmp_path: Path, minutes: int, said: str) -> None:
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / f"{NOW - timedelta(minutes=minutes):%Y%m%dT%H%M%SZ}-daily.tar").touch()
    assert f"the newest was made {said}: " in inspect_backups(tmp_path, now=NOW).text


def test_a_database_that_cannot_be_read_is_no_day_on_which_strangers_made_nothing(tmp_path: Path) -> None:
    (tmp_path / "push.db").write_bytes(b"no database")
    with pytest.raises(StoreError, match=r"cannot read .*push\.db: file is not a database"):
        inspect_strangers(tmp_path / "push.db", now=NOW)


def _start(data: Path, at: datetime) -> None:
    lock = data / "server.lock"
    lock.touch()
    os.utime(lock, (at.timestamp(), at.timestamp()))
