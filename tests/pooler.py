"""A pgbouncer of the tests' own, in front of a PostgreSQL: it hands out connections by transaction, as most do."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest

from tests import postgresql
from tests.running import free_port

_SECONDS: Final = 20
_SETTINGS: Final = """\
[databases]
* = host=127.0.0.1 port={server} user={role}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = 5
ignore_startup_parameters = {ignored}
"""


@contextmanager
def pooled(server: postgresql.Server, database: str, *, mode: str = "transaction", ignored: str = "") -> Iterator[str]:
    """
    Give where a database is behind a pooler; skip the test where there is none.

    Args:
        ignored: settings of a client that it takes and forgets.
    """
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        pytest.skip("there is no pgbouncer here; on Debian: apt-get install pgbouncer")
    port = free_port()
    settings = server.directory / f"pgbouncer-{port}.ini"  # where the user that it runs as can read it
    settings.write_text(
        _SETTINGS.format(server=server.port, role=postgresql.ROLE, port=port, mode=mode, ignored=ignored),
        encoding="utf-8",
    )
    process = subprocess.Popen(
        [program, "--quiet", str(settings)], cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **_user()
    )
    try:
        _wait_for(port, process)
        yield f"postgresql://{postgresql.ROLE}@127.0.0.1:{port}/{database}"
    finally:
        process.terminate()
        process.wait(_SECONDS)


def _user() -> dict[str, Any]:
    """Return as whom it runs: root it refuses to be."""
    if os.getuid() != 0:
        return {}
    name = pwd.getpwnam("postgres").pw_name
    return {"user": name, "group": name, "extra_groups": []}


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    late = time.monotonic() + _SECONDS
    while process.poll() is None and time.monotonic() < late:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            continue
        return
    raise AssertionError("pgbouncer did not start")
