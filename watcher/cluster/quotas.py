"""
Who takes on how many shards of a kind: every worker reckons the same from the same list of those that live.

A duty whose name ends in a number (`hosts:17`) is a shard of its kind. The quotas of workers differ by one at most,
but for those that may have fewer; who has more than its quota gives shards back, and who has fewer takes them on.
While they do not know of each other yet, two may have the same shard in mind: its lease decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence


def kind_of(duty: str) -> str | None:
    """Return the kind of a shard; None of a duty that is none."""
    kind, _, number = duty.rpartition(":")
    return kind if number.isdecimal() else None


def quota_of(worker: str, shards: int, most: Mapping[str, int]) -> int:
    """
    Return how many of so many shards fall to a worker: its quota.

    Args:
        most: how many each worker that lives may have, by its name. One that is not here has none.
    """
    left = shards
    for index, (name, own_most) in enumerate(sorted(most.items(), key=lambda each: (each[1], each[0]))):
        quota = min(own_most, -(-left // (len(most) - index)))
        if name == worker:
            return quota
        left -= quota
    return 0


class Quotas:
    """
    One worker's quotas, of each kind of shard.

    Attributes:
        max_shards: of a kind that it takes on.
        is_known: whether it was among those that live.
    """

    is_known = False

    def __init__(self, worker: str, duties: Iterable[str], max_shards: int) -> None:
        self._worker = worker
        self.max_shards = max_shards
        self._shards = Counter(kind for duty in duties if (kind := kind_of(duty)) is not None)
        self._quotas: Mapping[str, int] = {}

    def hear(self, most: Mapping[str, int]) -> None:
        """Reckon anew. `most`: as `quota_of` takes it."""
        self.is_known = self._worker in most
        self._quotas = {kind: quota_of(self._worker, shards, most) for kind, shards in self._shards.items()}

    def may_take(self, duties: Iterable[str], has: Collection[str]) -> list[str]:
        """Return those of these duties that this worker, which has those, may take on one of."""
        counts = Counter(map(kind_of, has))
        return [duty for duty in duties if (kind := kind_of(duty)) is None or counts[kind] < self._quotas.get(kind, 0)]

    def too_many(self, has: Sequence[str]) -> str | None:
        """Return one of these, in the order in which they were taken on, that is above the quota: the newest."""
        counts = Counter(map(kind_of, has))
        above = (duty for duty in reversed(has) if (kind := kind_of(duty)) and counts[kind] > self._quotas.get(kind, 0))
        return next(above, None)
