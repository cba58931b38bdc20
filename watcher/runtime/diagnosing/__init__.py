"""
What `watcher doctor` looks at: all at once, each look bounded, nothing made and nothing changed.

| module | looks at |
|---|---|
| `package` | the installed files: whether another distribution has overwritten them |
| `address` | the base URL: who can reach it, its certificate, the clock behind it |
| `counts` | nothing: how many there are, in words |
| `cluster` | who runs, of the servers and workers of a cluster, and what is late |
| `work` | who runs, which watches fail, what waits in the outbox |
| `files` | how many files the server may have open, and who may have how many |
| `database` | the PostgreSQL that has subscribers and messages, where one is named |
| `one_look` | one look for all who ask at the same time |
| `trial` | a message sent to one subscriber, until it is shown |

The data directory itself is `store/inspection.py`'s, and whether a channel would take a message its own (`doctor.py`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from watcher.core.channels import ChannelName
from watcher.core.findings import Check, Finding, fine, skipped, wrong
from watcher.core.settings import Settings
from watcher.core.watch import WatchFile
from watcher.core.wording import said_by, worded
from watcher.errors import WatcherError
from watcher.net import Sessions
from watcher.push.channels.kinds import KINDS
from watcher.push.channels.offered import Deployment
from watcher.runtime.diagnosing import cluster, files, work
from watcher.runtime.diagnosing.address import check_address
from watcher.runtime.diagnosing.database import DatabaseAnswer, check_backups, check_database, check_strangers
from watcher.runtime.diagnosing.package import check_package
from watcher.runtime.serving.channels import deployment_of
from watcher.runtime.settings import utc_now, watches_database
from watcher.store.damage import PUSH, WATCHES
from watcher.store.growth import inspect_growth
from watcher.store.inspection import (
    inspect_backups,
    inspect_database,
    inspect_directory,
    inspect_losses,
    inspect_records,
    inspect_space,
    inspect_strangers,
)
from watcher.store.lock import holder_of

SECONDS: Final = 10.0
"""For each look; one that reaches out gives up before, with better words."""
_PAGE_SECONDS: Final = 5.0
"""While somebody waits for the page."""
_Look: TypeAlias = tuple[Check | ChannelName, Awaitable[Sequence[Finding]]]
_Looks: TypeAlias = Sequence[_Look]
_log = logging.getLogger(__name__)


async def diagnose(
    settings: Settings, file: WatchFile | None, environ: Mapping[str, str], *, seconds: float = SECONDS
) -> Sequence[Finding]:
    """
    Return what was found, in an order to read; after `seconds` at most.

    Args:
        settings: `data` exists, unless a PostgreSQL is named; `base_url` is None when it is not known.
        file: the watches, if there are any.
        environ: where the channels' settings are.
    """
    data = settings.data
    async with Sessions() as sessions:
        reaching, deployment = seconds * 0.8, deployment_of(settings, sessions, environ)
        answer = DatabaseAnswer(settings, seconds=reaching)
        looks: _Looks = (
            (Check.PACKAGE, asyncio.to_thread(check_package)),
            *_in_directory(data),
            (Check.FILES, _one(asyncio.to_thread(files.check_files, settings))),
            (Check.DATABASE, _database(settings, answer, seconds=reaching)),
            *_at_own_watches(settings, seconds=reaching),
            (Check.DATABASE, asyncio.to_thread(inspect_losses, data)),
            *_at_backups(settings, answer, seconds=reaching),
            *_at_work(settings, file, answer, seconds=reaching),
            _at_strangers(settings, answer, seconds=reaching),
            (Check.ADDRESS, _address(settings, sessions, seconds=reaching)),
            *_at_channels(deployment, seconds=reaching),
        )
        return await _found(looks, seconds=seconds)


async def look_at_server(
    settings: Settings, sessions: Sessions, environ: Mapping[str, str], *, seconds: float = _PAGE_SECONDS
) -> Sequence[Finding]:
    """
    Return what a server that runs finds of itself, in an order to read; after `seconds` at most.

    The disk, the base URL and the channels, as in `diagnose`, and of a cluster its database and its workers; no file
    of a database is read through.
    """
    data, reaching, deployment = settings.data, seconds * 0.8, deployment_of(settings, sessions, environ)
    answer = DatabaseAnswer(settings, seconds=reaching)
    looks: _Looks = (
        *_at_cluster(settings, answer, seconds=reaching),
        (Check.ADDRESS, check_address(settings.public_url, sessions, now=utc_now, seconds=reaching)),
        *_at_channels(deployment, seconds=reaching),
        (Check.SPACE, _one(asyncio.to_thread(inspect_space, data))),
        (Check.GROWTH, _one(asyncio.to_thread(inspect_growth, data, now=utc_now()))),
        (Check.FILES, _one(asyncio.to_thread(files.check_files, settings))),
        *_at_backups(settings, answer, seconds=reaching),
        _at_strangers(settings, answer, seconds=reaching),
    )
    return await _found(looks, seconds=seconds)


def _at_cluster(settings: Settings, answer: DatabaseAnswer, *, seconds: float) -> _Looks:
    """Return the looks at the database of a cluster, and at who checks its watches."""
    if settings.database is None:
        return ()
    looks: _Looks = ((Check.DATABASE, check_database(settings, answer, seconds=seconds)),)
    url = watches_database(settings)
    return looks if url is None else (*looks, _after(answer, Check.WATCHER, partial(cluster.check_workers, url)))


# What is looked at depends on where subscribers and messages are


async def _database(settings: Settings, answer: DatabaseAnswer, *, seconds: float) -> Sequence[Finding]:
    if settings.database is not None:
        return await check_database(settings, answer, seconds=seconds)
    return [await asyncio.to_thread(inspect_database, settings.data / PUSH, seconds=seconds)]


def _in_directory(data: Path) -> _Looks:
    """Return the looks at a data directory; a machine that only reaches a PostgreSQL may have none."""
    if not data.exists():
        return []
    return [
        (Check.DATA, asyncio.to_thread(inspect_directory, data)),
        (Check.SPACE, _one(asyncio.to_thread(inspect_space, data))),
        (Check.GROWTH, _one(asyncio.to_thread(inspect_growth, data, now=utc_now()))),
    ]


def _at_own_watches(settings: Settings, *, seconds: float) -> _Looks:
    """Return the looks at the watches' database of the data directory, unless a PostgreSQL has them."""
    if watches_database(settings) is not None:
        return []
    database = settings.watches / "cache.db"
    return [
        (Check.DATABASE, _one(asyncio.to_thread(inspect_database, database, seconds=seconds))),
        (Check.DATABASE, _one(asyncio.to_thread(inspect_records, settings.watches))),
    ]


