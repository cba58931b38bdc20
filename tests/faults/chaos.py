"""
Servers on one PostgreSQL under load, struck by chance, run after run, and what has come of each is kept.

    python -m tests.faults.chaos [--runs 100] [--kept DIRECTORY] [--seconds 60] [--without fence|order|notices]

Each run has a seed, from 1. Those that have passed are not run again, so a stop at any moment loses one run at most.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from aiohttp import ClientSession, TCPConnector

from tests import postgresql
from tests.faults.altered import Protection
from tests.faults.nursery import open_nursery
from tests.faults.servers import Faults, Servers, some_servers
from tests.faults.traffic import Called, Place, Traffic, make_place
from tests.push.callback_server import a_callback_server
from tests.push.emulators.bark import a_bark_server
from watcher.core.settings import Settings

_KEPT: Final = Path(".chaos")
_SHOWN: Final = 20
_LOOK_SECONDS: Final = 0.1
_LONGEST_TAKE_OVER_SECONDS: Final = 120.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """
    What one run does.

    Attributes:
        seconds: for which faults are made.
        lease_seconds: of each server.
        arrival_seconds: for what is on its way to arrive, once nothing is struck any more.
        is_durable: PostgreSQL takes its commits to the disk.
        taken_away: what the servers lack.
    """

    seed: int
    seconds: float = 60.0
    servers: int = 3
    lease_seconds: float = 4.0
    arrival_seconds: float = 120.0
    is_durable: bool = True
    taken_away: Protection | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """
    What has come of one run.

    Attributes:
        take_overs: after how many seconds each duty was done again, once for each time that something was struck.
        repeats: calls that came again, known by their id.
        complaints: about what was lost, invented, shown twice or out of order, and servers that ended.
    """

    seed: int
    faults: Mapping[str, int]
    take_overs: Sequence[float]
    most_seconds: float
    messages: int
    visits: int
    tries: int
    repeats: int
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
        faults = ", ".join(f"{name} {number}" for name, number in sorted(self.faults.items()))
        return (
            f"seed {self.seed}: {'fine' if self.is_fine else 'NOT FINE'}; {self.messages:,} messages in {self.tries:,} "
            f"calls, {self.visits} visits, {self.repeats} repeats; worst take-over "
            f"{max(self.take_overs, default=0):.1f} s of {self.most_seconds:g} s; {faults}"
        )


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Servers that run, who is called by them, and what they were made with."""

    servers: Servers
    session: ClientSession
    place: Place
    called: Called


@asynccontextmanager
async def a_scene(plan: Plan, directory: Path) -> AsyncIterator[Scene]:
    """Set up what a plan needs, on a PostgreSQL of its own."""
    async with AsyncExitStack() as stack:
        postgres = stack.enter_context(postgresql.running(is_durable=plan.is_durable))
        _look_at_tables_often(postgres)
        nursery = await stack.enter_async_context(open_nursery())
        session = await stack.enter_async_context(ClientSession(connector=TCPConnector(limit=0)))
        called = Called(
            owner=await stack.enter_async_context(a_callback_server()),
            hook=await stack.enter_async_context(a_callback_server()),
            bark=await stack.enter_async_context(a_bark_server()),
        )
        database = postgres.new_database()
        settings = Settings(data=directory / "made", database=postgres.url(database))
        place = await make_place(settings, owner=called.owner.url, hook=called.hook.url, bark=called.bark.url)
        servers = Servers(
            postgres,
            database,
            nursery,
            lease_seconds=plan.lease_seconds,
            taken_away=plan.taken_away,
            environment={"WATCHER_BARK_URL": called.bark.url},
        )
        await stack.enter_async_context(some_servers(servers, directory, plan.servers))
        await servers.until_done()
        yield Scene(servers=servers, session=session, place=place, called=called)


def _look_at_tables_often(postgres: postgresql.Server) -> None:
    """Let it know its tables from the first seconds on, as it knows those of a database that is not new."""
    postgres.ask("ALTER SYSTEM SET autovacuum_naptime = '1s'")
    postgres.ask("SELECT pg_reload_conf()")


