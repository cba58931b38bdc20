"""What the tests of the channels are told with."""

from __future__ import annotations

from datetime import timedelta

from tests.push.builders import NOON
from watcher.core.channels import Address, ChannelName, Notification
from watcher.core.push import Draft, Message


def a_notification(
    summary: str = "Dune 12.00 → 8.50",
    *,
    item_id: int = 7,
    topic: str | None = "Deals",
    link: str = "https://push.example/m/abc",
    collapse_key: str | None = None,
    lasts: timedelta = timedelta(hours=6),
    content: str = "The price fell.",
) -> Notification:
    message = Message(
        id=1,
        slug="abc",
        app_id=1,
        app_name="Shop",
        topic=topic,
        draft=Draft(summary=summary, content=content),
        created_at=NOON,
    )
    return Notification(
        item_id=item_id, message=message, link=link, expires_at=NOON + lasts, collapse_key=collapse_key, lang="en"
    )


def an_address(value: str, channel: ChannelName = ChannelName.WEB_PUSH) -> Address:
    return Address(id=1, subscriber_id=1, channel=channel, value=value, created_at=NOON)
