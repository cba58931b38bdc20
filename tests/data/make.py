"""
Makes a data directory with whatever version of `watcher` stands on PYTHONPATH; README.md says when and how.

It holds a watch that has told one change, a subscriber who got that message, and a second change that waits in the
outbox, for the push database was locked when it came.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

WATCHES = """
watches:
  page:
    url: {url}/page
    topic: news
    allow_private: true
    per_host: {{min_delay: 0s}}
    extract: h1
"""
FIRST, SECOND, THIRD = "<h1>first</h1>", "<h1>second</h1>", "<h1>third</h1>"


class Page(BaseHTTPRequestHandler):
    """Answers everything with one page."""

    shown = FIRST

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.shown.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""


def make(directory: Path) -> None:
    """Make `.watcher` in a directory."""
    with HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        (directory / "watches.yaml").write_text(WATCHES.format(url=f"http://127.0.0.1:{server.server_port}"))
        data = directory / ".watcher"
        check(directory)
        asyncio.run(subscribe(data / "push.db"))
        Page.shown = SECOND
        check(directory)
        Page.shown = THIRD
        with locked(data / "push.db"):
            check(directory, "--drain-timeout", "1s")
        server.shutdown()
    for database in (data / "push.db", data / "watches" / "cache.db"):
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("VACUUM")
    for lock in data.glob("*.lock"):
        lock.unlink()


def check(directory: Path, *options: str) -> None:
    """Run one pass, as cron does."""
    subprocess.run([sys.executable, "-m", "watcher", "check", *options], cwd=directory, env=os.environ, check=False)


async def subscribe(database: Path) -> None:
    """Let somebody follow the topic."""
    from watcher.core.watch import Topic
    from watcher.push.opening import open_push_service

    service = await open_push_service(database, now=lambda: datetime.now(UTC))
    await service.topics.declare([Topic(key="news", name="news")])
    (topic,) = (topic for topic in await service.topics.all() if topic.key == "news")
    await service.subscribers.add(topic_ids=[topic.id])
    await service.close()


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Hold the write lock of a database, so that nothing is published."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def migrate_to(database: Path, revision: str) -> None:
    """Migrate the tables with this version's code, to one of its revisions that is not its newest."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine

    config = Config()
    config.set_main_option("script_location", "watcher.store.push:migrations")
    engine = create_engine(f"sqlite:///{database}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def main(arguments: Sequence[str]) -> None:
    """`OUT.tar.gz` makes one; `OUT.tar.gz FROM.tar.gz REVISION` migrates another one's push database."""
    with tempfile.TemporaryDirectory() as made:
        directory = Path(made)
        if len(arguments) == 1:
            make(directory)
        else:
            with tarfile.open(arguments[1]) as old:
                old.extractall(directory, filter="data")
            migrate_to(directory / ".watcher" / "push.db", arguments[2])
        with tarfile.open(arguments[0], "w:gz") as archive:
            archive.add(directory / ".watcher", ".watcher")


if __name__ == "__main__":
    main(sys.argv[1:])
