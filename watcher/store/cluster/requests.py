"""
What is asked of whoever holds a shard, as rows: a question, and later its answer.

| a row is removed by | |
|---|---|
| who asked | as soon as it has the answer, or waits for it no longer |
| housekeeping | ten minutes after it was asked: who asked was killed |

A question of the moment is taken once, by whoever holds the lease, and only while somebody may still wait for it. A
lasting one is taken by each next holder until one of them has answered it, and is removed by housekeeping alone.
Whoever asks tells it by NOTIFY; a holder looks in any case every few seconds. All times are the database's own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, text

from watcher.core.shards import hosts_lease
from watcher.errors import StoreError
from watcher.store.cluster.leases import IS_HELD, Fence
from watcher.store.cluster.transactions import Transactions

CHANNEL: Final = "watcher_request"
"""Of NOTIFY; the payload is the name of a lease."""
TAKEN_SECONDS: Final = 10.0
"""How long a holder may take to see a question of the moment; one that is older is not taken any more."""
KEPT: Final = timedelta(minutes=10)
MOST_BYTES: Final = 4_000_000
"""Of a question. What one asks of all watches of a shard is a tenth of it where they are 10,000."""
MOST_ANSWER_BYTES: Final = 16_000_000
MOST_WAITING: Final = 1_000
"""Of one lease, without an answer."""
_TAKEN_AT_ONCE: Final = 50

_WAITING: Final = text(
    "SELECT lease FROM watcher.request WHERE lease = ANY(:leases) AND answer IS NULL "
    "GROUP BY lease HAVING count(*) > :most"
)
_KNOWN: Final = text(
    "SELECT number FROM watcher.request "
    "WHERE lease = :lease AND is_lasting AND answer IS NULL AND question = :question LIMIT 1"
)
_ASK: Final = text(
    "INSERT INTO watcher.request (lease, question, is_lasting, asked_at) "
    "VALUES (:lease, :question, :is_lasting, clock_timestamp()) RETURNING number"
)
_NOTIFY: Final = text(f"SELECT pg_notify('{CHANNEL}', :lease)")
_HOW: Final = text(
    f"SELECT number, taken_at IS NOT NULL AS is_taken, request.answer, coalesce({IS_HELD}, false) AS is_held "  # noqa: S608
    "FROM watcher.request LEFT JOIN watcher.lease ON lease.name = request.lease WHERE number = ANY(:numbers)"
)
_REMOVE: Final = text("DELETE FROM watcher.request WHERE number = ANY(:numbers) AND NOT is_lasting")
_LASTING: Final = text("SELECT question FROM watcher.request WHERE is_lasting AND answer IS NULL ORDER BY number")
_IS_TO_BE_TAKEN: Final = (
    "answer IS NULL AND (is_lasting OR (taken_at IS NULL AND "
    f"asked_at > clock_timestamp() - interval '{TAKEN_SECONDS:g} s'))"
)
_ASKED_OF: Final = text(
    f"SELECT DISTINCT lease FROM watcher.request WHERE lease = ANY(:leases) AND {_IS_TO_BE_TAKEN}"  # noqa: S608 - ours
)
_TAKE: Final = text(
    "UPDATE watcher.request SET taken_at = clock_timestamp() WHERE number IN ("  # noqa: S608 - ours
    f"SELECT number FROM watcher.request WHERE lease = :lease AND {_IS_TO_BE_TAKEN} AND number <> ALL(:known) "
    "ORDER BY number LIMIT :most) RETURNING number, question, is_lasting"
)
_ANSWER: Final = text("UPDATE watcher.request SET answer = :answer WHERE number = :number")
_MOVE: Final = text("UPDATE watcher.request SET lease = :lease, taken_at = NULL WHERE number = :number")
_FORGET: Final = text(
    "DELETE FROM watcher.request WHERE asked_at < clock_timestamp() - CAST(:kept AS interval) "
    "AND (answer IS NOT NULL OR NOT is_lasting)"
)
_HOLDERS: Final = text(
    f"SELECT EXISTS (SELECT 1 FROM watcher.lease WHERE name LIKE 'hosts:%' AND {IS_HELD})"  # noqa: S608 - ours
)
_SHARDS: Final = text("SELECT watch, shard FROM watcher.declaration WHERE watch = ANY(:watches) AND NOT is_gone")
_PLACE: Final = text(
    "SELECT (SELECT shard FROM watcher.declaration WHERE watch = :watch AND NOT is_gone) AS shard, "
    "EXISTS (SELECT FROM watcher.state WHERE watch = :watch) "
    "AND NOT EXISTS (SELECT FROM watcher.declaration WHERE watch = :watch) AS is_to_be_declared"
)
_TOPIC_SHARDS: Final = text("SELECT message, topic_shard FROM watcher.outbox WHERE message = ANY(:messages)")


class TakenRequest(Struct, frozen=True, kw_only=True):
    """A question that was taken."""

    number: int
    question: str
    is_lasting: bool


class RequestRow(Struct, frozen=True, kw_only=True):
    """
    How a question stands.

    Attributes:
        is_held: somebody has the lease.
        answer: None: there is none yet.
    """

    number: int
    is_taken: bool
    is_held: bool
    answer: str | None


class RequestStore:
    """The questions in one database, as one process asks and answers them. Used from one event loop."""

    def __init__(self, url: str) -> None:
        """Raises ConfigError: the URL names no database."""
        self._database = Transactions(url, name="requests")

    async def aclose(self) -> None:
        """Close the connection. Nothing may be called after."""
        await self._database.aclose()

    # Who asks

    async def ask(self, questions: Mapping[str, str], *, is_lasting: bool = False) -> Mapping[str, int]:
        """
        Ask of each lease its question; return the numbers of the rows, by lease.

        A lasting one that waits already is not asked again.

        Raises StoreError: one is too long, too many wait, or the database refused. Then nothing was asked.
        """
        for question in questions.values():
            if len(question.encode()) > MOST_BYTES:
                raise StoreError(f"a question has more than {MOST_BYTES:,} bytes; ask of fewer watches at once")
        return await self._database.run(partial(_ask, questions=questions, is_lasting=is_lasting))

    async def rows(self, numbers: Collection[int], *, ttl: timedelta) -> Sequence[RequestRow]:
        """Return how these stand; one that is gone is left out. `ttl`: as in `LeaseStore`. Raises StoreError."""
        return await self._database.run(partial(_rows, numbers=numbers, ttl=ttl))

    async def remove(self, numbers: Collection[int]) -> None:
        """Remove these, but for lasting ones. Raises StoreError."""
        await self._database.run(lambda db: db.execute(_REMOVE, {"numbers": list(numbers)}))

    async def has_holders(self, *, ttl: timedelta) -> bool:
        """Return whether anybody has a shard of hosts; `ttl` as above. Raises StoreError."""
        return await self._database.run(lambda db: db.execute(_HOLDERS, {"ttl": ttl}).scalar_one())

    async def shards_of(self, watches: Collection[str]) -> Mapping[str, int]:
        """Return the shards of those of these watches that are declared. Raises StoreError."""
        return await self._database.run(
            lambda db: {row.watch: row.shard for row in db.execute(_SHARDS, {"watches": list(watches)})}
        )

    async def topic_shards_of(self, messages: Collection[str]) -> Mapping[str, int]:
        """Return the shards of those of these messages that are in the outbox. Raises StoreError."""
        return await self._database.run(
            lambda db: {row.message: row.topic_shard for row in db.execute(_TOPIC_SHARDS, {"messages": list(messages)})}
        )

    async def lasting(self) -> Sequence[str]:
        """Return the lasting questions that nobody has answered, oldest first. Raises StoreError."""
        return await self._database.run(lambda db: [*db.scalars(_LASTING)])

    # Who answers

    async def asked_of(self, leases: Collection[str]) -> Collection[str]:
        """Return those of these leases of which something is asked. Raises StoreError."""
        return await self._database.run(lambda db: [*db.scalars(_ASKED_OF, {"leases": list(leases)})])

    async def take(self, lease: str, fence: Fence, *, known: Collection[int]) -> Sequence[TakenRequest]:
        """
        Take what is asked of a lease, the oldest first, up to fifty at once.

        `known`: lasting ones that are being carried out. Raises LeaseLostError, StoreError.
        """
        return await self._database.run(partial(_take, lease=lease, fence=fence, known=known))

    async def answer(self, number: int, answer: str) -> None:
        """Answer one; where it is gone, nobody waits for it any more. Raises StoreError."""
        await self._database.run(lambda db: db.execute(_ANSWER, {"number": number, "answer": answer}))

    async def hand_on(self, number: int, watch: str) -> bool:
        """
        Let who has this watch by now take a question of it; return False where nobody will.

        One with a state that was never declared, as after a copy, may be soon: its question stays. Raises StoreError.
        """
        return await self._database.run(partial(_hand_on, number=number, watch=watch))

    async def forget(self, kept: timedelta = KEPT) -> None:
        """Remove what nobody waits for any more. Raises StoreError."""
        await self._database.run(lambda db: db.execute(_FORGET, {"kept": kept}))


def _ask(connection: Connection, questions: Mapping[str, str], *, is_lasting: bool) -> Mapping[str, int]:
    if full := [*connection.scalars(_WAITING, {"leases": list(questions), "most": MOST_WAITING - 1})]:
        raise StoreError(f"{MOST_WAITING:,} questions wait already for {', '.join(sorted(full))}; ask again later")
    return {
        lease: _ask_one(connection, lease, question, is_lasting=is_lasting) for lease, question in questions.items()
    }


def _ask_one(connection: Connection, lease: str, question: str, *, is_lasting: bool) -> int:
    asked = {"lease": lease, "question": question}
    number: int | None = connection.scalar(_KNOWN, asked) if is_lasting else None
    if number is None:
        number = connection.execute(_ASK, {**asked, "is_lasting": is_lasting}).scalar_one()
    connection.execute(_NOTIFY, {"lease": lease})
    return number


def _rows(connection: Connection, numbers: Collection[int], ttl: timedelta) -> Sequence[RequestRow]:
    return [RequestRow(**row) for row in connection.execute(_HOW, {"numbers": list(numbers), "ttl": ttl}).mappings()]


def _take(connection: Connection, lease: str, fence: Fence, known: Collection[int]) -> Sequence[TakenRequest]:
    fence(connection)
    taken = connection.execute(_TAKE, {"lease": lease, "known": list(known), "most": _TAKEN_AT_ONCE})
    return sorted((TakenRequest(**row) for row in taken.mappings()), key=lambda each: each.number)


def _hand_on(connection: Connection, number: int, watch: str) -> bool:
    place = connection.execute(_PLACE, {"watch": watch}).one()
    if place.shard is None:
        return bool(place.is_to_be_declared)
    lease = hosts_lease(place.shard)
    connection.execute(_MOVE, {"number": number, "lease": lease})
    connection.execute(_NOTIFY, {"lease": lease})
    return True
