"""A database that is gone with all that stood beside it is missed, and told; one that never was is not."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.core.builders import NOON
from tests.faults.kept import content_of, fill
from watcher import runtime
from watcher.core.phrases.english import ENGLISH
from watcher.core.settings import Settings
from watcher.errors import StoreError
from watcher.push.opening import open_push_service
from watcher.runtime.mending import mend_push
from watcher.runtime.settings import utc_now
from watcher.runtime.watch_store import watch_store
from watcher.store.archive import write_archive
from watcher.store.damage import PUSH, WATCHES, loss_of
from watcher.store.inspection import inspect_losses
from watcher.store.notices import losses
from watcher.store.push.schema import HEAD
from watcher.store.recovery import restore_archive

GONE = {
    "the watches' database and its epoch": (WATCHES, ["watches/cache.db", "watches/epoch"]),
    "the directory of the watches": (WATCHES, ["watches"]),
    "all that is in that directory": (WATCHES, ["watches/*"]),
    "the push database, its epoch and its count": (PUSH, ["push.db", "push.epoch", "push.commits"]),
    "all that is called push": (PUSH, ["push*"]),
}


async def check(data: Path) -> None:
    """Open the watches as `watcher check` does that tells nothing."""
    async with watch_store(data, ENGLISH):
        pass


async def serve(data: Path) -> None:
    """Open the push database as `watcher serve` does."""
    await mend_push(Settings(data=data))
    await (await open_push_service(data / PUSH, now=utc_now)).close()


async def used(data: Path) -> None:
    """Use both, with something in them."""
    await fill(data, more=3)
    await check(data)


def remove(data: Path, patterns: list[str]) -> None:
    for path in [path for pattern in patterns for path in data.glob(pattern)]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.mark.faults
@pytest.mark.parametrize(("name", "patterns"), GONE.values(), ids=GONE)
@pytest.mark.parametrize("has_backup", [True, False], ids=["beside a backup", "without a backup"])
async def test_what_is_gone_with_its_counters_is_told_once_and_the_backup_takes_its_place(
    tmp_path: Path, name: str, patterns: list[str], has_backup: bool
) -> None:
    await used(tmp_path)
    before = content_of(tmp_path)
    if has_backup:
        runtime.backup(Settings(data=tmp_path), None)
    remove(tmp_path, patterns)
    (finding,) = inspect_losses(tmp_path)
    assert (f"{name} is gone" in str(finding.text), "watcher restore FILE" in str(finding.advice)) == (True, True)
    for _ in range(2):
        await check(tmp_path)
        await serve(tmp_path)
        (loss,) = losses(tmp_path)
        assert (f"{name} is gone" in loss.content, "watcher restore FILE" in loss.content) == (True, True)
    with_the_word_of_it = replace(before, outbox=before.outbox + 1)
    assert (content_of(tmp_path) == with_the_word_of_it) is has_backup


async def checks_alone(data: Path) -> None:
    for _ in range(2):
        await check(data)


async def serves_alone(data: Path) -> None:
    for _ in range(2):
        await serve(data)


async def checks_first(data: Path) -> None:
    await check(data)
    await check(data)
    await serve(data)
    await check(data)


async def serves_first(data: Path) -> None:
    await serve(data)
    await check(data)
    await serve(data)


async def has_a_state_of_before_put_back(data: Path) -> None:
    await used(data)
    write_archive(data, data / "all.tar", now=NOON)
    await used(data)
    restore_archive(data, data / "all.tar", now=NOON, newest_revision=HEAD)
    await checks_first(data)


async def has_a_state_put_back_that_had_no_watches(data: Path) -> None:
    await serve(data / "other")
    write_archive(data / "other", data / "served.tar", now=NOON)
    await used(data)
    restore_archive(data, data / "served.tar", now=NOON, newest_revision=HEAD)
    await serve(data)


async def is_begun_afresh_by_hand(data: Path) -> None:
    await used(data)
    remove(data, [PUSH, "push.epoch", "watches/push.epoch", WATCHES, "watches/epoch", "watches.epoch"])
    await checks_first(data)


@pytest.mark.faults
@pytest.mark.parametrize(
    "live",
    [
        checks_alone,
        serves_alone,
        checks_first,
        serves_first,
        has_a_state_of_before_put_back,
        has_a_state_put_back_that_had_no_watches,
        is_begun_afresh_by_hand,
    ],
)
async def test_nothing_is_missed_that_never_was_or_was_taken_away(
    tmp_path: Path, live: Callable[[Path], Coroutine[Any, Any, None]]
) -> None:
    await live(tmp_path)
    assert ([loss_of(tmp_path, name, seconds=1) for name in (WATCHES, PUSH)], losses(tmp_path)) == ([None, None], [])


async def test_a_changed_letter_in_the_name_of_a_column_is_damage_and_the_backup_takes_its_place(
    tmp_path: Path,
) -> None:
    await used(tmp_path)
    runtime.backup(Settings(data=tmp_path), None)
    before, file = content_of(tmp_path), tmp_path / PUSH
    head, tables, columns = file.read_bytes().partition(b"CREATE TABLE apps ")
    file.write_bytes(head + tables + columns.replace(b"name", b"nbme", 1))
    await serve(tmp_path)
    (loss,) = losses(tmp_path)
    assert "it has no column apps.name" in loss.content
    assert content_of(tmp_path) == before


async def test_a_count_that_cannot_be_removed_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "push.commits").mkdir()
    with pytest.raises(StoreError, match="cannot write in"):
        await open_push_service(tmp_path / PUSH, now=utc_now)
