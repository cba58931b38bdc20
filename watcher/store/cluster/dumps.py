"""
Dumps: what the push service and the watches have in a PostgreSQL, saved by its `pg_dump`, and put back.

| schema | in a dump | put back |
|---|---|---|
| `push` | all of it, but for the number of its epoch | whole |
| `watcher` | the sealed secrets; the watches, their states, histories and messages | these, in a new epoch |
| | no kept pages, and no questions | the leases of the present go on, as nobody's |
| `procrastinate` | nothing: jobs are made anew by whoever starts | as it is, or made by the next start |

All of a restore is one transaction, its new epoch too: the dump's statements are handed from `pg_restore` to `psql` by
this process, and it says COMMIT once both have done all of them. Whoever of the three is killed before, nothing is
changed. The schemas that were there are renamed, and never removed.

A dump is SQL of whoever made it, run with the rights of whoever restores it, so only archives that one trusts may be
restored. `\\restrict` keeps it from commands of the shell; SQL that ends the transaction is noticed, and told.
"""

from __future__ import annotations

import os
import re
import select
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Final

from msgspec import Struct
from sqlalchemy import URL, Connection

from watcher.core.words import clean, one_line
from watcher.errors import StoreError, UsageError
from watcher.store.archive import CURSORS, NUMBERS_LEFT_OUT
from watcher.store.cluster import watch_schema
from watcher.store.cluster.backups import backup_turn, note_backup
from watcher.store.cluster.watch_tables import state
from watcher.store.old_place import moved_error
from watcher.store.postgresql.connections import VERSION, looking
from watcher.store.postgresql.programs import Programs, address_of, programs_for, started
from watcher.store.postgresql.urls import name_of, parse
from watcher.store.push import postgresql
from watcher.store.push.copying import people_of
from watcher.store.push.dialect import LOCKS, WRITE_LOCK
from watcher.store.push.presence import without_servers
from watcher.store.push.schema import HEAD, revision
from watcher.store.push.server_side import moved_to
from watcher.store.records import new_epoch
from watcher.store.schemas import CLUSTER, PUSH

_OURS: Final = (PUSH, CLUSTER)
_NO_DATA: Final = (
    "push.epoch",
    "watcher.lease",
    "watcher.engine",
    "watcher.backup",
    "watcher.page",
    "watcher.request",
)
_CHUNK_BYTES: Final = 1024 * 1024
_MAX_LINE_BYTES: Final = 1024
_LOOK_SECONDS: Final = 0.5
"""So long a program that says nothing may hold up the end of this process."""
_BYTES: Final = """
SELECT coalesce(sum(pg_table_size(c.oid)), 0)::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('push', 'watcher') AND c.relkind = 'r'
"""
_STATES: Final = "SELECT count(*) FROM watcher.state"

