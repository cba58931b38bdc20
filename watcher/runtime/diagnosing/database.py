"""Subscribers and messages in a PostgreSQL: whether it answers, fits and is saved, and what strangers made there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from watcher.core.findings import Check, Finding, doubtful, fine, wrong
from watcher.core.settings import Settings
from watcher.core.wording import said_by, worded
from watcher.errors import WatcherError
from watcher.runtime.databases import Tables, tables
from watcher.runtime.diagnosing import counts
from watcher.runtime.serving.service import database_of
from watcher.runtime.settings import utc_now
from watcher.store.backups import EVERY
from watcher.store.inspection import ago, is_backup_missing, strangers_findings
from watcher.store.postgresql.extra import needing_extra
from watcher.store.schemas import GRANT_ADVICE

if TYPE_CHECKING:
    from watcher.store.cluster.inspection import Archiver, Facts, Rights  # with SQLAlchemy and psycopg

CONNECTIONS: Final = 26 + 2
"""
The most that one server takes: 13 for the push service and its duties, 10 for who looks at the watches of the cluster,
3 amid housekeeping; 2 amid a backup, for its turn, and for `pg_dump` or the note of it.
"""
WORKER_CONNECTIONS: Final = 23
"""The most that one worker takes."""
_OF_SUPERUSERS: Final = 3
"""Of max_connections, which are nobody else's, where nothing else is set there."""
CLOCK_OFF: Final = timedelta(seconds=5)
"""What servers note of messages is by their own clocks, and what expires by that of the database."""
_REACH: Final = worded(
    "doctor_reach_database", "mend what it says; the address is that of --database or WATCHER_DATABASE"
)
_UPGRADE: Final = worded(
    "doctor_migrate",
    "the next start of `watcher run` or `watcher serve` migrates them, or `watcher database upgrade` now",
)


class DatabaseAnswer:
    """Whether the PostgreSQL answers that settings name: asked once for all looks at it, in one thread."""

    def __init__(self, settings: Settings, *, seconds: float) -> None:
        """`seconds`: how long it waits for one that stands still."""
        self._settings = settings
        self._seconds = seconds
        self._asking: asyncio.Task[None] | None = None

    async def require(self) -> None:
        """Return once it has answered. Raises ConfigError: none is named; StoreError: it does not, in time."""
        if self._asking is None:
            asking = asyncio.to_thread(_require_answer, self._settings, self._seconds)
            self._asking = asyncio.create_task(asking, name="ask the database")
            # Whoever waited may be gone by then.
            self._asking.add_done_callback(lambda asked: asked.cancelled() or asked.exception())
        await asyncio.wait([self._asking])
        self._asking.result()


async def check_database(settings: Settings, answer: DatabaseAnswer, *, seconds: float) -> Sequence[Finding]:
    """
    Return whether the database answers, after how long, and whether it is as servers need it.

    `seconds`: how long it waits for a PostgreSQL that stands still.
    """
    try:
        await answer.require()
        began = time.monotonic()
        found = await tables(settings)
        answered = tables_finding(found, seconds=time.monotonic() - began)
        facts = await asyncio.to_thread(database_facts, settings, seconds)
    except WatcherError as error:
        return [wrong(Check.DATABASE, said_by(error), _REACH)]
    return [
        answered,
        *watch_tables_findings(found.watches),
        *pooler_findings(facts.is_pooled),
        *rights_findings(facts.rights, is_made=found.revision is not None and facts.is_made),
        connections_finding(facts),
        clock_finding(facts.ahead),
    ]


def _require_answer(settings: Settings, seconds: float) -> None:
    with needing_extra():
        from watcher.store.cluster.inspection import require_answer

    require_answer(settings.database or "", seconds=seconds)


def database_facts(settings: Settings, seconds: float) -> Facts:
    """Return what the database says of itself and its servers. Blocks. Raises ConfigError, StoreError."""
    with needing_extra():
        from watcher.cluster.leases import TTL
        from watcher.store.cluster.inspection import look_at

    return look_at(settings.database or "", now=utc_now, seconds=seconds, ttl=TTL)


