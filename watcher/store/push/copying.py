"""
Copying subscribers and messages from a data directory to a PostgreSQL, and back: every row as it is.

| step | a kill before its end leaves |
|---|---|
| the target gets all rows in one transaction, and they are compared | the target as it was |
| the target commits | the same |
| the old place remembers where they went | both places, until the copy is asked for again: it finds them equal |

What is remembered of watches goes along in the same transaction (`store/watch_copying.py`); where subscribers and
messages are at the target already, it goes alone.

Other writers wait at both sides all the while. Rows are read in slices, and what is compared is a count and a digest of
each table, in the order of its primary key. Ids, the epoch and the numbers that come next are kept, so cookies, tokens,
links and places in an inbox go on. The count of a file's commits stays: it is about the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, Table, func, select

from watcher.errors import StoreError, UsageError
from watcher.store.old_place import copied_error, moved_error
from watcher.store.push.dialect import POSTGRESQL, by_bytes, last_number, set_sequence
from watcher.store.push.epoch import epoch_of, set_epoch
from watcher.store.push.schema import HEAD, make, revision
from watcher.store.push.sides import Side
from watcher.store.push.tables import access_tokens, accounts, apps, commits, messages, metadata, subscribers
from watcher.store.watch_copying import WatchCopy

SLICE_ROWS: Final = 500
TABLES: Final = tuple(table for table in metadata.sorted_tables if table is not commits)
"""In an order in which whatever a row refers to comes before it."""
_PEOPLE: Final = (subscribers, messages, accounts, access_tokens)


class Plan(Struct, frozen=True, kw_only=True):
    """
    What a copy takes.

    Attributes:
        source, target: as they are shown.
        rows: of each table.
    """

    source: str
    target: str
    rows: Mapping[str, int]

    @property
    def slices(self) -> int:
        """How often a copy tells that it came further: for each slice, once copied and once compared."""
        return 2 * sum(-(-number // SLICE_ROWS) for number in self.rows.values())


class _Sum(Struct, frozen=True):
    """What is compared of a table."""

    rows: int
    digest: bytes
    last_number: int


def plan(source: Side, target: Side, watches: WatchCopy) -> Plan:
    """Return what a copy would take now, and change nothing. Raises as `copy`."""
    _refuse_same(source, target)
    if source.has_left_for(target):
        return _plan_watches(source, target, watches)
    source.require_there()
    with source.looking() as old, target.looking() as new:
        if old is None:  # since just now
            raise StoreError(f"{source.shown} is gone")
        _require_source(source, old, target)
        if new is not None:
            _require_target(source, old, target, new)
        are_wanted = _are_wanted(watches, old, new)
        return _plan(source, old, target, watches.counts(old) if are_wanted else {})


def copy(
    source: Side,
    target: Side,
    watches: WatchCopy,
    *,
    advance: Callable[[], None],
    before_leaving: Callable[[], None] = lambda: None,
) -> Plan:
    """
    Copy everything, have the old place refuse from then on, and return what was copied.

    Args:
        watches: of the same places.
        advance: is called for each slice that was copied or compared.
        before_leaving: is called when all is at the target, and the old place does not know it yet.

    Raises:
        UsageError: there is nothing to copy, or the target has people or watch states of its own.
        ConfigError: the source is an old place.
        LockedError: a server, a watcher or a worker uses one of them.
        StoreError: one of them refused, or what was stored differs; the source goes on as before.
    """
    _refuse_same(source, target)
    if source.has_left_for(target):
        return _copy_watches(source, target, watches, advance, before_leaving)
    source.require_there()
    with (
        source.alone(),
        target.alone(),
        watches.alone(),
        source.writing() as old,
        target.writing() as new,
    ):
        _require_source(source, old, target)
        _require_target(source, old, target, new)
        watches.hold(old, new)
        are_wanted = _are_wanted(watches, old, new)
        epoch = epoch_of(old)
        if not epoch:
            raise StoreError(f"{source.shown} has no epoch: start a server there once, and stop it")
        if _has_all(old, new):
            target.admit(new)
        else:
            _replace_all(old, new, target, advance)
        counts = watches.copy(old, new, advance) if are_wanted else {}
        copied = _plan(source, old, target, counts)
        if are_wanted:
            watches.target.arrive(new, source.shown)
        target.arrive(new, epoch)
        if are_wanted:
            watches.target.settle()
        before_leaving()
        watches.source.leave(old, target.shown)
        source.leave(old, target, epoch)
    return copied


def _are_wanted(watches: WatchCopy, old: Connection | None, new: Connection | None) -> bool:
    """Return whether there are watches to be copied, and the target takes them. Raises as `copy`."""
    if not watches.is_wanted(old):
        return False
    watches.require_target(old, new)
    return True


def _plan_watches(source: Side, target: Side, watches: WatchCopy) -> Plan:
    """Return what a copy of watches alone would take. Raises as `copy`."""
    with target.looking() as new:
        _require_watches(source, target, watches, new)
        return Plan(source=source.shown, target=target.shown, rows=watches.counts(None))


def _copy_watches(
    source: Side,
    target: Side,
    watches: WatchCopy,
    advance: Callable[[], None],
    before_leaving: Callable[[], None],
) -> Plan:
    """Copy watches alone: who they tell is at the target already, or was never here. Raises as `copy`."""
    with source.alone(), target.alone(), watches.alone(), target.writing() as new:
        _require_watches(source, target, watches, new)
        watches.hold(None, new)
        counts = watches.copy(None, new, advance)
        watches.target.arrive(new, source.shown)
        target.commit(new)
        watches.target.settle()
        before_leaving()
        watches.source.leave(None, target.shown)
    return Plan(source=source.shown, target=target.shown, rows=counts)


def _require_watches(source: Side, target: Side, watches: WatchCopy, new: Connection | None) -> None:
    if new is not None and (place := target.moved_to(new)) is not None:
        raise moved_error(target.shown, place)
    if not _are_wanted(watches, None, new):
        if watches.source.moved_to(None) is None:
            source.require_there()
        raise copied_error(source.shown, target.shown)


def _refuse_same(source: Side, target: Side) -> None:
    if source.shown == target.shown:
        raise UsageError(
            f"--to names {source.shown}, which is copied from; without --database and WATCHER_DATABASE "
            "the data directory is"
        )


def _require_source(source: Side, old: Connection, target: Side) -> None:
    if (place := source.moved_to(old)) is not None:
        raise (copied_error if place == target.shown else moved_error)(source.shown, place)
    if revision(old) != HEAD:
        raise StoreError(f"the tables of {source.shown} are of another version: run `watcher database upgrade` first")


def _require_target(source: Side, old: Connection, target: Side, new: Connection) -> None:
    found = revision(new)
    if found is None:
        return
    if found != HEAD:
        raise StoreError(f"the tables of {target.shown} are of another version: run `watcher database upgrade` first")
    if _is_old_place_of(old, target, new) or _has_all(old, new):
        return
    if people := people_of(new):
        raise UsageError(
            f"{target.shown} has {people} of its own, and a copy from {source.shown} would replace them: "
            "name an empty database or directory"
        )


def _is_old_place_of(old: Connection, target: Side, new: Connection) -> bool:
    """Return whether the rows there are what those here were, when they were moved."""
    return target.moved_to(new) is not None and epoch_of(old) == epoch_of(new)


def people_of(connection: Connection) -> str:
    """Return in words what is there of people; empty: nothing but what a first start makes."""
    counts = {table.name.replace("_", " "): _count(connection, table) for table in _PEOPLE}
    owned = select(func.count()).select_from(apps).where(apps.c.key.is_(None))
    counts["applications"] = connection.execute(owned).scalar_one()
    return ", ".join(f"{number} {name}" for name, number in counts.items() if number)


def _plan(source: Side, old: Connection, target: Side, watches: Mapping[str, int]) -> Plan:
    rows = {table.name: _count(old, table) for table in TABLES}
    return Plan(source=source.shown, target=target.shown, rows={**rows, **watches})


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _has_all(old: Connection, new: Connection) -> bool:
    """Return whether everything was copied before, by a copy that ended before the old place knew it."""
    if revision(new) != HEAD or not epoch_of(old) or epoch_of(old) != epoch_of(new):
        return False
    if any(_count(old, table) != _count(new, table) for table in TABLES):
        return False
    replaces_nul = _replaces_nul(new)
    return all(_sum(old, table, replaces_nul=replaces_nul) == _sum(new, table) for table in TABLES)


def _replace_all(old: Connection, new: Connection, target: Side, advance: Callable[[], None]) -> None:
    if revision(new) is None:
        make(new)
    target.admit(new)
    for table in reversed(TABLES):
        new.execute(table.delete())
    for table in TABLES:
        copied = _copy(old, new, table, advance)
        stored = _sum(new, table, advance=advance)
        if copied != stored:
            raise StoreError(
                f"{target.shown} has stored other rows of {table.name} than it was given "
                f"({copied.rows} given, {stored.rows} stored): nothing was copied"
            )
    set_epoch(new, epoch_of(old))


def _copy(old: Connection, new: Connection, table: Table, advance: Callable[[], None]) -> _Sum:
    """Copy the rows of a table, and return what is compared of those that were given."""

    def store(rows: Sequence[Mapping[str, Any]]) -> None:
        new.execute(table.insert(), rows)
        advance()

    copied = _sum(old, table, replaces_nul=_replaces_nul(new), advance=lambda: None, then=store)
    if table.dialect_options["sqlite"]["autoincrement"]:
        set_sequence(new, table, copied.last_number)
    return copied


def _sum(
    connection: Connection,
    table: Table,
    *,
    replaces_nul: bool = False,
    advance: Callable[[], None] = lambda: None,
    then: Callable[[Sequence[Mapping[str, Any]]], None] = lambda _: None,
) -> _Sum:
    """Return what is compared of a table; each slice of its rows is handed on."""
    number, digest = 0, hashlib.sha256()
    for rows in _slices(connection, table, replaces_nul=replaces_nul):
        number += len(rows)
        for row in rows:
            digest.update(msgspec.msgpack.encode(list(row.values())))
        then(rows)
        advance()
    is_counted = table.dialect_options["sqlite"]["autoincrement"]
    return _Sum(number, digest.digest(), last_number(connection, table) if is_counted else 0)


def _slices(connection: Connection, table: Table, *, replaces_nul: bool) -> Iterator[Sequence[dict[str, Any]]]:
    ordered = select(table).order_by(*(by_bytes(connection, column) for column in table.primary_key))
    found = connection.execute(ordered, execution_options={"yield_per": SLICE_ROWS})
    for rows in found.partitions():
        yield [_values(row, replaces_nul=replaces_nul) for row in rows]


def _values(row: Row[Any], *, replaces_nul: bool) -> dict[str, Any]:
    """Return a row by its columns, with its texts as the target keeps them."""
    if not replaces_nul:
        return dict(row._mapping)
    return {name: _without_nul(value) for name, value in row._mapping.items()}


def _without_nul(value: object) -> object:
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) else value


def _replaces_nul(connection: Connection) -> bool:
    """Return whether a database has no place for U+0000 (`postgresql._Text`)."""
    return connection.dialect.name == POSTGRESQL
