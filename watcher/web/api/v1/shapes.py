"""What the API answers. The document at `/api/v1/openapi.json` is made from these."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar, Generic, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from watcher.core.callbacks import CallbackState
from watcher.core.push import DeliveryState, SubscriptionState, TopicMode

T = TypeVar("T", bound=BaseModel)


class Shape(BaseModel):
    """Part of an answer. Points in time are ISO 8601 in UTC."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_enum_values=False)


class Page(Shape, Generic[T]):
    """One page of a list."""

    items: list[T]
    next: Annotated[str | None, Field(description="The address of the next page; null on the last one.")] = None

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Return the name of a page in the document: `TopicPage`."""
        return f"{params[0].__name__}Page"


class Application(Shape):
    """An application: who sends."""

    id: int
    name: str
    contact: str
    description: str
    follow_prompt: Annotated[str, Field(description="Said to whoever follows it.")]
    callback_url: Annotated[str, Field(description="Is told who follows it.")]
    settings_url: Annotated[str, Field(description="The application's own settings page.")]
    link: Annotated[str, Field(description="The page on which people follow it; its QR code is at `{link}/qr.svg`.")]
    by_number: Annotated[bool, Field(description="Whether `/wxuser/?type=1&id=…` leads there too.")]
    created_at: datetime


class NewApplication(Application):
    """An application just made, with its secrets, which are shown only here."""

    token: Annotated[str, Field(description="Sends messages; `AT_…`.")]
    signing_key: Annotated[str, Field(description="Signs callbacks and links to the settings page.")]


class NewToken(Shape):
    """An application's new token, which is shown only here."""

    token: Annotated[str, Field(description="Sends messages; `AT_…`.")]


class NewSigningKey(Shape):
    """An application's new signing key, which is shown only here."""

    signing_key: Annotated[str, Field(description="Signs callbacks and links to the settings page.")]


class Callback(Shape):
    """One event that an application's owner is told at its `callback_url`. Settled ones are kept for 30 days."""

    id: int
    state: CallbackState
    body: Annotated[str, Field(description="JSON, byte for byte as it is sent.")]
    attempts: int
    status: Annotated[int | None, Field(description="HTTP status of the last answer; null when there was none.")]
    reason: Annotated[str | None, Field(description="Why the last attempt failed.")]
    due_at: Annotated[datetime | None, Field(description="When it is tried again; null unless it is pending.")]
    created_at: datetime


class Topic(Shape):
    """A topic of an application, which people follow."""

    id: int
    app_id: int
    key: Annotated[str | None, Field(description="How watches.yaml names it; null for one made by hand.")]
    name: str
    description: str
    mode: TopicMode
    subscribers: Annotated[int, Field(description="How many follow it now.")]
    link: Annotated[str, Field(description="The page on which people subscribe; its QR code is at `{link}/qr.svg`.")]
    by_number: Annotated[bool, Field(description="Whether `/wxuser/?type=2&id=…` leads there too.")]
    created_at: datetime


class Subscriber(Shape):
    """Someone who gets messages."""

    uid: str
    nickname: str
    is_receiving: Annotated[bool, Field(description="The subscriber's own switch for all messages.")]
    created_at: datetime


class NewSubscriber(Subscriber):
    """A subscriber just made, with its secrets, which are shown only here."""

    spt: Annotated[str, Field(description="Simple push token: whoever has it may send to this subscriber.")]
    device_token: Annotated[str, Field(description="Value of the cookie `watcher_device`, which opens the inbox.")]


class Subscription(Shape):
    """How one subscriber stands to one topic or application."""

    id: int
    uid: str
    nickname: str
    app_id: Annotated[int | None, Field(description="The application that is followed; null for a topic.")]
    topic_id: Annotated[int | None, Field(description="The topic that is followed; null for an application.")]
    place: Annotated[str, Field(description="Name of that topic or application.")]
    state: SubscriptionState
    is_receiving: Annotated[bool, Field(description="False while the subscriber has switched it off.")]
    created_at: datetime


class Counts(Shape):
    """Deliveries of a message by state. A subscriber counts once for each channel that was tried."""

    queued: int
    sent: int
    shown: int
    opened: int
    failed: int


