"""One object for each distinct part of watches: in a file of 100,000, few selectors, rules and topics are."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar, cast

from watcher.core.watch import Extraction, Items, Rule, Selector, Values

_T = TypeVar("_T")
_H = TypeVar("_H", bound=Hashable)


class Shared:
    """The parts that were seen before. What is equal but written otherwise (`1.0` and `1`) is kept apart."""

    def __init__(self) -> None:
        self._parts: dict[Hashable, object] = {}

    def plain(self, part: _H) -> _H:
        """Return the first part that was equal to this one; equal ones are written alike."""
        return self._first(part, part)

    def mapping(self, part: Mapping[str, str]) -> Mapping[str, str]:
        """Return the first mapping that had the same in the same order."""
        return self._first(tuple(part.items()), part)

    def extraction(self, part: Extraction) -> Extraction:
        """Return the first extraction that was written like this one."""
        return self._first(_extraction_key(part), part)

    def rules(self, part: tuple[Rule, ...]) -> tuple[Rule, ...]:
        """Return the first rules that were written like these."""
        return self._first((part, tuple(map(str, part))), part)

    def link(self, part: str | Selector | None) -> str | Selector | None:
        """Return the first selector of a link that was written like this one."""
        return self._first(_selector_key(part), part) if isinstance(part, Selector) else part

    def _first(self, key: Hashable, part: _T) -> _T:
        return cast("_T", self._parts.setdefault((type(part), key), part))


def _extraction_key(extraction: Extraction) -> Hashable:
    match extraction:
        case Values(selectors=selectors):
            return tuple((name, _selector_key(one)) for name, one in selectors.items())
        case Items(fields=fields, where=where):
            named = tuple((name, _selector_key(one)) for name, one in fields.items())
            return (
                *(extraction.query, _selector_key(extraction.key), named, where, tuple(map(str, where))),
                *(extraction.empty_when, extraction.rolling, extraction.pages),
            )


def _selector_key(selector: Selector) -> Hashable:
    return selector, str(selector.scale), str(selector.max_step)