# What stands before the dump's own statements, and after them.
_BEGIN: Final = f"""\
BEGIN;
SET LOCAL lock_timeout = '60s';
SELECT pg_advisory_xact_lock({LOCKS}, {WRITE_LOCK});
SELECT pg_current_xact_id() AS transaction \\gset
"""
_FINISH: Final = """
SELECT pg_current_xact_id()::text <> :'transaction' AS has_ended \\gset
\\if :has_ended
    DO $$ BEGIN RAISE EXCEPTION 'the backup itself has ended the transaction: it is none of ours'; END $$;
\\endif
SELECT coalesce(max(version_num), '') AS revision, coalesce(max(version_num) > '{head}', false) AS is_newer
FROM push.alembic_version \\gset
\\if :is_newer
    \\echo newer :revision
    \\quit
\\endif
DO $$
BEGIN
    IF to_regnamespace('watcher') IS NULL AND to_regnamespace('{old}') IS NOT NULL THEN
        ALTER SCHEMA {old} RENAME TO watcher;
    END IF;
    IF to_regclass('{old}.lease') IS NOT NULL THEN
        CREATE TABLE IF NOT EXISTS watcher.lease (LIKE {old}.lease INCLUDING ALL);
        INSERT INTO watcher.lease (name, epoch, since, renewed) SELECT name, epoch + 1, since, renewed FROM {old}.lease;
    END IF;
    IF to_regclass('{old}.engine') IS NOT NULL THEN
        CREATE TABLE IF NOT EXISTS watcher.engine (LIKE {old}.engine INCLUDING ALL);
        INSERT INTO watcher.engine SELECT * FROM {old}.engine;
    END IF;
END $$;
DO $$
BEGIN
    IF to_regclass('watcher.cluster') IS NOT NULL THEN
        IF (SELECT works_since > '{watch_head}' FROM watcher.cluster) THEN
            RAISE EXCEPTION 'the tables of watches in the backup are of a newer watcher';
        END IF;
        UPDATE watcher.cluster SET epoch = '{watch_epoch}';
    END IF;
END $$;
{grants}INSERT INTO push.epoch (single, number) VALUES (1, {epoch});
DO $$
DECLARE numbers text;
BEGIN
    FOREACH numbers IN ARRAY '{{{sequences}}}'::text[]
    LOOP
        PERFORM setval(numbers, nextval(numbers) + {left_out});
    END LOOP;
END $$;
DO $$
DECLARE restored text;
BEGIN
    FOR restored IN SELECT oid::regclass::text FROM pg_class
        WHERE relnamespace IN (to_regnamespace('push'), to_regnamespace('watcher')) AND relkind = 'r'
    LOOP
        EXECUTE 'ANALYZE ' || restored;  -- by itself PostgreSQL plans for a minute as if the tables were empty
    END LOOP;
END $$;
SELECT coalesce(string_agg(nspname, ' '), '') AS aside FROM pg_namespace WHERE nspname = ANY ('{{{aside}}}') \\gset
\\echo done :aside
"""
# What others than the owner were granted went away with the schemas that were renamed.
_GRANTS: Final = """
DO $$
DECLARE said text;
BEGIN
    FOR said IN
        SELECT format('GRANT %s ON %s TO %s%s', privilege_type, object,
            CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
            CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM (
            SELECT 'SCHEMA {new}' AS object, nspowner AS owner, nspacl AS acl FROM pg_namespace WHERE nspname = '{old}'
            UNION ALL
            SELECT format('{new}.%I', relname), relowner, relacl FROM pg_class
            WHERE relnamespace = to_regnamespace('{old}') AND relkind IN ('r', 'S')
            AND to_regclass(format('{new}.%I', relname)) IS NOT NULL
        ) AS before, aclexplode(acl) AS granted
        WHERE grantee <> owner AND to_regnamespace('{new}') IS NOT NULL
    LOOP
        EXECUTE said;
    END LOOP;
END $$;
"""
_COMMIT: Final = b"COMMIT;\n"
_ENDED: Final = f"SELECT pg_advisory_xact_lock({LOCKS}, {WRITE_LOCK})"
"""Waits for that of `_BEGIN`: before, nobody knows what a transaction comes to whose answer was lost."""
_RESTRICTED: Final = re.compile(rb"(?:(?:--[^\n]*)?\n)*\\restrict [0-9A-Za-z]+\n")
"""How a program begins that lets nothing of a dump's be a command to psql (CVE-2025-8714)."""
_UPDATE: Final = (
    "the pg_restore here lets a backup run commands on this machine: update postgresql-client, to 13.22, 14.19, 15.14, "
    "16.10, 17.6 or newer"
)


class Dump:
    """Saves what the push service and the watches have in one database."""

    def __init__(self, url: str) -> None:
        """Raises ConfigError: the URL names none."""
        self._url = parse(url)
        self._is_cancelled = threading.Event()

    @property
    def shown(self) -> str:
        """The database, as messages show it."""
        return name_of(self._url)

    def size_bytes(self) -> int:
        """Return how large the tables are: a dump has less. Raises StoreError."""
        with looking(self._url, schema=PUSH) as connection:
            return int(connection.exec_driver_sql(_BYTES).scalar_one())

    def require_programs(self) -> Programs:
        """Return PostgreSQL's programs. Raises StoreError: there are none that fit, or the database is not reached."""
        with looking(self._url, schema=PUSH) as connection:
            return programs_for(self._url, connection.exec_driver_sql(f"SELECT {VERSION}").scalar_one())

    def __call__(self, target: Path) -> None:
        """
        Write a dump that can be read to its end; `target` is made, and private. It blocks.

        Raises:
            UsageError: there are no tables.
            StoreError: the database, one of PostgreSQL's programs or the disk refused, or it was cancelled.
        """
        programs = self.require_programs()
        with looking(self._url, schema=PUSH) as connection:
            _require_rows(self._url, connection)
        arguments = ["--format=custom", "--no-owner", "--no-privileges", "--no-password", "--lock-wait-timeout=60000"]
        arguments += [f"--schema={name}" for name in _OURS]
        arguments += [f"--exclude-table-data={name}" for name in _NO_DATA]
        name, environment = address_of(self._url)
        with (
            os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
            started(programs.command("pg_dump", *arguments, f"--dbname={name}"), environment) as program,
        ):
            self._take(program.output, file)
            if (wrong := program.end()) is not None:
                raise StoreError(f"{self.shown} was not saved, pg_dump says: {wrong}")
            file.flush()
            os.fsync(file.fileno())
        self._read_through(programs, target)

    @property
    def is_cancelled(self) -> bool:
        """`cancel` was called: whoever made the dump ends."""
        return self._is_cancelled.is_set()

    def cancel(self) -> None:
        """Break off what is under way in another thread."""
        self._is_cancelled.set()

    def turn(self, *, now: datetime, every: timedelta) -> AbstractContextManager[bool]:
        """Give whether one is due, and no other server makes one; none does while this lasts. Raises StoreError."""
        return backup_turn(self._url, now=now, every=every)

    def note(self, at: datetime, where: str) -> None:
        """Note in the database that it was saved, and where to. Raises StoreError."""
        note_backup(self._url, at, where)

    def _read_through(self, programs: Programs, dump: Path) -> None:
        """Have everything in a dump unpacked once."""
        command = programs.command("pg_restore", "--file=-", dump)
        with started(command, os.environ) as program, Path(os.devnull).open("wb") as nowhere:
            self._take(program.output, nowhere)
            if (wrong := program.end()) is not None:
                raise StoreError(f"{self.shown} was not saved, pg_restore cannot read the dump: {wrong}")

    def _take(self, output: IO[bytes], file: IO[bytes]) -> None:
        while not self.is_cancelled:
            if not select.select([output], [], [], _LOOK_SECONDS)[0]:
                continue
            if not (chunk := os.read(output.fileno(), _CHUNK_BYTES)):
                return
            file.write(chunk)
        raise StoreError(f"{self.shown} was not saved: this process ends")


