"""What becomes of processes and their database, by chance."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeAlias, TypeVar

from tests.faults.chains import Unrest
from tests.faults.processes import Database, Process, Processes, State

_BREAK_OFF: Final = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()
"""

Heal: TypeAlias = Callable[[], Awaitable[None]]
"""Ends a fault."""
_Fault = TypeVar("_Fault", bound=Callable[..., Awaitable[Heal]])


@dataclass(kw_only=True)
class Faults:
    """
    What is made to go wrong.

    Attributes:
        besides: faults that are of one place alone, such as another file of watches.
        leaves_one: what is struck can be replaced by processes that stay well.
        only: the names of the faults that may be made; none: all.
        struck: the names of the faults that were made.
        unrest: when anything was struck, until all was well again.
    """

    processes: Processes
    chance: random.Random
    besides: Sequence[Callable[[], Awaitable[Heal]]] = ()
    leaves_one: bool = True
    only: Collection[str] = ()
    struck: list[str] = field(default_factory=list)
    unrest: list[Unrest] = field(default_factory=list)

    async def strike(self) -> Heal:
        """Make one fault, where one may be made now; return what ends it."""
        of_one = self._wanted(self._of_one) if self._strikable else []
        of_all = self._wanted([*self._of_database, *self.besides])
        if not of_one and not of_all:
            return nothing
        number = self.chance.randrange(len(of_one) + len(of_all))
        if number < len(of_one):
            self.struck.append(_name(of_one[number]))
            return await of_one[number](await self._one())
        self.struck.append(_name(of_all[number - len(of_one)]))
        return await of_all[number - len(of_one)]()

    def _wanted(self, faults: Sequence[_Fault]) -> Sequence[_Fault]:
        return [fault for fault in faults if not self.only or _name(fault) in self.only]

    @property
    def _of_one(self) -> Sequence[Callable[[Process], Awaitable[Heal]]]:
        of_network = () if self.processes.database is None else (self._cut, self._stand_still)
        return (self._kill, self._kill, self._freeze, self._doze, *of_network, self._restart)

    @property
    def _of_database(self) -> Sequence[Callable[[], Awaitable[Heal]]]:
        if (database := self.processes.database) is None:
            return ()
        return (
            partial(self._break_off, database),
            partial(self._stop_database, database),
            partial(self._crash_database, database),
            partial(self._kill_database, database),
        )

    @property
    def _strikable(self) -> Sequence[Process]:
        well = self.processes.well
        if not self.leaves_one:
            return well
        return [each for each in well if each.role.is_replaced_by([other.role for other in well if other is not each])]

    async def _one(self) -> Process:
        """Choose one that is well; more often than not, one that has a duty."""
        strikable, owners = self._strikable, await self.processes.owners()
        busy = [each for each in strikable if each in owners.values()]
        return self.chance.choice(busy if busy and self.chance.random() < 0.6 else strikable)

    async def _kill(self, process: Process) -> Heal:
        await self.processes.kill(process)
        return partial(self.processes.start, process)

    async def _restart(self, process: Process) -> Heal:
        await self.processes.stop(process)
        return partial(self.processes.start, process)

    async def _freeze(self, process: Process) -> Heal:
        """Until another one has its duties, and longer than a lease lasts."""
        process.state = State.OUT
        os.kill(process.pid, signal.SIGSTOP)
        until = time.monotonic() + self.processes.lease_seconds * self.chance.uniform(1.1, 2.0)
        return partial(self._wake, process, until)

    async def _wake(self, process: Process, until: float) -> None:
        await asyncio.sleep(until - time.monotonic())
        os.kill(process.pid, signal.SIGCONT)
        process.state = State.WELL

    async def _doze(self, process: Process) -> Heal:
        """Shorter than a lease lasts."""
        os.kill(process.pid, signal.SIGSTOP)
        await asyncio.sleep(self.processes.lease_seconds * self.chance.random())
        os.kill(process.pid, signal.SIGCONT)
        return nothing

    async def _cut(self, process: Process) -> Heal:
        assert process.link is not None
        process.state = State.OUT
        process.link.cut()
        return partial(self._mend, process)

    async def _stand_still(self, process: Process) -> Heal:
        assert process.link is not None
        process.state = State.OUT
        process.link.stand_still()
        return partial(self._mend, process)

    async def _mend(self, process: Process) -> None:
        assert process.link is not None
        process.link.mend()
        process.state = State.WELL

    async def _break_off(self, database: Database) -> Heal:
        await database.ask(_BREAK_OFF.format(database.name))
        return nothing

    async def _stop_database(self, database: Database) -> Heal:
        await asyncio.to_thread(database.postgres.stop)
        return await self._start_database(database)

    async def _crash_database(self, database: Database) -> Heal:
        await asyncio.to_thread(database.postgres.stop, mode="immediate")
        return await self._start_database(database)

    async def _kill_database(self, database: Database) -> Heal:
        database.postgres.kill()
        return await self._start_database(database)

    async def _start_database(self, database: Database) -> Heal:
        await asyncio.sleep(self.chance.random() * self.processes.lease_seconds)
        await asyncio.to_thread(database.postgres.start)
        return nothing


def _name(fault: Callable[..., Awaitable[Heal]]) -> str:
    made = fault.func if isinstance(fault, partial) else fault
    return made.__name__.strip("_").replace("_", " ")


async def nothing() -> None:
    """It ended by itself."""
