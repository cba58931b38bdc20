"""Messages to the operator about no single watch: the network, the file of watches, the daily summary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from watcher.core.check import OutboxMessage
from watcher.core.outgoing import message_id
from watcher.core.phrases import Phrases, phrases_in
from watcher.core.watch import ADMIN_TOPIC, TopicLanguages
from watcher.core.words import CONTENT_CHARACTERS, SUMMARY_CHARACTERS, cut, one_line


def notices(
    epoch: str,
    kind: str,
    *,
    number: int = 0,
    words: Callable[[Phrases], tuple[str, str]],
    language_of: TopicLanguages,
    now: datetime,
    topics: Sequence[str] = (ADMIN_TOPIC,),
) -> list[OutboxMessage]:
    """
    Return the words as one message per topic.

    Args:
        epoch: of the store's state.
        kind, number: what it is, and which one of its kind: the same again is the same message, told once.
        words: returns summary and content in a language.
    """
    told = []
    for topic in topics:
        summary, content = words(phrases_in(language_of(topic)))
        message = OutboxMessage(
            id=message_id(epoch, "", number, f"{kind}\0{topic}"),
            watch="",
            topic=topic,
            summary=cut(one_line(summary), SUMMARY_CHARACTERS),
            content=cut(content, CONTENT_CHARACTERS),
            url=None,
            created_at=now,
        )
        told.append(message)
    return told


class Notices:
    """Tells the operator such words."""

    def __init__(
        self,
        tell: Callable[[Sequence[OutboxMessage]], None],
        *,
        epoch: str,
        now: Callable[[], datetime],
        language_of: TopicLanguages,
    ) -> None:
        """
        Args:
            tell: puts messages into the outbox.
            epoch: of the store's state.
            now: the wall clock.
        """
        self._tell = tell
        self._epoch = epoch
        self._now = now
        self._language_of = language_of

    def tell(self, kind: str, words: Callable[[Phrases], tuple[str, str]], *, number: int = 0) -> None:
        """Tell this once: the arguments are those of `notices`."""
        self._tell(
            notices(self._epoch, kind, number=number, words=words, language_of=self._language_of, now=self._now())
        )
