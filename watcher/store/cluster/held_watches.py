"""Which shards of hosts this process has, and which watches are in them: its part of the work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from watcher.errors import LeaseLostError
from watcher.store.cluster.leases import Fence


class HeldWatches:
    """What is held, told by whoever takes and leaves shards. Used from one event loop."""

    def __init__(self) -> None:
        self._fences: dict[int, Fence] = {}
        self._shards: dict[str, int] = {}

    def take(self, shard: int, fence: Fence) -> None:
        """Hold a shard from now on, by this lease."""
        self._fences[shard] = fence

    def leave(self, shard: int) -> None:
        """Hold a shard no more, and none of its watches."""
        self._fences.pop(shard, None)
        self._shards = {watch: each for watch, each in self._shards.items() if each != shard}

    def add(self, shard: int, watches: Iterable[str]) -> None:
        """Hold these watches, which are in a shard that is held."""
        self._shards |= dict.fromkeys(watches, shard)

    def remove(self, watches: Iterable[str]) -> None:
        """Hold these watches no more."""
        for watch in watches:
            self._shards.pop(watch, None)

    @property
    def shards(self) -> Mapping[int, Fence]:
        """The shards that are held, each with its fence."""
        return self._fences

    def shards_of(self, watches: Iterable[str]) -> set[int]:
        """Return the shards that some of these watches are held in."""
        return {self._shards[watch] for watch in watches if watch in self._shards}

    def shard_of(self, watch: str) -> int:
        """Return the shard of a watch. Raises LeaseLostError: it is not held."""
        shard = self._shards.get(watch)
        if shard is None or shard not in self._fences:
            raise LeaseLostError(f"watch {watch}: this process does not have it any more")
        return shard
