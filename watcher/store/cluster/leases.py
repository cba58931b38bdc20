"""
Leases: which process has a duty, and how often that has changed.

| in the database | |
|---|---|
| take | raises `epoch`, where nobody has the lease, or its owner has not renewed it for its whole time |
| renew | all that an owner still works on, by one statement |
| release | the next one may take it at once |
| announce, depart | whoever is assigned shards comes and goes; a renewal says that it lives |
| fence | locks the lease in the owner's own transaction; a lease of another epoch is none |

The fence locks the row `FOR KEY SHARE`, and who takes a lease locks it `FOR UPDATE`: so a lease is not taken amid a
transaction of its owner, nothing of an owner of before is committed after, and renewals wait for neither
(postgresql.org/docs/current/explicit-locking.html, row-level locks). All times are the database's own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, text

from watcher.errors import LeaseLostError
from watcher.store.cluster.transactions import Transactions

_MAKE: Final = text(
    "INSERT INTO watcher.lease (name, epoch, since, renewed) VALUES (:name, 0, clock_timestamp(), clock_timestamp()) "
    "ON CONFLICT (name) DO NOTHING"
)
_LOCK: Final = text(
    "SELECT owner, clock_timestamp() - renewed > :ttl AS is_over FROM watcher.lease WHERE name = :name FOR UPDATE"
)
_TAKE: Final = text(
    "UPDATE watcher.lease SET epoch = epoch + 1, owner = :owner, since = clock_timestamp(), "
    "renewed = clock_timestamp() WHERE name = :name RETURNING epoch"
)
_RENEW: Final = text(
    "WITH alive AS (UPDATE watcher.worker SET renewed = clock_timestamp() WHERE name = :owner) "
    "UPDATE watcher.lease SET renewed = clock_timestamp() WHERE owner = :owner AND name = ANY(:names) "
    "RETURNING name, epoch"
)
_RELEASE: Final = text("UPDATE watcher.lease SET owner = NULL WHERE name = :name AND epoch = :epoch")
_FENCE: Final = (
    "SELECT name FROM watcher.lease JOIN unnest(%(names)s::text[], %(epochs)s::bigint[]) AS held (name, epoch) "
    "USING (name, epoch) ORDER BY name FOR KEY SHARE"
)
_ANNOUNCE: Final = text(
    "INSERT INTO watcher.worker (name, max_shards, since, renewed) "
    "VALUES (:name, :max_shards, clock_timestamp(), clock_timestamp()) "
    "ON CONFLICT (name) DO UPDATE SET renewed = excluded.renewed"
)
_DEPART: Final = text("DELETE FROM watcher.worker WHERE name = :name")
_FORGET_DEAD: Final = text("DELETE FROM watcher.worker WHERE clock_timestamp() - renewed > interval '1 hour'")
IS_ALIVE: Final = "renewed > clock_timestamp() - CAST(:ttl AS interval)"
"""Of a worker, or of the owner of a lease; a part of statements."""
IS_HELD: Final = f"owner IS NOT NULL AND {IS_ALIVE}"
"""Of a lease that somebody has who lives."""
_WORKERS: Final = text(
    f"SELECT name, max_shards, since, renewed FROM watcher.worker WHERE {IS_ALIVE} ORDER BY name"  # noqa: S608 - ours
)
_HELD: Final = text(
    f"SELECT name, epoch, owner, since, renewed FROM watcher.lease WHERE {IS_HELD} ORDER BY name"  # noqa: S608 - ours
)


class Taken(Struct, frozen=True, kw_only=True):
    """
    A lease as it was taken.

    Attributes:
        epoch: of this owner alone.
        is_unclean: the owner before has not given it back, and may still be at work, or nobody knows.
    """

    epoch: int
    is_unclean: bool


class LeaseRow(Struct, frozen=True, kw_only=True):
    """
    What the database says of a lease.

    Attributes:
        owner: None: nobody has it.
        since: when it was taken last.
        renewed: when its owner last said that it is alive.
    """

    name: str
    epoch: int
    owner: str | None
    since: datetime
    renewed: datetime


class WorkerRow(Struct, frozen=True, kw_only=True):
    """
    A worker that lives.

    Attributes:
        name: as an owner of leases.
        max_shards: of a kind that it takes on.
        renewed: when it last said that it is alive.
    """

    name: str
    max_shards: int
    since: datetime
    renewed: datetime


class Fence:
    """Locks a lease in a transaction of whoever has it, and refuses the transaction where another one has it by now."""

    def __init__(self, name: str, epoch: int, *, on_lost: Callable[[], object]) -> None:
        """`on_lost` is called in the thread of the transaction."""
        self.name = name
        self.epoch = epoch
        self._on_lost = on_lost

    def __call__(self, connection: Connection) -> None:
        """Raise LeaseLostError where this is not the lease's epoch any more."""
        fence_all(connection, [self])

    def lose(self) -> LeaseLostError:
        """Tell whoever has the lease that it is lost; return what to raise."""
        self._on_lost()
        return LeaseLostError(f"another process has the lease of {self.name}")


