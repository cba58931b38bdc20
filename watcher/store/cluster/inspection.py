"""A look at a PostgreSQL from outside: its clock, connections and archive of WAL, and what our role may do there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from psycopg import Error
from sqlalchemy import URL, text

from watcher.errors import StoreError
from watcher.store.cluster.backups import SavedDatabase, newest_backup
from watcher.store.cluster.cluster_row import refuse_moved_cluster
from watcher.store.cluster.leases import living_workers
from watcher.store.postgresql.connections import VERSION, Connection, conninfo_of
from watcher.store.postgresql.errors import to_store_error
from watcher.store.postgresql.programs import programs_for
from watcher.store.postgresql.urls import parse
from watcher.store.push.dialect import LOCKS, SERVER_LOCK
from watcher.store.push.server_side import ServerSide
from watcher.store.schemas import SCHEMAS

_ANSWER_SECONDS: Final = 5.0
_CLOCK: Final = "SELECT clock_timestamp()"
# Superusers' own connections are nobody else's; a limit of -1 is none.
_CONNECTIONS: Final = """
SELECT least(
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
    nullif(datconnlimit, -1), nullif(rolconnlimit, -1)
) FROM pg_database, pg_roles WHERE datname = current_database() AND rolname = current_user
"""
_USED: Final = "SELECT sum(numbackends)::int FROM pg_stat_database"
_SERVERS: Final = text("""
SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE locktype = 'advisory' AND classid = :locks AND objid = :server AND objsubid = 2 AND granted
AND datname = current_database()
""")
_HAS_WORKERS: Final = "SELECT to_regclass('watcher.worker') IS NOT NULL"
_ARCHIVER: Final = """
SELECT current_setting('archive_mode') <> 'off', last_archived_time, last_failed_time FROM pg_stat_archiver
"""
_RIGHTS: Final = """
SELECT has_database_privilege(current_database(), 'CREATE'), coalesce(bool_and(
    has_schema_privilege(n.oid, 'USAGE') AND CASE c.relkind
        WHEN 'S' THEN has_sequence_privilege(c.oid, 'USAGE') AND has_sequence_privilege(c.oid, 'SELECT')
            AND has_sequence_privilege(c.oid, 'UPDATE')
        ELSE has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
            AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE')
    END
), true), coalesce(bool_and(pg_has_role(c.relowner, 'USAGE')), true)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'S') AND n.nspname = ANY(%(schemas)s)
"""
_SCHEMAS: Final = "SELECT count(*) FROM pg_namespace WHERE nspname = ANY(%(schemas)s)"
_VERSION: Final = f"SELECT {VERSION}"
_PROCESS: Final = "SELECT pg_backend_pid()"


class Rights(Struct, frozen=True, kw_only=True):
    """
    What our role may do.

    Attributes:
        create: make schemas in the database.
        write: read and change the rows of every table, and give the new ones their ids.
        migrate: change the tables, whose owner it is.
    """

    create: bool
    write: bool
    migrate: bool


class Archiver(Struct, frozen=True, kw_only=True):
    """What PostgreSQL says of archiving its write-ahead log, by which it can be brought to any moment."""

    is_on: bool
    archived_at: datetime | None
    failed_at: datetime | None

    @property
    def is_failing(self) -> bool:
        """The newest try failed."""
        return self.failed_at is not None and (self.archived_at is None or self.failed_at > self.archived_at)


class Facts(Struct, frozen=True, kw_only=True):
    """
    What was found.

    Attributes:
        ahead: its clock, of ours; it may be less than nothing.
        connections: how many our role may have of all, by whatever limits them most.
        used: by everybody now.
        servers, workers: of ours that run with the database; `watcher run` is one of each.
        is_made: all of our schemas are there.
        is_pooled: statements of one connection are answered by one process of PostgreSQL after another.
        missing_programs: why PostgreSQL's programs cannot save it from here; None: they can.
    """

    ahead: timedelta
    connections: int
    used: int
    servers: int
    workers: int
    is_made: bool
    archiver: Archiver
    rights: Rights
    saved: SavedDatabase | None
    is_pooled: bool
    missing_programs: str | None


def require_answer(url: str, *, seconds: float) -> None:
    """Ask for an answer within so long. It blocks. Raises ConfigError: the URL names no database; StoreError: none."""
    with ServerSide(url).looking(answer_seconds=seconds) as connection:
        connection.exec_driver_sql(_CLOCK)


def require_cluster(url: str, *, seconds: float) -> None:
    """Ask for an answer within so long. It blocks. Raises as `require_answer`; ConfigError: it was moved elsewhere."""
    with ServerSide(url).looking(answer_seconds=seconds) as connection:
        refuse_moved_cluster(connection)


def look_at(url: str, *, now: Callable[[], datetime], seconds: float, ttl: timedelta) -> Facts:
    """
    Return what there is to say of a database, and wait so long for each answer. It blocks.

    `ttl`: so long after its last renewal a worker lives.

    Raises ConfigError: the URL names none; StoreError.
    """
    parsed = parse(url)
    with ServerSide(url).looking(answer_seconds=seconds) as connection:
        ask, ours = connection.exec_driver_sql, {"schemas": list(SCHEMAS)}
        asked_at = now()
        answered = ask(_CLOCK).scalar_one()
        between = asked_at + (now() - asked_at) / 2
        is_on, archived_at, failed_at = ask(_ARCHIVER).one()
        create, write, migrate = ask(_RIGHTS, ours).one()
        return Facts(
            ahead=answered - between,
            connections=ask(_CONNECTIONS).scalar_one(),
            used=ask(_USED).scalar_one(),
            servers=connection.execute(_SERVERS, {"locks": LOCKS, "server": SERVER_LOCK}).scalar_one(),
            workers=len(living_workers(connection, ttl)) if write and ask(_HAS_WORKERS).scalar_one() else 0,
            is_made=ask(_SCHEMAS, ours).scalar_one() == len(SCHEMAS),
            archiver=Archiver(is_on=is_on, archived_at=archived_at, failed_at=failed_at),
            rights=Rights(create=create, write=write, migrate=migrate),
            saved=newest_backup(connection) if write else None,
            is_pooled=is_pooled(parsed),
            missing_programs=_missing_programs(parsed, ask(_VERSION).scalar_one()),
        )


def is_pooled(url: URL) -> bool:
    """
    Return whether a pooler hands out connections by transaction: LISTEN and locks of a session are lost there.

    While another connection holds the process that answered first, another one answers. Raises StoreError.
    """
    try:
        with _connection(url) as one, _connection(url) as other:
            first = one.execute(_PROCESS).fetchone()
            with other.transaction():
                other.execute(_PROCESS)
                return one.execute(_PROCESS).fetchone() != first
    except Error as error:
        raise to_store_error(url, error) from error


def _connection(url: URL) -> Connection:
    connection = Connection.connect(conninfo_of(url), autocommit=True, connect_timeout=5)
    connection.answer_seconds = _ANSWER_SECONDS
    return connection


def _missing_programs(url: URL, version: int) -> str | None:
    try:
        programs_for(url, version)
    except StoreError as error:
        return str(error)
    return None
