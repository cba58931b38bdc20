"""Moving an application here from another server that speaks WxPusher's API."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.core.moves import Move, MoveReport
from watcher.errors import StoreError
from watcher.net import Sessions
from watcher.push.channels.upstream.moved import MovedApps
from watcher.push.channels.upstream.settings import UpstreamSettings
from watcher.push.hosted import HostedApp
from watcher.runtime.settings import utc_now

if TYPE_CHECKING:
    from watcher.push.service import PushService

_log = logging.getLogger(__name__)


@asynccontextmanager
async def hosted_app(account: UpstreamSettings) -> AsyncIterator[HostedApp]:
    """Yield an application on another server. The operator names that one, so it may stand on a private address."""
    async with Sessions() as sessions:
        yield HostedApp(sessions.of(allow_private=True), account, now=utc_now, seconds=time.monotonic)


async def move_here(service: PushService, data: Path, move: Move, account: UpstreamSettings) -> MoveReport:
    """Write a move, with the token for sending onwards, unless something is taken. Raises a PushError, StoreError."""
    keep = partial(MovedApps(data).put, move.app_id, account)
    return await service.moving.carry_out(move, account.token, keep)


async def forget_removed(service: PushService, data: Path) -> None:
    """Forget the tokens, on other servers, of applications that were removed here; what prevents it is logged."""
    app_ids = {app.id for app in await service.apps.all()}
    try:
        await asyncio.to_thread(MovedApps(data).forget_others, app_ids)
    except StoreError as error:
        _log.warning("%s", error)
