"""A disk that is really full: what is refused is said, what was taken is there, and it goes on with room again."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.cli.command import Command
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
