"""JSON within a page: what frameworks leave in its scripts, `__NEXT_DATA__` and others, is read by `json_in`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace
from turbohtml import Element

from watcher.core.values import Json, ValueType
from watcher.core.watch import Items, Language, Query
from watcher.errors import PageError
from watcher.extract.document import Document
from watcher.extract.json_values import parse_assigned_json
from watcher.extract.lasting import is_lasting
from watcher.extract.selector_of import selector_of
from watcher.extract.suggesting.by_value import Wanted
from watcher.extract.suggesting.candidate import CandidateDraft
from watcher.extract.suggesting.json_found import is_telling, json_candidates, texts_of
from watcher.extract.suggesting.survey import Spot, Survey

_ASSIGNED = re.compile(r"\A\s*((?:window|self|globalThis)\.[A-Za-z_$][\w$]*|(?:window|self)\[\"[\w$]+\"\])\s*=\s*[\[{]")
_DATA_TYPE = re.compile(r"application/(?:[\w.-]+\+)?json", re.IGNORECASE)
_SETTINGS = re.compile(r"config|settings|consent|gdpr|cookie|translations?\b|i18n|locale|messages\b", re.IGNORECASE)
_MOST_SCRIPTS = 8
_MOST_CLASSES = 5
_NAME_CHARACTERS = 60
_DRAWN = re.compile(r"map|chart|graph|leaflet|plot|diagram|kaart|karte|carte|grafi|datatable", re.IGNORECASE)
_LEAST_CHARACTERS = 100
_MOST_CHARACTERS = 3_000_000
_SHOWN_CONTENT = 300
"""A page with so much text shows what its JSON holds, if that is what the page is about."""
_UNSEEN = 20
"""What the page does not show comes behind all that it does, and is suggested only for a price, a stock or the like."""


def scripts_of(survey: Survey, wanted: Wanted | None) -> Iterator[CandidateDraft]:
    """Yield what the JSON in the page's scripts suggests, where the page shows it, or it is telling by itself."""
    content = " ".join(spot.own for spot in survey.spots if spot.own and not spot.is_out)
    for query, root in _data(survey.document):
        if survey.is_over():
            return
        for draft in json_candidates(root, wanted, is_page=False):
            if len(content) < _SHOWN_CONTENT or any(text in content for text in texts_of(root, draft)):
                yield replace(draft, json_in=query)
            elif is_telling(draft) or (_has_numbers(draft) and _has_gap(survey)):
                yield replace(draft, json_in=query, score=draft.score - _UNSEEN)


def _has_numbers(draft: CandidateDraft) -> bool:
    """Return whether each row has a number, as measurements have."""
    fields = draft.extraction.fields.values() if isinstance(draft.extraction, Items) else ()
    return any(field.type in (ValueType.INTEGER, ValueType.NUMBER) for field in fields)


def _has_gap(survey: Survey) -> bool:
    """Return whether the content has an empty element that a script draws in, by what it is called: a map, a chart."""
    empty = (spot for spot in survey.spots if not spot.chars and spot.end == spot.place + 1 and not spot.is_out)
    return any(spot.tag == "canvas" or _DRAWN.search(" ".join(_called(spot))) for spot in empty)


def _called(spot: Spot) -> tuple[str, ...]:
    return (*spot.names[:_MOST_CLASSES], (spot.element.attr("id") or "")[:_NAME_CHARACTERS])


def _data(document: Document) -> Iterator[tuple[Query, Json]]:
    """Yield the JSON of scripts, each with what finds it."""
    left, count = _MOST_CHARACTERS, 0
    for script in document.select("script:not([src])"):
        text = script.text
        if not _LEAST_CHARACTERS <= len(text) <= left or not _is_data(script, text) or _is_settings(script, text):
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


def _is_settings(script: Element, text: str) -> bool:
    """Return whether the names of a script say that it holds settings: `window.didomiConfig = …`."""
    assigned = _ASSIGNED.match(text[:300])
    names = (script.attr("id"), script.attr("class"), assigned[1] if assigned else None)
    return any(_SETTINGS.search(name[:_NAME_CHARACTERS]) for name in names if name)


def _query(document: Document, script: Element, text: str) -> Query | None:
    """Return what finds the script: a name of it, or what it assigns to; never its place alone."""
    alike = 'script[type="application/json"]'
    css = selector_of(document, script)
    if css != "script" and ":nth-" not in css and " + " not in css and " ~ " not in css:
        return Query.css(css)
    for name in (script.attr("class") or "").split()[:_MOST_CLASSES]:
        if is_lasting(name) and list(document.probe(f"script.{name}")) == [script]:
            return Query.css(f"script.{name}")
    if list(document.probe(alike)) == [script]:
        return Query.css(alike)
    assigned = _ASSIGNED.match(text[:300])
    if assigned is None or "'" in assigned[1]:
        return None
    query = Query(Language.XPATH, f"//script[starts-with(normalize-space(), '{assigned[1]}')]")
    return query if list(document.xpath(query.expression)) == [script] else None
