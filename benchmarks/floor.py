"""
The least that a check can cost: bare aiohttp, and beside it only what the answer asks for.

| answer                   | what is done with it                                                    |
|--------------------------|-------------------------------------------------------------------------|
| 304                      | nothing                                                                 |
| the same bytes as before | they are hashed                                                         |
| other bytes              | turbohtml parses them, all; elements are selected, their text is taken  |
| another text             | it is a row of SQLite; one synced commit for all that gather meanwhile  |

Validates, limits and tells nothing. Asks for its pages in turn until SIGTERM, with `If-None-Match` where it has an
ETag: `python -P -m benchmarks.floor --help`. Its changes are in `floor.db`, in the directory in which it runs.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

import turbohtml
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from xxhash import xxh3_128_digest

from benchmarks.tools.tool import CONCURRENCY
from watcher.runtime.process.loop import on_loop

DATABASE: Final = "floor.db"
_SCHEMA: Final = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE changes (number INTEGER PRIMARY KEY, url TEXT NOT NULL, text TEXT NOT NULL) STRICT;
"""


@dataclass(slots=True)
class _Known:
    """What is known of a page."""

    etag: str | None
    digest: bytes
    text: str


class Floor:
    """Asks for all pages, each as often as it is told to, and writes down what changed."""

    def __init__(self, client: ClientSession, database: sqlite3.Connection, *, selector: str) -> None:
        self._client = client
        self._database = database
        self._selector = selector
        self._known: dict[str, _Known] = {}
        self._changes: list[tuple[str, str]] = []
        self._has_changes = asyncio.Event()

    async def run(self, urls: Sequence[str], *, every_seconds: float) -> None:
        """Go on until it is cancelled."""
        began, turns = asyncio.get_running_loop().time(), count()
        dues = ((urls[turn % len(urls)], began + turn * every_seconds / len(urls)) for turn in turns)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._write_down())
            for _ in range(CONCURRENCY):
                tasks.create_task(self._check_in_turn(dues))

    async def _check_in_turn(self, dues: Iterator[tuple[str, float]]) -> None:
        now = asyncio.get_running_loop().time
        for url, due_at in dues:
            if (seconds := due_at - now()) > 0:
                await asyncio.sleep(seconds)
            await self._check(url)

    async def _check(self, url: str) -> None:
        known = self._known.get(url)
        headers = {"If-None-Match": known.etag} if known and known.etag else None
        async with self._client.get(url, headers=headers) as response:
            response.raise_for_status()
            if response.status == 304:
                return
            body, etag = await response.read(), response.headers.get("ETag")
        if known is None:
            self._known[url] = _Known(etag, xxh3_128_digest(body), self._text(body))
        else:
            known.etag = etag
            self._compare(url, known, body)

    def _compare(self, url: str, known: _Known, body: bytes) -> None:
        digest = xxh3_128_digest(body)
        if digest == known.digest:
            return
        known.digest = digest
        text = self._text(body)
        if text != known.text:
            known.text = text
            self._changes.append((url, text))
            self._has_changes.set()

    def _text(self, body: bytes) -> str:
        return "\n".join(element.text for element in turbohtml.parse(body.decode()).select(self._selector))

    async def _write_down(self) -> None:
        while True:
            await self._has_changes.wait()
            self._has_changes.clear()
            group, self._changes = self._changes, []
            await asyncio.to_thread(self._commit, group)

    def _commit(self, group: Sequence[tuple[str, str]]) -> None:
        with self._database:
            self._database.executemany("INSERT INTO changes (url, text) VALUES (?, ?)", group)


async def _until_stopped(urls: Sequence[str], selector: str, every_seconds: float) -> None:
    connector = TCPConnector(limit=CONCURRENCY)
    with closing(sqlite3.connect(DATABASE, check_same_thread=False)) as database:
        database.executescript(_SCHEMA)
        async with ClientSession(
            connector=connector, cookie_jar=DummyCookieJar(), auto_decompress=False, timeout=ClientTimeout()
        ) as client:
            floor = Floor(client, database, selector=selector)
            running = asyncio.ensure_future(floor.run(urls, every_seconds=every_seconds))
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
            with suppress(asyncio.CancelledError):
                await running
            await asyncio.get_running_loop().shutdown_default_executor()  # a commit goes on in its thread


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.floor", description="Ask for pages, with nothing more.")
    parser.add_argument("urls", type=Path, metavar="FILE", help="with a URL on each line")
    parser.add_argument("--select", required=True, metavar="CSS", help="what to take the text of")
    parser.add_argument(
        "--every", type=float, required=True, metavar="SECONDS", help="ask for each page so often; 0: never wait"
    )
    wanted = parser.parse_args()
    on_loop(_until_stopped(wanted.urls.read_text().split(), wanted.select, wanted.every))


if __name__ == "__main__":
    main()
