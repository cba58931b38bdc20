"""Work that takes too long or too much, or kills its process, and the page after it."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import signal
import subprocess
import sys
import weakref
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from tests.files import no_more_files
from tests.sizes import some_now
from tests.watching import works
from watcher.errors import BlockedError, OutOfFilesError, PageError
from watcher.watching.page_pool import PagePool

MEMORY_BYTES = 300 * 1024**2
BOUND_SECONDS = 30


@pytest.fixture
async def pool() -> AsyncIterator[PagePool]:
    async with PagePool(quick=timedelta(seconds=0.5), memory_bytes=MEMORY_BYTES) as opened:
        yield opened


@pytest.mark.parametrize(
    "ending",
    some_now(
        [
            (works.take_memory, "the process that read the page took over 300 MB of memory; "),
            (works.crash, "the process that read the page crashed"),
            (works.be_killed, "the process that read the page was killed: is the machine's memory short?"),
        ],
        number=1,
        ids=lambda ending: ending[0].__name__,
    ),
)
async def test_work_that_ends_its_process_is_an_error_and_the_next_page_is_read(
    pool: PagePool, ending: tuple[Callable[[], None], str]
) -> None:
    work, text = ending
    async with asyncio.timeout(BOUND_SECONDS):
        with pytest.raises(PageError, match=text):
            await pool.run("hostile", work)
        assert await pool.run("good", works.pid) != os.getpid()


async def test_one_process_is_enough_for_who_reads_one_page_at_a_time() -> None:
    async with PagePool(processes=1) as pool, asyncio.timeout(BOUND_SECONDS):
        assert len({*await asyncio.gather(*(pool.run(name, works.pid) for name in "abc"))}) == 1


async def test_work_that_spins_is_an_error_and_the_next_page_is_read() -> None:
    async with PagePool(deadline=timedelta(seconds=1)) as pool, asyncio.timeout(BOUND_SECONDS):
        with pytest.raises(PageError, match="reading the page took over 1 s; make the selectors plainer"):
            await pool.run("hostile", works.spin)
        assert await pool.run("good", works.pid) != os.getpid()


@pytest.mark.faults
@pytest.mark.parametrize("work", [works.hang_over, works.refuse], ids=["takes too long", "is refused"])
async def test_no_page_is_kept_that_could_not_be_read(work: Callable[[works.Load], None]) -> None:
    kept: list[weakref.ref[works.Load]] = []
    async with PagePool(deadline=timedelta(seconds=0.05)) as pool:
        gc.collect()
        gc.disable()
        try:
            for _ in range(4):
                load = works.Load()
                kept.append(weakref.ref(load))
                with suppress(PageError):
                    await pool.run("w", work, load)
            del load
        finally:
            gc.enable()
        assert sum(each() is not None for each in kept) <= 1  # the pool knows its last task


async def test_an_error_arrives_with_its_attributes(pool: PagePool) -> None:
    with pytest.raises(BlockedError, match="a wall") as caught:
        await pool.run("w", works.raise_wall)
    assert (caught.value.status, caught.value.retry_after) == (403, timedelta(seconds=7))


async def test_a_defect_arrives_by_its_name_though_its_class_cannot_travel(pool: PagePool) -> None:
    with pytest.raises(RuntimeError, match="OddError: 1"):
        await pool.run("w", works.raise_odd)
    assert await pool.run("good", works.pid)


@pytest.mark.faults
async def test_what_is_slow_is_read_in_the_slow_lane(pool: PagePool) -> None:
    assert await pool.run("slow", works.take_seconds, 0.7) == 0.7


@pytest.mark.faults
async def test_50_hostile_watches_hold_up_no_watch_that_was_quick_and_a_new_one_for_a_bounded_time() -> None:
    first = timedelta(seconds=0.05)
    async with PagePool(deadline=timedelta(minutes=5), first=first) as pool, asyncio.TaskGroup() as tasks:
        for number in range(3):
            assert await pool.run(f"quick {number}", works.pid)
        hostile = [tasks.create_task(_refused(pool, f"hostile {number}")) for number in range(50)]
        await asyncio.sleep(0)  # all of them wait
        new = tasks.create_task(pool.run("new", works.pid))
        for _ in range(10):  # the deadline of one alone is longer than all this may take
            async with asyncio.timeout(BOUND_SECONDS / 3):
                for number in range(3):
                    assert await pool.run(f"quick {number}", works.pid)
        assert not new.done()
        async with asyncio.timeout(50 * first.total_seconds() + BOUND_SECONDS):
            assert await new
        assert not any(task.done() for task in hostile)
        for task in hostile:
            task.cancel()


async def test_a_quick_watch_whose_page_ends_its_process_goes_to_the_slow_lane() -> None:
    async with PagePool() as pool, asyncio.TaskGroup() as tasks:
        for name in ("slow", "w"):
            assert await pool.run(name, works.pid)
            await _refused(pool, name, works.crash)
        slow = tasks.create_task(_refused(pool, "slow"))
        await asyncio.sleep(0)  # it has the lane
        other = tasks.create_task(pool.run("w", works.pid))
        assert await pool.run("good", works.pid)
        assert not other.done()
        slow.cancel()
        assert await other


async def _refused(pool: PagePool, name: str, work: Callable[[], None] = works.hang) -> None:
    with suppress(PageError):
        await pool.run(name, work)


async def test_a_page_whose_process_is_ended_from_outside_is_read_again(pool: PagePool, tmp_path: Path) -> None:
    assert await pool.run("w", works.be_stopped_once, str(tmp_path / "once")) == "read"


async def test_a_page_whose_process_is_ended_twice_is_not_blamed(pool: PagePool) -> None:
    with pytest.raises(PageError, match=r"the process that was to read it was ended twice, or did not start \(e"):
        await pool.run("w", works.be_stopped)


@pytest.mark.faults
async def test_idle_processes_that_are_killed_are_replaced(pool: PagePool) -> None:
    for _ in range(3):
        os.kill(await pool.run("w", works.pid), signal.SIGKILL)
    async with asyncio.timeout(BOUND_SECONDS):
        assert await pool.run("w", works.pid)


async def test_no_process_is_left_when_the_pool_is_closed() -> None:
    async with PagePool() as pool:
        process = await pool.run("w", works.pid)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


PARENT = """
import asyncio, sys
from tests.watching import works
from watcher.watching.page_pool import PagePool

