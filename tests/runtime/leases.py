"""A lease for who asks whether it has one."""

from __future__ import annotations

from watcher.errors import LeaseLostError
from watcher.store.cluster.leases import Fence


class AnyLease:
    """A lease that lasts until it is said to be lost."""

    def __init__(self) -> None:
        self.name = "hosts"
        self.fence = Fence("hosts", 1, on_lost=lambda: None)
        self.left = 10.0

    def check(self) -> None:
        if self.left <= 0:
            raise LeaseLostError("another process may have the lease")

    def seconds_left(self) -> float:
        return self.left
