"""
What can still be judged in a file with mistakes.

A watch with a wrong `every` may have a wrong value name as well, and both are told at once. What a mistake makes
unusable is taken out, with all that cannot be judged without it: nobody is told a mistake's follow-ups.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from watcher.config.document import KeyPath, Plain
from watcher.core.watch import ADMIN_TOPIC

_Mapping: TypeAlias = dict[str, Plain]

_STAND_INS: _Mapping = {"url": "https://stand-in.invalid/", "topic": ADMIN_TOPIC}
"""What a watch cannot be without."""
_NEEDS_RULES = ("notify_when", "remind_every", "max_step")
"""A type may come from a condition, and so `max_step` from a rule."""
_NEEDS_VALUES = ("extract", "items", "where", "empty_when", "pages", "link", *_NEEDS_RULES)
_LOST_WITH = {"extract": _NEEDS_VALUES, "items": _NEEDS_VALUES, "notify_when": _NEEDS_RULES}


def sound_topics(topics: _Mapping, unusable: Iterable[KeyPath]) -> _Mapping:
    """Return the topics without those in which something lies at these paths of the file."""
    lost = {str(path[1]) for path in unusable if path[:1] == ("topics",) and len(path) > 1}
    return {key: topic for key, topic in topics.items() if key not in lost}


def sound_defaults(value: Plain, unusable: Iterable[KeyPath]) -> _Mapping:
    """Return a copy of the defaults without the parts at these paths of the file."""
    defaults = dict(value) if isinstance(value, dict) else {}
    for path in unusable:
        match [str(part) for part in path]:
            case ["defaults"]:
                defaults = {"topic": ADMIN_TOPIC}
            case ["defaults", "topic", *_]:
                defaults["topic"] = ADMIN_TOPIC
            case ["defaults", key, *_]:
                defaults.pop(key, None)
    return defaults


def sound_watch(watch: _Mapping, unusable: Iterable[KeyPath]) -> _Mapping:
    """Return a copy of a watch without the parts at these paths of the file, all of which lie in it."""
    sound = dict(watch)
    for path in unusable:
        if len(path) > 2:
            _remove(sound, str(path[2]))
    return sound


def _remove(watch: _Mapping, key: str) -> None:
    for name in _LOST_WITH.get(key, (key,)):
        watch.pop(name, None)
    if key in _STAND_INS:
        watch[key] = _STAND_INS[key]
