"""How the owner of a UID confirms that messages may be sent there: by a code of 6 digits, good for a day."""

from __future__ import annotations

from typing import Final

from watcher.core.channels import Address, ChannelName, Notification
from watcher.core.push import Message
from watcher.push.channels.asking import Confirmation, Question
from watcher.push.channels.upstream.address import valid_uid
from watcher.push.draft import make_draft
from watcher.push.ids import new_slug
from watcher.translations import Locale, spoken, text

CONFIRMATION: Final = Confirmation(is_by_link=False, most_a_day=6, valid=valid_uid, canonical=str, mailbox_of=str)


def as_notification(question: Question) -> tuple[Notification, Address]:
    """Return the message that has the code, and where it goes. Both have the id 0: they are stored nowhere."""
    language = spoken(question.lang) or Locale.ENGLISH
    draft = make_draft(
        text(language, "upstream_message", code=question.secret, uid=question.uid),
        summary=text(language, "upstream_message_summary", code=question.secret),
    )
    at = question.asked_at
    message = Message(id=0, slug=new_slug(), app_id=0, app_name="", topic=None, draft=draft, created_at=at)
    address = Address(id=0, subscriber_id=0, channel=ChannelName.UPSTREAM, value=question.address, created_at=at)
    notification = Notification(item_id=0, message=message, link=question.page, expires_at=question.expires_at)
    return notification, address
