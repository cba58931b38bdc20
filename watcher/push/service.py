"""
The push service as the rest of the house sees it: one object for each resource, over one push store.

Every method of a resource is one transaction. Secrets are stored hashed and returned once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from watcher.core.accounts import AccountLimits
from watcher.core.caps import DailyCaps
from watcher.core.phrases import Phrases, phrases_in
from watcher.core.watch import WatchFile
from watcher.push.accounts import Accounts
from watcher.push.acts import Acts
from watcher.push.addresses import Addresses
from watcher.push.approvers import Approvers
from watcher.push.apps import Apps
from watcher.push.audience import Audience
from watcher.push.callbacks import Callbacks
from watcher.push.caps import Strangers
from watcher.push.channels.wechat.followers import Followers
from watcher.push.claims import Claims
from watcher.push.codes import Codes
from watcher.push.commands import Commands
from watcher.push.confirmations import Confirmations
from watcher.push.context import Context
from watcher.push.deliveries import Deliveries
from watcher.push.devices import Devices
from watcher.push.event_stream import EventStream
from watcher.push.feeds import Feeds
from watcher.push.inbox import Inbox
from watcher.push.leaving import JustLeft
from watcher.push.listeners import Listeners, listeners
from watcher.push.merging import Merged, Merging
from watcher.push.message_log import MessageLog
from watcher.push.messages import Messages
from watcher.push.mirrors import Mirrors
from watcher.push.moving import Moving
from watcher.push.ntfy import Ntfy
from watcher.push.operator import OperatorAccess
from watcher.push.passwords import PasswordHasher
from watcher.push.preferences import SubscriberPreferences
from watcher.push.queues import Queues, queues
from watcher.push.recovery import Recovery
from watcher.push.registrations import Registrations
from watcher.push.rendering import Renderer
from watcher.push.sessions import Sessions
from watcher.push.sign_in_codes import SignInCodes
from watcher.push.sign_ins import SignIns
from watcher.push.subscribers import Subscribers
from watcher.push.subscriptions import Subscriptions
from watcher.push.tokens import AccessTokens
from watcher.push.topics import Topics
from watcher.push.trials import Trials
from watcher.push.webhooks import Webhooks

if TYPE_CHECKING:
    from watcher.store.push.store import PushStore


class PushService:
    """
    The resources of one push store. Made by `open_push_service` (runtime only); used from one event loop.

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
        account_limits: AccountLimits,
    ) -> None:
        """`app_id`: the watcher's own application."""
        self._store = store
        self._hasher = PasswordHasher()
        self._renderer = renderer
        self.wakeups = store.wakeups
        self.strangers = Strangers(
            store, caps, now=now, tell=lambda draft: self.messages.publish([draft]), phrases=self._phrases
        )
        context = Context(
            store=store,
            now=now,
            strangers=self.strangers,
            left=JustLeft(),
            account_limits=account_limits,
        )
        self.messages = Messages(context, own_app_id=app_id, renderer=renderer, daily=daily_messages)
        self.message_log = MessageLog(context, daily=daily_messages)
        self.apps = Apps(context)
        self.topics = Topics(context, own_app_id=app_id)
        self.feeds = Feeds(context)
        self.subscribers = Subscribers(context)
        self._merging = Merging(context)
        self.moving = Moving(context)
        self.subscriptions = Subscriptions(context)
        self.audience = Audience(context)
        self.devices = Devices(context)
        self.addresses = Addresses(context)
        self.confirmations = Confirmations(context)
        self.preferences = SubscriberPreferences(context)
        self.mirrors = Mirrors(context)
        self.claims = Claims(context)
        self.inbox = Inbox(context)
        self.events = EventStream(context)
        self.ntfy = Ntfy(context)
        self.deliveries = Deliveries(context, publish=self.messages.publish, phrases=self._phrases)
        self.callbacks = Callbacks(context)
        self.webhooks = Webhooks(context, own_app_id=app_id)
        self.codes = Codes(context)
        self.trials = Trials(context)
        self.commands = Commands(context)
        self.followers = Followers(context)
        self.tokens = AccessTokens(context)
        self.acts = Acts(context)
        self.sessions = Sessions(context)
        self.accounts = Accounts(context)
        self.sign_in_codes = SignInCodes(context)
        self.sign_ins = SignIns(context)
        self.approvers = Approvers(context)
        self.recovery = Recovery(context)
        self.registrations = Registrations(context, publish=self.messages.publish, phrases=self._phrases)
        self.operator = OperatorAccess(store, self._hasher, now=now)

    def _phrases(self) -> Phrases:
        return phrases_in(self.topics.admin_language)

    async def queues(self) -> Queues:
        """Return how much waits; also the way to see whether the database answers."""
        return await self._store.read(queues)

    async def listeners(self, file: WatchFile) -> Listeners:
        """Return whom a file of watches tells in vain."""
        return await self._store.read(lambda tx: listeners(tx, file))

    async def merge_topics(self, topic_id: int, into_id: int) -> Merged:
        """Merge a topic into another one (see `merging.merge_topics`). Raises RefusedError, ConflictError."""
        return await self._merging.merge(topic_id, into_id)

    async def foreign_commit(self) -> bool:
        """
        Return whether another process may have written since the last call without being heard.

        Then whoever waits here for news looks.
        """
        has_written = await self._store.foreign_commit()
        if has_written:
            self.wakeups.wake_all()
        return has_written

    def is_own(self, sender: str) -> bool:
        """Return whether this process is the sender of a notice."""
        return self._store.is_own(sender)

    async def close(self) -> None:
        """Close the database. Nothing may be called after."""
        self._hasher.close()
        await self._renderer.close()
        await self._store.close()
