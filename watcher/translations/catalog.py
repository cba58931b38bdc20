"""Texts by their keys. A language's files are read when its first text is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Final, TypeAlias

import msgspec

from watcher.core.locale import Locale
from watcher.core.phrases import fill
from watcher.core.wording import Wording, wording_of


class PluralForm(StrEnum):
    """A form of a text that says a number, by CLDR's name for it."""

    ONE = "one"
    OTHER = "other"


Entry: TypeAlias = str | dict[PluralForm, str]
_NAMES: Final = frozenset({"id", "number"})


def text(language: Locale, key: str, **values: object) -> str:
    """Return the words under `key`, with `{name}` filled in (`fill`). Raises KeyError for a key that does not exist."""
    words = pattern(language, key, **values)
    return fill(words, **written(values)) if values else words


def reworded(language: Locale, said: str) -> str:
    """Return a sentence in this language where its wording is known; else as it was said, in English."""
    wording = wording_of(said)
    return said if wording is None else worded_in(language, wording, said)


def worded_in(language: Locale, wording: Wording | None, said: str) -> str:
    """Return a wording in this language; what was said where there is none, or another version made it."""
    if wording is None or language is Locale.ENGLISH:
        return str(said)
    try:
        return _filled(language, wording)
    except KeyError:
        return str(said)


def _filled(language: Locale, wording: Wording) -> str:
    values = wording.values.items()
    filled = {name: each if isinstance(each, str) else _filled(language, each) for name, each in values}
    return fill(pattern(language, wording.key), **filled)


def written(values: Mapping[str, object]) -> dict[str, object]:
    """Return what is filled in, with counts as both languages write them ("1,204"); an `id` or a `number` names one."""
    return {
        name: grouped(value) if type(value) is int and name not in _NAMES else value for name, value in values.items()
    }


def grouped(count: int) -> str:
    """Return a count in digits, in groups of three."""
    return f"{count:,}"


def pattern(language: Locale, key: str, **values: object) -> str:
    """
    Return the words under `key` with their blanks, in the plural form that the value `count` asks for.

    Raises:
        KeyError: there is no such key, or its plural is asked for without a `count`.
    """
    entry = catalog(language)[key]
    return entry if isinstance(entry, str) else entry[plural_form(language, values["count"])]


@cache
def catalog(language: Locale) -> Mapping[str, Entry]:
    """Return all words of a language by their keys, of all files. Raises ValueError for a key that is in two."""
    words: dict[str, Entry] = {}
    for file in resources.files("watcher.translations").joinpath(language.value).iterdir():
        found = msgspec.toml.decode(file.read_bytes(), type=dict[str, Entry])
        if twice := words.keys() & found.keys():
            raise ValueError(f"{language}: {file.name}: {min(twice)} is in another file, too")
        words |= found
    return words


def plural_form(language: Locale, count: object) -> PluralForm:
    """Return which form says that number (CLDR's rules for whole numbers)."""
    match language:
        case Locale.ENGLISH:
            return PluralForm.ONE if count == 1 else PluralForm.OTHER
        case Locale.CHINESE:
            return PluralForm.OTHER
