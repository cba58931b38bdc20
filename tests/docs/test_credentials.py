"""
docs/accounts.md says of each credential and address of an application what becomes of it.

A column may hold one by its name, or by its type: a text of the length of a digest or a drawn secret, or bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, Text

from tests.docs.markdown import DOCS
from watcher.store.push.tables import metadata

ACCOUNTS: Final = DOCS / "accounts.md"
TREATED: Final = "What becomes of what opens an application"
HARMLESS: Final = "What opens no application"
_NAMES: Final = re.compile(
    "ur[il]|link|key|token|hash|secret|pass|sign|slug|digest|code|uid|spt|openid|fingerprint|value|address|mailbox|body"
    "|host|moved_from|bearer|cookie|credential|record_id"
)
_DIGEST: Final = 32
_COLUMN: Final = re.compile(r"`([a-z_]+\.[a-z_]+)`")


def rows_under(heading: str, document: Path = ACCOUNTS) -> list[list[str]]:
    """Return the cells of each row of the table under a heading."""
    section = document.read_text(encoding="utf-8").partition(f"# {heading}\n")[2].partition("\n#")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:] if not line.startswith("|--")]


def columns_under(heading: str) -> Mapping[str, list[str]]:
    """Return the row of each column of the database that a table under a heading names."""
    cell = 1 if heading == TREATED else 0
    return {name: row for row in rows_under(heading) for name in _COLUMN.findall(row[cell])}


def may_open(column: Column[object]) -> bool:
    """Return whether a column may hold what opens something: a secret, its digest, or an address."""
    if _NAMES.search(column.name) and not re.search("_(at|until)$|(?<!record)_id$", column.name):
        return True
    kind = column.type
    return isinstance(kind, LargeBinary) or (isinstance(kind, String) and (kind.length or 0) >= _DIGEST)


def suspects(tables: Iterable[Table]) -> set[str]:
    return {f"{table.name}.{column.name}" for table in tables for column in table.c if may_open(column)}


def test_each_column_that_may_open_something_is_in_the_document() -> None:
    treated, harmless = columns_under(TREATED), columns_under(HARMLESS)
    assert suspects(metadata.sorted_tables) - treated.keys() - harmless.keys() == set()
    assert treated.keys() & harmless.keys() == set()
    known = {f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.c}
    assert (treated.keys() | harmless.keys()) - known == set()


def test_each_row_says_what_becomes_of_it() -> None:
    assert {len(row) for row in rows_under(TREATED)} == {6}
    assert {len(row) for row in rows_under(HARMLESS)} == {2}
    assert all(cell for row in rows_under(TREATED) + rows_under(HARMLESS) for cell in row)


@pytest.mark.parametrize(
    "column",
    [
        Column("push_url", Text),
        Column("bearer", Text),
        Column("opened_by", String(64)),
        Column("sealed", LargeBinary),
        Column("key_hash", String(16)),
    ],
    ids=lambda column: column.name,
)
def test_a_column_that_is_added_is_seen(column: Column[object]) -> None:
    assert suspects([Table("planted", MetaData(), column, Column("name", Text))]) == {f"planted.{column.name}"}
