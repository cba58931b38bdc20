"""How a cluster stands, as its database says: who has which shard, what is late, and what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

from msgspec import Struct
from sqlalchemy import Connection, TextClause, text

from watcher.core.event_kinds import EventKind
from watcher.store.cluster.cluster_row import refuse_moved_cluster
from watcher.store.cluster.leases import LeaseRow, WorkerRow, held_leases, living_workers

_Row = TypeVar("_Row", bound=Struct)
_NOW: Final = text("SELECT clock_timestamp()")
_IS_MADE: Final = text("SELECT to_regclass('watcher.declaration') IS NOT NULL")
_CLUSTER: Final = text("SELECT generation, host_shards, topic_shards FROM watcher.cluster")
_NEWEST: Final = text("SELECT origin, applied_at, applied_by FROM watcher.generation ORDER BY number DESC LIMIT 1")
_WATCHES: Final = text(
    "SELECT declaration.shard, count(*) AS watches, count(*) FILTER (WHERE checked.watch IS NULL) AS new "
    "FROM watcher.declaration LEFT JOIN watcher.checked USING (watch) WHERE NOT is_gone GROUP BY declaration.shard"
)
IS_DISABLED: Final = r"""body LIKE '%"enabled"\:false%'"""
"""Of a declaration; a part of statements. The text is looked at: to read JSON takes ten times as long."""
# A watch that is paused is due at the end of that (`core/pausing.py`).
_OVERDUE: Final = text(
    "WITH due AS ("  # noqa: S608 - ours
    "SELECT watch, CAST(CAST(record AS jsonb) ->> 'next_check_at' AS timestamptz) AS due_at "
    "FROM watcher.checked) "
    "SELECT DISTINCT ON (declaration.shard) declaration.shard, watch, due_at FROM due "
    "JOIN watcher.declaration USING (watch) "
    f"WHERE due_at < clock_timestamp() - CAST(:late AS interval) AND NOT is_gone AND NOT {IS_DISABLED} "
    "ORDER BY declaration.shard, due_at, watch"
)
_MESSAGES: Final = text(
    "SELECT topic_shard AS shard, count(*) FILTER (WHERE NOT is_dead) AS waiting, "
    "count(*) FILTER (WHERE is_dead) AS dead, min(created_at) FILTER (WHERE NOT is_dead) AS oldest_at "
    "FROM watcher.outbox GROUP BY topic_shard"
)
_CHANGES: Final = text(
    "SELECT count(*) FROM watcher.event WHERE record LIKE :kind "
    """AND substring(record FROM '"at":"([^"]*)"') >= :since"""
)


class Generation(Struct, frozen=True, kw_only=True):
    """The newest change of what is declared. `number`: 0: there was none."""

    number: int
    origin: str = ""
    applied_at: datetime | None = None
    applied_by: str = ""


class OverdueWatch(Struct, frozen=True, kw_only=True):
    """The watch of a shard that is due for longest, and was not checked yet, as far as its saved times show."""

    watch: str
    due_at: datetime


class WatchCounts(Struct, frozen=True, kw_only=True):
    """How many watches a shard has, and how many of them were never checked."""

    watches: int = 0
    new: int = 0


class MessageCounts(Struct, frozen=True, kw_only=True):
    """How many messages of a shard of topics wait, since when the oldest does, and how many were given up."""

    waiting: int = 0
    dead: int = 0
    oldest_at: datetime | None = None


class ClusterStatus(Struct, frozen=True, kw_only=True):
    """
    How a cluster stands.

    Attributes:
        now: by the database's clock.
        leases: that somebody has who lives, by name.
        workers: that live.
        watches, overdue: by shard of hosts; messages: by shard of topics. One of which nothing is to be said is left
            out.
    """

    now: datetime
    generation: Generation
    host_shards: int
    topic_shards: int
    leases: Mapping[str, LeaseRow]
    workers: Sequence[WorkerRow]
    watches: Mapping[int, WatchCounts]
    overdue: Mapping[int, OverdueWatch]
    messages: Mapping[int, MessageCounts]


def read_status(connection: Connection, *, ttl: timedelta, late: timedelta) -> ClusterStatus | None:
    """
    Return how the cluster stands; None where its tables are missing.

    Args:
        ttl: so long after its last renewal a worker lives.
        late: how late the times of a check may be saved.

    Raises ConfigError: it was moved elsewhere.
    """
    refuse_moved_cluster(connection)
    if not connection.scalar(_IS_MADE):
        return None
    cluster = connection.execute(_CLUSTER).one()
    newest = connection.execute(_NEWEST).mappings().first()
    return ClusterStatus(
        now=connection.execute(_NOW).scalar_one(),
        generation=Generation(number=cluster.generation, **(newest or {})),
        host_shards=cluster.host_shards,
        topic_shards=cluster.topic_shards,
        leases=held_leases(connection, ttl),
        workers=living_workers(connection, ttl),
        watches=_by_shard(connection, _WATCHES, WatchCounts),
        overdue=_by_shard(connection, _OVERDUE, OverdueWatch, late=late),
        messages=_by_shard(connection, _MESSAGES, MessageCounts),
    )


def changes_since(connection: Connection, since: datetime) -> int:
    """Return how many changes the events tell of that were found since."""
    of = {"kind": f'{{"kind":"{EventKind.CHANGED}",%', "since": since.isoformat()}
    return int(connection.execute(_CHANGES, of).scalar_one())


def _by_shard(connection: Connection, statement: TextClause, kind: type[_Row], **of: object) -> Mapping[int, _Row]:
    found: dict[int, _Row] = {}
    for row in connection.execute(statement, of).mappings():
        rest = dict(row)
        shard = rest.pop("shard")
        found[shard] = kind(**rest)
    return found