class Message(Shape):
    """A message, and how far it has come."""

    id: int
    app_id: int
    topic: Annotated[str | None, Field(description="Name of the first topic that it went to.")]
    summary: str
    content: str
    content_type: Annotated[str, Field(description="text, html or markdown")]
    url: str | None
    page: Annotated[str, Field(description="Where people read it.")]
    created_at: datetime
    deliveries: Counts


class Target(Shape):
    """What became of one target of a message: a uid, or a topic."""

    uid: str | None
    topic_id: int | None
    is_sent: bool
    send_record_id: Annotated[
        int | None, Field(description="For status queries: 1 to 2^53 - 1, without order; null unless it was sent.")
    ]
    reason: Annotated[str | None, Field(description="Why it was not sent.")]


class Sent(Shape):
    """What a send came to; a repeat with the same `Idempotency-Key` gets it again."""

    message_id: int
    targets: Annotated[list[Target], Field(description="In the order asked: uids, then topics.")]


class Delivery(Shape):
    """
    One message to one subscriber over one channel.

    Each has the inbox; other channels follow one after the other, as long as the message was not shown.
    """

    id: int
    uid: str
    channel: Annotated[str, Field(description="inbox, or how else the subscriber is reached: webpush, wechat, …")]
    state: DeliveryState
    reason: Annotated[str | None, Field(description="Why it failed.")]
    sent_at: datetime | None
    shown_at: datetime | None
    opened_at: datetime | None


class MoneyValue(Shape):
    """An amount; text, so that no digit is lost."""

    amount: str
    currency: Annotated[str | None, Field(description="As the page wrote it, if it did.")]


class NumberValue(Shape):
    """A decimal number; text, so that no digit is lost."""

    number: str


class DateValue(Shape):
    """A date, with or without a time, ISO 8601."""

    date: str


ValueOut: TypeAlias = str | int | MoneyValue | NumberValue | DateValue | None
RowOut: TypeAlias = dict[str, ValueOut]
RowsOut: TypeAlias = Annotated[
    dict[str, RowOut], Field(description='Row key → value name → value. A page without a list has the one key "".')
]


class Failure(Shape):
    """Why the last check failed."""

    kind: Annotated[str, Field(description="One stable word.")]
    text: str


class Suspicion(Shape):
    """The page looks wrong in a way that may be true; `watcher accept ID` says that it is."""

    checks: Annotated[int, Field(description="Checks in a row that saw the same.")]
    is_accepted: bool


class Watch(Shape):
    """What is remembered of a watch."""

    id: str
    values: RowsOut
    checked_at: datetime | None
    next_check_at: datetime | None
    good_at: Annotated[datetime | None, Field(description="When the last good check was.")]
    changed_at: datetime | None
    failures: Annotated[int, Field(description="Failed checks in a row.")]
    failing_since: datetime | None
    failure: Failure | None
    suspicious: Suspicion | None


class Change(Shape):
    """One entry of a watch's history: the rows that differ; one that is absent was not there."""

    sequence: int
    changed_at: datetime
    old: RowsOut
    new: RowsOut
    messages: Annotated[list[str], Field(description="Ids of the messages that told it.")]


class InboxItem(Shape):
    """A message in the inbox of this device."""

    id: int
    state: DeliveryState
    app: str
    topic: str | None
    summary: str
    content: str
    contentType: Annotated[int, Field(description="1 text, 2 HTML, 3 markdown")]  # noqa: N815 as it is sent
    url: str | None
    page: str
    createTime: Annotated[int, Field(description="Milliseconds since 1970.")]  # noqa: N815 as it is sent


class InboxAnswer(Shape):
    """WxPusher's envelope around the items; without a known device `code` is 1002 and there is no data."""

    code: int
    msg: str
    data: list[InboxItem] | None
    success: bool


class FieldProblem(Shape):
    """What is wrong with one field."""

    field: str
    problem: str


class Problem(Shape):
    """Why a request failed (RFC 9457)."""

    media_type: ClassVar[str] = "application/problem+json"

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: Annotated[list[FieldProblem], Field(description="The fields that are wrong, at most 20.")] = []
