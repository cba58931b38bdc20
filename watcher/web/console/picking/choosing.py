"""
What is chosen on a page: a candidate, or what an element holds, by a short code in the page's address.

| code | stands for |
|---|---|
| `c2` | the third candidate of what the page suggests |
| `v120` | the value of the element with the number 120 |
| `t120` | its whole text, where the value is a part of it |
| `l120`, `m120` | the list that it is in, and the next one around that |
| `f120` | whatever comes first in that list, at the same place of its row |

This brings the parser: the handlers import it when the first page is pointed at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Final, assert_never

from msgspec import Struct
from msgspec.structs import replace

from watcher.config.suggested_watch import extraction_of
from watcher.core.values import ValueType
from watcher.core.watch import Extraction, Items, Values
from watcher.extract.suggesting.places import places_of
from watcher.extract.suggesting.pointed import MOST_EXCLUDED, Pointed, pointed_at
from watcher.extract.suggesting.row_fields import BY_TEXT
from watcher.web.console.fetched import Fetched
from watcher.web.console.telling_form import TellingChoice, telling_choices
from watcher.web.keys import LocalWatcher

if TYPE_CHECKING:
    from watcher.extract.suggesting import Candidate, Suggestions

_CODE: Final = re.compile(r"([cvtlmf])([0-9]{1,7})")
_EXCLUDED: Final = re.compile(r"[0-9]{1,7}(?:,[0-9]{1,7}){0,99}")


class Chosen(StrEnum):
    """What kind of thing a code stands for."""

    CANDIDATE = "c"
    VALUE = "v"
    TEXT = "t"
    LIST = "l"
    OUTER_LIST = "m"
    FIRST = "f"


class Choice(Struct, frozen=True, kw_only=True):
    """What a code stands for. `excluded`: numbers of elements that the watch leaves out."""

    kind: Chosen
    number: int
    excluded: tuple[int, ...] = ()

    @property
    def code(self) -> str:
        """The code again."""
        return f"{self.kind}{self.number}"


class Field(Struct, frozen=True, kw_only=True):
    """A value that the watch will read; `text` is what it is now, empty of a field of a list."""

    name: str
    type: ValueType
    text: str = ""


class Suggested(Struct, frozen=True, kw_only=True):
    """What a page suggests, and for each candidate the places of the elements that it finds."""

    suggestions: Suggestions
    places: tuple[tuple[int, ...], ...]


class Offer(Struct, frozen=True, kw_only=True):
    """
    What is chosen, as it will be watched.

    Attributes:
        candidate: None where there is nothing to watch.
        pointed: the element; None of a candidate of the page.
        places: of the elements that it finds.
        fields: what it reads.
        extraction: the same, as the watch has it.
        tellings: when it may tell.
    """

    choice: Choice
    candidate: Candidate | None
    pointed: Pointed | None = None
    places: tuple[int, ...] = ()
    fields: Sequence[Field] = ()
    extraction: Extraction | None = None
    tellings: Sequence[TellingChoice] = ()

    @property
    def is_list(self) -> bool:
        """Whether it is a list with rows."""
        return self.candidate is not None and "items" in self.candidate.watch

    @property
    def is_text(self) -> bool:
        """Whether it is the text of what is pointed at."""
        of_it = self.choice.kind in (Chosen.VALUE, Chosen.TEXT)
        return of_it and [each.type for each in self.fields] == [ValueType.TEXT]

    @property
    def is_by_text(self) -> bool:
        """Whether nothing but all of their text tells its rows apart."""
        return isinstance(self.extraction, Items) and self.extraction.key.query == BY_TEXT

    @property
    def selector(self) -> str:
        """What finds the one value that it reads."""
        match self.extraction:
            case Values(selectors=selectors):
                return next((each.query.expression for each in selectors.values() if each.query is not None), "")
            case _:
                return ""


def choice_of(code: str, excluded: str) -> Choice | None:
    """Return what a code stands for; None where it is none."""
    match = _CODE.fullmatch(code)
    if match is None:
        return None
    numbers = map(int, excluded.split(",")) if _EXCLUDED.fullmatch(excluded) else ()
    return Choice(kind=Chosen(match[1]), number=int(match[2]), excluded=tuple(dict.fromkeys(numbers))[:MOST_EXCLUDED])


async def suggested(local: LocalWatcher, page: Fetched) -> Suggested:
    """Return what a page suggests, looked for once. Raises CheckError."""
    if page.suggestions is None:
        page.suggestions = await local.suggestions(page.watch, page.response)
    if page.places is None:
        watches = [each.watch for each in page.suggestions.candidates]
        page.places = await local.made(page.watch, page.response, places_of, watches)
    return Suggested(suggestions=page.suggestions, places=page.places)


async def offer_of(local: LocalWatcher, page: Fetched, choice: Choice) -> Offer:
    """Return what a choice comes to. Raises CheckError."""
    if choice.kind is Chosen.CANDIDATE:
        found = await suggested(local, page)
        if choice.number >= len(found.suggestions.candidates):
            return Offer(choice=choice, candidate=None)
        candidate = found.suggestions.candidates[choice.number]
        choice = replace(choice, excluded=())  # it was read with all that is on the page
        return _offer(choice, candidate, None, found.places[choice.number])
    pointed = await local.made(page.watch, page.response, pointed_at, choice.number, choice.excluded)
    taken = None if pointed is None else _taken(pointed, choice.kind)
    if taken is None or choice.kind in (Chosen.VALUE, Chosen.TEXT):
        return _offer(choice, taken, pointed, (choice.number,))
    (places,) = await local.made(page.watch, page.response, places_of, [taken.watch])
    return _offer(choice, taken, pointed, places)


def _taken(pointed: Pointed, kind: Chosen) -> Candidate | None:
    match kind:
        case Chosen.VALUE:
            return pointed.value
        case Chosen.TEXT:
            return pointed.as_text or pointed.value  # which is its text
        case Chosen.LIST:
            return next(iter(pointed.lists), None)
        case Chosen.OUTER_LIST:
            return next(iter(pointed.lists[1:]), None)
        case Chosen.FIRST:
            return pointed.first
        case Chosen.CANDIDATE:
            return None
        case _:
            assert_never(kind)


def _offer(choice: Choice, candidate: Candidate | None, pointed: Pointed | None, places: tuple[int, ...]) -> Offer:
    if candidate is None:
        return Offer(choice=choice, candidate=None, pointed=pointed, places=places)
    extraction = extraction_of(candidate.watch)
    return Offer(
        choice=choice,
        candidate=candidate,
        pointed=pointed,
        places=places,
        fields=_fields(extraction, candidate),
        extraction=extraction,
        tellings=telling_choices(extraction),
    )


def _fields(extraction: Extraction, candidate: Candidate) -> Sequence[Field]:
    match extraction:
        case Items(fields=fields):
            return [Field(name=name, type=each.type) for name, each in fields.items()]
        case Values(selectors=selectors):
            texts = [text.partition(": ")[2] for text in candidate.texts]
            return [
                Field(name=name, type=each.type, text=text)
                for (name, each), text in zip(selectors.items(), texts, strict=False)
            ]
