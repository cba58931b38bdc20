"""
Which shard a host or a topic belongs to: what one process of a cluster has at a time.

Watches are assigned by host, for politeness is owed to a host; messages by topic, for an order is owed to a topic.
The number of a shard depends on the name and on how many shards there are, and on nothing else: it is kept in tables.
"""

from __future__ import annotations

import hashlib
from typing import Final

HOST_SHARDS: Final = 64
"""Of a new cluster. More workers than that have nothing to check."""
TOPIC_SHARDS: Final = 16


def shard_of(name: str, shards: int) -> int:
    """Return the shard, from 0, of a host (lower case, without a port) or of a topic's key."""
    digest = hashlib.blake2b(name.encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % shards


def hosts_lease(shard: int) -> str:
    """Return the name of the lease of who checks the hosts of a shard."""
    return f"hosts:{shard}"


def topics_lease(shard: int) -> str:
    """Return the name of the lease of who publishes the messages of a shard's topics."""
    return f"topics:{shard}"
