"""The nouns of the push service, as in WxPusher: application, topic, subscriber, message, target, delivery."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Final, TypeVar

from msgspec import Struct

from watcher.core.locale import Locale

WATCHER_APP_KEY = "watcher"
"""The watcher is itself an application; its topics have keys."""
SIMPLE_APP_KEY = "simple"
"""The application of messages that were sent with a subscriber's simple push token: their senders have none."""
TRIAL_APP_KEY = "trial"
"""The application of the test messages that visitors send themselves."""
KEYS_WITHOUT_SENDERS: Final = (SIMPLE_APP_KEY, TRIAL_APP_KEY)
"""Of the applications that neither owners nor programs send by; there is one of each at most."""
GOOD: Final = 1000
"""The code of a target that got the message."""


class AppProfile(Struct, frozen=True, kw_only=True):
    """What the owner of an application says of it. Each field is free text, at most 500 characters."""

    name: str
    contact: str = ""
    description: str = ""
    follow_prompt: str = ""
    callback_url: str = ""
    settings_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """
    An application. Its token is stored hashed and known only to its owner.

    Attributes:
        key: of a built-in application (`watcher`, `simple`, `trial`), else None.
        slug: unguessable; its follow page is `/a/{slug}`.
        signing_key: signs what we tell its owner: callbacks, and links to its settings page. None: nothing is signed.
        by_number: WxPusher's old link, `/wxuser/?type=1&id=…`, leads to its follow page: whoever counts finds it.
        account_id: the owner's; None: it is the operator's.
        old_token_until: when the token before the last reset stops working, or stopped; None: it did at once.
        former_account_id: the account that has this old token, which a hand-over left it; None: its owner has it.
        is_received: its owner got it from another account, and has not seen yet what ended with that.
        is_paused: its owner's account is blocked, so it sends nothing, is told nothing, and takes no new subscribers.
    """

    id: int
    key: str | None
    slug: str
    profile: AppProfile
    created_at: datetime
    signing_key: str | None = field(default=None, repr=False)
    by_number: bool = False
    account_id: int | None = None
    old_token_until: datetime | None = None
    former_account_id: int | None = None
    is_received: bool = False
    is_paused: bool = False

    @property
    def has_senders(self) -> bool:
        """Whether owners and programs send by it; simple pushes and test messages have their senders elsewhere."""
        return self.key not in KEYS_WITHOUT_SENDERS


class AppFigures(Struct, frozen=True, kw_only=True):
    """
    How much an application has.

    Attributes:
        followers: of the application itself, those who wait or are rejected not counted.
        topic_followers: of its topics together; who follows two counts twice.
        messages: sent and kept, those that were deleted too.
    """

    topics: int
    followers: int
    topic_followers: int
    messages: int

    @property
    def subscriptions(self) -> int:
        """To it and to its topics: who subscribes to two counts twice."""
        return self.followers + self.topic_followers


class TopicMode(StrEnum):
    """Who may follow a topic. Whoever follows it already goes on, whatever it becomes."""

    OPEN = "open"
    """whoever has the link"""
    APPROVAL = "approval"
    """whoever its owner says yes to"""
    CLOSED = "closed"
    """nobody any more"""


class PushTopic(Struct, frozen=True, kw_only=True):
    """
    A topic of an application.

    Attributes:
        key: how watches.yaml names it; None for topics made by hand.
        slug: unguessable; its subscribe page is `/t/{slug}`.
        subscribers: how many follow it now; who waits or is rejected does not.
        by_number: as of an application, with `type=2`.
        language: of its pages and its poster; None: each reader's own.
        feed_slug: unguessable; whoever has the link of its feed (`/feed/{feed_slug}/…`) reads what is sent to it. None:
            it has no feed.
    """

    id: int
    app_id: int
    key: str | None
    slug: str
    name: str
    description: str
    subscribers: int
    created_at: datetime
    mode: TopicMode = TopicMode.OPEN
    by_number: bool = False
    language: Locale | None = None
    feed_slug: str | None = None


class Subscriber(Struct, frozen=True, kw_only=True):
    """
    A person or a script that reads messages.

    Attributes:
        uid: `UID_…`. Shown to senders, so it opens nothing.
        nickname: as senders see it; empty unless the subscriber gave one.
        is_receiving: the subscriber's own switch for all messages.
    """

    id: int
    uid: str
    created_at: datetime
    nickname: str = ""
    is_receiving: bool = True


