"""What a short message says of one of ours: topic, title, as much of the text as there is room for, and the link."""

from __future__ import annotations

import json
import re
from typing import Final

from msgspec import Struct

from watcher.core.channels import Notification
from watcher.core.push import ContentType, Draft
from watcher.core.words import clean, one_line
from watcher.errors import RefusedError
from watcher.push.draft import rough_head
from watcher.push.render import text_of_html
from watcher.translations import Locale, spoken, text

_READ_CHARS: Final = 20_000
"""Of a content: no robot takes more bytes than that."""
_CUT: Final = "…"
_CALLS: Final = re.compile(
    r"<(?=[ \t]{0,9}[@!#]|/?at\b)|@(?=所有人)"
    r"|(?<![\w.])[@!](?=(?:all|channel|everyone|here|room)\b|[^|\s]{1,40}[ \t]{0,9}[|>])",
    re.IGNORECASE,
)
"""What calls somebody in a group of WeCom, Feishu, Discord, Slack, Mattermost or Rocket.Chat."""
_WIDE: Final = {"<": "＜", "@": "＠", "!": "！"}


class Words(Struct, frozen=True, kw_only=True):
    """
    What is said of one message.

    Attributes:
        head: one line: topic and title, and the keyword, if there is one and neither names it.
        body: markdown, or text without marks; empty where the head says it all.
        is_markdown: the body has marks.
        link: of the message's page.
        open: what its link is called.
    """

    head: str
    body: str
    is_markdown: bool
    link: str
    open: str


def words_of(notification: Notification, *, keyword: str = "") -> Words:
    """Return what is said of a message; `keyword`: stands in the head, whatever else does."""
    message = notification.message
    draft = message.draft
    body = clean(_body(draft)).strip()
    title = clean(draft.summary).strip()
    # Without a summary of its own a message has its beginning as one: it would stand there twice.
    is_whole = one_line(body) == title
    sender = one_line(message.topic or message.app_name)
    if draft.content_type is ContentType.TEXT and sender and not is_whole and one_line(body).startswith(title):
        title = ""
    head = " · ".join(part for part in (sender, title) if part)
    if keyword and keyword not in head:
        head = f"{keyword} · {head}"
    return Words(
        head=head,
        body="" if is_whole else body,
        is_markdown=draft.content_type is ContentType.MARKDOWN,
        link=notification.link,
        open=text(spoken(notification.lang) or Locale.ENGLISH, "open_message"),
    )


def calling_nobody(text: str) -> str:
    """Return the text so that it notifies nobody by name: a page that is watched may have `<@all>` or `@everyone`."""
    return _CALLS.sub(lambda found: _WIDE[found[0]], text)


def fitted(body: str, most: int) -> str:
    """Return the text, its end replaced by `…` when it takes more than so many bytes of JSON in UTF-8 (≥ 3)."""
    if _size(body) <= most:
        return body
    low, high = 0, min(len(body), most)
    while low < high:
        middle = (low + high + 1) // 2
        if _size(body[:middle]) + len(_CUT.encode()) <= most:
            low = middle
        else:
            high = middle - 1
    return body[:low].rstrip() + _CUT


def _size(body: str) -> int:
    return len(json.dumps(body, ensure_ascii=False).encode(errors="surrogatepass")) - len('""')


def _body(draft: Draft) -> str:
    if draft.content_type is not ContentType.HTML:
        return draft.content[:_READ_CHARS]
    head = draft.content[:_READ_CHARS]
    try:
        return "\n".join(filter(None, (" ".join(line.split()) for line in text_of_html(head).splitlines())))
    except RefusedError:
        return rough_head(head)
