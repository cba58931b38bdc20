"""
Numbers, tokens and UIDs that another server gave, kept here as they are, so that scripts need another host alone.

| what | form | taken where |
|---|---|---|
| number of an application or a topic | 1 to 1,000,000,000 | another one of its kind has it, a merged topic too |
| token | `AT_` and 32 letters or digits | an application has it, or had it before its last reset |
| UID | `UID_` and 28 letters or digits | a subscriber has it |

A token is kept as a plain hash like our own, so it has to be as long: what is short could be guessed from the hash.
What is made here afterwards goes on above the highest number that was ever there; the bound leaves it room in 32 bits,
which many clients read numbers into.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from watcher.errors import InvalidRequestError, RefusedError
from watcher.push.ids import hash_token

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

MAX_NUMBER: Final = 1_000_000_000
_TOKEN: Final = re.compile(r"AT_[A-Za-z0-9]{32}")
_UID: Final = re.compile(r"UID_[A-Za-z0-9]{28}")


def checked_number(field: str, number: int) -> int:
    """Return the number of an application or a topic. Raises InvalidRequestError."""
    if not 1 <= number <= MAX_NUMBER:
        raise InvalidRequestError(f"{number}; a number is 1 to {MAX_NUMBER:,}", field=field)
    return number


def checked_app_token(field: str, token: str) -> str:
    """Return the token of an application, which an error does not quote. Raises InvalidRequestError."""
    if not _TOKEN.fullmatch(token):
        raise InvalidRequestError("an application's token is AT_ and 32 letters or digits after it", field=field)
    return token


def checked_uid(field: str, uid: str) -> str:
    """Return the UID of a subscriber. Raises InvalidRequestError."""
    if not is_uid(uid):
        raise InvalidRequestError(f"{uid[:64]!r}; a UID is UID_ and 28 letters or digits after it", field=field)
    return uid


def is_uid(text: str) -> bool:
    """Return whether a text is what WxPusher calls a UID."""
    return _UID.fullmatch(text) is not None


def check_free_app(tx: Transaction, app_id: int | None, token: str | None) -> None:
    """Raise RefusedError where an application has this number, or this token."""
    if app_id is not None and (known := tx.apps.of_id(app_id)) is not None:
        raise RefusedError(f"application {app_id} is there already: {known.profile.name}", field="id")
    if token is not None and (owner := tx.apps.with_token_hash(hash_token(token))) is not None:
        raise RefusedError(f"application {owner.id} has this token: {owner.profile.name}", field="token")


def check_free_topic(tx: Transaction, topic_id: int | None) -> None:
    """Raise RefusedError where a topic has this number; of a merged one links and senders still use it."""
    if topic_id is None or not tx.topics.has(topic_id):
        return
    known = tx.topics.of_id(topic_id)
    what = "which was merged into another one" if known is None else known.name
    raise RefusedError(f"topic {topic_id} is there already: {what}", field="id")


def check_free_uid(tx: Transaction, uid: str | None) -> None:
    """Raise RefusedError where a subscriber has this UID."""
    if uid is not None and tx.subscribers.of_uid(uid) is not None:
        raise RefusedError(f"there is a subscriber {uid} already", field="uid")