class DeviceDraft(Struct, frozen=True, kw_only=True):
    """
    What is known of a device when it becomes one.

    Attributes:
        kind: what its owner knows it by, like `Chrome · Android`, never a whole User-Agent; may be empty.
        is_hosted: its cookie has the name that no other host of our domain can set.
    """

    kind: str = ""
    is_hosted: bool = False


class Device(DeviceDraft, frozen=True, kw_only=True):
    """
    A browser that reads one subscriber's inbox.

    Attributes:
        seen_at: when it last asked for something, to the hour; None: not since that is noted.
    """

    id: int
    created_at: datetime
    seen_at: datetime | None


class InboxSummary(Struct, frozen=True, kw_only=True):
    """
    By what people recognise an inbox, when they are asked whether to link something to it.

    Attributes:
        follows: names of the first topics and applications that it follows, in the order of subscribing.
        more: how many follow after them.
    """

    subscriber: Subscriber
    follows: Sequence[str]
    more: int = 0


class SubscriptionState(StrEnum):
    """How a subscription stands."""

    FOLLOWING = "following"
    WAITING = "waiting"
    """for the approval of the topic's owner; gets nothing yet"""
    REJECTED = "rejected"
    """by the owner: gets nothing, and cannot follow again until taken back"""


class Subscription(Struct, frozen=True, kw_only=True):
    """
    One subscriber to one topic, or to one application.

    Attributes:
        id: what WxPusher's remove and reject take.
        topic_id, app_id: exactly one is set.
        place: name of the topic or the application.
        topic_key: how watches.yaml names the topic, if it does.
        is_receiving: the subscriber's switch for this one.
        rejected_at: set while `state` is rejected.
        muted_until: until then its messages come into the inbox, and over no other channel; None: it is not muted.
        owner_id: the application itself, or the one that the topic belongs to.
    """

    id: int
    subscriber: Subscriber
    topic_id: int | None
    app_id: int | None
    place: str
    state: SubscriptionState
    is_receiving: bool
    created_at: datetime
    rejected_at: datetime | None
    topic_key: str | None = None
    muted_until: datetime | None = None
    owner_id: int = 0

    @property
    def is_enabled(self) -> bool:
        """True while the subscriber wants messages here: neither this one nor everything is switched off."""
        return self.is_receiving and self.subscriber.is_receiving


class SubscriptionPage(Struct, frozen=True, kw_only=True):
    """One page of a list, and how many there are in all."""

    total: int
    subscriptions: Sequence[Subscription]


class NewSubscriber(Struct, frozen=True, kw_only=True):
    """
    A subscriber just made, with its secrets, which are stored hashed and shown only here.

    Attributes:
        spt: simple push token `SPT_…`: whoever has it may send to this subscriber.
        device_token: the cookie of the device that reads this subscriber's inbox.
    """

    subscriber: Subscriber
    spt: str
    device_token: str


class ContentType(IntEnum):
    """WxPusher's `contentType`."""

    TEXT = 1
    HTML = 2
    MARKDOWN = 3


class Draft(Struct, frozen=True, kw_only=True):
    """
    A message to be sent, valid in itself.

    Attributes:
        summary: 1–100 characters; of long HTML without one it is empty until that is rendered.
        content: 1–40,000 characters and at most 65,535 bytes of UTF-8.
        url: up to 1,000 characters, http(s) or what opens an app (`weixin://…`).
        rendered: HTML and markdown as HTML that is safe to show; None of text, of what is not rendered yet, and of a
            message from before it was kept.
        priority: 1 to 5, as ntfy has it, for its apps; None: the sender said none.
        tags: words without commas, for the same.
    """

    summary: str
    content: str
    content_type: ContentType = ContentType.TEXT
    url: str | None = None
    rendered: str | None = None
    priority: int | None = None
    tags: Sequence[str] = ()


class TopicDraft(Struct, frozen=True, kw_only=True):
    """
    A draft for one topic, as the outbox hands it over.

    Attributes:
        topic: its key, or its id for a topic that watches.yaml names by number; in another application its name too.
        app: the name of the application that the topic belongs to; None: the watcher's own.
        collapse_key: at most 64 characters; on a device a later message with the same one may take the place of this.
    """

    idempotency_key: str
    topic: str | int
    draft: Draft
    app: str | None = None
    collapse_key: str | None = None


