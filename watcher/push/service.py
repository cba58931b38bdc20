"""
The push service as the rest of the house sees it: one object for each noun, over one push store.

Every method of a noun is one transaction. Secrets are stored hashed and returned once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from watcher.core.caps import DailyCaps
from watcher.push.apps import Apps
from watcher.push.callbacks import Callbacks
from watcher.push.caps import Strangers
from watcher.push.channels.wechat.followers import Followers
from watcher.push.codes import Codes
from watcher.push.commands import Commands
from watcher.push.deliveries import Deliveries
from watcher.push.devices import Devices
from watcher.push.inbox import Inbox
from watcher.push.messages import Messages
from watcher.push.operator import OperatorAccess
from watcher.push.passwords import PasswordHasher
from watcher.push.queues import Queues, queues
from watcher.push.reach import Reach
from watcher.push.rendering import Renderer
from watcher.push.subscribers import Subscribers
from watcher.push.subscriptions import Subscriptions
from watcher.push.tokens import AccessTokens
from watcher.push.topics import Topics
from watcher.push.trials import Trials
from watcher.push.wakeups import Wakeups

if TYPE_CHECKING:
    from watcher.push.confirmations import Confirmations
    from watcher.store.push.store import PushStore


class PushService:
    """
    The nouns of one push store. Made by `open_push_service` (runtime only); used from one event loop.

    Each of their methods raises StoreError when the disk or the database refuses; then nothing was saved.
    """

    def __init__(
        self,
        store: PushStore,
        *,
        app_id: int,
        now: Callable[[], datetime],
        daily_messages: int | None,
        caps: DailyCaps,
        renderer: Renderer,
    ) -> None:
        """`app_id`: the watcher's own application."""
        self._store = store
        self._now = now
        self._hasher = PasswordHasher()
        self._renderer = renderer
        self.wakeups = wakeups = Wakeups()
        self.messages = Messages(
            store, own_app_id=app_id, now=now, wakeups=wakeups, renderer=self._renderer, daily=daily_messages
        )
        publish = self.messages.publish
        self.strangers = strangers = Strangers(store, caps, now=now, tell=lambda draft: publish([draft]))
        self.apps = Apps(store, now=now)
        self.topics = Topics(store, own_app_id=app_id, now=now)
        self.subscribers = Subscribers(store, now=now, wakeups=wakeups, strangers=strangers)
        self.subscriptions = Subscriptions(store, now=now, wakeups=wakeups, strangers=strangers)
        self.devices = Devices(store, now=now)
        self.reach = Reach(store, now=now, strangers=strangers)
        self.inbox = Inbox(store, now=now)
        self.deliveries = Deliveries(store, now=now, wakeups=wakeups, publish=publish)
        self.callbacks = Callbacks(store, now=now, wakeups=wakeups)
        self.codes = Codes(store, now=now, wakeups=wakeups, strangers=strangers)
        self.trials = Trials(store, now=now, strangers=strangers, on_sent=self.messages.wake)
        self.commands = Commands(now=now, wakeups=wakeups, strangers=strangers)
        self.followers = Followers(store, now=now, wake=wakeups.wake_callback_senders, strangers=strangers)
        self.tokens = AccessTokens(store, now=now)
        self.operator = OperatorAccess(store, self._hasher, now=now)

    @cached_property
    def confirmations(self) -> Confirmations:
        """Addresses that wait until their owners say yes."""
        from watcher.push.confirmations import Confirmations

        return Confirmations(self._store, now=self._now, strangers=self.strangers)

    async def queues(self) -> Queues:
        """Return how much waits; also the way to see whether the database answers."""
        return await self._store.read(queues)

    async def foreign_commit(self) -> bool:
        """Return whether another process has written since the last call; then deliverers are woken."""
        has_written = await self._store.foreign_commit()
        if has_written:
            self.wakeups.wake_deliverers()
        return has_written

    async def close(self) -> None:
        """Close the database. Nothing may be called after."""
        self._hasher.close()
        await self._renderer.close()
        await self._store.close()
