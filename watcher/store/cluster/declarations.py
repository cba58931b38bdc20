"""
What a cluster watches: a row for each watch, changed by whoever declares, and read by whoever checks.

| in the database | |
|---|---|
| apply | compares all that an origin declares with its rows, and changes them, all in one transaction |
| moving | a watch whose host is in another shard by now takes its state along: a late commit of before finds no row |
| gone | a row that was removed is kept for a day, for who has not noticed yet |
| generation | of each change the next number, and the frame of its origin; told by NOTIFY |

Origins do not touch each other's rows. The console's rows are read in the frame of the files.
Whoever declares waits for others who do; who reads waits for nobody. All that is large goes by COPY and in sets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Final, TypeVar

from msgspec import Struct
from psycopg import errors
from sqlalchemy import Connection, Engine, TextClause, text
from sqlalchemy.exc import DBAPIError

from watcher.config.declared import NO_FRAME
from watcher.store.cluster.declaring import FILES, AppliedRows, WantedRows, declare
from watcher.store.postgresql.connections import long_statements, open_engine
from watcher.store.postgresql.errors import may_be_repeated, to_store_error
from watcher.store.postgresql.urls import name_of, parse
from watcher.store.schemas import CLUSTER
from watcher.store.threads import Threads

T = TypeVar("T")
KEPT: Final = timedelta(days=1)
"""How long a removed row is kept."""
_KEPT_GENERATIONS: Final = timedelta(days=30)
_TURN_SECONDS: Final = 3_600.0
_READ_SECONDS: Final = 60.0
_ATTEMPTS: Final = 3
_GENERATION: Final = text("SELECT generation FROM watcher.cluster")
_FRAMES: Final = text("SELECT DISTINCT ON (origin) origin, frame FROM watcher.generation ORDER BY origin, number DESC")
_OF_SHARD: Final = text("SELECT watch, origin, body FROM watcher.declaration WHERE shard = :shard AND NOT is_gone")
_OF_IDS: Final = text(
    "SELECT watch, origin, body FROM watcher.declaration WHERE watch = ANY(:ids) AND NOT is_gone "
    "AND shard = coalesce(:shard, shard)"
)
_OF_ORIGIN: Final = text("SELECT watch, origin, body FROM watcher.declaration WHERE origin = :origin AND NOT is_gone")
_SINCE: Final = text("SELECT watch, shard, is_gone FROM watcher.declaration WHERE generation > :generation")

_FORGET: Final = text(
    "DELETE FROM watcher.declaration USING watcher.generation WHERE is_gone AND declaration.generation = number "
    "AND applied_at < clock_timestamp() - :kept"
)
_FORGET_GENERATIONS: Final = text(
    "DELETE FROM watcher.generation AS old WHERE applied_at < clock_timestamp() - :kept AND EXISTS "
    "(SELECT 1 FROM watcher.generation AS later WHERE later.origin = old.origin AND later.number > old.number)"
)


class DeclaredRows(Struct, frozen=True, kw_only=True):
    """
    Watches as they are declared, at one moment.

    Attributes:
        frames: what each origin says besides.
        bodies: by origin and id.
    """

    generation: int
    frames: Mapping[str, str]
    bodies: Mapping[str, Mapping[str, str]]


class ChangedRow(Struct, frozen=True, kw_only=True):
    """A watch that was declared anew, or is gone. `shard`: in which it is now."""

    watch: str
    shard: int
    is_gone: bool


class Changes(Struct, frozen=True, kw_only=True):
    """What was declared since a generation: what `DeclaredRows` has, without bodies; of all shards."""

    generation: int
    frames: Mapping[str, str]
    rows: Sequence[ChangedRow]


class Declarations:
    """The declarations in one database. Each call blocks, and may be made from any thread."""

    def __init__(self, url: str) -> None:
        """Raises ConfigError: the URL names no database."""
        self._url = parse(url)
        self._writer = open_engine(self._url, schema=CLUSTER, connections=1, are_reading=False)
        self._reader = open_engine(self._url, schema=CLUSTER, connections=1, are_reading=True)
        self.name = name_of(self._url)

    def apply(self, wanted: WantedRows, *, is_dry: bool = False, may_delete: bool = False) -> AppliedRows:
        """
        Make the rows of an origin what it declares; return what was different.

        Args:
            is_dry: nothing is changed, and nothing is refused for what it removes.
            may_delete: however many are removed, it is meant.

        Raises:
            UsageError: another origin has one of the watches.
            RemovesMuchError: it removes too many, and that was not said.
            StaleGenerationError: it was made from another generation than the newest.
            StoreError: the database refused.
        """
        return self._change(partial(declare, wanted, is_dry=is_dry, may_delete=may_delete))

    def of_shard(self, shard: int) -> DeclaredRows:
        """Return the watches of a shard. Raises StoreError."""
        return self._look(partial(_declared, statement=_OF_SHARD, of={"shard": shard}))

    def of_ids(self, ids: Sequence[str], *, shard: int | None = None) -> DeclaredRows:
        """Return these watches, but for those that are gone, or are in another shard than this. Raises StoreError."""
        return self._look(partial(_declared, statement=_OF_IDS, of={"ids": list(ids), "shard": shard}))

    def of_origin(self, origin: str) -> DeclaredRows:
        """Return all watches of an origin. Raises StoreError."""
        return self._look(partial(_declared, statement=_OF_ORIGIN, of={"origin": origin}))

    def changed_since(self, generation: int) -> Changes:
        """Return what was declared after this generation. Raises StoreError."""
        return self._look(partial(_changes, generation=generation))

    def generation_now(self) -> int:
        """Return the number of the newest generation; 0: nothing was declared yet. Raises StoreError."""
        return self._look(_generation)

    def forget_gone(self, kept: timedelta = KEPT) -> None:
        """Delete rows that were removed so long ago, and what is known of old generations. Raises StoreError."""
        self._change(partial(_forget, kept=kept))

    def close(self) -> None:
        """Close its connections. Nothing may be called after."""
        self._writer.dispose()
        self._reader.dispose()

    def _look(self, work: Callable[[Connection], T]) -> T:
        return self._repeating(partial(_in_snapshot, self._reader, work))

    def _change(self, work: Callable[[Connection], T]) -> T:
        """Do it in a transaction of any length. It comes to the same when it is done twice."""
        return self._repeating(partial(_in_transaction, self._writer, work))

    def _repeating(self, work: Callable[[], T]) -> T:
        try:
            for _ in range(_ATTEMPTS - 1):
                try:
                    return work()
                except DBAPIError as error:
                    if not (may_be_repeated(error) or isinstance(error.orig, errors.DeadlockDetected)):
                        raise
            return work()
        except DBAPIError as error:
            raise to_store_error(self._url, error) from error


class DeclarationStore:
    """The same, for an event loop: what it reads waits for nothing that it writes."""

    def __init__(self, url: str) -> None:
        """Raises ConfigError: the URL names no database."""
        self._all = Declarations(url)
        late = f"{self._all.name}: the statement before did not end in time"
        self._writing = Threads(1, name="declaration-writer", seconds=_TURN_SECONDS, late=late)
        self._reading = Threads(1, name="declaration-reader", seconds=_READ_SECONDS, late=late)

    async def apply(self, wanted: WantedRows, *, is_dry: bool = False, may_delete: bool = False) -> AppliedRows:
        """As `Declarations.apply`; so are the others."""
        return await self._writing.run(partial(self._all.apply, wanted, is_dry=is_dry, may_delete=may_delete))

    async def of_shard(self, shard: int) -> DeclaredRows:
        """Return the watches of a shard. Raises StoreError."""
        return await self._reading.run(partial(self._all.of_shard, shard))

    async def of_ids(self, ids: Sequence[str], *, shard: int | None = None) -> DeclaredRows:
        """Return these watches, but for those that are gone, or are in another shard than this. Raises StoreError."""
        return await self._reading.run(partial(self._all.of_ids, ids, shard=shard))

    async def of_origin(self, origin: str) -> DeclaredRows:
        """Return all watches of an origin. Raises StoreError."""
        return await self._reading.run(partial(self._all.of_origin, origin))

    async def changed_since(self, generation: int) -> Changes:
        """Return what was declared after this generation. Raises StoreError."""
        return await self._reading.run(partial(self._all.changed_since, generation))

    async def generation_now(self) -> int:
        """Return the number of the newest generation; 0: nothing was declared yet. Raises StoreError."""
        return await self._reading.run(self._all.generation_now)

    async def forget_gone(self, kept: timedelta = KEPT) -> None:
        """Delete rows that were removed so long ago, and what is known of old generations. Raises StoreError."""
        await self._writing.run(partial(self._all.forget_gone, kept))

    async def aclose(self) -> None:
        """Close its connections and end its threads. Nothing may be called after."""
        try:
            await self._reading.run(self._all.close)
        finally:
            self._writing.close()
            self._reading.close()


def _in_snapshot(reader: Engine, work: Callable[[Connection], T]) -> T:
    with reader.connect() as connection:
        return work(connection)


def _in_transaction(writer: Engine, work: Callable[[Connection], T]) -> T:
    with writer.begin() as connection:
        return work(connection)


def _generation(connection: Connection) -> int:
    return connection.scalar(_GENERATION) or 0


def _frames(connection: Connection) -> Mapping[str, str]:
    frames = {row.origin: row.frame for row in connection.execute(_FRAMES)}
    return {origin: frame or frames.get(FILES, NO_FRAME) for origin, frame in frames.items()}


def _declared(connection: Connection, statement: TextClause, of: Mapping[str, object]) -> DeclaredRows:
    bodies = defaultdict[str, dict[str, str]](dict)
    for row in connection.execute(statement, of):
        bodies[row.origin][row.watch] = row.body
    return DeclaredRows(generation=_generation(connection), frames=_frames(connection), bodies=bodies)


def _changes(connection: Connection, generation: int) -> Changes:
    rows = [ChangedRow(**row) for row in connection.execute(_SINCE, {"generation": generation}).mappings()]
    return Changes(generation=_generation(connection), frames=_frames(connection), rows=rows)


def _forget(connection: Connection, kept: timedelta) -> None:
    with long_statements(connection):
        connection.execute(_FORGET, {"kept": kept})
        connection.execute(_FORGET_GENERATIONS, {"kept": _KEPT_GENERATIONS})
