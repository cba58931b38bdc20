"""
The push service as the rest of the house sees it: the API routes, the pages, the embedded publisher, the commands.

Every method is one transaction of the push store. Secrets are stored hashed and returned once.
The rules are in the modules of each noun; this one says where a transaction begins and ends.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec.structs import replace

from watcher.core.callbacks import Callback, Origin, QrCode, Source
from watcher.core.caps import DailyCaps, Made, MadeToday
from watcher.core.channels import Channel, ChannelName
from watcher.core.figures import Pulse
from watcher.core.pace import CALLBACKS, FAILOVER_AFTER
from watcher.core.push import (
    App,
    AppProfile,
    ContentType,
    DeviceDraft,
    Draft,
    InboxItem,
    Message,
    MessageReport,
    NewSubscriber,
    PushTopic,
    SendStatus,
    Subscriber,
    Subscription,
    SubscriptionPage,
    SubscriptionState,
    TargetResult,
    TopicDraft,
    TopicMode,
)
from watcher.core.watch import Topic
from watcher.errors import StoreError
from watcher.push.apps import (
    add_app,
    checked_name,
    checked_note,
    checked_profile,
    edit_app,
    own_app,
    reset_signing_key,
    reset_token,
)
from watcher.push.caps import Strangers
from watcher.push.catalog import Catalog
from watcher.push.codes import DEFAULT_SECONDS, join, new_qr_code, scan
from watcher.push.commands import CommandReply, CommandResult, command
from watcher.push.devices import Devices
from watcher.push.fan_out import FanOutRunner
from watcher.push.followers import Followers
from watcher.push.forgetting import STRANGER_LIFE, forget, forget_strangers
from watcher.push.ids import hash_token, is_code, is_slug, new_device_token
from watcher.push.messages import (
    KEYS_KEPT,
    Order,
    Sent,
    SimpleOrder,
    delete_message,
    forget_old,
    publish,
    reports,
    send,
    send_simple,
    send_test,
    status_of,
)
from watcher.push.operator import Operator
from watcher.push.passwords import PasswordHasher
from watcher.push.queues import Queues, queues
from watcher.push.reach import Reach
from watcher.push.render import render_as_text
from watcher.push.rendering import Renderer
from watcher.push.subscribers import UNKNOWN_DEVICE, add_subscriber, all_following, follow, following, unfollow
from watcher.push.subscriptions import approve, reject, remove, set_receiving, settings_link
from watcher.push.tokens import Access
from watcher.push.topics import add_topic, declare, edit_topic, rotate_topic
from watcher.push.trials import Trial, begin_trial, find_trial, scan_trial
from watcher.store.push.records import Place, SubscriptionFilter

if TYPE_CHECKING:
    from watcher.net import Sessions
    from watcher.push.alarms import Alarm
    from watcher.push.callbacks import CallbackSender
    from watcher.push.confirmations import Confirmations
    from watcher.push.delivering import Deliverer
    from watcher.store.push.store import PushStore, Transaction

T = TypeVar("T")
_CAPS: Final = DailyCaps()


_log = logging.getLogger(__name__)


class PushService:
    """
    Applications, topics, subscribers, messages and deliveries, over one push store.

    Made by `open_push_service` (runtime only). Used from one event loop. Each method raises StoreError when the
    disk or the database refuses; then nothing was saved.
    """

    def __init__(
        self,
        store: PushStore,
        *,
        app_id: int,
        now: Callable[[], datetime],
        daily_messages: int | None = None,
        caps: DailyCaps = _CAPS,
        renderer: Renderer | None = None,
    ) -> None:
        self._store = store
        self._caps = caps
        self._strangers = Strangers(store, caps, now=now, tell=lambda draft: self.publish([draft]))
        self._app_id = app_id
        self._now = now
        self._daily = daily_messages
        self._wakes: list[Callable[[Sequence[int]], None]] = []
        self._sender_wakes: list[Callable[[], None]] = []
        self._deliverer_wakes: list[Callable[[], None]] = []
        self._fan_out: FanOutRunner | None = None
        self._hasher = PasswordHasher()
        self._renderer = renderer or Renderer()
        self._first_looks = asyncio.Lock()
        self._devices = Devices(store, now=now)

    # Applications

    async def add_app(self, profile: AppProfile) -> tuple[App, str]:
        """Make an application; return it with its token `AT_…`, which is never shown again."""
        return await self._store.write(partial(add_app, profile=checked_profile(profile), now=self._now()))

    async def apps(self) -> Sequence[App]:
        """Return all applications by id; the watcher's own is made at first use and is among them."""
        return await self._store.read(lambda tx: tx.apps.all())

    async def app_of_token(self, token: str) -> App | None:
        """Return the application whose token this is."""
        now = self._now()
        return await self._store.read(lambda tx: tx.apps.of_token(hash_token(token), now=now))

    async def edit_app(self, app_id: int, *, by_number: bool | None = None, **changes: str) -> App:
        """
        Change fields of an application's profile, by name; return it as it is then. Raises a PushError.

        Args:
            by_number: whether links with its number lead to its follow page; None: as before.
        """
        return await self._store.write(partial(edit_app, app_id=app_id, changes=changes, by_number=by_number))

    async def reset_token(self, app_id: int, *, grace: timedelta | None = None) -> str:
        """
        Return a new token of the application; the old one dies at once, or after the grace time.

        A token that was replaced earlier dies in any case. Raises RefusedError for an application without a token.
        """
        return await self._store.write(partial(reset_token, app_id=app_id, grace=grace, now=self._now()))

    async def reset_signing_key(self, app_id: int) -> str:
        """Return a new key that signs callbacks and settings links; the old one is gone. Raises RefusedError."""
        return await self._store.write(partial(reset_signing_key, app_id=app_id))

    def settings_link(self, app: App, subscriber: Subscriber) -> str | None:
        """Return the address of the application's own settings page for this subscriber, good now; None without one."""
        return settings_link(app, subscriber, now=self._now(), nonce=new_device_token())

    async def app_of_slug(self, slug: str) -> App | None:
        """Return the application whose follow page has this slug."""
        if not is_slug(slug):
            return None
        return await self._store.read(lambda tx: tx.apps.of_slug(slug))

    # Topics

    async def declare_topics(self, topics: Sequence[Topic]) -> None:
        """
        Make the topics of watches.yaml in the watcher's application where they are missing, rename those that
        say `was`, and update names and descriptions. Topics with an `id` are elsewhere and are passed over; those of
        another application (`app`) must be there.

        Raises:
            ConfigError: an application, or a topic in it, is not there; nothing was declared.
        """
        await self._store.write(partial(declare, app_id=self._app_id, declared=topics, now=self._now()))

    async def add_topic(
        self, name: str, *, app_id: int | None = None, description: str = "", mode: TopicMode = TopicMode.OPEN
    ) -> PushTopic:
        """Make a topic by hand, in the watcher's application unless told otherwise. Raises RefusedError."""
        name, description = checked_name("name", name), checked_note("description", description)
        app_id = self._app_id if app_id is None else app_id
        return await self._store.write(
            partial(add_topic, app_id=app_id, name=name, description=description, mode=mode, now=self._now())
        )

    async def edit_topic(
        self,
        topic_id: int,
        *,
        name: str | None = None,
        description: str | None = None,
        mode: TopicMode | None = None,
        by_number: bool | None = None,
    ) -> PushTopic:
        """
        Change what is given of a topic, and return it as it is then.

        Raises RefusedError for a topic that is not there, and for the words of one that watches.yaml declares.
        """
        name = None if name is None else checked_name("name", name)
        description = None if description is None else checked_note("description", description)
        return await self._store.write(
            partial(edit_topic, topic_id=topic_id, name=name, description=description, mode=mode, by_number=by_number)
        )

    async def rotate_topic(self, topic_id: int) -> PushTopic:
        """Give a topic another link and QR code; the old ones, and its number, lead nowhere. Raises RefusedError."""
        return await self._store.write(partial(rotate_topic, topic_id=topic_id))

    async def topics(self) -> Sequence[PushTopic]:
        """Return all topics by id."""
        return await self._store.read(lambda tx: tx.topics.all())

    async def topic_of_number(self, topic_id: int) -> PushTopic | None:
        """Return the topic with this number, if its owner opened it to links that name it so."""
        topic = await self._store.read(lambda tx: tx.topics.of_id(topic_id))
        return topic if topic is not None and topic.by_number else None

    async def app_of_number(self, app_id: int) -> App | None:
        """Return the application with this number, if its owner opened it to links that name it so."""
        app = await self._store.read(lambda tx: tx.apps.of_id(app_id))
        return app if app is not None and app.by_number else None

    async def topic_of_slug(self, slug: str) -> PushTopic | None:
        """Return the topic whose subscribe page has this slug."""
        if not is_slug(slug):
            return None
        return await self._store.read(lambda tx: tx.topics.of_slug(slug))

    # Subscribers

    async def add_subscriber(
        self,
        *,
        app_ids: Sequence[int] = (),
        topic_ids: Sequence[int] = (),
        is_approved: bool = False,
        device: DeviceDraft = UNKNOWN_DEVICE,
    ) -> NewSubscriber:
        """
        Make a subscriber that follows these, because the operator or an owner says so.

        Args:
            is_approved: the operator asks: neither approval nor a closed topic stands in the way.

        Raises:
            RefusedError: an id does not exist, or a topic is closed; nobody was made.
        """
        places = [Place(app_id=id_) for id_ in app_ids] + [Place(topic_id=id_) for id_ in topic_ids]
        work = partial(add_subscriber, places=places, now=self._now(), is_approved=is_approved, device=device)
        return await self._store.write(work, then=self._wake_sender)

    async def welcome(self, topic_id: int, *, device: DeviceDraft = UNKNOWN_DEVICE) -> NewSubscriber:
        """Make a subscriber of a stranger who wants to follow a topic. Raises as `add_subscriber`, CapReachedError."""
        places = [Place(topic_id=topic_id)]
        work = partial(add_subscriber, places=places, now=self._now(), device=device, is_stranger=True)
        return await self._strangers.make(Made.SUBSCRIBERS, work, then=self._wake_sender)

    async def subscribers(self) -> Sequence[tuple[Subscriber, Sequence[PushTopic], Sequence[App]]]:
        """Return all subscribers by id, with what they follow."""
        return await self._store.read(lambda tx: all_following(tx))

    async def subscriber_of_device(self, device_token: str) -> Subscriber | None:
        """Return whose device carries this cookie."""
        known = await self.devices.known(device_token)
        return None if known is None else known[0]

    async def follow(
        self,
        subscriber: Subscriber,
        *,
        topic_id: int | None = None,
        app_id: int | None = None,
        is_approved: bool = False,
    ) -> SubscriptionState:
        """
        Subscribe to one topic or application, and return how that stands; again is no error.

        Raises RefusedError when it does not exist, is closed, or its owner rejected the subscriber.
        """
        place = Place(topic_id=topic_id, app_id=app_id)
        work = partial(follow, subscriber_id=subscriber.id, place=place, now=self._now(), is_approved=is_approved)
        return await self._store.write(work, then=self._wake_sender)

    async def unfollow(self, subscriber: Subscriber, *, topic_id: int | None = None, app_id: int | None = None) -> None:
        """End one subscription; without one is no error."""
        place = Place(topic_id=topic_id, app_id=app_id)
        await self._store.write(partial(unfollow, subscriber_id=subscriber.id, place=place))

    async def following(self, subscriber: Subscriber) -> tuple[Sequence[PushTopic], Sequence[App]]:
        """Return the topics and applications that the subscriber follows."""
        return await self._store.read(lambda tx: following(tx, subscriber.id))

    async def subscriber_of_uid(self, uid: str) -> Subscriber | None:
        """Return the subscriber with this uid."""
        return await self._store.read(lambda tx: tx.subscribers.of_uid(uid))

    async def forget_subscriber(self, subscriber: Subscriber) -> None:
        """Delete all that is kept of a subscriber, for good (see `forgetting`)."""
        await self._store.write(partial(forget, subscriber=subscriber, now=self._now()))

    async def forget_strangers(self, *, limit: int = 100) -> int:
        """
        Delete subscribers that a stranger's form made a month ago, and whose browser never came back; return how many.

        Their cookie was kept by nobody: a browser that has one comes back at once, for the form leads it on.
        """
        return await self._store.write(partial(forget_strangers, before=self._now() - STRANGER_LIFE, limit=limit))

    async def describe(
        self, subscriber: Subscriber, *, nickname: str | None = None, is_receiving: bool | None = None
    ) -> None:
        """Change how senders see a subscriber, and whether it gets messages at all. Raises a PushError."""
        nickname = subscriber.nickname if nickname is None else checked_note("nickname", nickname)
        is_on = subscriber.is_receiving if is_receiving is None else is_receiving
        await self._store.write(
            lambda tx: tx.subscribers.describe(subscriber.id, nickname=nickname, is_receiving=is_on)
        )

    # Subscriptions

    async def subscription(
        self, subscriber: Subscriber, *, topic_id: int | None = None, app_id: int | None = None
    ) -> Subscription | None:
        """Return how the subscriber stands to one topic or application; None when it never followed, or left."""
        place = Place(topic_id=topic_id, app_id=app_id)
        return await self._store.read(lambda tx: tx.subscriptions.find(subscriber.id, place))

    async def subscription_behind(self, message: Message, subscriber: Subscriber) -> Subscription | None:
        """Return what the subscriber follows that brought the message; None when it left, or follows nothing there."""
        return await self._store.read(lambda tx: tx.subscriptions.that_brought(message, subscriber))

    async def subscriptions(
        self,
        *,
        app_id: int | None = None,
        uid: str | None = None,
        to_topics: bool | None = None,
        states: Collection[SubscriptionState] = tuple(SubscriptionState),
        page: int = 1,
        page_size: int = 100,
    ) -> SubscriptionPage:
        """
        Return one page of subscriptions by id, so that new ones come last.

        Args:
            app_id: those to this application and its topics only.
            to_topics: those to topics, or to applications, only.
            page: from 1.
        """
        only = SubscriptionFilter(app_id=app_id, uid=uid, to_topics=to_topics, states=states)
        offset = min((page - 1) * page_size, 2**62)
        return await self._store.read(lambda tx: tx.subscriptions.page(only, offset=offset, limit=page_size))

    async def remove_subscription(self, subscription_id: int, *, app_id: int | None = None) -> Subscription:
        """
        End a subscription in its owner's name; the subscriber may follow again, a rejected one too.

        Args:
            app_id: only if it is to this application or a topic of it. As in the next two.

        Raises:
            RefusedError: there is no such subscription.
        """
        return await self._store.write(partial(remove, subscription_id=subscription_id, app_id=app_id))

    async def reject_subscription(
        self, subscription_id: int, *, is_rejected: bool = True, app_id: int | None = None
    ) -> Subscription:
        """
        Reject a subscriber, who then gets nothing and cannot follow again; or take that back.

        Taking it back is a yes to one who waited. Raises RefusedError.
        """
        return await self._store.write(
            partial(reject, subscription_id=subscription_id, app_id=app_id, is_rejected=is_rejected, now=self._now())
        )

    async def approve_subscription(self, subscription_id: int, *, app_id: int | None = None) -> Subscription:
        """Say yes to a subscriber who waits; to one who follows is no error. Raises RefusedError."""
        return await self._store.write(partial(approve, subscription_id=subscription_id, app_id=app_id))

    async def set_receiving(
        self, subscriber: Subscriber, is_receiving: bool, *, topic_id: int | None = None, app_id: int | None = None
    ) -> None:
        """Switch one subscription on or off for its subscriber. Raises RefusedError where there is none."""
        place = Place(topic_id=topic_id, app_id=app_id)
        work = partial(set_receiving, subscriber_id=subscriber.id, place=place, is_receiving=is_receiving)
        await self._store.write(work)

    # Messages

    async def send(
        self,
        app: App,
        draft: Draft,
        *,
        uids: Sequence[str] = (),
        topic_ids: Sequence[int] = (),
        idempotency_key: str | None = None,
    ) -> Sequence[TargetResult]:
        """
        Send a message; return one result per uid, then per topic, in the order asked, and one for those named twice.

        A target that fails has its own code; a subscriber reached twice gets one delivery. When no target is good
        nothing is stored. A known idempotency key of this application returns the first answer and sends nothing.
        """
        order = Order(draft=draft, uids=uids, topic_ids=topic_ids, idempotency_key=idempotency_key)
        return (await self.send_order(app, order)).results

    async def send_order(self, app: App, order: Order) -> Sent:
        """Do as `send`. Raises KeyReusedError where the key is known and the order's digest says another request."""
        draft = await self._renderer.finish(order.draft, f"app {app.id}")
        order = order if draft is order.draft else replace(order, draft=draft)
        work = partial(send, app_id=app.id, order=order, now=self._now(), daily=self._daily)
        sent = await self._store.write(work, then=self._wake)
        await self._bring_now(sent)
        return sent

    async def send_simple(self, order: SimpleOrder) -> Sent:
        """
        Send a message to the owners of simple push tokens; one result per token, in the order given, each once.

        Raises RefusedError when nobody has any of them; KeyReusedError as `send_order`.
        """
        draft = await self._renderer.finish(order.draft, f"spt {order.spts[0]}")
        order = order if draft is order.draft else replace(order, draft=draft)
        return await self._store.write(partial(send_simple, order=order, now=self._now()), then=self._wake)

    async def owners_of_spts(self, spts: Sequence[str]) -> Sequence[Subscriber]:
        """Return those who have one of these simple push tokens."""
        hashes = {hash_token(spt) for spt in spts}
        return list((await self._store.read(lambda tx: tx.subscribers.of_spts(hashes))).values()) if hashes else []

    async def send_test(self, subscriber: Subscriber, draft: Draft) -> TargetResult:
        """Send the operator's test message to a subscriber, whatever they follow."""
        work = partial(send_test, subscriber=subscriber, draft=draft, now=self._now())
        return (await self._store.write(work, then=self._wake)).results[0]

    async def delete_message(self, app: App, message_id: int) -> bool:
        """
        Wipe a message of the application, for everybody; return whether there is such a one. Again is no error.

        Its idempotency key stays, so a repeat of the send is answered as before and sends nothing.
        """
        return await self._store.write(partial(delete_message, app_id=app.id, message_id=message_id, now=self._now()))

    async def forget_messages(self, older_than: timedelta, *, limit: int = 500) -> int:
        """
        Remove messages for good, at most `limit`, oldest first; return how many.

        None younger than 7 days goes, whatever is asked: idempotency keys hold that long.
        """
        before = self._now() - max(older_than, KEYS_KEPT)
        return await self._store.write(partial(forget_old, before=before, limit=limit))

    async def publish(self, drafts: Sequence[TopicDraft]) -> Sequence[TargetResult]:
        """
        Send many drafts in one transaction, each at most once per key, in order: of the watcher's application, or of
        the one that a draft names.
        """
        drafts = [await self._finished(draft) for draft in drafts]
        work = partial(publish, own_app_id=self._app_id, drafts=drafts, now=self._now())
        sent = await self._store.write(work, then=self._wake)
        await self._bring_now(sent)
        return sent.results

    async def _finished(self, draft: TopicDraft) -> TopicDraft:
        finished = await self._renderer.finish(draft.draft, "the watcher")
        return draft if finished is draft.draft else replace(draft, draft=finished)

    async def status(self, send_record_id: int) -> SendStatus | None:
        """Return how one target of a send stands; None when there is no such record."""
        states = await self._store.read(lambda tx: tx.deliveries.states_of_record(send_record_id))
        return None if states is None else status_of(states)

    async def message_of_slug(self, slug: str) -> Message | None:
        """Return the message whose page has this slug."""
        if not is_slug(slug):
            return None
        return await self._store.read(lambda tx: tx.messages.of_slug(slug))

    async def shown(self, message: Message) -> Message:
        """Return the message with what it is shown as; that of one from before is made at the first look, and kept."""
        if message.draft.content_type is ContentType.TEXT or message.draft.rendered is not None:
            return message
        async with self._first_looks:
            # Another one may have looked meanwhile.
            message = await self.message_of_slug(message.slug) or message
            if message.draft.rendered is None:
                return await self._shown_first(message)
        return message

    async def _shown_first(self, message: Message) -> Message:
        rendered = await self._renderer.html_of(message.draft)
        if rendered is None:
            return replace(message, draft=replace(message.draft, rendered=render_as_text(message.draft.content)))
        try:
            await self._store.write(lambda tx: tx.messages.keep_rendered(message.id, rendered))
        except StoreError as error:  # a full disk keeps nobody from reading
            _log.warning("what message %d is shown as cannot be kept: %s", message.id, error)
        return replace(message, draft=replace(message.draft, rendered=rendered))

    async def reports(self, *, limit: int = 1000) -> Sequence[MessageReport]:
        """Return the newest messages with their delivery counts, oldest first."""
        return await self._store.read(lambda tx: reports(tx, limit=limit))

    # Inbox

    async def inbox(self, subscriber: Subscriber, *, after: int = 0, limit: int = 100) -> Sequence[InboxItem]:
        """Return the inbox items with an id above `after`, oldest first."""
        return await self._store.read(lambda tx: tx.deliveries.inbox(subscriber.id, after=after, limit=limit))

    async def recent(self, subscriber: Subscriber, *, limit: int = 50) -> Sequence[InboxItem]:
        """Return the newest inbox items, newest first."""
        return await self._store.read(lambda tx: tx.deliveries.recent(subscriber.id, limit=limit))

    async def news(self, told: Mapping[int, int], *, limit: int) -> Sequence[tuple[int, InboxItem]]:
        """
        Return inbox items of many subscribers with these ids, each one's with an id above the one given, oldest first.

        One read whatever their number. Each item comes with its subscriber's id; messages are shared among items.
        """
        return await self._store.read(lambda tx: tx.deliveries.news(told, limit=limit))

    async def acknowledge(self, subscriber: Subscriber, item_ids: Sequence[int]) -> None:
        """Note that the subscriber's device showed these; foreign ids are passed over."""
        now = self._now()
        await self._store.write(lambda tx: tx.deliveries.mark_shown(subscriber.id, item_ids, at=now))

    async def note_opened(self, subscriber: Subscriber, item_ids: Sequence[int]) -> None:
        """Note that the subscriber opened these; foreign ids are passed over."""
        now = self._now()
        await self._store.write(lambda tx: tx.deliveries.mark_opened(subscriber.id, item_ids, at=now))

    # QR codes, up-commands and callbacks

    async def follow_app(
        self, subscriber: Subscriber | None, app_id: int, source: Source, *, device: DeviceDraft = UNKNOWN_DEVICE
    ) -> NewSubscriber | None:
        """
        Let a subscriber follow an application, or a new one, who is returned; its owner is told who came and how.

        Raises:
            RefusedError: it does not exist, or its owner rejected the subscriber.
        """
        origin = Origin(source=source)
        work = partial(join, subscriber=subscriber, app_id=app_id, origin=origin, now=self._now(), device=device)
        _, made = await self._of_reader(subscriber, work, then=self._wake_sender)
        return made

    async def add_code(self, app: App, extra: str, *, seconds: int = DEFAULT_SECONDS) -> QrCode:
        """Make a parametric QR code that expires in so many seconds. Raises a PushError when a limit is broken."""
        now = self._now()
        code = new_qr_code(app, extra, seconds, now=now)
        await self._store.write(lambda tx: tx.codes.add(code, created_at=now))
        return code

    async def qr_code(self, code: str) -> QrCode | None:
        """Return the parametric QR code with this code, unless it has expired."""
        if not is_code(code):
            return None
        now = self._now()
        return await self._store.read(lambda tx: tx.codes.of_code(code, at=now))

    async def qr_code_of_slug(self, slug: str) -> QrCode | None:
        """Return the parametric QR code whose page has this slug, unless it has expired."""
        if not is_slug(slug):
            return None
        now = self._now()
        return await self._store.read(lambda tx: tx.codes.of_slug(slug, at=now))

    async def scan(
        self, slug: str, subscriber: Subscriber | None, *, device: DeviceDraft = UNKNOWN_DEVICE
    ) -> NewSubscriber | None:
        """
        Let a subscriber follow the application of a parametric QR code, or a new one, who is returned.

        The owner is told of each scan, and `qr_code(code).uid` says who came last.

        Raises:
            RefusedError: the code has expired, or the owner rejected the subscriber.
        """
        work = partial(scan, slug=slug, subscriber=subscriber, now=self._now(), device=device)
        return await self._of_reader(subscriber, work, then=self._wake_sender)

    async def begin_trial(self) -> QrCode:
        """Make the QR code of a trial: whoever scans it within half an hour gets one test message (see `trials`)."""
        return await self._strangers.make(Made.TRIALS, partial(begin_trial, now=self._now()))

    async def trial(self, code: str) -> Trial | None:
        """Return how the trial with this code stands, unless it has expired."""
        if not is_code(code):
            return None
        return await self._store.read(partial(find_trial, code=code, now=self._now()))

    async def scan_trial(
        self, slug: str, subscriber: Subscriber | None, draft: Draft, *, device: DeviceDraft = UNKNOWN_DEVICE
    ) -> NewSubscriber | None:
        """
        Do as `scan` for a trial's code, and send the draft to who scanned, once for each.

        Raises:
            RefusedError: the code has expired.
        """
        work = partial(scan_trial, slug=slug, subscriber=subscriber, draft=draft, now=self._now(), device=device)
        made, _ = await self._of_reader(subscriber, work, then=lambda done: self._wake(done[1]))
        return made

    async def command(self, subscriber: Subscriber, text: str) -> CommandReply:
        """
        Carry out what a subscriber wrote to an application (see `commands`).

        Raises InvalidRequestError, CapReachedError.
        """
        work = partial(command, subscriber=subscriber, text=text, now=self._now())
        return await self._strangers.make(
            Made.COMMANDS, work, then=self._wake_sender, counts=lambda reply: reply.result is CommandResult.SENT
        )

    async def count_code(self) -> None:
        """Count a QR code that WeChat is asked for. Raises CapReachedError."""
        await self._strangers.make(Made.CODES, _nothing)

    async def made_today(self) -> Sequence[MadeToday]:
        """Return of each thing how many strangers made in the last 24 hours, and how many they may."""
        now = self._now()
        counted = {each.what: each.count for each in await self._store.read(lambda tx: tx.made.today(at=now))}
        return [MadeToday(what=what, count=counted.get(what, 0), most=self._caps.of(what)) for what in Made]

    async def _of_reader(
        self, subscriber: Subscriber | None, work: Callable[[Transaction], T], *, then: Callable[[T], None]
    ) -> T:
        """Return what a subscriber's work returns; a stranger, who becomes one by it, is counted."""
        if subscriber is not None:
            return await self._store.write(work, then=then)
        return await self._strangers.make(Made.SUBSCRIBERS, work, then=then)

    async def callbacks(self, app_id: int, *, limit: int = 100) -> Sequence[Callback]:
        """Return the newest callbacks of an application, newest first: settled ones are kept for 30 days."""
        return await self._store.read(lambda tx: tx.callbacks.newest(app_id, limit=limit))

    def callback_sender(
        self, sessions: Sessions, *, chance: Callable[[], float], allow_private: bool = False
    ) -> CallbackSender:
        """Return what sends the callbacks (`run`), and is woken when there are new ones. One per database may run."""
        from watcher.push.callbacks import CallbackSender

        sender = CallbackSender(self._store, sessions, now=self._now, chance=chance, allow_private=allow_private)
        self._sender_wakes.append(sender.wake)
        return sender

    def _wake_sender(self, _: object) -> None:
        for wake in self._sender_wakes:
            wake()

    # Channels

    def deliverer(
        self,
        channels: Mapping[ChannelName, Channel],
        *,
        chance: Callable[[], float],
        link: Callable[[Message], str],
        failover_after: timedelta = FAILOVER_AFTER,
        on_alarm: Callable[[Alarm], Awaitable[object]] | None = None,
        sockets: int | None = None,
    ) -> Deliverer:
        """
        Return what hands messages to these channels (`run`), and is woken when there are new ones.

        One per database may run. It must run even where no channel is set up: it says so of what is queued.

        Args:
            link: gives the address of a message's page.
            failover_after: what was not shown by then goes to the subscriber's next channel.
            on_alarm: is told what only the operator can mend; by default the watcher's `admin` topic is.
            sockets: that may be in use at once, by callbacks too; None: as many as are wanted.
        """
        from watcher.push.callbacks import AT_ONCE as CALLS_AT_ONCE
        from watcher.push.delivering import AT_ONCE, Deliverer

        deliverer = Deliverer(
            self._store,
            channels,
            now=self._now,
            chance=chance,
            link=link,
            on_alarm=on_alarm or (lambda alarm: self.publish([alarm.draft])),
            failover_after=failover_after,
            at_once=AT_ONCE if sockets is None else max(1, min(AT_ONCE, sockets - CALLS_AT_ONCE)),
        )
        self._deliverer_wakes.append(deliverer.wake)
        return deliverer

    def _wake_deliverers(self) -> None:
        for wake in self._deliverer_wakes:
            wake()

    # Our own API

    @property
    def access(self) -> Access:
        """The access tokens of our own API."""
        return Access(self._store, now=self._now)

    @property
    def operator(self) -> Operator:
        """The operator's password and sessions."""
        return Operator(self._store, self._hasher, now=self._now)

    @property
    def catalog(self) -> Catalog:
        """What there is, in pages."""
        return Catalog(self._store)

    @property
    def reach(self) -> Reach:
        """Where and how subscribers want to be reached, and their other devices."""
        return Reach(self._store, now=self._now, strangers=self._strangers)

    @property
    def devices(self) -> Devices:
        """The browsers in which subscribers read."""
        return self._devices

    @property
    def confirmations(self) -> Confirmations:
        """Addresses that wait until their owners say yes."""
        from watcher.push.confirmations import Confirmations

        return Confirmations(self._store, now=self._now, strangers=self._strangers)

    @property
    def followers(self) -> Followers:
        """Who follows the WeChat account."""
        return Followers(self._store, now=self._now, wake=self._wake_sender, strangers=self._strangers)

    # Waking readers

    def on_delivery(self, wake: Callable[[Sequence[int]], None]) -> None:
        """Call `wake` with the ids of subscribers who have something new, after each commit that delivers."""
        self._wakes.append(wake)

    @asynccontextmanager
    async def fanning_out(self, listening: Callable[[], Collection[int]]) -> AsyncIterator[None]:
        """
        Bring messages to topics of many to their readers in the background, while the context lasts.

        Without it a send does so itself, before it returns.

        Args:
            listening: gives the ids of the subscribers who have the inbox open; they are served first.
        """
        self._fan_out = self._fan_out_runner(listening)
        running = asyncio.create_task(self._fan_out.run(), name="fan out")
        try:
            yield
        finally:
            self._fan_out = None
            running.cancel()
            await asyncio.wait([running])

    async def queues(self) -> Queues:
        """Return how much waits; also the way to see whether the database answers."""
        return await self._store.read(queues)

    @property
    def fan_out_pulse(self) -> Pulse | None:
        """When the loop that brings messages to the many last came round; None when it does not run."""
        return None if self._fan_out is None else self._fan_out.pulse

    async def foreign_commit(self) -> bool:
        """Return whether another process has written since the last call (PRAGMA data_version)."""
        has_written = await self._store.foreign_commit()
        if has_written:
            self._wake_deliverers()
        return has_written

    async def close(self) -> None:
        """Let go of the database. Nothing may be called after."""
        self._hasher.close()
        await self._renderer.close()
        await self._store.close()

    def _wake(self, sent: Sent) -> None:
        self._wake_readers(sent.reached)
        if sent.is_queued:
            self._wake_deliverers()
        if sent.is_waiting and self._fan_out is not None:
            self._fan_out.wake()

    def _wake_all(self, subscriber_ids: Collection[int]) -> None:
        self._wake_readers(subscriber_ids)
        self._wake_deliverers()

    def _wake_readers(self, subscriber_ids: Collection[int]) -> None:
        if subscriber_ids:
            for wake in self._wakes:
                wake(sorted(subscriber_ids))

    async def _bring_now(self, sent: Sent) -> None:
        if sent.is_waiting and self._fan_out is None:
            await self._fan_out_runner(lambda: ()).drain()

    def _fan_out_runner(self, listening: Callable[[], Collection[int]]) -> FanOutRunner:
        return FanOutRunner(self._store, now=self._now, listening=listening, on_chunk=self._wake_all)


