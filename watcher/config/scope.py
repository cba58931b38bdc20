"""`exclude`, the range of a page and `json_in` → the part of it that is read."""

from __future__ import annotations

import re

from watcher.config.models import PlaceModel, SettingsModel, WatchModel
from watcher.config.queries import checked, query_of
from watcher.config.report import Report
from watcher.core.watch import WHOLE_PAGE, Language, Query, Scope

MAX_CUTS = 50
"""So many selectors or expressions may be cut out by a watch, and as many by `defaults`."""

_READS_TEXT = re.compile(r"@[\w:.-]+\)*\s*$|\b(?:text|comment)\(\)\s*$|^\s*(?:string|concat|normalize-space|count)\(")
"""Such an XPath expression yields texts, which cannot be cut out of a page."""


def check_noise(settings: SettingsModel, report: Report) -> None:
    """Report what is wrong with `exclude` and `ignore_text` of a watch, or of `defaults`."""
    for name, cuts in (("exclude", settings.exclude), ("ignore_text", settings.ignore_text)):
        if name in settings.given and len(cuts) > MAX_CUTS:
            report.add(f"has {len(cuts)} entries, more than {MAX_CUTS}; write one that says what they share", name)
    if "exclude" in settings.given:
        for index, place in enumerate(settings.exclude):
            _query(place, report.at("exclude", index))


def scope_of(model: WatchModel, report: Report) -> Scope:
    """Return the part of the page that a watch reads. Mistakes in its range go into the report."""
    start, is_after_start = _edge(model, "start_at", "start_after", report)
    end, is_before_end = _edge(model, "end_at", "end_before", report)
    json_in = _json_in(model, report)
    scope = Scope(
        exclude=tuple(map(_known_query, model.exclude)),
        start=start,
        is_after_start=is_after_start,
        end=end,
        is_before_end=is_before_end,
        json_in=json_in,
    )
    # One object, for plans are looked up by identity.
    return WHOLE_PAGE if scope == WHOLE_PAGE else scope


def _json_in(model: WatchModel, report: Report) -> Query | None:
    """Return where the JSON stands that is read in place of the page; a range of that page is a mistake."""
    if model.json_in is None:
        return None
    for key in ("start_at", "start_after", "end_at", "end_before"):
        if key in model.given:
            report.add("goes with a page of HTML, and `json_in` reads JSON in its place", key, at_key=True)
    return _query(model.json_in, report.at("json_in"))


def _edge(model: WatchModel, with_it: str, without_it: str, report: Report) -> tuple[Query | None, bool]:
    """Return where the range begins or ends, and whether it does so without the element itself."""
    if with_it in model.given and without_it in model.given:
        report.add(f"there is `{with_it}` already; write one of the two", without_it, at_key=True)
    for key in (with_it, without_it):
        if (place := getattr(model, key)) is not None:
            return _query(place, report.at(key)), key == without_it
    return None, False


def _query(place: str | PlaceModel, report: Report) -> Query:
    if isinstance(place, str):
        return checked(Language.CSS, place, report, in_row=False)
    if place.css is None and place.xpath is None:
        report.add("must have one of `css` and `xpath`", at_key=True)
        return Query.css("*")
    if place.css is not None and place.xpath is not None:
        report.add("has `css` already", "xpath", at_key=True)
    if place.xpath is not None and _READS_TEXT.search(place.xpath):
        report.add("finds a text; only elements can be cut out, so end with the name of one", "xpath")
    language, expression = _written(place)
    return checked(language, expression, report, language.value, in_row=False)


def _known_query(place: str | PlaceModel) -> Query:
    """Return a query that was checked where it is written."""
    return query_of(*_written(place))


def _written(place: str | PlaceModel) -> tuple[Language, str]:
    if isinstance(place, str):
        return Language.CSS, place
    return (Language.XPATH, place.xpath or "") if place.css is None else (Language.CSS, place.css)
