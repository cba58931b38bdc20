"""
A process does a duty only while it has the lease of it.

| when | what is done |
|---|---|
| each sixth of the lease's time | all leases of the process are renewed, together |
| the last renewal is older than half of the lease's time | the duty is cancelled, whoever has it now |
| a renewal or a fence says that another process has it | the duty is cancelled |
| the owner before has not given it back | wait half of the lease's time, renew, then begin |
| the process leaves | the duty is cancelled and awaited, then the lease is given back; while it waits to begin, not |

So the owner of before has ended its calls over the network when the next one begins, but for those that it was frozen
amid: they end when it is woken. What it does in the database is refused by the fence however late it comes.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final, Protocol, TypeAlias

from watcher.errors import LeaseLostError, StoreError
from watcher.store.cluster.leases import Fence, Taken, WorkerRow

TTL: Final = timedelta(seconds=20)
"""So long after the last renewal a lease is its owner's. A dead server's duties are taken over within twice that."""
_RENEWALS: Final = 6
SILENT: Final = 2.5 * TTL / _RENEWALS
"""A process that was not heard for so long has missed two renewals in a row."""
_TOGETHER_SECONDS: Final = 0.1
"""So long a renewal waits for others that are asked for: many leases may be taken over at once."""
_log = logging.getLogger(__name__)


class Leases(Protocol):
    """Where leases are kept (`store/cluster/leases.py`)."""

    async def take(self, name: str, owner: str) -> Taken | None: ...

    async def renew(self, owner: str, names: Sequence[str]) -> Mapping[str, int]: ...

    async def release(self, name: str, epoch: int) -> None: ...

    async def announce(self, owner: str, max_shards: int) -> None: ...

    async def depart(self, owner: str) -> None: ...

    async def workers(self) -> Sequence[WorkerRow]: ...


def seconds_awake_or_not() -> float:
    """Return a clock that is never set, and goes on while the machine is suspended."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # Linux alone has it
    return time.clock_gettime(clock)


class Lease:
    """
    The lease of a duty that this process has.

    Attributes:
        fence: to be called first in each transaction of the duty; any number of times.
        has_begun: the duty is done, and no longer waited for.
    """

    def __init__(self, name: str, epoch: int, *, renewed_at: float, ttl: timedelta, clock: Callable[[], float]) -> None:
        self.name = name
        self.epoch = epoch
        self.has_begun = False
        self._renewed_at = renewed_at
        self._work_seconds = ttl.total_seconds() / 2
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._over = self._loop.create_future()
        self.fence = Fence(name, epoch, on_lost=lambda: self._loop.call_soon_threadsafe(self.lose))

    def check(self) -> None:
        """Raise LeaseLostError where nothing may be begun any more: to be called before each call over the network."""
        if self.seconds_left() <= 0:
            raise LeaseLostError(f"another process may have the lease of {self.name}")

    def seconds_left(self) -> float:
        """Return for how long the duty may be done without another renewal."""
        return 0.0 if self._over.done() else self._work_seconds - (self._clock() - self._renewed_at)

    def renewed(self, epoch: int | None, *, asked_at: float) -> None:
        """Take a renewal's answer: the epoch of this process' lease, None where it has none."""
        if epoch == self.epoch:
            self._renewed_at = asked_at
        else:
            self.lose()

    def lose(self) -> None:
        """Another process has it."""
        if not self._over.done():
            self._over.set_result(None)

    async def over(self, *, within: float) -> None:
        """Wait until it is lost, for at most so many seconds."""
        await asyncio.wait([self._over], timeout=within)

    async def do(self, work: Awaitable[None]) -> None:
        """
        Do this for as long as the lease lasts; whatever ends it, the work has ended when this returns.

        Raises LeaseLostError: it may not go on.
        """
        working = asyncio.ensure_future(work)
        try:
            while not working.done() and (left := self.seconds_left()) > 0:
                await asyncio.wait([working, self._over], timeout=left, return_when=asyncio.FIRST_COMPLETED)
        finally:
            working.cancel()
            await _ended(working)
        if working.cancelled():
            raise LeaseLostError(f"the lease of {self.name} is lost")
        working.result()


async def _ended(work: asyncio.Future[None]) -> None:
    """Return when this has ended, and not before, however often the wait is cancelled; then raise CancelledError."""
    is_cancelled = False
    while not work.done():
        try:
            await asyncio.wait([work])
        except asyncio.CancelledError:
            is_cancelled = True
    if is_cancelled:
        raise asyncio.CancelledError


