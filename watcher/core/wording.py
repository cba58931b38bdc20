"""
Sentences that are made where no reader's language is known, and said in it later.

A sentence stands in English where it is made, under a key by which each language has it (`translations/*/errors.toml`);
what fills it in is kept beside it, and may be such a sentence itself. Logs, commands and programs read the English.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

from msgspec import Struct


class Wording(Struct, frozen=True):
    """How a sentence is made: its key, and what fills it in."""

    key: str
    values: Mapping[str, str | Wording] = {}


class Worded(str):
    """An English sentence that knows its wording. What is made of it by text alone knows it no more."""

    wording: Wording

    def __new__(cls, text: str, wording: Wording) -> Worded:
        """Return a sentence with its wording."""
        made = super().__new__(cls, text)
        made.wording = wording
        return made

    def __getnewargs__(self) -> tuple[str, Wording]:  # type: ignore[override]
        """Return what it is made of in another process."""
        return str(self), self.wording


def worded(key: str, english: str, /, **values: object) -> Worded:
    """Return a sentence with its blanks filled in, by texts or by sentences like it."""
    kept = {name: wording if (wording := wording_of(value)) else str(value) for name, value in values.items()}
    return Worded(english.format(**values), Wording(key, kept))


def listed(parts: Sequence[str]) -> str:
    """Return one part or more as a list: `a, b, c`."""
    return reduce(lambda one, other: worded("suggest_comma", "{one}, {other}", one=one, other=other), parts)


def wording_of(value: object) -> Wording | None:
    """Return the wording of a sentence, or of what an error says; None of a text that has none."""
    if isinstance(value, Exception):
        value = value.args[0] if value.args else None
    return value.wording if isinstance(value, Worded) else None


def said_by(error: Exception) -> str:
    """Return what an error says, with its wording where it has one."""
    said = error.args[0] if error.args else None
    return said if isinstance(said, Worded) else str(error)
