"""
Handing a delivery over to one address: what becomes of it, and when the next channel takes over.

before it is tried, the first that holds:
    the channel is not set up here, or the address is another's by now    given up, the next channel takes over
    its subscriber is not to get it any more                              given up
    it expired                                                            given up
    seen in the inbox long before                                         given up
    the subscriber has quiet hours                                        waits for their end; no attempt
after an answer:
    Sent                                                                  taken
    Retry                                                                 waits, unless it expires first
    Refused, Gone                                                         given up, the next channel takes over

Given up is said of one address; the delivery has failed when none of its addresses is left.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, TypeAlias, assert_never

from msgspec import Struct

from watcher.core import channels
from watcher.core.backoff import Chance
from watcher.core.push import OVER_LIMIT, Message
from watcher.core.quiet import QuietHours, quiet_until

WORTH_TELLING: Final = timedelta(days=1)
"""After a message was sent, no further channel takes it up."""
LONGEST_WAIT: Final = timedelta(days=2)
"""Longer than any wait of ours: the end of quiet hours, or what a relay may ask for and a fifth on top."""
_NEWS: Final = timedelta(minutes=1)
"""So young a message is told even when the inbox has shown it: on a screen that nobody need be looking at."""

EXPIRED: Final = "expired"
UNWANTED: Final = "the subscriber does not get this any more"
MUTED: Final = "the subscriber had muted this for a time: it is in the inbox alone"
SEEN: Final = "seen in the inbox before it could be sent"
ANOTHERS: Final = "the address is another subscriber's by now"
NOT_SET_UP: Final = "this channel is not set up any more"
ADDRESS_LOST: Final = "the address was removed"
DELETED: Final = "the message was deleted"
SENDER_BLOCKED: Final = "its sender's account was blocked"
OWNER_LEFT: Final = "the application was handed over to another owner"
"""Of a callback that waited."""
NOT_TAKEN: Final = "the channel did not take it"
_TOLD_TO_OWNERS: Final = frozenset({EXPIRED, UNWANTED, MUTED, SEEN, NOT_SET_UP, DELETED, SENDER_BLOCKED, OVER_LIMIT})


def reason_for_owner(reason: str) -> str:
    """
    Return why a delivery failed, as the owner of its application may read it.

    A channel's own words may name an address, a device or a server of the subscriber: those are the operator's to see.
    """
    if reason in _TOLD_TO_OWNERS:
        return reason
    return EXPIRED if reason.startswith(f"{EXPIRED}: ") else NOT_TAKEN


class Handover(Struct, frozen=True, kw_only=True):
    """
    A delivery that is to be handed to one address.

    Attributes:
        subscriber_id: whose delivery it is; the address may have become another's.
        item_id: of the message in the subscriber's inbox.
        attempts: that failed, in a row.
        sent_at: when the message came into the inbox.
        is_seen: the subscriber has seen it there, or over another channel.
        is_wanted: the subscriber follows what the message was sent to, and has not switched it off.
        is_muted: the subscriber does, but wants nothing of it for a time but in the inbox.
    """

    id: int
    delivery_id: int
    subscriber_id: int
    address: channels.Address
    item_id: int
    message: Message
    collapse_key: str | None
    preferences: channels.Preferences
    attempts: int
    sent_at: datetime
    expires_at: datetime
    is_seen: bool
    is_wanted: bool
    is_muted: bool = False

    def notification(self, link: str) -> channels.Notification:
        """Return what the channel is handed; `link` leads to the message's page."""
        return channels.Notification(
            item_id=self.item_id,
            message=self.message,
            link=link,
            expires_at=self.expires_at,
            collapse_key=self.collapse_key,
            lang=self.preferences.lang or "en",
        )


class Taken(Struct, frozen=True, kw_only=True):
    """The channel took it; at `look_at` is looked whether it was shown."""

    at: datetime
    look_at: datetime


class Waiting(Struct, frozen=True, kw_only=True):
    """It is due again at `due_at`, and what is queued behind it for the same address waits, too."""

    attempts: int
    due_at: datetime


class GivenUp(Struct, frozen=True, kw_only=True):
    """
    It will not be sent to this address.

    Attributes:
        goes_on: the next channel takes over.
        strikes: of the address, if they are more now.
        is_address_gone: the address is dropped, with all that waits for it.
    """

    reason: str
    goes_on: bool = False
    strikes: int | None = None
    is_address_gone: bool = False


