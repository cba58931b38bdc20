"""The tables of watches in an empty database."""

from __future__ import annotations

from sqlalchemy import text

from watcher.store.cluster.watch_tables import watch_metadata
from watcher.store.postgresql.connections import open_engine
from watcher.store.postgresql.urls import parse
from watcher.store.schemas import CLUSTER


def make_watch_tables(url: str) -> None:
    """Make them."""
    engine = open_engine(parse(url), schema=CLUSTER, connections=1, are_reading=False)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {CLUSTER}"))
        watch_metadata.create_all(connection)
    engine.dispose()
