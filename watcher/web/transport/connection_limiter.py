"""
How many connections there may be, and how they come in: aiohttp counts nothing.

They are counted where they are accepted, before a handshake, and until their descriptor is closed, whoever has taken
them over meanwhile. Over the limit the newcomer is closed at once. We accept ourselves, since uvloop would not ask, and
takes one each time that it has looked at all others, so that who comes after a crowd waits for all of it.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import time
from collections import Counter
from collections.abc import Callable, Collection, Coroutine
from typing import Final

from watcher.core.files import ADVICE, is_out_of_files
from watcher.net.sockets import CountedSocket
from watcher.web.transport.proxies import Network, household_of, is_trusted, read_address

BACKLOG: Final = 512
"""Connections that wait to be accepted; a message to thousands brings their phones back at once."""
RECEIVED_BYTES: Final = 32_768
"""What the system keeps of what a client sent (Linux: twice that), and so what we may have to take in one piece, of
everybody at once. A body that has room for more than this gets more: `bodies`."""
_LOG_SECONDS: Final = 60.0
_RETRY_SECONDS: Final = 1.0
_NO_ROOM: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_log = logging.getLogger(__name__)


class ConnectionCount:
    """Counts the connections that are open, and says whether one more may be."""

    def __init__(
        self,
        *,
        most: int,
        most_of_one: int,
        trusted: Collection[Network] = (),
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        Args:
            most_of_one: of one address, or of one /64 of IPv6.
            trusted: proxies, for whom `most_of_one` does not count.
            seconds: a monotonic clock.
        """
        self.open = 0
        self._most, self._most_of_one = most, most_of_one
        self._trusted = trusted
        self._seconds = seconds
        self._of_one: Counter[str] = Counter()
        self._refused = 0
        self._logged_at: float | None = None

    def try_add(self, peer: str) -> bool:
        """Count one connection more of this address; False: there is no room for it."""
        who = household_of(peer)
        if self.open >= self._most:
            self._note_refusal(f"{self._most} connections are open")
            return False
        if self._of_one[who] >= self._most_of_one and not self._is_proxy(peer):
            self._note_refusal(f"{self._most_of_one} connections of {who} are open")
            return False
        self.open += 1
        self._of_one[who] += 1
        return True

    def remove(self, peer: str) -> None:
        """Count one less."""
        who = household_of(peer)
        self.open -= 1
        self._of_one[who] -= 1
        if not self._of_one[who]:
            del self._of_one[who]

    def _is_proxy(self, peer: str) -> bool:
        address = read_address(peer)
        return address is not None and is_trusted(address, self._trusted)

    def _note_refusal(self, why: str) -> None:
        """Say it once a minute, for it may happen thousands of times in one."""
        self._refused += 1
        now = self._seconds()
        if self._logged_at is None or now - self._logged_at >= _LOG_SECONDS:
            _log.warning("refused %d connections, the last because %s", self._refused, why)
            self._refused, self._logged_at = 0, now


class ConnectionLimiter:
    """A listening socket that closes at once what comes over the limits."""

    def __init__(
        self,
        listening: socket.socket,
        count: ConnectionCount,
        let_in: Callable[[socket.socket], Coroutine[None, None, object]],
        *,
        retry_seconds: float = _RETRY_SECONDS,
    ) -> None:
        """
        Args:
            listening: is this one's from now on.
            let_in: makes a connection of an accepted socket, which is its own then. It may raise OSError.
            retry_seconds: until it accepts again, when the system had no room for a connection.
        """
        self._listening = listening
        self._count = count
        self._let_in = let_in
        self._retry_seconds = retry_seconds
        self._loop = asyncio.get_running_loop()
        self._arrivals: set[asyncio.Task[None]] = set()
        self._retry: asyncio.TimerHandle | None = None
        self._noted_at: float | None = None

    def open(self) -> None:
        """Let in whoever comes, until `close`."""
        self._listening.setblocking(False)
        self._listening.listen(BACKLOG)
        self._begin()

    def close(self) -> None:
        """Let in nobody more; who is in may stay, and who still shakes hands may go on with that."""
        if self._retry is not None:
            self._retry.cancel()
        self._loop.remove_reader(self._listening)
        self._listening.close()

    def _begin(self) -> None:
        self._retry = None
        self._loop.add_reader(self._listening, self._accept_all)

    def _accept_all(self) -> None:
        """Accept all who wait, as many as may wait at most."""
        for _ in range(BACKLOG):
            try:
                self._accept()
            except (BlockingIOError, ConnectionAbortedError):  # nobody waits, or no longer
                return
            except OSError as error:
                if error.errno not in _NO_ROOM:
                    raise
                self._note_no_room(error)
                self._loop.remove_reader(self._listening)
                self._retry = self._loop.call_later(self._retry_seconds, self._begin)
                return

    def _note_no_room(self, error: OSError) -> None:
        """Say it once a minute, for it is tried again each second."""
        now = self._loop.time()
        if self._noted_at is not None and now - self._noted_at < _LOG_SECONDS:
            return
        self._noted_at = now
        advice = f"; {ADVICE}" if is_out_of_files(error) else ""
        _log.warning("no connection can be accepted, %s; tried again in a second%s", error.strerror, advice)

    def _accept(self) -> None:
        plain, address = self._listening.accept()
        peer = str(address[0])
        if not self._count.try_add(peer):
            plain.close()
            return
        accepted = CountedSocket(plain.family, plain.type, plain.proto, fileno=plain.detach())
        accepted.note_closed = lambda: self._count.remove(peer)
        accepted.setblocking(False)
        accepted.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVED_BYTES)
        arrival = self._loop.create_task(self._arrive(accepted))
        self._arrivals.add(arrival)
        arrival.add_done_callback(self._arrivals.discard)

    async def _arrive(self, accepted: socket.socket) -> None:
        try:
            await self._let_in(accepted)
        except OSError as error:  # a handshake that failed, or took too long: theirs alone
            _log.debug("a connection was not made: %s", error)
