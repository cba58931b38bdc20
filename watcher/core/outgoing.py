"""The messages that a decision carries, each with an id by which a repeat is recognised."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from watcher.core.check import OutboxMessage
from watcher.core.locale import Locale
from watcher.core.measures import audience
from watcher.core.message import compose, page_url
from watcher.core.phrases import Phrases, fill, phrases_in
from watcher.core.suspicion import Belief
from watcher.core.watch import ADMIN_TOPIC, MessageTemplate, Watch
from watcher.core.words import CONTENT_CHARACTERS, SUMMARY_CHARACTERS, Firing, Words, clean, cut, one_line


class Envelope(Struct, frozen=True, kw_only=True):
    """What all messages of one decision share. `sequence`: of the state that is decided."""

    epoch: str
    watch: Watch
    sequence: int
    now: datetime

    def message(self, words: Words, *, topic: str, kind: str, hold_until: datetime | None = None) -> OutboxMessage:
        """Return the words as a message to one topic."""
        return OutboxMessage(
            id=message_id(self.epoch, self.watch.id, self.sequence, kind),
            watch=self.watch.id,
            topic=topic,
            summary=cut(one_line(clean(words.summary)), SUMMARY_CHARACTERS),
            content=cut(words.content, CONTENT_CHARACTERS),
            url=words.url,
            created_at=self.now,
            hold_until=hold_until,
        )


def message_id(epoch: str, watch: str, sequence: int, kind: str) -> str:
    """Return the id by which the push service recognises a repeat: 32 hex digits. `kind` is a topic, or what it is."""
    name = "\0".join((epoch, watch, str(sequence), kind))
    return hashlib.blake2b(name.encode(), digest_size=16).hexdigest()


def to_subscribers(
    envelope: Envelope,
    firings: Sequence[Firing],
    *,
    link: str | None,
    belief: Belief | None,
    is_upgraded: bool,
    recent: str,
) -> Iterator[OutboxMessage]:
    """
    Yield one message per topic, of what fired for it; and one to the operator when a template failed.

    Args:
        belief: why what was suspicious is told.
        is_upgraded: another version of the program read the old values.
        recent: the numbers that the page showed before (`recent`).
    """
    watch, problem = envelope.watch, None
    hold_until = envelope.now + watch.group_within if watch.group_within else None
    composed: dict[tuple[tuple[int, ...], Locale | None, str], Words] = {}
    by_topic = _by_topic(watch, firings)
    for topic, fired in by_topic.items():
        key = tuple(map(id, fired)), watch.language_of(topic), "" if watch.message == MessageTemplate() else topic
        if key not in composed:
            composed[key] = compose(
                watch,
                fired,
                link=link,
                now=envelope.now,
                topic=topic,
                belief=belief,
                is_upgraded=is_upgraded,
                recent=recent,
            )
        problem = problem or composed[key].problem
        yield envelope.message(composed[key], topic=topic, kind=topic, hold_until=hold_until)
    if problem:
        words = _of_template(watch, problem, phrases_in(watch.language_of(ADMIN_TOPIC)))
        yield envelope.message(words, topic=ADMIN_TOPIC, kind="template\0")


def to_operator(
    envelope: Envelope, words: Callable[[Phrases], Words], *, kind: str, hold_until: datetime | None = None
) -> Iterator[OutboxMessage]:
    """Yield one message to each topic that is told of the watch's trouble, worded in its language."""
    watch = envelope.watch
    for topic in watch.on_error.topics:
        told = words(phrases_in(watch.language_of(topic)))
        yield envelope.message(told, topic=topic, kind=f"{kind}\0{topic}", hold_until=hold_until)


def _by_topic(watch: Watch, firings: Sequence[Firing]) -> dict[str, list[Firing]]:
    """Return what fired for each topic: the watch's own topics first."""
    fired: dict[str, list[Firing]] = {topic: [] for topic in watch.topics}
    for firing in firings:
        for topic in audience(watch, firing.rule):
            fired.setdefault(topic, []).append(firing)
    return {topic: heard for topic, heard in fired.items() if heard}


def _of_template(watch: Watch, problem: str, phrases: Phrases) -> Words:
    summary = fill(phrases.template_failed, watch=watch.id, problem=problem)
    parts = [problem] if len(summary) > SUMMARY_CHARACTERS else []
    content = "\n\n".join([*parts, phrases.default_was_sent])
    return Words(summary=summary, content=content, url=page_url(watch))
