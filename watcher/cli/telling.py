"""When people are told of what a new watch finds: sentences to choose from, and conditions as one types them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from watcher.core.values import Json, ValueType
from watcher.core.watch import Extraction, Items, Operator, Selector, Values
from watcher.errors import UsageError

NUMERIC: Final = frozenset({ValueType.INTEGER, ValueType.NUMBER, ValueType.MONEY})
_ALONE: Final = frozenset({Operator.CHANGES, Operator.APPEARS, Operator.DISAPPEARS})
_OF_ROWS: Final = frozenset({Operator.ADDED, Operator.REMOVED, Operator.CHANGED})
_OPERATORS: Final = frozenset(map(str, Operator))
_NUMBER: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")


class Telling(Struct, frozen=True, kw_only=True):
    """
    One answer to "when".

    Attributes:
        sentence: as people read it.
        condition: as one would type it (`price below`); empty: whatever changes.
        asks: what has to be typed behind it; empty: nothing.
    """

    sentence: str
    condition: str = ""
    asks: str = ""


def tellings(extraction: Extraction) -> Sequence[Telling]:
    """Return what can be chosen for what is read, the likeliest first."""
    match extraction:
        case Items(fields=fields, rolling=rolling):
            return list(_of_rows(fields, rolling=rolling))
        case Values(selectors=selectors):
            anything = Telling(sentence="anything of it changes")
            return [anything, *(each for name, one in selectors.items() for each in _of_value(name, one))]


def _of_rows(fields: Mapping[str, Selector], *, rolling: bool) -> Iterator[Telling]:
    yield Telling(sentence="an entry is new", condition="added")
    yield Telling(sentence="an entry is new or changes" if rolling else "an entry is new, gone, or changes")
    for name, field in fields.items():
        if field.type is ValueType.INTEGER:
            yield Telling(sentence=f"{name} of an entry rises above 0", condition=f"{name} above 0")
        elif field.type is ValueType.STOCK:
            yield Telling(sentence=f"an entry is in stock ({name})", condition=f"{name} is in_stock")


def _of_value(name: str, selector: Selector) -> Iterator[Telling]:
    if selector.type is ValueType.STOCK:
        yield Telling(sentence=f"{name}: it is in stock", condition=f"{name} is in_stock")
    elif selector.type in NUMERIC:
        yield Telling(sentence=f"{name} falls by 5% or more", condition=f"{name} drops_by 5%")
        yield Telling(sentence=f"{name} falls below a number", condition=f"{name} below", asks="below which number")
        yield Telling(sentence=f"{name} rises above a number", condition=f"{name} above", asks="above which number")
    elif selector.type is ValueType.TEXT:
        yield Telling(sentence=f"{name} contains a word", condition=f"{name} contains", asks="which word")


def entry_of(condition: str, extraction: Extraction) -> Json:
    """
    Return an entry of `notify_when` for a condition as one types it: `price below 10`, `added`, `changes`.

    A condition that names no value is that of the first. Whether it suits the value, the loader says.

    Raises:
        UsageError: it is no condition.
    """
    names = [*(extraction.fields if isinstance(extraction, Items) else extraction.selectors)]
    words = condition.split(None, 2)
    if words and words[0] not in names and names:
        words = [names[0], *condition.split(None, 1)]
        if words[1] in _OF_ROWS and len(words) == 2:
            return words[1]
    if len(words) < 2 or words[1] not in _OPERATORS:
        raise UsageError(
            f"{condition!r} is no condition; write one like `added`, `changes`, `{(names or ['price'])[0]} below 10`"
        )
    name, operator = words[:2]
    if len(words) == 2:
        if operator not in _ALONE:
            raise UsageError(f"`{operator}` of what? write it like `{name} {operator} 10`")
        return {name: operator}
    return {name: {operator: _number(words[2])}}


def _number(text: str) -> Json:
    if not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)
