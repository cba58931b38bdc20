"""Data directories that older versions have made are opened by this one, and nothing in them is lost or told again."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.command import Command
from tests.data.make import THIRD, WATCHES
from tests.site import serve_site
from tests.sizes import some_now
from tests.unpacking import unpack
from watcher.store import records
from watcher.store.push import migrations
from watcher.store.push.schema import HEAD

ARCHIVES = sorted((Path(__file__).parents[1] / "data").glob("push-*.tar.gz"))
REVISIONS = {path.name.split("_")[0][1:] for path in (Path(migrations.__path__[0]) / "versions").glob("r*.py")}


def test_each_version_that_is_not_the_newest_has_a_data_directory() -> None:
    names = [re.fullmatch(r"push-(\d+)-watches-(\d+)\.tar\.gz", archive.name) for archive in ARCHIVES]
    assert REVISIONS - {HEAD} <= {name[1] for name in names if name}
    assert set(range(1, records.SCHEMA)) <= {int(name[2]) for name in names if name}


@pytest.mark.parametrize(
    "archive", some_now(ARCHIVES, number=1, ids=lambda archive: archive.name.removesuffix(".tar.gz"))
)
async def test_it_is_opened_and_goes_on(archive: Path, tmp_path: Path) -> None:
    watcher = Command(tmp_path)
    unpack(archive, tmp_path)
    async with serve_site() as site:
        watcher.write(WATCHES.format(url=site.url))
        site.show("/page", "<h1>fourth</h1>")  # it changed while nothing ran
        for _ in range(2):
            checked = await watcher("check")
            assert checked.status == 0, checked.err
    told = (await watcher("messages", "--json")).records
    assert [message["summary"] for message in told] == [
        "page: first → second",
        "page: second → third",  # it waited in the outbox
        *([] if "watches-1" in archive.name else ["page: third → fourth"]),  # that wrote its fingerprints otherwise
    ]
    assert [sum(message["deliveries"].values()) for message in told] == [1] * len(told)
    assert [one["subscribers"] for one in (await watcher("topics", "--json")).records if one["key"] == "news"] == [1]
    assert (await watcher("outbox", "--json")).records == []
    sent = await watcher("send", "news", "By hand")
    assert sent.status == 0, sent.err
    kinds = {path.name.partition("-")[2] for path in (tmp_path / ".watcher" / "backups").glob("*.tar")}
    if HEAD not in archive.name:
        assert f"before-{HEAD}.tar" in kinds


def unpacked(archive: Path, directory: Path, url: str) -> Command:
    """Return the command beside an old data directory, with the watches that it was made for."""
    unpack(archive, directory)
    watcher = Command(directory)
    watcher.write(WATCHES.format(url=url))
    return watcher


def revision(directory: Path) -> str:
    """Return which tables a push database has."""
    with closing(sqlite3.connect(directory / ".watcher" / "push.db")) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


@pytest.mark.parametrize(
    "archive", some_now(ARCHIVES, number=1, ids=lambda archive: archive.name.removesuffix(".tar.gz"))
)
async def test_status_shows_it_and_run_brings_it_up_to_date(archive: Path, tmp_path: Path) -> None:
    async with serve_site() as site:
        site.show("/page", THIRD)
        watcher = unpacked(archive, tmp_path, site.url)
        shown = await watcher("status", "--json")
        assert (shown.status, [each["watch"] for each in shown.records]) == (0, ["page"])
        async with watcher.running("run", "--port", "0"):
            assert revision(tmp_path) == HEAD
        told = (await watcher("messages", "--json")).records
    assert told[0]["summary"] == "page: first → second"


async def test_the_backup_from_before_an_upgrade_can_be_restored(tmp_path: Path) -> None:
    oldest = ARCHIVES[0]
    async with serve_site() as site:
        site.show("/page", THIRD)
        watcher = unpacked(oldest, tmp_path, site.url)
        was = revision(tmp_path)
        assert (await watcher("check")).status == 0
        (saved,) = (tmp_path / ".watcher" / "backups").glob(f"*-before-{HEAD}.tar")
        assert (await watcher("restore", str(saved))).status == 0
        assert revision(tmp_path) == was
        assert (await watcher("check")).status == 0
        assert revision(tmp_path) == HEAD
