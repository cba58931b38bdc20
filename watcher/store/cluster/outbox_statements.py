"""
How messages and events come into their tables, in the transaction of what they tell of.

Who reads either goes on from the highest place or number seen. Those are given at the insertion and seen at the commit,
so whoever inserts has a lock of the whole cluster from then to the commit, and nothing slow stands behind it. What goes
with time goes in the same transaction (`store/pruning.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection

from watcher.core.check import OutboxEntry, OutboxMessage, WatchEvent
from watcher.core.event_kinds import KEPT_EVENTS
from watcher.core.shards import shard_of
from watcher.store.pruning import AT_ONCE, DEAD_KEPT
from watcher.store.push.dialect import LOCKS, WATCH_ORDER_LOCK
from watcher.store.records import write_entry, write_event

OUTBOX_CHANNEL: Final = "watcher_outbox"
"""Of NOTIFY: the shards of topics for which messages came, with blanks between."""
_KEEP_ORDER: Final = f"SELECT pg_advisory_xact_lock({LOCKS}, {WATCH_ORDER_LOCK})"
_ADD: Final = f"""
WITH added AS (
    INSERT INTO watcher.outbox (message, topic_shard, is_dead, created_at, record)
    SELECT message, topic_shard, false, created_at, record
    FROM unnest(%(messages)s::text[], %(shards)s::int[], %(times)s::timestamptz[], %(records)s::text[])
    WITH ORDINALITY AS new (message, topic_shard, created_at, record, number) ORDER BY number
    ON CONFLICT (message) WHERE NOT is_dead DO NOTHING
    RETURNING topic_shard
)
SELECT pg_notify('{OUTBOX_CHANNEL}', string_agg(DISTINCT topic_shard::text, ' ')) FROM added HAVING count(*) > 0
"""  # noqa: S608 - ours
_DROP_OLD: Final = """
DELETE FROM watcher.outbox WHERE place IN (
    SELECT place FROM watcher.outbox WHERE is_dead AND created_at < %(before)s ORDER BY created_at LIMIT %(most)s
    FOR UPDATE SKIP LOCKED
)
"""
_NOTE: Final = """
WITH newest AS (SELECT coalesce(max(number), 0) AS number FROM watcher.event),
gone AS (
    DELETE FROM watcher.event WHERE number IN (
        SELECT number FROM watcher.event WHERE number <= (SELECT number FROM newest) + %(count)s - %(kept)s
        ORDER BY number LIMIT %(most)s
    )
)
INSERT INTO watcher.event (number, watch, record)
SELECT newest.number + new.number, watch, record
FROM newest, unnest(%(watches)s::text[], %(records)s::text[]) WITH ORDINALITY AS new (watch, record, number)
"""


def keep_order(connection: Connection) -> None:
    """
    Let no other transaction add messages or events until this one has ended.

    Before the first change of a row of the outbox, where messages are added after it: else two wait for each other.
    """
    connection.exec_driver_sql(_KEEP_ORDER)


def add_messages(connection: Connection, messages: Sequence[OutboxMessage], *, topic_shards: int) -> None:
    """Append messages, behind `keep_order`; one whose id lives there already stays as it is."""
    if not messages:
        return
    new = {
        "messages": [each.id for each in messages],
        "shards": [shard_of(each.topic, topic_shards) for each in messages],
        "times": [each.created_at for each in messages],
        "records": [write_entry(_entry(each)) for each in messages],
    }
    connection.exec_driver_sql(_ADD, new)
    newest = max(each.created_at for each in messages)
    connection.exec_driver_sql(_DROP_OLD, {"before": newest - DEAD_KEPT, "most": AT_ONCE})


def note_events(connection: Connection, events: Sequence[WatchEvent]) -> None:
    """Note events under the next numbers, behind `keep_order`."""
    if not events:
        return
    new = {
        "watches": [each.watch for each in events],
        "records": [write_event(each) for each in events],
        "count": len(events),
        "kept": KEPT_EVENTS,
        "most": AT_ONCE + len(events),
    }
    connection.exec_driver_sql(_NOTE, new)


def _entry(message: OutboxMessage) -> OutboxEntry:
    """Return a message as it begins; its order is its place in the table."""
    return OutboxEntry(message=message, order=0, attempts=0, due_at=message.created_at)
