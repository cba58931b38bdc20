"""The daily summary of a cluster."""

from __future__ import annotations

from contextlib import aclosing
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final

from tests.push.relays import until
from tests.running import meanwhile
from tests.runtime.leases import AnyLease
from watcher.config.declared import declared_of
from watcher.core.settings import Settings
from watcher.core.watch import AllWell, TopicLanguages
from watcher.runtime.applying import apply
from watcher.runtime.cluster_digest import ClusterDigest
from watcher.runtime.declaration_reader import DeclarationReader
from watcher.store.cluster.declarations import DeclarationStore
from watcher.store.cluster.holds import Holds
from watcher.store.cluster.transactions import Transactions
from watcher.store.cluster.watch_reader import SharedWatchReader
from watcher.store.cluster.watch_store import open_shared_watch_store

_EIGHT: Final = datetime(2026, 5, 4, 8, 0, 30, tzinfo=UTC)
_FILE: Final = """\
defaults: {topic: deals}
watches:
  a: {url: "https://a.example/"}
  b: {url: "https://b.example/"}
  off: {url: "https://b.example/off", enabled: false}
"""


async def test_what_was_due_while_nobody_had_its_lease_is_said_by_who_takes_it(
    cluster_url: str, tmp_path: Path
) -> None:
    (tmp_path / "watches.yaml").write_text(_FILE)
    settings = Settings(data=tmp_path / "data", database=cluster_url)
    await apply(settings, declared_of(tmp_path / "watches.yaml", {}), origin="files")
    all_well, reader = AllWell(at=time(8), timezone=UTC, topics=("deals",)), SharedWatchReader(cluster_url)
    async with (
        aclosing(DeclarationStore(cluster_url)) as declarations,
        aclosing(await open_shared_watch_store(cluster_url, Holds())) as store,
        aclosing(Transactions(cluster_url, name="test")) as database,
    ):
        digest = ClusterDigest(
            declarations,
            DeclarationReader({}, None),
            store,
            database,
            lambda: all_well,
            TopicLanguages({}),
            now=lambda: _EIGHT,
        )
        async with meanwhile(digest.run(AnyLease())):
            await until(lambda: bool(reader.outbox()))
    assert [entry.message.summary for entry in reader.outbox()] == ["All well: 2 watches, 0 changes since yesterday"]
