"""What messages are made of, whoever words them: the rows that fired, and texts within their limits."""

from __future__ import annotations

import re

from msgspec import Struct

from watcher.core.values import Row
from watcher.core.watch import Rule

SUMMARY_CHARACTERS = 100  # WxPusher's limit
CONTENT_CHARACTERS = 4_000
"""Far more than anyone reads on a phone, and within WxPusher's 65,535 bytes however it is rendered."""
DIGEST_CHARACTERS = 12_000
"""Of several messages that travel as one: still within these bytes if each character takes five (`&quot;`)."""
# Controls (tab and line feed stay), direction and other marks that nobody sees, and halves of surrogate pairs, which
# are no text at all.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")


class RowChange(Struct, frozen=True, kw_only=True):
    """One row as it was last known, and as it is. None: it was, or is, not there."""

    key: str
    old: Row | None
    new: Row | None


class Firing(RowChange, frozen=True, kw_only=True):
    """One entry that fired in one row. `is_reminder`: it was told before, and holds still."""

    rule: Rule
    is_reminder: bool = False


class Words(Struct, frozen=True, kw_only=True):
    """The text of a message. `problem`: why the operator's template was not used; None when all went well."""

    summary: str
    content: str
    url: str | None
    problem: str | None = None


def one_line(text: str) -> str:
    """Return the text with every run of white space as one space."""
    return " ".join(text.split())


def cut(text: str, characters: int) -> str:
    """Return the text, its end replaced by `…` when it is longer than this."""
    return text if len(text) <= characters else text[: characters - 1] + "…"


def clean(text: str) -> str:
    """Return the text without what nobody can see and no database takes; line feeds and tabs stay."""
    return _UNSEEN.sub("", text)
