"""The work where machines share it: which servers run, who checks the watches of the database, and what is late."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from watcher.core.findings import Check, Finding, doubtful, fine, wrong
from watcher.core.settings import Settings
from watcher.core.shards import hosts_lease, topics_lease
from watcher.core.wording import Worded, worded
from watcher.runtime.cluster.status import find_cluster
from watcher.runtime.diagnosing import counts
from watcher.runtime.diagnosing.database import database_facts
from watcher.store.lock import holder_of

if TYPE_CHECKING:
    from watcher.store.cluster.status import ClusterStatus  # with SQLAlchemy

OVERDUE: Final = timedelta(minutes=15)
"""A watch that is due for longer is worth a warning; `docs/cluster.md` alerts at the same."""
_START_SERVER: Final = (
    "start `watcher serve` or `watcher run` on a machine that reaches the database; "
    "under systemd `systemctl status watcher` says why one stopped"
)
_START_WORKER: Final = worded(
    "doctor_start_worker",
    "start `watcher worker` on a machine that reaches the database; its log says why one ended",
)


async def check_cluster(settings: Settings, url: str, *, seconds: float) -> Sequence[Finding]:
    """
    Return who serves, here or elsewhere, and who checks the watches, as a database says that has just answered.

    Args:
        url: of the database that has the watches.
        seconds: how long it waits for a PostgreSQL that stands still.

    Raises ConfigError, StoreError.
    """
    server = await asyncio.to_thread(_server, settings, seconds)
    return [server, *await check_workers(url)]


async def check_workers(url: str) -> Sequence[Finding]:
    """Return who checks the watches of a database. Raises ConfigError, StoreError."""
    found = await find_cluster(url)
    return [] if found is None else workers_findings(found)


def _server(settings: Settings, seconds: float) -> Finding:
    server = holder_of(settings.data, "server")
    if server is not None:
        return fine(Check.SERVER, f"it runs: {server}")
    return servers_finding(database_facts(settings, seconds).servers)


def servers_finding(servers: int) -> Finding:
    """Return what it means that so many run, none of them on this data directory."""
    if not servers:
        return wrong(Check.SERVER, "no server of this database runs, here or elsewhere", _START_SERVER)
    run = "1 of this database runs" if servers == 1 else f"{servers} of this database run"
    return fine(Check.SERVER, f"{run} elsewhere, and none on this data directory")


def workers_findings(found: ClusterStatus) -> Sequence[Finding]:
    """Return who checks what is declared, and what is late; nothing where nothing is declared."""
    if not found.watches:
        return []
    leases = [found.leases.get(hosts_lease(shard)) for shard in found.watches]
    workers = {lease.owner for lease in leases if lease is not None}
    watches = sum(each.watches for each in found.watches.values())
    if not workers:
        text = worded(
            "doctor_no_worker", "no worker checks the watches at this moment ({number} of them)", number=f"{watches:,}"
        )
        return [doubtful(Check.WATCHER, text, _START_WORKER)]
    checked = worded(
        "doctor_checked",
        "{watches} checked by {workers}",
        watches=counts.watches(watches),
        workers=counts.workers(len(workers)),
    )
    return [*(_unheld(found) or [fine(Check.WATCHER, checked)]), _overdue(found)]


def _unheld(found: ClusterStatus) -> Sequence[Finding]:
    """Return what nobody does of what there is to do."""
    hosts = [each for shard, each in found.watches.items() if hosts_lease(shard) not in found.leases]
    topics = [
        each for shard, each in found.messages.items() if topics_lease(shard) not in found.leases and each.waiting
    ]
    said = []
    if hosts:
        said.append(_unheld_hosts(len(hosts), sum(each.watches for each in hosts)))
    if topics:
        said.append(_unheld_topics(len(topics), sum(each.waiting for each in topics)))
    advice = worded(
        "doctor_one_more_worker",
        "start one more `watcher worker`, or raise --max-shards; `watcher cluster status` shows each shard",
    )
    return [doubtful(Check.WATCHER, each, advice) for each in said]


def _unheld_hosts(shards: int, watches: int) -> Worded:
    left = (
        worded("doctor_one_left", "1 watch is")
        if watches == 1
        else worded("doctor_left", "{number} watches are", number=f"{watches:,}")
    )
    if shards == 1:
        return worded(
            "doctor_one_shard_of_hosts", "1 shard of hosts has no worker: {watches} not checked", watches=left
        )
    return worded(
        "doctor_shards_of_hosts",
        "{number} shards of hosts have no worker: {watches} not checked",
        number=f"{shards:,}",
        watches=left,
    )


def _unheld_topics(shards: int, waiting: int) -> Worded:
    if shards == 1:
        return worded(
            "doctor_one_shard_of_topics",
            "1 shard of topics has no worker, and {waiting} messages wait there",
            waiting=f"{waiting:,}",
        )
    return worded(
        "doctor_shards_of_topics",
        "{number} shards of topics have no worker, and {waiting} messages wait there",
        number=f"{shards:,}",
        waiting=f"{waiting:,}",
    )


def _overdue(found: ClusterStatus) -> Finding:
    """Return how late the watch is that is due for longest."""
    worst = min(found.overdue.values(), key=lambda each: each.due_at, default=None)
    if worst is None:
        return fine(Check.WATCHER, worded("doctor_none_overdue", "no watch is overdue by more than a minute"))
    late = found.now - worst.due_at
    text = worded(
        "doctor_overdue",
        "the watch that is due for longest, {watch}, is overdue by {minutes} min",
        watch=worst.watch,
        minutes=f"{int(late.total_seconds() // 60):,}",
    )
    if late < OVERDUE:
        return fine(Check.WATCHER, text)
    advice = worded(
        "doctor_look_at_shards",
        "`watcher cluster status` shows each shard, its worker and what is late; that worker's log says more",
    )
    return doubtful(Check.WATCHER, text, advice)
