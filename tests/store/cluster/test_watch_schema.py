"""The tables of watches: made once, migrated, and left alone where they are of a newer watcher."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from tests import postgresql
from watcher.cluster.jobs import job_tables
from watcher.errors import StoreError
from watcher.store.cluster.schema import make_schemas
from watcher.store.cluster.watch_schema import HEAD, VERSION_TABLE, make, upgrade
from watcher.store.postgresql.connections import open_engine
from watcher.store.postgresql.urls import parse

_SHAPE = """
SELECT 'column', table_name::text, column_name::text,
    concat_ws(' ', data_type, is_nullable, collation_name, is_identity, column_default)
FROM information_schema.columns WHERE table_schema = 'watcher'
UNION ALL
SELECT 'index', tablename::text, indexname::text, indexdef FROM pg_indexes WHERE schemaname = 'watcher'
UNION ALL
SELECT 'options', relname::text, '', reloptions::text FROM pg_class WHERE relnamespace = 'watcher'::regnamespace
ORDER BY 1, 2, 3, 4
"""
"""All that the two ways to make tables could differ in."""


@contextmanager
def begun(url: str) -> Iterator[Connection]:
    """Give a transaction in a database that has the schema, and nothing in it."""
    engine = open_engine(parse(url), schema="watcher", connections=1, are_reading=False)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("CREATE SCHEMA watcher")
            yield connection
    finally:
        engine.dispose()


def database_of(url: str) -> str:
    return url.rpartition("/")[2]


def by_model(connection: Connection) -> None:
    make(connection)


def by_migration(connection: Connection) -> None:
    upgrade(connection)


def test_the_constant_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", "watcher.store.cluster:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_a_new_database_has_what_the_migrations_make(postgresql_url: str) -> None:
    shapes = []
    make_tables: Callable[[Connection], None]
    for make_tables in (by_model, by_migration):
        with begun(postgresql_url) as connection:
            make_tables(connection)
            shapes.append(connection.exec_driver_sql(_SHAPE).all())
    assert shapes[0] == shapes[1]
    assert {row[1] for row in shapes[0]} > {"state", "checked", "outbox_living"}


def test_processes_that_come_at_once_make_them_once(postgresql_url: str, postgresql_server: postgresql.Server) -> None:
    with ThreadPoolExecutor(6) as processes:
        list(processes.map(lambda _: make_schemas(postgresql_url, job_tables()), range(6)))
    rows = "SELECT length(epoch), host_shards, topic_shards, generation FROM watcher.cluster"
    assert postgresql_server.ask(rows, database=database_of(postgresql_url)) == [(32, 64, 16, 0)]
    revisions = postgresql_server.ask(f"TABLE watcher.{VERSION_TABLE}", database=database_of(postgresql_url))
    assert revisions == [(HEAD,)]


def test_tables_of_a_newer_watcher_are_left_alone_unless_they_say_that_this_one_may(
    postgresql_url: str, postgresql_server: postgresql.Server
) -> None:
    make_schemas(postgresql_url, job_tables())
    ask, database = postgresql_server.ask, database_of(postgresql_url)
    ask(f"UPDATE watcher.{VERSION_TABLE} SET version_num = '9999'", database=database)
    make_schemas(postgresql_url, job_tables())
    ask("UPDATE watcher.cluster SET works_since = '9999'", database=database)
    with pytest.raises(StoreError, match=r"of watches have revision 9999, which this version .* \(it knows 0001\)"):
        make_schemas(postgresql_url, job_tables())


def test_a_role_that_may_make_no_tables_is_told_who_does(
    postgresql_url: str, postgresql_server: postgresql.Server
) -> None:
    guarded = postgresql_server.url(database_of(postgresql_url), role=postgresql.GUARDED, password=postgresql.PASSWORD)
    ask = postgresql_server.ask
    ask(f"CREATE SCHEMA watcher; GRANT USAGE ON SCHEMA watcher TO {postgresql.GUARDED}", database=database_of(guarded))
    with pytest.raises(StoreError, match="the role may not make them: run `watcher database upgrade`"):
        make_schemas(guarded, job_tables())
    make_schemas(postgresql_url, job_tables())
    for grant in ("USAGE ON SCHEMA {}", "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {}"):
        schemas = grant.format("watcher, procrastinate")
        ask(f"GRANT {schemas} TO {postgresql.GUARDED}", database=database_of(guarded))
    make_schemas(guarded, job_tables())
