"""An inbox in words, for who is asked whether to link something to it."""

from __future__ import annotations

from typing import Final

from watcher.core.push import InboxSummary
from watcher.core.words import cut, one_line
from watcher.translations import Locale, text

_NAME_CHARS: Final = 30
"""Of each name: five of them, in two languages, fit into what WeChat takes."""


def inbox_words(language: Locale, inbox: InboxSummary) -> str:
    """Return one line like `UID_…, which follows “News”, “Deals” and 3 more`."""
    uid = inbox.subscriber.uid
    if not inbox.follows:
        return text(language, "inbox_empty", uid=uid)
    names = text(language, "inbox_between").join(
        text(language, "inbox_named", name=cut(one_line(name), _NAME_CHARS)) for name in inbox.follows
    )
    key = "inbox_follows_more" if inbox.more else "inbox_follows"
    return text(language, key, uid=uid, names=names, more=inbox.more)
