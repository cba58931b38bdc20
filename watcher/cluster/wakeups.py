"""
Hears the wake-ups of other processes (LISTEN), over a connection of its own to PostgreSQL itself.

| | |
|---|---|
| a notice | wakes whom it names, unless this process itself wrote it |
| the connection is lost | everybody is woken, and whoever waits is looked after by polls until it is there again |
| it is there again | everybody is woken, for what was said meanwhile is not said again |

Who is woken looks into the database, so a needless wake-up does no harm.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeAlias

from psycopg import Error, Notify, sql

from watcher.core.wakeups import Woken
from watcher.store.postgresql.connections import NETWORK, AsyncConnection, conninfo_of
from watcher.store.postgresql.errors import said
from watcher.store.postgresql.urls import parse
from watcher.store.push.notify import CHANNELS, heard, sender_of

IsOwn: TypeAlias = Callable[[str], bool]
"""Says whether a sender of notices is this process."""
_LOOK_SECONDS: Final = 1.0
"""So often it is asked whether the connection is still there."""
_ANSWER_SECONDS: Final = 2.0
_FIRST_PAUSE_SECONDS: Final = 0.1
_LONGEST_PAUSE_SECONDS: Final = 5.0
_NO_CHANNELS: Final[Mapping[str, Callable[[], None]]] = MappingProxyType({})
_CONNECTION: Final[Mapping[str, Any]] = {"application_name": "watcher wake-ups", **NETWORK}
_log = logging.getLogger(__name__)


class WaitingForAny(Protocol):
    """Who waits in this process."""

    are_heard: bool

    def wake_all(self) -> None: ...


class Waiting(WaitingForAny, Protocol):
    """Who waits in this process (`store/push/wakeups.py`)."""

    def wake(self, woken: Woken) -> None: ...


class ChannelListener:
    """Listens on channels for ever (`run`). Used from one event loop."""

    def __init__(
        self,
        url: str,
        channels: Iterable[str],
        waiting: WaitingForAny,
        hear: Callable[[str, str], None],
        *,
        look_seconds: float = _LOOK_SECONDS,
    ) -> None:
        """
        Args:
            url: of PostgreSQL itself, for a pooler by transactions does not hand on what is said.
            hear: told the channel and what is said there.
            look_seconds: so often it is asked whether the connection is still there.

        Raises ConfigError: it names no database.
        """
        self._conninfo = conninfo_of(parse(url))
        self._channels = tuple(channels)
        self._waiting = waiting
        self._hear_notice = hear
        self._look_seconds = look_seconds
        self._has_failed = False

    async def run(self) -> None:
        """Listen until cancelled."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                await self._listen()
            except Error as error:
                pause = _FIRST_PAUSE_SECONDS if self._waiting.are_heard else min(2 * pause, _LONGEST_PAUSE_SECONDS)
                self._note_loss(error)
            finally:
                self._waiting.are_heard = False
            self._waiting.wake_all()
            await asyncio.sleep(pause)

    async def _listen(self) -> None:
        """Hand on what is said, for as long as the connection lasts. Raises psycopg.Error."""
        async with await AsyncConnection.connect(self._conninfo, autocommit=True, **_CONNECTION) as connection:
            connection.answer_seconds = _ANSWER_SECONDS
            for channel in self._channels:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            self._note_success()
            self._waiting.wake_all()
            while True:
                await self._hear(connection)

    async def _hear(self, connection: AsyncConnection) -> None:
        """Hand on what is said for a while, and see whether the connection is still there."""
        async for notice in connection.notifies(timeout=self._look_seconds):
            self._hand_on(notice)
            await asyncio.sleep(0)  # who may connect may send a million, and they all come at once
        await connection.execute("SELECT 1")

    def _hand_on(self, notice: Notify) -> None:
        try:
            self._hear_notice(notice.channel, notice.payload)
        except Exception:
            _log.exception("a defect in watcher: a wake-up on %s came to nothing", notice.channel)

    def _note_loss(self, error: BaseException) -> None:
        if not self._has_failed:
            why = said(error)
            _log.warning("wake-ups of other servers are not heard, and looked for until they are: %s", why)
        self._has_failed = True

    def _note_success(self) -> None:
        self._waiting.are_heard = True
        if self._has_failed:
            _log.info("wake-ups of other servers are heard again")
        self._has_failed = False


class WakeupListener(ChannelListener):
    """Listens to what other servers say of the push service, and on other channels. Used from one event loop."""

    def __init__(
        self, url: str, waiting: Waiting, *, is_own: IsOwn, others: Mapping[str, Callable[[], None]] = _NO_CHANNELS
    ) -> None:
        """
        As `ChannelListener` says.

        `others`: by channel, who is woken by whatever is said there, by whomever.
        """

        def hear(channel: str, payload: str) -> None:
            if (wake := others.get(channel)) is not None:
                wake()
            elif not is_own(sender_of(payload)):
                waiting.wake(heard(channel, payload))

        super().__init__(url, (*CHANNELS, *others), _All(waiting, others.values()), hear)


class _All:
    """Who waits for the push service, and those who wait for something else."""

    def __init__(self, waiting: WaitingForAny, others: Iterable[Callable[[], None]]) -> None:
        self._waiting = waiting
        self._others = tuple(others)

    @property
    def are_heard(self) -> bool:
        return self._waiting.are_heard

    @are_heard.setter
    def are_heard(self, are_heard: bool) -> None:
        self._waiting.are_heard = are_heard

    def wake_all(self) -> None:
        """Wake all of both."""
        self._waiting.wake_all()
        for wake in self._others:
            wake()
