"""
A look at a data directory from outside: nothing is made, changed or locked for longer than the look.

Databases are opened read-only, as SQLite's documents say a second process may (sqlite.org/uri.html, `mode=ro`).
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from watcher.core.caps import Made, MadeToday, hour_of
from watcher.core.channels import ChannelName
from watcher.core.findings import Check, Finding, doubtful, fine, wrong
from watcher.core.wording import Worded, listed, worded
from watcher.errors import StoreError
from watcher.store.backups import EVERY, FOLDER, kept_backups
from watcher.store.commits import behind, open_read_only
from watcher.store.damage import EPOCHS, is_lost, missing_changes
from watcher.store.integrity import integrity_check
from watcher.store.notices import losses
from watcher.store.watch_reader import SQLITE_ERRORS, DiskWatchReader

LITTLE_SPACE: Final = 1_000_000_000
NO_SPACE: Final = 100_000_000
"""Below this a busy day's messages and SQLite's own journals may not fit."""
MAKE_ROOM: Final = worded("doctor_make_room", "make room, or let --keep-messages remove old messages")
_MADE: Final[Mapping[Made, Worded]] = {
    Made.SUBSCRIBERS: worded("doctor_made_subscribers", "subscribers"),
    Made.QUESTIONS: worded("doctor_made_questions", "questions"),
    Made.TRIALS: worded("doctor_made_trials", "trials"),
    Made.CLAIMS: worded("doctor_made_claims", "claims"),
    Made.CODES: worded("doctor_made_codes", "codes"),
    Made.COMMANDS: worded("doctor_made_commands", "commands"),
    Made.ACCOUNTS: worded("doctor_made_accounts", "accounts"),
}
_FIRST_BACKUP_WITHIN: Final = timedelta(hours=1)
"""After a start; a minute is usual, and a large one takes longer."""


def inspect_directory(directory: Path) -> Sequence[Finding]:
    """Return whether an existing data directory can be written, and whether others can read it."""
    return [_writable(directory), _private(directory)]


def _writable(directory: Path) -> Finding:
    owner = directory.stat().st_uid
    if not os.access(directory, os.W_OK | os.X_OK):
        text = f"{directory} cannot be written by user {os.geteuid()}; it belongs to user {owner}"
        advice = "run this as the user that the server runs as, or give that user the directory"
        return wrong(Check.DATA, text, advice)
    strange = next((path for path in sorted(directory.rglob("*")) if _is_of_another(path, owner)), None)
    if strange is not None:
        text = f"{strange} belongs to another user than {directory}: a command was run as root, perhaps"
        return wrong(Check.DATA, text, f"chown -R {owner} {directory}; run commands as the server's user")
    return fine(Check.DATA, f"{directory} can be written")


def _is_of_another(path: Path, owner: int) -> bool:
    try:
        return path.lstat().st_uid != owner
    except FileNotFoundError:  # gone since: a journal, a request that was carried out
        return False


def _private(directory: Path) -> Finding:
    mode = directory.stat().st_mode & 0o777
    if not mode & 0o077:
        return fine(Check.PRIVATE, f"nobody else can look into {directory}")
    return doubtful(
        Check.PRIVATE,
        f"other users of this machine can look into {directory} (mode {mode:04o}): pages, messages, subscribers",
        f"chmod 700 {directory}",
    )


def inspect_space(directory: Path) -> Finding:
    """Return whether the disk has room, for a user without privileges."""
    found = os.statvfs(directory)
    return space_finding(directory, found.f_bavail * found.f_frsize)


def space_finding(directory: Path, free_bytes: int) -> Finding:
    """Return what so much free space on the disk of a data directory means."""
    text = worded(
        "doctor_space", "{size} free on the disk of {directory}", size=size_text(free_bytes), directory=directory
    )
    if free_bytes < NO_SPACE:
        advice = worded(
            "doctor_no_space", "make room: nothing can be saved on a full disk, and nothing is told that was not"
        )
        return wrong(Check.SPACE, text, advice)
    if free_bytes < LITTLE_SPACE:
        return doubtful(Check.SPACE, text, MAKE_ROOM)
    return fine(Check.SPACE, text)


def size_text(count: int) -> str:
    """Return so many bytes as `1.2 GB`, `3.4 MB` or `56 kB`."""
    if count >= 1e9:
        return f"{count / 1e9:.1f} GB"
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def inspect_strangers(database: Path, *, now: datetime) -> Sequence[Finding]:
    """Return whether strangers made as much in the last 24 hours as they may. Raises StoreError."""
    return strangers_findings(_made(database, hour_of(now) - timedelta(days=1), hour_of(now)))


def strangers_findings(made: Sequence[MadeToday]) -> Sequence[Finding]:
    """Return what so much means that strangers made in a day."""
    reached = [each for each in made if each.is_reached]
    near = [each for each in made if each.is_near and not each.is_reached]
    told = [
        wrong(
            Check.STRANGERS,
            worded(
                "doctor_strangers_most",
                "{what}: {count} were made in 24 h, the most; more are turned away",
                what=_MADE[each.what],
                count=f"{each.count:,}",
            ),
            worded(
                "doctor_raise_cap",
                "if these are your readers, raise --daily-{option}; else wait, and look from where they come",
                option=each.what,
            ),
        )
        for each in reached
    ] + [
        doubtful(
            Check.STRANGERS,
            worded(
                "doctor_strangers_near",
                "{what}: {count} of {most} were made in 24 h",
                what=_MADE[each.what],
                count=f"{each.count:,}",
                most=f"{each.most:,}",
            ),
            worded(
                "doctor_raise_cap_soon", "raise --daily-{option} before strangers are turned away", option=each.what
            ),
        )
        for each in near
    ]
    return told or [_calm([each for each in made if each.count])]


def _calm(made: Sequence[MadeToday]) -> Finding:
    counts = [
        worded(
            "doctor_made",
            "{count} of {most} {what}",
            count=f"{each.count:,}",
            most=f"{each.most:,}",
            what=_MADE[each.what],
        )
        for each in made
    ]
    text = worded(
        "doctor_strangers",
        "made by anonymous visitors in the last 24 hours: {counts}",
        counts=listed(counts) if counts else worded("doctor_nothing", "nothing"),
    )
    return fine(Check.STRANGERS, text)


def _made(database: Path, since: datetime, until: datetime) -> Sequence[MadeToday]:
    """Return what was made in these hours, each under its newest cap; nothing where there is no table yet."""
    hours = [round(hour.timestamp() * 1_000_000) for hour in (since, until)]
    query = "SELECT what, number, most FROM made WHERE hour BETWEEN ? AND ? ORDER BY hour"
    if not database.exists():
        return []
    try:
        with closing(open_read_only(database)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'made'").fetchone():
                return []
            rows = connection.execute(query, hours).fetchall()
    except SQLITE_ERRORS as error:
        raise StoreError(f"cannot read {database}: {error}") from error
    of_each = {what: [row for row in rows if row[0] == what] for what in Made}
    return [
        MadeToday(what=what, count=sum(row[1] for row in rows), most=rows[-1][2])
        for what, rows in of_each.items()
        if rows
    ]


def inspect_database(path: Path, *, seconds: float, clock: Callable[[], float] = time.monotonic) -> Finding:
    """
    Return whether a database can be read and is sound, by `PRAGMA integrity_check`.

    Args:
        seconds: how long the look may take; a database too big for that is read, and not checked to its end.
        clock: a monotonic one.
    """
    name = f"{path.parent.name}/{path.name}"
    restore = (
        f"restart watcher, which puts the newest backup of {name} in its place, or stop it and run `watcher restore`"
    )
    try:
        if not path.exists():
            return fine(Check.DATABASE, f"{name} is not there yet")
        if path.stat().st_size == 0:
            return wrong(Check.DATABASE, f"{name} is empty (0 bytes): what was in it is lost", restore)
        problems = integrity_check(path, seconds=seconds, clock=clock)
    except (*SQLITE_ERRORS, OSError) as error:
        return wrong(Check.DATABASE, f"{name} cannot be read: {error}", restore)
    if problems is None:
        return fine(Check.DATABASE, f"{name} can be read; it is too big to be checked in {seconds:g} s")
    if problems != ["ok"]:
        return wrong(Check.DATABASE, f"{name} is damaged: {problems[0]}", restore)
    return fine(Check.DATABASE, f"{name} is sound")


def inspect_losses(data: Path) -> Sequence[Finding]:
    """Return what databases lack that they have had, and what the operator has not accepted yet. Raises StoreError."""
    advice = (
        "restart watcher, which goes on with what is left and keeps what was found, or run `watcher losses --accept`"
    )
    found = [
        wrong(Check.DATABASE, f"{name} {behind(missing)}", advice)
        for name in EPOCHS
        if (missing := missing_changes(data, name))
    ]
    found += [
        wrong(
            Check.DATABASE,
            f"{name} is gone, and was there before",
            "restart watcher, which puts the newest backup in its place, or stop it and run `watcher restore FILE`",
        )
        for name in EPOCHS
        if is_lost(data, name) and not (data / name).exists()
    ]
    accept = "look at what is missing; `watcher losses --accept` says that you have"
    return [*found, *(doubtful(Check.DATABASE, loss.content, accept) for loss in losses(data))]


def inspect_records(directory: Path) -> Finding:
    """Return whether all that the watches know, and have to tell, is what was written. Raises StoreError."""
    reader = DiskWatchReader(directory)
    known = sum(1 for _ in reader.each_state()) + len(reader.outbox())
    if not reader.damaged:
        return fine(Check.DATABASE, f"the watches' records are what was written ({known} of them)")
    key, what = next(iter(reader.damaged.items()))
    text = f"{len(reader.damaged)} of the watches' {known} records: damaged; the first is {key} ({what})"
    return wrong(Check.DATABASE, text, "restart watcher: each costs its own watch or message alone, and it says which")


def inspect_backups(directory: Path, *, now: datetime) -> Finding:
    """Return how old the newest backup below a data directory is."""
    newest = next(iter(kept_backups(directory)), None)
    if newest is None:
        if not is_backup_missing(directory, now):
            text = worded("doctor_backup_soon", "none yet: the first comes a minute after the first `run` or `serve`")
            return fine(Check.BACKUPS, text)
        text = worded(
            "doctor_no_backup",
            "there is none in {folder}; `run` and `serve` make the first a minute after their start",
            folder=directory / FOLDER,
        )
        advice = worded("doctor_back_up", "look at the log for what hinders it, or run `watcher backup`")
        return doubtful(Check.BACKUPS, text, advice)
    age = now - newest.made_at
    text = worded("doctor_backup", "the newest was made {ago}: {path}", ago=ago(age), path=newest.path)
    if age > 2 * EVERY:
        advice = worded(
            "doctor_look_at_log", "look at the log for what hinders the daily one; it takes twice the space"
        )
        return doubtful(Check.BACKUPS, text, advice)
    return fine(Check.BACKUPS, text)


def is_backup_missing(directory: Path, now: datetime) -> bool:
    """Return whether a process has begun here, and so long ago that it must have made one."""
    locks = [directory / f"{role}.lock" for role in ("server", "watcher")]
    began = [lock.stat().st_mtime for lock in locks if lock.exists()]
    return bool(began) and now.timestamp() - max(began) > _FIRST_BACKUP_WITHIN.total_seconds()


def ago(age: timedelta) -> Worded:
    """Return `less than an hour ago`, `1 hour ago`, `30 hours ago`."""
    hours = age // timedelta(hours=1)
    if hours < 1:
        return worded("doctor_just_now", "less than an hour ago")
    if hours == 1:
        return worded("doctor_hour_ago", "1 hour ago")
    return worded("doctor_hours_ago", "{hours} hours ago", hours=hours)


def browsers_subscribed(database: Path) -> Mapping[str, int]:
    """
    Return how many browsers are subscribed to Web Push in a push database, by the mark of the key that reaches them.

    Raises:
        StoreError: it cannot be read.
    """
    if not database.exists():
        return {}
    try:
        with closing(open_read_only(database)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'addresses'").fetchone():
                return {}
            counted = connection.execute(
                "SELECT bound_to, count(*) FROM addresses WHERE channel = ? GROUP BY bound_to", (ChannelName.WEB_PUSH,)
            )
            return {str(mark): int(count) for mark, count in counted}
    except sqlite3.Error as error:
        raise StoreError(f"cannot read {database}: {error}") from error
