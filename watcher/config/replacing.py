"""
Files of watches on the disk: read whole, and replaced at once.

| what             | how                                                                                      |
|------------------|------------------------------------------------------------------------------------------|
| while it is      | the new text, on the disk beside the file, takes its place at once: a kill leaves either |
| written          |                                                                                          |
| mode and owner   | stay; a new file gets those of the main file, and no more people see it than is asked    |
| a link           | is followed, as editors do, and stays a link                                             |
| others who write | writers wait for each other (a lock on the folder), for some seconds: whoever may read   |
|                  | the folder can hold it; a file that an editor saved meanwhile is left, with an error     |
"""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from watcher.config import yaml_reader
from watcher.config.edits import FileEdit
from watcher.errors import ConfigError, UsageError

_BOM: Final = "\ufeff".encode()


def text_of(path: Path) -> str:
    """Return the text of a file, without the mark of UTF-8. Raises ConfigError, UsageError."""
    text = text_if_any(path)
    if text is None:
        raise UsageError(f"there is no {path}")
    return text


def text_if_any(path: Path) -> str | None:
    """Return the text of a file, or None where there is none. Raises as `text_of`."""
    if (read := _bytes_if_any(path)) is None:
        return None
    try:
        return read.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is no UTF-8; save the file as UTF-8") from error


def _bytes_if_any(path: Path) -> bytes | None:
    try:
        # Without waiting: a pipe of this name would hold whoever opens it until somebody writes.
        opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(opened, "rb") as file:
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                raise UsageError(f"{path} is no plain file, and is not read")
            return file.read(yaml_reader.MAX_BYTES + len(_BOM) + 1)
    except FileNotFoundError:
        if path.is_symlink():
            raise UsageError(f"{path} is a link to a file that is not there") from None
        return None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error


@contextmanager
def locked(folder: Path, seconds: float) -> Iterator[None]:
    """Hold the lock of a folder's files of watches; no file is left of it. After a while it goes on without."""
    try:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise UsageError(f"cannot write in {folder}: {error.strerror}") from error
    try:
        deadline = time.monotonic() + seconds
        # Whoever may read the folder can hold its lock for ever; a writer of ours holds it for less than a second,
        # and what was read is compared all the same.
        while not _is_taken(opened) and time.monotonic() < deadline:
            time.sleep(0.02)
        yield
    finally:
        os.close(opened)


def _is_taken(opened: int) -> bool:
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a network's file system that locks no folders: what was read is compared all the same
        return True
    return True


@contextmanager
def staged(edit: FileEdit, *, like: Path) -> Iterator[Path]:
    """Write the text beside its file, and give the path; it is taken away again unless it was put in place."""
    path = edit.path.resolve()
    written = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with _told(edit):
            found = _status(path, like.resolve(), is_there=edit.before is not None)
            if not path.parent.exists():
                _make_folder(path.parent, found)
            before = _bytes_if_any(path) or b""
            content = (_BOM if before.startswith(_BOM) else b"") + edit.after.encode()
            _write_new(written, content, found, edit.most_mode)
            if text_if_any(path) != edit.before:
                raise UsageError(f"{edit.path} was changed meanwhile, and nothing was written; try again")
        yield written
    finally:
        with suppress(OSError):
            written.unlink(missing_ok=True)


def put_in_place(edit: FileEdit, written: Path) -> None:
    """Put what was written in the place of the file, at once. Raises UsageError; the file is as it was then."""
    path = edit.path.resolve()
    with _told(edit):
        if text_if_any(path) != edit.before:
            raise UsageError(f"{edit.path} was changed meanwhile, and is left as it is; try again")
        written.replace(path)
        _sync(path.parent)


@contextmanager
def _told(edit: FileEdit) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        was = "" if edit.before is None else "; it is as it was"
        raise UsageError(f"cannot write {edit.path}: {error.strerror}{was}") from error


def _make_folder(folder: Path, like: os.stat_result | None) -> None:
    folder.mkdir()
    if like is None:
        return
    # Opened as what it is: a link that took its place meanwhile would give away what it leads to.
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        with suppress(OSError):  # who may give files away is root alone
            os.fchown(opened, like.st_uid, like.st_gid)
    finally:
        os.close(opened)


def _status(path: Path, like: Path, *, is_there: bool) -> os.stat_result | None:
    """
    Return mode and owner of the file, or of one that is to be like another; None where there is neither.

    Raises OSError, UsageError.
    """
    if not is_there and not like.exists():
        return None
    found = (path if is_there else like).stat()
    if not stat.S_ISREG(found.st_mode):
        raise UsageError(f"{path} is no plain file, and is not written")
    if is_there and os.statvfs(path).f_flag & os.ST_RDONLY:
        raise UsageError(f"{path} stands where watcher may write nothing, and stays as it is")
    if is_there and not (found.st_mode & 0o222 and os.access(path, os.W_OK)):
        raise UsageError(f"{path} is read-only, and stays as it is; `chmod u+w {path}` lets it be written")
    return found


def _write_new(path: Path, content: bytes, like: os.stat_result | None, most_mode: int) -> None:
    """Write a file that is not there yet, with this mode and owner, or as usual; on the disk when this returns."""
    mode = 0o666 & most_mode if like is None else 0o600
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(opened, "wb") as file:
        if like is not None:
            if (like.st_uid, like.st_gid) != (os.geteuid(), os.getegid()):
                _give(opened, like, path)
            os.fchmod(opened, stat.S_IMODE(like.st_mode) & most_mode)
        file.write(content)
        file.flush()
        os.fsync(opened)


def _give(opened: int, like: os.stat_result, path: Path) -> None:
    """Give a file the owner and the group of another; the group alone is its owner's business."""
    if like.st_uid != os.geteuid():
        try:
            os.fchown(opened, like.st_uid, like.st_gid)
        except OSError as error:
            raise UsageError(f"cannot keep the owner of the files in {path.parent}; run this as their owner") from error
    else:
        with suppress(OSError):
            os.fchown(opened, -1, like.st_gid)


def _sync(folder: Path) -> None:
    """Have a folder's names on the disk. Raises OSError."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