async def open_push_service(
    database: Path,
    *,
    now: Callable[[], datetime],
    daily_messages: int | None = None,
    caps: DailyCaps = _CAPS,
    max_callbacks: int = CALLBACKS,
    renderer: Renderer | None = None,
) -> PushService:
    """
    Open the push service over a database file, made and migrated where needed. Close it after use.

    Args:
        database: private to its user; its directory is made where missing. Other processes may use it too.
        now: gives the time, aware.
        daily_messages: how many messages of one application a subscriber gets in 24 hours at most; None: no limit.
            What the watcher itself publishes is not counted against it.
        caps: how much strangers may make in 24 hours.
        max_callbacks: that may wait for one application.
        renderer: renders what is laborious, and is closed with the service; None: one of the usual bounds.

    Raises:
        StoreError: the file is no database, is from a newer watcher, or the disk refuses.
    """
    # SQLAlchemy costs 0.3 s to import: commands that only know this module need not pay it.
    from watcher.store.push.store import open_push_store

    store = await open_push_store(database, max_callbacks=max_callbacks)
    try:
        app = await own_app(store, now=now())
    except BaseException:
        await store.close()
        raise
    return PushService(store, app_id=app.id, now=now, daily_messages=daily_messages, caps=caps, renderer=renderer)


def _nothing(_: Transaction) -> None:
    """Write nothing."""
