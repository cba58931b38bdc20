"""When people are told of what a new watch finds: sentences to choose from, and conditions as one types them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct

from watcher.config.typed import number_in, step_in
from watcher.core.values import Json, ValueType
from watcher.core.watch import Extraction, Items, Operator, Selector, Values
from watcher.errors import UsageError
from watcher.extract.count_words import is_opening, is_priced

NUMERIC: Final = frozenset({ValueType.INTEGER, ValueType.NUMBER, ValueType.MONEY})
_COUNTS: Final = frozenset({ValueType.INTEGER, ValueType.NUMBER})
_ALONE: Final = frozenset({Operator.CHANGES, Operator.APPEARS, Operator.DISAPPEARS})
_OF_ROWS: Final = frozenset({Operator.ADDED, Operator.REMOVED, Operator.CHANGED})
_OF_NUMBERS: Final = frozenset({Operator.BELOW, Operator.ABOVE})
_OF_STEPS: Final = frozenset({Operator.DROPS_BY, Operator.RISES_BY})
_OPERATORS: Final = frozenset(map(str, Operator))
_NUMBER: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")


class TypedMistake(StrEnum):
    """What is wrong with what is typed behind a sentence; `telling_wrong_…` in the translations says it."""

    NOTHING = "what"
    NO_NUMBER = "number"
    NO_STEP = "step"


class Sentence(StrEnum):
    """What people choose; `tell_…` in the translations has the words, in which `{name}` is a value's."""

    ANYTHING = "anything"
    BETTER_OR_NEW = "better_or_new"
    NEW_ENTRY = "new_entry"
    NEW_OR_CHANGED = "new_or_changed"
    NEW_GONE_OR_CHANGED = "new_gone_or_changed"
    ABOVE_ZERO = "above_zero"
    ENTRY_IN_STOCK = "entry_in_stock"
    IN_STOCK = "in_stock"
    FALLS_BY = "falls_by"
    FALLS_BELOW = "falls_below"
    RISES_BY = "rises_by"
    RISES_ABOVE = "rises_above"
    CONTAINS = "contains"

    @property
    def asks(self) -> bool:
        """Whether something has to be typed behind it; `tell_…_what` asks for it."""
        return self in _ASKING

    @property
    def usual(self) -> str:
        """What stands behind it until something else is typed; empty where nothing is usual."""
        return _USUAL_STEP if self in _MEASURING else ""

    def mistake(self, what: str) -> TypedMistake | None:
        """Return why this cannot be typed behind it; None where it can."""
        if self.asks and not what:
            return TypedMistake.NOTHING
        if self in _MEASURING and step_in(what) is None:
            return TypedMistake.NO_STEP
        return TypedMistake.NO_NUMBER if self in _COMPARING and number_in(what) is None else None


_COMPARING: Final = frozenset({Sentence.FALLS_BELOW, Sentence.RISES_ABOVE})
_MEASURING: Final = frozenset({Sentence.FALLS_BY, Sentence.RISES_BY})
_ASKING: Final = _COMPARING | _MEASURING | {Sentence.CONTAINS}
_USUAL_STEP: Final = "5%"
_NEW: Final = str(Operator.ADDED)


class Telling(Struct, frozen=True, kw_only=True):
    """
    One answer to "when".

    Attributes:
        name: of the value that the sentence is about; empty where it is about all.
        conditions: as one would type them (`price below`), each an entry of its own; none: whatever changes.
    """

    sentence: Sentence
    name: str = ""
    conditions: tuple[str, ...] = ()


def tellings(extraction: Extraction) -> Sequence[Telling]:
    """Return what can be chosen for what is read, the likeliest first."""
    match extraction:
        case Items(fields=fields, rolling=rolling):
            return list(_of_rows(fields, rolling=rolling))
        case Values(selectors=selectors):
            anything = Telling(sentence=Sentence.ANYTHING)
            return [anything, *(each for name, one in selectors.items() for each in _of_value(name, one))]


def _of_rows(fields: Mapping[str, Selector], *, rolling: bool) -> Iterator[Telling]:
    opening = [telling for name, field in fields.items() for telling in _opening(name, field)]
    falling = [telling for name, field in fields.items() for telling in _falling(name, field)]
    if likely := [*opening[:1], *falling[1:2]]:
        usual = [f"{condition} {each.sentence.usual}".strip() for each in likely for condition in each.conditions]
        names = ", ".join(each.name for each in likely)
        yield Telling(sentence=Sentence.BETTER_OR_NEW, name=names, conditions=(*usual, _NEW))
    yield from opening
    yield from falling
    yield Telling(sentence=Sentence.NEW_ENTRY, conditions=(_NEW,))
    yield Telling(sentence=Sentence.NEW_OR_CHANGED if rolling else Sentence.NEW_GONE_OR_CHANGED)


