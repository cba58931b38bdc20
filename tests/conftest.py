"""
What holds for every test: no secret comes into a log, Ctrl-C reaches what it starts, and some run on both loops.

What is marked `faults` guards a promise and is slow: `make faults` runs it, `make pythons` does a part of it on the
newest Python, and `make test` says how many it left out.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
import uvloop
from hypothesis import settings

from tests import compiled_statements, postgresql
from tests.leaks import LEAKS, watch
from tests.sizes import FAULTS, FIGURES
from watcher.core.databases import ClusterDatabase, DatabasePlace

watch()
compiled_statements.share()
# What `make test` writes fits into memory, where a commit waits for no disk.
if FAULTS.leaves_out and FIGURES.leaves_out and (memory := postgresql.memory()) is not None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))
# Millions of objects are made by a collection, and all of them stay: looking for garbage among them is a fifth of it.
gc.disable()
# A script that starts the tests in the background, or nohup, has signals ignored, and every process inherits that.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
# An example's time is that of the machine, which has others to run, and of a collection that falls into it.
settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")


_SLOW: Final = ("benchmarks/", "faults/", "figures/", "web/browser/")
_FAULTS: Final = "figures/"
"""The folder of which `make faults` alone runs all."""
_ALSO_OVER_POSTGRESQL: Final = ("test_messages.py", "test_store.py", "test_watch_contract.py")


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Return the event loops that a test runs on."""
    if item.get_closest_marker("both_loops"):
        return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
    return {"asyncio": asyncio.new_event_loop}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what takes long and says little about a Python; leave out what only `make faults` runs."""
    _choose_databases(config, items)
    for item in items:
        path = item.path.relative_to(Path(__file__).parent).as_posix()
        if path.startswith(_SLOW):
            item.add_marker(pytest.mark.slow)
        if path.startswith(_FAULTS):
            item.add_marker(pytest.mark.faults)
            item.add_marker(pytest.mark.alone)
    if FAULTS.leaves_out and FIGURES.leaves_out:
        left_out = [item for item in items if item.get_closest_marker("faults")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("faults")]


def _choose_databases(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about SQLite alone; over PostgreSQL, `make test` runs a few of the others."""
    over = [item for item in items if isinstance(item, pytest.Function) and _is_over_postgresql(item)]
    for item in over:
        if not _is_always_done(item):
            item.add_marker(pytest.mark.faults)
    left_out = [item for item in over if item.get_closest_marker("on_sqlite")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def _is_always_done(item: pytest.Function) -> bool:
    return item.path.name in _ALSO_OVER_POSTGRESQL or item.get_closest_marker("on_both") is not None


def _is_over_postgresql(item: pytest.Function) -> bool:
    return hasattr(item, "callspec") and item.callspec.params.get("place") == "postgresql"


def pytest_collection_finish() -> None:
    """Look for garbage again, among what the tests themselves make."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def _no_secret_is_logged() -> Iterator[None]:
    """Fail the test in whose time one was."""
    yield
    leaks = LEAKS.take()
    assert not leaks, leaks


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Server]:
    """A PostgreSQL of this session's own, which does not wait for the disk; each process of xdist has its own."""
    try:
        with postgresql.running(is_durable=False) as server:
            yield server
    except postgresql.NoPostgresqlError as error:
        pytest.skip(str(error))


@pytest.fixture
def postgresql_url(postgresql_server: postgresql.Server) -> Iterator[str]:
    """Where an empty database of this test's own is."""
    name = postgresql_server.new_database()
    yield postgresql_server.url(name)
    postgresql_server.remove_database(name)


@pytest.fixture(scope="session")
def postgresql_tables(postgresql_server: postgresql.Server) -> str:
    """Name a database with the push service's tables, to be copied: making them takes ten times as long."""
    from watcher.store.push.store import open_push_store  # most tests need no database

    async def make(place: ClusterDatabase) -> None:
        await (await open_push_store(place)).close()

    name = postgresql_server.new_database()
    with tempfile.TemporaryDirectory() as data:
        asyncio.run(make(ClusterDatabase(url=postgresql_server.url(name), data=Path(data))))
    return name


@pytest.fixture
def postgresql_place(
    postgresql_server: postgresql.Server, postgresql_tables: str, tmp_path: Path
) -> Iterator[ClusterDatabase]:
    """A database of this test's own with the push service's tables."""
    name = postgresql_server.new_database(like=postgresql_tables)
    yield ClusterDatabase(url=postgresql_server.url(name), data=tmp_path)
    postgresql_server.remove_database(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> DatabasePlace:
    """Where a push service keeps what it knows, with its tables: what is promised holds over both databases."""
    if request.param == "postgresql":
        shared: ClusterDatabase = request.getfixturevalue("postgresql_place")
        return shared
    from tests.push.prepared import place_tables  # as above

    return asyncio.run(place_tables(tmp_path / "push.db"))
