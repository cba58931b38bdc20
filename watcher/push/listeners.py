"""Whom a file of watches tells: topics that nobody follows, and followed ones that no watch tells any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from watcher.core.push import WATCHER_APP_KEY, PushTopic
from watcher.core.watch import ADMIN_TOPIC, Topic, WatchFile
from watcher.push.topics import Unmet, is_adopted, unmet_renames

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction


class Unheard(Struct, frozen=True, kw_only=True):
    """
    A topic of watches.yaml that nobody follows.

    Attributes:
        topic: None: it is not made yet.
    """

    key: str
    name: str
    topic: PushTopic | None

    @property
    def is_admin(self) -> bool:
        """True for the operator's own topic, whom alarms go to."""
        return self.key == ADMIN_TOPIC

    @property
    def called(self) -> str:
        """What the operator calls it: by its name, and their own by its key."""
        return self.key if self.is_admin else self.name


class Listeners(Struct, frozen=True, kw_only=True):
    """
    What a file of watches and its readers lack of each other.

    Attributes:
        unheard: topics that are told things and that nobody follows; `admin` first, for alarms must reach somebody.
        untold: the watcher's own topics that people follow and no watch tells.
        unmet: each `was` that renames nothing.
    """

    unheard: Sequence[Unheard] = ()
    untold: Sequence[PushTopic] = ()
    unmet: Sequence[Unmet] = ()

    @property
    def untold_lines(self) -> Sequence[str]:
        """A line for each topic that no watch tells, with what to do; none where an `unmet` says that."""
        said = {each.was for each in self.unmet}
        return [_untold_line(topic) for topic in self.untold if topic.key not in said]


def _untold_line(topic: PushTopic) -> str:
    count = f"{topic.subscribers:,} subscriber{'' if topic.subscribers == 1 else 's'}"
    line = f"no watch tells {topic.key or topic.name}, which has {count}"
    return f"{line}; was it renamed? Say `was: {topic.key}`" if topic.key else line


def listeners(tx: Transaction, file: WatchFile) -> Listeners:
    """Return who is missing on either side."""
    own = tx.apps.of_key(WATCHER_APP_KEY)
    present = tx.topics.told_by_key(own.id) if own else {}
    keyed = tx.topics.keyed(own.id) if own else {}
    here = {key: topic for key, topic in file.topics.items() if topic.id is None and topic.app is None}
    known = {key: _present(tx, topic, present, keyed) for key, topic in here.items()}
    told = [key for key in (ADMIN_TOPIC, *_told_by_rules(file)) if key in known]
    named = {topic.id for key in _named(file) if (topic := known.get(key)) is not None}
    ours = {topic.id: topic for topic in present.values()}
    return Listeners(
        unheard=[
            Unheard(key=key, name=file.topics[key].name, topic=topic)
            for key in dict.fromkeys(told)
            if (topic := known[key]) is None or not topic.subscribers
        ],
        untold=[topic for topic in ours.values() if topic.subscribers and topic.id not in named],
        unmet=unmet_renames(tx, keyed, file.topics.values()),
    )


def _present(
    tx: Transaction, topic: Topic, present: Mapping[str, PushTopic], keyed: Mapping[str, PushTopic]
) -> PushTopic | None:
    """Return the topic as it is stored; under its old key while the file was not taken into use."""
    is_renamed = topic.was in present and is_adopted(tx, topic, keyed)
    return present.get((topic.was or "") if is_renamed else topic.key)


def _told_by_rules(file: WatchFile) -> Sequence[str]:
    """Return the topics that enabled watches, or single entries of theirs, tell."""
    rules = [(watch, rule) for watch in file.watches.values() if watch.is_enabled for rule in watch.rules]
    return [topic for watch, rule in rules for topic in rule.topics or watch.topics]


def _named(file: WatchFile) -> set[str]:
    """Return all topics that the file has something for."""
    named = {ADMIN_TOPIC, *(file.all_well.topics if file.all_well else ())}
    for watch in file.watches.values():
        named.update(watch.topics, watch.on_error.topics, *(rule.topics for rule in watch.rules))
    return named
