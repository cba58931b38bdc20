"""
A state put in the place of another, whole: that of an archive, or of a backup for a database that is damaged or gone.

| found at a start | becomes |
|---|---|
| one that lacks changes which its log had | what is left of it; where that is not sound, the newest sound backup |
| a malformed database | the newest sound backup |
| an empty or missing one that an epoch beside it, or beside the other one, knows | the newest sound backup |
| the same, without such a backup | nothing: it starts empty |

What was there is kept as `…damaged-TIME`.
Each begins a new epoch of that state, so that ids of messages are not taken for repeats of the old one, and leaves
numbers out, so that no device passes over new messages that have the numbers of lost ones (`archive.CURSORS`);
and each leaves a notice for the operator (`store/notices.py`), for it must never pass without a word, and a mark that
stands until the operator has accepted it.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final, TypeAlias

from watcher.errors import DamagedError, StoreError, UsageError, WatcherError
from watcher.store.archive import (
    CURSORS,
    DATABASES,
    DUMP,
    FILES,
    NUMBERS_LEFT_OUT,
    Manifest,
    copied,
    new_push_epoch,
    read_archive,
)
from watcher.store.backups import kept_backups
from watcher.store.commits import commits_in, open_read_only
from watcher.store.damage import COMMITS, COUNTS, EPOCHS, MARKS, POSTGRESQL_EPOCH, PUSH, WATCHES, missing_changes
from watcher.store.files import sync, write_durably
from watcher.store.integrity import require_sound
from watcher.store.moves import Move, drop_stage, fresh_stage, make_moves, staged
from watcher.store.notices import loss_file, notice_file, notice_text
from watcher.store.records import META, SCHEMA, new_epoch, sealed, write_meta
from watcher.store.watch_reader import SQLITE_ERRORS, DiskWatchReader

_HOLDS: Final = {WATCHES: "The state of all watches", PUSH: "The push service's database"}
_EMPTY: Final = {
    WATCHES: "There is no backup here that can be used: each watch takes a new baseline, and what was not told yet is "
    "lost. With one from elsewhere, stop the service and run `watcher restore FILE`.",
    PUSH: "There is no backup here that can be used: applications, topics and subscribers are gone, and codes must be "
    "scanned again. With one from elsewhere, stop the service and run `watcher restore FILE`.",
}
_LEFT: Final = {
    WATCHES: "What is left goes on: what changed since is told again, and what was to be told may be.",
    PUSH: "What is left goes on: subscribers, topics and messages that came last may be missing.",
}
PutBackDump: TypeAlias = Callable[[Path, int], None]
_BESIDE: Final = ("", "-wal", "-shm")
_log = logging.getLogger(__name__)


def restore_archive(
    data: Path, archive: Path, *, now: datetime, newest_revision: str, put_back: PutBackDump | None = None
) -> tuple[Manifest, Path | None]:
    """
    Make an archive's state the data directory's, in a new epoch; what was there is moved aside.

    A kill at any moment leaves the old or the new state whole. The caller holds all locks.

    Args:
        put_back: makes what is in a dump that of a PostgreSQL, in this epoch, whole or not at all; None: none is named.
            A kill right after it leaves the old state here, which refuses the new one there.

    Returns:
        What the archive says of itself, and the directory where the old state is now; None: there was none.

    Raises:
        UsageError: the archive is none, damaged, or of a newer watcher.
        StoreError: there is no room, or the disk refuses.
    """
    aside = _unused(data, f"before-restore-{_stamp(now)}")
    try:
        stage = fresh_stage(data)
        manifest = read_archive(archive, stage)
        _require_place(archive, manifest, put_back)
        for name in DATABASES:
            if name in manifest.members:
                _begin_epoch(stage, name, newest_revision)
        if put_back is not None and DUMP in manifest.members:
            _put_back(stage, put_back)
        _replace(data, stage, aside, manifest)
    except DamagedError as error:
        drop_stage(data)
        raise UsageError(f"{archive} cannot be used: {error}") from error
    except OSError as error:
        drop_stage(data)
        raise StoreError(f"cannot write in {data}: {error.strerror}") from error
    except WatcherError:
        drop_stage(data)
        raise
    return manifest, data / aside if (data / aside).exists() else None


def _require_place(archive: Path, manifest: Manifest, put_back: PutBackDump | None) -> None:
    """Raise UsageError where subscribers and messages are of another kind of place than the one that is named."""
    if put_back is None and DUMP in manifest.members:
        raise UsageError(
            f"{archive} has subscribers and messages of a PostgreSQL: name the one to restore them into, with "
            "--database or WATCHER_DATABASE"
        )
    if put_back is not None and PUSH in manifest.members:
        raise UsageError(
            f"{archive} has subscribers and messages in a {PUSH}: restore it without --database and WATCHER_DATABASE, "
            "and take them there with `watcher database copy`"
        )


def _put_back(stage: Path, put_back: PutBackDump) -> None:
    epoch = new_push_epoch()
    write_durably(stage / POSTGRESQL_EPOCH, f"{epoch}\n")
    put_back(stage / DUMP, epoch)


def _replace(data: Path, stage: Path, aside: str, manifest: Manifest) -> None:
    """Make what is staged the state; where a database was replaced before, an error says so."""
    try:
        (stage / DUMP).unlink(missing_ok=True)
        replaced = [POSTGRESQL_EPOCH] if DUMP in manifest.members else []
        moves = [
            (f"{name}{suffix}", f"{aside}/{name}{suffix}")
            for name in (*DATABASES, *EPOCHS.values(), *MARKS.values(), *COMMITS.values(), *manifest.members, *replaced)
            for suffix in (_BESIDE if name in DATABASES else ("",))
            if (data / f"{name}{suffix}").exists()
        ]
        moves += _into_place(stage, [*DATABASES, *FILES, POSTGRESQL_EPOCH])
        make_moves(data, list(dict.fromkeys(moves)))
    except (OSError, StoreError) as error:
        if DUMP not in manifest.members:
            raise
        raise StoreError(
            f"the database was restored, and {data} was not: {error}; then say the same command again with --replace"
        ) from error


def recover(data: Path, name: str, loss: str, *, now: datetime, newest_revision: str) -> None:
    """
    Put the newest sound backup of one database in its place, or nothing; leave a notice. The caller is its only user.

    Args:
        loss: what is wrong, for the notice.

    Raises:
        StoreError: the disk refuses; all is as it was.
    """
    stamp = _stamp(now)
    moves = [
        (f"{file}{suffix}", f"{_unused(data, f'{file}.damaged-{stamp}')}{suffix}")
        for file in (name, EPOCHS[name], MARKS[name], COMMITS[name])
        for suffix in (_BESIDE if file == name else ("",))
        if (data / f"{file}{suffix}").exists()
    ]
    try:
        if _stage_what_is_left(data, name, newest_revision):
            summary, goes_on = f"{_HOLDS[name]} is not the newest", _LEFT[name]
        else:
            made_at = _stage_newest(data, name, newest_revision)
            summary, goes_on = f"{_HOLDS[name]} was lost", _instead(name, made_at)
        text = f"{summary}: {loss}.{_kept(name, moves)} {goes_on}"
        _log.error(text)
        words = [notice_file(name, stamp), loss_file(name, stamp)]
        for file in words:
            (data / staged(file)).parent.mkdir(mode=0o700, exist_ok=True)
            write_durably(data / staged(file), notice_text(summary, text, now))
        make_moves(data, [*moves, *_into_place(data / staged(""), [name, EPOCHS[name], *words])])
    except OSError as error:
        drop_stage(data)
        raise StoreError(f"{loss}; it cannot be moved aside: {error.strerror}") from error


def _stage_what_is_left(data: Path, name: str, newest_revision: str) -> bool:
    """
    Stage what a database still has that lacks changes; return whether it is that, and what it has is sound.

    Where its log was brought into it further than the log can be read now, the log hides what is newer.
    """
    stage = fresh_stage(data)
    try:
        if not missing_changes(data, name):
            return False
        how = max(("mode=ro", "immutable=1"), key=lambda each: _commits(data / name, name, each))
        (stage / name).parent.mkdir(mode=0o700, exist_ok=True)
        sync(copied(data / name, stage / name, name, how=how))
        _begin_epoch(stage, name, newest_revision)
    except (WatcherError, *SQLITE_ERRORS) as error:
        _log.warning("what is left of %s cannot be used: %s", data / name, error)
        return False
    return True


def _commits(database: Path, name: str, how: str) -> int:
    with closing(open_read_only(database, how=how)) as connection:
        return commits_in(connection, COUNTS[name])


def _stage_newest(data: Path, name: str, newest_revision: str) -> datetime | None:
    """Stage the database from the newest backup that has it and is sound; return when that was made."""
    for backup in kept_backups(data):
        stage = fresh_stage(data)
        try:
            manifest = read_archive(backup.path, stage)
            if name in manifest.members:
                _begin_epoch(stage, name, newest_revision)
                return manifest.created_at
        except WatcherError as error:
            _log.warning("the backup %s cannot be used: %s", backup.path, error)
    fresh_stage(data)
    return None


def _kept(name: str, moves: Sequence[Move]) -> str:
    return next((f" What was there is kept as {target}." for source, target in moves if source == name), "")


def _instead(name: str, made_at: datetime | None) -> str:
    if made_at is None:
        return _EMPTY[name]
    return (
        f"The backup of {made_at:%Y-%m-%d %H:%M} UTC was put in its place; what came after is not in it. "
        "To use another one, stop the service and run `watcher restore FILE`."
    )


def _begin_epoch(stage: Path, name: str, newest_revision: str) -> None:
    """
    Give a staged database a new epoch, here and in the file beside it.

    Raises:
        DamagedError: it is damaged.
        UsageError: it is of a newer watcher.
    """
    database = stage / name
    require_sound(database, name)
    try:
        epoch = _new_watch_epoch(database) if name == WATCHES else _new_push_epoch(database, newest_revision)
        sync(database)
        write_durably(stage / EPOCHS[name], epoch + "\n")
    except SQLITE_ERRORS as error:
        raise DamagedError(f"{name} in it cannot be used: {error}") from error


def _new_watch_epoch(database: Path) -> str:
    meta = DiskWatchReader(database.parent).meta()
    if meta.get("schema", 0) > SCHEMA:
        raise UsageError(f"the backup is of a newer watcher (schema {meta['schema']}, this one knows {SCHEMA})")
    epoch = new_epoch()
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        record = sealed(META, write_meta({**meta, "epoch": epoch}))
        connection.execute("UPDATE Cache SET value = ? WHERE key = ?", (record, META))
    return epoch


def _new_push_epoch(database: Path, newest_revision: str) -> str:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if revision > newest_revision:
            raise UsageError(
                f"the backup is of a newer watcher (revision {revision}, this one knows {newest_revision})"
            )
        epoch = new_push_epoch()
        connection.execute(f"PRAGMA user_version = {epoch}")
        for table in CURSORS:
            _leave_numbers_out(connection, table)
    return str(epoch)


def _leave_numbers_out(connection: sqlite3.Connection, table: str) -> None:
    known = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?"
    (last,) = connection.execute(known, (table,)).fetchone()
    connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
    connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last + NUMBERS_LEFT_OUT))


def _into_place(stage: Path, names: Sequence[str]) -> list[Move]:
    return [(staged(name), name) for name in names if (stage / name).exists()]


def _stamp(now: datetime) -> str:
    return f"{now:%Y%m%dT%H%M%SZ}"


def _unused(data: Path, name: str) -> str:
    """Return this name, or the first with a number behind it that nothing has."""
    number, found = 1, name
    while (data / found).exists():
        number += 1
        found = f"{name}-{number}"
    return found
