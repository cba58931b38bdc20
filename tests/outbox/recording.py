"""A clock that a test turns, and a publisher that remembers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from tests.core.builders import NOON
from watcher.core.check import OutboxMessage
from watcher.errors import PublishError

BOUND_SECONDS = 60
"""How long a test waits for what must happen at once."""


class Clock:
    """A wall clock, and one in seconds, that move only when they are turned."""

    def __init__(self, at: datetime = NOON) -> None:
        self._start = at
        self._at = at

    def now(self) -> datetime:
        return self._at

    def seconds(self) -> float:
        return (self._at - self._start).total_seconds()

    def turn(self, seconds: float) -> None:
        self._at += timedelta(seconds=seconds)


class RecordingPublisher:
    """Takes every message but those that `answer` gives an error for, and remembers each attempt."""

    batch = 50

    def __init__(self, answer: Callable[[OutboxMessage], PublishError | None] = lambda _: None) -> None:
        self.answer = answer
        self.batches: list[Sequence[OutboxMessage]] = []
        self.attempts: list[OutboxMessage] = []
        self.taken: list[OutboxMessage] = []
        self._changed = asyncio.Condition()

    async def publish(self, messages: Sequence[OutboxMessage]) -> Sequence[PublishError | None]:
        answers = [self.answer(message) for message in messages]
        async with self._changed:
            self.batches.append(messages)
            self.attempts += messages
            self.taken += [message for message, error in zip(messages, answers, strict=True) if error is None]
            self._changed.notify_all()
        return answers

    async def until_attempts(self, number: int) -> None:
        """Return when so many attempts were made."""
        async with asyncio.timeout(BOUND_SECONDS), self._changed:
            await self._changed.wait_for(lambda: len(self.attempts) >= number)

    @property
    def summaries(self) -> list[str]:
        """What was taken, in order."""
        return [message.summary for message in self.taken]
