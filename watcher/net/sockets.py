"""
How many outbound sockets there may be: aiohttp counts those in use, and keeps as many idle ones as there are hosts.

| of `most` sockets | are                                                                                   |
|-------------------|---------------------------------------------------------------------------------------|
| half              | in use, 256 at most (`at_once`): callers keep to it, a connector lets others wait     |
| the rest (`kept`) | open after a request: with more than these, the longest idle is closed                |

A host with many addresses has several sockets tried side by side (RFC 8305). Beyond `most` these close idle ones, and
where there are none fail as the system's own refusal would, with EMFILE.

Which is idle is followed from half of `kept` on: most watchers ask fewer hosts, and pay nothing.

Written against aiohttp 3.14, by what it names in public: `TCPConnector.connect`, `socket_factory`, and of a
`Connection` its `transport` and `add_callback`, which is called when it is released or closed.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Final

from aiohttp import ClientRequest, ClientTimeout, TCPConnector
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

MOST: Final = 1_000
"""Where nobody says otherwise."""
_MOST_AT_ONCE: Final = 256


class CountedSocket(socket.socket):
    """A socket that tells when its descriptor is closed: by asyncio, or by uvloop, who takes it away."""

    note_closed: Callable[[], None] | None = None

    def close(self) -> None:
        """Close it; again is no error."""
        self._note_closed()
        super().close()

    def detach(self) -> int:
        """Give the descriptor away, to be closed."""
        self._note_closed()
        return super().detach()

    def _note_closed(self) -> None:
        if self.note_closed is not None:
            note_closed, self.note_closed = self.note_closed, None
            note_closed()


class SocketBudget:
    """
    The outbound sockets of some connectors together. Used from one event loop.

    Attributes:
        at_once: how many may be in use.
        open: how many there are, those included that are being connected.
        followed_from: so many open, it is followed which are idle.
    """

    def __init__(self, most: int = MOST) -> None:
        self.at_once = max(1, min(_MOST_AT_ONCE, most // 2))
        self.open = 0
        self._most = most
        self._kept = most - self.at_once
        self.followed_from = self._kept // 2
        self._idle: OrderedDict[int, asyncio.Transport] = OrderedDict()
        """by descriptor, the longest idle first"""

    async def follow(self, connecting: Coroutine[Any, Any, Connection]) -> Connection:
        """Return the connection, whose socket is known as idle once it is released."""
        connection = await connecting
        transport = connection.transport
        descriptor = -1 if transport is None else _descriptor(transport)
        self._idle.pop(descriptor, None)
        connection.add_callback(partial(self._released, descriptor, transport))
        return connection

    def note_made(self, made: CountedSocket) -> None:
        """Count a socket until it is closed."""
        self.open += 1
        made.note_closed = partial(self._closed, made.fileno())

    def make_room(self) -> None:
        """Close the longest idle socket where one more would be too many. Raises OSError (EMFILE): there is none."""
        if self.open >= self._most and not self._close_longest_idle():
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    def _released(self, descriptor: int, transport: asyncio.Transport | None) -> None:
        if transport is None or transport.is_closing():
            return
        self._idle[descriptor] = transport
        if self.open > self._kept:
            self._close_longest_idle()

    def _closed(self, descriptor: int) -> None:
        self.open -= 1
        self._idle.pop(descriptor, None)

    def _close_longest_idle(self) -> bool:
        if not self._idle:
            return False
        _, transport = self._idle.popitem(last=False)
        # At once, without TLS' farewell: nobody waits for it. aiohttp drops by itself a connection that was lost.
        transport.abort()
        return True


class BudgetedConnector(TCPConnector):
    """A connector whose sockets are within a budget."""

    def __init__(self, budget: SocketBudget, **options: Any) -> None:
        """`options`: of TCPConnector; its `socket_factory` makes room and notes each socket."""
        super().__init__(limit=budget.at_once, **options)
        self._budget = budget

    def connect(
        self, req: ClientRequest, traces: list[Trace], timeout: ClientTimeout
    ) -> Coroutine[Any, Any, Connection]:
        """Return a connection, kept or new."""
        connecting = super().connect(req, traces, timeout)
        return connecting if self._budget.open < self._budget.followed_from else self._budget.follow(connecting)


def _descriptor(transport: asyncio.Transport) -> int:
    found = transport.get_extra_info("socket")
    return -1 if found is None else int(found.fileno())
