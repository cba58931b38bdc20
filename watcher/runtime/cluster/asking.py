"""
What is asked of the workers of a cluster: of each that has a shard of it, at once, and answered together.

A worker that has a shard takes a question at once, or where it hears nothing within a few seconds. Where nobody takes
it, the shard may just be changing hands, so it is waited for a moment before it is given up.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import aclosing
from typing import Final

from msgspec import Struct

from watcher.cluster.leases import TTL
from watcher.errors import StoreError, UnansweredError
from watcher.store.cluster.requests import TAKEN_SECONDS, RequestRow, RequestStore
from watcher.watching.cluster_questions import joined, read_answer, split, written_question
from watcher.watching.questions import Answer, AskOfOutbox, AskToAccept, AskToCheck, AskToPause, Question

UNHELD_SECONDS: Final = 3.0
"""How long it is waited for somebody to take over a shard that nobody has."""
_FIRST_LOOK_SECONDS: Final = 0.02
_LONGEST_LOOK_SECONDS: Final = 0.5
_NAMED: Final = 3
_log = logging.getLogger(__name__)


class Said(Struct, frozen=True, kw_only=True):
    """
    What workers said.

    Attributes:
        answer: of those that answered.
        trouble: whose answer is missing and why, in one line; empty where none is.
    """

    answer: Answer
    trouble: str


async def ask_workers(
    requests: RequestStore,
    question: Question,
    *,
    limit_seconds: float,
    unheld_seconds: float = UNHELD_SECONDS,
    taken_seconds: float = TAKEN_SECONDS,
) -> Said:
    """
    Return what the workers answer, within so many seconds.

    What is not declared, or not in the outbox, is asked of nobody.

    Args:
        unheld_seconds: how long to wait until a worker takes over a shard that nobody has.
        taken_seconds: how long to wait until the worker that has a shard takes the question.

    Raises:
        UnansweredError: nobody answered, of those that were asked.
        StoreError: nobody could be asked.
    """
    asked_of = split(question, await _shards_of(requests, question))
    if not asked_of:
        return Said(answer=Answer(), trouble="")
    is_lasting = isinstance(question, AskToAccept)
    written = {lease: written_question(each) for lease, each in asked_of.items()}
    asked = await requests.ask(written, is_lasting=is_lasting)
    waiting = _Waiting(asked, limit_seconds=limit_seconds, unheld_seconds=unheld_seconds, taken_seconds=taken_seconds)
    try:
        await waiting.wait(requests)
    finally:
        await _remove(requests, asked.values())
    trouble = waiting.trouble()
    if not waiting.answers:
        raise UnansweredError(trouble)
    return Said(answer=joined(waiting.answers), trouble=trouble)


def ask_workers_once(url: str, question: Question, *, limit_seconds: float) -> Said:
    """Return the same to a command. Blocks. Raises ConfigError, and as `ask_workers`."""

    async def ask() -> Said:
        async with aclosing(RequestStore(url)) as requests:
            return await ask_workers(requests, question, limit_seconds=limit_seconds)

    return asyncio.run(ask())


def are_there_workers(url: str) -> bool:
    """Return whether anybody has a shard of hosts. Blocks. Raises ConfigError, StoreError."""

    async def look() -> bool:
        async with aclosing(RequestStore(url)) as requests:
            return await requests.has_holders(ttl=TTL)

    return asyncio.run(look())


async def _shards_of(requests: RequestStore, question: Question) -> Mapping[str, int]:
    match question:
        case AskToCheck() | AskToPause():
            return await requests.shards_of(question.watches)
        case AskToAccept():
            return await requests.shards_of([question.watch])
        case AskOfOutbox():
            return await requests.topic_shards_of(question.messages)
        case _:
            return {}


async def _remove(requests: RequestStore, numbers: Iterable[int]) -> None:
    try:
        await requests.remove([*numbers])
    except StoreError as error:
        _log.info("questions stay until they are ten minutes old: %s", error)


class _Waiting:
    """Questions that wait for their answers, and what became of each."""

    def __init__(
        self, asked: Mapping[str, int], *, limit_seconds: float, unheld_seconds: float, taken_seconds: float
    ) -> None:
        self.answers: list[Answer] = []
        self._lease_of = {number: lease for lease, number in asked.items()}
        self._limit_seconds = limit_seconds
        self._unheld_seconds = unheld_seconds
        self._taken_seconds = taken_seconds
        self._unheld: list[str] = []
        self._untaken: list[str] = []
        self._late: list[str] = []
        self._wrong: dict[str, None] = {}

    async def wait(self, requests: RequestStore) -> None:
        """Wait until each was answered or given up. Raises StoreError."""
        loop, pause = asyncio.get_running_loop(), _FIRST_LOOK_SECONDS
        began = loop.time()
        while self._lease_of:
            await asyncio.sleep(pause)
            pause = min(1.5 * pause, _LONGEST_LOOK_SECONDS)
            rows = {row.number: row for row in await requests.rows(self._lease_of, ttl=TTL)}
            for number in [*self._lease_of]:
                self._look_at(number, rows.get(number), waited=loop.time() - began)

    def trouble(self) -> str:
        """Return whose answer is missing and why."""
        parts = [
            (self._unheld, "no worker has {}; start one with `watcher worker`"),
            (
                self._untaken,
                "the worker that has {} takes no questions: it is starting, has just died, or is of another version",
            ),
            (
                self._late,
                f"the worker that has {{}} did not answer within {self._limit_seconds:g} s; its log says more",
            ),
        ]
        return "; ".join([*(text.format(_named(those)) for those, text in parts if those), *self._wrong])

    def _look_at(self, number: int, row: RequestRow | None, *, waited: float) -> None:
        lease = self._lease_of[number]
        if row is not None and row.answer is not None:
            self._take(row.answer)
        elif waited > self._limit_seconds or row is None:
            self._late.append(lease)
        elif not row.is_taken and not row.is_held and waited > self._unheld_seconds:
            self._unheld.append(lease)
        elif not row.is_taken and waited > self._taken_seconds:
            self._untaken.append(lease)
        else:
            return
        del self._lease_of[number]

    def _take(self, answer: str) -> None:
        try:
            self.answers.append(read_answer(answer))
        except UnansweredError as error:
            self._wrong[str(error)] = None


def _named(leases: Sequence[str]) -> str:
    """Return `hosts:3, hosts:17 and 4 more`."""
    more = f" and {len(leases) - _NAMED} more" if len(leases) > _NAMED else ""
    return f"{', '.join(leases[:_NAMED])}{more}"
