"""
A backup: one tar archive of what a data directory keeps.

| member            | is                                                     |
|-------------------|--------------------------------------------------------|
| `watches/cache.db`| a copy of the watch store, made by SQLite's backup API |
| `push.db`         | a copy of the push database, made after that           |
| `postgresql.dump` | in its place, what its PostgreSQL has (`cluster/dumps.py`) |
| `watches/epoch`, `push.epoch`, `vapid.pem`, `upstream.json`, `public_url`, `watches_file` | the files themselves |
| `manifest.json`   | the last one: sizes and SHA-256 of all others          |

Why the watch store is copied first: what is published in between is in the push database's copy, and in the outbox of
the watch store's copy, so it is published again and recognised as a repeat. The other way round it is in neither.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

from msgspec import Struct
from msgspec.structs import asdict

from watcher.errors import DamagedError, StoreError, UsageError
from watcher.store.commits import behind, checkpoint_file, open_read_only
from watcher.store.damage import PUSH, PUSH_EPOCH, WATCHES, WATCHES_EPOCH, WATCHES_FILE, is_lost, missing_changes
from watcher.store.files import sync
from watcher.store.integrity import require_sound
from watcher.store.old_place import WATCHES_MOVED, moved_to
from watcher.store.watch_reader import SQLITE_ERRORS, is_damage, reason_of

DATABASES: Final = (WATCHES, PUSH)
"""In the order in which they are copied."""
BESIDE_POSTGRESQL: Final = (WATCHES,)
"""Those of a data directory whose subscribers and messages are in a PostgreSQL."""
FILES: Final = (WATCHES_EPOCH, PUSH_EPOCH, "vapid.pem", "upstream.json", "public_url", "operator_name", WATCHES_FILE)
DUMP: Final = "postgresql.dump"
CURSORS: Final = ("messages", "deliveries")
"""The tables whose ids devices and programs remember, to say how far they have read."""
NUMBERS_LEFT_OUT: Final = 1_000_000
"""A restore skips so many: more than were given since its backup, so that no number names two messages."""
DRAFTS: Final = ".watcher-backup-"
"""How the directory begins in which an archive is made; one stays behind when the process is killed."""
WriteDump: TypeAlias = Callable[[Path], None]
_LARGE: Final = (*DATABASES, DUMP)
_MANIFEST: Final = "manifest.json"
_FORMAT: Final = 1
_SMALL_BYTES: Final = 64 * 1024
"""The most that a member which is no database may have."""
_BUSY_SECONDS: Final = 30.0
_CHUNK_BYTES: Final = 1024 * 1024


class Member(Struct, frozen=True, kw_only=True):
    """What the manifest says of a member."""

    bytes: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """What is in an archive, and when it was made (aware)."""

    created_at: datetime
    members: Mapping[str, Member]


def database_bytes(data: Path, *names: str) -> int:
    """Return how large these databases of a data directory are, with what waits in their logs. Raises OSError."""
    files = (data / f"{name}{suffix}" for name in names for suffix in ("", "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


def write_archive(
    data: Path, target: Path, *, now: datetime, names: Sequence[str] = DATABASES, dump: WriteDump | None = None
) -> Manifest:
    """
    Save what a data directory keeps, while others read and write it; `target` is private (0600) and replaced whole.

    Watches that were moved elsewhere are left out: where they are restored, they would be the directory's own.

    Args:
        names: of the databases that are saved.
        dump: writes what a PostgreSQL has in place of `push.db`, into a file that is not there yet.

    Raises:
        UsageError: there is nothing to save.
        DamagedError: a database is damaged; no archive was made.
        StoreError: a database cannot be read, or the archive not be written.
    """
    if moved_to(data, WATCHES_MOVED) is not None:
        names = [name for name in names if name != WATCHES]
    if dump is None and not any((data / name).exists() for name in (*names, *FILES)):
        raise UsageError(f"there is nothing to back up in {data}")
    for name in names:
        if is_lost(data, name):
            raise DamagedError(f"{data / name} is empty or gone; no backup was made")
        if missing := missing_changes(data, name):
            raise DamagedError(f"{data / name} {behind(missing)}; no backup was made")
        if (data / name).exists():
            checkpoint_file(data / name)
    try:
        with tempfile.TemporaryDirectory(prefix=DRAFTS, dir=target.parent) as draft:
            manifest = _write(data, Path(draft), now, names, dump)
            (Path(draft) / "archive").replace(target)
            sync(target.parent)
    except OSError as error:
        raise StoreError(f"cannot write the backup {target}: {error.strerror}") from error
    except sqlite3.Error as error:
        raise StoreError(f"cannot write the backup {target}: {error}") from error
    return manifest


def new_push_epoch() -> int:
    """Return a random epoch for a push database's `PRAGMA user_version`."""
    return secrets.randbelow(2**31 - 1) + 1


def has_dump(path: Path) -> bool:
    """Return whether an archive that was made here has a PostgreSQL's dump; what cannot be read has none."""
    try:
        with tarfile.open(path, mode="r:") as archive:
            return DUMP in archive.getnames()
    except (tarfile.TarError, OSError):
        return False


