"""The daily summary of a cluster."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final

import pytest

from tests.push.relays import until
from tests.running import meanwhile
from tests.runtime.leases import AnyLease
from tests.store.cluster.tables import ask
from watcher.config.declared import declared_of
from watcher.core.settings import Settings
from watcher.core.watch import AllWell, TopicLanguages
from watcher.runtime.applying import apply
from watcher.runtime.workers.declaration_reader import DeclarationReader
from watcher.runtime.workers.digest import ClusterDigest
from watcher.runtime.workers.tables import worker_tables
from watcher.store.cluster.watch_reader import ClusterWatchReader

_EIGHT: Final = datetime(2026, 5, 4, 8, 0, 30, tzinfo=UTC)
_FILE: Final = """\
defaults: {topic: deals}
watches:
  a: {url: "https://a.example/"}
  b: {url: "https://b.example/"}
  off: {url: "https://b.example/off", enabled: false}
"""


_ALL_WELL: Final = AllWell(at=time(8), timezone=UTC, topics=("deals",))
_SAID: Final = ["All well: 2 watches, 0 changes since yesterday"]


def said_at(url: str) -> list[str]:
    return [entry.message.summary for entry in ClusterWatchReader(url).outbox()]


@asynccontextmanager
async def saying(url: str, directory: Path, all_well: Callable[[], AllWell | None]) -> AsyncIterator[None]:
    """Let a worker have the lease at half a minute past eight, and look all the time what is declared."""
    (directory / "watches.yaml").write_text(_FILE)
    settings = Settings(data=directory / "data", database=url)
    await apply(settings, declared_of(directory / "watches.yaml", {}), origin="files")
    async with worker_tables(url) as tables:
        digest = ClusterDigest(
            tables, DeclarationReader({}, None), all_well, TopicLanguages({}), now=lambda: _EIGHT, look_seconds=0.01
        )
        async with meanwhile(digest.run(AnyLease())):
            yield


async def test_what_was_due_while_nobody_had_its_lease_is_said_by_who_takes_it(
    cluster_url: str, tmp_path: Path
) -> None:
    async with saying(cluster_url, tmp_path, lambda: _ALL_WELL):
        await until(lambda: said_at(cluster_url) == _SAID)


async def test_it_is_said_by_who_takes_the_lease_before_it_has_read_what_is_declared(
    cluster_url: str, tmp_path: Path
) -> None:
    declared = [_ALL_WELL, None, None]
    async with saying(cluster_url, tmp_path, lambda: declared.pop() if len(declared) > 1 else declared[0]):
        await until(lambda: said_at(cluster_url) == _SAID)


@pytest.mark.faults
async def test_it_is_said_once_though_the_outbox_refused_it_at_first(
    cluster_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ask(cluster_url, "ALTER TABLE watcher.outbox ADD CONSTRAINT full_disk CHECK (false)")
    async with saying(cluster_url, tmp_path, lambda: _ALL_WELL):
        await until(lambda: "the daily summary waits" in caplog.text)
        ask(cluster_url, "ALTER TABLE watcher.outbox DROP CONSTRAINT full_disk")
        await until(lambda: said_at(cluster_url) == _SAID)
