"""The guard at the socket: what we connect to on a stranger's word is public, as `core/addresses.py` says."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from aiohttp import AddrInfoType, SocketFactoryType

from watcher.core.addresses import is_public
from watcher.core.wording import worded
from watcher.errors import AddressDeniedError
from watcher.net.sockets import CountedSocket, SocketBudget

if TYPE_CHECKING:
    from typing_extensions import Buffer

_SIP_BYTES: Final = 65_536
"""
What is read at once. asyncio would take 256 KB, in which a server can put 10,000 heads of interim answers: aiohttp
takes them apart without a pause, and whatever else the loop has to do waits a tenth of a second, again and again.
"""


def denied(target: str) -> AddressDeniedError:
    """Return the error for a target that the guard refuses; `target` says what it is or resolves to."""
    return AddressDeniedError(
        worded(
            "error_denied",
            "{target}, which is not a public address (for a page of your own: `allow_private: true`)",
            target=target,
        )
    )


def guarded_sockets(
    is_allowed: Callable[[str], bool] = is_public, budget: SocketBudget | None = None
) -> SocketFactoryType:
    """
    Return a maker of sockets for `TCPConnector(socket_factory=…)` that refuses before anything is sent.

    It sees every address that is really connected to: literal ones, which no resolver sees, DNS answers,
    redirects and rebinding. It does not see a connection that is reused.

    The error passes through aiohttp as it is when one address is tried, as for a literal. With several,
    aiohappyeyeballs swallows it: `Resolver` takes denied addresses out of an answer before it comes here.

    Args:
        budget: of which each socket is a part; None: they are not counted.
    """

    def make_socket(target: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = target
        if not is_allowed(str(address[0])):
            raise denied(worded("error_target", "the target is {address}", address=address[0]))
        if budget is not None:
            budget.make_room()
        made = _SippingSocket(family=family, type=kind, proto=protocol)
        if budget is not None:
            budget.note_made(made)
        if not _reads_sockets():
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SIP_BYTES)
        return made

    return make_socket


def _reads_sockets() -> bool:
    """Return whether the loop asks the socket to read, as asyncio does; uvloop takes what the descriptor has."""
    try:
        return isinstance(asyncio.get_running_loop(), asyncio.SelectorEventLoop)
    except RuntimeError:
        return True


class _SippingSocket(CountedSocket):
    """A socket that is read in small pieces, however much is asked for."""

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        return super().recv(min(bufsize, _SIP_BYTES), flags)

    def recv_into(self, buffer: Buffer, nbytes: int = 0, flags: int = 0) -> int:
        return super().recv_into(buffer, min(nbytes or len(memoryview(buffer)), _SIP_BYTES), flags)
