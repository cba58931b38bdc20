"""Nobody but its owner looks into a data directory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import Command
from tests.core.builders import play, price, watch
from tests.faults.kept import fill
from tests.site import serve_site
from watcher.errors import StoreError
from watcher.store.lock import RoleLock
from watcher.store.watch_store import open_watch_store

WATCHES = "watches: {{page: {{url: '{url}/page', topic: news, allow_private: true, extract: h1}}}}\n"


@pytest.fixture(autouse=True)
def open_to_all() -> Iterator[None]:
    """A umask that closes nothing."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(directory: Path) -> dict[str, str]:
    """Return what others may look into, with its mode."""
    found = [directory, *directory.rglob("*")]
    return {str(path): f"{path.stat().st_mode & 0o777:o}" for path in found if path.stat().st_mode & 0o077}


async def test_a_database_and_its_journals_are_private_from_the_first_moment(tmp_path: Path) -> None:
    store, _ = await open_watch_store(tmp_path / "watches")
    await store.commit(play(watch(), price(1)))
    assert (tmp_path / "watches" / "cache.db-wal").exists()
    assert modes(tmp_path / "watches") == {}
    await store.close()


async def test_what_an_older_version_left_open_is_closed_at_the_start(tmp_path: Path) -> None:
    data = tmp_path / ".watcher"
    await fill(data, more=1)
    databases = [*data.glob("push.db*"), *data.glob("watches/cache.db*")]
    for path in (data, *databases):
        path.chmod(0o755 if path.is_dir() else 0o644)
    async with serve_site() as site:
        site.show("/page", "<h1>1</h1>")
        watcher = Command(tmp_path)
        watcher.write(WATCHES.format(url=site.url))
        assert (await watcher("check")).status == 0
    assert data.stat().st_mode & 0o777 == 0o700
    assert [path for path in databases if path.exists() and path.stat().st_mode & 0o077] == []


async def test_a_command_that_takes_no_lock_closes_it_too(tmp_path: Path) -> None:
    data = tmp_path / ".watcher"
    data.mkdir(mode=0o755)
    assert (await Command(tmp_path)("topics", "--json")).status == 0
    assert data.stat().st_mode & 0o777 == 0o700


def test_a_directory_that_all_users_share_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    with pytest.raises(StoreError, match="give --data a directory of its own"):
        RoleLock(shared, "watcher", "watcher run")
    assert shared.stat().st_mode & 0o7777 == 0o1777


def test_one_that_cannot_be_closed_is_refused_in_one_line_that_says_what_to_do() -> None:
    """Of `/proc/self` nobody can change the mode."""
    with pytest.raises(StoreError, match="chmod 700 /proc/self") as refused:
        RoleLock(Path("/proc/self"), "watcher", "watcher run")
    assert "\n" not in str(refused.value)
