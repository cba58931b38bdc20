"""
Months and days of the week as CLDR calls them, by Babel: `python -m tests.extract.calendar_names` writes the module.

Of all languages that are official somewhere, whole and short, as they stand beside a day and alone. Left out of months
are those that are but numbers; what is short stands for itself, for it is another word elsewhere: `vol`, `set`, `man`.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from babel import Locale, localedata
from babel.core import get_global

import watcher.extract.suggesting
from watcher.extract.suggesting.days import folded

MODULE = Path(watcher.extract.suggesting.__file__).with_name("calendar_names.py")
_OFFICIAL = frozenset({"official", "de_facto_official", "official_regional"})
_INDIC = "\u0900"
"""Before its letters stand those of Latin, Greek, Cyrillic, Hebrew and Arabic."""
_TEXT = '''"""
The names of months and of days of the week in all languages that are official somewhere, as CLDR has them.

Signs that combine with letters are left out. Written by `python -m tests.extract.calendar_names` from the data of the
Unicode Common Locale Data Repository, © 1991 Unicode, Inc., which is under the Unicode License v3
(https://www.unicode.org/license.txt).
"""

# ruff: noqa: E501, SIM905  it is written by a program, and shorter so

from __future__ import annotations

MONTHS = frozenset(
    """
{months}
    """.split()
)
SHORT_MONTHS = frozenset(
    """
{short}
    """.split()
)
"""They are other words, too."""
WEEKDAYS = (
{weekdays}
)
"""From Monday to Sunday; a name may be that of several, in different languages."""
'''


@cache
def locales() -> tuple[Locale, ...]:
    """Return the locales of the languages that are official somewhere."""
    official = {
        language.partition("_")[0]
        for languages in get_global("territory_languages").values()
        for language, told in languages.items()
        if told.get("official_status") in _OFFICIAL
    }
    names = (name for name in localedata.locale_identifiers() if name.partition("_")[0] in official)
    return tuple(map(Locale.parse, names))


def months() -> tuple[list[str], list[str]]:
    """Return the names of months, and those that are short, sorted."""
    words = sorted({word for locale in locales() for _, word in _words(locale.months) if word.isalpha()})
    whole = [word for word in words if len(word) >= _least_letters(word)]
    return whole, [word for word in words if len(word) < _least_letters(word)]


def _least_letters(word: str) -> int:
    return 4 if word.isascii() else 3 if word[0] < _INDIC else 2


def weekdays() -> list[list[str]]:
    """Return the names of the days of the week, from Monday to Sunday, each sorted."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for locale in locales():
        for day, word in _words(locale.days):
            found[day].add(word)
    return [sorted(word for word in found[day] if len(word) > 1 and word.isalpha()) for day in range(7)]


def module_text() -> str:
    """Return the module that holds the names."""
    days = "\n".join(
        f'    frozenset(\n        """\n{_lines(names, 8)}\n        """.split()\n    ),' for names in weekdays()
    )
    whole, short = months()
    return _TEXT.format(months=_lines(whole, 4), short=_lines(short, 4), weekdays=days)


def _lines(names: Iterable[str], indent: int) -> str:
    lines = textwrap.wrap(" ".join(names), width=116 - indent, break_on_hyphens=False)
    return "\n".join(f"{'':{indent}}{line}" for line in lines)


def _words(names: Mapping[str, Mapping[str, Mapping[int, str]]]) -> Iterator[tuple[int, str]]:
    """Yield each name with its number, and the first word of those of two: `تشرين الثاني`, but not `tháng 11`."""
    for context in names.values():
        for length in ("wide", "abbreviated"):
            told = {number: folded(name).casefold().rstrip(".") for number, name in context[length].items()}
            yield from told.items()
            first = [name.split()[0] for name in told.values() if " " in name]
            yield from (
                (number, name.split()[0]) for number, name in told.items() if first.count(name.split()[0]) in (1, 2)
            )


if __name__ == "__main__":
    MODULE.write_text(module_text(), encoding="utf-8")
