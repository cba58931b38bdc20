"""The message with a code of 6 digits, by which whoever reads it confirms an address."""

from __future__ import annotations

from watcher.core.channels import Address, ChannelName, Notification
from watcher.core.push import Message
from watcher.push.channels.asking import Question
from watcher.push.draft import make_draft
from watcher.push.ids import new_slug
from watcher.translations import Locale, spoken, text


def coded_message(question: Question, channel: ChannelName) -> tuple[Notification, Address]:
    """Return the message that has the code, and where it goes. Both have the id 0: they are stored nowhere."""
    language = spoken(question.lang) or Locale.ENGLISH
    draft = make_draft(
        text(language, "code_message", code=question.secret, uid=question.uid),
        summary=text(language, "code_message_summary", code=question.secret),
    )
    at = question.asked_at
    message = Message(id=0, slug=new_slug(), app_id=0, app_name="", topic=None, draft=draft, created_at=at)
    address = Address(id=0, subscriber_id=0, channel=channel, value=question.address, created_at=at)
    notification = Notification(
        item_id=0, message=message, link=question.page, expires_at=question.expires_at, lang=question.lang
    )
    return notification, address
