"""
A watch in the making, and what became of each key of the job that it is made of.

| fate             | the key …                                                                             |
|------------------|---------------------------------------------------------------------------------------|
| mapped           | has a key here that does the same, or is not needed here                              |
| near             | has one that does nearly the same, and the report says what differs                   |
| to be finished   | needs somebody to decide; a comment above the watch says what                         |
| impossible       | is for what is not done here: commands, browsers, PDF, pictures                       |

A watch that would tell something else than its job did, since a part of it could not be taken over, is `enabled: false`
until somebody has finished it: nobody gets a false alarm of an import.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final, TypeAlias

from msgspec import Struct

from watcher.config.scalars import shown
from watcher.core.values import Json


class Fate(StrEnum):
    """What became of a key."""

    MAPPED = "mapped"
    NEAR = "near"
    UNFINISHED = "to be finished"
    IMPOSSIBLE = "impossible"


_DIGITS: Final = 9
_MOST_NOTES: Final = 20
"""Of one key; a file can have a filter 100,000 times."""
WORST_LAST: Final = tuple(Fate)


class Finding(Struct, frozen=True, kw_only=True):
    """
    What became of one key.

    Attributes:
        key: as the tool calls it; what stands within another one behind a point: `filter.css.exclude`.
        how: what does it here, what differs, or what is to be done; empty where the key is called the same here.
    """

    key: str
    fate: Fate
    how: str = ""


class Conversion:
    """A watch that is being made."""

    def __init__(self) -> None:
        self.body: dict[str, Json] = {}
        self._told: dict[str, tuple[Fate, dict[str, None]]] = {}
        self._makers: dict[str, str] = {}

    def note(self, key: str, fate: Fate, how: str = "") -> None:
        """Say what became of a key. Said of it again, the worst fate counts, and all is told."""
        before, hows = self._told.get(key, (fate, {}))
        if how:
            hows[how] = None
        self._told[key] = max(before, fate, key=WORST_LAST.index), hows

    @property
    def findings(self) -> list[Finding]:
        """What became of each key, each once, in the order in which they were noted first."""
        return [Finding(key=key, fate=fate, how=_joined(list(hows))) for key, (fate, hows) in self._told.items()]

    def is_noted(self, key: str) -> bool:
        """Return whether something was said of a key."""
        return key in self._told

    def settle(self, key: str, how: str) -> None:
        """Note a key as done, whatever was said of it before."""
        self._told[key] = Fate.MAPPED, {how: None}

    def mapped(self, key: str, how: str = "") -> None:
        """Note a key that is done here, or not needed."""
        self.note(key, Fate.MAPPED, how)

    def near(self, key: str, how: str) -> None:
        """Note a key that is nearly done here."""
        self.note(key, Fate.NEAR, how)

    def unfinished(self, key: str, how: str, *, rests: bool = True) -> None:
        """Note what is to be finished; the watch rests until then, unless it tells the same all the same."""
        self.note(key, Fate.UNFINISHED, how)
        self.rest(rests)

    def impossible(self, key: str, how: str, *, rests: bool = True) -> None:
        """Note what is not done here."""
        self.note(key, Fate.IMPOSSIBLE, how)
        self.rest(rests)

    def rest(self, rests: bool = True) -> None:
        """Have the watch not checked."""
        if rests:
            self.body["enabled"] = False

    def put(self, name: str, value: Json, *, of: str) -> None:
        """Set a key of the watch. `of`: the key of the job that asks for it, to which a mistake is put down."""
        self.body[name] = value
        self._makers[name] = of

    def refused(self, name: str, why: str) -> None:
        """Take out a key of the watch that the loader refuses, and say so of the key of the job that it is from."""
        value = self.body.pop(name, None)
        maker = self._makers.pop(name, name)
        if maker in self._told and self._told[maker][0] in (Fate.MAPPED, Fate.NEAR):
            del self._told[maker]
        self.unfinished(maker, f"`{name}: {shown(value)}` is refused: {why}" if isinstance(value, str) else why)


def _joined(hows: list[str]) -> str:
    more = f"; and {len(hows) - _MOST_NOTES} more" if len(hows) > _MOST_NOTES else ""
    return "; ".join(hows[:_MOST_NOTES]) + more


Rule: TypeAlias = Callable[[Conversion, str, Json], None]
"""Takes one key of a job over: the watch, the key and its value."""


def kept(name: str) -> Rule:
    """Return the rule of a key that takes the same value here."""

    def rule(conversion: Conversion, key: str, value: Json) -> None:
        conversion.put(name, value, of=key)
        conversion.mapped(key, "" if name == key else f"`{name}`")

    return rule


def unneeded(why: str) -> Rule:
    """Return the rule of a key that needs nothing here."""
    return lambda conversion, key, _: conversion.mapped(key, f"not needed: {why}")


def nearly(how: str) -> Rule:
    """Return the rule of a key of which something differs."""
    return lambda conversion, key, _: conversion.near(key, how)


def unfinished(how: str, *, rests: bool = True) -> Rule:
    """Return the rule of a key that somebody has to finish."""
    return lambda conversion, key, _: conversion.unfinished(key, how, rests=rests)


def impossible(how: str, *, rests: bool = True) -> Rule:
    """Return the rule of a key that is not possible here."""
    return lambda conversion, key, _: conversion.impossible(key, how, rests=rests)


def take_over(conversion: Conversion, job: Mapping[str, Json], rules: Mapping[str, Rule], *, tool: str) -> None:
    """Take each key of a job over by its rule. One without a rule is to be finished: none is lost in silence."""
    for key, value in job.items():
        rule = rules.get(key) or unfinished(f"{tool} documents no such key; see what it was for", rests=False)
        rule(conversion, key, value)


def texts(value: Json) -> list[str]:
    """Return a list of texts, of which a single one may stand for itself; what is no text is written as one."""
    parts = value if isinstance(value, list) else [value]
    return [part if isinstance(part, str) else str(part) for part in parts if part not in (None, "")]


def whole(value: Json, otherwise: int = 0) -> int:
    """Return a whole number of a few digits, written as such or as a text."""
    text = str(value).strip()
    return int(text) if len(text) <= _DIGITS and text.isascii() and text.isdecimal() else otherwise


def mapping(value: Json) -> dict[str, Json]:
    """Return a mapping, empty for what is none."""
    return value if isinstance(value, dict) else {}
