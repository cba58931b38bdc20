"""Numbers that say what they count or measure: `12 seats left`, or a figure beside a few words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from watcher.core.values import ValueType
from watcher.extract.count_words import COUNT_LABEL, is_of_all, what_is_counted
from watcher.extract.suggesting import scores
from watcher.extract.suggesting.found_values import (
    BOX_CHARACTERS,
    LABEL_CHARACTERS,
    LEAST_ROWS,
    MOST_BESIDE,
    Found,
    Rows,
    alone,
    as_label,
    heading_of,
    inner,
    is_short_value,
    names_of,
)
from watcher.extract.suggesting.region_words import words_of
from watcher.extract.suggesting.standing_values import YEAR
from watcher.extract.suggesting.survey import Spot, Survey
from watcher.extract.suggesting.types import can_be, type_of

READING = re.compile(r"°|m³/s|\b(?:cm|m|hPa|mm|mbar|ppm|dB|km/h|m/s|[kMG]Wh?)\Z|[µm]g/m³")
"""What is read off an instrument."""
_FIGURE = re.compile(r"[%％]? ?[-−+]?\d[\d., \u00a0]{0,15}(?: ?[^\s\d]{1,5})?(?: ?/ ?\d[\d., ]{0,15})?")
_FIGURE_WORDS = frozenset(
    {"count", "gauge", "current", "live", "level", "percent", "percentage", "progress", "reading", "meter"}
    | {"occupancy"}
)


def counts_of(survey: Survey, rows: Rows) -> Iterator[Found]:
    """Yield the short texts that say a number and what it counts."""
    skip = 0
    for spot in alone(survey, rows):
        if spot.place < skip or not is_short_value(survey, spot):
            continue
        text = survey.text(spot)
        counted = what_is_counted(text)
        if counted and (is_of_all(text) or can_be(text, ValueType.INTEGER)):
            skip = spot.end
            yield Found(spot=inner(survey, spot), name=counted, type=ValueType.INTEGER, score=scores.COUNT)


def figures_of(survey: Survey, rows: Rows) -> Iterator[Found]:
    """Yield the numbers that stand for themselves, beside a few words which say what they count or measure."""
    found = list(_figures_told(survey, rows))
    labels = Counter(each.label for each in found)
    yield from (each for each in found if labels[each.label] < LEAST_ROWS)


def _figures_told(survey: Survey, rows: Rows) -> Iterator[Found]:
    heading = heading_of(survey)
    for spot in alone(survey, rows, most=MOST_BESIDE):
        is_figure = _FIGURE.fullmatch(spot.own) and not YEAR.fullmatch(spot.own) and not spot.own.startswith("0")
        if not is_figure or not is_short_value(survey, spot) or not (label := _words_beside(survey, spot)):
            continue
        words = {
            word for each in (spot, survey.spots[spot.parent]) for name in names_of(each) for word in words_of(name)
        }
        is_near = heading is not None and spot.place > heading and rows.counts[spot.path] == 1
        is_told = COUNT_LABEL.search(label) or _FIGURE_WORDS & words or (is_near and READING.search(spot.own))
        is_of = is_told and is_of_all(spot.own)
        kind = ValueType.INTEGER if is_of else type_of(survey, [spot]) if is_told else ValueType.TEXT
        if kind in (ValueType.INTEGER, ValueType.NUMBER):
            yield Found(spot=spot, name=label, type=kind, label=label, score=scores.COUNT)


def _words_beside(survey: Survey, spot: Spot) -> str:
    """Return the words right before a figure, else those right behind it; empty where there are none."""
    parent = survey.spots[spot.parent]
    if not 0 < parent.chars - spot.chars <= BOX_CHARACTERS:
        return ""
    beside = [each for each in survey.children(parent) if not each.is_out]
    place = beside.index(spot)
    near = [survey.text(each) for each in (*reversed(beside[:place]), *beside[place + 1 :])]
    texts = (text for text in (parent.own, *near) if not any(map(str.isdigit, text)))
    return next((as_label(text) for text in texts if 2 < len(text) <= LABEL_CHARACTERS), "")
