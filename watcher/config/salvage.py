"""
What can still be judged in a file with mistakes.

A watch with a wrong `every` may have a wrong value name as well, and both are told at once. What a mistake makes
unusable is taken out, with all that cannot be judged without it: nobody is told a mistake's follow-ups.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from watcher.config.document import Path, Plain
from watcher.core.watch import ADMIN_TOPIC

_Mapping: TypeAlias = dict[str, Plain]

_STAND_INS: _Mapping = {"url": "https://stand-in.invalid/", "topic": ADMIN_TOPIC}
"""What a watch cannot be without."""
_NEEDS_RULES = ("notify_when", "remind_every", "max_step")
"""A type may come from a condition, and so `max_step` from a rule."""
_NEEDS_VALUES = ("extract", "items", "where", "empty_when", "pages", "link", *_NEEDS_RULES)
_LOST_WITH = {"extract": _NEEDS_VALUES, "items": _NEEDS_VALUES, "notify_when": _NEEDS_RULES}


def sound_parts(value: _Mapping, unusable: Iterable[Path]) -> _Mapping:
    """Return a copy of the file's value without the parts at these paths."""
    topics, defaults, watches = (_section(value, name) for name in ("topics", "defaults", "watches"))
    sound_watches = {name: dict(watch) for name, watch in watches.items() if isinstance(watch, dict)}
    for path in unusable:
        match [str(part) for part in path]:
            case ["topics", name, *_]:
                topics.pop(name, None)
            case ["defaults"]:
                defaults = {"topic": ADMIN_TOPIC}
            case ["defaults", "topic", *_]:
                defaults["topic"] = ADMIN_TOPIC
            case ["defaults", key, *_]:
                defaults.pop(key, None)
            case ["watches", name, key, *_] if name in sound_watches:
                _remove(sound_watches[name], key)
    return {"topics": topics, "defaults": defaults, "watches": {**sound_watches}}


def _section(value: _Mapping, name: str) -> _Mapping:
    section = value.get(name)
    return dict(section) if isinstance(section, dict) else {}


def _remove(watch: _Mapping, key: str) -> None:
    for name in _LOST_WITH.get(key, (key,)):
        watch.pop(name, None)
    if key in _STAND_INS:
        watch[key] = _STAND_INS[key]
