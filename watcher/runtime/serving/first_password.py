"""The operator's first password, which a server makes once it is up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from watcher.background.loop import PAUSE_SECONDS
from watcher.errors import StoreError
from watcher.push.service import PushService

_log: Final = logging.getLogger(__name__)


async def make_first_password(
    service: PushService, tell: Callable[[str], None], *, pause_seconds: float = PAUSE_SECONDS
) -> None:
    """
    Tell the operator's first password, where there is none yet; while the database refuses, try again.

    People reach the server by then: it outlives a restart of PostgreSQL that comes now as it does a later one.
    """
    while True:
        try:
            await service.operator.make_first_password(tell)
        except StoreError as error:
            _log.warning("the console's first password is made in %g s: %s", pause_seconds, error)
            await asyncio.sleep(pause_seconds)
        else:
            return
