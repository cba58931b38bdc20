"""Where on the page a candidate finds what it finds: the places of elements, from 0, as in the page's copy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from turbohtml import Element

from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Page
from watcher.core.values import Json
from watcher.core.watch import Language, Query
from watcher.errors import CheckError
from watcher.extract.body import HtmlBody, open_body

_MOST: Final = 500
"""Elements of one candidate: more outlines say nothing more."""


def places_of(page: Page, _: CpuBudget, watches: Sequence[Mapping[str, Json]]) -> tuple[tuple[int, ...], ...]:
    """
    Return the places of what each of these watches finds: its values, or the rows of its list; none of what is no
    element, as JSON and what machines are told.

    Raises:
        CheckError: the page cannot be opened.
    """
    body = open_body(page)
    if not isinstance(body, HtmlBody):
        return ((),) * len(watches)
    places = body.document.order()
    return tuple(tuple(sorted(_found(body, watch, places))) for watch in watches)


def _found(body: HtmlBody, watch: Mapping[str, Json], places: Mapping[Element, int]) -> Iterator[int]:
    if "json_in" in watch:
        return
    for query, most in _queries(watch):
        try:
            found = body.select(query)[:most]
        except (CheckError, ValueError):
            continue
        yield from (places[each] for each in found if isinstance(each, Element) and each in places)


def _queries(watch: Mapping[str, Json]) -> Iterator[tuple[Query, int]]:
    """Yield what the watch asks for, with how many of what is found it reads."""
    match watch:
        case {"extract": dict(values)}:
            for value in values.values():
                if (query := _query(value)) is not None:
                    yield query, 1
        case {"items": dict(items)} if (query := _query(items)) is not None:
            yield query, _MOST


def _query(written: Json) -> Query | None:
    match written:
        case str(css) | {"css": str(css)}:
            return Query.css(css)
        case {"xpath": str(xpath)}:
            return Query(Language.XPATH, xpath)
    return None
