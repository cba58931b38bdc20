"""What faults are tried on: a fresh home on a disk that forgets, an outside, a workshop, and the books after it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest

from tests.faults.books import complaints
from tests.faults.driver import DONE, NOT_STARTED, Errand
from tests.faults.gate import why_not
from tests.faults.jobs import Failure, Job, Kill, Report, Workshop, a_workshop
from tests.faults.outside import Outside, an_outside

_MEMORY: Final = Path("/dev/shm")
"""A kill and a refusal do not ask what the disk is made of, and memory is quick."""
_KILLED: Final = -9


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """
    What one fault came to.

    Attributes:
        was_struck: the run came to the fault at all.
        ran_on: the process did its errand all the same, without another start.
        wrong: empty when all is well.
    """

    was_struck: bool
    ran_on: bool
    wrong: list[str]


class Rig:
    """Runs errands with faults."""

    def __init__(self, directory: Path, outside: Outside, workshop: Workshop) -> None:
        self.directory = directory
        self.outside = outside
        self.workshop = workshop
        self._made: Path | None = None

    async def make_databases(self) -> None:
        """Let each home from now on have both databases, with a baseline, and not be empty."""
        home = Path(tempfile.mkdtemp(dir=self.directory))
        assert await self.start_again(self.placed(Errand(steps=0), home)) == []
        self._made = home

    def placed(self, errand: Errand, home: Path) -> Errand:
        """Return the errand with a home; the outside begins anew with it."""
        self.outside.begin(home / "notes")
        return replace(errand, home=home, outside=self.outside.url)

    @contextmanager
    def home(self) -> Iterator[Path]:
        """Give a home for one errand."""
        home = Path(tempfile.mkdtemp(dir=self.directory))
        if self._made is not None:
            shutil.copytree(self._made, home, dirs_exist_ok=True)
        try:
            yield home
        finally:
            shutil.rmtree(home)

    async def counts(self, errand: Errand) -> dict[str, int]:
        """Return how often an errand makes each call, when nothing goes wrong."""
        with self.home() as home:
            errand = self.placed(errand, home)
            report = await self.workshop(Job(errand=errand, is_counted=True))
            assert (report.status, complaints(errand, self.outside)) == (DONE, []), report.text
            return dict(report.counts)

    async def attempt(self, errand: Errand, fault: Kill | Failure) -> Attempt:
        """Let the fault strike, start again where that ended the process, and compare the books."""
        with self.home() as home:
            errand = self.placed(errand, home)
            report = await self.workshop(Job(errand=errand, fault=fault))
            wrong = [] if _may_end_so(report, fault) else [f"ended with {report.status}: {report.text}"]
            wrong += complaints(errand, self.outside) if report.status == DONE else await self.start_again(errand)
            return Attempt(
                was_struck=report.was_struck,
                ran_on=report.status == DONE,
                wrong=[f"{fault}: {line}" for line in wrong],
            )

    async def start_again(self, errand: Errand) -> list[str]:
        """Do the rest of an errand without faults; return what is wrong then."""
        again = await self.workshop(Job(errand=errand))
        if again.status != DONE:
            return [f"the next start ended with {again.status}: {again.text}"]
        return complaints(errand, self.outside)


def _may_end_so(report: Report, fault: Kill | Failure) -> bool:
    """Return whether a process may end like this: a full disk ends none that has started."""
    match fault:
        case Kill():
            return report.status == (_KILLED if report.was_struck else DONE)
        case Failure():
            return report.status in (DONE, NOT_STARTED)


@asynccontextmanager
async def a_rig(tmp_path: Path) -> AsyncIterator[Rig]:
    """Set one up, or skip the test where there can be none."""
    if (reason := why_not()) is not None:
        pytest.skip(reason)
    where = _MEMORY if _MEMORY.is_dir() else tmp_path
    with tempfile.TemporaryDirectory(dir=where, prefix="watcher-faults-") as name:
        directory = Path(name)
        async with an_outside() as outside:
            warm_up = Errand(home=directory / "warm", outside=outside.url, watches=1, steps=1)
            warm_up.home.mkdir()
            outside.begin(warm_up.notes)
            async with a_workshop(warm_up) as workshop:
                yield Rig(directory, outside, workshop)