Duty: TypeAlias = Callable[[Lease], Awaitable[None]]
"""What one process at a time does until it is cancelled."""


class LeaseHolder:
    """The leases of this process. Used from one event loop, while `renew_for_ever` runs."""

    def __init__(
        self,
        leases: Leases,
        *,
        owner: str,
        ttl: timedelta = TTL,
        clock: Callable[[], float] = seconds_awake_or_not,
    ) -> None:
        """
        Args:
            owner: who this is, unlike any process before.
            clock: seconds, never set.
        """
        self._leases = leases
        self._owner = owner
        self._ttl = ttl
        self._clock = clock
        self._held: dict[str, Lease] = {}
        self._busy: set[str] = set()
        """What is held, and what is being taken."""
        # Many may be taken on at once, and one that waits for its turn is not to grow old before it is taken.
        self._taking = asyncio.Lock()
        self._next_renewal: asyncio.Task[None] | None = None
        self._is_announced = False

    async def hold(self, name: str, duty: Duty) -> bool:
        """
        Do a duty for as long as this process has its lease; return False where another one, or another task, has it.

        Raises:
            LeaseLostError: another process has it by now, or may have it.
            StoreError: it could not be taken.
        """
        if name in self._busy:
            return False
        self._busy.add(name)
        try:
            return await self._take_and_do(name, duty)
        finally:
            self._busy.remove(name)

    async def _take_and_do(self, name: str, duty: Duty) -> bool:
        async with self._taking:
            asked_at = self._clock()
            taken = await self._leases.take(name, self._owner)
        if taken is None:
            return False
        lease = Lease(name, taken.epoch, renewed_at=asked_at, ttl=self._ttl, clock=self._clock)
        self._held[name] = lease
        try:
            await self._begin(lease, taken)
            try:
                await lease.do(duty(lease))
            finally:
                await self._release(lease)
        finally:
            del self._held[name]
        return True

    @property
    def begun(self) -> Sequence[str]:
        """The duties that are done here, and no longer waited for, in the order in which they were taken on."""
        return [name for name, lease in self._held.items() if lease.has_begun]

    async def announce(self, max_shards: int) -> None:
        """Count among the workers that shards are assigned to. Raises StoreError."""
        await self._leases.announce(self._owner, max_shards)
        self._is_announced = True

    async def depart(self) -> None:
        """Count no more, though nothing was given back yet: the others know at once how much each of them takes on."""
        self._is_announced = False
        try:
            await self._leases.depart(self._owner)
        except StoreError as error:
            _log.warning("the other workers learn in a while that this one leaves: %s", error)

    async def workers(self) -> Sequence[WorkerRow]:
        """Return the workers that live. Raises StoreError."""
        return await self._leases.workers()

    async def renew_for_ever(self) -> None:
        """Renew what is held, and say that this process lives, until cancelled."""
        while True:
            await asyncio.sleep(self._ttl.total_seconds() / _RENEWALS)
            if self._held or self._is_announced:
                await self._try_to_renew()

    async def renew(self) -> None:
        """Renew all leases that this process has. Raises StoreError."""
        held, asked_at = dict(self._held), self._clock()
        epochs = await self._leases.renew(self._owner, sorted(held))
        for name, lease in held.items():
            lease.renewed(epochs.get(name), asked_at=asked_at)

    async def _renew_together(self) -> None:
        """Renew all, if the database lets one, after a moment in which others may join."""
        if self._next_renewal is None:
            self._next_renewal = asyncio.create_task(self._renew_soon())
        await asyncio.shield(self._next_renewal)

    async def _renew_soon(self) -> None:
        await asyncio.sleep(_TOGETHER_SECONDS)
        self._next_renewal = None
        await self._try_to_renew()

    async def _try_to_renew(self) -> None:
        try:
            await self.renew()
        except StoreError as error:
            _log.warning("cannot renew the leases of this process: %s", error)

    async def _begin(self, lease: Lease, taken: Taken) -> None:
        _log.info("this process has the lease of %s, epoch %d", lease.name, lease.epoch)
        if taken.is_unclean:
            await lease.over(within=self._ttl.total_seconds() / 2)
            await self._renew_together()
        lease.check()
        lease.has_begun = True

    async def _release(self, lease: Lease) -> None:
        try:
            await self._leases.release(lease.name, lease.epoch)
        except StoreError as error:
            _log.warning("cannot give back the lease of %s, others wait until it is over: %s", lease.name, error)
