"""What is left on the disk: the files of a data directory, the tables, the records of the watches, and a request."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import sqlite3
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from tests.cli.command import eventually
from tests.golden.place import fixed_site
from tests.golden.product import Product
from tests.golden.shapes import shape

_WATCHES: Final = """
topics: {{news: {{id: 103}}}}
defaults: {{topic: news, allow_private: true, keep_page: true, per_host: {{min_delay: 0s}}}}
watches:
  list:
    url: {url}/list
    every: 1d
    items: {{css: li, key: b, fields: {{seats: {{css: i, type: integer}}}}}}
    notify_when: [added, seats: {{below: 3}}, seats: {{new_low: 1d}}, seats: {{drops_by: 10%}}]
    group_within: 1h
  book:
    url: {url}/book
    every: 1d
    extract: {{price: {{css: p, type: money, max_step: 50%}}}}
    notify_when: [price: {{drops_by: 5%}}, price: {{below: 5}}]
    confirm: 2
"""
NOWHERE: Final = "--push http://127.0.0.1:9 --app-token AT_x --drain-timeout 0s"
"""With these, what is to be told stays in the outbox."""
_SEALED: Final = re.compile(r"#[0-9a-f]{16}(.*)", re.DOTALL)
_VERSION: Final = re.compile(r"\d+(\.\d+)+")
_CHANGING: Final = (
    (re.compile(r"\d{8}T\d{6}(\.\d+)?Z"), "TIME"),
    (re.compile(r"[0-9a-f]{32,}"), "HEX"),
)
_ROWS: Final = 2
"""Row, then value: keys that are data."""
_MAPS: Final = {
    **dict.fromkeys(("rows", "old", "new", "told", "peaks", "pasts", "fresh"), _ROWS),
    "progress": 2,
    "members": 1,
}


async def freeze(directory: Path) -> Mapping[str, str]:
    """Return what a watcher leaves that has told something, has something to tell, and was asked to accept."""
    product = Product.at(directory)
    async with fixed_site() as site:
        product.command.write(_WATCHES.format(url=site.url))
        for rows, price in (("abcdef", "10.00"), ("abcdefgh", "9.00"), ("abcdefghi", "1.00")):
            site.show("/list", "".join(f"<li><b>{name}</b> <i>9</i></li>" for name in rows))
            site.show("/book", f"<p>€ {price}</p>")
            checked = await product(f"check {NOWHERE if price == '1.00' else ''}")
            assert checked.status == (price == "1.00"), checked.err
        records = [*_records(product.data / "watches" / "cache.db")]
        await product.done("backup")
        request = await _request(product)
    return {
        "storage.files.txt": _text([*_files(product.data), "", *request]),
        "storage.records.txt": _text(records),
        "storage.tables.txt": _text([*_tables(product.data / "push.db")]),
    }


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


async def _request(product: Product) -> list[str]:
    """Return what a command leaves for a watcher that runs, and is not quick enough to take it."""
    async with product.serving("run", "http://push.example") as server:
        server.process.send_signal(signal.SIGSTOP)
        asked = asyncio.create_task(product.done("accept book --json"))

        async def posted() -> Path | None:
            found = (product.data / "requests").glob("[!.]*")
            return next(found, None)

        file = await eventually(posted)
        said = [f"requests/{_still(file.name)} · {_mode(file)} · {file.read_text(encoding='utf-8')}"]
        server.process.send_signal(signal.SIGCONT)
        await asked
    return said


def _files(data: Path) -> Iterator[str]:
    """Yield each file with its mode; of a backup also what is in it."""
    for path in sorted(data.rglob("*")):
        yield f"{_still(str(path.relative_to(data)))}{'/' if path.is_dir() else ''} · {_mode(path)}"
        if path.suffix == ".tar":
            with tarfile.open(path) as archive:
                for member in archive:
                    yield f"  {member.name} · {member.mode:o}"
                    if member.name.endswith(".json") and (content := archive.extractfile(member)):
                        yield from (f"    {line}" for line in shape([json.load(content)], maps=_MAPS))


def _mode(path: Path) -> str:
    return f"{path.stat().st_mode & 0o777:o}"


def _still(name: str) -> str:
    for pattern, stands_for in _CHANGING:
        name = pattern.sub(stands_for, name)
    return name


def _tables(database: Path) -> Iterator[str]:
    """Yield how tables and indexes are made, and how the database is kept."""
    with closing(sqlite3.connect(database)) as connection:
        made = connection.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY type DESC, name"
        ).fetchall()
        for (statement,) in made:
            first, *inside = [" ".join(line.rstrip(" ,").split()) for line in statement.splitlines() if line.strip()]
            yield first
            yield from (f"  {line}" for line in inside if not line.startswith("CONSTRAINT") and line != ")")
            yield from sorted(f"  {line}" for line in inside if line.startswith("CONSTRAINT"))  # a set in SQLAlchemy
        yield f"journal · {connection.execute('PRAGMA journal_mode').fetchone()[0]}"
        yield f"revision · {connection.execute('SELECT version_num FROM alembic_version').fetchone()[0]}"


def _records(database: Path) -> Iterator[str]:
    """Yield the fingerprints, and the kinds of keys, each with the shape of its records."""
    yield from fingerprints(database)
    kinds: dict[str, list[Any]] = {}
    for key, record in _stored(database):
        kind = re.sub(r"/\d{12}$", "/{number}", re.sub(r"^(state|checked|change)/[a-z]+", r"\1/{watch}", key))
        kinds.setdefault(kind, []).append(record)
    for kind, records in kinds.items():
        yield kind
        yield from (f"  {line}" for line in shape(records, maps=_MAPS))


def fingerprints(database: Path) -> Iterator[str]:
    """
    Yield by what a later version knows that a state is of the same watch.

    It is of the rules (the keys of `progress`), of the extraction (`plan`) and of the question (behind the slash of
    `digest`). Where one becomes another, every watch is silent until it has a new baseline.
    """
    for key, record in _stored(database):
        if key.startswith("state/") and (snapshot := record["snapshot"]):
            yield f"{key} · plan {snapshot['plan']} · question {snapshot['digest'].partition('/')[2]}"
            yield f"  engine {re.sub(_VERSION, '…', snapshot['engine'])}"
            yield f"  rules {', '.join(sorted(record['progress']))}"


def _stored(database: Path) -> Iterator[tuple[str, Any]]:
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT key, value FROM Cache ORDER BY key").fetchall()
    for key, stored in rows:
        sealed = _SEALED.fullmatch(stored)
        assert sealed
        yield key, json.loads(sealed[1])
