"""The leases that this process has of a cluster, and which hosts it may ask by them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from watcher.core.shards import shard_of
from watcher.errors import LeaseLostError

if TYPE_CHECKING:
    from watcher.store.cluster.leases import Fence


class HeldLease(Protocol):
    """A lease that this process has (`cluster/leases.py`)."""

    name: str
    fence: Fence

    def check(self) -> None: ...

    def seconds_left(self) -> float: ...


class HeldHosts:
    """
    Which hosts this process may ask: those of the shards whose leases it has.

    Attributes:
        shards: of hosts, in this cluster.
    """

    def __init__(self, shards: int) -> None:
        self.shards = shards
        self._leases: dict[int, HeldLease] = {}
        self._taken_at: dict[int, float] = {}

    def take(self, shard: int, lease: HeldLease) -> None:
        """Ask the hosts of this shard while its lease lasts."""
        self._leases[shard] = lease
        self._taken_at[shard] = time.monotonic()

    def leave(self, shard: int) -> None:
        """Ask the hosts of this shard no more."""
        del self._leases[shard]

    def taken_at(self, host: str) -> float:
        """Return since when no other process asks this host, by the monotonic clock."""
        shard = shard_of(host, self.shards)
        return self._taken_at.get(shard, max(self._taken_at.values(), default=float("-inf")))

    def may_start(self, host: str) -> None:
        """
        Raise LeaseLostError where another process may ask this host by now.

        One that no lease of this process is about comes by a redirect, and goes with those that lead there.
        """
        held = self._leases.get(shard_of(host, self.shards))
        if held is not None:
            held.check()
        elif not any(each.seconds_left() > 0 for each in self._leases.values()):
            raise LeaseLostError("this process has no shard of hosts any more")
