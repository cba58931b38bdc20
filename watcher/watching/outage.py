"""
Whether the whole network is down.

One host that does not answer is that host's trouble. When none does, it is ours, and the operator is told once
instead of once per watch. The network is *down* when, since anything last answered,

* at least three checks have failed to reach their host,
* at least two hosts were not reached, each of which had answered when it was last asked, or was never asked before,
  or at least three, where some of them show the same wall: a captive portal wants a login in the place of any page,
* and all that within WINDOW.

It is *back* when anything answers: an error page is an answer. A host that stays silent, or behind a wall of
its own, while others answer is broken, and proves nothing until it has answered again; so two dead hosts of many are no
outage each time that the others are not asked for a while.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from watcher.core.check import CheckFailure, WatchState
from watcher.core.trouble import OUT_OF_FILES, TURNED_AWAY, UNREACHED
from watcher.errors import BlockedError

_SAYS_NOTHING = frozenset({"denied", "unset", TURNED_AWAY, OUT_OF_FILES, "defect"})
"""Kinds of failures in which the host was not even asked."""
_MISSED = UNREACHED | {BlockedError.kind}
WINDOW = timedelta(minutes=15)
_FEWEST_FAILURES = 3
_FEWEST_HOSTS = 2


class Miss(Struct, frozen=True, kw_only=True):
    """A check that did not reach its host. `wall`: what a wall said in place of the host."""

    watch: str
    host: str
    at: datetime
    wall: str | None = None


class Network(Struct, frozen=True, kw_only=True):
    """
    How the network looks by the checks so far.

    Attributes:
        misses: since anything last answered, oldest first; those that prove nothing are not among them. Once the
            network is down, at most one per watch.
        broken: hosts that did not answer while others did.
        is_down: the whole network is.
    """

    misses: tuple[Miss, ...] = ()
    broken: frozenset[str] = field(default_factory=frozenset)
    is_down: bool = False

    @property
    def is_well(self) -> bool:
        """Whether nothing is known that a good check could change."""
        return not self.misses and not self.broken

    @property
    def since(self) -> datetime | None:
        """When the first of the misses was."""
        return self.misses[0].at if self.misses else None

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that were not reached."""
        return frozenset(miss.host for miss in self.misses)

    @property
    def watches(self) -> frozenset[str]:
        """The watches that did not reach their host."""
        return frozenset(miss.watch for miss in self.misses)

    @property
    def walls(self) -> frozenset[str]:
        """What stood in the place of hosts: one wall, or none."""
        return frozenset(miss.wall for miss in self.misses if miss.wall is not None)

    def seen(self, watch: str, host: str, failure: CheckFailure | None, *, at: datetime) -> Network:
        """
        Return how the network looks after one more check.

        Args:
            failure: why it failed; None for a good check.
        """
        kind = failure.kind if failure else None
        if kind in _SAYS_NOTHING:
            return self
        wall = failure.text if failure and kind == BlockedError.kind else None
        if kind not in _MISSED:
            return self._answered(host)
        if host in self.broken:
            is_its_own = wall is not None and wall not in self.walls
            return Network(broken=self.broken | self.hosts) if is_its_own and self.misses else self
        if wall is not None and self.walls - {wall}:
            return self._answered(host)
        return self._missed(Miss(watch=watch, host=host, at=at, wall=wall))

    def _answered(self, host: str) -> Network:
        if not self.misses and host not in self.broken:
            return self  # nearly always
        return Network(broken=(self.broken | self.hosts) - {host})

    def _missed(self, miss: Miss) -> Network:
        if self.is_down:
            return self if miss.watch in self.watches else replace(self, misses=(*self.misses, miss))
        recent = (*(one for one in self.misses if abs(miss.at - one.at) <= WINDOW), miss)
        hosts = {one.host for one in recent}
        fewest_hosts = _FEWEST_HOSTS + any(one.wall is not None for one in recent)
        is_down = len(recent) >= _FEWEST_FAILURES and len(hosts) >= fewest_hosts
        return replace(self, misses=recent, is_down=is_down)


def remembered(states: Mapping[str, WatchState], host_of: Callable[[str], str | None]) -> Network:
    """
    Return how the network looked when these states were saved, so that a restart in an outage tells nothing twice.

    Args:
        host_of: says which host a watch asks, by its id; None for a watch that is no longer there.
    """
    network = Network()
    if not any(state.failure and state.failure.kind in _MISSED for state in states.values()):
        return network  # what answered is worth sorting only where something did not
    for at, watch, failure in sorted(_events(states), key=lambda event: event[0]):
        if (host := host_of(watch)) is not None:
            network = network.seen(watch, host, failure, at=at)
    return network


def _events(states: Mapping[str, WatchState]) -> Iterable[tuple[datetime, str, CheckFailure | None]]:
    """Yield the checks that the states know of: the last good one of each watch, and the first failures after it."""
    for watch, state in states.items():
        if state.good_at:
            yield state.good_at, watch, None
        if state.failing_since and state.failure:
            for _ in range(min(state.failures, _FEWEST_FAILURES)):
                yield state.failing_since, watch, state.failure
