"""Alembic's entry: migrates over the connection, and in the transaction, that `watch_schema.upgrade` hands it."""

from __future__ import annotations

from alembic import context

from watcher.store.cluster.watch_schema import VERSION_TABLE
from watcher.store.cluster.watch_tables import watch_metadata
from watcher.store.schemas import CLUSTER

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=watch_metadata,
    version_table=VERSION_TABLE,
    version_table_schema=CLUSTER,
)
with context.begin_transaction():
    context.run_migrations()
