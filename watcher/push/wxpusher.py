"""
Another server that speaks WxPusher, as its clients see it: what it answers to a send, and the pace that it takes.

An answer is read to one verdict, of the worst code in it: at the top, else of a target.

    code                            verdict
    1000 everywhere, ≥ 1 target     TAKEN
    1001, the key was used before   TAKEN_BEFORE: by a release of ours that worded it otherwise
    1005, 1001 about …              MALFORMED; TOKEN, TOPIC, CONTENT: it will never be taken
    a target's 1001 未关注          NOT_FOLLOWING
    any, with words of a limit      LIMIT
    any other                       OTHER
    no such envelope                FOREIGN: a proxy or a captive portal spoke
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Struct
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from watcher.core.pace import APP_CALLS, APP_CALLS_PER
from watcher.errors import KeyReusedError

if TYPE_CHECKING:
    from aiohttp import ClientResponse

SEND_PATH: Final = "/api/send/message"
USERS_PATH: Final = "/api/fun/wxuser/v2"
"""Lists who follows the application: it proves the token and changes nothing."""
REMOVE_PATH: Final = "/api/fun/remove"
_MAX_ANSWER_BYTES: Final = 65_536
_LIMIT_WORDS: Final = ("频率", "频繁", "rate limit", "too many", "too often")
_NOT_FOLLOWING_WORDS: Final = ("未关注", "not following")


class AnswerVerdict(Enum):
    """What an answer says of a message."""

    TAKEN = auto()
    TAKEN_BEFORE = auto()
    TOKEN = auto()
    TOPIC = auto()
    CONTENT = auto()
    MALFORMED = auto()
    NOT_FOLLOWING = auto()
    LIMIT = auto()
    OTHER = auto()
    FOREIGN = auto()


class Answer(Struct, frozen=True, kw_only=True):
    """
    An answer that was read.

    Attributes:
        code: the one that decided, None when there is none.
        text: the server's own words for it; hostile, and they may quote what was sent.
    """

    verdict: AnswerVerdict
    code: int | None = None
    text: str = ""


# Four digits are in use; one of four thousand would stand in every log line about it.
_Code = Annotated[int, Field(gt=-1_000_000, lt=1_000_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True)


class _Target(_Strict):
    code: _Code
    status: str | None = None


class _Envelope(_Strict):
    code: _Code
    msg: str | None = None
    data: object = None
    """Targets on success; on failure whatever the server likes."""


_TARGETS: Final = TypeAdapter(list[_Target])
_ABOUT: Final = (
    (AnswerVerdict.TAKEN_BEFORE, (KeyReusedError.TEXT.lower(),)),
    (AnswerVerdict.TOKEN, ("token",)),
    (AnswerVerdict.TOPIC, ("topic", "主题")),
    (AnswerVerdict.CONTENT, ("content", "内容")),
)


def read_answer(body: bytes) -> Answer:
    """Return what the body of a 2xx says. Whatever it is, nothing is raised."""
    try:
        envelope = _Envelope.model_validate(json.loads(body))
        if envelope.code != 1000:
            return _refusal(envelope.code, envelope.msg or "")
        targets = _TARGETS.validate_python(envelope.data)
    except (ValueError, ValidationError, RecursionError):
        return Answer(verdict=AnswerVerdict.FOREIGN, text="the answer is not WxPusher's; is this the push server?")
    if not targets:
        return Answer(verdict=AnswerVerdict.FOREIGN, text="the answer names no target")
    refused = next((target for target in targets if target.code != 1000), None)
    if refused is None:
        return Answer(verdict=AnswerVerdict.TAKEN, code=1000)
    return _refusal_of_target(refused.code, refused.status or "")


def read_listing(body: bytes) -> Answer:
    """Return what the body of a 2xx to a question says, whose data are no targets: code 1000 is TAKEN."""
    try:
        envelope = _Envelope.model_validate(json.loads(body))
    except (ValueError, ValidationError, RecursionError):
        return Answer(verdict=AnswerVerdict.FOREIGN, text="the answer is not WxPusher's; is this the push server?")
    if envelope.code == 1000:
        return Answer(verdict=AnswerVerdict.TAKEN, code=1000)
    return _refusal(envelope.code, envelope.msg or "")


def _refusal_of_target(code: int, text: str) -> Answer:
    if code == 1001 and any(word in text.lower() for word in _NOT_FOLLOWING_WORDS):
        return Answer(verdict=AnswerVerdict.NOT_FOLLOWING, code=code, text=text)
    return _refusal(code, text)


def _refusal(code: int, text: str) -> Answer:
    return Answer(verdict=_verdict(code, text.lower()), code=code, text=text)


def _verdict(code: int, words: str) -> AnswerVerdict:
    # First, for a limit's text may name the content, the topic or the token that it counts.
    if any(word in words for word in _LIMIT_WORDS):
        return AnswerVerdict.LIMIT
    match code:
        case 1005:
            return AnswerVerdict.MALFORMED
        case 1001:
            return next(
                (verdict for verdict, about in _ABOUT if any(word in words for word in about)), AnswerVerdict.OTHER
            )
        case _:
            return AnswerVerdict.OTHER


async def read_body(response: ClientResponse, *, most: int = _MAX_ANSWER_BYTES) -> bytes:
    """Return the answer's body; of one that is too big to be an answer, the beginning."""
    body = bytearray()
    while len(body) <= most and (chunk := await response.content.readany()):
        body += chunk
    return bytes(body[:most])


class Pace:
    """Keeps within WxPusher's own limit, APP_CALLS per APP_CALLS_PER."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        """
        Args:
            seconds: a monotonic clock.
        """
        self._seconds = seconds
        self._calls: deque[float] = deque(maxlen=APP_CALLS)

    def wait_seconds(self) -> float:
        """Return how long the next call has to wait: 0 when it may go now, 10 at most."""
        if len(self._calls) < APP_CALLS:
            return 0.0
        return max(0.0, self._calls[0] + APP_CALLS_PER.total_seconds() - self._seconds())

    def count(self) -> None:
        """Count a call that is made now."""
        self._calls.append(self._seconds())