class PutBack(Struct, frozen=True, kw_only=True):
    """
    A dump that was put back.

    Attributes:
        shown: the database, as messages show it.
        aside: the schemas where what was there is now.
    """

    shown: str
    aside: Sequence[str]


def put_back(url: str, dump: Path, *, epoch: int, stamp: str, may_replace: bool) -> PutBack:
    """
    Make what is in a dump that of a database, in this epoch. It blocks.

    Args:
        stamp: of the time, for the names of the schemas that are moved aside.
        may_replace: where people are there.

    Raises:
        ConfigError: the URL names no database.
        UsageError: somebody is there; or the dump is of a newer watcher.
        LockedError: a server uses the database.
        StoreError: the database or one of PostgreSQL's programs refused; it says whether anything was changed.
    """
    parsed = parse(url)
    postgresql.prepare(parsed, is_made=False)
    with without_servers(parsed):
        with looking(parsed, schema=PUSH) as connection:
            if not may_replace:
                _require_nobody(parsed, connection)
            there = [name for name in _OURS if connection.dialect.has_schema(connection, name)]
            programs = programs_for(parsed, connection.exec_driver_sql(f"SELECT {VERSION}").scalar_one())
            aside = {name: _unused(connection, f"{name}_before_restore_{stamp.lower()}") for name in there}
        begin = _BEGIN + "".join(f"ALTER SCHEMA {name} RENAME TO {new};\n" for name, new in aside.items())
        try:
            kept = _feed(parsed, programs, dump, begin=begin, finish=_finish(aside, epoch))
        except StoreError as error:
            kept = _kept_after(parsed, aside, epoch, error)
    return PutBack(shown=name_of(parsed), aside=[name for name in aside.values() if name in kept])


def _finish(aside: Mapping[str, str], epoch: int) -> str:
    grants = "".join(_GRANTS.format(new=name, old=before) for name, before in aside.items())
    names = ",".join(aside.values())
    watches = {"watch_head": watch_schema.HEAD, "watch_epoch": new_epoch()}
    old = aside.get(CLUSTER, "nowhere")
    cursors = {"sequences": ", ".join(f"push.{table}_id_seq" for table in CURSORS), "left_out": NUMBERS_LEFT_OUT}
    return _FINISH.format(head=HEAD, epoch=epoch, old=old, grants=grants, aside=names, **watches, **cursors)


