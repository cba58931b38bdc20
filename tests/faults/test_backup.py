"""
`watcher backup` and `watcher restore` killed at each step, and databases that are damaged while nothing runs.

The processes are forked from one that has imported everything, so that a kill costs milliseconds; what they run is what
the commands run.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests import postgresql
from tests.cli.command import Command, eventually
from tests.faults.kept import content_of, fill, made, run_forked
from tests.faults.tally import Tally, sized
from watcher import runtime
from watcher.core.databases import ClusterDatabase
from watcher.core.settings import Settings
from watcher.errors import WatcherError
from watcher.runtime.mending import mend_push
from watcher.runtime.serving.service import push_service
from watcher.runtime.watch_store import open_watches
from watcher.store.archive import read_archive
from watcher.store.notices import untold_notices

SEED = 20261125


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """A directory in memory, where there is one: a kill of a process leaves what it wrote on any disk."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="watcher-faults-", dir=memory) as directory:
        yield Path(directory)


@pytest.fixture
def directories(tmp_path: Path) -> tuple[Path, Path]:
    """A data directory, and a backup of another state of it: more topics."""
    data, archive = tmp_path / "old", tmp_path / "backup.tar"
    made(tmp_path / "new", more=5)
    runtime.backup(Settings(data=tmp_path / "new"), archive)
    made(data, more=2)
    return data, archive


def moments(steps: int, seconds: float, *, budget: float) -> Iterator[tuple[int | None, float | None]]:
    """Yield each step, in an order that covers all of them early, then random times, until the budget is spent."""
    chance, ends_at = random.Random(SEED), time.monotonic() + budget
    numbered = list(range(1, steps + 1))
    chance.shuffle(numbered)
    for number in numbered:
        yield number, None
        if time.monotonic() > ends_at:
            return
    while time.monotonic() < ends_at:
        yield None, chance.uniform(0, seconds)


def killed(
    work: Callable[[Path], object], origin: Path, place: Path, *, budget: float
) -> Iterator[tuple[str, Path, bool]]:
    """Yield the moment, the directory and whether it was killed, for each kill of this work on a copy of `origin`."""
    started = time.monotonic()
    shutil.copytree(origin, place / "whole")
    steps = run_forked(lambda: work(place / "whole"))
    assert steps
    for number, (at, after) in enumerate(moments(steps, time.monotonic() - started, budget=budget)):
        data = place / f"copy {number}"
        shutil.copytree(origin, data)
        was_killed = run_forked(lambda data=data: work(data), kill_at=at, kill_after=after) is None  # type: ignore[misc]
        yield (f"step {at}" if at else f"{(after or 0) * 1000:.1f} ms"), data, was_killed
        shutil.rmtree(data)


@pytest.mark.faults
def test_a_restore_killed_at_any_moment_leaves_the_old_or_the_new_state_whole(
    directories: tuple[Path, Path], tmp_path: Path, tally: Tally
) -> None:
    origin, archive = directories
    tally.what = "`watcher restore` killed at each step and at random times: the old or the new state, whole"
    old, new, failures, outcomes = content_of(origin), content_of(tmp_path / "new"), [], {"old": 0, "new": 0}
    (tmp_path / "trials").mkdir()
    for moment, data, _ in killed(
        lambda data: runtime.restore(Settings(data=data), archive),
        origin,
        tmp_path / "trials",
        budget=sized(2.5, 60.0),
    ):
        tally.tried += 1
        try:
            found = content_of(data)
            outcomes["old" if found == old else "new"] += 1
            if found not in (old, new):
                failures.append(f"{moment}: {found}")
            elif tally.tried % 10 == 0:
                runtime.restore(Settings(data=data), archive)
                assert content_of(data) == new
        except (AssertionError, WatcherError, OSError) as error:
            failures.append(f"{moment}: {error!r}")
        tally.failed = len(failures)
    tally.figures |= {name: str(count) for name, count in outcomes.items()}
    assert not failures, failures[:10]
    assert all(outcomes.values()) or tally.tried < 20  # few, on a machine that is busy


@pytest.mark.faults
def test_a_backup_killed_at_any_moment_leaves_the_last_one_or_the_new_one_whole(
    directories: tuple[Path, Path], tmp_path: Path, tally: Tally
) -> None:
    origin, archive = directories
    tally.what = "`watcher backup` killed at each step and at random times: a whole archive, the state as it was"
    shutil.copy(archive, origin / "kept.tar")
    old, failures = content_of(origin), []
    (tmp_path / "trials").mkdir()
    for moment, data, _ in killed(
        lambda data: runtime.backup(Settings(data=data), data / "kept.tar"),
        origin,
        tmp_path / "trials",
        budget=sized(1.5, 25.0),
    ):
        tally.tried += 1
        try:
            unpacked = data / "unpacked"
            unpacked.mkdir()
            read_archive(data / "kept.tar", unpacked)
            assert content_of(data) == old
        except (AssertionError, WatcherError, OSError) as error:
            failures.append(f"{moment}: {error!r}")
        tally.failed = len(failures)
    assert not failures, failures[:10]


