"""
A worker's answers to what is asked of the shards that it holds.

One object for the process, which hears what is asked of its leases, and looks every few seconds, by one statement;
and one call for each lease that it has, for as long as it has it:

    answers = ShardAnswers(RequestStore(url))
    tasks.create_task(answers.run())                       # once; `answers.heard` takes what NOTIFY says
    tasks.create_task(answers.of_hosts(lease, runner))     # in the duty of a shard of hosts
    tasks.create_task(answers.of_topics(lease, outbox))    # in that of a shard of topics

A question that is being answered when the lease ends is answered by nobody, and whoever asked is told so by the time;
but for one that lasts, which the next holder takes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from watcher.background.loop import BackgroundLoop
from watcher.errors import StoreError
from watcher.outbox.control import OutboxControl
from watcher.runtime.answering import answer_of_outbox, answer_of_watches
from watcher.runtime.workers.held_hosts import HeldLease
from watcher.store.cluster.requests import MOST_ANSWER_BYTES, RequestStore, TakenRequest
from watcher.watching.cluster_questions import read_question, written_answer
from watcher.watching.questions import Answer, AskOfOutbox, AskToAccept, AskToCheck, AskToPause, Question
from watcher.watching.runner import Runner

POLL_SECONDS: Final = 3.0
"""So often is looked for what was not heard."""
RETRY_SECONDS: Final = 10.0
"""Of a lasting question that could not be carried out."""
_FORGET_SECONDS: Final = 60.0
_Answering: TypeAlias = Callable[[Question], Awaitable[Answer]]
_log = logging.getLogger(__name__)


class NotHereError(Exception):
    """The watch of a lasting question is not among those of this shard."""


class ShardAnswers:
    """Answers what is asked of the leases of this process. Used from one event loop, while `run` does."""

    def __init__(
        self, requests: RequestStore, *, poll_seconds: float = POLL_SECONDS, retry_seconds: float = RETRY_SECONDS
    ) -> None:
        """
        Args:
            poll_seconds: between two looks for questions that were not heard.
            retry_seconds: until a lasting question is tried again that could not be carried out.
        """
        self._requests = requests
        self._poll_seconds = poll_seconds
        self._retry_seconds = retry_seconds
        self._asked: dict[str, asyncio.Event] = {}
        self._forgets_at = 0.0
        self.loop = BackgroundLoop("answers what is asked of this worker", longest_wait=poll_seconds)

    async def run(self) -> None:
        """Look for questions, until cancelled."""
        await self.loop.run(self._turn)

    def heard(self, lease: str) -> None:
        """Something is asked of a lease, of this process or another (`requests.CHANNEL`)."""
        if (asked := self._asked.get(lease)) is not None:
            asked.set()

    async def of_hosts(self, lease: HeldLease, runner: Runner) -> None:
        """Answer what is asked of a shard of hosts, until cancelled."""

        async def answer(question: Question) -> Answer:
            match question:
                case AskToAccept() if question.watch not in runner.watches:
                    raise NotHereError(question.watch)
                case AskToCheck() | AskToPause() | AskToAccept():
                    return await answer_of_watches(runner, question)
                case _:
                    return Answer(defect=f"{lease.name} was asked what it cannot know")

        await self._of(lease, answer)

    async def of_topics(self, lease: HeldLease, outbox: OutboxControl) -> None:
        """Answer what is asked of a shard of topics, until cancelled."""

        async def answer(question: Question) -> Answer:
            match question:
                case AskOfOutbox():
                    return await answer_of_outbox(outbox, question)
                case _:
                    return Answer(defect=f"{lease.name} was asked what it cannot know")

        await self._of(lease, answer)

    async def _turn(self) -> float:
        if not self._asked:
            return self._poll_seconds
        for lease in await self._requests.asked_of(sorted(self._asked)):
            self.heard(lease)
        if (now := asyncio.get_running_loop().time()) > self._forgets_at:
            self._forgets_at = now + _FORGET_SECONDS
            await self._requests.forget()
        return self._poll_seconds

    async def _of(self, lease: HeldLease, answer: _Answering) -> None:
        asked = self._asked[lease.name] = asyncio.Event()
        asked.set()
        lasting: set[int] = set()
        try:
            async with asyncio.TaskGroup() as answers:
                while True:
                    await asked.wait()
                    asked.clear()
                    for taken in await self._take(lease, lasting):
                        if taken.is_lasting:
                            lasting.add(taken.number)
                            answers.create_task(self._carry_out(taken, answer, lasting))
                        else:
                            answers.create_task(self._answer(taken, answer))
        finally:
            del self._asked[lease.name]

    async def _take(self, lease: HeldLease, lasting: set[int]) -> list[TakenRequest]:
        """Return what is to be answered; what is left is seen again by the next look."""
        try:
            return list(await self._requests.take(lease.name, lease.fence, known=lasting))
        except StoreError as error:
            _log.warning("what is asked of %s cannot be read: %s", lease.name, error)
            return []

    async def _answer(self, taken: TakenRequest, answer: _Answering) -> None:
        try:
            said = await _said(taken, answer)
        except StoreError as error:
            _log.warning("what was asked for cannot be saved: %s", error)
            said = Answer(defect=f"{error}; ask again")
        except Exception as error:
            _log.exception("a defect in watcher: a question was not answered")
            said = Answer(defect=type(error).__name__)
        try:
            await self._requests.answer(taken.number, _bounded(said))
        except StoreError as error:
            _log.warning("a question cannot be answered: %s", error)

    async def _carry_out(self, taken: TakenRequest, answer: _Answering, lasting: set[int]) -> None:
        try:
            await self._requests.answer(taken.number, _bounded(await _said(taken, answer)))
        except NotHereError as error:
            await self._hand_on(taken, str(error))
        except StoreError as error:
            _log.error("what was asked for cannot be saved, and is tried again: %s", error)
            await asyncio.sleep(self._retry_seconds)
        except Exception:
            _log.exception("a defect in watcher: what was asked for was not done, and is tried again")
            await asyncio.sleep(self._retry_seconds)
        finally:
            lasting.discard(taken.number)

    async def _hand_on(self, taken: TakenRequest, watch: str) -> None:
        """Let whoever has the watch by now take the question; where nobody watches it any more, it is answered."""
        try:
            if not await self._requests.hand_on(taken.number, watch):
                await self._requests.answer(taken.number, written_answer(Answer()))
        except StoreError as error:
            _log.warning("a question cannot be handed on: %s", error)
        await asyncio.sleep(self._retry_seconds)  # it may be ours all the same, and the watch not known yet


async def _said(taken: TakenRequest, answer: _Answering) -> Answer:
    question = read_question(taken.question)
    return Answer(defect="it is of another version") if question is None else await answer(question)


def _bounded(answer: Answer) -> str:
    said = written_answer(answer)
    if len(said.encode()) <= MOST_ANSWER_BYTES:
        return said
    return written_answer(Answer(defect="the answer is too long; ask of fewer at once"))
