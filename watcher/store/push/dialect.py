"""
What SQLite and PostgreSQL say in different words, and SQLAlchemy has no word of its own for.

SQLite's are the ones that are written here; PostgreSQL's are put in their place when a statement is compiled for it.
A list, however long, is handed over whole: one that SQLAlchemy expands (`in_(bindparam(…, expanding=True))`) is written
into the statement anew each time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    Select,
    String,
    Subquery,
    Table,
    TableValuedAlias,
    Text,
    TypeDecorator,
    bindparam,
    cast,
    collate,
    column,
    literal_column,
    select,
)
from sqlalchemy.dialects.sqlite import insert as insert  # PostgreSQL has the same words for what becomes of a row
from sqlalchemy.dialects.sqlite.dml import OnConflictDoNothing, OnConflictDoUpdate
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeEngine

POSTGRESQL: Final = "postgresql"
LOCKS: Final = 0x77617463
"""In a space of numbers that all programs in a database of PostgreSQL share."""
WRITE_LOCK: Final = 1
_ORDER_LOCK: Final = 2
SERVER_LOCK: Final = 3
BACKUP_LOCK: Final = 4
WATCH_ORDER_LOCK: Final = 5
_KEEP_ORDER: Final = f"SELECT pg_advisory_xact_lock({LOCKS}, {_ORDER_LOCK})"
_INT64_MAX: Final = 2**63 - 1


class _Json(TypeDecorator[Any]):
    """Integers in lists of lists, or in a mapping, handed over as JSON."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:  # noqa: ARG002
        return json.dumps(value)


class _List(TypeDecorator[Any]):
    """A list: handed to SQLite as JSON, and to PostgreSQL as an array."""

    impl = String
    cache_ok = True

    def __init__(self, element: TypeEngine[Any]) -> None:
        super().__init__()
        self.element = element

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self.element) if dialect.name == POSTGRESQL else String())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return _bounded(value) if dialect.name == POSTGRESQL else json.dumps(value)


def _bounded(elements: Iterable[Any]) -> list[Any]:
    """Return them; a number that no row can have finds nothing, as of `tables.Id`."""
    return [max(-_INT64_MAX, min(_INT64_MAX, each)) if isinstance(each, int) else each for each in elements]


class _Elements(GenericFunction[Any]):
    name = "json_each"
    identifier = "elements_of_a_list"
    inherit_cache = True


class _Pairs(GenericFunction[Any]):
    name = "json_each"
    identifier = "pairs_of_a_mapping"
    inherit_cache = True


class _Rows(GenericFunction[Any]):
    name = "json_each"
    identifier = "rows_of_a_list"
    inherit_cache = True


class _Cell(GenericFunction[Any]):
    """The integer of a row at a place."""

    identifier = "cell_of_a_row"
    inherit_cache = True
    type = BigInteger()


class _Like(GenericFunction[bool]):
    identifier = "is_like"
    inherit_cache = True
    type = Boolean()


class _Type(GenericFunction[str]):
    identifier = "type_of_a_json_object"
    inherit_cache = True
    type = Text()


class _Position(GenericFunction[int]):
    name = "instr"
    identifier = "position_in_a_text"
    inherit_cache = True
    type = BigInteger()


def numbers_of(name: str) -> Select[Any]:
    """Return a query for the integers of a list that is given as the parameter of this name."""
    return select(elements_of(name).c.value)


def texts_of(name: str) -> Select[Any]:
    """Return a query for the texts of a list that is given as the parameter of this name."""
    return select(_table_of(name, Text()).c.value)


def elements_of(name: str) -> TableValuedAlias:
    """Return the integers of such a list as a table with the column `value`."""
    return _table_of(name, BigInteger())


def _table_of(name: str, element: TypeEngine[Any]) -> TableValuedAlias:
    return _Elements(bindparam(name, type_=_List(element))).table_valued(column("value", element))


def pairs_of(name: str) -> Subquery:
    """Return the pairs of a mapping of integers, `key` and `value`, that is given as the parameter of this name."""
    pairs = _Pairs(bindparam(name, type_=_Json)).table_valued("key", "value")
    return select(cast(pairs.c.key, BigInteger).label("key"), pairs.c.value).subquery()


def rows_of(name: str, *columns: str) -> Subquery:
    """Return rows of integers, with columns of these names, that are given as a list of lists as this parameter."""
    each = _Rows(bindparam(name, type_=_Json)).table_valued("value").c.value
    cells = (_Cell(each, literal_column(str(place))).label(name) for place, name in enumerate(columns))
    return select(*cells).subquery()


def contains(text: ColumnElement[str] | ColumnElement[str | None], part: str) -> ColumnElement[bool]:
    """Ask for rows whose text contains another one; capitals of A to Z do not matter, and nothing is a wildcard."""
    pattern = part.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return _Like(text, bindparam(None, f"%{pattern}%", Text()))


def position_of(text: ColumnElement[str], part: str) -> ColumnElement[int]:
    """Ask where a text contains another one, from 1; 0: nowhere."""
    return _Position(text, bindparam(None, part, Text()))


def type_alone(text: ColumnElement[str]) -> ColumnElement[str]:
    """Ask for what is left of the JSON of an object without all but its `type`."""
    return _Type(text)


