"""What a worker publishes of a cluster's messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.builders import message
from tests.outbox.recording import Clock, RecordingPublisher
from tests.runtime.leases import AnyLease
from watcher.core.watch import NO_LANGUAGES
from watcher.errors import LeaseLostError
from watcher.runtime.workers.published_shards import PublishedShards
from watcher.store.watch_store import open_watch_store


async def test_nothing_is_published_once_another_process_may_have_the_lease(tmp_path: Path) -> None:
    store, _ = await open_watch_store(tmp_path)
    publisher, lease = RecordingPublisher(), AnyLease()
    published = PublishedShards(
        lambda _shard, _fence: store.outbox, publisher, now=Clock().now, chance=lambda: 0.5, language_of=NO_LANGUAGES
    )
    await store.outbox.add([message(1)])
    with published.of_shard(0, lease) as (dispatcher, _):
        lease.left = 0.0
        with pytest.raises(LeaseLostError):
            await dispatcher.publish_due()
        assert publisher.attempts == []
        lease.left = 10.0
        assert await dispatcher.publish_due() == 1
    await store.close()
    assert publisher.taken == [message(1)]
