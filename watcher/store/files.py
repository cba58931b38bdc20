"""Small files that are whole or not there, whatever ends the process or the power; and who may read any of them."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from watcher.core import files as core_files
from watcher.errors import StoreError

_OTHERS = 0o077


def write_durably(path: Path, text: str) -> None:
    """
    Put a text in the place of a file, private (0600); on the disk when this returns.

    Raises:
        OSError: the old file is as it was; or the new one is there, and a power cut may bring the old one back.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync(path.parent)


def is_out_of_files() -> bool:
    """Return whether this process can open no more files, for SQLite says no more than that it could not open one."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
    except OSError as error:
        return core_files.is_out_of_files(error)
    return False


def sync(path: Path) -> None:
    """Have a file or a directory on the disk, by fsync: a name is only when its directory is. Raises OSError."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def make_private_directory(directory: Path) -> None:
    """
    Make a directory that nobody but its owner can look into (0700), or make the one that is there so.

    Raises:
        StoreError: it cannot be made, or not be closed to others.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = directory.stat()
    except OSError as error:
        raise StoreError(
            f"cannot write in the data directory {directory}: {error.strerror}; --data names another"
        ) from error
    mode = stat.S_IMODE(found.st_mode)
    if mode & _OTHERS and mode & stat.S_ISVTX:  # as /tmp: to close it would lock out everybody who uses it
        raise StoreError(f"{directory} is shared by all users of this machine; give --data a directory of its own")
    if not _closed(directory, mode):
        raise StoreError(
            f"other users of this machine can look into {directory} (mode {mode:04o}), and that cannot be changed; "
            f"run `chmod 700 {directory}` as its owner, or name another directory with --data"
        )


def _closed(path: Path, mode: int) -> bool:
    """Return whether it is private now; some file systems know no modes, and some only say that they do."""
    if not mode & _OTHERS:
        return True
    try:
        path.chmod(mode & ~_OTHERS)
        return not path.stat().st_mode & _OTHERS
    except OSError:
        return False


def touch_private_database(database: Path) -> None:
    """
    Make an empty file for a database that nobody but its owner can read (0600), or make the one that is there so.

    SQLite gives its journals the mode of the database; those that are there get it now. Raises OSError.
    """
    os.close(os.open(database, os.O_RDWR | os.O_CREAT, 0o600))
    for suffix in ("", "-wal", "-shm"):
        with suppress(OSError):  # the directory's mode guards them too
            file = database.with_name(database.name + suffix)
            _closed(file, stat.S_IMODE(file.stat().st_mode))
