"""Rows that a test reads or writes beside the push service, wherever that keeps them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import psycopg

from watcher.core.databases import ClusterDatabase, DatabasePlace

_ELSEWHERE: Final = "postgresql.url"
"""The file that says where a database is, in the place of one."""


def note_place(database: Path, place: ClusterDatabase) -> None:
    """Let a PostgreSQL be in the place of a file."""
    database.with_name(_ELSEWHERE).write_text(place.url, encoding="utf-8")


def place_of(database: Path) -> DatabasePlace:
    """Return where the push service of a test keeps what it knows: this file, or what is noted in its place."""
    noted = database.with_name(_ELSEWHERE)
    if not noted.exists():
        return database
    return ClusterDatabase(url=noted.read_text(encoding="utf-8"), data=database.parent)


def run(database: Path, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Do a statement; return the rows that it gives, if any."""
    place = place_of(database)
    if isinstance(place, ClusterDatabase):
        return _run_there(place.url, statement.replace("%", "%%").replace("?", "%s"), values)
    with closing(sqlite3.connect(database)) as connection, connection:
        return connection.execute(statement, values).fetchall()


def skip_numbers(database: Path, table: str, number: int) -> None:
    """Let so many numbers of a table have been given out."""
    if isinstance(place_of(database), ClusterDatabase):
        run(database, "SELECT setval(?, nextval(?) + ?)", *[f"{table}_id_seq"] * 2, number)
    else:
        run(database, "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = ?", number, table)


def _run_there(url: str, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, options="-c search_path=push") as connection:
        done = connection.execute(statement.encode(), values)
        return done.fetchall() if done.description else []
