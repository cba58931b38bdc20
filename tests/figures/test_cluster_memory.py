"""
What many watches that wait take of the memory of three workers of a cluster: meant are at most 500 MB more, all three
together, than of one process on files.

Each watch was checked well before, by the code that makes every check (`benchmarks/many.py`), and none is due; what is
in the data directory goes to the database by `watcher database copy`, and what is declared by `watcher apply`.
Memory is what a process has resident (RSS), and what several share is counted for each; PostgreSQL's is printed beside
it. A busy machine matters nothing but to how long it takes, 10 minutes at full size:

    FIGURES=full pytest -rP tests/figures/test_cluster_memory.py
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from benchmarks.many import check_first, write_watches
from benchmarks.readiness import started
from benchmarks.tools.ours import watcher_command
from tests import postgresql
from tests.figures.cluster_processes import LIMIT_SECONDS, Cluster, Memory, done, memory_of, processes_of
from tests.sizes import FIGURES
from watcher.config import load
from watcher.store.backups import DAILY, keep_backup

_WORKERS: Final = 3
_WATCHES: Final = FIGURES.sized(2_000, 100_000)
_HOSTS: Final = FIGURES.sized((200,), (5_000, 100_000))
_MOST_MORE_BYTES: Final = 500_000_000
_REST_SECONDS: Final = FIGURES.sized(2, 15)
"""What a start leaves behind is given back by then."""
_PORT: Final = 443


async def test_three_workers_take_little_more_memory_than_one_process_on_files(
    tmp_path: Path, postgresql_url: str, postgresql_server: postgresql.Server
) -> None:
    cluster = Cluster(server=postgresql_server, url=postgresql_url, directory=tmp_path)
    await _check_all_first(tmp_path)
    embedded = {hosts: await _embedded(tmp_path, hosts) for hosts in _HOSTS}
    copied = await done(watcher_command(tmp_path, "database", "copy", "--to", postgresql_url))
    print(f"{_WATCHES:,} watches are copied to the database in {copied.seconds:.0f} s")
    for hosts in _HOSTS:
        workers, beside = await _in_workers(cluster, hosts)
        more = sum(each.resident for each in workers) - embedded[hosts].resident
        print(f"{_WATCHES:,} watches on {hosts:,} hosts: one process on files {embedded[hosts]}")
        print(f"  three workers, {more / 1e6:,.0f} MB more: {'; '.join(map(str, workers))}; PostgreSQL {beside}")
        assert more <= _MOST_MORE_BYTES


async def _check_all_first(directory: Path) -> None:
    """Make a data directory in which each watch was checked well, and is due in hours; a backup was made, too."""
    data = directory / ".watcher"
    await check_first(data, (), due_after=timedelta(hours=5))
    keep_backup(data, DAILY, now=datetime.now(UTC), holder="a figure")  # else one is made while this is measured
    watches = load(_write(directory, _HOSTS[0]), {}).watches.values()
    await check_first(data, watches, due_after=timedelta(hours=5))


def _write(directory: Path, hosts: int) -> Path:
    """Write the file with the same watches on so many hosts."""
    places = [(f"shop-{number}.example", _PORT) for number in range(hosts)]
    return write_watches(directory, places, _WATCHES, every="12h")


async def _embedded(directory: Path, hosts: int) -> Memory:
    _write(directory, hosts)
    command = watcher_command(directory, "run", "--port", "0")
    async with started(command, limit_seconds=LIMIT_SECONDS) as (running, _):
        await asyncio.sleep(_REST_SECONDS)  # this time is a part of what is measured
        return memory_of(running.processes())


async def _in_workers(cluster: Cluster, hosts: int) -> tuple[Sequence[Memory], Memory]:
    """Return what each of the workers takes, and what their PostgreSQL does."""
    _write(cluster.directory, hosts)
    applied = await cluster.do("apply")
    print(f"{_WATCHES:,} watches on {hosts:,} hosts are applied in {applied.seconds:.0f} s")
    async with cluster.working(_WORKERS) as workers:
        await cluster.until_held(workers, _WATCHES)
        await asyncio.sleep(_REST_SECONDS)  # as above
        beside = memory_of(processes_of(cluster.server.pid))
        return [memory_of(worker.running.processes()) for worker in workers], beside