def fence_all(connection: Connection, fences: Collection[Fence]) -> None:
    """Lock the leases of all of these, in the order of their names. Raises LeaseLostError: one is another process'."""
    of = {"names": [each.name for each in fences], "epochs": [each.epoch for each in fences]}
    held = {name for (name,) in connection.exec_driver_sql(_FENCE, of)}
    lost = [each.lose() for each in fences if each.name not in held]
    if lost:
        raise lost[0]


class LeaseStore:
    """The leases of one database, as one process asks for them. Used from one event loop."""

    def __init__(self, url: str, *, ttl: timedelta) -> None:
        """
        Args:
            ttl: so long after its last renewal a lease is its owner's.

        Raises ConfigError: the URL names no database.
        """
        self._ttl = ttl
        # Whoever takes a lease may wait for a lock, and renewals must not wait behind that.
        self._renewing = Transactions(url, name="lease-renewer")
        self._others = Transactions(url, name="lease-taker")

    async def take(self, name: str, owner: str) -> Taken | None:
        """Take a lease; None where another owner has it. Raises StoreError."""
        return await self._others.run(partial(_take, name=name, owner=owner, ttl=self._ttl))

    async def renew(self, owner: str, names: Sequence[str]) -> Mapping[str, int]:
        """
        Renew those that are this owner's, however long ago they were; return their epochs.

        An owner that was announced is said to live, too. Raises StoreError.
        """
        return await self._renewing.run(partial(_renew, owner=owner, names=names))

    async def release(self, name: str, epoch: int) -> None:
        """Give a lease back, where it has this epoch. Raises StoreError."""
        await self._others.run(lambda db: db.execute(_RELEASE, {"name": name, "epoch": epoch}))

    async def announce(self, owner: str, max_shards: int) -> None:
        """Let this owner count among those that shards are assigned to. Raises StoreError."""
        await self._others.run(partial(_announce, name=owner, max_shards=max_shards))

    async def depart(self, owner: str) -> None:
        """Let it count no more. Raises StoreError."""
        await self._others.run(lambda db: db.execute(_DEPART, {"name": owner}))

    async def workers(self) -> Sequence[WorkerRow]:
        """Return those that shards are assigned to, and that live. Raises StoreError."""
        return await self._others.run(partial(living_workers, ttl=self._ttl))

    async def aclose(self) -> None:
        """Close its connections and end its threads. Nothing may be called after."""
        try:
            await self._others.aclose()
        finally:
            await self._renewing.aclose()


def living_workers(connection: Connection, ttl: timedelta) -> Sequence[WorkerRow]:
    """Return those that shards are assigned to, and that live. `ttl`: as of `LeaseStore`."""
    return [WorkerRow(**row) for row in connection.execute(_WORKERS, {"ttl": ttl}).mappings()]


def held_leases(connection: Connection, ttl: timedelta) -> Mapping[str, LeaseRow]:
    """Return the leases that somebody has who lives, by their names. `ttl`: as of `LeaseStore`."""
    return {row["name"]: LeaseRow(**row) for row in connection.execute(_HELD, {"ttl": ttl}).mappings()}


def _take(connection: Connection, name: str, owner: str, ttl: timedelta) -> Taken | None:
    connection.execute(_MAKE, {"name": name})
    found = connection.execute(_LOCK, {"name": name, "ttl": ttl}).one()
    if found.owner not in (None, owner) and not found.is_over:
        return None
    epoch = connection.execute(_TAKE, {"name": name, "owner": owner}).scalar_one()
    # It is ours where the answer to our taking it was lost; whether somebody had it before that, nobody knows then.
    return Taken(epoch=epoch, is_unclean=found.owner is not None)


def _renew(connection: Connection, owner: str, names: Sequence[str]) -> Mapping[str, int]:
    rows = connection.execute(_RENEW, {"owner": owner, "names": list(names)})
    return {row.name: row.epoch for row in rows}


def _announce(connection: Connection, name: str, max_shards: int) -> None:
    connection.execute(_FORGET_DEAD)
    connection.execute(_ANNOUNCE, {"name": name, "max_shards": max_shards})
