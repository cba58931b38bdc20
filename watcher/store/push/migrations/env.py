"""Alembic's entry: migrates over the connection, and in the transaction, that `schema.upgrade` hands it."""

from __future__ import annotations

from alembic import context

from watcher.store.push.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite alters most things only by copying the table.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
