"""Duties of a server that has its database to itself, and of servers of a cluster."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Mapping
from functools import partial

import pytest

from tests import postgresql
from tests.push.relays import until
from tests.running import meanwhile
from watcher.runtime.serving.duties import Work, run_all, run_leased
from watcher.store.push.duty import LEASE, HeldLease

NAMES = ("callbacks", "deliverer")
_LISTENERS = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"
_IMPORTS = """
import sys
import watcher.runtime.running, watcher.push.opening, watcher.store.push.store
print(sorted({"procrastinate", "psycopg", "watcher.cluster"} & set(sys.modules)))
"""


class Doing:
    """Who does what under which lease."""

    def __init__(self) -> None:
        self.now: dict[tuple[str, str], HeldLease | None] = {}

    def of(self, process: str) -> Mapping[str, Work]:
        """Return the duties of a process."""
        return {name: partial(self._do, process, name) for name in NAMES}

    async def _do(self, process: str, name: str) -> None:
        self.now[process, name] = LEASE.get()
        try:
            await asyncio.Event().wait()
        finally:
            del self.now[process, name]


async def test_who_has_the_database_alone_does_all_and_needs_no_lease() -> None:
    doing = Doing()
    async with meanwhile(run_all(doing.of("one"))):
        await until(lambda: doing.now == {("one", name): None for name in NAMES})
    assert doing.now == {}


async def test_of_those_who_share_it_one_does_each_under_its_lease(
    postgresql_url: str, postgresql_server: postgresql.Server
) -> None:
    doing = Doing()
    async with (
        meanwhile(run_leased(postgresql_url, doing.of("one"))),
        meanwhile(run_leased(postgresql_url, doing.of("two"))),
    ):
        await until(lambda: postgresql_server.ask(_LISTENERS) == [(2,)])
        await until(lambda: len(doing.now) == len(NAMES))
        assert {name for _, name in doing.now} == set(NAMES)
        assert None not in doing.now.values()
    assert doing.now == {}


@pytest.mark.faults
def test_who_names_no_database_imports_neither_its_driver_nor_the_engine_of_jobs() -> None:
    done = subprocess.run([sys.executable, "-c", _IMPORTS], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
