"""
Questions to the watcher that runs, as files in its data directory.

A question is a file `requests/ask-…` and its answer a file `requests/answer-…` of the same number, each written aside
and renamed, so it is there whole or not at all. A socket would need no polling, but its path may have 100 characters
alone, and not every disk of a container can have one.
Neither outlives the moment:

| the question | is removed by |
|---|---|
| that is taken | the watcher, before it answers; whoever asks knows by that that it is heard |
| that nobody takes | who asks, after TAKEN_SECONDS; the next watcher, where who asked was killed |

| the answer | is removed by |
|---|---|
| that is read | who asked |
| that nobody waits for any more | the watcher, after KEPT_SECONDS |
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from watcher.errors import StoreError, UnansweredError
from watcher.watching.questions import Answer, Question

POLL_SECONDS: Final = 0.25
TAKEN_SECONDS: Final = 10.0
"""How long a watcher whose event loop is busy may take to see a question."""
KEPT_SECONDS: Final = 600.0
_LOOK_SECONDS: Final = 0.05
_MOST_BYTES: Final = 4_000_000
_ASK: Final = "ask-"
_ANSWER: Final = "answer-"
_UNREADABLE: Final = (ValueError, RecursionError)
"""What msgspec raises; of bytes that are no UTF-8 it is no MsgspecError, which is a ValueError, too."""
_log = logging.getLogger(__name__)

_questions: Final = msgspec.json.Decoder(Question)
_answers: Final = msgspec.json.Decoder(Answer)
_encode: Final = msgspec.json.Encoder().encode


# Who asks


class Asked:
    """A question that was asked."""

    def __init__(self, directory: Path, number: str) -> None:
        self._question = directory / f"{_ASK}{number}"
        self._answer = directory / f"{_ANSWER}{number}"

    @property
    def is_taken(self) -> bool:
        """True when the watcher has seen it."""
        return not self._question.exists()

    def answer(self) -> Answer | None:
        """Return the answer, if there is one. Raises UnansweredError: the watcher could not, or it cannot be read."""
        try:
            answer = _answers.decode(self._answer.read_bytes())
        except OSError:
            return None
        except _UNREADABLE as error:
            raise UnansweredError(
                "the watcher that runs is of another version: its answer cannot be read; start it again"
            ) from error
        if answer.defect:
            raise UnansweredError(f"the watcher that runs could not answer: {answer.defect}; its log says more")
        return answer

    def remove(self) -> None:
        """Remove what is left of it."""
        for file in (self._question, self._answer):
            with suppress(OSError):
                file.unlink()


@contextmanager
def asking(data: Path, question: Question) -> Iterator[Asked]:
    """Ask the watcher of a data directory while the context lasts. Raises StoreError."""
    directory, number = data / "requests", secrets.token_hex(16)
    try:
        directory.mkdir(mode=0o700, exist_ok=True)
        _write(directory / f"{_ASK}{number}", _encode(question))
    except OSError as error:
        raise StoreError(f"cannot write in {directory}: {error.strerror}") from error
    asked = Asked(directory, number)
    try:
        yield asked
    finally:
        asked.remove()


def ask(
    data: Path,
    question: Question,
    *,
    limit_seconds: float,
    holder: Callable[[], str | None],
    taken_seconds: float = TAKEN_SECONDS,
) -> Answer:
    """
    Return what the watcher that runs answers, within so many seconds.

    Args:
        holder: tells which process is the watcher.
        taken_seconds: within which it must have seen the question.

    Raises:
        UnansweredError: it ended, or did not answer in time.
        StoreError: it cannot be asked.
    """
    began, asked_of = time.monotonic(), holder()
    with asking(data, question) as asked:
        while (answer := asked.answer()) is None:
            waited = time.monotonic() - began
            if holder() != asked_of and asked.answer() is None:
                raise UnansweredError("the watcher that ran has ended before it answered; ask again")
            if waited > taken_seconds and not asked.is_taken:
                raise UnansweredError(
                    f"{asked_of} does not take questions: it is still starting, or of another version, or of a user "
                    f"who may not read {data / 'requests'}; ask again in a minute, or start it again"
                )
            if waited > limit_seconds:
                raise UnansweredError(f"{asked_of} did not answer within {limit_seconds:g} s; its log may say why")
            time.sleep(_LOOK_SECONDS)
    return answer


# Who answers


async def answer_questions(data: Path, answer: Callable[[Question], Awaitable[Answer]]) -> None:
    """Answer what commands ask, until cancelled."""
    directory = data / "requests"
    async with asyncio.TaskGroup() as answers:
        while True:
            for number, question in await asyncio.to_thread(_take_all, directory):
                answers.create_task(_answer(directory, number, question, answer))
            await asyncio.sleep(POLL_SECONDS)


def _take_all(directory: Path) -> Sequence[tuple[str, Question]]:
    """Return the questions that are new, and remove them, and what nobody waits for any more."""
    taken = []
    try:
        entries = [entry for entry in os.scandir(directory) if entry.name.lstrip(".").startswith((_ASK, _ANSWER))]
    except OSError:
        return []
    for entry in entries:
        with suppress(OSError, *_UNREADABLE):
            if time.time() - entry.stat().st_mtime > (TAKEN_SECONDS if entry.name.startswith(_ASK) else KEPT_SECONDS):
                os.unlink(entry.path)
            elif entry.name.startswith(_ASK):
                question = _questions.decode(_read(entry.path))
                os.unlink(entry.path)
                taken.append((entry.name.removeprefix(_ASK), question))
    return taken


async def _answer(
    directory: Path, number: str, question: Question, answer: Callable[[Question], Awaitable[Answer]]
) -> None:
    try:
        said = _encode(await answer(question))
    except Exception as error:
        _log.exception("a defect in watcher: a question was not answered")
        said = _encode(Answer(defect=type(error).__name__))
    try:
        await asyncio.to_thread(_write, directory / f"{_ANSWER}{number}", said)
    except OSError as error:
        _log.warning("a question cannot be answered: %s", error)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read(_MOST_BYTES)


def _write(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all; not synced, for it is of the moment. Raises OSError."""
    aside = path.with_name(f".{path.name}")
    try:
        aside.write_bytes(content)
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