def _opening(name: str, field: Selector) -> Iterator[Telling]:
    """Yield when an entry opens by this field: by seats or stock, and by no counter, age or number of a row."""
    if field.type is ValueType.STOCK:
        yield Telling(sentence=Sentence.ENTRY_IN_STOCK, name=name, conditions=(f"{name} is in_stock",))
    elif field.type in _COUNTS and is_opening(name):
        yield Telling(sentence=Sentence.ABOVE_ZERO, name=name, conditions=(f"{name} above 0",))


def _falling(name: str, field: Selector) -> Iterator[Telling]:
    """Yield when an entry gets cheaper by this field, if that is a price."""
    if field.type is ValueType.MONEY or (field.type in _COUNTS and is_priced(name)):
        yield Telling(sentence=Sentence.FALLS_BELOW, name=name, conditions=(f"{name} below",))
        yield Telling(sentence=Sentence.FALLS_BY, name=name, conditions=(f"{name} drops_by",))


def _of_value(name: str, selector: Selector) -> Iterator[Telling]:
    if selector.type is ValueType.STOCK:
        yield Telling(sentence=Sentence.IN_STOCK, name=name, conditions=(f"{name} is in_stock",))
    elif selector.type in NUMERIC:
        yield Telling(sentence=Sentence.FALLS_BY, name=name, conditions=(f"{name} drops_by",))
        yield Telling(sentence=Sentence.FALLS_BELOW, name=name, conditions=(f"{name} below",))
        yield Telling(sentence=Sentence.RISES_BY, name=name, conditions=(f"{name} rises_by",))
        yield Telling(sentence=Sentence.RISES_ABOVE, name=name, conditions=(f"{name} above",))
    elif selector.type is ValueType.TEXT:
        yield Telling(sentence=Sentence.CONTAINS, name=name, conditions=(f"{name} contains",))


def entry_for(telling: Telling, what: str, extraction: Extraction) -> Json:
    """Return what `notify_when` says for an answer, with what is typed behind it; None: all. Raises UsageError."""
    behind = f" {what or '?'}" if telling.sentence.asks else ""
    entries = [entry_of(f"{each}{behind}", extraction) for each in telling.conditions]
    return entries if len(entries) > 1 else next(iter(entries), None)


def entry_of(condition: str, extraction: Extraction) -> Json:
    """
    Return an entry of `notify_when` for a condition as one types it: `price below 10`, `added`.

    `changes` alone is any change, which needs no entry: None. Another condition that names no value is that of the
    first value of a type that it suits. Whether it suits the value, the loader says.

    Raises:
        UsageError: it is no condition.
    """
    selectors = extraction.fields if isinstance(extraction, Items) else extraction.selectors
    words = condition.split(None, 2)
    if words == [Operator.CHANGES]:
        return None
    if len(words) == 1 and words[0] in _OF_ROWS and words[0] not in selectors:
        return words[0]
    if words and words[0] not in selectors and selectors:
        words = [_suited(words[0], selectors), *condition.split(None, 1)]
    if len(words) < 2 or words[1] not in _OPERATORS:
        example = next(iter(selectors), "price")
        raise UsageError(f"{condition!r} is no condition; write one like `added`, `changes`, `{example} below 10`")
    name, operator = words[:2]
    if len(words) == 2:
        if operator not in _ALONE:
            raise UsageError(f"`{operator}` of what? write it like `{name} {operator} 10`")
        return {name: operator}
    typed = _typed(operator, words[2])
    return {name: {operator: _number(words[2]) if typed is None else typed}}


def _suited(operator: str, selectors: Mapping[str, Selector]) -> str:
    """Return the first value that an operator suits by its type, or the first of all."""
    types = NUMERIC if operator in _OF_NUMBERS | _OF_STEPS else {ValueType.STOCK} if operator == Operator.IS else ()
    return next((name for name, each in selectors.items() if each.type in types), next(iter(selectors)))


def _typed(operator: str, text: str) -> Json:
    """Return what stands behind an operator as a file has it; None where that is the loader's to say."""
    if operator in _OF_STEPS:
        return step_in(text)
    return number_in(text) if operator in _OF_NUMBERS else None


def _number(text: str) -> Json:
    if not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)
