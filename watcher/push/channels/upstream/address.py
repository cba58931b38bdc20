"""
Whom a message goes to there: somebody who follows an application, or all who follow one of its topics.

| an address | is of |
|---|---|
| `UID_…` | somebody who gave the UID here: on the server of the operator's own application |
| `UID_… https://…` | somebody who came with an application from that server |
| `TOPIC_…` | all who follow that topic of an application that moved here, on the server that it came from |
"""

from __future__ import annotations

import re
from typing import Final

from watcher.errors import InvalidRequestError
from watcher.push.channels.asking import Confirmation

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


def moved_address(uid: str, url: str) -> str:
    """Return the address of somebody who came here from the server with this URL."""
    return f"{uid} {url}"


def receiver_of(address: str) -> str:
    """Return whom a stored address is of, as the server knows them: a UID, or `TOPIC_` and a number."""
    return address.partition(" ")[0]


def server_of(address: str) -> str | None:
    """Return the URL of the server that a stored address is on; None: it names none."""
    return address.partition(" ")[2] or None


def topic_address(topic_id: int) -> str:
    """Return the address of all who follow a topic there; no subscriber can give it."""
    return f"TOPIC_{topic_id}"


def receivers_of(address: str) -> dict[str, list[str] | list[int]]:
    """Return a stored address as the API names receivers. Raises InvalidRequestError: it is none."""
    receiver = receiver_of(address)
    if topic := _TOPIC.fullmatch(receiver):
        return {"topicIds": [int(topic[1])]}
    return {"uids": [valid_uid(receiver)]}


CONFIRMATION: Final = Confirmation(is_by_link=False, most_a_day=6, valid=valid_uid, canonical=str, mailbox_of=str)
"""By a code of 6 digits, good for a day."""
