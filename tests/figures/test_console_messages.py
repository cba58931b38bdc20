"""The console's pages about messages, where there are many: how long the server takes, and how many bytes it sends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import pytest
from sqlalchemy import Connection

from tests.push.prepared import place_tables
from tests.sizes import FIGURES
from tests.store.push.test_messages import fill
from tests.web.login import as_operator
from tests.web.serving import a_site
from tests.web.site import NOW, PASSWORD, Site
from watcher.core.settings import Settings
from watcher.push.channels.offered import Channels
from watcher.push.opening import open_push_service
from watcher.store.push.database import open_database

_MESSAGES = FIGURES.sized(2_000, 100_000)
_READERS = FIGURES.sized(500, 10_000)
_ROUNDS = FIGURES.sized(2, 9)
_MOST_MS = 60
_MOST_BYTES = 150_000
_SLACK = FIGURES.sized(10, 1)
"""A machine that does other things at once decides nothing in the small run."""


def _fill(connection: Connection) -> None:
    """Store many messages, and a newest one with many readers, for every tenth of whom a browser failed."""
    run = connection.exec_driver_sql
    fill(connection, _MESSAGES)
    numbers = "WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
    run(f"{numbers}INSERT INTO subscribers (uid, spt_hash, created_at) SELECT 'UID_' || i, i, 0 FROM n", (_READERS,))
    run("INSERT INTO subscriptions (subscriber_id, topic_id, created_at) SELECT id, 1, 0 FROM subscribers")
    run(
        "INSERT INTO messages (slug, app_id, topic_id, summary, content, content_type, created_at) "
        f"SELECT 'most', app_id, 1, 'To most', 'x', 1, {int(NOW.timestamp()) * 1_000_000} FROM topics WHERE id = 1"
    )
    run(
        "INSERT INTO targets (message_id, topic_id, code, status) "
        "SELECT id, 1, 1000, '' FROM messages WHERE slug = 'most'"
    )
    for channel, state, only in (("inbox", "shown", 1), ("webpush", "failed", 10)):
        run(
            "INSERT INTO deliveries (message_id, subscriber_id, channel, state, reason) "
            "SELECT messages.id, subscribers.id, ?, ?, 'HTTP 500' FROM messages, subscribers "
            "WHERE slug = 'most' AND subscribers.id % ? = 0",
            (channel, state, only),
        )


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """A server with all of these."""
    path = await place_tables(tmp_path / "push.sqlite3", password=PASSWORD)
    database = await open_database(path)
    await database.write(_fill)
    await database.close()
    service = await open_push_service(path, now=lambda: NOW)
    async with a_site(service, Settings(data=tmp_path, base_url="http://push.example"), Channels()) as served:
        yield served
    await service.close()


async def test_each_page_about_messages_is_quick_and_small(site: Site, subtests: pytest.Subtests) -> None:
    headers = as_operator(await site.push.operator.log_in(PASSWORD))
    most = _MESSAGES + 1
    for path in (
        "/console/messages",
        f"/console/messages?before={_MESSAGES // 2}",
        "/console/messages?text=999",
        "/console/messages?text=nowhere",
        "/console/messages?state=failed",
        "/console/messages?state=seen",
        "/console/messages?state=waiting",
        "/console/messages?app=2",
        "/console/messages?topic=8",
        "/console/messages?uid=UID_7",
        f"/console/messages/{most}",
        f"/console/messages/{most}?after={4 * _MESSAGES // 2}",
        f"/console/messages/{most}?uid=UID_20",
        f"/console/messages/{most}/state",
        f"/console/messages/{most}/again",
        "/console/compose?topic=1",
        "/console/outbox",
    ):
        with subtests.test(path):
            took, waited = [], []
            for _ in range(_ROUNDS):
                begun, spent = perf_counter(), process_time()
                answer = await site.get(path, headers=headers)
                size = len(await answer.read())
                took.append((process_time() - spent) * 1_000)
                waited.append((perf_counter() - begun) * 1_000)
            print(f"{path}: {median(took):.1f} ms of a core, {min(waited):.1f} ms at best, {size / 1_000:.0f} kB")
            assert answer.status == 200
            assert size < _MOST_BYTES
            assert median(took) < _MOST_MS * _SLACK
