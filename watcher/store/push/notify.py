"""
Wake-ups of other processes: who there has something new, told with the commit that made it (NOTIFY).

Each kind has a channel. A payload is `sender:ids`, with commas between the ids. It is shorter than 8,000 bytes, as
PostgreSQL asks, so many ids take several; of a great many none is named: a payload without ids wakes everybody.

The sender is a random name of a process of ours. The number of PostgreSQL's process, which comes with each notice, does
not tell who sent it: another connection has the same number later, soon after a restart in a container.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from sqlalchemy import Connection, text

from watcher.core.wakeups import Wakeup, Woken

_PREFIX: Final = "watcher_"
CHANNELS: Final = tuple(f"{_PREFIX}{kind}" for kind in Wakeup)
ALL: Final = ""
_SENDER_BYTES: Final = 8
_IDS_BYTES: Final = 7_999 - len(f"{bytes(_SENDER_BYTES).hex()}:")
"""Of one payload (postgresql.org/docs/current/sql-notify.html)."""
_MOST_PAYLOADS: Final = 8
_NOTIFY: Final = text(
    "SELECT pg_notify(channel, payload) "
    "FROM unnest(CAST(:channels AS text[]), CAST(:payloads AS text[])) AS notice (channel, payload)"
)


def new_sender() -> str:
    """Return a name for a process that sends notices, which no other one has."""
    return secrets.token_hex(_SENDER_BYTES)


def notify(connection: Connection, woken: Woken, *, sender: str) -> None:
    """
    Wake these in all processes that listen, but for the sender, when this transaction is committed; none, nobody.

    The database is asked in any case: by that a connection that was lost is noticed before the commit.
    """
    notices = [(f"{_PREFIX}{kind}", f"{sender}:{part}") for kind, ids in woken.items() for part in _parts_of(ids)]
    given = {"channels": [channel for channel, _ in notices], "payloads": [payload for _, payload in notices]}
    connection.execute(_NOTIFY, given)


def heard(channel: str, payload: str) -> Woken:
    """Return whom a notice on one of `CHANNELS` wakes."""
    return {Wakeup(channel.removeprefix(_PREFIX)): ids_in(payload)}


def sender_of(payload: str) -> str:
    """Return who sent it; empty where it does not say so."""
    return payload.rpartition(":")[0]


def parts(ids: Sequence[int]) -> Sequence[str]:
    """Return what the payloads for these ids say after their sender."""
    made: list[str] = []
    for part in _joined(ids):
        if len(made) == _MOST_PAYLOADS:
            return [ALL]
        made.append(part)
    return made


def ids_in(payload: str) -> Sequence[int] | None:
    """Return whom a payload wakes; None: everybody, also where it is none of ours."""
    try:
        return [int(each) for each in payload.rpartition(":")[2].split(",")]
    except ValueError:
        return None


def _parts_of(ids: Collection[int] | None) -> Sequence[str]:
    return [ALL] if ids is None else parts(sorted(ids))


def _joined(ids: Sequence[int]) -> Iterator[str]:
    part, length = list[str](), 0
    for each in map(str, ids):
        if part and length + len(each) > _IDS_BYTES:
            yield ",".join(part)
            part, length = [], 0
        part.append(each)
        length += len(each) + 1
    if part:
        yield ",".join(part)
