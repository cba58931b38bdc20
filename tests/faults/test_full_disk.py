"""A disk that is really full: what is refused is said, what was taken is there, and it goes on with room again."""

from __future__ import annotations

import re
import secrets
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests import postgresql
from tests.cli.command import Command, eventually
from tests.data.make import WATCHES
from tests.faults.tally import Tally, sized
from tests.site import serve_site


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB in memory."""
    place = tmp_path / ".watcher"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "tmpfs", str(place)], capture_output=True)
    if done.returncode:
        pytest.skip("a file system in memory cannot be mounted here; it takes root")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def postgresql_disk() -> Iterator[Path]:
    """A file system of 160 MB in memory, which everybody may look into: PostgreSQL runs as a user of its own."""
    place = Path(tempfile.mkdtemp(prefix="watcher-disk-"))
    options = "size=160m,mode=0755"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True)
    if done.returncode:
        place.rmdir()
        pytest.skip("a file system in memory cannot be mounted here; it takes root")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)
    place.rmdir()


def fill_up(disk: Path) -> Path:
    """Take all room that there is."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return filler


async def test_senders_get_an_error_while_the_disk_is_full_and_what_was_taken_is_there(
    disk: Path, tmp_path: Path, tally: Tally
) -> None:
    tally.what = "messages sent to a server with a full disk, and with room again: code 1000 means stored"
    watcher, taken, refused = Command(tmp_path), 0, 0
    async with watcher.running("serve", "--port", "0", "--call-limit", "100000") as (process, first):
        url = re.search(r"http://[\d.:]+", first)
        assert url
        token = (await watcher("apps", "add", "Job", "--json")).record["app_token"]
        topic = (await watcher("topics", "add", "News", "--app", "2", "--json")).record["topic_id"]
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:

            async def send() -> int:
                body = {"appToken": token, "content": "x" * 20_000, "topicIds": [topic]}
                async with session.post(f"{url[0]}/api/send/message", json=body) as answer:
                    record = await answer.json()
                return int(record["code"]) if record["code"] != 1000 else int(record["data"][0]["code"])

            for _ in range(sized(1, 5)):
                filler = fill_up(disk)
                codes = [await send() for _ in range(5)]
                filler.unlink()
                codes += [await send() for _ in range(2)]
                taken += codes.count(1000)
                refused += len(codes) - codes.count(1000)
                tally.tried += len(codes)
                assert codes[-2:] == [1000, 1000]
        assert process.returncode is None
    stored = len((await watcher("messages", "--json")).records)
    tally.failed = abs(stored - taken)
    tally.figures |= {"refused": str(refused), "stored": str(stored)}
    assert (stored, refused > 0) == (taken, True)


async def test_a_change_seen_with_a_full_disk_is_told_when_there_is_room(
    disk: Path, tmp_path: Path, tally: Tally
) -> None:
    tally.what = "`watcher check` with a full disk: one line, exit status 1, and the change is told with room again"
    watcher = Command(tmp_path)
    async with serve_site() as site:
        watcher.write(WATCHES.format(url=site.url))
        site.show("/page", "<h1>0</h1>")
        assert (await watcher("check")).status == 0
        for number in range(1, 1 + sized(1, 5)):
            site.show("/page", f"<h1>{number}</h1>")
            filler = fill_up(disk)
            refused = await watcher("check", "--drain-timeout", "1s")
            assert (refused.status, "Traceback" in refused.err) == (1, False), refused.err
            filler.unlink()
            assert (await watcher("check")).status == 0
            tally.tried += 1
    told = [message["summary"] for message in (await watcher("messages", "--json")).records]
    expected = [f"page: {number - 1} → {number}" for number in range(1, tally.tried + 1)]
    tally.failed = len(set(expected) ^ set(told))
    assert told == expected


async def test_a_read_only_data_directory_is_one_line(disk: Path, tmp_path: Path) -> None:
    watcher = Command(tmp_path)
    watcher.write(WATCHES.format(url="http://127.0.0.1:9"))
    assert (await watcher("topics", "add", "News")).status == 0
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    for command in (["check"], ["serve", "--port", "0"], ["run", "--port", "0"], ["backup"], ["topics", "add", "More"]):
        result = await watcher(*command)
        assert (result.status, len(result.err.splitlines())) == (1, 1), (command, result.err)


@pytest.mark.faults
async def test_senders_get_an_error_while_postgresql_s_disk_is_full_and_it_goes_on_by_itself(
    postgresql_disk: Path, tmp_path: Path, tally: Tally
) -> None:
    tally.what = "messages sent while the disk of PostgreSQL is full, and with room again: 2xx means stored"
    watcher, taken, refused = Command(tmp_path), 0, 0
    with postgresql.running(below=postgresql_disk) as database:
        shared = {"WATCHER_DATABASE": database.url(database.new_database())}
        async with watcher.running("serve", "--port", "0", "--call-limit", "100000", **shared) as (process, first):
            url = re.search(r"http://[\d.:]+", first)
            assert url
            app = (await watcher("apps", "add", "Job", "--json", **shared)).record
            topic = (await watcher("topics", "add", "News", "--app", str(app["app_id"]), "--json", **shared)).record
            headers = {"Authorization": f"Bearer {app['app_token']}"}
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60), headers=headers) as session:

                async def send() -> int:
                    body = {"content": secrets.token_hex(15_000), "topic_ids": [topic["topic_id"]]}
                    async with session.post(f"{url[0]}/api/v1/messages", json=body) as answer:
                        return answer.status

                async def is_taken() -> bool:
                    nonlocal taken
                    is_good = await send() < 300
                    taken += is_good
                    return is_good

                for _ in range(3):
                    filler = fill_up(postgresql_disk)
                    statuses = [await send() for _ in range(40)]
                    filler.unlink()
                    taken += sum(status < 300 for status in statuses)
                    refused += sum(status >= 500 for status in statuses)
                    tally.tried += len(statuses)
                    assert not [status for status in statuses if 300 <= status < 500]
                    await eventually(is_taken)
            assert process.returncode is None
        stored = len((await watcher("messages", "--json", "--limit", "1000", **shared)).records)
    tally.failed = abs(stored - taken)
    tally.figures |= {"refused": str(refused), "stored": str(stored)}
    assert (stored, refused > 0) == (taken, True)
