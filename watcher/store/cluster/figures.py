"""What the watches of a cluster do, in a few numbers, as its database says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, text

from watcher.store.cluster.cluster_row import read_cluster
from watcher.store.cluster.leases import IS_HELD
from watcher.store.cluster.status import IS_DISABLED

# Of the states their text is looked at: to read JSON of 3 KB each takes ten times as long.
_WATCHES: Final = text(
    "SELECT count(*) FILTER (WHERE is_off) AS disabled, "  # noqa: S608 - ours
    "count(*) FILTER (WHERE NOT is_off AND record IS NULL) AS new, "
    """count(*) FILTER (WHERE NOT is_off AND record NOT LIKE '%"failure"\\:null%') AS failing, """
    """count(*) FILTER (WHERE NOT is_off AND record LIKE '%"failure"\\:null%') AS ok """
    f"FROM (SELECT {IS_DISABLED} AS is_off, record FROM watcher.declaration "
    "LEFT JOIN watcher.state USING (watch) WHERE NOT is_gone) AS watch"
)
_OVERDUE: Final = text(
    "SELECT extract(epoch FROM clock_timestamp() - "  # noqa: S608 - ours
    "min(CAST(CAST(checked.record AS jsonb) ->> 'next_check_at' AS timestamptz))) "
    f"FROM watcher.checked JOIN watcher.declaration USING (watch) WHERE NOT is_gone AND NOT {IS_DISABLED}"
)
_HELD: Final = text(f"SELECT count(*) FROM watcher.lease WHERE name LIKE :kind AND {IS_HELD}")  # noqa: S608 - ours
_MESSAGES: Final = text(
    "SELECT count(*) FILTER (WHERE NOT is_dead) AS waiting, count(*) FILTER (WHERE is_dead) AS dead, "
    "coalesce(extract(epoch FROM clock_timestamp() - min(created_at) FILTER (WHERE NOT is_dead)), 0) AS oldest "
    "FROM watcher.outbox"
)


class ClusterFigures(Struct, frozen=True, kw_only=True):
    """
    How the watches of a cluster stand.

    Attributes:
        watches: how many are `ok`, `failing`, `new` and `disabled`.
        overdue_seconds: for how long the one is due that is due for longest.
        unheld: shards that no worker has, of `hosts` and of `topics`.
        messages: how many are `waiting` and `dead`.
        oldest_seconds: how old the oldest is that waits.
    """

    watches: Mapping[str, int]
    overdue_seconds: float
    unheld: Mapping[str, int]
    messages: Mapping[str, int]
    oldest_seconds: float


def read_figures(connection: Connection, ttl: timedelta) -> ClusterFigures:
    """Return how they stand. `ttl`: of leases."""
    cluster = read_cluster(connection)
    messages = connection.execute(_MESSAGES).one()
    return ClusterFigures(
        watches=dict(connection.execute(_WATCHES).mappings().one()),
        overdue_seconds=max(0.0, float(connection.scalar(_OVERDUE) or 0)),
        unheld={
            "hosts": cluster.host_shards - _held(connection, "hosts:%", ttl),
            "topics": cluster.topic_shards - _held(connection, "topics:%", ttl),
        },
        messages={"waiting": messages.waiting, "dead": messages.dead},
        oldest_seconds=max(0.0, float(messages.oldest)),
    )


def _held(connection: Connection, kind: str, ttl: timedelta) -> int:
    return int(connection.execute(_HELD, {"kind": kind, "ttl": ttl}).scalar_one())
