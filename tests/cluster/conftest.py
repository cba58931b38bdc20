"""A database with the tables of a cluster, made once and copied."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import postgresql
from tests.cluster.process import WORK
from watcher.cluster.jobs import job_tables
from watcher.store.cluster.schema import make_schemas


@pytest.fixture(scope="session")
def _cluster_template(postgresql_server: postgresql.Server) -> str:
    name = postgresql_server.new_database()
    make_schemas(postgresql_server.url(name), job_tables())
    postgresql_server.ask(WORK, database=name)
    return name


@pytest.fixture
def cluster_database(postgresql_server: postgresql.Server, _cluster_template: str) -> Iterator[str]:
    """The name of a database of this test's own, with the tables of a cluster and one that `process.py` writes to."""
    name = postgresql_server.new_database(like=_cluster_template)
    yield name
    postgresql_server.remove_database(name)


@pytest.fixture
def cluster_url(postgresql_server: postgresql.Server, cluster_database: str) -> str:
    """Where that database is."""
    return postgresql_server.url(cluster_database)
