"""
A question to the workers of a cluster: what of it is for whom, and what their answers come to together.

Watches are assigned by host and messages by topic, so one question may be several. When each watch is checked is
asked of nobody: that stands in the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, assert_never

import msgspec
from msgspec.structs import replace

from watcher.core.shards import hosts_lease, topics_lease
from watcher.errors import UnansweredError
from watcher.watching.questions import Answer, AskForLive, AskOfOutbox, AskToAccept, AskToCheck, AskToPause, Question

_encode: Final = msgspec.json.Encoder().encode
_questions: Final = msgspec.json.Decoder(Question)
_answers: Final = msgspec.json.Decoder(Answer)


def split(question: Question, shards: Mapping[str, int]) -> Mapping[str, Question]:
    """
    Return what each lease's holder is asked.

    `shards`: of its watches, or of its messages' topics; what has none is asked of nobody.
    """
    match question:
        case AskForLive():
            return {}
        case AskToCheck() | AskToPause():
            watches = _by_shard(question.watches, shards)
            return {hosts_lease(shard): replace(question, watches=tuple(those)) for shard, those in watches.items()}
        case AskToAccept():
            watches = _by_shard([question.watch], shards)
            return {hosts_lease(shard): question for shard in watches}
        case AskOfOutbox():
            messages = _by_shard(question.messages, shards)
            return {topics_lease(shard): replace(question, messages=tuple(those)) for shard, those in messages.items()}
        case _:
            assert_never(question)


def _by_shard(names: Iterable[str], shards: Mapping[str, int]) -> Mapping[int, list[str]]:
    found = defaultdict[int, list[str]](list)
    for name in names:
        if name in shards:
            found[shards[name]].append(name)
    return found


def joined(answers: Iterable[Answer]) -> Answer:
    """Return what these answers say together."""
    all_ = list(answers)
    return Answer(
        outcomes=tuple(outcome for answer in all_ for outcome in answer.outcomes),
        done=tuple(done for answer in all_ for done in answer.done),
    )


# As they stand in the database


def written_question(question: Question) -> str:
    """Return a question as a text."""
    return _encode(question).decode()


def read_question(text: str) -> Question | None:
    """Return a question; None: it is of another version."""
    try:
        question: Question = _questions.decode(text)
    except (ValueError, RecursionError):
        return None
    return question


def written_answer(answer: Answer) -> str:
    """Return an answer as a text."""
    return _encode(answer).decode()


def read_answer(text: str) -> Answer:
    """Return an answer. Raises UnansweredError: it is of another version, or says that there is none."""
    try:
        answer = _answers.decode(text)
    except (ValueError, RecursionError) as error:
        raise UnansweredError("a worker of another version has answered, and it cannot be read") from error
    if answer.defect:
        raise UnansweredError(f"a worker could not answer: {answer.defect}; its log says more")
    return answer
