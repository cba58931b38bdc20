"""
What grows in a data directory, how fast, and when its disk will be full.

How fast is measured, not guessed: a database now, against its copy in a backup of a day to a month ago. Each of the
daily backups grows with them, so a megabyte a day takes eight of the disk.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from msgspec import Struct

from watcher.core.findings import Check, Finding, doubtful, fine
from watcher.core.wording import Worded, listed, worded
from watcher.store.archive import DATABASES, database_bytes
from watcher.store.backups import FOLDER, KEPT_DAILY, kept_backups
from watcher.store.inspection import MAKE_ROOM, size_text

SOON: Final = timedelta(days=30)
"""A disk that is full before is worth a warning."""
_LEAST_SPAN: Final = timedelta(days=1)
_LONGEST_SPAN: Final = timedelta(days=30)
_NEVER_DAYS: Final = 3_650
_SLOW_BYTES: Final = 50_000
"""A day: the pages that a database takes and gives back by itself."""


class Sizes(Struct, frozen=True, kw_only=True):
    """
    What a data directory takes on its disk.

    Attributes:
        databases: bytes by name, with what waits in their logs.
        backups: bytes of all of them.
        free: bytes that a user without privileges has.
    """

    databases: Mapping[str, int]
    backups: int
    free: int


def inspect_growth(data: Path, *, now: datetime) -> Finding:
    """Return what grows in a data directory. Raises OSError: it cannot be read."""
    before = _measured_before(data, now)
    return growth_finding(_measured(data), before, now=now)


def growth_finding(sizes: Sizes, before: tuple[datetime, Mapping[str, int]] | None, *, now: datetime) -> Finding:
    """
    Return what sizes mean.

    Args:
        before: when the databases were measured before, and what they had then; None: never, or too lately.
    """
    taken = worded(
        "doctor_sizes",
        "{databases}, backups {backups}",
        databases=_list(sizes.databases),
        backups=size_text(sizes.backups),
    )
    if before is None:
        text = worded(
            "doctor_growth_unknown",
            "{taken}; how fast they grow is unknown until there is a backup of a day ago",
            taken=taken,
        )
        return fine(Check.GROWTH, text)
    measured_at, old = before
    days = (now - measured_at) / timedelta(days=1)
    rates = {name: max(0.0, size - old.get(name, 0)) / days for name, size in sizes.databases.items()}
    daily = sum(rates.values())
    if daily < _SLOW_BYTES:
        text = worded(
            "doctor_no_growth", "{taken}; they have not grown for {days} days", taken=taken, days=f"{days:.0f}"
        )
        return fine(Check.GROWTH, text)
    full = timedelta(days=min(sizes.free / (daily * (1 + KEPT_DAILY)), _NEVER_DAYS))
    growing = _list({name: round(rate) for name, rate in rates.items() if rate >= _SLOW_BYTES / 2})
    text = worded(
        "doctor_growth",
        "{taken}; each day adds {growing}, and as much to each of {backups} backups: the disk is full {until}",
        taken=taken,
        growing=growing,
        backups=KEPT_DAILY,
        until=_until(full),
    )
    if full < SOON:
        return doubtful(Check.GROWTH, text, MAKE_ROOM)
    return fine(Check.GROWTH, text)


def _until(full: timedelta) -> Worded:
    if full.days >= _NEVER_DAYS:
        return worded("doctor_full_never", "in over 10 years")
    return worded("doctor_full_in", "in {days} days", days=f"{full.days:,}")


def _measured(data: Path) -> Sizes:
    found = os.statvfs(data)
    return Sizes(
        databases={name: size for name in DATABASES if (size := database_bytes(data, name))},
        backups=sum(path.stat().st_size for path in (data / FOLDER).glob("*.tar")),
        free=found.f_bavail * found.f_frsize,
    )


def _measured_before(data: Path, now: datetime) -> tuple[datetime, Mapping[str, int]] | None:
    """Return the time and the sizes of the oldest backup that is recent enough to measure the growth by."""
    ages = [(now - one.made_at, one) for one in kept_backups(data)]
    usable = [one for age, one in ages if _LEAST_SPAN <= age <= _LONGEST_SPAN]
    if not usable:
        return None
    oldest = usable[-1]
    try:
        with tarfile.open(oldest.path, "r:") as archive:
            return oldest.made_at, {member.name: member.size for member in archive if member.name in DATABASES}
    except (OSError, tarfile.TarError):  # that is for `restore` to say; nothing can be measured by it
        return None


def _list(sizes: Mapping[str, int]) -> str:
    if not sizes:
        return worded("doctor_no_database", "no database")
    return listed([f"{name} {size_text(size)}" for name, size in sizes.items()])
