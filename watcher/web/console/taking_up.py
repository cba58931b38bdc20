"""Waiting until the watcher has read its files again after the console wrote one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from watcher.core.watch import Extraction, Watch
from watcher.web.keys import LocalWatcher

_SECONDS: Final = 3.0
"""A file is read again some 0.3 s after it was saved."""
_LOOK_SECONDS: Final = 0.05
_log = logging.getLogger(__name__)


async def taken_up(local: LocalWatcher, watch: str, *, is_there: bool) -> None:
    """Wait until the watcher has read its files again, so that its pages know of a watch; for 3 s at most."""
    await _until(lambda: (watch in local.watches) is is_there, watch)


async def is_read_so(local: LocalWatcher, watch: Watch) -> bool:
    """Wait until the watcher reads a watch as it was written, for 3 s at most; return whether it does."""
    return await _until(lambda: _reads(local, watch.id) == watch.extraction, watch.id)


def _reads(local: LocalWatcher, watch: str) -> Extraction | None:
    declared = local.watches.get(watch)
    return declared.extraction if declared is not None else None


async def _until(is_so: Callable[[], bool], watch: str) -> bool:
    for _ in range(round(_SECONDS / _LOOK_SECONDS)):
        if is_so():
            return True
        await asyncio.sleep(_LOOK_SECONDS)
    _log.info("the watcher has not read the file with %s again yet", watch)
    return False