class Message(Struct, frozen=True, kw_only=True):
    """
    What was sent.

    Attributes:
        id: WxPusher's messageContentId.
        slug: unguessable; its page is `/m/{slug}`.
        topic: name of the first topic it was sent to, None when it went to users only.
        topic_key: how watches.yaml names that topic, if it does.
    """

    id: int
    slug: str
    app_id: int
    app_name: str
    topic: str | None
    draft: Draft
    created_at: datetime
    topic_key: str | None = None


class DeliveryState(StrEnum):
    """How far one message to one subscriber over one channel has come."""

    QUEUED = "queued"
    """to be handed to the channel"""
    SENT = "sent"
    """the channel took it; for the inbox: it is in the database"""
    SHOWN = "shown"
    """the subscriber's device showed it"""
    OPENED = "opened"
    """the subscriber opened it"""
    FAILED = "failed"
    """given up, with a reason"""


SEEN_STATES: Final = frozenset({DeliveryState.SHOWN, DeliveryState.OPENED})
"""A device of the subscriber has shown the message."""


class InboxSearch(Struct, frozen=True, kw_only=True):
    """
    What is looked for in an inbox.

    Attributes:
        text: stands in the summary or in what was sent, whatever its capitals; empty: anything.
        topic_id, app_id: where it was sent to, or who sent it; at most one is set.
    """

    text: str = ""
    topic_id: int | None = None
    app_id: int | None = None

    @property
    def is_for_all(self) -> bool:
        """True when nothing is left out."""
        return not self.text and self.topic_id is None and self.app_id is None


class InboxItem(Struct, frozen=True, kw_only=True):
    """
    A message in one subscriber's inbox.

    Attributes:
        id: of the delivery; increases within the database, so it is the event id of the live inbox.
    """

    id: int
    message: Message
    state: DeliveryState


class SendStatus(IntEnum):
    """WxPusher's answer to a status query."""

    WAITING = 1
    SENDING = 2
    SENT = 3
    FAILED = 4


class TargetResult(Struct, frozen=True, kw_only=True):
    """
    What became of one target of a send.

    Attributes:
        uid, topic_id: the target; exactly one is set, and neither for a simple push token that nobody has.
        message_id: messageContentId, None on failure.
        send_record_id: for status queries, 1 to 2^53 - 1, without order; None on failure.
        code: 1000, or 1001 with the reason in `status`.
    """

    uid: str | None
    topic_id: int | None
    message_id: int | None
    send_record_id: int | None
    code: int
    status: str


class DeliveryCounts(Struct, frozen=True, kw_only=True):
    """Deliveries of a message by state. A subscriber counts once for each channel that was tried."""

    queued: int = 0
    sent: int = 0
    shown: int = 0
    opened: int = 0
    failed: int = 0


class MessageReport(Struct, frozen=True, kw_only=True):
    """A message with what became of it, for the operator's log."""

    message: Message
    deliveries: DeliveryCounts


OVER_LIMIT: Final = "over the daily limit of this application"
"""The reason of a delivery that our own limit stopped; any other is a channel's."""


class Delivery(Struct, frozen=True, kw_only=True):
    """One message to one subscriber over one channel. `reason`: why it failed, None unless it did."""

    id: int
    uid: str
    channel: str
    state: DeliveryState
    reason: str | None
    sent_at: datetime | None
    shown_at: datetime | None
    opened_at: datetime | None = None


class MessageEvent(Struct, frozen=True, kw_only=True):
    """
    That something was sent; its number is the message's id.

    Attributes:
        key: its idempotency key; of one that a watch made: its id in the outbox.
        inboxes: how many it came into; None: it is being brought to its readers, as to a topic of thousands.
        is_deleted: its sender took it back, and nothing it said is left.
    """

    message: Message
    key: str | None
    inboxes: int | None
    is_deleted: bool

    @property
    def number(self) -> int:
        """The message's id."""
        return self.message.id

    @property
    def at(self) -> datetime:
        """When it was sent."""
        return self.message.created_at


class DeliveryEvent(Struct, frozen=True, kw_only=True):
    """That a delivery reached a state. What is said besides is None where the delivery is gone meanwhile."""

    number: int
    at: datetime
    state: DeliveryState
    message_id: int | None
    topic: str | None
    summary: str | None
    uid: str | None
    channel: str | None
    reason: str | None


class PushEvents(Struct, frozen=True, kw_only=True):
    """A stretch of what the push service did."""

    messages: Sequence[MessageEvent]
    deliveries: Sequence[DeliveryEvent]


_Listed = TypeVar("_Listed", App, PushTopic)


