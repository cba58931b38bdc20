"""Waiting until the watcher has read its files again after the console wrote one."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from watcher.web.keys import LocalWatcher

_SECONDS: Final = 3.0
"""A file is read again some 0.3 s after it was saved."""
_LOOK_SECONDS: Final = 0.05
_log = logging.getLogger(__name__)


async def taken_up(local: LocalWatcher, watch: str, *, is_there: bool) -> None:
    """Wait until the watcher has read its files again, so that its pages know of a watch; for 3 s at most."""
    for _ in range(round(_SECONDS / _LOOK_SECONDS)):
        if (watch in local.watches) is is_there:
            return
        await asyncio.sleep(_LOOK_SECONDS)
    _log.info("the watcher has not read the file with %s again yet", watch)
