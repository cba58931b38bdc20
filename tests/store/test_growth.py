"""What grows in a data directory, and when its disk will be full."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from watcher.core.findings import State
from watcher.push.opening import open_push_service
from watcher.store.archive import write_archive
from watcher.store.growth import Sizes, growth_finding, inspect_growth

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MB = 1_000_000


def sizes(*, push: int, free: int) -> Sizes:
    return Sizes(databases={"watches/cache.db": 2 * MB, "push.db": push}, backups=7 * push, free=free)


@pytest.mark.parametrize(
    ("push", "free", "before", "state", "says"),
    [
        pytest.param(40 * MB, 10_000 * MB, None, State.OK, "how fast they grow is unknown", id="nothing to compare"),
        pytest.param(40 * MB, 1 * MB, 40 * MB, State.OK, "they have not grown for 10 days", id="at rest"),
        pytest.param(30 * MB, 1 * MB, 40 * MB, State.OK, "they have not grown for 10 days", id="smaller than before"),
        pytest.param(50 * MB, 8_000 * MB, 40 * MB, State.OK, "the disk is full in 1,000 days", id="some years"),
        pytest.param(50 * MB, 10**15, 40 * MB, State.OK, "the disk is full in over 10 years", id="never"),
        pytest.param(50 * MB, 160 * MB, 40 * MB, State.WARNING, "the disk is full in 20 days", id="soon"),
    ],
)
def test_when_the_disk_will_be_full(push: int, free: int, before: int | None, state: State, says: str) -> None:
    known: Mapping[str, int] = {"watches/cache.db": 2 * MB, "push.db": before or 0}
    measured = None if before is None else (NOW - 10 * DAY, known)
    finding = growth_finding(sizes(push=push, free=free), measured, now=NOW)
    assert finding.state is state
    assert says in finding.text


def test_what_grows_is_named_with_how_much_a_day() -> None:
    before = NOW - 10 * DAY, {"watches/cache.db": 2 * MB, "push.db": 40 * MB}
    text = growth_finding(sizes(push=50 * MB, free=8_000 * MB), before, now=NOW).text
    assert "push.db 50.0 MB, backups 350.0 MB; each day adds push.db 1.0 MB, and as much to each of 7 backups" in text


def fill(database: Path, megabytes: int) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS texts (text BLOB)")
        connection.execute("INSERT INTO texts VALUES (zeroblob(?))", (megabytes * MB,))


@pytest.mark.parametrize(
    ("age", "says"),
    [
        pytest.param(2 * DAY, "each day adds push.db 2.5 MB", id="of two days ago"),
        pytest.param(DAY / 2, "how fast they grow is unknown", id="of today"),
        pytest.param(400 * DAY, "how fast they grow is unknown", id="of last year"),
    ],
)
async def test_it_is_measured_against_a_backup_of_some_days_ago(tmp_path: Path, age: timedelta, says: str) -> None:
    await (await open_push_service(tmp_path / "push.db", now=lambda: NOW)).close()
    (tmp_path / "backups").mkdir()
    made_at = NOW - age
    write_archive(tmp_path, tmp_path / "backups" / f"{made_at:%Y%m%dT%H%M%SZ}-daily.tar", now=made_at)
    fill(tmp_path / "push.db", 5)
    assert says in inspect_growth(tmp_path, now=NOW).text