class Place(Struct, frozen=True, kw_only=True):
    """What can be followed: a topic, or an application. Raises ValueError unless exactly one is given."""

    topic_id: int | None = None
    app_id: int | None = None

    def __post_init__(self) -> None:
        if (self.topic_id is None) == (self.app_id is None):
            raise ValueError("a subscription is to exactly one of topic_id and app_id")


class TopicFilter(Struct, frozen=True, kw_only=True):
    """
    Which topics are asked for.

    Attributes:
        account_id: those of this account's applications; None: of all.
        app_id: those of this application.
        search: those whose name or key contains this.
        not_id: all but this one.
    """

    account_id: int | None = None
    app_id: int | None = None
    search: str = ""
    not_id: int | None = None


class Follower(Struct, frozen=True, kw_only=True):
    """
    A subscriber as an application's owner sees them.

    Attributes:
        remark: what the owner calls them; empty without one.
        subscriptions: the first of those that they have in what was asked for, by id; `total`: how many there are.
    """

    subscriber: Subscriber
    remark: str
    subscriptions: Sequence[Subscription]
    total: int


class FollowerFilter(Struct, frozen=True, kw_only=True):
    """
    Which subscribers are asked for, and what of them.

    Attributes:
        account_id: those who subscribe to this account's applications and their topics; None: all.
        app_id: those who subscribe to this application or a topic of it.
        topic_id: those who subscribe to this topic.
        state: those of whom such a subscription is in this state.
        search: those whose uid or remark contains this.
    """

    account_id: int | None = None
    app_id: int | None = None
    topic_id: int | None = None
    state: SubscriptionState | None = None
    search: str = ""


class AudienceCounts(Struct, frozen=True, kw_only=True):
    """
    Who subscribes to a topic, counted.

    Attributes:
        by_channel: followers by the channels that they set up, by name; one with two counts twice.
        inbox_only: followers who set up none.
        messages: sent to the topic and still kept.
    """

    following: int
    waiting: int
    rejected: int
    by_channel: Mapping[str, int]
    inbox_only: int
    messages: int


class Receipt(Struct, frozen=True, kw_only=True):
    """
    How far a message has come to one subscriber.

    Attributes:
        state: in the inbox, where it stands as shown or opened whatever channel it came over.
        ways: each other channel that it took, with its state there.
    """

    message: Message
    state: DeliveryState
    ways: Sequence[tuple[str, DeliveryState]] = ()


class SubscriptionFilter(Struct, frozen=True, kw_only=True):
    """
    Which subscriptions are asked for.

    Attributes:
        app_id: those to this application and its topics.
        uid: those of this subscriber.
        to_topics: True: to topics only; False: to applications only.
    """

    app_id: int | None = None
    uid: str | None = None
    to_topics: bool | None = None
    states: Collection[SubscriptionState] = tuple(SubscriptionState)


class MessageFilter(Struct, frozen=True, kw_only=True):
    """
    Which messages are asked for.

    Attributes:
        app_id: those of this application.
        topic_id: those that were sent to this topic, which may be gone.
        since, until: those sent at this time or later, and before that one.
        state: those of which at least one delivery is in this state.
        account_id: those of the applications of this account; None: of all.
        uid: those that were brought to this subscriber, over whatever channel, in vain too.
        text: those in whose summary this stands; large and small letters of ASCII are one.
        above: those with a higher id: a search for words reads each message.
        is_seen: those that somebody has seen.
        is_waiting: those that are not with all their readers yet.
    """

    app_id: int | None = None
    topic_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    state: DeliveryState | None = None
    account_id: int | None = None
    uid: str | None = None
    text: str | None = None
    above: int | None = None
    is_seen: bool = False
    is_waiting: bool = False


class Slice(Struct, frozen=True, kw_only=True):
    """
    Which stretch of a list is asked for.

    Attributes:
        after: the id of the last one that is known; 0: from the beginning.
        limit: how many at most.
        is_newest_first: from the end backwards; `after` is then the lowest id that is known.
    """

    after: int = 0
    limit: int = 100
    is_newest_first: bool = False

    def of(self, found: Sequence[_Listed]) -> Sequence[_Listed]:
        """Return the stretch of a list by id, which is always short, as operators add to it one by one."""
        if not self.is_newest_first:
            return [one for one in found if one.id > self.after][: self.limit]
        known = [one for one in found if one.id < self.after] if self.after else found
        return known[::-1][: self.limit]
