"""Changes in single lines: `€12.00 → €8.50 (−29.2%)`, `CS101 Compilers: seats 0 → 3`, `+ a line that came`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from watcher.core.ages import is_age
from watcher.core.differences import arrow, news
from watcher.core.phrases import Phrases, beside, fill
from watcher.core.shown import shown
from watcher.core.urls import is_web_url
from watcher.core.values import SINGLE, Stock, Value, are_comparable, currency, magnitude
from watcher.core.words import RowChange, cut, one_line

LABEL_CHARACTERS = 60
_TITLES = ("title", "name")
_LONG = 60
"""A text over this many characters is told as a difference, not as `old → new`."""
_ADDRESS: Final = re.compile(
    r"(?:https?://|\.{0,2}/|\?|tag:|urn:)\S*|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)
"""A key that tells rows apart and nothing to a reader: where a row's link leads, or a feed's id of an entry."""
_TENTH = Decimal("0.1")
_LEAST_PERCENT = Decimal("0.05")
_MOST_PERCENT = Decimal(1_000_000)


def single_line(change: RowChange, phrases: Phrases, *, is_brief: bool = False) -> str:
    """Return what the values of a page are, or how they changed: `12.00 → 8.50`, `price 12 → 8, stock 3 → 0`."""
    new = change.new or {}
    if len(new) == 1:
        return value_line(next(iter(new)), change, phrases)
    return phrases.comma.join(
        _named(name, change, phrases) for name in _told(differing(change) or [*new], change, is_brief)
    )


def follows_name(change: RowChange) -> bool:
    """Return whether the line reads on after the watch's name without a colon: `Dune 12.00 → 8.50`."""
    new = change.new or {}
    if len(new) != 1:
        return False
    ((name, value),) = new.items()
    before = value_before(change, name)
    return magnitude(value) is not None or magnitude(before) is not None or is_difference(before, value)


def row_line(change: RowChange, phrases: Phrases, *, characters: int = _LONG, is_brief: bool = False) -> str:
    """
    Return one row in one line: `+ CS101 Compilers`, `− CS101 Compilers`, or `CS101 Compilers: seats 0 → 3`.

    Args:
        characters: that each of its texts may have.
    """
    label = label_of(change)
    if change.new is None:
        return f"− {label}"
    mark = "+ " if change.old is None else ""
    facts = [name for name in differing(change) if name != "link"]
    title = title_of(change)
    facts = facts or [name for name, value in change.new.items() if name != title and _is_fact(name, value)]
    told = phrases.comma.join(_named(name, change, phrases, characters) for name in _told(facts, change, is_brief))
    return f"{mark}{label}" + (f"{phrases.colon}{told}" if told else "")


def value_line(name: str, change: RowChange, phrases: Phrases, *, characters: int = _LONG) -> str:
    """
    Return one value in one line: `8.50`, `12 → 9 (−25%)`, `gone (was 8.50)`, `changed: its first new line`.

    Args:
        characters: that a text may have.
    """
    before, value = value_before(change, name), (change.new or {}).get(name)
    if before is None or before == value:
        return cut(one_line(shown(value, phrases)), characters)
    if value is None:
        return fill(phrases.gone, value=cut(one_line(shown(before, phrases)), characters))
    if is_difference(before, value):
        return fill(phrases.changed_to, text=cut(one_line(news(str(before), str(value), phrases)), characters))
    was, now = shown(before, phrases), shown(value, phrases)
    between = arrow(was, now) if isinstance(value, str) else "→"
    return f"{was} {between} {now}{_percent(before, value, phrases)}"


def value_before(change: RowChange, name: str) -> Value:
    """Return the value before, or the one now when nothing is known of before."""
    return ((change.new or {}) if change.old is None else change.old).get(name)


def is_difference(before: Value, value: Value) -> bool:
    """Return whether a change is told line by line, since one of the two texts is long."""
    if before is None or value is None or before == value:
        return False
    return _is_long(before) or _is_long(value)


def differing(change: RowChange) -> list[str]:
    """Return the names of the values that are not what they were; none of a row that came or went."""
    if change.old is None or change.new is None:
        return []
    return [name for name, value in change.new.items() if change.old.get(name) != value]


def label_of(change: RowChange) -> str:
    """
    Return how a reader calls this row: its key, and its title when it has one.

    A key that is an address is left out where there is a title: `Release 2.0`, not `/posts/4 Release 2.0`. One that is
    a mere number, as a feed's id of an entry, stands behind it: `Release 2.0 · 4711`.
    """
    row, name = change.new or change.old or {}, title_of(change)
    title = "" if name is None or row[name] == change.key else str(row[name])
    if title and change.key.isdecimal():
        return cut(one_line(f"{title} · {change.key}"), LABEL_CHARACTERS)
    key = "" if title and _ADDRESS.fullmatch(change.key) else change.key
    return cut(one_line(f"{key} {title}".strip()), LABEL_CHARACTERS)


def title_of(change: RowChange) -> str | None:
    """Return the value by which a reader knows the row: its title or name, else its first text, while that stays."""
    row = change.new or change.old or {}
    named = next((name for name in _TITLES if row.get(name)), None)
    name = named or next((name for name, value in row.items() if _is_words(value)), None)
    is_text = name is not None and isinstance(row[name], str)
    return name if is_text and (named or name not in differing(change)) else None


def _is_words(value: Value) -> bool:
    """Return whether it is a text with letters, and no state of stock or address."""
    is_told = isinstance(value, str) and value not in set(Stock) and not is_web_url(value)
    return is_told and any(map(str.isalpha, str(value)[:LABEL_CHARACTERS]))


def _named(name: str, change: RowChange, phrases: Phrases, characters: int = _LONG) -> str:
    return beside(phrases.called(name), value_line(name, change, phrases, characters=characters))


def _told(names: Sequence[str], change: RowChange, is_brief: bool) -> Sequence[str]:
    """Return which of these values a line names; a brief one, for a lock screen, two, and no age but alone."""
    lasting = [name for name in names if not (is_brief and is_age(str((change.new or {})[name])))]
    return (lasting or (names if change.key == SINGLE else differing(change)))[: 2 if is_brief else None]


def _percent(before: Value, value: Value, phrases: Phrases) -> str:
    """Return by how much a number moved, as ` (−29.2%)`; nothing when that says nothing."""
    old, new = magnitude(before), magnitude(value)
    if not old or new is None or not are_comparable(currency(before), currency(value)):
        return ""
    percent = (new - old) * 100 / abs(old)
    if not _LEAST_PERCENT <= abs(percent) < _MOST_PERCENT:
        return ""
    text = f"{percent.quantize(_TENTH).normalize():+f}".replace("-", "−")
    return fill(phrases.aside, text=f"{text}%")


def _is_long(value: Value) -> bool:
    return isinstance(value, str) and (len(value) > _LONG or "\n" in value)


def _is_fact(name: str, value: Value) -> bool:
    return name not in ("title", "name", "link") and value is not None and not _is_long(value)