def tables_finding(found: Tables, *, seconds: float) -> Finding:
    """Return what tables that were looked at in so many seconds mean."""
    answered = worded(
        "doctor_answered", "{place} answered within {seconds} s", place=found.place, seconds=f"{seconds:.2f}"
    )
    if found.revision is None:
        text = worded("doctor_no_tables", "{answered}; it has no tables yet: a start makes them", answered=answered)
        return fine(Check.DATABASE, text)
    text = worded(
        "doctor_tables", "{answered}; its tables have revision {revision}", answered=answered, revision=found.revision
    )
    if found.revision == found.newest:
        return fine(Check.DATABASE, text)
    text = worded(
        "doctor_other_tables", "{text}, and this version of watcher makes {newest}", text=text, newest=found.newest
    )
    if found.revision > found.newest:
        return wrong(Check.DATABASE, text, worded("doctor_run_newer", "run the newer version that made them"))
    return doubtful(Check.DATABASE, text, _UPGRADE)


def watch_tables_findings(found: Tables | None) -> Sequence[Finding]:
    """Return what is not as it should be of the tables of watches."""
    if found is None or found.revision in (None, found.newest):
        return []
    text = worded(
        "doctor_other_watch_tables",
        "its tables of watches have revision {revision}, and this version of watcher makes {newest}",
        revision=found.revision,
        newest=found.newest,
    )
    if found.revision > found.newest:
        return [doubtful(Check.DATABASE, text, worded("doctor_update", "update this one as well"))]
    return [doubtful(Check.DATABASE, text, _UPGRADE)]


def pooler_findings(is_pooled: bool) -> Sequence[Finding]:
    """Return that a pooler stands between, where one does."""
    if not is_pooled:
        return []
    text = worded(
        "doctor_pooler",
        "a pooler hands out its connections by transaction: locks and notices, which belong to a session, are lost",
    )
    advice = worded("doctor_no_pooler", "give PostgreSQL's own address, or let the pooler hand out sessions")
    return [wrong(Check.DATABASE, text, advice)]


def rights_findings(rights: Rights, *, is_made: bool) -> Sequence[Finding]:
    """
    Return what the role lacks; nothing where it lacks nothing.

    Args:
        is_made: all schemas and their tables are there.
    """
    if not rights.write:
        text = worded("doctor_no_rights", "the role may not read and write every table")
        return [wrong(Check.DATABASE, text, GRANT_ADVICE)]
    if not (rights.create or is_made):
        advice = worded(
            "doctor_grant_create",
            "let its owner say GRANT CREATE ON DATABASE … TO this role, or {grant}",
            grant=GRANT_ADVICE,
        )
        return [wrong(Check.DATABASE, worded("doctor_no_create", "the role may not make the tables"), advice)]
    if not (rights.create and rights.migrate):
        text = worded(
            "doctor_no_migrate",
            "the role may not change the tables; "
            "before a new version runs, say `watcher database upgrade` with the role that owns the tables",
        )
        return [fine(Check.DATABASE, text)]
    return []


def connections_finding(facts: Facts) -> Finding:
    """Return whether those that run find room for all that they may open, and one more server does."""
    text = worded(
        "doctor_connections",
        "{used} of {most} connections are in use, by {servers} and {workers} of ours and others",
        used=facts.used,
        most=facts.connections,
        servers=counts.servers(facts.servers),
        workers=counts.workers(facts.workers),
    )
    takes = worded(
        "doctor_takes",
        "a server takes {of_server}, a worker {of_worker}",
        of_server=CONNECTIONS,
        of_worker=WORKER_CONNECTIONS,
    )
    needed = (facts.servers + 1) * CONNECTIONS + facts.workers * WORKER_CONNECTIONS
    if needed > facts.connections:
        text = worded("doctor_no_room", "{text}: no room for one more server once all are busy", text=text)
        advice = worded(
            "doctor_raise_connections",
            "raise max_connections (or the role's limit) to {number} or more: {takes}",
            number=needed + _OF_SUPERUSERS,
            takes=takes,
        )
        return doubtful(Check.DATABASE, text, advice)
    if facts.connections - facts.used < CONNECTIONS:
        text = worded("doctor_little_room", "{text}: a server that starts may be refused", text=text)
        advice = worded(
            "doctor_look_for_connections", "raise max_connections, or look who has them: {takes}", takes=takes
        )
        return doubtful(Check.DATABASE, text, advice)
    return fine(Check.DATABASE, text)


