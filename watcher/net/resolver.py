"""
Names to addresses, without letting dead names stop the living.

getaddrinfo blocks a thread for half a minute when no name server answers, and cannot be cut short. So:
- each lookup has a thread of its own, at most 100 at a time, and its caller waits 10 s at most;
- a name that failed last time waits for one of 20 places of its own, so 50 dead names leave the 100 free;
- where the process may open few files there are fewer places of both kinds, for each lookup takes some;
- who got no place in time has learned nothing of his name, which stays as trusted as it was;
- the threads are daemons: a hung lookup does not hold up the end of the process, as a pool's would.
getaddrinfo and not c-ares, because it knows what the machine knows: /etc/hosts, mDNS, nsswitch.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeAlias

from aiohttp.abc import AbstractResolver, ResolveResult

from watcher.core.files import is_out_of_files
from watcher.core.wording import worded
from watcher.net.guard import denied

AddressInfo: TypeAlias = tuple[
    socket.AddressFamily, socket.SocketKind, int, str, tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]
]
LookUp: TypeAlias = Callable[..., Sequence[AddressInfo]]
"""`socket.getaddrinfo`, or what stands in for it."""

LOOKUP_SECONDS = 10.0
LOOKUPS = 120
"""At a time, where nobody says otherwise: 100, and 20 of names that failed."""
_MAX_DOUBTFUL_NAMES = 10_000


class Places:
    """Room for lookups, of some resolvers together: a sixth of it is for names that failed last time."""

    def __init__(self, most: int = LOOKUPS) -> None:
        doubtful = max(1, most // 6)
        self.good = asyncio.Semaphore(max(1, most - doubtful))
        self.doubtful = asyncio.Semaphore(doubtful)


class Resolver(AbstractResolver):
    """Looks names up for one connector, and keeps only the addresses that it may connect to."""

    def __init__(
        self,
        *,
        is_allowed: Callable[[str], bool],
        look_up: LookUp = socket.getaddrinfo,
        lookup_seconds: float = LOOKUP_SECONDS,
        places: Places | None = None,
    ) -> None:
        self._is_allowed = is_allowed
        self._look_up = look_up
        self._lookup_seconds = lookup_seconds
        self._places = places or Places()
        self._doubtful: set[str] = set()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """
        Return the host's allowed addresses, never an empty list.

        Raises:
            AddressDeniedError: it has addresses, and none is allowed.
            socket.gaierror: it has none, or nobody answered in time (EAI_AGAIN).
            OSError: this process can open no more files (EMFILE, ENFILE), so nothing was asked.
        """
        answer = await self._answer(host, port, family)
        allowed = [result for result in answer if self._is_allowed(result["host"])]
        if not allowed:
            raise denied(worded("error_host_is", "{host} is {address}", host=host, address=answer[0]["host"]))
        return allowed

    async def _answer(self, host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
        places = self._places.doubtful if host in self._doubtful else self._places.good
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
        except BaseException as error:  # also of a caller who had enough: its thread hangs on
            if not is_out_of_files(error):
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
                outcome = _own_fault() or error
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


def _own_fault() -> OSError | None:
    """Return the system's refusal to open one more file, if it refuses: to a lookup that is a server's silence."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
    except OSError as error:
        return error if is_out_of_files(error) else None
    return None


def _result(host: str, port: int, info: AddressInfo) -> ResolveResult:
    family, _, protocol, _, address = info
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return ResolveResult(
        hostname=host, host=str(address[0]), port=port, family=family, proto=protocol, flags=int(flags)
    )
