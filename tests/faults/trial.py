"""What a run of the chaos is: what it is made of, what it does, and what has come of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from tests.faults.altered import Protection
from tests.faults.processes import Role
from tests.faults.strikes import Faults

_VARIED_FROM: Final = 3


class What(StrEnum):
    """What is struck."""

    SERVERS = "servers"
    """several on one PostgreSQL"""
    CLUSTER = "cluster"
    """workers and servers on one PostgreSQL"""
    FILES = "files"
    """one `watcher run` on a data directory"""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """
    What one run does.

    Attributes:
        seconds: for which faults are made.
        servers, workers: of them, where there are such.
        lease_seconds: of each process.
        arrival_seconds: for what is on its way to arrive, once nothing is struck any more.
        hosts: of the site whose pages are watched.
        is_durable: PostgreSQL takes its commits to the disk.
        taken_away: what the processes lack.
        only: the names of the faults that may be made; none: all.
    """

    what: What = What.SERVERS
    seed: int
    seconds: float = 60.0
    servers: int = 3
    workers: int = 3
    hosts: int = 200
    lease_seconds: float = 4.0
    arrival_seconds: float = 120.0
    is_durable: bool = True
    taken_away: Protection | None = None
    only: Collection[str] = ()

    @property
    def roles(self) -> Sequence[Role]:
        """
        What its processes are.

        Of three seeds, one has a worker of few shards, and one a `watcher run` in place of a worker; where there are
        three workers or more.
        """
        workers = self.workers * [Role.WORKER]
        if self.workers >= _VARIED_FROM:
            workers[-1] = (Role.WORKER, Role.RUN, Role.SMALL_WORKER)[self.seed % 3]
        return [*self.servers * [Role.SERVE], *workers]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """
    What has come of one run.

    Attributes:
        take_overs: after how many seconds all was done again, once for each time that something was struck.
        figures: how many there were of what.
        complaints: about what was lost, invented, shown twice or out of order, and processes that ended.
    """

    what: str
    seed: int
    faults: Mapping[str, int]
    take_overs: Sequence[float]
    most_seconds: float
    figures: Mapping[str, int]
    complaints: Sequence[str]
    revision: str = ""

    @property
    def late(self) -> Sequence[float]:
        """Take-overs that took longer than is promised."""
        return [seconds for seconds in self.take_overs if seconds > self.most_seconds]

    @property
    def is_fine(self) -> bool:
        return not self.complaints and not self.late

    def __str__(self) -> str:
        figures = ", ".join(f"{number:,} {name}" for name, number in self.figures.items())
        faults = ", ".join(f"{name} {number}" for name, number in sorted(self.faults.items()))
        return (
            f"{self.what}, seed {self.seed}: {'fine' if self.is_fine else 'NOT FINE'}; {figures}; worst take-over "
            f"{max(self.take_overs, default=0):.1f} s of {self.most_seconds:g} s; {faults}"
        )


class Trial(Protocol):
    """
    Processes that run, and who uses them and knows what is right.

    Attributes:
        faults: what is made to go wrong.
        is_alone: nobody takes over what a process did that is struck: it has to come back.
    """

    faults: Faults
    is_alone: bool

    @property
    def most_seconds(self) -> float:
        """Within so long all is done again."""

    @property
    def figures(self) -> Mapping[str, int]:
        """How many there were of what."""

    def load(self) -> AbstractAsyncContextManager[None]:
        """Let it be used while the context lasts, and what is under way come to an end."""

    async def until_well(self) -> float:
        """Return after how many seconds all is done by processes that are well."""

    async def has_arrived(self) -> bool:
        """Whether all that is right has come to those who read."""

    async def complaints(self) -> Sequence[str]:
        """Return what is wrong, one line each."""
