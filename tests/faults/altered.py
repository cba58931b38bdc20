"""
What a process of the tests has otherwise than one that people run: short leases, small crowds, protections taken away.

A test says it in the environment of a process that the nursery starts, which alters itself before it begins.

| taken away | a process |
|---|---|
| fence | saves what it does for a duty whoever has the lease by now, and believes its own for ever |
| deadline | goes on with a duty until it is told that another one has it, however long ago it renewed its lease |
| sequence | saves what a check found whatever the watch's state is by now; without a fence, too |
| order | stores messages while others do, so that ids are committed in any order |
| notices | hears nothing of what the others commit (NOTIFY), nor of jobs |
| numbers | gives numbers out again where its PostgreSQL was put back to an older state |
| renewal | opens its watches anew after a commit that failed, and believes what it keeps in memory of them |
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from diskcache import Cache

_LEASE_SECONDS: Final = "ALTERED_LEASE_SECONDS"
_TAKEN_AWAY: Final = "ALTERED_TAKEN_AWAY"
_SILENT_SECONDS: Final = 3_600.0
FEW: Final = 20
"""Readers of a topic whom a send serves itself; it has more in the tests than that."""
CHUNK: Final = 16
"""Readers whom a fan-out serves in one transaction: so a message takes several, and faults strike between them."""


class Protection(StrEnum):
    """What can be taken away."""

    FENCE = "fence"
    DEADLINE = "deadline"
    SEQUENCE = "sequence"
    ORDER = "order"
    NOTICES = "notices"
    NUMBERS = "numbers"
    RENEWAL = "renewal"


def altered(lease_seconds: float, taken_away: Protection | None = None) -> Mapping[str, str]:
    """Return the environment of a server with leases of so long, and without a protection."""
    return {_LEASE_SECONDS: str(lease_seconds), _TAKEN_AWAY: taken_away or ""}


def alter(environment: Mapping[str, str]) -> None:
    """Alter this process as its environment says."""
    if _LEASE_SECONDS not in environment:
        return
    _shorten(timedelta(seconds=float(environment[_LEASE_SECONDS])))
    if taken_away := environment[_TAKEN_AWAY]:
        _TAKE_AWAY[Protection(taken_away)]()


def _shorten(ttl: timedelta) -> None:
    from watcher.cluster import duties
    from watcher.push import sending
    from watcher.push.background import fan_out

    _set(duties, "run_duties", partial(duties.run_duties, ttl=ttl))
    _set(sending, "READERS_IN_THE_SEND", FEW)
    _set(fan_out, "CHUNK", CHUNK)


def _without_fence() -> None:
    from watcher.cluster.leases import Lease
    from watcher.store.cluster import watch_commits
    from watcher.store.cluster.leases import Fence

    _set(Fence, "__call__", _do_nothing)
    _set(watch_commits, "fence_all", _do_nothing)
    _set(Lease, "lose", _do_nothing)
    _set(Lease, "check", _do_nothing)
    _set(Lease, "seconds_left", lambda _: _SILENT_SECONDS)


def _without_deadline() -> None:
    from watcher.cluster.leases import Lease

    _set(Lease, "check", _raise_where_it_is_lost)
    _set(Lease, "seconds_left", _much_time_unless_it_is_lost)


def _much_time_unless_it_is_lost(lease: Any) -> float:
    return 0.0 if lease._over.done() else _SILENT_SECONDS


def _raise_where_it_is_lost(lease: Any) -> None:
    from watcher.errors import LeaseLostError

    if lease._over.done():
        raise LeaseLostError(f"another process has the lease of {lease.name}")


def _without_sequence() -> None:
    from watcher.store.cluster import watch_commits

    compared = " AND checked.sequence = new.before"
    assert compared in watch_commits._CHECK
    _set(watch_commits, "_CHECK", watch_commits._CHECK.replace(compared, ""))
    _without_fence()


def _without_order() -> None:
    from watcher.store.push import dialect

    _set(dialect, "keep_order", _do_nothing)


def _without_notices() -> None:
    import psycopg

    _set(psycopg.Connection, "add_notify_handler", _do_nothing)
    _set(psycopg.AsyncConnection, "notifies", _silence)


async def _silence(_: object, *, timeout: float | None = None, **__: Any) -> AsyncIterator[NoReturn]:  # noqa: ASYNC109
    """Stand in for `AsyncConnection.notifies`."""
    await asyncio.sleep(_SILENT_SECONDS if timeout is None else timeout)
    return
    yield


def _without_numbers() -> None:
    from watcher.store.push.high_water import HighWater

    _set(HighWater, "recognise", _do_nothing)


def _without_renewal() -> None:
    from watcher.store import watch_database

    write_all = watch_database.write_all

    def write_all_or_close(cache: Cache, *given: Any) -> None:
        try:
            write_all(cache, *given)
        except BaseException:
            cache.close()
            raise

    async def believe(_: object) -> None:
        pass

    _set(watch_database, "write_all", write_all_or_close)
    _set(watch_database.WatchDatabase, "_end_doubt", believe)


_TAKE_AWAY: Final[Mapping[Protection, Callable[[], None]]] = {
    Protection.FENCE: _without_fence,
    Protection.DEADLINE: _without_deadline,
    Protection.SEQUENCE: _without_sequence,
    Protection.ORDER: _without_order,
    Protection.NOTICES: _without_notices,
    Protection.NUMBERS: _without_numbers,
    Protection.RENEWAL: _without_renewal,
}


def _set(owner: object, name: str, value: object) -> None:
    """Put something else in the place of what stands there; whoever renames that hears of it."""
    assert hasattr(owner, name), f"{owner} has no {name} any more"
    setattr(owner, name, value)


def _do_nothing(*_: Any, **__: Any) -> None:
    pass
