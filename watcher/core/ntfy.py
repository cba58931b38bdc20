"""
What ntfy's clients ask for (https://docs.ntfy.sh/subscribe/api/): from where on, and which messages.

| `since`                     | what was handed over             |
|-----------------------------|----------------------------------|
| an id, `m00000000042`       | after the message with it        |
| an id of another server     | ever                             |
| a Unix time, `1635528757`   | since then                       |
| a duration, `10m`, `1h30m`  | in that time                     |
| `all`                       | ever                             |
| `latest`                    | last: one message                |
| `none`                      | nothing of before                |
| nothing                     | `none`; of a poll `all`          |

An id has 12 characters, as ntfy's own have, and is told from a time by its first, which says what is followed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import Enum, StrEnum
from typing import Final, TypeAlias

from msgspec import Struct

from watcher.core.push import Message

MAX_TOPICS: Final = 10
"""That one connection follows."""
_ID: Final = re.compile(r"([mp])([0-9]{11})", re.ASCII)
_FOREIGN_ID: Final = re.compile(r"[A-Za-z0-9]{12}", re.ASCII)
_TIME: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
_DURATION: Final = re.compile(r"\+?((?:[0-9]{1,9}(?:\.[0-9]{0,9})?(?:ns|us|µs|ms|s|m|h))+)")
_PART: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{0,9})?)(ns|us|µs|ms|s|m|h)")
_SECONDS: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_LATEST_TIME: Final = 253_402_300_799
"""The end of the year 9999."""
_LONGEST_SECONDS: Final = 10**9


class Followed(StrEnum):
    """What a connection follows: the letter with which the ids of its messages begin."""

    INBOXES = "m"
    """of subscribers: what was handed over to them, by the number of the delivery"""
    TOPICS = "p"
    """of an application: what was sent to them, by the number of the message"""

    def id_of(self, number: int) -> str:
        """Return the id by which clients know a message: 12 characters."""
        return f"{self}{number:011d}"


class Entry(Struct, frozen=True, kw_only=True):
    """
    A message as it is told to who follows an inbox or a topic.

    Attributes:
        id: of the delivery, or of the message. Those of one subscriber rise in the order in which they were handed
            over, those of all topics in the order in which they were sent.
        of: the subscriber to whom it was handed over, or the topic to which it was sent.
        at: when that was.
    """

    id: int
    of: int
    message: Message
    at: datetime


class AfterId(Struct, frozen=True):
    """After the entry with this id."""

    id: int


class FromTime(Struct, frozen=True):
    """Since then."""

    at: datetime


class SinceWord(Enum):
    """What is asked for in a word."""

    ALL = "all"
    LATEST = "latest"
    NONE = "none"


Since: TypeAlias = AfterId | FromTime | SinceWord


class NoSinceError(ValueError):
    """The text says no time, duration, id, nor a word that is known."""


def parse_since(text: str, followed: Followed, *, is_poll: bool, now: datetime) -> Since:
    """Return what `since` asks for. Raises NoSinceError."""
    if not text:
        return SinceWord.ALL if is_poll else SinceWord.NONE
    if text in {word.value for word in SinceWord}:
        return SinceWord(text)
    if (found := _ID.fullmatch(text)) and found[1] == followed:
        return AfterId(int(found[2]))
    if _TIME.fullmatch(text) and int(text) <= _LATEST_TIME:
        return FromTime(datetime.fromtimestamp(int(text), UTC))
    if _DURATION.fullmatch(text):
        seconds = sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text))
        return FromTime(now - timedelta(seconds=min(seconds, _LONGEST_SECONDS)))
    if _FOREIGN_ID.fullmatch(text):
        return SinceWord.ALL
    raise NoSinceError
