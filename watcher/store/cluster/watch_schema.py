"""
Bringing the tables of watches up to date.

As for the push service: Alembic is imported only when there is something to migrate, and where there are no tables yet,
those of today are made at once, as the migrations would make them one by one. Workers of an older release run on beside
newer tables where those say that they may (`cluster.works_since`): each statement names the columns that it is about.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, select

from watcher.core.shards import HOST_SHARDS, TOPIC_SHARDS
from watcher.errors import StoreError
from watcher.store.cluster.watch_tables import cluster, watch_metadata
from watcher.store.postgresql.connections import long_statements, looking
from watcher.store.postgresql.urls import parse
from watcher.store.records import new_epoch
from watcher.store.schemas import CLUSTER

HEAD: Final = "0001"
"""The newest revision in `migrations/versions`; a test compares them."""
VERSION_TABLE: Final = "revision"
_version: Final = Table(
    VERSION_TABLE,
    MetaData(schema=CLUSTER),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name=f"{VERSION_TABLE}_pkc"),
)
"""Alembic's own table."""


def bring_up_to_date(connection: Connection) -> None:
    """
    Make the tables of `HEAD`, or migrate them to it, within the transaction of this connection; one process at a time.

    Raises StoreError: a newer watcher made them, and this one may not use them.
    """
    found = revision(connection)
    if found is None:
        make(connection)
    elif found < HEAD:
        with long_statements(connection):
            upgrade(connection)
    elif found > HEAD:
        _require_compatible(connection, found)


def revision_at(url: str) -> str | None:
    """Do `revision` in the database at this URL. Raises ConfigError: it names none; StoreError."""
    with looking(parse(url), schema=CLUSTER) as connection:
        return revision(connection)


def revision(connection: Connection) -> str | None:
    """Return the revision of the tables; None where there are none."""
    if not connection.dialect.has_table(connection, VERSION_TABLE, schema=CLUSTER):
        return None
    found: str | None = connection.scalar(select(_version.c.version_num))
    return found


def make(connection: Connection) -> None:
    """Make the tables of `HEAD`, and begin an epoch of the watch states there."""
    watch_metadata.create_all(connection)
    _version.create(connection)
    connection.execute(_version.insert().values(version_num=HEAD))
    connection.execute(
        cluster.insert().values(
            single=1,
            epoch=new_epoch(),
            host_shards=HOST_SHARDS,
            topic_shards=TOPIC_SHARDS,
            generation=0,
        )
    )


def upgrade(connection: Connection, to: str = "head") -> None:
    """Migrate the tables to a revision."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "watcher.store.cluster:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _require_compatible(connection: Connection, found: str) -> None:
    since = connection.scalar(select(cluster.c.works_since))
    if since is None or since > HEAD:
        raise StoreError(
            f"the tables of watches have revision {found}, which this version of watcher does not know (it knows "
            f"{HEAD}): run the newer version that made them"
        )
