"""
Hears the wake-ups of other processes (LISTEN), over a connection of its own to PostgreSQL itself.

What was said while the connection was lost is not said again: so everybody is woken when it is there again, and from
time to time until then. Who is woken looks into the database, so a needless wake-up does no harm.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from psycopg import AsyncConnection, Error, sql

from watcher.store.cluster.wakeups import ids_in
from watcher.store.push.postgresql import NETWORK, conninfo_of, parse, said

OnIds: TypeAlias = Callable[[Sequence[int] | None], None]
"""Told who has something new; None: perhaps everybody."""
POLL_SECONDS: Final = 5.0
"""So often everybody is woken while nothing can be heard."""
_SILENT_SECONDS: Final = 30.0
"""After so long it is asked whether the connection is still there."""
_ANSWER_SECONDS: Final = 10.0
_FIRST_PAUSE_SECONDS: Final = 0.1
_CONNECTION: Final[Mapping[str, Any]] = {"application_name": "watcher wake-ups", **NETWORK}
_log = logging.getLogger(__name__)


class WakeupListener:
    """Listens for ever (`run`). Used from one event loop."""

    def __init__(self, url: str, *, poll_seconds: float = POLL_SECONDS) -> None:
        """
        `url`: of PostgreSQL itself, for a pooler by transactions does not hand on what is said.

        Raises ConfigError: it names no database.
        """
        self._conninfo = conninfo_of(parse(url))
        self._poll_seconds = poll_seconds
        self._pause_seconds = _FIRST_PAUSE_SECONDS
        self._told: dict[str, OnIds] = {}

    def listen(self, channel: str, on_ids: OnIds) -> None:
        """Call `on_ids` for each wake-up on this channel; to be said before `run`."""
        self._told[channel] = on_ids

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                await self._hear()
            except (Error, TimeoutError) as error:
                _log.warning("wake-ups of other processes are not heard, trying again: %s", said(error))
            self._wake_all()
            await asyncio.sleep(self._pause_seconds)
            self._pause_seconds = min(2 * self._pause_seconds, self._poll_seconds)

    async def _hear(self) -> None:
        """Hand on what is said, for as long as the connection lasts. Raises psycopg.Error, TimeoutError."""
        async with asyncio.timeout(_ANSWER_SECONDS):
            connection = await AsyncConnection.connect(self._conninfo, autocommit=True, **_CONNECTION)
        async with connection:
            for channel in self._told:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            self._pause_seconds = _FIRST_PAUSE_SECONDS
            self._wake_all()
            while True:
                async for notice in connection.notifies(timeout=_SILENT_SECONDS):
                    self._told[notice.channel](ids_in(notice.payload))
                async with asyncio.timeout(_ANSWER_SECONDS):
                    await connection.execute("SELECT 1")

    def _wake_all(self) -> None:
        for on_ids in self._told.values():
            on_ids(None)
