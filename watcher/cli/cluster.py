"""The command `cluster`: who works on the watches of a database, and what is late."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.declaring import group
from watcher.cli.options import ClusterOption, JsonOption
from watcher.cli.output import counted, print_json, print_table, time_json, time_text
from watcher.core.shards import hosts_lease, topics_lease
from watcher.core.values import Json

if TYPE_CHECKING:
    from watcher.store.cluster.leases import WorkerRow
    from watcher.store.cluster.status import ClusterStatus

_NOBODY = "nobody"
_HOSTS = ("shard", "worker", "for", "watches", "most overdue")
_TOPICS = ("shard", "worker", "waiting", "oldest", "given up")


def show_cluster(database: ClusterOption = None, as_json: JsonOption = False) -> None:
    """Show who has which shard, and of each shard the watch that is most overdue, the worst first.

    Shards that have no watches are left out, but for --json.
    """
    found = asyncio.run(runtime.cluster_status(options.require_database(database)))
    if as_json:
        print_json(_record(found))
        return
    for line in _lines(found):
        click.echo(line)
    rows = sorted((_row(found, shard) for shard in found.watches), key=lambda row: row[0], reverse=True)
    print_table(_HOSTS, [row for _, row in rows], empty="no watches")
    waiting = [_message_row(found, shard) for shard in sorted(found.messages)]
    print_table(_TOPICS, waiting, empty="no message waits to be published")


def _lines(found: ClusterStatus) -> Sequence[str]:
    generation, watches = found.generation, sum(each.watches for each in found.watches.values())
    applied = generation.applied_at
    when = (
        f", {generation.origin}, applied {time_text(applied, now=found.now)} by {generation.applied_by}"
        if applied
        else ""
    )
    return [
        f"generation {generation.number}{when}; {counted(watches, 'watch')}",
        *(_worker_line(found, each) for each in found.workers),
        *_unheld_lines(found),
    ]


def _unheld_lines(found: ClusterStatus) -> Iterator[str]:
    """Yield what nobody does, and what to do about it."""
    hosts, topics = _unheld(found)
    advice = "start one more `watcher worker`, or raise --max-shards" if found.workers else "start `watcher worker`"
    if hosts:
        watches = sum(found.watches[shard].watches for shard in hosts if shard in found.watches)
        yield f"{counted(len(hosts), 'shard')} of hosts held by nobody, with {counted(watches, 'watch')}: {advice}"
    if topics:
        waiting = sum(found.messages[shard].waiting for shard in topics if shard in found.messages)
        yield f"{counted(len(topics), 'shard')} of topics held by nobody, with {counted(waiting, 'message')}: {advice}"


def _unheld(found: ClusterStatus) -> tuple[Sequence[int], Sequence[int]]:
    """Return the shards of hosts, and those of topics, that nobody has."""
    return (
        [shard for shard in range(found.host_shards) if _owner(found, hosts_lease(shard)) is None],
        [shard for shard in range(found.topic_shards) if _owner(found, topics_lease(shard)) is None],
    )


def _worker_line(found: ClusterStatus, worker: WorkerRow) -> str:
    """Return what a worker has, and for how long it was not heard where that is longer than it should be."""
    from watcher.cluster.leases import SILENT  # with SQLAlchemy

    silent = found.now - worker.renewed
    heard = f", silent for {_span(silent)}" if silent > SILENT else ""
    return f"worker {worker.name}: {_held(found, worker.name)}, at most {worker.max_shards}{heard}"


def _held(found: ClusterStatus, worker: str) -> str:
    """Return how many shards a worker has, in words."""
    hosts = sum(_owner(found, hosts_lease(shard)) == worker for shard in range(found.host_shards))
    topics = sum(_owner(found, topics_lease(shard)) == worker for shard in range(found.topic_shards))
    return f"{counted(hosts, 'shard')} of hosts, {topics} of topics"


def _row(found: ClusterStatus, shard: int) -> tuple[tuple[timedelta, int], Sequence[str]]:
    """Return how a shard of hosts stands, behind how bad that is."""
    name = hosts_lease(shard)
    overdue, watches = found.overdue.get(shard), found.watches.get(shard)
    late = found.now - overdue.due_at if overdue else timedelta(0)
    said = f"{overdue.watch}, {_span(late)}" if overdue else ""
    counts = "" if watches is None else f"{watches.watches:,}{f' ({watches.new:,} new)' if watches.new else ''}"
    is_missed = watches is not None and _owner(found, name) is None
    return (late, int(is_missed)), (name, *_lease_cells(found, name), counts, said)


def _message_row(found: ClusterStatus, shard: int) -> Sequence[str]:
    name, messages = topics_lease(shard), found.messages[shard]
    oldest = _ago(found, messages.oldest_at) if messages.oldest_at else ""
    return name, _owner(found, name) or _NOBODY, f"{messages.waiting:,}", oldest, f"{messages.dead:,}"


def _owner(found: ClusterStatus, name: str) -> str | None:
    lease = found.leases.get(name)
    return None if lease is None else lease.owner


def _lease_cells(found: ClusterStatus, name: str) -> tuple[str, str]:
    lease = found.leases.get(name)
    if lease is None or lease.owner is None:
        return _NOBODY, ""
    return lease.owner, _ago(found, lease.since)


def _ago(found: ClusterStatus, at: datetime) -> str:
    return _span(found.now - at)


def _span(time: timedelta) -> str:
    """Return a length of time in one unit or two: `40 s`, `12 min`, `3 h`, `2 d`."""
    seconds = max(int(time.total_seconds()), 0)
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def _record(found: ClusterStatus) -> dict[str, Json]:
    generation = found.generation
    return {
        "generation": generation.number,
        "origin": generation.origin,
        "applied_at": time_json(generation.applied_at),
        "applied_by": generation.applied_by,
        "watches": sum(each.watches for each in found.watches.values()),
        "workers": [
            {"name": each.name, "max_shards": each.max_shards, "since": time_json(each.since)} for each in found.workers
        ],
        "unheld": {kind: len(shards) for kind, shards in zip(("hosts", "topics"), _unheld(found), strict=True)},
        "hosts": [_hosts_record(found, shard) for shard in range(found.host_shards)],
        "topics": [_topics_record(found, shard) for shard in range(found.topic_shards)],
    }


def _hosts_record(found: ClusterStatus, shard: int) -> Json:
    watches, overdue = found.watches.get(shard), found.overdue.get(shard)
    return {
        **_lease_record(found, hosts_lease(shard)),
        "watches": watches.watches if watches else 0,
        "new": watches.new if watches else 0,
        "most_overdue": overdue.watch if overdue else None,
        "overdue_seconds": int((found.now - overdue.due_at).total_seconds()) if overdue else 0,
    }


def _topics_record(found: ClusterStatus, shard: int) -> Json:
    messages = found.messages.get(shard)
    return {
        **_lease_record(found, topics_lease(shard)),
        "waiting": messages.waiting if messages else 0,
        "oldest_at": time_json(messages.oldest_at) if messages else None,
        "dead": messages.dead if messages else 0,
    }


def _lease_record(found: ClusterStatus, name: str) -> dict[str, Json]:
    lease = found.leases.get(name)
    return {
        "lease": name,
        "worker": lease.owner if lease else None,
        "since": time_json(lease.since) if lease else None,
        "renewed": time_json(lease.renewed) if lease else None,
    }


cluster = group("cluster", "Show the workers of a cluster, and what each checks.", show_cluster, {}, listed_by="status")
