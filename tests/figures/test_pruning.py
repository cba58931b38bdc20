"""How long a send waits while old messages are removed (`FIGURES=full`: 500,000). Meant: half a second at worst."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tests.figures.machine import UNLIMITED, Town, found_town, serving
from tests.figures.readers import sending
from tests.sizes import FIGURES

_OLD: Final = FIGURES.sized(3_000, 500_000)
_MOST_SECONDS: Final = 0.5
_BOUND_SECONDS: Final = 1_200
_KEEP: Final = (*UNLIMITED[:-1], "--keep-messages", "30d", UNLIMITED[-1])


async def test_a_send_waits_for_no_removal_of_old_messages(tmp_path: Path) -> None:
    town = await found_town(tmp_path, 200)
    _make_old_messages(town)
    took: list[float] = []
    began = time.perf_counter()
    async with serving(tmp_path, _KEEP) as server, sending(server, town) as sender:
        had = server.processor_seconds()
        while _left(town) and time.perf_counter() - began < _BOUND_SECONDS:
            took += [await sender.to_user(f"message {len(took)}", town.uids[0]) for _ in range(10)]
        spent = server.processor_seconds() - had
    seconds = time.perf_counter() - began
    print(
        f"{_OLD - _left(town):,} of {_OLD:,} old messages removed within {seconds:.0f} s, {spent:.1f} s of a core; "
        f"{len(took):,} sends meanwhile, the slowest {max(took) * 1000:.0f} ms"
    )
    assert _left(town) == 0
    assert max(took) <= _MOST_SECONDS


def _make_old_messages(town: Town) -> None:
    """Store messages of two months ago, each to one reader."""
    then = int((datetime.now(UTC) - timedelta(days=60)).timestamp() * 1_000_000)
    of = {"most": _OLD, "app": town.app.id, "at": then}
    with closing(sqlite3.connect(town.data / "push.db")) as connection, connection:
        connection.execute(
            """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most) INSERT INTO messages
            (slug, app_id, summary, content, content_type, created_at)
            SELECT printf('%028d', i), :app, 'Message ' || i, hex(zeroblob(200)), 1, :at + i FROM n""",
            of,
        )
        connection.execute(
            """INSERT INTO targets (message_id, uid, code, status, record_id)
            SELECT id, printf('UID_%028d', id % 200), 1000, '', 1000000 + id FROM messages"""
        )
        connection.execute(
            """INSERT INTO deliveries (message_id, subscriber_id, channel, state, sent_at)
            SELECT id, 1 + id % 200, 'inbox', 'opened', created_at FROM messages"""
        )


def _left(town: Town) -> int:
    """Return how many of the old messages are left."""
    with closing(sqlite3.connect(f"file:{town.data}/push.db?mode=ro", uri=True)) as connection:
        (number,) = connection.execute("SELECT count(*) FROM messages WHERE slug LIKE '00000%'").fetchone()
    return int(number)
