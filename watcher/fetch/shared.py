"""
One fetch for all watches that ask the same at the same time.

Two ask the same when their whole requests and what they know of the page (their validators) are the same. Who comes
first asks; who comes while that is under way, in the queue of the host's lane or on the wire, gets the same answer or
the same error. When the first is called off, the next one asks.
"""

from __future__ import annotations

import asyncio
from copy import copy

from watcher.core.page import NotModified, Response, Validators
from watcher.core.protocols import Fetcher
from watcher.core.watch import Request
from watcher.errors import FetchError


class SharedFetcher:
    """Fetches pages, each once for all who wait for it. See `core.protocols.Fetcher`."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._flights: dict[str, _Flight] = {}

    async def fetch(self, request: Request, validators: Validators) -> Response | NotModified:
        """Return the page, or that it is unchanged. Raises FetchError."""
        while (flight := self._flights.get(request.url)) is not None and flight.asks(request, validators):
            answer = await flight.answer()
            if answer is not None:
                return answer
        if flight is not None:  # another question to the same page
            return await self._fetcher.fetch(request, validators)
        flight = self._flights[request.url] = _Flight(request, validators)
        try:
            answer = await self._fetcher.fetch(request, validators)
        except FetchError as error:
            flight.fail(error)
            raise
        else:
            flight.land(answer)
            return answer
        finally:
            del self._flights[request.url]
            flight.give_up()


class _Flight:
    """A fetch under way, and who waits for it; a fetch that nobody joins costs no future."""

    __slots__ = ("_landed", "_request", "_validators")

    def __init__(self, request: Request, validators: Validators) -> None:
        self._request = request
        self._validators = validators
        self._landed: asyncio.Future[Response | NotModified | None] | None = None

    def asks(self, request: Request, validators: Validators) -> bool:
        return request == self._request and validators == self._validators

    async def answer(self) -> Response | NotModified | None:
        """Return the answer, or None when who asked was called off. Raises FetchError."""
        if self._landed is None:
            self._landed = asyncio.get_running_loop().create_future()
        try:
            return await asyncio.shield(self._landed)
        except FetchError as error:
            raise copy(error) from error  # a traceback is written into what is raised

    def land(self, answer: Response | NotModified) -> None:
        if self._landed is not None:
            self._landed.set_result(answer)

    def fail(self, error: FetchError) -> None:
        if self._landed is not None:
            self._landed.set_exception(error)
            self._landed.exception()  # who waited may have been called off

    def give_up(self) -> None:
        """Wake those who still wait, so that they ask themselves: the fetch was called off."""
        if self._landed is not None and not self._landed.done():
            self._landed.set_result(None)