def _write(data: Path, draft: Path, now: datetime, names: Sequence[str], dump: WriteDump | None) -> Manifest:
    members: dict[str, Member] = {}
    with (
        os.fdopen(os.open(draft / "archive", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
        tarfile.open(fileobj=file, mode="w") as archive,
    ):
        for name in names:
            if (data / name).exists():
                copy = copied(data / name, draft / "copy.db", name)
                members[name] = _add(archive, copy, name)
                copy.unlink()
        if dump is not None:
            dump(draft / DUMP)
            members[DUMP] = _add(archive, draft / DUMP, DUMP)
            (draft / DUMP).unlink()
        for name in FILES:
            if (data / name).exists() and (name != WATCHES_EPOCH or WATCHES in names):
                members[name] = _add(archive, data / name, name)
        manifest = Manifest(created_at=now, members=members)
        (draft / "manifest").write_text(_manifest_text(manifest), encoding="utf-8")
        archive.add(draft / "manifest", _MANIFEST)
        archive.close()
        file.flush()
        os.fsync(file.fileno())
    return manifest


def copied(database: Path, copy: Path, name: str, *, how: str = "mode=ro") -> Path:
    """
    Return a copy that needs no file beside it, found sound.

    Args:
        how: it is opened, see `open_read_only`.

    Raises:
        StoreError, sqlite3.Error: there is none; DamagedError where the database is what is wrong.
    """
    try:
        source = open_read_only(database, how=how, busy_seconds=_BUSY_SECONDS)
        with closing(source), closing(sqlite3.connect(copy, isolation_level=None)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
        require_sound(copy, name)
    except SQLITE_ERRORS as error:
        if is_damage(error):
            raise DamagedError(f"{database} is damaged: {reason_of(error)}") from error
        raise
    except DamagedError as error:
        raise DamagedError(str(error).replace(str(copy), str(database))) from error
    return copy


def _add(archive: tarfile.TarFile, file: Path, name: str) -> Member:
    content = archive.gettarinfo(file, name)
    content.uid = content.gid = 0
    content.uname = content.gname = ""
    content.mode = 0o600
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
        opened.seek(0)
        archive.addfile(content, opened)
    return Member(bytes=content.size, sha256=digest)


def _manifest_text(manifest: Manifest) -> str:
    members = {name: asdict(member) for name, member in manifest.members.items()}
    return json.dumps({"format": _FORMAT, "created_at": manifest.created_at.isoformat(), "members": members})


def read_archive(path: Path, into: Path) -> Manifest:
    """
    Unpack an archive into an empty directory, each file private and on the disk.

    Nothing in an archive is believed: names other than those above, links, doubles, holes and sizes that do not fit
    are refused before the first byte is written, and digests that do not fit after.

    Raises:
        UsageError: it is no backup, or not whole.
        StoreError: there is no room, or the disk refuses.
    """
    try:
        with path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as archive:
            found = _members(archive, path)
            manifest = _manifest(archive, found, path)
            _require_room(into, sum(member.bytes for member in manifest.members.values()))
            for name, member in manifest.members.items():
                _unpack(archive, found[name], into / name, member)
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
        raise UsageError(f"{path} is no backup of watcher, or not whole: {error}") from error
    except OSError as error:
        raise StoreError(f"cannot unpack {path}: {error}") from error
    return manifest


def _members(archive: tarfile.TarFile, path: Path) -> dict[str, tarfile.TarInfo]:
    found: dict[str, tarfile.TarInfo] = {}
    for member in archive:
        if member.name not in (*_LARGE, *FILES, _MANIFEST) or member.name in found:
            raise UsageError(f"{path} is refused: a backup has no member {member.name!r}, or has it once")
        if member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or member.issparse():
            raise UsageError(f"{path} is refused: its member {member.name} is no plain file")
        if member.size > _SMALL_BYTES and member.name not in _LARGE:
            raise UsageError(f"{path} is refused: its member {member.name} has {member.size} bytes")
        found[member.name] = member
    return found


def _manifest(archive: tarfile.TarFile, found: Mapping[str, tarfile.TarInfo], path: Path) -> Manifest:
    if _MANIFEST not in found:
        raise UsageError(f"{path} is no backup of watcher, or not whole: it has no {_MANIFEST}")
    try:
        record: dict[str, Any] = json.loads(_content(archive, found[_MANIFEST]).read())
        if record["format"] != _FORMAT:
            raise UsageError(f"{path} was made by a newer watcher (format {record['format']}); restore it with that")
        members = {name: Member(**member) for name, member in record["members"].items()}
        manifest = Manifest(created_at=datetime.fromisoformat(record["created_at"]), members=members)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(f"{path} is refused: its {_MANIFEST} is damaged ({error!r})") from error
    sizes = {name: member.size for name, member in found.items() if name != _MANIFEST}
    if manifest.created_at.tzinfo is None or sizes != {name: member.bytes for name, member in members.items()}:
        raise UsageError(f"{path} is refused: what is in it is not what its {_MANIFEST} says")
    return manifest


def _require_room(directory: Path, needed_bytes: int) -> None:
    free_bytes = shutil.disk_usage(directory).free
    if free_bytes < needed_bytes:
        raise StoreError(
            f"{needed_bytes / 1e6:.0f} MB are needed in {directory}, and {free_bytes / 1e6:.0f} MB are free; make room"
        )


def _unpack(archive: tarfile.TarFile, content: tarfile.TarInfo, target: Path, member: Member) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        packed = _content(archive, content)
        while chunk := packed.read(_CHUNK_BYTES):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != member.sha256:
        raise UsageError(f"the backup is damaged: {content.name} in it is not what was saved; use another")


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = archive.extractfile(member)
    if content is None:  # not for a plain file
        raise UsageError(f"the backup is damaged: {member.name} in it cannot be read")
    return content
