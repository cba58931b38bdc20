"""The tables of watches in an empty database, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from sqlalchemy import Connection

from watcher.store.cluster.watch_schema import make
from watcher.store.postgresql.connections import open_engine
from watcher.store.postgresql.urls import parse
from watcher.store.schemas import CLUSTER

WAITING: Final = "SELECT count(*) FROM pg_locks WHERE NOT granted"
"""How many wait for a lock."""


def make_watch_tables(url: str) -> None:
    """Make them, without those of leases and jobs."""
    engine = open_engine(parse(url), schema=CLUSTER, connections=1, are_reading=False)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {CLUSTER}")
        make(connection)
    engine.dispose()


def ask(url: str, statement: str) -> list[tuple[Any, ...]]:
    """Return the rows of a statement; none where it gives none."""
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


@contextmanager
def slow_transaction(url: str) -> Iterator[Connection]:
    """Give a transaction that may last, and is committed."""
    engine = open_engine(parse(url), schema="watcher", connections=1, are_reading=False)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield connection
    finally:
        engine.dispose()