HandoverOutcome: TypeAlias = Taken | Waiting | GivenUp


class Onward(Struct, frozen=True, kw_only=True):
    """
    How deliveries go on that no address of their channel took.

    Attributes:
        at: now.
        channels: those that are set up.
        look_at: when to look whether the next channel's notification was shown.
    """

    at: datetime
    channels: Collection[channels.ChannelName]
    look_at: datetime


class Settled(Struct, frozen=True, kw_only=True):
    """What became of one handover."""

    handover: Handover
    outcome: HandoverOutcome
    at: datetime


def without_trying(handover: Handover, *, is_set_up: bool, now: datetime) -> HandoverOutcome | None:
    """Return what becomes of it untried; None: it is to be tried."""
    if not is_set_up:
        return GivenUp(reason=NOT_SET_UP, goes_on=True)
    if handover.address.subscriber_id != handover.subscriber_id:
        return GivenUp(reason=ANOTHERS, goes_on=True)
    if not handover.is_wanted:
        return GivenUp(reason=UNWANTED)
    if handover.is_muted:
        return GivenUp(reason=MUTED)
    if handover.expires_at <= now:
        return GivenUp(reason=EXPIRED)
    if handover.is_seen and now - handover.sent_at > _NEWS:
        return GivenUp(reason=SEEN)
    quiet_end = _quiet_end(handover.preferences.quiet, now)
    return None if quiet_end is None else Waiting(attempts=handover.attempts, due_at=quiet_end)


def after_answer(
    handover: Handover, answer: channels.SendResult, *, now: datetime, chance: Chance, failover_after: timedelta
) -> HandoverOutcome:
    """
    Return what the channel's answer makes of it.

    Args:
        chance: lengthens the wait before a retry.
        failover_after: when to look whether it was shown.
    """
    match answer:
        case channels.Sent():
            return Taken(at=now, look_at=now + failover_after)
        case channels.Retry():
            again = channels.retry_at(handover.attempts + 1, answer, now=now, chance=chance)
            if again >= handover.expires_at:
                return GivenUp(reason=f"{EXPIRED}: {answer.reason}")
            return Waiting(attempts=handover.attempts + 1, due_at=again)
        case channels.Refused():
            return _refused(handover.address, answer, now)
        case channels.Gone():
            return GivenUp(reason=answer.reason, goes_on=True, is_address_gone=True)
        case _:
            assert_never(answer)


class Look(Struct, frozen=True, kw_only=True):
    """A delivery to look at again: was its message shown? `is_seen`: the subscriber has seen the message, wherever."""

    delivery_id: int
    message_id: int
    subscriber_id: int
    is_seen: bool
    sent_at: datetime
    quiet: QuietHours | None


class Looked(Struct, frozen=True, kw_only=True):
    """What came of a look: when to look again (None: never), and whether the next channel takes over now."""

    look: Look
    look_at: datetime | None = None
    goes_on: bool = False


def after_look(look: Look, *, now: datetime, failover_after: timedelta) -> Looked:
    """Return whether the next channel takes over: when the message was not seen, is young, and it is not quiet."""
    if look.is_seen or now - look.sent_at >= WORTH_TELLING:
        return Looked(look=look)
    if look.sent_at <= now < look.sent_at + failover_after:
        return Looked(look=look, look_at=look.sent_at + failover_after)
    quiet_end = _quiet_end(look.quiet, now)
    if quiet_end is not None:
        return Looked(look=look, look_at=quiet_end + failover_after)
    return Looked(look=look, goes_on=True)


def _refused(address: channels.Address, answer: channels.Refused, now: datetime) -> GivenUp:
    if answer.strikes is None:
        return GivenUp(reason=answer.reason, goes_on=True)
    if channels.is_struck_out(address, answer.strikes, now=now):
        return GivenUp(reason=answer.reason, goes_on=True, is_address_gone=True)
    return GivenUp(reason=answer.reason, goes_on=True, strikes=channels.strikes_after(address, answer.strikes, now=now))


def _quiet_end(quiet: QuietHours | None, now: datetime) -> datetime | None:
    return None if quiet is None else quiet_until(quiet, now=now)
