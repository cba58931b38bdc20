"""One holder per role in a data directory: the watcher, the server, and a backup that is made."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

from watcher.errors import LockedError, StoreError
from watcher.store.files import make_private_directory

_MAX_HOLDER = 200
_PATIENCE_SECONDS = 2.0
"""A command may hold a role for a moment: to look who holds it, to see whether the databases are sound."""
_LOOK_SECONDS = 0.02


class RoleLock:
    """
    An advisory lock on `{role}.lock`, held until closed or until the process ends, however it ends.

    The file names its holder, for the message to whoever comes second, and is empty once that has let go. It is never
    removed: removing it would let two processes lock two files of one name.

    Attributes:
        free_since: when the holder before let go, by the wall clock; now, where it was killed; None: there was none.
    """

    free_since: datetime | None

    def __init__(self, directory: Path, role: str, holder: str) -> None:
        """
        Take the lock.

        Args:
            directory: made when it is missing, and closed to other users (0700) when it is not.
            role: `watcher` or `server`.
            holder: what this process is, e.g. `watcher run`.

        Raises:
            LockedError: another process holds it, for two seconds now; the message names that.
            StoreError: nothing can be written there, or it cannot be closed to other users.
        """
        make_private_directory(directory)
        path = directory / f"{role}.lock"
        try:
            is_first = not path.exists()
            self._file = path.open("a+")
        except OSError as error:
            raise StoreError(
                f"cannot write in the data directory {directory}: {error.strerror}; --data names another"
            ) from error
        if not _taken(self._file):
            self._file.seek(0)
            other = self._file.read(_MAX_HOLDER).strip() or "another process"
            self._file.close()
            raise LockedError(
                f"the {role} of {directory} is already running: {other}; stop it, or use another --data directory"
            )
        known, now = os.fstat(self._file.fileno()), datetime.now(UTC)
        let_go_at = now if known.st_size else datetime.fromtimestamp(known.st_mtime, UTC)
        self.free_since = None if is_first else min(let_go_at, now)
        with suppress(OSError):  # on a full disk the lock is held, and only the name is missing
            self._file.truncate(0)
            self._file.write(f"`{holder}`, process {os.getpid()}\n")
            self._file.flush()

    def close(self) -> None:
        """Let go."""
        with suppress(OSError, ValueError):  # it is closed already, or the disk is gone
            self._file.truncate(0)
            os.utime(self._file.fileno())
        with suppress(OSError):  # the holder's name, which had no room
            self._file.close()

    def __enter__(self) -> RoleLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _taken(file: TextIO) -> bool:
    """Return whether the lock could be taken, at once or within the patience."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(_LOOK_SECONDS)
        else:
            return True


def holder_of(directory: Path, role: str) -> str | None:
    """
    Return who holds the role, as `RoleLock` was told; None when nobody does.

    The lock is tried, shared and for a moment; a process that starts in this very moment waits for it.

    Raises:
        StoreError: it cannot be looked at.
    """
    try:
        with (directory / f"{role}.lock").open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return file.read(_MAX_HOLDER).strip() or "another process"
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"cannot look at the lock of {directory}: {error.strerror}") from error
    return None
