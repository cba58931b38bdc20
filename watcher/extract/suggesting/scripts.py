"""JSON within a page: what frameworks leave in its scripts, `__NEXT_DATA__` and others, is read by `json_in`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace
from turbohtml import Element

from watcher.core.values import Json
from watcher.core.watch import Language, Query
from watcher.errors import PageError
from watcher.extract.document import Document
from watcher.extract.json_values import parse_assigned_json
from watcher.extract.selector_of import selector_of
from watcher.extract.suggesting.by_value import Wanted
from watcher.extract.suggesting.candidate import Offer
from watcher.extract.suggesting.json_found import is_telling, json_offers, texts_of
from watcher.extract.suggesting.survey import Survey

_ASSIGNED = re.compile(r"\A\s*((?:window|self|globalThis)\.[A-Za-z_$][\w$]*|(?:window|self)\[\"[\w$]+\"\])\s*=\s*[\[{]")
_DATA_TYPE = re.compile(r"application/(?:[\w.-]+\+)?json", re.IGNORECASE)
_MOST_SCRIPTS = 8
_LEAST_CHARACTERS = 100
_MOST_CHARACTERS = 3_000_000
_SHOWN_CONTENT = 300
"""A page with so much text shows what its JSON holds, if that is what the page is about."""
_UNSEEN = 20
"""What the page does not show comes behind all that it does, and is offered only for a price, a stock or the like."""


def scripts_of(survey: Survey, wanted: Wanted | None) -> Iterator[Offer]:
    """Yield what the JSON in the page's scripts offers, where the page shows it, or it is telling by itself."""
    content = " ".join(spot.own for spot in survey.spots if spot.own and not spot.is_out)
    for query, root in _data(survey.document):
        if survey.is_over():
            return
        for offer in json_offers(root, wanted):
            if len(content) < _SHOWN_CONTENT or any(text in content for text in texts_of(root, offer)):
                yield replace(offer, json_in=query)
            elif is_telling(offer):
                yield replace(offer, json_in=query, score=offer.score - _UNSEEN)


def _data(document: Document) -> Iterator[tuple[Query, Json]]:
    """Yield the JSON of scripts, each with what finds it."""
    left, count = _MOST_CHARACTERS, 0
    for script in document.select("script:not([src])"):
        text = script.text
        if not _LEAST_CHARACTERS <= len(text) <= left or not _is_data(script, text):
            continue
        query = _query(document, script, text)
        left, count = left - len(text), count + 1
        if query is None or count > _MOST_SCRIPTS:
            continue
        try:
            yield query, parse_assigned_json(text)
        except PageError:
            continue


def _is_data(script: Element, text: str) -> bool:
    kind = script.attr("type") or ""
    if _DATA_TYPE.fullmatch(kind):
        return not kind.lower().endswith("ld+json")
    return _ASSIGNED.match(text[:300]) is not None


def _query(document: Document, script: Element, text: str) -> Query | None:
    """Return what finds the script: a name of it, or what it assigns to; never its place alone."""
    alike = 'script[type="application/json"]'
    css = selector_of(document, script)
    if css != "script" and ":nth-" not in css and " + " not in css and " ~ " not in css:
        return Query.css(css)
    if list(document.probe(alike)) == [script]:
        return Query.css(alike)
    assigned = _ASSIGNED.match(text[:300])
    if assigned is None or "'" in assigned[1]:
        return None
    query = Query(Language.XPATH, f"//script[starts-with(normalize-space(), '{assigned[1]}')]")
    return query if list(document.xpath(query.expression)) == [script] else None
