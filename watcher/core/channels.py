"""
Channels: the ways a message reaches a person, and what one can answer.

    answer      the delivery                                   the address
    Sent        sent                                           kept, its strikes are forgotten
    Retry       tried again, later each time, until it expires kept, whatever the relay says
    Refused     failed; the next channel takes over            kept; dropped at the last of its strikes
    Gone        failed; the next channel takes over            dropped

An alarm is a refusal that the operator has to mend: wrong keys, a revoked secret, a template that is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol, TypeAlias, runtime_checkable

from msgspec import Struct

from watcher.core.backoff import Chance
from watcher.core.push import Message
from watcher.core.quiet import QuietHours
from watcher.core.retry_after import MAX_RETRY_AFTER


class ChannelName(StrEnum):
    """Every channel there is, in the order in which they are tried unless a subscriber says otherwise."""

    INBOX = "inbox"
    """the page of ours; always there, so it is in no order"""
    WEB_PUSH = "webpush"
    NTFY = "ntfy"
    """apps that speak ntfy's protocol, and fetch from us"""
    WECHAT = "wechat"
    UPSTREAM = "upstream"
    """the hosted WxPusher"""
    BARK = "bark"
    """the app on iPhones, over its server or one of somebody's own"""
    EMAIL = "email"
    APPRISE = "apprise"
    """whatever the library Apprise knows, where the operator allows it"""
    WECOM = "wecom"
    """the robot of a WeCom group; of groups, to which no subscriber belongs"""
    FEISHU = "feishu"
    """the robot of a Feishu or Lark group"""
    DINGTALK = "dingtalk"
    """the robot of a DingTalk group"""


FETCHED: Final = frozenset({ChannelName.NTFY})
"""Channels whose readers fetch from us what was handed over, over connections that they hold."""


class Address(Struct, frozen=True, kw_only=True):
    """
    Where one subscriber is reached over one channel. A subscriber may have several: one per browser.

    Attributes:
        value: what the channel needs to know, as text: a browser's push subscription (JSON), an openid, a UID of the
            hosted service, a mail address. Never logged.
        label: what its owner knows it by, like "Chrome · Android"; may be empty.
        strikes: how often in a row it was refused for its own sake.
        struck_at: when last, None while `strikes` is 0.
        version: how often it was given anew; what a relay says of an older one does not concern this one.
    """

    id: int
    subscriber_id: int
    channel: ChannelName
    value: str
    created_at: datetime
    label: str = ""
    strikes: int = 0
    struck_at: datetime | None = None
    version: int = 0


class AddressDraft(Struct, frozen=True, kw_only=True):
    """
    An address before it is stored.

    Attributes:
        fingerprint: what is unique about it in its channel, hashed; the same again renews it.
        label: what its owner knows it by; may be empty.
        bound_to: the key of ours with which alone it is reached; empty: none is needed.
        device_id: of the device that is reached there, if it is one: when it is ended, so is the address.
    """

    channel: ChannelName
    fingerprint: str
    value: str
    label: str = ""
    bound_to: str = ""
    device_id: int | None = None


class Notification(Struct, frozen=True, kw_only=True):
    """
    A message on its way to one address.

    Attributes:
        item_id: of the message in the subscriber's inbox; what a device acknowledges as shown.
        link: the message's page, an absolute address.
        collapse_key: a later notification with the same one may replace this where it was not shown yet;
            None: it stands alone.
        lang: of what is written around the message: `zh` or `en`.
        expires_at: after this a relay need not keep it.
    """

    item_id: int
    message: Message
    link: str
    expires_at: datetime
    collapse_key: str | None = None
    lang: str = "en"


class Sent(Struct, frozen=True, kw_only=True):
    """The relay took it."""


class Pause(StrEnum):
    """Who has to wait before a retry."""

    ADDRESS = "address"
    LANE = "lane"
    """all addresses behind the same relay"""


class Retry(Struct, frozen=True, kw_only=True):
    """
    Try again later. It says nothing against the address.

    Attributes:
        after: no sooner than this, as the relay asked; None: as we think fit.
    """

    reason: str
    after: timedelta | None = None
    pause: Pause = Pause.ADDRESS


class Strikes(Struct, frozen=True, kw_only=True):
    """An address that is refused so many times in a row is dropped; if `within` is given, only within that time."""

    most: int
    within: timedelta | None = None


class Refused(Struct, frozen=True, kw_only=True):
    """
    The relay refuses this message.

    Attributes:
        strikes: the refusal speaks against the address, which is dropped at the last of these.
        is_alarm: our own set-up is wrong, for every address: the operator is told.
    """

    reason: str
    strikes: Strikes | None = None
    is_alarm: bool = False


class Gone(Struct, frozen=True, kw_only=True):
    """The address does not exist any more."""

    reason: str


SendResult: TypeAlias = Sent | Retry | Refused | Gone


class Channel(Protocol):
    """One way to reach people. Its reasons name no secret and no address."""

    @property
    def name(self) -> ChannelName: ...

    @property
    def at_once(self) -> int:
        """How many notifications may be under way in one lane."""

    def lane(self, address: Address) -> str:
        """Return whose patience the address shares: the relay's origin. What pauses one pauses all of it."""

    async def send(self, notification: Notification, address: Address) -> SendResult:
        """Hand it over, within the channel's own time limit. Raises nothing but cancellation and defects."""


@runtime_checkable
class FetchedChannel(Channel, Protocol):
    """A way to reach people who fetch from us what was handed over: whether somebody does is known at once."""

    def answer_at_once(self, address: Address) -> SendResult:
        """Say what `send` would. Raises nothing but defects."""


RETRY_WAITS: Final[Sequence[timedelta]] = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600, 1800))
"""After the first failure, the second, …; the last one again and again."""


def retry_at(attempts: int, answer: Retry, *, now: datetime, chance: Chance) -> datetime:
    """
    Return when to try again after so many attempts in a row (≥ 1).

    What the relay asked for is not undercut, up to a day; on top of either comes up to a fifth, so that a crowd does
    not return in one moment.
    """
    ours = RETRY_WAITS[min(attempts, len(RETRY_WAITS)) - 1]
    asked = min(answer.after or timedelta(0), MAX_RETRY_AFTER)
    return now + max(ours, asked) * (1 + chance / 5)


def strikes_after(address: Address, strikes: Strikes, *, now: datetime) -> int:
    """Return how many strikes in a row one more now makes, those within the time that counts."""
    counts = address.struck_at is not None and (strikes.within is None or now - address.struck_at <= strikes.within)
    return (address.strikes if counts else 0) + 1


def is_struck_out(address: Address, strikes: Strikes, *, now: datetime) -> bool:
    """Return whether one more strike now is the last."""
    return strikes_after(address, strikes, now=now) >= strikes.most


class Preferences(Struct, frozen=True, kw_only=True):
    """
    How a subscriber wants to be reached.

    Attributes:
        order: channels in the order in which they are tried; those that are missing follow in their usual order.
        quiet: None: never.
        lang: `zh` or `en`, what its pages were last shown in; empty when unknown.
    """

    order: Sequence[ChannelName] = ()
    quiet: QuietHours | None = None
    lang: str = ""


def place_of(channel: ChannelName, order: Sequence[ChannelName]) -> int:
    """Return when the channel is tried in this order, from 0. In `[email]`: email 0, then webpush 1, ntfy 2."""
    usual = [name for name in ChannelName if name is not ChannelName.INBOX and name not in order]
    return [*dict.fromkeys(order), *usual].index(channel)
