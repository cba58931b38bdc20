"""
Names to addresses, without letting dead names stop the living.

getaddrinfo blocks a thread for half a minute when no name server answers, and cannot be cut short. So:
- each lookup has a thread of its own, at most 100 at a time, and its caller waits 10 s at most;
- a name that failed last time waits for one of 20 places of its own, so 50 dead names leave the 100 free;
- who got no place in time has learned nothing of his name, which stays as trusted as it was;
- the threads are daemons: a hung lookup does not hold up the end of the process, as a pool's would.
getaddrinfo and not c-ares, because it knows what the machine knows: /etc/hosts, mDNS, nsswitch.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeAlias

from aiohttp.abc import AbstractResolver, ResolveResult

from watcher.net.guard import denied

AddressInfo: TypeAlias = tuple[
    socket.AddressFamily, socket.SocketKind, int, str, tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]
]
LookUp: TypeAlias = Callable[..., Sequence[AddressInfo]]
"""`socket.getaddrinfo`, or what stands in for it."""

LOOKUP_SECONDS = 10.0
_PLACES = 100
_DOUBTFUL_PLACES = 20
_MAX_DOUBTFUL_NAMES = 10_000


class Resolver(AbstractResolver):
    """Looks names up for one connector, and keeps only the addresses that it may connect to."""

    def __init__(
        self,
        *,
        is_allowed: Callable[[str], bool],
        look_up: LookUp = socket.getaddrinfo,
        lookup_seconds: float = LOOKUP_SECONDS,
    ) -> None:
        self._is_allowed = is_allowed
        self._look_up = look_up
        self._lookup_seconds = lookup_seconds
        self._places = asyncio.Semaphore(_PLACES)
        self._doubtful_places = asyncio.Semaphore(_DOUBTFUL_PLACES)
        self._doubtful: set[str] = set()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """
        Return the host's allowed addresses, never an empty list.

        Raises:
            AddressDeniedError: it has addresses, and none is allowed.
            socket.gaierror: it has none, or nobody answered in time (EAI_AGAIN).
        """
        answer = await self._answer(host, port, family)
        allowed = [result for result in answer if self._is_allowed(result["host"])]
        if not allowed:
            raise denied(f"{host} is {answer[0]['host']}")
        return allowed

    async def _answer(self, host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
        places = self._doubtful_places if host in self._doubtful else self._places
        try:
            async with asyncio.timeout(self._lookup_seconds):
                await places.acquire()
                infos = await self._looked_up(places, host, port, family)
        except TimeoutError as error:
            raise socket.gaierror(socket.EAI_AGAIN, f"no answer within {self._lookup_seconds:g} s") from error
        answer = [_result(host, port, info) for info in infos if info[0] in (socket.AF_INET, socket.AF_INET6)]
        if not answer:
            raise socket.gaierror(socket.EAI_NONAME, "the name has no address")
        return answer

    async def _looked_up(
        self, places: asyncio.Semaphore, host: str, port: int, family: socket.AddressFamily
    ) -> Sequence[AddressInfo]:
        try:
            infos = await self._in_thread(places, host, port, family)
        except BaseException:  # also of a caller who had enough: its thread hangs on
            self._doubt(host)
            raise
        self._doubtful.discard(host)
        return infos

    def _in_thread(
        self, places: asyncio.Semaphore, host: str, port: int, family: socket.AddressFamily
    ) -> asyncio.Future[Sequence[AddressInfo]]:
        """Start a lookup; its place is given back when its thread is done, not when its caller has left."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Sequence[AddressInfo]] = loop.create_future()

        def settle(outcome: Sequence[AddressInfo] | Exception) -> None:
            places.release()
            if future.done():
                return
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

        def run() -> None:
            outcome: Sequence[AddressInfo] | Exception
            try:
                outcome = self._look_up(host, port, family=family, type=socket.SOCK_STREAM)
            except Exception as error:  # whatever it is goes to the caller, and the place is given back
                outcome = error
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(settle, outcome)

        try:
            threading.Thread(target=run, name=f"dns {host}", daemon=True).start()
        except RuntimeError as error:  # the machine has no thread left
            places.release()
            raise socket.gaierror(socket.EAI_AGAIN, str(error)) from error
        return future

    def _doubt(self, host: str) -> None:
        if len(self._doubtful) >= _MAX_DOUBTFUL_NAMES:
            self._doubtful.clear()
        self._doubtful.add(host)

    async def close(self) -> None:
        """Nothing to let go of: threads that still run end by themselves."""


def _result(host: str, port: int, info: AddressInfo) -> ResolveResult:
    family, _, protocol, _, address = info
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return ResolveResult(
        hostname=host, host=str(address[0]), port=port, family=family, proto=protocol, flags=int(flags)
    )
