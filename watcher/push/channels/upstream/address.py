"""Whom a message goes to there: somebody who follows an application, or all who follow one of its topics."""

from __future__ import annotations

import re
from typing import Final

from watcher.errors import InvalidRequestError

_UID: Final = re.compile(r"UID_[A-Za-z0-9]{1,100}")
_TOPIC: Final = re.compile(r"TOPIC_([1-9][0-9]{0,18})")


def valid_uid(text: str) -> str:
    """
    Return the UID of somebody who follows the application there, without the white space around it.

    Raises:
        InvalidRequestError: it is none.
    """
    if not _UID.fullmatch(text.strip()):
        raise InvalidRequestError("it is UID_ and letters and digits after it", field="uid")
    return text.strip()


def topic_address(topic_id: int) -> str:
    """Return the address of all who follow a topic there; no subscriber can give it."""
    return f"TOPIC_{topic_id}"


def receivers_of(address: str) -> dict[str, list[str] | list[int]]:
    """Return a stored address as the API names receivers. Raises InvalidRequestError: it is none."""
    if topic := _TOPIC.fullmatch(address):
        return {"topicIds": [int(topic[1])]}
    return {"uids": [valid_uid(address)]}
