"""What is sent over the other server to people whose application moved here: a link by which they come along."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from watcher.core.channels import Address, ChannelName, Notification
from watcher.core.moves import INVITATION_LIFE, Invited
from watcher.core.push import Message, PushTopic
from watcher.push.channels.upstream.address import topic_address
from watcher.push.draft import make_draft
from watcher.push.ids import new_slug
from watcher.translations import Locale, text

_LANGUAGES: Final = (Locale.CHINESE, Locale.ENGLISH)
"""Nobody knows theirs, so it is said in each, below one another."""


def to_uid(invited: Invited, link: str, host: str, *, at: datetime) -> tuple[Notification, Address]:
    """Return the message with the link by which somebody claims their UID, and where it goes."""
    days = str(INVITATION_LIFE.days)
    said = (text(language, "invitation", name=invited.app_name, host=host, days=days) for language in _LANGUAGES)
    content = "\n\n".join(said)
    summary = text(Locale.CHINESE, "invitation_summary", name=invited.app_name)
    return _message(content, summary, link, app_id=invited.app_id, to=invited.uid, at=at)


def to_topic(topic: PushTopic, link: str, host: str, *, at: datetime) -> tuple[Notification, Address]:
    """Return the message with the link by which whoever follows a topic there subscribes here, and where it goes."""
    content = "\n\n".join(text(language, "topic_invitation", name=topic.name, host=host) for language in _LANGUAGES)
    summary = text(Locale.CHINESE, "topic_invitation_summary", name=topic.name)
    return _message(content, summary, link, app_id=topic.app_id, to=topic_address(topic.id), at=at)


def _message(
    content: str, summary: str, link: str, *, app_id: int, to: str, at: datetime
) -> tuple[Notification, Address]:
    """Both have the id 0: they are stored nowhere."""
    draft = make_draft(content, summary=summary)
    message = Message(id=0, slug=new_slug(), app_id=app_id, app_name="", topic=None, draft=draft, created_at=at)
    address = Address(id=0, subscriber_id=0, channel=ChannelName.UPSTREAM, value=to, created_at=at)
    return Notification(item_id=0, message=message, link=link, expires_at=at + INVITATION_LIFE), address
