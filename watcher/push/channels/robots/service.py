"""What a robot's service is: where its robots are posted to, how often, and what its answers mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from yarl import URL

from watcher.core.channels import ChannelName, Notification, Pause, Refused, Retry, SendResult, Sent
from watcher.core.values import Json
from watcher.push.channels.robots.webhook import Robot

_MOST_DIGITS: Final = 10
"""Of a code; one of four thousand would stand in every log line about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to a robot: a POST of JSON."""

    url: URL = field(repr=False)
    body: bytes = field(repr=False)


class Service(Struct, frozen=True, kw_only=True):
    """
    One service that has robots.

    Attributes:
        title: its name, for reasons.
        limits: how many calls of one robot it takes in how many seconds, each of them at once.
        code_keys: where in the answer's body its code may stand.
        call: makes the request for a notification, at this moment: signatures name it.
        understand: returns what a code means, with the answer's own words, which are not repeated.
    """

    name: ChannelName
    title: str
    limits: Sequence[tuple[int, float]]
    code_keys: Sequence[str]
    call: Callable[[Robot, Notification, datetime], Call]
    understand: Callable[[int, str], SendResult]


def read_answer(service: Service, status: int, body: bytes, asked: timedelta | None) -> SendResult:
    """
    Return what an answer means, whatever it is: the code in its body says so, whatever the status is.

    | answer | means |
    |---|---|
    | a code of the service's table | as the table says |
    | 429 | later |
    | 5xx, no answer, what is no answer of the service | later; the whole service rests |
    | any other status | refused, and the operator is told |

    Args:
        asked: Retry-After, if it was there.
    """
    code, words = _code_in(body, service.code_keys)
    if code is not None and (status < 300 or code != 0):
        return service.understand(code, words)
    said = f"{service.title} answered {status}"
    if status == 429:
        return Retry(reason=said, after=asked or timedelta(minutes=1))
    if status >= 500 or 200 <= status < 300:
        return Retry(reason=said if status >= 500 else f"{said}, and no code", after=asked, pause=Pause.LANE)
    return Refused(reason=said, is_alarm=True)


def _code_in(body: bytes, keys: Sequence[str]) -> tuple[int | None, str]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None, ""
    if not isinstance(said, dict):
        return None, ""
    codes = [said[key] for key in keys if type(said.get(key)) is int and len(str(said[key])) <= _MOST_DIGITS]
    words = " ".join(
        word for word in (said.get("errmsg"), said.get("msg"), said.get("message")) if isinstance(word, str)
    )
    return (codes[0] if codes else None), words.lower()


def encoded(body: Json) -> bytes:
    """Return the body of a call: JSON in UTF-8, in which each character takes as few bytes as it can."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


TAKEN: Final = Sent()
