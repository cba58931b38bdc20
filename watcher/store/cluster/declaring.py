"""
Declaring: what an origin says becomes its rows, in one transaction.

It is copied into a table of the transaction's own and compared there, so that a file of millions that changed in three
places changes three rows. One at a time declares, behind a lock; who reads waits for none of it.
Who saves a check locks rows in the same order: of declarations, by their ids, then of `checked`, then of `state`. So
what is saved of a watch that goes to another shard goes there with it, or finds that it is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, text

from watcher.config.declared import DeclaredWatch
from watcher.core.shards import shard_of
from watcher.errors import RemovesMuchError, StaleGenerationError, UsageError
from watcher.store.postgresql.connections import driver_of, long_statements

FILES: Final = "files"
"""Whose rows are of `watcher apply`, where nobody names another origin."""
CONSOLE: Final = "console"
CHANNEL: Final = "watcher_declared"
"""Of NOTIFY, with the number of a new generation."""
MOST_NAMED: Final = 1_000
"""Of the watches that a change names; it counts all."""
_FEW: Final = 3
_FREELY_REMOVED: Final = 3
_LARGEST_PART: Final = 5
"""More than a fifth of what there was is not removed unless somebody says so."""
_KEY: Final = 0x77617464_65636C61
"""Of nobody else in this database, whoever they are; spells "watdecla"."""
_PATIENCE: Final = text("SET LOCAL lock_timeout = '60s'")
_LOCK: Final = text("SELECT pg_advisory_xact_lock(:key)")
_IS_MADE: Final = text("SELECT to_regclass('watcher.declaration') IS NOT NULL")
_CLUSTER: Final = text("SELECT generation, host_shards FROM watcher.cluster")
_NEWEST: Final = text(
    "SELECT number, digest, frame FROM watcher.generation WHERE origin = :origin ORDER BY number DESC LIMIT 1"
)
_DECLARED: Final = text(
    'CREATE TEMPORARY TABLE declared (watch text COLLATE "C" PRIMARY KEY, shard integer NOT NULL, host text NOT NULL, '
    'body text NOT NULL, was text COLLATE "C") ON COMMIT DROP'
)
_COPY: Final = "COPY pg_temp.declared (watch, shard, host, body, was) FROM STDIN"
_COUNT: Final = text("ANALYZE pg_temp.declared")  # nobody else does, and the joins below are planned by it
_COUNT_DIFFERENCE: Final = text("ANALYZE pg_temp.difference")
_TAKEN: Final = text(
    "SELECT DISTINCT watch, origin FROM (SELECT watch FROM pg_temp.declared "
    "UNION ALL SELECT was FROM pg_temp.declared WHERE was IS NOT NULL) AS said "
    "JOIN watcher.declaration USING (watch) WHERE origin <> :origin AND NOT is_gone ORDER BY watch LIMIT 4"
)
_DIFFERENCE: Final = text(
    "CREATE TEMPORARY TABLE difference ON COMMIT DROP AS "
    "SELECT watch, CASE WHEN found.watch IS NULL OR found.is_gone THEN 'added' ELSE 'changed' END AS kind "
    "FROM pg_temp.declared LEFT JOIN watcher.declaration AS found USING (watch) "
    "WHERE found.watch IS NULL OR found.is_gone "
    "OR (found.body, found.host, found.shard) IS DISTINCT FROM (declared.body, declared.host, declared.shard) "
    "UNION ALL SELECT watch, CASE WHEN watch IN (SELECT was FROM pg_temp.declared) THEN 'renamed' ELSE 'removed' END "
    "FROM watcher.declaration AS found WHERE origin = :origin AND NOT is_gone "
    "AND NOT EXISTS (SELECT 1 FROM pg_temp.declared WHERE declared.watch = found.watch)"
)
_KINDS: Final = text("SELECT kind, count(*) AS number FROM pg_temp.difference GROUP BY kind")
_NAMED: Final = text("SELECT watch FROM pg_temp.difference WHERE kind = :kind ORDER BY watch LIMIT :most")
_LIVING: Final = text("SELECT count(*) FROM watcher.declaration WHERE origin = :origin AND NOT is_gone")
_HOLD: Final = text(
    "SELECT count(*) FROM (SELECT FROM watcher.declaration AS found JOIN pg_temp.difference USING (watch) "
    "ORDER BY found.watch FOR NO KEY UPDATE OF found) AS held"
)
_MOVE: Final = (
    "UPDATE watcher.{table} AS kept SET shard = moved.shard FROM ("
    "SELECT kept.watch, declared.shard FROM pg_temp.difference JOIN pg_temp.declared USING (watch) "
    "JOIN watcher.{table} AS kept USING (watch) WHERE kept.shard <> declared.shard "
    "ORDER BY kept.watch FOR UPDATE OF kept) AS moved WHERE kept.watch = moved.watch"
)
_MOVES: Final = tuple(_MOVE.format(table=table) for table in ("checked", "state"))
_COPY_STATE: Final = (
    "INSERT INTO watcher.{table} (watch, sequence, record, shard) SELECT own.watch, sequence, record, own.shard "
    "FROM pg_temp.renamed AS own JOIN watcher.{table} AS former ON former.watch = was ON CONFLICT (watch) DO UPDATE "
    "SET sequence = excluded.sequence, record = excluded.record, shard = excluded.shard"
)
_RENAMED: Final = (  # as `core.renaming` says
    "CREATE TEMPORARY TABLE renamed ON COMMIT DROP AS SELECT declared.watch, declared.shard, was FROM pg_temp.declared "
    "JOIN watcher.checked AS former ON former.watch = was LEFT JOIN watcher.checked AS own "
    "ON own.watch = declared.watch WHERE coalesce(own.sequence, 0) < former.sequence "
    "AND NOT EXISTS (SELECT FROM watcher.change WHERE change.watch = declared.watch)",
    # In no shard: what a late check of a former watch saw is not saved, but seen by the new one.
    "UPDATE watcher.checked AS former SET shard = -1 FROM pg_temp.renamed WHERE former.watch = was",
    _COPY_STATE.format(table="checked"),
    _COPY_STATE.format(table="state"),
    "INSERT INTO watcher.change (watch, sequence, record) SELECT renamed.watch, sequence, record FROM pg_temp.renamed "
    "JOIN watcher.change AS former ON former.watch = was",
    "INSERT INTO watcher.page (watch, record) SELECT renamed.watch, record FROM pg_temp.renamed "
    "JOIN watcher.page AS former ON former.watch = was ON CONFLICT (watch) DO UPDATE SET record = excluded.record",
)
_PUT: Final = text(
    "INSERT INTO watcher.declaration (watch, origin, shard, host, generation, body, is_gone) "
    "SELECT watch, :origin, shard, host, :number, body, false "
    "FROM pg_temp.declared JOIN pg_temp.difference USING (watch) "
    "ON CONFLICT (watch) DO UPDATE SET origin = excluded.origin, shard = excluded.shard, host = excluded.host, "
    "generation = excluded.generation, body = excluded.body, is_gone = false"
)
_REMOVE: Final = text(
    "UPDATE watcher.declaration AS found SET is_gone = true, generation = :number "
    "FROM pg_temp.difference WHERE kind IN ('removed', 'renamed') AND difference.watch = found.watch"
)
_BEGIN: Final = text("UPDATE watcher.cluster SET generation = :number")
_NOTE: Final = text(
    "INSERT INTO watcher.generation (number, origin, applied_at, applied_by, frame, digest) "
    "VALUES (:number, :origin, clock_timestamp(), :by, :frame, :digest)"
)
_NOTIFY: Final = text(f"SELECT pg_notify('{CHANNEL}', CAST(:number AS text))")


class Named(Struct, frozen=True, kw_only=True):
    """
    Watches of a change.

    Attributes:
        number: of all.
        first: the first MOST_NAMED of their ids, in order.
    """

    number: int = 0
    first: tuple[str, ...] = ()


class AppliedRows(Struct, frozen=True, kw_only=True):
    """
    What differs between what was declared and the rows.

    Attributes:
        generation: that was made; where nothing differs, or nothing was to be changed, the newest one.
        before: how many watches the origin had.
        renamed: by their former ids.
        is_framed: what is said besides the watches differs, which may concern all.
    """

    generation: int
    before: int = 0
    added: Named = Named()
    changed: Named = Named()
    removed: Named = Named()
    renamed: Named = Named()
    is_framed: bool = False

    @property
    def is_anything(self) -> bool:
        """Whether anything differs."""
        return self.is_framed or any(each.number for each in (self.added, self.changed, self.removed, self.renamed))

    @property
    def removes_much(self) -> bool:
        """Whether so many are removed that somebody has to say that it is meant."""
        return self.removed.number > max(_FREELY_REMOVED, self.before / _LARGEST_PART)


class WantedRows(Struct, frozen=True, kw_only=True):
    """
    What is to be declared.

    Attributes:
        origin: whose rows are meant, all of them.
        frame: empty: that of the files.
        digest: of all of it.
        applied_by: for people.
        expected: the generation that it was made from; None: it is the whole truth, whatever others did.
    """

    origin: str
    frame: str
    watches: Mapping[str, DeclaredWatch]
    digest: str
    applied_by: str
    expected: int | None = None


def declare(wanted: WantedRows, connection: Connection, *, is_dry: bool, may_delete: bool) -> AppliedRows:
    """Make the rows of an origin what it declares; as `DeclarationStore.apply`."""
    if is_dry and not connection.scalar(_IS_MADE):
        return _first(wanted)
    with long_statements(connection):
        connection.execute(_PATIENCE)
        connection.execute(_LOCK, {"key": _KEY})
        return _declare(wanted, connection, is_dry=is_dry, may_delete=may_delete)


def _declare(wanted: WantedRows, connection: Connection, *, is_dry: bool, may_delete: bool) -> AppliedRows:
    newest, shards = connection.execute(_CLUSTER).one()
    known = connection.execute(_NEWEST, {"origin": wanted.origin}).first()
    before = connection.execute(_LIVING, {"origin": wanted.origin}).scalar_one()
    if known is not None and known.digest == wanted.digest:
        return AppliedRows(generation=newest, before=before)  # also where the answer to our own commit was lost
    if wanted.expected not in (None, newest):
        raise StaleGenerationError("somebody else has declared watches meanwhile")
    _copy(wanted.watches, shards, connection)
    _refuse_others(wanted, connection)
    connection.execute(_DIFFERENCE, {"origin": wanted.origin})
    connection.execute(_COUNT_DIFFERENCE)
    is_framed = known is not None and known.frame != wanted.frame
    applied = _applied(connection, generation=newest, before=before, is_framed=is_framed)
    if is_dry:
        return applied
    if applied.removes_much and not may_delete:
        raise RemovesMuchError(_too_many(wanted, applied))
    _change(wanted, newest + 1, connection)
    return replace(applied, generation=newest + 1)


def _copy(watches: Mapping[str, DeclaredWatch], shards: int, connection: Connection) -> None:
    shard = lru_cache(maxsize=100_000)(partial(shard_of, shards=shards))
    connection.execute(_DECLARED)
    with driver_of(connection).cursor() as cursor, cursor.copy(_COPY) as copy:
        for id_, watch in watches.items():
            copy.write_row((id_, shard(watch.host), watch.host, watch.body, watch.was))
    connection.execute(_COUNT)


def _refuse_others(wanted: WantedRows, connection: Connection) -> None:
    taken = connection.execute(_TAKEN, {"origin": wanted.origin}).all()
    if not taken:
        return
    named = ", ".join(f"{row.watch} ({row.origin})" for row in taken[:_FEW])
    more = " and others" if len(taken) > _FEW else ""
    raise UsageError(
        f"already declared by another origin: {named}{more}; give them other ids here, or remove them there first"
    )


def _applied(connection: Connection, *, generation: int, before: int, is_framed: bool) -> AppliedRows:
    numbers = {row.kind: row.number for row in connection.execute(_KINDS)}
    named = {
        kind: Named(number=number, first=tuple(connection.scalars(_NAMED, {"kind": kind, "most": MOST_NAMED})))
        for kind, number in numbers.items()
    }
    return AppliedRows(generation=generation, before=before, is_framed=is_framed, **named)


def _first(wanted: WantedRows) -> AppliedRows:
    """Return what is different from a database without tables."""
    ids = sorted(wanted.watches, key=str.encode)
    return AppliedRows(generation=0, added=Named(number=len(ids), first=tuple(ids[:MOST_NAMED])))


def _too_many(wanted: WantedRows, applied: AppliedRows) -> str:
    named = ", ".join(applied.removed.first[:_FEW])
    return (
        f"this removes {applied.removed.number:,} of the {applied.before:,} watches of the origin `{wanted.origin}` "
        f"({named}, …), and nothing was changed: --dry-run names more, --delete-missing says that it is meant, "
        "and --origin says whose watches a file has"
    )


def _change(wanted: WantedRows, number: int, connection: Connection) -> None:
    # The declarations first: a first state that comes meanwhile is there before this goes on, or is refused. All that
    # there are at once, in their order: those that are put and those that are removed would each have one of its own.
    connection.execute(_HOLD)
    connection.execute(_PUT, {"origin": wanted.origin, "number": number})
    for statement in (*_RENAMED, *_MOVES):
        connection.exec_driver_sql(statement)
    connection.execute(_REMOVE, {"number": number})
    connection.execute(_BEGIN, {"number": number})
    connection.execute(
        _NOTE,
        {
            "number": number,
            "origin": wanted.origin,
            "by": wanted.applied_by,
            "frame": wanted.frame,
            "digest": wanted.digest,
        },
    )
    connection.execute(_NOTIFY, {"number": number})
