from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

from watcher.core.push import TopicMode
from watcher.errors import StoreError
from watcher.store.push.schema import HEAD, make, upgrade
from watcher.store.push.store import Transaction, open_push_store
from watcher.store.push.tables import metadata


def counted(connection: Connection, word: str) -> int:
    query = "SELECT sum(length(sql) - length(replace(sql, ?, ''))) FROM sqlite_master"
    return int(connection.exec_driver_sql(query, (word,)).scalar_one()) // len(word)


@contextmanager
def begun(database: Path | None = None) -> Iterator[Connection]:
    """Yield a transaction in a database, else in a new one in memory."""
    engine = create_engine(f"sqlite:///{database or ''}")
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def migrate(connection: Connection, revision: str) -> None:
    """Make the tables as they were at a revision."""
    config = Config()
    config.set_main_option("script_location", "watcher.store.push:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def test_the_constant_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", "watcher.store.push:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_the_migrations_make_the_tables_of_the_models() -> None:
    with begun() as connection:
        upgrade(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.faults
@pytest.mark.parametrize("word", ["AUTOINCREMENT", "CHECK", "FOREIGN KEY", "UNIQUE", "NOT NULL"])
def test_they_agree_in_what_alembic_does_not_compare_too(word: str) -> None:
    with begun() as by_migration, begun() as by_model:
        upgrade(by_migration)
        make(by_model)
        assert counted(by_migration, word) == counted(by_model, word) > 0


async def test_what_an_older_watcher_stored_is_kept(tmp_path: Path) -> None:
    """Tables that refer to each other, and rows in them, as the first release made them."""
    database = tmp_path / "push.db"
    with begun(database) as connection:
        migrate(connection, "0001")
        for statement in (
            "INSERT INTO apps VALUES (1, 'watcher', 'a', NULL, 'watcher', '', '', '', '', '', 0)",
            "INSERT INTO subscribers VALUES (1, 'UID_x', 'h', 0)",
            "INSERT INTO topics VALUES (1, 1, 'deals', 't', 'Deals', '', 0)",
            "INSERT INTO subscriptions VALUES (1, 1, 1, NULL, 0)",
            "INSERT INTO messages VALUES (1, 'm', 1, 'k', 1, 's', 'old words', 1, NULL, 0)",
            "INSERT INTO deliveries VALUES (1, 1, 1, 'inbox', 'sent', NULL, 0, NULL)",
        ):
            connection.exec_driver_sql(statement)
    store = await open_push_store(database)
    [topic] = await store.read(lambda tx: tx.topics.all())
    [(_, place)] = await store.read(lambda tx: tx.subscriptions.all())
    [item] = await store.read(lambda tx: tx.deliveries.inbox(1, after=0, limit=9))
    [app] = await store.read(lambda tx: tx.apps.all())
    await store.close()
    assert (topic.mode, topic.subscribers, place.topic_id) == (TopicMode.OPEN, 1, 1)
    assert (item.message.draft.content, app.signing_key) == ("old words", None)


async def test_the_numbers_that_an_older_watcher_told_stay_good(tmp_path: Path) -> None:
    database = tmp_path / "push.db"
    with begun(database) as connection:
        migrate(connection, "0006")
        for statement in (
            "INSERT INTO apps VALUES (1, NULL, 'a', 't', 'Shop', '', '', '', '', '', 0, NULL, NULL, NULL)",
            "INSERT INTO messages VALUES (1, 'm', 1, 'k', NULL, 's', 'words', 1, NULL, 0, NULL, NULL)",
            "INSERT INTO targets VALUES (4, 1, 'UID_x', NULL, 1001, 'nobody')",
            "INSERT INTO targets VALUES (5, 1, 'UID_y', NULL, 1000, 'sent')",
        ):
            connection.exec_driver_sql(statement)
    store = await open_push_store(database)
    answers = (await store.read(lambda tx: tx.messages.answers([1])))[1]
    told, failed = [await store.read(partial(_states, record)) for record in (5, 4)]
    await store.close()
    assert [answer.send_record_id for answer in answers] == [None, 5]
    assert (told, failed) == (set(), None)


def _states(record: int, tx: Transaction) -> object:
    return tx.deliveries.states_of_record(record, at=datetime.now(UTC))


def test_a_status_is_found_by_an_index() -> None:
    with begun() as connection:
        make(connection)
        [plan] = connection.exec_driver_sql("EXPLAIN QUERY PLAN SELECT * FROM targets WHERE record_id = 5").all()
    assert "USING INDEX ix_targets_record_id" in plan[3]


@pytest.mark.parametrize("kind", ["table", "index"])
def test_a_new_database_has_what_the_migrations_make_by_name(kind: str) -> None:
    names = []
    for make_tables in (upgrade, make):
        with begun() as connection:
            make_tables(connection)
            found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = ?", (kind,))
            names.append({name for (name,) in found})
    assert names[0] == names[1]


def test_alembic_is_imported_only_to_migrate(tmp_path: Path) -> None:
    code = (
        "import asyncio, pathlib, sys; from watcher.store.push.store import Transaction, open_push_store\n"
        "async def main(): await (await open_push_store(pathlib.Path(sys.argv[1]))).close()\n"
        "asyncio.run(main()); print('alembic' in sys.modules)"
    )
    arguments = [sys.executable, "-c", code, str(tmp_path / "push.db")]
    runs = [subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=30) for _ in range(2)]
    assert [run.stdout.strip() for run in runs] == ["False", "False"]


@pytest.mark.faults
async def test_processes_that_open_a_new_database_at_once_all_succeed(tmp_path: Path) -> None:
    code = (
        "import asyncio, datetime, pathlib, sys; from watcher.push.opening import open_push_service\n"
        "now = lambda: datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)\n"
        "async def main(): await (await open_push_service(pathlib.Path(sys.argv[1]), now=now)).close()\n"
        "asyncio.run(main())"
    )
    database = tmp_path / "new" / "push.db"
    arguments = [sys.executable, "-W", "error", "-c", code, str(database)]
    processes = [await asyncio.create_subprocess_exec(*arguments) for _ in range(4)]
    async with asyncio.timeout(60):
        assert [await process.wait() for process in processes] == [0] * 4
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM apps").fetchone() == (1,)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]


async def test_a_database_of_a_newer_watcher_is_left_alone(tmp_path: Path) -> None:
    database = tmp_path / "push.db"
    await (await open_push_store(database)).close()
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="revision 9999"):
        await open_push_store(database)
