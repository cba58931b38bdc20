"""A database of a cluster that one process holds, made once and copied."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import postgresql
from tests.store.cluster.places import HELD, WATCHES, declare
from watcher.cluster.jobs import job_tables
from watcher.store.cluster.schema import make_schemas


@pytest.fixture(scope="session")
def _lone_template(postgresql_server: postgresql.Server) -> str:
    name = postgresql_server.new_database()
    make_schemas(postgresql_server.url(name), job_tables())
    postgresql_server.ask(HELD + declare(WATCHES), database=name)
    return name


@pytest.fixture
def lone_url(postgresql_server: postgresql.Server, _lone_template: str) -> Iterator[str]:
    """Where a database of this test's own is, with the tables of a cluster, all in one hand (`cluster/places.py`)."""
    name = postgresql_server.new_database(like=_lone_template)
    yield postgresql_server.url(name)
    postgresql_server.remove_database(name)
