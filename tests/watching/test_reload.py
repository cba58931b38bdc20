"""Files of watches that are saved while the watcher runs: real files, and what they come to."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.core.builders import NOON, watch
from tests.outbox.recording import BOUND_SECONDS
from tests.watching.room import settled
from watcher.config import load
from watcher.core.check import OutboxMessage
from watcher.core.watch import WatchFile
from watcher.errors import ConfigError, StoreError
from watcher.watching.reload import RETRY_SECONDS, Files, Reloader, fingerprint
from watcher.watching.roster import Applied

FILE = WatchFile(topics={}, watches={"dune": watch()})


# Noticing


def saved_whole(path: Path) -> None:
    path.write_text("watches: {}")


def saved_aside_and_renamed(path: Path) -> None:
    aside = path.with_name(".watches.yaml.swp")
    aside.write_text("watches: {}")
    aside.replace(path)


def written_in_steps(path: Path) -> None:
    path.write_text("")
    with path.open("a") as file:
        file.write("watches:")
        file.flush()
        file.write(" {}")


def touched_with_the_same_size(path: Path) -> None:
    path.write_text(path.read_text().replace("a", "b"))


def removed(path: Path) -> None:
    path.unlink()


def joined_by_another(path: Path) -> None:
    (path.parent / "more.yml").write_text("watches: {}")


def link_turned_around(path: Path) -> None:
    other = path.parent / "..data"
    other.mkdir()
    (other / "watches.yaml").write_text("watches: {}")
    link = path.with_name("link")
    link.symlink_to(other / "watches.yaml")
    link.replace(path)


SAVES = [
    saved_whole,
    saved_aside_and_renamed,
    written_in_steps,
    touched_with_the_same_size,
    removed,
    joined_by_another,
    link_turned_around,
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "watches.yaml"
    file.write_text("topics: {a: {}}")
    os.utime(file, (0, 0))
    return file


@asynccontextmanager
async def waiting(files: Files, asked: asyncio.Event) -> AsyncIterator[asyncio.Task[None]]:
    """Wait for a save while the context lasts, and at its end until it was noticed."""
    task = asyncio.create_task(files.saved(asked))
    try:
        async with asyncio.timeout(BOUND_SECONDS):
            await settled()  # it has seen that nothing differs yet
            yield task
            await task
    finally:
        task.cancel()
        await asyncio.wait([task], timeout=BOUND_SECONDS)


@pytest.mark.parametrize("save", SAVES, ids=lambda save: str(save.__name__))
async def test_a_save_is_noticed(path: Path, save: Callable[[Path], None]) -> None:
    files, asked = Files([path]), asyncio.Event()
    async with waiting(files, asked):
        save(path)
    assert fingerprint([path]) == files.read


@pytest.mark.parametrize("save", SAVES, ids=lambda save: str(save.__name__))
def test_a_save_changes_the_fingerprint(path: Path, save: Callable[[Path], None]) -> None:
    before = fingerprint([path])
    save(path)
    assert fingerprint([path]) != before


def test_what_else_happens_in_the_folder_does_not(path: Path) -> None:
    before = fingerprint([path])
    (path.parent / "cache.db").write_text("the data directory may stand here")
    (path.parent / ".watches.yaml.swp").write_text("an editor is at work")
    assert fingerprint([path]) == before


async def test_a_save_that_came_before_one_waited_is_noticed(path: Path) -> None:
    files = Files([path])
    saved_whole(path)
    async with asyncio.timeout(BOUND_SECONDS):
        await files.saved(asyncio.Event())


async def test_one_may_ask_without_a_save(path: Path) -> None:
    files, asked = Files([path]), asyncio.Event()
    async with waiting(files, asked):
        asked.set()


@pytest.mark.faults
async def test_a_folder_that_is_not_there_ends_nothing(tmp_path: Path) -> None:
    path = tmp_path / "not yet" / "watches.yaml"
    files = Files([path])
    async with waiting(files, asyncio.Event()):
        path.parent.mkdir()
        path.write_text("watches: {}")


async def test_files_that_are_included_later_are_watched_from_then_on(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "watches.d"
    folder.mkdir()
    (folder / "a.yaml").write_text("watches: {}")
    files = Files([path])
    files.follow([path, folder / "a.yaml"])
    async with waiting(files, asyncio.Event()):  # they were read just now
        (folder / "a.yaml").write_text("watches: {}  # other")
    assert fingerprint([path, folder / "a.yaml"]) == files.read


@pytest.mark.parametrize("exists", [True, False], ids=["an empty folder", "no folder"])
async def test_the_first_file_in_a_folder_of_include_is_noticed(path: Path, tmp_path: Path, exists: bool) -> None:
    folder = tmp_path / "watches.d"
    if exists:
        folder.mkdir()
    files = Files([path], [folder])
    async with waiting(files, asyncio.Event()):
        folder.mkdir(exist_ok=True)
        (folder / "first.yaml").write_text("watches: {}")
    assert fingerprint([path, folder / "first.yaml"], [folder]) == files.read


# Using


class Desk:
    """A reloader, and what it is given and does."""

    def __init__(self, path: Path) -> None:
        self.used: list[WatchFile] = []
        self.told: list[OutboxMessage] = []
        self.refusal: StoreError | None = None
        self._path = path
        self.reloader = Reloader(
            self._read, self._use, self.told.extend, epoch="epoch", now=lambda: NOON, pause=self._pause
        )

    async def _read(self) -> WatchFile:
        return load(self._path, {})

    async def _use(self, file: WatchFile) -> Applied:
        if self.refusal:
            raise self.refusal
        self.used.append(file)
        return Applied(added=tuple(file.watches))

    async def _pause(self, seconds: float) -> None:
        assert seconds == RETRY_SECONDS
        self.refusal = None

    async def save(self, text: str) -> WatchFile | None:
        self._path.write_text(text)
        return await self.reloader.reload()


GOOD = "watches: {a: {url: https://shop.example/a, topic: deals}}"


async def test_a_good_file_is_used_and_logged(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="watcher.watching")
    desk = Desk(path)
    file = await desk.save(GOOD)
    assert file is not None
    assert [list(used.watches) for used in desk.used] == [["a"]]
    assert "reloaded: 1 added, 0 changed, 0 removed" in caplog.text
    assert desk.told == []


async def test_a_wrong_file_is_not_used_and_told_once_per_mistake(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk(path)
    assert await desk.save("watches: {a: {url: 5}}") is None
    assert await desk.save("watches: {a: {url: 5}}") is None
    assert await desk.save("watches: [") is None
    assert await desk.save("watches: {a: {url: 5}}") is None
    assert desk.used == []
    assert [message.topic for message in desk.told] == ["admin", "admin"]
    assert desk.told[0].summary.startswith("The watches cannot be reloaded: ")
    assert "watches.yaml:1:" in desk.told[0].content
    assert caplog.text.count("keeping the previous one") == 4


async def test_a_mistake_that_comes_back_after_a_good_file_is_told_again(path: Path) -> None:
    desk = Desk(path)
    for text in ("watches: [", GOOD, "watches: ["):
        await desk.save(text)
    assert [message.summary.partition(":")[0] for message in desk.told] == [
        "The watches cannot be reloaded",
        "The watches were reloaded",
        "The watches cannot be reloaded",
    ]


async def test_the_operator_is_told_once_that_a_wrong_file_is_good_again(path: Path) -> None:
    desk = Desk(path)
    for text in ("watches: [", "watches: {a: {url: 5}}", GOOD, GOOD):
        await desk.save(text)
    *_, repaired = desk.told
    assert (len(desk.told), repaired.summary) == (3, "The watches were reloaded")
    assert repaired.content == "They go on as the file says now."


async def test_of_a_wrong_file_the_operator_first_reads_that_the_watches_go_on(path: Path) -> None:
    desk = Desk(path)
    await desk.save("watches: {a: {url: 5, evry: 1m}}")
    (message,) = desk.told
    first, blank, *others = message.content.splitlines()
    assert (first, blank) == ("The watches go on as they were before the file was saved.", "")
    assert others
    assert all(line not in message.summary for line in others)


async def test_what_the_disk_refuses_is_told_as_a_mistake_is_and_tried_again(path: Path) -> None:
    desk = Desk(path)
    desk.refusal = StoreError("cannot write push.db: the disk is full")
    file = await desk.save(GOOD)
    assert desk.used == [file]
    message, good = desk.told
    assert good.summary == "The watches were reloaded"
    assert message.summary == "The watches cannot be reloaded: cannot write push.db: the disk is full"
    assert message.content == "The watches go on as they were before the file was saved."


async def test_a_file_that_is_gone_changes_nothing(path: Path) -> None:
    desk = Desk(path)
    path.unlink()
    assert await desk.reloader.reload() is None
    with pytest.raises(ConfigError):
        load(path, {})
    assert len(desk.told) == 1
