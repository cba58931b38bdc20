"""A town of subscribers in a PostgreSQL, and a bare program that writes there what a send writes."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg

from tests.figures.machine import Town, founded, names_of
from watcher.core.databases import ClusterDatabase
from watcher.push.ids import hash_token

_AT: Final = 1_700_000_000_000_000
_SETTLE: Final = (
    "INSERT INTO push.subscribers (id, uid, spt_hash, created_at) SELECT number, uid, spt, {at} FROM town",
    "INSERT INTO push.devices (subscriber_id, token_hash, created_at) SELECT number, device, {at} FROM town",
    "INSERT INTO push.subscriptions (subscriber_id, topic_id, created_at) SELECT number, {topic}, {at} FROM town",
    "INSERT INTO push.subscriptions (subscriber_id, app_id, created_at) SELECT number, {app}, {at} FROM town",
    "ANALYZE",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterTown(Town):
    """A town whose database is at a URL."""

    url: str

    @property
    def environment(self) -> Mapping[str, str]:
        """Of a server of it."""
        return {"WATCHER_DATABASE": self.url}

    def deliveries(self) -> int:
        """How many delivery rows are committed."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            return int(connection.execute("SELECT count(*) FROM push.deliveries").fetchall()[0][0])


async def found_cluster_town(url: str, data: Path, subscribers: int) -> ClusterTown:
    """Make a database with so many subscribers; through the store it would take a transaction for each."""
    app, token, topic = await founded(ClusterDatabase(url=url, data=data))
    uids, devices = names_of(subscribers)
    rows = [
        (number, uid, hash_token(f"SPT_{uid}"), hash_token(device))
        for number, (uid, device) in enumerate(zip(uids, devices, strict=True), start=1)
    ]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TEMPORARY TABLE town (number bigint, uid text, spt text, device text)")
        with connection.cursor() as cursor, cursor.copy("COPY town FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        for statement in _SETTLE:
            connection.execute(statement.format(at=_AT, topic=topic.id, app=app.id).encode())
    return ClusterTown(url=url, data=data, app=app, app_token=token, topic=topic, uids=uids, devices=devices)


def write_barely(town: ClusterTown, messages: int) -> float:
    """Write the rows of so many single sends, each with a commit and its sync; return how many a second."""
    with psycopg.connect(town.url) as connection:
        began = time.perf_counter()
        for number in range(messages):
            _write_rows(connection, town, number)
            connection.commit()
        return messages / (time.perf_counter() - began)


def _write_rows(connection: psycopg.Connection[Any], town: ClusterTown, number: int) -> None:
    at, index = time.time_ns() // 1_000, number % len(town.uids)
    message = connection.execute(
        "INSERT INTO push.messages (slug, app_id, summary, content, content_type, created_at) "
        "VALUES (%s, %s, %s, %s, 1, %s) RETURNING id",
        (secrets.token_urlsafe(), town.app.id, f"message {number}", f"message {number}", at),
    ).fetchall()[0][0]
    connection.execute(
        "INSERT INTO push.targets (message_id, uid, code, status, record_id) VALUES (%s, %s, 1000, %s, %s)",
        (message, town.uids[index], "创建发送任务成功", secrets.randbits(53)),
    )
    connection.execute(
        "INSERT INTO push.deliveries (message_id, subscriber_id, channel, state, sent_at) "
        "VALUES (%s, %s, 'inbox', 'sent', %s)",
        (message, index + 1, at),
    )
