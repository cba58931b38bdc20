"""
Mails as text. Pure.

What comes from senders (summary, content, names) cannot leave its place: headers are one line without controls and
encoded by the email package, bodies travel as base64.

The package's older policy is meant. The newer one encodes a long address in List-Unsubscribe as if it were words
(RFC 2047 §5 forbids it), and drops blanks between words that it encodes one by one (Python 3.11).
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator
from datetime import datetime
from email.generator import BytesGenerator
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr
from io import BytesIO
from typing import Final

from msgspec import Struct

from watcher.core.channels import Notification
from watcher.core.push import ContentType, Draft
from watcher.core.words import clean, cut, one_line
from watcher.push.channels.asking import Question
from watcher.push.channels.email.settings import Sender
from watcher.push.render import is_cheap, render, render_as_text, text_of_html
from watcher.translations import Locale, spoken, text

_MAX_SUBJECT: Final = 200
# The subject is folded already; what machines read stays whole up to the limit (RFC 5322 §2.1.1).
_POLICY: Final = compat32.clone(linesep="\r\n", max_line_length=998)
_WEB_LINK: Final = re.compile(r"https?://[!-~]+", re.IGNORECASE)


class Letter(Struct, frozen=True, kw_only=True):
    """
    A mail to one person.

    Attributes:
        to: a valid mail address.
        repeat_key: the same for a mail that is sent again, 32 hex digits; its Message-ID comes of it.
        thread_key: the same for all mails that belong together, None: it stands alone.
        unsubscribe: address of the page that ends it, None where there is nothing to end.
    """

    to: str
    subject: str
    text: str
    html: str | None
    repeat_key: str
    written_at: datetime
    thread_key: str | None = None
    unsubscribe: str | None = None


def letter_of(notification: Notification, to: str, *, subscriptions: str) -> Letter:
    """
    Return the mail that tells the notification. What is laborious to render and is not yet, stands as it was written.

    Args:
        subscriptions: address of the page where its reader ends subscriptions.

    Raises:
        RefusedError: as `render` does.
    """
    message = notification.message
    place, links = one_line(message.topic or message.app_name), _links(notification, subscriptions)
    return Letter(
        to=to,
        subject=message.draft.summary,
        text="\n\n".join([_plain(message.draft), f"-- \n{place}", *(f"{name}: {link}" for name, link in links)]),
        html=_page(notification, place, links),
        # Item ids start again in a database that was restored; the slug is never the same again.
        repeat_key=_key_of(str(notification.item_id), message.slug),
        written_at=message.created_at,
        thread_key=None if notification.collapse_key is None else _key_of("thread", notification.collapse_key),
        unsubscribe=subscriptions,
    )


def letter_asking(question: Question) -> Letter:
    """Return the mail that asks the owner of an address whether messages may be sent there."""
    language = language_of(question.lang)
    return Letter(
        to=question.address,
        subject=text(language, "letter_confirm_subject"),
        text=text(language, "letter_confirm", link=question.page, uid=question.uid),
        html=None,
        repeat_key=_key_of("confirm", question.address, question.page),
        written_at=question.asked_at,
    )


def written(letter: Letter, sender: Sender) -> bytes:
    """Return the mail as SMTP carries it (RFC 5322): CRLF, ASCII, byte for byte the same each time."""
    mail = _body(letter)
    mail["From"] = formataddr((sender.name, sender.address), "utf-8")
    mail["To"] = letter.to
    subject = cut(one_line(clean(letter.subject)), _MAX_SUBJECT)
    mail["Subject"] = Header(subject, "utf-8", header_name="Subject").encode()
    mail["Date"] = format_datetime(letter.written_at)
    mail["Message-ID"] = _id(letter.repeat_key, sender)
    if letter.thread_key is not None:
        mail["In-Reply-To"] = mail["References"] = _id(letter.thread_key, sender)
    if letter.unsubscribe is not None and _WEB_LINK.fullmatch(letter.unsubscribe):
        mail["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
    # No out-of-office reply comes to what says this (RFC 3834 §5).
    mail["Auto-Submitted"] = "auto-generated"
    return _flat(mail)


def _body(letter: Letter) -> MIMEMultipart | MIMEText:
    plain = MIMEText(clean(letter.text), "plain", "utf-8")
    if letter.html is None:
        return plain
    # `=_` is in no base64, so the boundary is in no part.
    body = MIMEMultipart("alternative", boundary=f"=_{letter.repeat_key}")
    body.attach(plain)
    body.attach(MIMEText(clean(letter.html), "html", "utf-8"))
    return body


def _flat(mail: MIMEMultipart | MIMEText) -> bytes:
    out = BytesIO()
    BytesGenerator(out, mangle_from_=False, policy=_POLICY).flatten(mail)
    return out.getvalue()


def _plain(draft: Draft) -> str:
    return text_of_html(draft.content) if draft.content_type is ContentType.HTML else draft.content


def _links(notification: Notification, subscriptions: str) -> list[tuple[str, str]]:
    language = language_of(notification.lang)
    page = notification.message.draft.url
    return [
        *([(text(language, "letter_page"), one_line(page))] if page else []),
        (text(language, "letter_open"), notification.link),
        (text(language, "letter_settings"), subscriptions),
    ]


def _page(notification: Notification, place: str, links: list[tuple[str, str]]) -> str:
    language = language_of(notification.lang)
    footer = "<br>".join([html.escape(place), *_anchors(links)])
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"></head><body>\n'
        f"<div>{_shown(notification.message.draft)}</div>\n<hr>\n<p>{footer}</p>\n</body></html>"
    )


def _shown(draft: Draft) -> str:
    if draft.rendered is not None:
        return draft.rendered
    return render(draft) if is_cheap(draft.content, draft.content_type) else render_as_text(draft.content)


def _anchors(links: list[tuple[str, str]]) -> Iterator[str]:
    for name, link in links:
        shown = html.escape(link)
        # What opens an app (`weixin://`) is shown, and a mail program makes of it what it can.
        is_web = _WEB_LINK.fullmatch(link)
        yield f'<a href="{shown}">{html.escape(name)}</a>' if is_web else f"{html.escape(name)}: {shown}"


def _id(key: str, sender: Sender) -> str:
    return f"<{key}@{sender.domain}>"


def _key_of(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def language_of(lang: str) -> Locale:
    """Return the language that a reader reads; English when it is not known."""
    return spoken(lang) or Locale.ENGLISH
