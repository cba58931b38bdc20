"""The PostgreSQL that other tests use: it survives being killed, and outlives nobody."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import psycopg
import pytest

from tests import postgresql

_SECONDS = 60
_STARTS = """
import sys
from tests import postgresql
with postgresql.running() as server:
    assert server.ask("SHOW fsync") == [("on",)]
    print(server.directory, server.pid, server.guard.pid, flush=True)
    sys.stdin.read()
"""


def test_a_database_is_empty(postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_role_with_a_password_gets_in_with_it_alone(postgresql_server: postgresql.Server) -> None:
    guarded = postgresql_server.url("postgres", role=postgresql.GUARDED, password=postgresql.PASSWORD)
    psycopg.connect(guarded).close()
    wrong = postgresql_server.url("postgres", role=postgresql.GUARDED, password="wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


@pytest.mark.faults
def test_what_was_committed_outlives_a_kill(postgresql_server: postgresql.Server) -> None:
    postgresql_server.ask("CREATE TABLE kept AS SELECT 7 AS number")
    postgresql_server.kill()
    postgresql_server.start()
    assert postgresql_server.ask("SELECT number FROM kept") == [(7,)]
    postgresql_server.ask("DROP TABLE kept")


@pytest.mark.faults
@pytest.mark.usefixtures("postgresql_server")  # or it is skipped
def test_it_ends_with_who_started_it_and_leaves_no_file() -> None:
    with subprocess.Popen([sys.executable, "-c", _STARTS], stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdout
        directory, server, guard = process.stdout.readline().split()
        ends = [os.pidfd_open(int(pid)) for pid in (server, guard)]
        process.kill()
        for end in ends:
            assert select.select([end], [], [], _SECONDS)[0], "it still runs"
            os.close(end)
    assert not Path(directory).exists()
