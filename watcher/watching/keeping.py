"""Keeps the page of a check of note, beside the event loop."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from typing import Protocol

from msgspec.structs import replace

from watcher.core.check import Verdict
from watcher.core.kept_page import MOST_BYTES, KeptPage
from watcher.core.page import Response
from watcher.core.redaction import redacted
from watcher.core.watch import Watch
from watcher.core.words import clean
from watcher.errors import CheckError

_log = logging.getLogger(__name__)
_AT_ONCE = 2
"""So many are written at a time: after a redesign many watches have a page of note."""
_READ_BYTES = 2 * MOST_BYTES
"""Of a page: what is cut off behind holds no half of a secret."""


class PageStore(Protocol):
    """Where pages are kept. Each blocks."""

    def keep(self, page: KeptPage) -> None:
        """Put a page in the place of the last one of its watch."""

    def page(self, watch: str) -> KeptPage | None:
        """Return the page that is kept of a watch, if one is."""

    def forget(self, watch: str) -> None:
        """Remove the page of a watch."""


class KeptPageWriter:
    """Writes pages into a store and reads them, beside the event loop."""

    def __init__(self, store: PageStore) -> None:
        self._store = store
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def keep(self, watch: Watch, response: Response, verdict: Verdict, *, now: datetime) -> None:
        """Keep the page that came as a response."""
        async with self._turns:
            await asyncio.to_thread(self._keep, watch, response, verdict, now)

    async def kept(self, watch: Watch) -> KeptPage | None:
        """Return the page that is kept of a watch, if one is."""
        async with self._turns:
            return await asyncio.to_thread(self._store.page, watch.id)

    def _keep(self, watch: Watch, response: Response, verdict: Verdict, now: datetime) -> None:
        try:
            page = _kept(watch, response, verdict, now)
        except CheckError:  # a bomb, or binary: the failure itself says so
            self._store.forget(watch.id)
        except Exception as error:
            _log.warning("the page of %s is not kept: a defect in watcher: %s", watch.id, type(error).__name__)
        else:
            self._store.keep(page)


def _kept(watch: Watch, response: Response, verdict: Verdict, now: datetime) -> KeptPage:
    """Return the page without secrets, and no more of it than is kept. Raises CheckError."""
    from watcher.extract.charset import decode  # the parser takes 40 ms to import
    from watcher.watching.reading import page_of

    secrets, page = watch.request.secrets, page_of(watch, response)
    is_cut = len(page.body) > _READ_BYTES
    begins = replace(page, body=page.body[:_READ_BYTES]) if is_cut else page
    text = redacted(clean(decode(begins).text), secrets).encode(errors="replace")
    return KeptPage(
        watch=watch.id,
        at=now,
        verdict=verdict,
        url=redacted(response.url, secrets),
        media_type=response.media_type or "text/html",
        text=text[:MOST_BYTES].decode(errors="ignore"),
        is_cut=is_cut or len(text) > MOST_BYTES,
    )