def clock_finding(ahead: timedelta) -> Finding:
    """Return whether the database's clock agrees with ours."""
    if abs(ahead) <= CLOCK_OFF:
        return fine(Check.CLOCK, worded("doctor_database_clock", "the database's clock agrees with this machine's"))
    seconds = f"{abs(ahead).total_seconds():.0f}"
    if ahead > timedelta(0):
        text = worded(
            "doctor_database_ahead", "the database's clock is {seconds} s ahead of this machine's", seconds=seconds
        )
    else:
        text = worded(
            "doctor_database_behind", "the database's clock is {seconds} s behind this machine's", seconds=seconds
        )
    advice = worded("doctor_set_clocks", "let both be set: `timedatectl set-ntp true` there and here")
    return doubtful(Check.CLOCK, text, advice)


def check_backups(settings: Settings, *, now: datetime, seconds: float) -> Sequence[Finding]:
    """Return how old the newest backup of the database is. Blocks. Raises ConfigError, StoreError."""
    facts = database_facts(settings, seconds)
    is_missing = is_backup_missing(settings.data, now)
    return [*archiver_findings(facts.archiver), saved_finding(facts, now=now, is_missing=is_missing)]


def archiver_findings(archiver: Archiver) -> Sequence[Finding]:
    """Return whether PostgreSQL archives its write-ahead log, where it is told to."""
    if not archiver.is_on:
        return []
    if archiver.is_failing:
        text = worded(
            "doctor_archive_fails",
            "PostgreSQL has failed to archive its write-ahead log since {since} UTC",
            since=f"{archiver.failed_at:%Y-%m-%d %H:%M}",
        )
        advice = worded(
            "doctor_look_at_archive", "look at its log and at archive_command there; its disk fills up meanwhile"
        )
        return [wrong(Check.BACKUPS, text, advice)]
    if archiver.archived_at is None:
        return [fine(Check.BACKUPS, worded("doctor_archives", "PostgreSQL archives its write-ahead log"))]
    text = worded(
        "doctor_archived",
        "PostgreSQL archives its write-ahead log, the newest at {time} UTC",
        time=f"{archiver.archived_at:%Y-%m-%d %H:%M}",
    )
    return [fine(Check.BACKUPS, text)]


def saved_finding(facts: Facts, *, now: datetime, is_missing: bool) -> Finding:
    """
    Return how old the newest backup of the database is.

    Args:
        is_missing: one should have been made by now.
    """
    hinders = facts.missing_programs or worded(
        "doctor_look_at_logs", "look at the servers' logs for what hinders the daily one"
    )
    if facts.saved is None:
        if facts.archiver.is_on or not is_missing:
            text = worded(
                "doctor_will_save",
                "the database was not saved by watcher yet: "
                "a server does, a minute after its start, or `watcher backup`",
            )
            return fine(Check.BACKUPS, text)
        text = worded("doctor_not_saved", "the database was not saved by watcher yet")
        return doubtful(Check.BACKUPS, text, hinders)
    age = now - facts.saved.made_at
    text = worded("doctor_saved", "the database was saved {ago}: {place}", ago=ago(age), place=facts.saved.place)
    if age > 2 * EVERY and not facts.archiver.is_on:
        return doubtful(Check.BACKUPS, text, hinders)
    return fine(Check.BACKUPS, text)


def check_strangers(settings: Settings, *, now: datetime, seconds: float) -> Sequence[Finding]:
    """Return whether strangers made as much in the last 24 hours as they may. Raises StoreError."""
    from watcher.store.push.looking import looking

    with looking(database_of(settings), answer_seconds=seconds) as tx:
        return strangers_findings(tx.made.today(at=now))