def _at_backups(settings: Settings, answer: DatabaseAnswer, *, seconds: float) -> _Looks:
    """Return the looks at the backups, of what is in PostgreSQL and of what is not."""
    looks: list[_Look] = []
    if settings.database is not None:
        look = partial(asyncio.to_thread, check_backups, settings, now=utc_now(), seconds=seconds)
        looks.append(_after(answer, Check.BACKUPS, look))
    if settings.database is None or (settings.data / WATCHES).exists():
        looks.append((Check.BACKUPS, _one(asyncio.to_thread(inspect_backups, settings.data, now=utc_now()))))
    return looks


def _at_work(settings: Settings, file: WatchFile | None, answer: DatabaseAnswer, *, seconds: float) -> _Looks:
    """Return the looks at who serves and watches, and at what the watches have to tell."""
    url = watches_database(settings)
    running = (
        partial(asyncio.to_thread, work.check_running, settings, file)
        if url is None
        else partial(cluster.check_cluster, settings, url, seconds=seconds)
    )
    watches = partial(asyncio.to_thread, work.check_watches, settings, file)
    listeners = partial(asyncio.to_thread, work.check_listeners, settings, file, seconds=seconds)
    outbox = partial(asyncio.to_thread, work.check_outbox, settings, file)
    of_watches = None if url is None else answer
    of_people = None if settings.database is None else answer
    return [
        _after(of_watches, Check.SERVER, running),
        _after(of_watches, Check.WATCHES, watches),
        _after(of_people, Check.TOPICS, listeners),
        _after(of_watches, Check.OUTBOX, outbox),
    ]


def _at_strangers(settings: Settings, answer: DatabaseAnswer, *, seconds: float) -> _Look:
    if settings.database is None:
        return Check.STRANGERS, asyncio.to_thread(inspect_strangers, settings.data / PUSH, now=utc_now())
    look = partial(asyncio.to_thread, check_strangers, settings, now=utc_now(), seconds=seconds)
    return _after(answer, Check.STRANGERS, look)


def _after(answer: DatabaseAnswer | None, check: Check, look: Callable[[], Awaitable[Sequence[Finding]]]) -> _Look:
    """Return a look that waits until the database answers, and is skipped if it does not; None: it needs none."""

    async def look_once_answered() -> Sequence[Finding]:
        if answer is not None:
            try:
                await answer.require()
            except WatcherError:
                text = worded("doctor_skipped", "not looked at, for the database does not answer")
                return [skipped(check, text)]
        return await look()

    return check, look_once_answered()


async def _address(settings: Settings, sessions: Sessions, *, seconds: float) -> Sequence[Finding]:
    is_elsewhere = settings.database is not None and holder_of(settings.data, "server") is None
    if settings.base_url is None and is_elsewhere:
        text = worded(
            "doctor_address_elsewhere", "not known here, where no server runs; with WATCHER_BASE_URL it is looked at"
        )
        return [fine(Check.ADDRESS, text)]
    return await check_address(settings.base_url, sessions, now=utc_now, seconds=seconds)


def _at_channels(deployment: Deployment, *, seconds: float) -> _Looks:
    """Return the looks that reach out to relays, each for so long at most."""
    return [(kind.CHECK, kind.look(deployment, seconds=seconds)) for kind in KINDS.values()]


async def _found(looks: _Looks, *, seconds: float) -> Sequence[Finding]:
    """Look everywhere at once; return all that was found, in the order of the looks."""
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(_bounded(check, look, seconds)) for check, look in looks]
    return [finding for task in running for finding in task.result()]


async def _bounded(check: Check | ChannelName, look: Awaitable[Sequence[Finding]], seconds: float) -> Sequence[Finding]:
    """Return what a look found; one that does not end, or that fails, is a finding too."""
    try:
        async with asyncio.timeout(seconds):
            return await look
    except TimeoutError:
        text = worded("doctor_no_end", "the look at it did not end within {seconds} s", seconds=f"{seconds:g}")
        return [wrong(check, text, worded("doctor_look_at_disk", "look at the disk and the network"))]
    except WatcherError as error:
        return [wrong(check, said_by(error), worded("doctor_mend", "mend what it says, and run this again"))]
    except Exception as error:
        _log.exception("a look at %s failed", check)
        text = worded("doctor_look_failed", "the look at it failed ({kind})", kind=type(error).__name__)
        return [wrong(check, text, worded("doctor_report", "report this, with what the log says"))]


async def _one(look: Awaitable[Finding]) -> Sequence[Finding]:
    return [await look]
