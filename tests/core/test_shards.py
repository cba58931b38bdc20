"""Which shard a host or a topic belongs to."""

from __future__ import annotations

from collections import Counter

from watcher.core.shards import HOST_SHARDS, shard_of


def test_a_shard_is_the_same_for_ever_because_it_is_kept_in_tables() -> None:
    assert [shard_of(name, HOST_SHARDS) for name in ("example.org", "shop.example", "票务.example", "\udcff")] == [
        53,
        39,
        6,
        34,
    ]


def test_hosts_are_spread_over_all_shards() -> None:
    found = Counter(shard_of(f"host-{number}.example", HOST_SHARDS) for number in range(64 * 100))
    assert len(found) == HOST_SHARDS
    assert max(found.values()) < 150