def _feed(url: URL, programs: Programs, dump: Path, *, begin: str, finish: str) -> Sequence[str]:
    """
    Restore; return which schemas were moved aside.

    Raises:
        UsageError: the dump is of a newer watcher.
        StoreError: it failed, or nobody knows.
    """
    line = b""
    name, environment = address_of(url)
    reading = programs.command("pg_restore", "--no-owner", "--no-privileges", "--file=-", dump)
    quiet = ("--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", f"--output={os.devnull}", "--file=-")
    writing = programs.command("psql", *quiet, f"--dbname={name}")
    with started(reading, environment) as source, started(writing, environment, is_fed=True) as target:
        try:
            target.input.write(begin.encode())
            chunk = source.output.read(_CHUNK_BYTES)
            if chunk:
                require_restricted(chunk)
            while chunk:
                target.input.write(chunk)
                chunk = source.output.read(_CHUNK_BYTES)
            if (wrong := source.end()) is not None:
                raise StoreError(f"pg_restore says: {wrong}")
            target.input.write(finish.encode())
            target.input.flush()
            line = target.output.readline(_MAX_LINE_BYTES)
            if line.startswith(b"done"):
                target.input.write(_COMMIT)
            target.input.close()
        except BrokenPipeError:  # it says why
            line = line or target.output.readline(_MAX_LINE_BYTES)
        if (wrong := target.end()) is not None:
            raise StoreError(wrong)
        return _moved_aside(url, line.decode(errors="replace"))


def _moved_aside(url: URL, line: str) -> Sequence[str]:
    """Return which schemas were moved aside, of what `_FINISH` says. Raises UsageError, StoreError: it was not done."""
    word, _, rest = line.partition(" ")
    match word.strip():
        case "done":
            return rest.split()
        case "newer":
            found = one_line(clean(rest.strip()))
            raise UsageError(
                f"{name_of(url)}: nothing was restored: the backup is of a newer watcher (revision {found}, this one "
                f"knows {HEAD})"
            )
        case _:
            raise StoreError("psql ended before all of it was done")


def require_restricted(beginning: bytes) -> None:
    """Raise StoreError: what begins so was written by a pg_restore that lets a dump have commands for psql."""
    if not _RESTRICTED.match(beginning):
        raise StoreError(_UPDATE)


def _kept_after(url: URL, aside: Mapping[str, str], epoch: int, error: StoreError) -> Sequence[str]:
    """
    Return which schemas there are after a restore that was done, and whose answer was lost.

    Args:
        aside: the schemas of before, and what each was to become.

    Raises:
        StoreError: it was not done, or nobody knows; it says what was changed.
    """
    try:
        found, is_restored = _state_after(url, aside, epoch)
    except StoreError as silence:
        raise StoreError(
            f"{name_of(url)}: it may have been restored, for now it does not answer: {error}; once it does, say the "
            "same command again, with --replace where it was"
        ) from silence
    if is_restored:
        return found
    if sorted(found) == sorted(aside):
        raise StoreError(f"{name_of(url)}: nothing was restored: {error}") from error
    there = ", ".join(found)
    raise StoreError(
        f"{name_of(url)}: it failed, but a part was restored; the schemas there are {there}: {error}"
    ) from error


def _state_after(url: URL, aside: Mapping[str, str], epoch: int) -> tuple[Sequence[str], bool]:
    """Return which schemas there are once the transaction of a restore has ended, and whether it was committed."""
    with looking(url, schema=PUSH) as connection:
        connection.exec_driver_sql(_ENDED)
        connection.rollback()  # what is seen is of the first statement
        found = [each for each in (*_OURS, *aside.values()) if connection.dialect.has_schema(connection, each)]
        is_there = connection.dialect.has_table(connection, "epoch", schema=PUSH)
        numbers = connection.exec_driver_sql("SELECT number FROM push.epoch").scalars().all() if is_there else []
        return found, epoch in numbers


def _require_rows(url: URL, connection: Connection) -> None:
    if (place := moved_to(connection)) is not None:
        raise moved_error(name_of(url), place)
    if revision(connection) is None:
        raise UsageError(f"{name_of(url)} has no tables yet: there is nothing to save")


def _require_nobody(url: URL, connection: Connection) -> None:
    found = revision(connection)
    people = None if found is None else people_of(connection) if found == HEAD else f"tables of revision {found}"
    people = people or _watches_of(connection)
    if people:
        raise UsageError(
            f"{name_of(url)} has {people}: name an empty database, or say --replace, which moves aside what is there"
        )


def _watches_of(connection: Connection) -> str | None:
    """Return how many watches were checked, where any were."""
    is_there = connection.dialect.has_table(connection, state.name, schema=CLUSTER)
    number = connection.exec_driver_sql(_STATES).scalar_one() if is_there else 0
    return f"the states of {number} watches" if number else None


def _unused(connection: Connection, name: str) -> str:
    """Return this name of a schema, or the first with a number behind it that none has."""
    number, found = 1, name
    while connection.dialect.has_schema(connection, found):
        number += 1
        found = f"{name}_{number}"
    return found
