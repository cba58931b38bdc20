"""What a watcher that serves as well tells its operator once it is up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from watcher.core.settings import Settings
from watcher.core.watch import WatchFile
from watcher.push.listeners import Listeners
from watcher.push.service import PushService
from watcher.runtime.live import topic_warnings
from watcher.runtime.serving.server import OnPassword
from watcher.runtime.serving.telling import make_first_password

OnReady = Callable[[Settings, Listeners], None]
"""Told the settings with the real port, and which topics lack subscribers or watches."""


async def announce(
    settings: Settings, service: PushService, file: WatchFile, on_ready: OnReady, on_password: OnPassword
) -> frozenset[str]:
    """
    Say that the watcher is up, then the operator's first password, if this start makes it.

    Returns the warnings of topics that the operator has read by that (`Live.told`). Raises StoreError.
    """
    found = await service.listeners(file)
    on_ready(settings, found)
    await make_first_password(service, partial(on_password, settings))
    return frozenset(topic_warnings(found))