def cut_short(content: bytearray, chance: random.Random) -> bytearray:
    """Return the head of a file."""
    return content[: chance.randrange(len(content))]


def zeroed(content: bytearray, chance: random.Random) -> bytearray:
    """Return it with up to three pages of zeros."""
    start = chance.randrange(len(content))
    end = min(len(content), start + chance.randrange(1, 3 * 4096))
    content[start:end] = bytes(end - start)
    return content


def flipped(content: bytearray, chance: random.Random) -> bytearray:
    """Return it with one to eight bytes changed."""
    for _ in range(chance.randrange(1, 9)):
        content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
    return content


async def started(data: Path) -> tuple[int, Sequence[str]]:
    """
    Start on it as `watcher run` does; return how many notices wait for the operator, and which records are damaged.

    Of damaged records `run` tells at its first turn (`test_changed_letters`); the others stand as they were.
    """
    await mend_push(Settings(data=data))
    async with push_service(Settings(data=data)):
        store, is_lost = await open_watches(data)
    damaged = store.damaged
    await store.close()
    return len(untold_notices(data)) + is_lost, damaged


@pytest.mark.faults
@pytest.mark.parametrize("has_backup", [True, False], ids=["backup", "no backup"])
async def test_a_damaged_database_is_replaced_and_told_and_the_next_start_is_quiet(
    tmp_path: Path, tally: Tally, has_backup: bool
) -> None:
    kept = "with" if has_backup else "without"
    tally.what = f"a database cut short, zeroed or with bytes flipped, {kept} a backup: no crash loop, no silence"
    origin, chance, failures = tmp_path / "origin", random.Random(SEED), []
    await fill(origin, more=4)
    if has_backup:
        runtime.backup(Settings(data=origin), None)
    whole, told = content_of(origin), 0
    ends_at = time.monotonic() + sized(1.5, 30.0)
    while time.monotonic() < ends_at:
        name = chance.choice(["push.db", "watches/cache.db"])
        damage = chance.choice([cut_short, zeroed, flipped])
        data = tmp_path / f"copy {tally.tried}"
        shutil.copytree(origin, data)
        (data / name).write_bytes(damage(bytearray((data / name).read_bytes()), chance))
        tally.tried += 1
        what = f"{tally.tried} {damage.__name__} {name}"
        try:
            notices, damaged = await started(data)
            told += notices > 0 or bool(damaged)
            found = await asyncio.to_thread(content_of, data)
            if (has_backup or not notices) and not damaged and found != whole:
                failures.append(f"{what}: {found} instead of {whole}")
            if await started(data) != (notices, damaged):
                failures.append(f"{what}: the second start was not quiet")
        except Exception as error:  # any is a start that would not come up
            failures.append(f"{what}: {error!r}")
        tally.failed = len(failures)
        shutil.rmtree(data)
    tally.figures["found and told"] = str(told)
    assert not failures, failures[:10]


_TOPICS = "SELECT string_agg(name, ', ' ORDER BY id) FROM push.topics"
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'"


@pytest.mark.faults
async def test_a_restore_of_a_postgresql_killed_at_random_times_leaves_the_old_or_the_new_state_whole(
    postgresql_server: postgresql.Server, postgresql_place: ClusterDatabase, tmp_path: Path, tally: Tally
) -> None:
    tally.what = "`watcher restore` into a PostgreSQL killed at random times: the old or the new state, whole"
    watcher, chance, outcomes = Command(tmp_path), random.Random(SEED), {"Before": 0, "Before, After": 0}
    shared, name = {"WATCHER_DATABASE": postgresql_place.url}, postgresql_place.url.rpartition("/")[2]

    async def has_ended() -> bool:
        return postgresql_server.ask(_OTHERS.format(name=name)) == [(0,)]

    async def restore() -> None:
        restored = await watcher("restore", "kept.tar", "--replace", **shared)
        assert restored.status == 0, restored.err

    await watcher("topics", "add", "Before", **shared)
    await watcher("backup", "--to", "kept.tar", **shared)
    began = time.monotonic()
    await restore()
    seconds = time.monotonic() - began
    for _ in range(40):
        added = await watcher("topics", "add", "After", **shared)
        assert added.status == 0, added.err
        process = await watcher.start("restore", "kept.tar", "--replace", **shared)
        await asyncio.wait([asyncio.ensure_future(process.wait())], timeout=chance.uniform(0, seconds))
        if process.returncode is None:
            process.kill()
        await process.communicate()
        await eventually(has_ended)
        [(found,)] = postgresql_server.ask(_TOPICS, database=name)
        tally.tried += 1
        outcomes[found] += 1
        await restore()
    tally.figures |= {"old": str(outcomes["Before, After"]), "new": str(outcomes["Before"])}
    assert outcomes["Before, After"]