async def main():
    async with PagePool() as pool, asyncio.TaskGroup() as tasks:
        for number in (1, 2):
            tasks.create_task(pool.run(f"w{number}", works.spin_and_say, sys.argv[number]))

asyncio.run(main())
"""


@pytest.mark.faults
async def test_no_process_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    files = [tmp_path / "one", tmp_path / "two"]
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, *map(str, files))
    try:
        async with asyncio.timeout(BOUND_SECONDS):
            while not all(file.exists() and file.read_text() for file in files):  # noqa: ASYNC110  other processes' files
                await asyncio.sleep(0.01)
    finally:
        parent.kill()
        await parent.wait()
    async with asyncio.timeout(5):  # less than their deadline
        while any(is_alive(int(file.read_text())) for file in files):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


LATE_FORK_SERVER = """
from multiprocessing import forkserver

forkserver.set_forkserver_preload(["tests.watching.late_fork_server"])
forkserver.ensure_running()
input()
"""
LATE_PROCESS = """
import multiprocessing
from pebble import ProcessPool
from tests.watching import works
from watcher.watching.page_pool import MEMORY_BYTES

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["watcher.watching.fork_server"])
pool = ProcessPool(
    max_workers=1, initializer=works.be_prepared_too_late, initargs=(MEMORY_BYTES,), context=context
)
assert pool.active
input()
"""


@pytest.mark.faults
@pytest.mark.parametrize("script", [LATE_FORK_SERVER, LATE_PROCESS], ids=["the fork server", "a process"])
async def test_what_is_just_starting_when_the_parent_is_killed_ends_as_well(script: str) -> None:
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdin=PIPE, stdout=PIPE)
    assert parent.stdout is not None
    async with asyncio.timeout(BOUND_SECONDS):
        assert await parent.stdout.readline() == b"here\n"
        parent.kill()
        assert await parent.stdout.read() == b""  # closed when the last that has it has ended
        await parent.wait()


ONE_PAGE = """
import asyncio, os
from tests.watching import works
from watcher.watching.page_pool import PagePool

async def main():
    async with PagePool() as pool:
        await pool.run("w", works.pid)
    print(os.getpid())

asyncio.run(main())
"""
AS_PROCESS_1 = ("unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child")


def may_be_process_1() -> bool:
    return shutil.which("unshare") is not None and subprocess.run((*AS_PROCESS_1, "true"), check=False).returncode == 0


@pytest.mark.skipif(not may_be_process_1(), reason="a process 1 of one's own needs Linux and leave to `unshare`")
async def test_pages_are_read_where_the_watcher_is_process_1_as_in_a_container() -> None:
    process = await asyncio.create_subprocess_exec(*AS_PROCESS_1, sys.executable, "-c", ONE_PAGE, stdout=PIPE)
    async with asyncio.timeout(BOUND_SECONDS):
        out, _ = await process.communicate()
    assert out == b"1\n"


def is_alive(process: int) -> bool:
    """Return whether a process runs; one that has ended and that nobody has asked for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_a_page_for_which_no_process_can_be_started_says_why_and_the_next_one_is_read(pool: PagePool) -> None:
    async with asyncio.timeout(BOUND_SECONDS):
        with no_more_files(), pytest.raises(OutOfFilesError, match="LimitNOFILE"):
            await pool.run("good", works.pid)
        assert await pool.run("good", works.pid) != os.getpid()
