"""The page of a watch as it is kept, read again as the watch reads it: nobody is asked for it."""

from __future__ import annotations

import asyncio

from msgspec import Struct

from watcher.core.check import Verdict
from watcher.core.kept_page import KeptPage, reading_kept
from watcher.core.page import Response
from watcher.core.watch import Watch
from watcher.web.keys import LocalWatcher


class Reading(Struct, frozen=True, kw_only=True):
    """A page that is kept. `watch`: as it reads that page; `response`: as if the page had come so."""

    watch: Watch
    page: KeptPage
    response: Response


async def kept_reading(local: LocalWatcher, watch: Watch) -> Reading | None:
    """Return the page of a watch that is kept, if one is."""
    page = await asyncio.to_thread(local.kept_page, watch.id)
    if page is None:
        return None
    return Reading(watch=reading_kept(watch), page=page, response=page.response)


async def failed_reading(local: LocalWatcher, watch: Watch) -> Reading | None:
    """Return the whole page of the check that failed, or was not believed, if it is kept."""
    reading = await kept_reading(local, watch)
    if reading is None or reading.page.is_cut or reading.page.verdict is not Verdict.FAILED:
        return None
    return reading