def keep_order(connection: Connection) -> None:
    """
    Let no other transaction store messages until this one has ended.

    Ids are given when rows are inserted, and seen when they are committed: whoever asks for `id > cursor` meanwhile
    would never see a lower one that is committed later. SQLite has one writer at a time. Taken as late as can be: what
    a send looks up before, others may do at the same time.
    """
    if connection.dialect.name == POSTGRESQL:
        connection.exec_driver_sql(_KEEP_ORDER)


def advance_sequence(connection: Connection, table: Table) -> None:
    """Let the numbers that come next be above those that were given from outside, as SQLite does by itself."""
    if connection.dialect.name == POSTGRESQL:
        sequence = f"{table.name}_id_seq"
        highest = f"greatest((SELECT max(id) FROM {table.name}), (SELECT last_value FROM {sequence}))"  # noqa: S608 - ours
        connection.exec_driver_sql(f"SELECT setval('{sequence}', {highest})")


def last_number(connection: Connection, table: Table) -> int:
    """Return the highest number that rows of a table were ever given, removed ones included; 0: none."""
    if connection.dialect.name == POSTGRESQL:
        sequence = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {table.name}_id_seq"  # noqa: S608 - ours
        return int(connection.exec_driver_sql(sequence).scalar_one())
    counted = "SELECT seq FROM sqlite_sequence WHERE name = ?"
    return int(connection.exec_driver_sql(counted, (table.name,)).scalar() or 0)


def set_sequence(connection: Connection, table: Table, number: int) -> None:
    """Let the number that comes next be the one after this."""
    if connection.dialect.name == POSTGRESQL:
        sequence = f"setval('{table.name}_id_seq', {max(number, 1):d}, {'true' if number else 'false'})"
        connection.exec_driver_sql(f"SELECT {sequence}")
        return
    connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
    connection.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table.name, number))


def by_bytes(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return what to order by, so that either database has texts in the same order: by their bytes."""
    is_text = connection.dialect.name == POSTGRESQL and isinstance(column.type, String)
    return collate(column, "C") if is_text else column


def _words(compiler: SQLCompiler, function: GenericFunction[Any]) -> list[str]:
    return [compiler.process(clause) for clause in function.clauses]


@compiles(_Cell)
def _cell(function: _Cell, compiler: SQLCompiler, **_: Any) -> str:
    row, place = _words(compiler, function)
    return f"json_extract({row}, '$[{place}]')"


@compiles(_Like)
def _like(function: _Like, compiler: SQLCompiler, **_: Any) -> str:
    text, pattern = _words(compiler, function)
    return rf"({text} LIKE {pattern} ESCAPE '\')"


@compiles(_Type)
def _type(function: _Type, compiler: SQLCompiler, **_: Any) -> str:
    (text,) = _words(compiler, function)
    return f"json_object('type', json_extract({text}, '$.type'))"


# In PostgreSQL's words


@compiles(_Like, POSTGRESQL)
def _postgresql_like(function: _Like, compiler: SQLCompiler, **_: Any) -> str:
    text, pattern = _words(compiler, function)
    return rf"""(({text}) COLLATE "C" ILIKE {pattern} ESCAPE '\')"""  # by other rules more than A to Z has capitals


@compiles(_Position, POSTGRESQL)
def _postgresql_position(function: _Position, compiler: SQLCompiler, **_: Any) -> str:
    text, part = _words(compiler, function)
    return f"strpos({text}, {part})"


@compiles(_Cell, POSTGRESQL)
def _postgresql_cell(function: _Cell, compiler: SQLCompiler, **_: Any) -> str:
    row, place = _words(compiler, function)
    return f"CAST({row} ->> {place} AS BIGINT)"


@compiles(_Elements, POSTGRESQL)
def _postgresql_elements(function: _Elements, compiler: SQLCompiler, **_: Any) -> str:
    (given,) = _words(compiler, function)
    return f"(SELECT value FROM unnest({given}) AS value)"  # noqa: S608 - a parameter's place


@compiles(_Pairs, POSTGRESQL)
def _postgresql_pairs(function: _Pairs, compiler: SQLCompiler, **_: Any) -> str:
    (given,) = _words(compiler, function)
    return f"(SELECT key, CAST(value AS BIGINT) AS value FROM jsonb_each_text(CAST({given} AS JSONB)))"  # noqa: S608 - a parameter's place


@compiles(_Rows, POSTGRESQL)
def _postgresql_rows(function: _Rows, compiler: SQLCompiler, **_: Any) -> str:
    (given,) = _words(compiler, function)
    return f"(SELECT value FROM jsonb_array_elements(CAST({given} AS JSONB)))"  # noqa: S608 - a parameter's place


@compiles(OnConflictDoNothing, POSTGRESQL)
def _do_nothing(clause: OnConflictDoNothing, compiler: Any, **options: Any) -> str:
    clause.constraint_target = None  # type: ignore[attr-defined]  # SQLite does not know constraints by name
    return str(compiler.visit_on_conflict_do_nothing(clause, **options))


@compiles(OnConflictDoUpdate, POSTGRESQL)
def _do_update(clause: OnConflictDoUpdate, compiler: Any, **options: Any) -> str:
    clause.constraint_target = None  # type: ignore[attr-defined]
    return str(compiler.visit_on_conflict_do_update(clause, **options))


@compiles(_Type, POSTGRESQL)
def _postgresql_type(function: _Type, compiler: SQLCompiler, **_: Any) -> str:
    (text,) = _words(compiler, function)
    return f"CAST(jsonb_build_object('type', CAST({text} AS JSONB) -> 'type') AS TEXT)"
