"""
One lane per host: how often, how many at a time, and when not at all.

    at a time      the smallest `concurrency` declared for the host; one while the host fails
    between starts the largest `min_delay` declared for the host; the first start of this process waits for it, too,
                   from when another process may have asked the host last
    Retry-After    nobody starts before it is over (it is a day at most)
    failures       429, 502, 503, 504, no connection, no answer in time: after the nth in a row nobody
                   starts for a random part of 1 s × 2ⁿ⁻¹, 5 min at most (full jitter); a success ends it
    order          first come, first served

What fails while the lane is paused belongs to the incident that paused it, and does not count again.
Five minutes bound what a host that came back can cost an alert. Whoever would have to wait for a pause
longer than his own `timeout` is not kept waiting: he fails at once, with the rest of the pause as
`retry_after`. So a pass over a hundred watches of a dead host ends, and each of them says why it failed.

Hosts and not origins: politeness is owed to a machine, whatever its ports.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

from msgspec import Struct

from watcher.core.backoff import Chance
from watcher.core.host_pace import HostPace
from watcher.core.watch import Lane, Request
from watcher.core.wording import said_by, worded
from watcher.errors import BlockedError, DeadlineError, FetchError, NetworkError, OutOfFilesError, StatusError
from watcher.fetch.hop import parse

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 300.0
LONGEST_KNOWN_PAUSE_SECONDS = 86_400.0
"""A Retry-After is a day at most; one that another clock made may seem longer."""
# Below what there may be sockets in use, so that nobody's timeout runs while he queues for one.
MAX_IN_FLIGHT = 150
_BUSY_STATUSES = frozenset({429, 502, 503, 504})
_FORGET_FROM_LANES = 1_000


class Pace(Struct, kw_only=True):
    """
    How one host stands. Times are of the monotonic clock, in seconds.

    Attributes:
        running: requests that were let in and have not ended.
        starting: those of them that have not started yet: they wait for those of other hosts.
        failures: in a row.
        paused_until: nobody starts before.
    """

    policy: Lane
    running: int = 0
    starting: int = 0
    failures: int = 0
    started_at: float = float("-inf")
    paused_until: float = float("-inf")

    def next_start_at(self) -> float | None:
        """
        Return when the next request may be let in, perhaps long ago; None while that is not known.

        It is not while all places are taken, or one is starting from whose start the delay counts.
        """
        places = 1 if self.failures else self.policy.concurrency
        if self.running >= places or (self.starting and self.policy.min_delay):
            return None
        return max(self.started_at + self.policy.min_delay.total_seconds(), self.paused_until)

    def let_in(self, now: float) -> bool:
        """Give a request a place, if it may have one now; return whether it has."""
        at = self.next_start_at()
        if at is None or at > now:
            return False
        self.running += 1
        self.starting += 1
        return True

    def start(self, now: float) -> None:
        """Note that one that was let in starts."""
        self.starting -= 1
        self.started_at = now

    def give_up(self) -> None:
        """Note that one that was let in does not start."""
        self.starting -= 1
        self.running -= 1

    def end(self) -> None:
        """Note that one that has started ended, however."""
        self.running -= 1

    def succeed(self) -> None:
        """Note that the host answered as it should."""
        self.failures = 0

    def fail(self, error: FetchError, now: float, chance: Chance) -> None:
        """Note how a request failed. `chance`: the part of the longest pause to take."""
        if isinstance(error, OutOfFilesError):
            return  # the host was not asked
        is_same_incident = now < self.paused_until
        if error.retry_after is not None:
            self.pause(now + error.retry_after.total_seconds())
        if not _is_hosts_fault(error):
            self.failures = 0
        elif not is_same_incident:
            longest = min(FIRST_PAUSE_SECONDS * 2 ** min(self.failures, 20), LONGEST_PAUSE_SECONDS)
            self.failures += 1
            self.pause(now + longest * chance)

    def pause(self, until: float) -> None:
        """Let nobody start before; a longer pause stays."""
        self.paused_until = max(self.paused_until, until)

    def seconds_left(self, now: float) -> float:
        """Return for how long nobody should start, wherever; 0 or less: not at all."""
        return max(self.started_at + self.policy.min_delay.total_seconds(), self.paused_until) - now

    def is_idle(self, now: float) -> bool:
        """Return whether forgetting this changes nothing."""
        at = self.next_start_at()
        return not self.running and not self.failures and at is not None and at <= now


def _is_hosts_fault(error: FetchError) -> bool:
    if isinstance(error, StatusError | BlockedError):
        return error.status in _BUSY_STATUSES
    return isinstance(error, NetworkError | DeadlineError)


class HostLane:
    """One host's queue: `Pace` decides, this waits."""

    def __init__(self, host: str, policy: Lane, monotonic: Callable[[], float], random: Callable[[], Chance]) -> None:
        self.pace = Pace(policy=policy)
        self.host = host
        self._monotonic = monotonic
        self._random = random
        self._waiting: deque[tuple[asyncio.Future[None], float]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._why = ""

    def report(self, error: FetchError | None) -> None:
        """Say how a request ended: with an answer (None), or how it failed."""
        if error is None:
            self.pace.succeed()
            return
        self.pace.fail(error, self._monotonic(), self._random())
        self._why = said_by(error)

    async def enter(self, patience_seconds: float) -> None:
        """Wait for a place. Raises FetchError when a pause is longer than one is prepared to wait."""
        now = self._monotonic()
        if self.pace.paused_until - now > patience_seconds:
            raise self._turned_away()
        if not self._waiting and self.pace.let_in(now):
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((place, patience_seconds))
        if len(self._waiting) == 1:  # who comes later changes nothing for those before
            self._admit()
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled() and place.exception() is None:
                self.pace.give_up()  # it was let in at the moment it was called off
            self._admit()
            raise

    def call_off(self) -> None:
        """Let nobody wait any more; who is here stays to the end."""
        waiting, self._waiting = self._waiting, deque()
        for place, _ in waiting:
            place.cancel()

    def follow(self, policy: Lane) -> None:
        """Keep to this policy from now on."""
        if policy == self.pace.policy:
            return
        self.pace.policy = policy
        self._admit()

    def start(self) -> None:
        """Say that the request starts that was let in."""
        self.pace.start(self._monotonic())
        if self._waiting and self.pace.policy.min_delay:  # without a delay nobody waits for a start
            self._admit()

    def give_up(self) -> None:
        """Give back the place of one that was let in and did not start."""
        self.pace.give_up()
        self._admit()

    def leave(self) -> None:
        """Give back the place of one that started."""
        self.pace.end()
        if self._waiting:
            self._admit()

    def stands(self) -> HostPace | None:
        """Return what is to be remembered of the host; None: nothing."""
        left = self.pace.seconds_left(self._monotonic())
        if not self.pace.failures and left <= 0:
            return None
        pause = timedelta(seconds=left) if left > 0 else None
        return HostPace(host=self.host, failures=self.pace.failures, pause=pause, why=self._why)

    def go_on(self, known: HostPace) -> None:
        """Go on from what was remembered of the host."""
        self.pace.failures = max(self.pace.failures, known.failures)
        if known.pause is not None:
            left = min(known.pause.total_seconds(), LONGEST_KNOWN_PAUSE_SECONDS)
            self.pace.pause(self._monotonic() + left)
        self._why = self._why or known.why

    def is_unused(self) -> bool:
        """Return whether nobody is here or waits."""
        return not self._waiting and not self.pace.running

    def is_idle(self) -> bool:
        """Return whether nobody is here or waits, and nothing is to be remembered."""
        return not self._waiting and self.pace.is_idle(self._monotonic())

    def _admit(self) -> None:
        """Let in who may start now, turn away who will not wait, and come back when the next may start."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._waiting:
            return
        now = self._monotonic()
        if self.pace.paused_until > now:
            self._turn_away(self.pace.paused_until - now)
        while self._waiting and (self._waiting[0][0].done() or self.pace.let_in(now)):
            place, _ = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
        if self._waiting and (at := self.pace.next_start_at()) is not None:
            self._timer = asyncio.get_running_loop().call_later(at - now, self._admit)

    def _turn_away(self, left_seconds: float) -> None:
        """Turn away who will not wait for so long."""
        for place, patience_seconds in self._waiting:
            if not place.done() and left_seconds > patience_seconds:
                place.set_exception(self._turned_away())

    def _turned_away(self) -> FetchError:
        left = timedelta(seconds=self.pace.paused_until - self._monotonic())
        return FetchError(
            worded(
                "error_left_alone",
                "{host} is left alone for {seconds} s more, after: {problem}",
                host=self.host,
                seconds=f"{left.total_seconds():.0f}",
                problem=self._why,
            ),
            retry_after=left,
        )


class _Slot(AbstractAsyncContextManager[HostLane]):
    """
    A place in a host's lane, and one in flight. The lane keeps its delay from the start, when there are both.

    A class, for a generator as context takes a fiftieth of a check.
    """

    __slots__ = ("_in_flight", "_lane", "_may_start", "_patience_seconds")

    def __init__(
        self,
        lane: HostLane,
        patience_seconds: float,
        in_flight: asyncio.Semaphore,
        may_start: Callable[[str], object] | None,
    ) -> None:
        self._lane = lane
        self._patience_seconds = patience_seconds
        self._in_flight = in_flight
        self._may_start = may_start

    async def __aenter__(self) -> HostLane:
        await self._lane.enter(self._patience_seconds)
        try:
            await self._in_flight.acquire()
        except asyncio.CancelledError:
            self._lane.give_up()
            raise
        try:
            if self._may_start is not None:
                self._may_start(self._lane.host)
        except BaseException:
            self._in_flight.release()
            self._lane.give_up()
            raise
        self._lane.start()
        return self._lane

    async def __aexit__(self, *_: object) -> None:
        self._in_flight.release()
        self._lane.leave()


class Lanes:
    """All lanes, by host."""

    def __init__(
        self,
        *,
        monotonic: Callable[[], float],
        random: Callable[[], Chance],
        most_in_flight: int = MAX_IN_FLIGHT,
        may_start: Callable[[str], object] | None = None,
        asked_until: Callable[[str], float] | None = None,
    ) -> None:
        """
        Args:
            most_in_flight: requests, of all hosts together.
            asked_until: returns until when another process may have asked a host (monotonic); None: none did.
            may_start: is told the host of each request right before it starts. What it raises ends the request, and
                says nothing of the host.
        """
        self._may_start = may_start
        self._asked_until = asked_until
        self._monotonic = monotonic
        self._random = random
        self._declared: dict[str, tuple[Lane, ...]] = {}
        self._lanes: dict[str, HostLane] = {}
        self._forget_from = _FORGET_FROM_LANES
        self._in_flight = asyncio.Semaphore(most_in_flight)
        self._is_closed = False

    def declare(self, came: Iterable[Request], went: Iterable[Request] = ()) -> None:
        """
        Declare these requests, and no longer those: each host's lane is as strict as the strictest that is declared.

        May be called again at any time. Who waits in a lane that became wider starts at once; who is in one that
        became narrower is left to end. A lane stays as it is when no request of its host is declared any more.
        """
        added, removed = _by_host(came), _by_host(went)
        for host, gone in removed.items():
            if left := _without(self._declared.pop(host, ()), gone):
                self._declared[host] = left
        for host, new in added.items():
            self._declared[host] = (*self._declared.get(host, ()), *new)
        for host, lane in self._lanes.items():
            if (host in added or host in removed) and host in self._declared:
                lane.follow(_strictest(self._declared[host]))

    def slot(self, request: Request) -> AbstractAsyncContextManager[HostLane]:
        """
        Hold a place in the host's lane, and one among all in flight, after waiting for both as long as that takes.

        Report how the request ended before leaving. A request that was not declared is held to its own
        lane when it is the first of its host. Entering raises FetchError: the lane is paused for longer than the
        request's timeout. Raises CancelledError: the lanes are closed.
        """
        if self._is_closed:
            raise asyncio.CancelledError
        return _Slot(self._lane(request), request.timeout.total_seconds(), self._in_flight, self._may_start)

    def close(self) -> None:
        """Let nobody in any more: who waits for a host, and who comes later, is called off."""
        self._is_closed = True
        for lane in self._lanes.values():
            lane.call_off()

    def take_out(self, is_wanted: Callable[[str], bool]) -> Sequence[HostPace]:
        """
        Return how the hosts stand that another process asks from now on, and forget those that nobody here asks.

        `is_wanted` says of a host whether it is one of them.
        """
        found = {host: lane for host, lane in self._lanes.items() if is_wanted(host)}
        for host, lane in found.items():
            if lane.is_unused():
                del self._lanes[host]
        return [pace for lane in found.values() if (pace := lane.stands()) is not None]

    def put_in(self, paces: Iterable[HostPace]) -> None:
        """Go on from how these hosts stood in another process."""
        for pace in paces:
            lane = self._lanes.get(pace.host) or self._new_lane(pace.host, Lane())
            lane.go_on(pace)

    def _lane(self, request: Request) -> HostLane:
        host = _host(request)
        lane = self._lanes.get(host)
        return self._new_lane(host, request.lane) if lane is None else lane

    def _new_lane(self, host: str, otherwise: Lane) -> HostLane:
        """Return a lane of a host. `otherwise`: what it is held to when nobody has declared anything."""
        self._forget_idle()
        policy = _strictest(self._declared.get(host) or (otherwise,))
        lane = self._lanes[host] = HostLane(host, policy, self._monotonic, self._random)
        if self._asked_until is not None:
            lane.pace.started_at = self._asked_until(host)
        return lane

    def _forget_idle(self) -> None:
        if len(self._lanes) < self._forget_from:
            return
        self._lanes = {host: lane for host, lane in self._lanes.items() if not lane.is_idle()}
        # At least as many new lanes as are left must come before it is worth looking again.
        self._forget_from = max(_FORGET_FROM_LANES, 2 * len(self._lanes))


def _host(request: Request) -> str:
    try:
        return (parse(request.url).raw_host or "").lower()
    except NetworkError:
        return ""  # it is never asked for


def _by_host(requests: Iterable[Request]) -> dict[str, list[Lane]]:
    found: dict[str, list[Lane]] = {}
    for request in requests:
        found.setdefault(_host(request), []).append(request.lane)
    return found


def _without(lanes: Iterable[Lane], gone: Iterable[Lane]) -> tuple[Lane, ...]:
    """Return the lanes, each as often as before, less those that are gone."""
    return tuple((Counter(lanes) - Counter(gone)).elements())


def _strictest(lanes: Sequence[Lane]) -> Lane:
    first, *others = lanes
    if not others:
        return first
    return Lane(concurrency=min(lane.concurrency for lane in lanes), min_delay=max(lane.min_delay for lane in lanes))
