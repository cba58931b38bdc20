"""Servers on one PostgreSQL, and who sends, reads and is called."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientSession, TCPConnector

from tests import postgresql
from tests.faults.nursery import open_nursery
from tests.faults.processes import Database, Processes, Role, some_processes
from tests.faults.strikes import Faults
from tests.faults.traffic import Called, Place, Traffic, make_place
from tests.faults.trial import Plan
from tests.push.callback_server import a_callback_server
from tests.push.emulators.bark import a_bark_server
from watcher.core.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Servers that run, who is called by them, and what they were made with."""

    servers: Processes
    session: ClientSession
    place: Place
    called: Called


@asynccontextmanager
async def a_scene(plan: Plan, directory: Path) -> AsyncIterator[Scene]:
    """Set up what a plan needs, on a PostgreSQL of its own."""
    async with AsyncExitStack() as stack:
        postgres = stack.enter_context(postgresql.running(is_durable=plan.is_durable))
        look_at_tables_often(postgres)
        nursery = await stack.enter_async_context(open_nursery())
        session = await stack.enter_async_context(ClientSession(connector=TCPConnector(limit=0)))
        called = Called(
            owner=await stack.enter_async_context(a_callback_server()),
            hook=await stack.enter_async_context(a_callback_server()),
            bark=await stack.enter_async_context(a_bark_server()),
        )
        database = Database(postgres=postgres, name=postgres.new_database())
        settings = Settings(data=directory / "made", database=database.url())
        place = await make_place(settings, owner=called.owner.url, hook=called.hook.url, bark=called.bark.url)
        servers = Processes(
            nursery=nursery,
            database=database,
            lease_seconds=plan.lease_seconds,
            taken_away=plan.taken_away,
            environment={"WATCHER_BARK_URL": called.bark.url},
        )
        await stack.enter_async_context(some_processes(servers, directory, plan.servers * [Role.SERVE]))
        await servers.until_done()
        yield Scene(servers=servers, session=session, place=place, called=called)


def look_at_tables_often(postgres: postgresql.Server) -> None:
    """Let it know its tables from the first seconds on, as it knows those of a database that is not new."""
    postgres.ask("ALTER SYSTEM SET autovacuum_naptime = '1s'")
    postgres.ask("SELECT pg_reload_conf()")


class ServersTrial:
    """Strikes servers amid traffic (`trial.Trial`)."""

    is_alone = False

    def __init__(self, scene: Scene, plan: Plan) -> None:
        self._servers = scene.servers
        self.traffic = Traffic(scene.session, scene.servers.urls, scene.place, scene.called)
        self.faults = Faults(processes=scene.servers, chance=random.Random(plan.seed), only=plan.only)

    @property
    def most_seconds(self) -> float:
        return self._servers.most_seconds

    @property
    def figures(self) -> Mapping[str, int]:
        """`repeats`: calls that came again, known by their id."""
        traffic = self.traffic
        return {
            "messages": len(traffic.sent),
            "calls": traffic.tries,
            "visits": traffic.visits,
            "repeats": traffic.repeats,
        }

    def load(self) -> AbstractAsyncContextManager[None]:
        return self.traffic.sending()

    async def until_well(self) -> float:
        return await self._servers.until_done()

    async def has_arrived(self) -> bool:
        return self.traffic.has_arrived

    async def complaints(self) -> Sequence[str]:
        return await self.traffic.complaints()


@asynccontextmanager
async def servers_trial(plan: Plan, directory: Path) -> AsyncIterator[ServersTrial]:
    """Set one up."""
    async with a_scene(plan, directory) as scene:
        trial = ServersTrial(scene, plan)
        async with trial.traffic.reading():
            yield trial