async def run(plan: Plan, directory: Path) -> Outcome:
    """Strike under load, then let what is on its way arrive, and compare the books."""
    async with a_scene(plan, directory) as scene:
        servers = scene.servers
        traffic = Traffic(scene.session, servers.urls, scene.place, scene.called)
        faults = Faults(servers=servers, chance=random.Random(plan.seed))
        async with traffic.reading():
            async with traffic.sending():
                take_overs = await _strike(plan, faults)
            await _until(lambda: traffic.has_arrived, seconds=plan.arrival_seconds)
            complaints = await traffic.complaints()
    return Outcome(
        seed=plan.seed,
        faults=dict(Counter(faults.struck)),
        take_overs=take_overs,
        most_seconds=servers.most_seconds,
        messages=len(traffic.sent),
        visits=traffic.visits,
        tries=traffic.tries,
        repeats=traffic.repeats,
        complaints=[*servers.troubles, *servers.defects(), *complaints],
        revision=_revision(),
    )


async def _strike(plan: Plan, faults: Faults) -> Sequence[float]:
    """Make faults; return after how many seconds all duties were done again, each time."""
    take_overs, ends_at = [], time.monotonic() + plan.seconds
    while time.monotonic() < ends_at:
        heals = [await faults.strike() for _ in range(1 + (faults.chance.random() < 0.3))]
        async with asyncio.timeout(_LONGEST_TAKE_OVER_SECONDS):
            take_overs.append(await faults.servers.until_done())
        for heal in heals:
            await heal()
        await asyncio.sleep(faults.chance.random() * plan.lease_seconds)
    return take_overs


async def _until(is_so: Callable[[], bool], *, seconds: float) -> None:
    """Return when it is so, or long enough after: what is missing is found in the books."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not is_so():  # noqa: ASYNC110 - other processes work
                await asyncio.sleep(_LOOK_SECONDS)


def _revision() -> str:
    said = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return said.stdout.strip()


def _run_and_keep(plan: Plan, kept: Path) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="watcher-chaos-") as made:
        outcome = asyncio.run(run(plan, Path(made)))
    kept.write_text(json.dumps(asdict(outcome), indent=1), encoding="utf-8")
    return outcome


def _read(kept: Path) -> Outcome | None:
    """Return what is kept of a run that went well; None: it is to be run."""
    if not kept.exists():
        return None
    outcome = Outcome(**json.loads(kept.read_text(encoding="utf-8")))
    return outcome if outcome.is_fine else None


def _summary(outcomes: Sequence[Outcome]) -> str:
    faults = sum((Counter(each.faults) for each in outcomes), Counter[str]())
    take_overs = [seconds for each in outcomes for seconds in each.take_overs]
    return (
        f"{len(outcomes)} runs, {sum(each.is_fine for each in outcomes)} fine; {faults.total():,} faults, "
        f"{sum(each.messages for each in outcomes):,} messages in {sum(each.tries for each in outcomes):,} calls, "
        f"{sum(each.repeats for each in outcomes):,} repeats; worst take-over {max(take_overs, default=0):.1f} s; "
        f"revisions {', '.join(sorted({each.revision for each in outcomes}))}"
    )


def main(arguments: Sequence[str]) -> int:
    """Run what has not run; return 1 where anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.chaos")
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--seconds", type=float, default=Plan.seconds, help="for which each run makes faults")
    parser.add_argument("--kept", type=Path, default=_KEPT, help="where what has come of each run is kept")
    parser.add_argument("--without", type=Protection, choices=list(Protection), help="take a protection away")
    wanted = parser.parse_args(arguments)
    wanted.kept.mkdir(exist_ok=True)
    outcomes = []
    for seed in range(wanted.first, wanted.first + wanted.runs):
        plan = Plan(seed=seed, seconds=wanted.seconds, taken_away=wanted.without)
        kept = wanted.kept / f"{'-'.join(['run', *([wanted.without] if wanted.without else [])])}-{seed}.json"
        outcomes.append(_read(kept) or _run_and_keep(plan, kept))
        print(outcomes[-1], *outcomes[-1].complaints[:_SHOWN], sep="\n  ", flush=True)
    print(_summary(outcomes))
    return 0 if all(each.is_fine for each in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
