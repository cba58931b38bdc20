"""
PostgreSQL's own programs that save a database and put it back: `pg_dump`, `pg_restore` and `psql`, of one version.

They have to be of the server's version or newer (postgresql.org/docs/current/app-pgdump.html). Of several that are, the
oldest is taken: a newer one writes settings that an older server does not know.

No password is among their arguments, which every user of the machine can read: it goes by the environment. That of a
key for TLS (`sslpassword`) cannot: libpq has no variable for it, so a URL that has one is refused.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, Final

from msgspec import Struct
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import URL

from watcher.core.words import clean, cut, one_line
from watcher.errors import StoreError
from watcher.store.postgresql.connections import NETWORK, conninfo_of
from watcher.store.postgresql.urls import name_of

DEBIAN: Final = "/usr/lib/postgresql/*/bin"
_NAMES: Final = ("pg_dump", "pg_restore", "psql")
_VERSION: Final = re.compile(r"\(PostgreSQL\) (\d{1,3})")
_SECRETS: Final = ("password", "sslpassword")
_LOOK_SECONDS: Final = 10.0
_LONGEST: Final = timedelta(hours=12)
"""For a dump, or for putting one back, with all of its indexes."""
_MOST_SAID: Final = 64 * 1024
_MAX_CHARACTERS: Final = 300


class Programs(Struct, frozen=True, kw_only=True):
    """Where they are, all three, and their version."""

    directory: Path
    version: int

    def command(self, name: str, *arguments: str | Path) -> Sequence[str]:
        """Return how one of them is called."""
        return [str(self.directory / name), *map(str, arguments)]


def programs_for(url: URL, version: int, *, debian: str | None = None) -> Programs:
    """
    Return those that a server of this version takes.

    Args:
        debian: where Debian puts them, which are not on the PATH there; None: `DEBIAN`.

    Raises:
        StoreError: there are none, and it says what to install; or they cannot be given a secret of the URL.
    """
    _require_no_key_password(url)
    there = _directories(debian or DEBIAN)
    found = [Programs(directory=each, version=_version_of(each)) for each in there]
    fitting = [each for each in found if each.version >= version]
    if fitting:
        return min(fitting, key=lambda each: each.version)
    newest = max((each.version for each in found), default=0)
    here = f"those here are of version {newest}" if newest else "there are none here"
    raise StoreError(
        f"{name_of(url)} is PostgreSQL {version}, and its pg_dump, pg_restore and psql are needed, of that "
        f"version or newer; {here}: on Debian and Ubuntu, apt-get install postgresql-client-{version}"
    )


def _require_no_key_password(url: URL) -> None:
    if "sslpassword" in url.query:
        raise StoreError(
            f"{name_of(url)}: pg_dump, pg_restore and psql cannot be given the URL's sslpassword unseen: name by "
            "sslkey a key without a password, which is its owner's alone (chmod 600), or save it otherwise"
        )


def _directories(debian: str) -> Sequence[Path]:
    on_path = shutil.which(_NAMES[0])
    candidates = [*Path("/").glob(debian.lstrip("/")), *([Path(on_path).parent] if on_path else [])]
    return [each for each in candidates if all((each / name).exists() for name in _NAMES)]


def _version_of(directory: Path) -> int:
    """Return the version of the programs in a directory; 0 where they do not say it."""
    try:
        said = subprocess.run(  # noqa: S603 - found where PostgreSQL's are
            [directory / _NAMES[0], "--version"], capture_output=True, timeout=_LOOK_SECONDS, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = _VERSION.search(said.decode(errors="replace"))
    return int(found[1]) if found else 0


def address_of(url: URL) -> tuple[str, Mapping[str, str]]:
    """Return what names a database to these programs, without a secret, and the environment that has it."""
    named = conninfo_to_dict(conninfo_of(url))
    secret = named.get("password")
    shown = {name: value for name, value in named.items() if name not in _SECRETS}
    with_limits = {"application_name": "watcher", **NETWORK, **shown}
    return make_conninfo("", **with_limits), {**os.environ, **({"PGPASSWORD": str(secret)} if secret else {})}


class Program:
    """One of them that runs; what it says of errors is kept."""

    def __init__(self, process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
        self.process = process
        self._said = said

    @property
    def output(self) -> IO[bytes]:
        """What it writes."""
        return _there(self.process.stdout)

    @property
    def input(self) -> IO[bytes]:
        """What it reads."""
        return _there(self.process.stdin)

    def end(self) -> str | None:
        """Wait for its end, which comes; return in one line what went wrong, or None."""
        if (status := self.process.wait()) == 0:
            return None
        self._said.seek(0)
        return _reason(self._said.read(_MOST_SAID).decode(errors="replace")) or f"it ended with {status}"


@contextmanager
def started(command: Sequence[str], environment: Mapping[str, str], *, is_fed: bool = False) -> Iterator[Program]:
    """
    Give a program that runs; one that still does at the end of this block, or after half a day, is killed.

    Args:
        is_fed: this process writes what it reads. What it writes, this process reads; so it does not outlive this one.
    """
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - as above
            command,
            env=environment,
            stdin=subprocess.PIPE if is_fed else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            start_new_session=True,  # Ctrl-C is for this process, which ends it
        )
        limit = threading.Timer(_LONGEST.total_seconds(), process.kill)
        limit.daemon = True
        limit.start()
        try:
            yield Program(process, said)
        finally:
            limit.cancel()
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    _close(pipe)


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:  # what was written last, to one that has ended
        return


def _there(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("it was started the other way round")
    return pipe


def _reason(said: str) -> str:
    """Return the first error of a program, without where it stands."""
    lines = [line for line in said.splitlines() if "rror:" in line or "ERROR:" in line or "FATAL:" in line]
    first = next(iter(lines or said.splitlines()), "")
    for mark in ("FATAL:", "ERROR:", "error:"):
        if mark in first:
            first = first.rpartition(mark)[2]
            break
    return cut(one_line(clean(first.strip())), _MAX_CHARACTERS)
