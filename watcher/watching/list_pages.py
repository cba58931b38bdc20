"""
The pages of a list, one after the other, until it ends:

- where a page says that there is no other, or it is the last that the watch allows (worth a note);
- at a page that was there before, by its URL or by its bytes;
- at a numbered page whose rows are all known: asked for a page beyond the last, many sites show the last again;
- at a page without rows that is one of the list (`extract.list_end`).

Each is asked for as the first one was (`fetch.hop.onward`), unconditionally, for one page's validators say nothing of
the others. A page that fails fails them all: half a list would look like rows that are gone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from watcher.core.page import NotModified, Response, Validators
from watcher.core.protocols import Fetcher
from watcher.core.watch import NumberedPages, Pages, Request
from watcher.errors import CheckError, StatusError
from watcher.fetch.hop import bare, onward

if TYPE_CHECKING:
    from watcher.extract.observe import Sight

See: TypeAlias = "Callable[[Response, int, str], Awaitable[Sight]]"
"""Reads a page, by its number in its list, from 1, and the container of the first one."""


class ListPages:
    """
    Reads one list, page by page.

    Attributes:
        sights: what each page showed, in order.
    """

    def __init__(self, fetcher: Fetcher, request: Request, pages: Pages, see: See) -> None:
        self.sights: list[Sight] = []
        self._fetcher = fetcher
        self._request = request
        self._pages = pages
        self._see = see
        self._digests: list[str] = []
        self._visited = {bare(request.url)}
        self._known: set[str] = set()

    @property
    def digest(self) -> str:
        """A digest of all pages that were seen."""
        return hashlib.blake2b("/".join(self._digests).encode(), digest_size=16).hexdigest()

    async def go(self, page: Response) -> None:
        """See the first page, which is here already, and all that follow. Raises CheckError."""
        self._take(page, await self._see(page, 1, ""))
        while (request := self._following(page)) is not None:
            number = len(self.sights) + 1
            with _naming(number):
                page = await self._fetch(request)
                if page.digest in self._digests or bare(page.url) in self._visited - {bare(request.url)}:
                    return
                sight = await self._see(page, number, self.sights[0].container)
            if self._is_old(sight):
                return
            self._take(page, sight)

    def _take(self, page: Response, sight: Sight) -> None:
        self.sights.append(sight)
        self._digests.append(page.digest)
        self._visited.add(bare(page.url))
        self._known.update(sight.rows)

    def _following(self, page: Response) -> Request | None:
        """Return how to ask for the page after this one; None at the end."""
        last = self.sights[-1]
        if last.next_url is None:
            return None
        request = onward(self._request, page.url, last.next_url)
        if bare(request.url) in self._visited:
            return None
        if len(self.sights) >= self._pages.max_pages:
            note = f"the list goes on after {len(self.sights)} pages; raise `max` of `pages`"
            self.sights[-1] = replace(last, notes=(*last.notes, note))
            return None
        self._visited.add(bare(request.url))
        return request

    async def _fetch(self, request: Request) -> Response:
        answer = await self._fetcher.fetch(request, Validators())
        if isinstance(answer, NotModified):
            raise StatusError("304 Not Modified: but nothing was asked on a condition", status=304)
        return answer

    def _is_old(self, sight: Sight) -> bool:
        # Without rows of interest nothing is known: `where` may have left them all out.
        return isinstance(self._pages, NumberedPages) and bool(sight.rows) and sight.rows.keys() <= self._known


@contextmanager
def _naming(number: int) -> Iterator[None]:
    """Add the number of the page to an error that a page of the list raises."""
    try:
        yield
    except CheckError as error:
        named = copy(error)  # others may have got this one too
        named.args = (f"page {number} of the list: {error}",)
        raise named from error
