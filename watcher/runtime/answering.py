"""What the watcher that runs answers to questions, and each worker of a cluster for the shards that it holds."""

from __future__ import annotations

import asyncio
from typing import Final, assert_never

from watcher.core.live import Live, LiveWatch
from watcher.outbox.control import OutboxControl
from watcher.watching.questions import (
    Answer,
    AskForLive,
    AskOfOutbox,
    AskToAccept,
    AskToCheck,
    AskToPause,
    Outcome,
    Question,
)
from watcher.watching.runner import Runner

_SLICE: Final = 1_000
"""Watches that are looked at without a pause; about 4 ms."""


async def answer(runner: Runner, outbox: OutboxControl, question: Question) -> Answer:
    """Return what a watcher answers."""
    match question:
        case AskForLive():
            return Answer(live=await _all_of(runner.live()))
        case AskOfOutbox():
            return await answer_of_outbox(outbox, question)
        case AskToCheck() | AskToPause() | AskToAccept():
            return await answer_of_watches(runner, question)
        case _:
            assert_never(question)


async def answer_of_watches(runner: Runner, question: AskToCheck | AskToPause | AskToAccept) -> Answer:
    """Return what whoever checks these watches answers. Raises StoreError."""
    match question:
        case AskToCheck():
            decisions = await runner.check_now(question.watches, limit_seconds=question.limit_seconds)
            return Answer(outcomes=tuple(map(Outcome.of, decisions)))
        case AskToPause():
            done = await runner.pause(question.watches, question.act, until=question.until, by=question.by)
            return Answer(done=tuple(done))
        case AskToAccept():
            is_accepted = await runner.accept(question.watch, by=question.by)
            return Answer(done=(question.watch,) if is_accepted else ())
        case _:
            assert_never(question)


async def answer_of_outbox(outbox: OutboxControl, question: AskOfOutbox) -> Answer:
    """Return what whoever publishes these messages answers. Raises StoreError."""
    return Answer(done=tuple(await outbox.do(question.act, question.messages)))


async def _all_of(live: Live) -> dict[str, LiveWatch]:
    """Return all watches as they are now, in slices: else nothing else would run for 0.4 s where they are 100,000."""
    ids = list(live)
    found: dict[str, LiveWatch] = {}
    for start in range(0, len(ids), _SLICE):
        found.update((one, watch) for one in ids[start : start + _SLICE] if (watch := live.get(one)) is not None)
        await asyncio.sleep(0)
    return found
