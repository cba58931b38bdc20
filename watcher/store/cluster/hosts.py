"""
How the hosts of a shard stood when it was left: who asks them next goes on from that.

Until when a host is left alone is counted by the database's clock: those of two workers may differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import asdict
from sqlalchemy import Connection, DateTime, Interval, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from watcher.core.host_pace import HostPace
from watcher.store.cluster.leases import Fence
from watcher.store.cluster.watch_tables import host

_NOW: Final = func.clock_timestamp(type_=DateTime(timezone=True))
_INSERT: Final = insert(host).values(paused_until=_NOW + bindparam("pause", type_=Interval()))
_COLUMNS: Final = ("shard", "failures", "paused_until", "why")
_SAVE: Final = _INSERT.on_conflict_do_update(
    index_elements=["host"], set_={name: _INSERT.excluded[name] for name in _COLUMNS}
)


def read_paces(connection: Connection, shard: int) -> Sequence[HostPace]:
    """Return how the hosts of a shard stood, those alone of which something is to be remembered."""
    left = (host.c.paused_until - _NOW).label("pause")
    wanted = select(host.c.host, host.c.failures, left, host.c.why).where(host.c.shard == shard)
    return [HostPace(**row) for row in connection.execute(wanted).mappings()]


def save_paces(connection: Connection, shard: int, fence: Fence, paces: Sequence[HostPace]) -> None:
    """Let these be all that is remembered of a shard's hosts. Raises LeaseLostError."""
    fence(connection)
    connection.execute(host.delete().where(host.c.shard == shard))
    rows = [{**asdict(each), "shard": shard} for each in paces]
    if rows:
        connection.execute(_SAVE, rows)
