"""What is true of all processes of a cluster: one row, made with the tables."""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, select

from watcher.errors import StoreError
from watcher.store.cluster.watch_tables import cluster
from watcher.store.old_place import watches_moved_error
from watcher.store.postgresql.urls import name_of
from watcher.store.push.server_side import moved_to

_READ: Final = select(cluster.c.epoch, cluster.c.host_shards, cluster.c.topic_shards)


class ClusterRow(Struct, frozen=True, kw_only=True):
    """
    What a cluster begins with.

    Attributes:
        epoch: of the watch states' life.
    """

    epoch: str
    host_shards: int
    topic_shards: int


def refuse_moved_cluster(connection: Connection) -> None:
    """Raise ConfigError, with where to look, when its watches were moved elsewhere."""
    if (place := moved_to(connection)) is not None:
        raise watches_moved_error(name_of(connection.engine.url), place)


def read_cluster(connection: Connection) -> ClusterRow:
    """Return it. Raises StoreError: it is gone."""
    row = connection.execute(_READ).mappings().first()
    if row is None:
        raise StoreError("the row of the cluster is gone from watcher.cluster: restore a backup")
    return ClusterRow(**row)
