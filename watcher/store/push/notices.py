"""
Wake-ups of other processes: who there has something new, told with the commit that made it (NOTIFY).

Each kind has a channel. A payload names ids with commas between. It is shorter than 8,000 bytes, as PostgreSQL asks, so
many ids take several; of a great many none is named: a payload that is empty wakes everybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from sqlalchemy import Connection, text

from watcher.core.wakeups import Wakeup, Woken

_PREFIX: Final = "watcher_"
CHANNELS: Final = tuple(f"{_PREFIX}{kind}" for kind in Wakeup)
ALL: Final = ""
_PAYLOAD_BYTES: Final = 7_999
"""postgresql.org/docs/current/sql-notify.html"""
_MOST_PAYLOADS: Final = 8
_NOTIFY: Final = text(
    "SELECT pg_notify(channel, payload) "
    "FROM unnest(CAST(:channels AS text[]), CAST(:payloads AS text[])) AS notice (channel, payload)"
)


def notify(connection: Connection, woken: Woken) -> None:
    """
    Wake these in all processes that listen, this one too, when this transaction is committed; none, nobody.

    The database is asked in any case: by that a connection that was lost is noticed before the commit.
    """
    notices = [(f"{_PREFIX}{kind}", payload) for kind, ids in woken.items() for payload in _payloads_of(ids)]
    given = {"channels": [channel for channel, _ in notices], "payloads": [payload for _, payload in notices]}
    connection.execute(_NOTIFY, given)


def heard(channel: str, payload: str) -> Woken:
    """Return whom a notice on one of `CHANNELS` wakes."""
    return {Wakeup(channel.removeprefix(_PREFIX)): ids_in(payload)}


def payloads(ids: Sequence[int]) -> Sequence[str]:
    """Return what is sent for these ids."""
    made: list[str] = []
    for payload in _joined(ids):
        if len(made) == _MOST_PAYLOADS:
            return [ALL]
        made.append(payload)
    return made


def ids_in(payload: str) -> Sequence[int] | None:
    """Return whom a payload wakes; None: everybody, also where it is none of ours."""
    try:
        return [int(each) for each in payload.split(",")]
    except ValueError:
        return None


def _payloads_of(ids: Collection[int] | None) -> Sequence[str]:
    return [ALL] if ids is None else payloads(sorted(ids))


def _joined(ids: Sequence[int]) -> Iterator[str]:
    part, length = list[str](), 0
    for each in map(str, ids):
        if part and length + len(each) > _PAYLOAD_BYTES:
            yield ",".join(part)
            part, length = [], 0
        part.append(each)
        length += len(each) + 1
    if part:
        yield ",".join(part)
