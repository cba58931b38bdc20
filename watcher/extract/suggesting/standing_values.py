"""
What stands on a page for itself: a level of danger, the number that is served now, whether the lake may be entered.

No word has to be known for it, in any language: a page that tells how something is just now sets that apart from its
text, and says of when it is. Each of these speaks for a short text; it is offered where enough do, and where the page
says of which moment it is, or shows by a colour how good or bad that is.

| what speaks for it | as in |
|---|---|
| it is set apart: in bold, large, by a name, or alone in a box with a heading | `<p class="display-5">`, `<b>` |
| a few words stand before it, as a heading of its box | `Current level`, `Tingkat aktivitas saat ini` |
| a day or a time stands in its box, or on the page | `Ditetapkan sejak 14 Oktober 2026`, `09:41` |
| the heading before it asks something | `Is the bridge open?` |
| it is told for machines or read off by its unit | `<output>`, `role=status`, `−6 °C`, `84,2 øre/kWh` |
| its class has the colour of a signal, or says which of several it is | `text-warning`, `answer answer--no` |
| it is a figure, or a degree | `27`, `Grado 3`, `Level II` |
| it is the first thing behind the page's heading | |

What is read as a text, such as an article, has such things beside its title, too: who wrote it, and how long it takes.
There a value needs a box of its own, with words before it and a moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from watcher.extract.count_words import is_of_all
from watcher.extract.suggesting.moments import moments_of
from watcher.extract.suggesting.naming import is_generic
from watcher.extract.suggesting.page_kinds import is_article
from watcher.extract.suggesting.region_words import words_of
from watcher.extract.suggesting.survey import Spot, Survey

_NEAR = 60
"""Elements behind the heading."""
_FIRST = 2
"""The first texts behind the heading."""
_VALUE_CHARACTERS = 40
_LABEL_CHARACTERS = 60
_BOX_CHARACTERS = 300
_ENOUGH = 4
_NEVER = 9
_TAGS = frozenset(
    {"p", "div", "span", "strong", "b", "em", "output", "data", "mark", "big", "h2", "h3", "h4", "td", "dd"}
)
_ROW_TAGS = frozenset({"li", "tr", "dd"})
_ROWS = 3
_LEAST_WORDS = 2
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_BOLD = frozenset({"strong", "b", "mark", "big"})
_LIVE_TAGS = frozenset({"output", "data", "meter", "progress"})
_LIVE_ROLES = frozenset({"status", "meter", "progressbar", "timer"})
_LARGE = re.compile(r"display-\d|text-(?:\d?xl|huge|large)|fs-[1-3]|h[1-4]|fw-bold|font-(?:bold|semibold|black)|lead")
_SET_APART = frozenset(
    {"value", "val", "number", "num", "figure", "big", "large", "huge", "current", "now", "live", "level", "reading"}
    | {"badge", "pill", "chip", "label", "lozenge", "indicator", "result", "score", "stat", "metric", "kpi"}
)
_SIGNALS = frozenset(
    {"success", "warning", "warn", "danger", "error", "critical", "alert", "ok", "green", "red", "yellow", "orange"}
    | {"amber", "emerald", "rose", "lime", "positive", "negative", "caution", "severe"}
)
_CODE = re.compile(r"#\s?\d|\d{5}|[A-Z]\d[A-Z\d-]*\d{2}|@|https?:")
"""A number of an order, a telephone or an address is no figure."""
_VERSION = re.compile(r"\d\.\d{1,4}\.\d")
_DEGREE = re.compile(r"\d|\b[IVX]{1,4}\b")
_READING = re.compile(r"\d ?(?:°[CF]?|m³/s|hPa|[µm]g/m³|ppm|[^\s\d]{1,6}/[kM]Wh)\Z")
_STATE_LETTERS = 8
YEAR = re.compile(r"(?:19|20)\d\d")
_LEVEL = re.compile(r"\d{1,2}|[IVX]{1,4}")
_WORD = re.compile(r"[^\W\d_][^\d]{3,30}|[^\x00-\u2e80]{1,12}")
_STEP = re.compile("[>›»→]")
_STEPS_BY_SLASH = range(2, 10)


class Standing(Struct, frozen=True, kw_only=True):
    """A value that stands for itself, with the words before it, and how much speaks for it."""

    spot: Spot
    label: str
    points: int
    is_signal: bool


def standing_values(survey: Survey, heading: int, *, most_alike: int) -> Iterator[Standing]:
    """
    Yield what stands for itself behind the heading, at that place, in the order of the page.

    Args:
        most_alike: so many may look the same; with more they are the rows of a list.
    """
    if is_article(survey) or _is_unlisted(survey):
        return
    near = [spot for spot in survey.spots[heading + 1 : heading + 1 + _NEAR] if not spot.is_out]
    moments = [spot for spot in moments_of(survey) if not _is_step(survey, spot)]
    is_read = survey.is_read()
    for spot in near:
        alike = sum(each.path == spot.path for each in near)
        if alike <= most_alike and not survey.is_over() and _may_stand(survey, spot):
            found = _weighed(survey, spot, near, moments)
            if found is not None and found.points >= _enough(survey, found, is_read=is_read):
                yield _with_its_word(survey, found)


def _with_its_word(survey: Survey, found: Standing) -> Standing:
    """Return a level with the word for it right behind, where both alone fill a box: `3` and `Considerable`."""
    box = survey.spots[found.spot.parent]
    word = survey.spots[found.spot.end] if found.spot.end < box.end else None
    is_whole = word is not None and word.end == box.end and found.spot.place == box.place + 1
    is_level = _LEVEL.fullmatch(found.spot.own) is not None and box.chars <= _VALUE_CHARACTERS
    if word is None or not (is_whole and is_level) or word.link_chars or not _WORD.fullmatch(word.own):
        return found
    return replace(found, spot=box)


def _enough(survey: Survey, found: Standing, *, is_read: bool) -> int:
    """Return how much has to speak for a value: more for words without a signal: an author’s name."""
    if is_read and not (found.is_signal or (found.label and _is_degree(survey, found.spot) and _is_large(found.spot))):
        return _NEVER
    is_told = _is_degree(survey, found.spot) or (found.is_signal and bool(found.label))
    return _ENOUGH if is_told and not is_read else _ENOUGH + 1


def _is_unlisted(survey: Survey) -> bool:
    """Return whether a page asks search engines not to list it: confirmations and errors do."""
    return any(
        "noindex" in (one.attr("content") or "").lower() for one in survey.document.select("meta[name=robots i]")
    )


def _is_in_row(survey: Survey, spot: Spot) -> bool:
    """Return whether a text stands in one of several rows of a list or a table of facts."""
    row = next((each for each in (spot, *survey.above(spot)) if each.tag in _ROW_TAGS), None)
    beside = () if row is None or row.parent < 0 else survey.children(survey.spots[row.parent])
    return row is not None and sum(each.tag == row.tag for each in beside) >= _ROWS


def _is_step(survey: Survey, spot: Spot) -> bool:
    """Return whether a text is one of a numbered list, as of what to do."""
    return spot.parent >= 0 and survey.spots[spot.parent].tag == "ol"


def _may_stand(survey: Survey, spot: Spot) -> bool:
    """Return whether a text may be a value: it is short, leads nowhere, is no label, and stands in no sentence."""
    text = survey.text(spot)
    is_short = 0 < len(text) <= _VALUE_CHARACTERS and 2 * len(spot.own) >= spot.chars
    is_sentence = text.endswith((".", "。")) and len(text.split()) > _LEAST_WORDS
    if (
        not is_short
        or is_sentence
        or _is_in_row(survey, spot)
        or spot.tag not in _TAGS
        or spot.link_chars
        or text.endswith((":", "：", "!", "?", "…"))
        or _is_trail(text)
    ):
        return False
    parent = survey.spots[spot.parent]
    if parent.own and len(parent.own) > len(spot.own) and not parent.own.endswith((":", "：")):
        return False
    is_code = _CODE.search(text) is not None and _VERSION.search(text) is None
    return not is_code and YEAR.fullmatch(text) is None


def _is_trail(text: str) -> bool:
    """Return whether the text says where a page stands in its site: `Home > Races > 2023`, `Home / Races / 2023`."""
    first, *rest = _STEP.split(text)
    is_trail = bool(rest) and all(step.removeprefix(" ")[:1].isalnum() for step in rest)
    if not rest:
        first, *rest = text.split(" / ")
        is_trail = len(rest) in _STEPS_BY_SLASH and all(rest) and not any("/" in step for step in (first, *rest))
    return is_trail and any(map(str.isalpha, first))


def _weighed(survey: Survey, spot: Spot, near: Sequence[Spot], moments: Sequence[Spot]) -> Standing | None:
    boxes = list(_boxes(survey, spot))
    if spot in moments:
        return _until(survey, spot, boxes)
    is_live = spot.tag in _LIVE_TAGS or any(each.role in _LIVE_ROLES for each in (spot, *boxes))
    is_live = is_live or (bool(boxes) and is_of_all(survey.text(boxes[0])))
    is_read_off = _READING.search(survey.text(spot)) is not None
    inner = [box for box in boxes if not box.has_main]
    is_dated = any(box.place < each.place < box.end for box in inner for each in moments)
    is_signalled = any(_is_signal(each.names) for each in (spot, *boxes[:2])) or _is_variant(spot.names)
    is_first = spot in [each for each in near if each.own][:_FIRST]
    question = _question(survey, near) if is_first else ""
    if not (is_live or moments or is_signalled or is_read_off or question):
        return None
    label = question or _label_of(survey, spot)
    moment_points = 2 if is_live or is_dated else 1 if moments or is_read_off or question else 0
    is_apart = is_read_off or _is_set_apart(survey, spot)
    if not (is_apart or is_signalled or is_live):
        return None
    points = sum((is_apart, bool(label), moment_points, is_signalled, _is_degree(survey, spot), is_first))
    return Standing(spot=spot, label=label, points=points, is_signal=is_signalled or is_live)


def _question(survey: Survey, near: Sequence[Spot]) -> str:
    """Return the heading where it asks something, which what stands right behind it answers: `Is the bridge open?`."""
    heading = survey.text(survey.spots[near[0].place - 1]) if near else ""
    return heading if heading.endswith(("?", "？")) else ""


def _until(survey: Survey, spot: Spot, boxes: Sequence[Spot]) -> Standing | None:
    """Return a state with its day, `On loan until 4 December`, where a button beside it does what can be done then."""
    letters = sum(map(str.isalpha, spot.own))
    can_be_done = any(each.tag == "button" for box in boxes[:1] for each in survey.children(box))
    if spot.tag == "time" or letters < _STATE_LETTERS or not can_be_done or not _is_set_apart(survey, spot):
        return None
    return Standing(spot=spot, label="", points=_ENOUGH + 1, is_signal=True)


def _boxes(survey: Survey, spot: Spot) -> Iterator[Spot]:
    """Yield what the value lies in that holds little else."""
    for above in survey.above(spot):
        if above.chars > _BOX_CHARACTERS:
            return
        yield above


def _is_degree(survey: Survey, spot: Spot) -> bool:
    return _DEGREE.search(survey.text(spot)) is not None


def _is_set_apart(survey: Survey, spot: Spot) -> bool:
    said = survey.spots[spot.parent].own
    is_bold = spot.tag in _BOLD and (not said or said.endswith((":", "：")))
    is_named = bool(spot.element.attr("id")) or _is_named_so(spot.names) or _is_variant(spot.names)
    return is_bold or is_named or spot.tag in _LIVE_TAGS or _is_below_heading(survey, spot)


def _is_below_heading(survey: Survey, spot: Spot) -> bool:
    """Return whether a value and its heading alone fill a box."""
    box = survey.spots[spot.parent]
    match list(survey.children(box)):
        case [heading, value]:
            return bool(box.names) and heading.tag in _HEADINGS and value is spot
        case _:
            return False


@lru_cache(maxsize=2_000)
def _is_variant(names: tuple[str, ...]) -> bool:
    """Return whether a class says as which of several an element is shown, in BEM’s notation: `answer answer--no`."""
    return any(name.startswith(f"{other}--") for name in names for other in names if not is_generic(other))


def _is_large(spot: Spot) -> bool:
    return spot.tag in _BOLD or _is_large_by(spot.names)


@lru_cache(maxsize=2_000)
def _is_large_by(names: tuple[str, ...]) -> bool:
    """Return whether a class makes a text large, or says that it is set apart."""
    return any(_LARGE.fullmatch(name) or _SET_APART.intersection(words_of(name)) for name in names)


def _is_named_so(names: tuple[str, ...]) -> bool:
    """Return whether classes make a text large, or say what it is and not where it stands."""
    return _is_large_by(names) or (len(names) == 1 and not is_generic(names[0]))


@lru_cache(maxsize=2_000)
def _is_signal(names: tuple[str, ...]) -> bool:
    return any(_SIGNALS.intersection(words_of(name)) for name in names)


def _label_of(survey: Survey, spot: Spot) -> str:
    """Return the few words before the value, as the heading of its box, else right behind it; empty where none are."""
    for inner in (spot, *_boxes(survey, spot)):
        before = survey.before(inner)
        text = survey.spots[inner.parent].own if before is None else survey.text(before)
        if text:
            is_title = before is not None and (before.tag == "h1" or before.is_out)
            return _behind(survey, spot) if is_title else _as_label(text) or _behind(survey, spot)
    return _behind(survey, spot)


def _behind(survey: Survey, spot: Spot) -> str:
    other = survey.spots[spot.end] if spot.end < len(survey.spots) else None
    is_beside = other is not None and other.parent == spot.parent and not other.is_out and not other.link_chars
    text = survey.text(other) if other is not None and is_beside else ""
    return "" if any(map(str.isdigit, text)) else _as_label(text)


def _as_label(text: str) -> str:
    return text.rstrip(":： ") if 2 <= len(text) <= _LABEL_CHARACTERS else ""
