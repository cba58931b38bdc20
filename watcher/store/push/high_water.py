"""
The high-water mark of a PostgreSQL: the highest numbers that it has given, as a data directory remembers them.

A database that was put back by PostgreSQL's own means (a base backup, a point in time, a standby that lacks the newest
commits) would give the same numbers to other messages, and readers who remember how far they have read
(`Last-Event-ID`, `since=`) would never see those. So each new connection looks before its first write:

| it finds | it does |
|---|---|
| what is remembered | nothing |
| PostgreSQL was started since | skips numbers of messages, deliveries and events: nobody may remember the last ones |
| lower numbers than that | skips all numbers, ends all leases, begins an epoch of the watches, leaves a notice |

The mark is written at most once a second, to `postgresql.position` in the data directory.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import Connection

from watcher.store.damage import POSTGRESQL_POSITION
from watcher.store.files import write_durably
from watcher.store.notices import notice_file, notice_text
from watcher.store.postgresql.connections import changing
from watcher.store.postgresql.urls import parse
from watcher.store.push import postgresql
from watcher.store.records import new_epoch
from watcher.store.schemas import PUSH

SKIPPED: Final = 100_000
"""More numbers than are given in the second before a start of PostgreSQL."""
RENEWED: Final = 100_000_000
"""So many are skipped where nobody remembers how many were given."""
NUMBERS: Final = """
SELECT extract(epoch FROM pg_postmaster_start_time())::text, json_build_object(
    'messages_id_seq', (SELECT max(id) FROM push.messages),
    'deliveries_id_seq', (SELECT max(id) FROM push.deliveries),
    'delivery_events_id_seq', (SELECT max(id) FROM push.delivery_events)
)
"""
"""Asks for what `HighWater.learn` takes: of rows, for a number that a sequence gave may not be on the disk yet."""
_FOUND: Final = """
SELECT extract(epoch FROM pg_postmaster_start_time())::text, json_object_agg(sequencename, coalesce(last_value, 0))
FROM pg_sequences WHERE schemaname IN ('push', 'watcher')
"""
_SKIP: Final = """
SELECT setval(
    format('%%I.%%I', schemaname, sequencename)::regclass,
    greatest(last_value, (%(above)s::jsonb ->> sequencename)::bigint, 0) + %(skipped)s
) FROM pg_sequences WHERE schemaname IN ('push', 'watcher') AND (%(are_all)s OR %(above)s::jsonb ? sequencename)
"""
_HAS_WATCHES: Final = "SELECT to_regclass('watcher.cluster') IS NOT NULL"
_END_LEASES: Final = "UPDATE watcher.lease SET epoch = epoch + %(skipped)s, owner = NULL"
_BEGIN_EPOCH: Final = "UPDATE watcher.cluster SET epoch = %(epoch)s"
_log = logging.getLogger(__name__)


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """
    How far a PostgreSQL has come.

    Attributes:
        started: when it was started, as its own clock said; empty: it was never looked at.
        numbers: the highest of each sequence of `NUMBERS`, by its name.
    """

    started: str = ""
    numbers: Mapping[str, int] = {}


class HighWater:
    """What one process remembers. Used from any thread."""

    def __init__(self, name: str, data: Path | None) -> None:
        """
        Args:
            name: of the database, as messages show it.
            data: the data directory; None: it is forgotten with the process.
        """
        self._name = name
        self._data = data
        self._lock = threading.Lock()
        self._mark = _read(data / POSTGRESQL_POSITION) if data else Mark()

    def learn(self, started: str, numbers: Mapping[str, int | None]) -> None:
        """Remember what `NUMBERS` found; not where PostgreSQL was started since: the next write looks at it first."""
        with self._lock:
            if self._mark.started in ("", started):
                self._keep(started, {name: number or 0 for name, number in numbers.items()})

    def recognise(self, connection: Connection) -> None:
        """Skip numbers, where that is wanted, in transactions of its own. Raises DBAPIError."""
        with self._lock:
            started, sequences = connection.exec_driver_sql(_FOUND).one()
            found, before = sequences or {}, self._mark
            if any(found.get(name, number) < number for name, number in before.numbers.items()):
                self._tell(started, found)
                with postgresql.writing(connection, postgresql.Share.NOTHING):
                    _begin_epoch(connection)
                    connection.commit()
                _skip(connection, before.numbers, SKIPPED, are_all=True)  # last: no rollback takes it back
            elif before.started not in ("", started):
                _skip(connection, before.numbers, SKIPPED, are_all=False)
            self._keep(started, {})

    def _tell(self, started: str, found: Mapping[str, int]) -> None:
        counted = ", ".join(
            f"{number:,} instead of {self._mark.numbers[name]:,} {name.removesuffix('_id_seq')}"
            for name, number in found.items()
            if name in self._mark.numbers
        )
        summary = "The database was put back to an older state"
        text = (
            f"{self._name} has {counted}. What came in between is lost. Nothing more need be done: new messages have "
            "numbers above all that were given before, and watches tell again what changed since that state."
        )
        _log.error("%s: %s", summary, text)
        file = notice_file("postgresql", f"{started}-{max(found.values(), default=0)}")
        self._write(file, notice_text(summary, text, datetime.now(UTC)))

    def _keep(self, started: str, numbers: Mapping[str, int]) -> None:
        before = self._mark
        highest = {name: max(number, before.numbers.get(name, 0)) for name, number in numbers.items()}
        self._mark = Mark(started=started, numbers={**before.numbers, **highest})
        if self._mark != before:
            self._write(POSTGRESQL_POSITION, msgspec.json.encode(self._mark).decode())

    def _write(self, name: str, text: str) -> None:
        if self._data is None:
            return
        try:
            (self._data / name).parent.mkdir(mode=0o700, exist_ok=True)
            write_durably(self._data / name, text)
        except OSError as error:
            _log.warning("cannot write %s: %s", self._data / name, error)


def renew_at(url: str) -> None:
    """Skip numbers in the database at this URL, where nobody remembers any. Raises ConfigError, StoreError."""
    with changing(parse(url), schema=PUSH) as connection:
        _begin_epoch(connection)
        _skip(connection, {}, RENEWED, are_all=True)


def _begin_epoch(connection: Connection) -> None:
    """End all leases, and begin an epoch of the watches: what processes have in memory of either is refused."""
    if connection.exec_driver_sql(_HAS_WATCHES).scalar_one():
        connection.exec_driver_sql(_END_LEASES, {"skipped": SKIPPED})
        connection.exec_driver_sql(_BEGIN_EPOCH, {"epoch": new_epoch()})


def _skip(connection: Connection, above: Mapping[str, int], skipped: int, *, are_all: bool) -> None:
    """Let sequences go on so far above what they have given, and above these: those that are named, or all."""
    named = msgspec.json.encode(above).decode()
    connection.exec_driver_sql(_SKIP, {"above": named, "skipped": skipped, "are_all": are_all})


def _read(file: Path) -> Mark:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Mark)
    except FileNotFoundError:
        return Mark()
    except (OSError, msgspec.MsgspecError) as error:
        _log.warning("%s is not read, so numbers that were given before are not known: %s", file, error)
        return Mark()
