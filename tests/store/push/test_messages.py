"""The list of messages, narrowed down: by which indexes, and in which order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from sqlalchemy import Connection, event

from tests.push.prepared import place_tables
from tests.sizes import FAULTS
from watcher.core.push import DeliveryState, MessageFilter, Slice
from watcher.store.push.file_database import FileDatabase, open_file
from watcher.store.push.messages import FEW
from watcher.store.push.store import Transaction

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
MESSAGES = FAULTS.sized(2_000, 100_000)
_DAY = timedelta(minutes=MESSAGES) / 10
"""A tenth of the time in which they were sent, one a minute."""


def fill(connection: Connection, number: int = MESSAGES) -> None:
    """Store messages of 5 applications to 10 topics each; one in 1,000 failed, the rest were opened by 2 readers."""
    run = connection.exec_driver_sql
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
    app = "INSERT INTO apps (slug, name, contact, description, follow_prompt, callback_url, settings_url, created_at)"
    run(f"{numbers}{app} SELECT 'a' || i, i, '', '', '', '', '', 0 FROM n", (5,))
    run("UPDATE apps SET account_id = 1 WHERE name = '1'")
    topic = "INSERT INTO topics (app_id, slug, name, description, created_at)"
    run(f"{numbers}{topic} SELECT 1 + i % 5, 't' || i, i, '', 0 FROM n", (50,))
    run(f"{numbers}INSERT INTO subscribers (uid, spt_hash, created_at) SELECT i, i, 0 FROM n", (2,))
    message = "INSERT INTO messages (slug, app_id, topic_id, summary, content, content_type, created_at)"
    begin = int(BEGIN.timestamp())
    rows = f"SELECT 'm' || i, 1 + i % 5, 1 + i % 50, i, hex(zeroblob(200)), 1, ({begin} + i * 60) * 1000000 FROM n"
    run(f"{numbers}{message} {rows}", (number,))
    run("INSERT INTO targets (message_id, topic_id, code, status) SELECT id, topic_id, 1000, '' FROM messages")
    run(
        "INSERT INTO deliveries (message_id, subscriber_id, channel, state) "
        "SELECT messages.id, subscribers.id, 'inbox', CASE WHEN messages.id % 1000 = 7 THEN 'failed' ELSE 'opened' END "
        "FROM messages, subscribers"
    )


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[FileDatabase]:
    """One with many messages."""
    opened = await open_file(await place_tables(tmp_path / "push.db"))
    await opened.write(fill)
    yield opened
    await opened.close()


_BY_ID = "SEARCH messages USING INTEGER PRIMARY KEY"
_FILTERS = {
    "topic": (MessageFilter(topic_id=8), 50, "SEARCH targets USING INDEX ix_targets_topic_id_message_id"),
    "time": (
        MessageFilter(since=BEGIN + 5 * _DAY, until=BEGIN + 6 * _DAY),
        10,
        "SEARCH sent USING COVERING INDEX ix_messages_created_at",
    ),
    "application": (MessageFilter(app_id=3), 5, "SEARCH sent USING COVERING INDEX ix_messages_app_id_created_at"),
    "account": (MessageFilter(account_id=1), 5, "SEARCH sent USING COVERING INDEX ix_messages_app_id_created_at"),
    "uid": (MessageFilter(uid="1"), 1, "SEARCH deliveries USING INDEX ix_deliveries_subscriber_id_id"),
    "time of an application": (
        MessageFilter(app_id=3, since=BEGIN + 5 * _DAY),
        10,
        "SEARCH sent USING COVERING INDEX ix_messages_app_id_created_at",
    ),
    "failed": (
        MessageFilter(state=DeliveryState.FAILED),
        1_000,
        "SEARCH deliveries USING COVERING INDEX ix_deliveries_state_message_id",
    ),
    "not seen yet": (MessageFilter(state=DeliveryState.SENT), 1, "SEARCH deliveries USING INDEX"),
    "all at once": (
        MessageFilter(app_id=3, topic_id=7, since=BEGIN, state=DeliveryState.OPENED),
        50,
        "SEARCH targets USING INDEX ix_targets_topic_id_message_id",
    ),
}
"""Each with how many messages there are for one that matches, and the index that lists those where they are few."""


@pytest.mark.sized
async def test_each_filter_has_its_index_and_sorts_nothing(database: FileDatabase, subtests: pytest.Subtests) -> None:
    for name, (only, of, index) in _FILTERS.items():
        for cut in (Slice(limit=51), Slice(limit=51, after=MESSAGES // 2, is_newest_first=True)):
            with subtests.test(f"{name} {cut.is_newest_first}"):
                plan, took = await database.read(lambda connection: _looked(connection, only, cut))  # noqa: B023
                print(f"{name}, newest first: {cut.is_newest_first}: {took * 1000:.1f} ms of {MESSAGES:,} messages")
                assert (index if MESSAGES // of <= FEW else _BY_ID) in plan
                assert "TEMP B-TREE" not in plan
                assert took < 2


def _looked(connection: Connection, only: MessageFilter, cut: Slice) -> tuple[str, float]:
    """Return the query plan, and how many seconds the look took."""
    asked: list[tuple[str, Any]] = []
    event.listen(connection, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    begun = perf_counter()
    Transaction(connection).messages.slice(cut, only)
    took = perf_counter() - begun
    query, parameters = asked[-1]
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", parameters).all()
    return "\n".join(row[3] for row in plan), took
