"""
A PostgreSQL of the tests' own: found, made in a temporary directory, started, killed and started again.

It takes its commits to the disk as a real one does, unless it is told not to: that is a hundred times as long for
whoever makes a database for each test. Then its directory is in memory, where there is room: a database is 300 files,
and making them costs a disk's file system a fifth of a second of processor time.

It listens on a socket in its directory and on a port of loopback, and trusts whoever comes, but for the role `GUARDED`,
which has a password. As root it runs as the user `postgres`, for PostgreSQL refuses root.

It ends with the process that made it, however that ends: a shell beside it reads from a pipe whose other end only that
process has, and at the end of it ends the server and removes its directory.

By hand, until Ctrl-C:

    python -m tests.postgresql
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

from tests.running import free_port
from tests.suite_budget.started import CLUSTER, note_started

ROLE: Final = "watcher"
GUARDED: Final = "guarded"
PASSWORD: Final = "elephants never forget"
_SECONDS: Final = 60
_SETTINGS: Final = """\
unix_socket_directories = '{directory}'
listen_addresses = '127.0.0.1'
port = {port}
shared_buffers = 32MB
max_connections = 100
log_line_prefix = '%m [%p] %a '
"""
_PASSING: Final = """\
fsync = off
max_wal_size = 64MB
"""
"""Besides, where nothing outlives the machine: less of what was written is kept, for it may be in memory."""
_MEMORY: Final = Path("/dev/shm")
_ROOM_BYTES: Final = 2 * 1024**3
"""Some times what a server of the tests needs, for each process of xdist has one."""
_ACCESS: Final = f"""\
local all all trust
host replication all 127.0.0.1/32 trust
host all {GUARDED} 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
"""
# The server of that moment: it may have been killed and started again meanwhile.
_GUARD: Final = """\
read -r _
pid=$(head -n 1 "$1/data/postmaster.pid") && kill -QUIT "$pid"
while [ -n "$pid" ] && kill -0 "$pid"; do sleep 0.05; done
rm -rf "$1"
"""


class NoPostgresqlError(Exception):
    """There is none here; says why."""


class Server:
    """One cluster of databases. Made by `running`."""

    def __init__(self, programs: Path, directory: Path, port: int, *, user: str | None) -> None:
        self.directory = directory
        self.port = port
        self._programs = programs
        self._identity: dict[str, Any] = {"user": user, "group": user, "extra_groups": []} if user else {}
        self._databases = 0

    def url(self, database: str, *, role: str = ROLE, password: str = "") -> str:
        """Return where a database of this name is."""
        secret = f":{password.replace(' ', '%20')}" if password else ""
        return f"postgresql://{role}{secret}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it, and return when it lets anybody in; after a kill, once it has repaired its data."""
        late = time.monotonic() + _SECONDS
        while not self._has_started():
            # What a killed server began ends a moment after it, and no other starts before.
            if time.monotonic() > late:
                raise NoPostgresqlError(f"it did not start:\n{self.log()}")

    def stop(self, *, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Break off what its clients do, and end it in order; or as it is, so that its next start repairs its data."""
        self._run("pg_ctl", "-D", self._data, "-m", mode, "-t", str(_SECONDS), "stop")

    def kill(self) -> None:
        """End it as a loss of power would: nothing is written any more."""
        os.kill(self.pid, signal.SIGKILL)

    @contextmanager
    def standing_still(self, database: str) -> Iterator[None]:
        """Let whatever answers the connections of now to a database stand still meanwhile, as if its disk hung."""
        found = self.ask(f"SELECT pid FROM pg_stat_activity WHERE datname = '{database}'")
        for (pid,) in found:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for (pid,) in found:
                os.kill(pid, signal.SIGCONT)

    @contextmanager
    def letting_nobody_in(self) -> Iterator[None]:
        """Let its first process stand still meanwhile: who connects is taken by the system, and hears nothing."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)

    @property
    def pid(self) -> int:
        """Of its first process, while it runs."""
        return int((self._data / "postmaster.pid").read_text(encoding="utf-8").split()[0])

    def log(self) -> str:
        """Return what it has said."""
        return (self.directory / "log").read_text(encoding="utf-8", errors="replace")

    def new_database(self, *, like: str = "template1") -> str:
        """Make a database, a copy of another one to which nobody is connected; return its name."""
        self._databases += 1
        name = f"test_{os.getpid()}_{self._databases}"
        self.ask(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        return name

    def remove_database(self, name: str) -> None:
        """Remove it, whoever is connected to it."""
        self.ask(f'DROP DATABASE "{name}" WITH (FORCE)')

    def ask(self, statement: str, *, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Return what the owner of everything is answered."""
        import psycopg  # most tests need no driver

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def end(self) -> None:
        """End it and remove its directory."""
        self.guard.communicate(timeout=_SECONDS)

    def make(self, *, is_durable: bool) -> None:
        """Make its data, without starting it."""
        as_trusted = ("--username", ROLE, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8")
        note_started(CLUSTER)
        self._run("initdb", "--pgdata", self._data, *as_trusted, "--no-sync")
        (self._data / "pg_hba.conf").write_text(_ACCESS, encoding="utf-8")
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(_SETTINGS.format(directory=self.directory, port=self.port))
            settings.write("" if is_durable else _PASSING)

    def copy_data(self, target: Path, *options: str) -> None:
        """Copy its data while it runs, as a backup of PostgreSQL's own; the directory is one that its user may make."""
        here = ("--host", "127.0.0.1", "--port", str(self.port), "--username", ROLE)
        self._run("pg_basebackup", "--pgdata", target, *here, "--checkpoint", "fast", "--no-sync", *options)

    def put_back(self, copy: Path, *, until: str = "") -> None:
        """
        Start with such a copy in the place of its data; it is stopped. Raises NoPostgresqlError.

        Args:
            until: brings the copy up to this time, by the log of the data that it replaces.
        """
        lost = self._data.rename(self.directory / "lost")
        copy.rename(self._data)
        if until:
            with (self._data / "postgresql.conf").open("a", encoding="utf-8") as settings:
                settings.write(f"restore_command = 'cp {lost}/pg_wal/%f %p'\n")
                settings.write(f"recovery_target_time = '{until}'\nrecovery_target_action = 'promote'\n")
            (self._data / "recovery.signal").touch()
        self.start()

    @contextmanager
    def standby(self) -> Iterator[Server]:
        """Give a standby that follows it, with a port of its own."""
        with _guarded(self._programs, self.directory.parent, user=self._identity.get("user")) as standby:
            self.copy_data(standby._data, "--write-recovery-conf")
            with (standby._data / "postgresql.conf").open("a", encoding="utf-8") as settings:
                settings.write(f"port = {standby.port}\nunix_socket_directories = '{standby.directory}'\n")
            standby.start()
            yield standby

    def begin_guard(self) -> None:
        """Start what ends it with this process."""
        self.guard = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "guard", str(self.directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            **self._identity,
        )

    @property
    def _data(self) -> Path:
        return self.directory / "data"

    def _has_started(self) -> bool:
        try:
            self._run("pg_ctl", "-D", self._data, "-l", self.directory / "log", "-t", str(_SECONDS), "-w", "start")
        except NoPostgresqlError:
            return False
        return True

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [str(self._programs / program), *map(str, arguments)]
        with tempfile.TemporaryFile() as said:  # a pipe would be held open by the server that this starts
            status = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd="/",
                **self._identity,
                timeout=2 * _SECONDS,
                check=False,
            ).returncode
            if status != 0:
                said.seek(0)
                raise NoPostgresqlError(f"{program}: {said.read().decode(errors='replace').strip()}")


def find_programs() -> Path:
    """Return the directory of the newest server on this machine, on the PATH or of Debian. Raises NoPostgresqlError."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda program: int(program.parts[-3]))
    if not found:
        raise NoPostgresqlError("there is no PostgreSQL here; on Debian: apt-get install postgresql")
    return found[-1].parent


@contextmanager
def running(*, is_durable: bool = True, below: Path | None = None) -> Iterator[Server]:
    """
    Give a server that lasts as long as this block, or this process.

    Args:
        is_durable: what it commits outlives a loss of power, and not just its own end.
        below: where its directory is made, which everybody can reach; None: in the one for temporary files, or in
            memory if it need not be durable.

    Raises:
        NoPostgresqlError: there is none here, or it does not start.
    """
    with _guarded(find_programs(), below or (None if is_durable else memory()), user=_find_user()) as server:
        server.make(is_durable=is_durable)
        server.start()
        server.ask(f"CREATE ROLE {GUARDED} LOGIN PASSWORD '{PASSWORD}'")
        yield server


@contextmanager
def _guarded(programs: Path, below: Path | None, *, user: str | None) -> Iterator[Server]:
    """Give a server without data, whose directory is new, and which ends with this block or this process."""
    directory = Path(tempfile.mkdtemp(prefix="watcher-postgresql-", dir=below))
    if user:
        shutil.chown(directory, user)
    server = Server(programs, directory, free_port(), user=user)
    server.begin_guard()
    try:
        yield server
    finally:
        server.end()


def memory() -> Path | None:
    """Return a directory in memory with much room; None: there is none, as in most containers."""
    has_room = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES
    return _MEMORY if has_room else None


def _find_user() -> str | None:
    """Return as whom it runs, where that is not who this is."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise NoPostgresqlError("PostgreSQL does not run as root, and there is no user `postgres` here") from None


def _main() -> None:
    with running() as server:
        print(server.url("postgres"), flush=True)
        signal.sigwait([signal.SIGINT, signal.SIGTERM])


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM])
    _main()
