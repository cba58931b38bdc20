"""
Messages that wait for others of their topic (`group_within`), to travel as one.

A message is *held* while it has a `hold_until` and was never attempted. When the earliest held one of a topic comes
due, all of that topic's are released in one transaction of the store, before anything is published: one alone as it
is, several as one message in their place (or as few as hold all their words), whose id is a function of theirs. Only
released messages are published. So what a kill leaves behind is either all of them held, or the one message with its
one id, and that is published again without being doubled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.check import OutboxEntry, OutboxMessage
from watcher.core.locale import Locale
from watcher.core.message import digest, parcels
from watcher.core.watch import NO_LANGUAGES, TopicLanguages


class Release(Struct, frozen=True, kw_only=True):
    """
    What `Outbox.settle` is to do so that held messages may be published.

    Attributes:
        merged_away: ids of the messages whose news is in a merged one.
        released: entries that go out alone, held no more.
        merged: each in place of several.
    """

    merged_away: Sequence[str]
    released: Sequence[OutboxEntry]
    merged: Sequence[OutboxMessage]


def is_held(entry: OutboxEntry) -> bool:
    """Return whether the entry waits to be released."""
    return entry.message.hold_until is not None and entry.attempts == 0


def next_release_at(entries: Iterable[OutboxEntry]) -> datetime | None:
    """Return when the first held message comes due; None when none is held."""
    return min((hold for entry in entries if is_held(entry) and (hold := entry.message.hold_until)), default=None)


def release(
    entries: Iterable[OutboxEntry], *, now: datetime, is_last_chance: bool, language_of: TopicLanguages = NO_LANGUAGES
) -> Release | None:
    """
    Return what is to be released now; None when nothing is.

    Args:
        entries: the living ones, in order.
        is_last_chance: nobody comes later, so every held message is due.
        language_of: topics, in which several messages say that they are several.
    """
    topics: dict[str, list[OutboxEntry]] = {}
    for entry in filter(is_held, entries):
        topics.setdefault(entry.message.topic, []).append(entry)
    due = [group for group in topics.values() if is_last_chance or any(_is_due(entry, now) for entry in group)]
    if not due:
        return None
    entry_of = {entry.message.id: entry for group in due for entry in group}
    groups = [parcel for group in due for parcel in parcels([entry.message for entry in group])]
    several = [messages for messages in groups if len(messages) > 1]
    return Release(
        merged_away=[message.id for messages in several for message in messages],
        released=[
            replace(entry_of[message.id], message=replace(message, hold_until=None))
            for message, *others in groups
            if not others
        ],
        merged=[merge(messages, now=now, language=language_of(messages[0].topic)) for messages in several],
    )


def merge(messages: Sequence[OutboxMessage], *, now: datetime, language: Locale | None = None) -> OutboxMessage:
    """Return one message of one topic with the news of all of these (at least two), in their order."""
    summary, content, url = digest(messages, language)
    watches = {message.watch for message in messages}
    return OutboxMessage(
        id=hashlib.blake2b("\0".join(message.id for message in messages).encode(), digest_size=16).hexdigest(),
        watch=watches.pop() if len(watches) == 1 else "",
        topic=messages[0].topic,
        summary=summary,
        content=content,
        url=url,
        created_at=now,
    )


def _is_due(entry: OutboxEntry, now: datetime) -> bool:
    """Return whether its time has come; one that is made in the future is of a clock that was wrong."""
    hold_until = entry.message.hold_until
    return hold_until is None or not entry.message.created_at <= now < hold_until
