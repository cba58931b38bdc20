"""Opening the push service over its database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from watcher.core.accounts import AccountLimits
from watcher.core.caps import DailyCaps
from watcher.core.databases import DatabasePlace
from watcher.core.pace import CALLBACKS
from watcher.push.apps import own_app
from watcher.push.rendering import Renderer
from watcher.push.service import PushService

_CAPS: Final = DailyCaps()
_ACCOUNT_LIMITS: Final = AccountLimits()


async def open_push_service(
    database: DatabasePlace,
    *,
    now: Callable[[], datetime],
    daily_messages: int | None = None,
    caps: DailyCaps = _CAPS,
    max_callbacks: int = CALLBACKS,
    renderer: Renderer | None = None,
    account_limits: AccountLimits = _ACCOUNT_LIMITS,
) -> PushService:
    """
    Open the push service over its database, made and migrated where needed. Close it after use.

    Args:
        database: a file is private to its user, and its directory is made where missing. Other processes may use it.
        now: gives the time, aware.
        daily_messages: how many messages of one application a subscriber gets in 24 hours at most; None: no limit.
            What the watcher itself publishes is not counted against it.
        caps: how much strangers may make in 24 hours.
        max_callbacks: that may wait for one application.
        account_limits: how much each owner may have.
        renderer: renders what is laborious, and is closed with the service; None: one of the usual bounds.

    Raises:
        StoreError: the file is no database, is from a newer watcher, or the disk refuses.
    """
    # SQLAlchemy takes 18 MB: a watcher that publishes elsewhere knows this module, and need not pay that.
    from watcher.store.push.store import open_push_store

    store = await open_push_store(database, max_callbacks=max_callbacks)
    try:
        app = await own_app(store, now=now())
    except BaseException:
        await store.close()
        raise
    return PushService(
        store,
        app_id=app.id,
        now=now,
        daily_messages=daily_messages,
        caps=caps,
        renderer=renderer or Renderer(),
        account_limits=account_limits,
    )
