"""
What a page's value was over time, as shapes to draw: a step line of a number, a band of anything else.

| what is watched                   | drawn as                                                                |
|-----------------------------------|-------------------------------------------------------------------------|
| a number, an amount of money      | a step line, with the thresholds of `below` and `above`                 |
| a list                            | a step line of the number of its rows                                   |
| a text, a state of stock, a date  | a band with a pattern for each of its commonest states                  |

The line breaks where checks failed. What people did, and where the page is read in another way, has a mark.
At most 500 points are drawn: of each column of pixels the lowest and the highest.
Lengths are thousandths of the chart's width and height, so that a template has nothing to reckon.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.check import Change, NotedEvent, WatchState
from watcher.core.event_kinds import BY_HAND, EventKind
from watcher.core.phrases import Phrases
from watcher.core.shown import shown, shown_number
from watcher.core.values import SINGLE, Money, Value, are_comparable, currency, magnitude
from watcher.core.watch import Operator, Watch
from watcher.core.words import cut, one_line

COLUMNS: Final = 250
SIZE: Final = 1_000
PATTERNS: Final = 6
"""States of a band that have a pattern of their own; the others share one."""
_MARKS: Final = 100
_MARGIN: Final = Decimal("0.08")
"""Above the highest and below the lowest."""
_LABEL_CHARACTERS: Final = 60
_WHOLE_FROM: Final = 10
"""A scale over so much and more needs no fractions."""
_MOST_DIGITS: Final = 20
_FAILING: Final = frozenset({EventKind.FAILING, EventKind.SUSPICIOUS, EventKind.STALE})
_MARKED: Final = BY_HAND | {EventKind.BASELINE}


class Range(StrEnum):
    """How far back a chart goes; `range_…` in the translations names each."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ALL = "all"


_LENGTHS: Final = {
    Range.DAY: timedelta(days=1),
    Range.WEEK: timedelta(days=7),
    Range.MONTH: timedelta(days=30),
    Range.YEAR: timedelta(days=365),
}


class Sight(Struct, frozen=True, kw_only=True):
    """
    What the value was from a moment on.

    Attributes:
        is_told: somebody was told then.
        is_before: it was so before that moment, the first change that is kept; nobody noted since when.
        is_baseline: it is read in another way since then.
        came, went: rows of a list.
    """

    at: datetime
    value: Value
    is_told: bool = False
    is_before: bool = False
    is_baseline: bool = False
    came: int = 0
    went: int = 0


class Point(Struct, frozen=True):
    """A place in the chart, from its upper left corner."""

    x: float
    y: float


class Dot(Struct, frozen=True, kw_only=True):
    """A change. `is_told`: it has another shape; `label`: what the value was."""

    at: Point
    label: str
    is_told: bool


class Threshold(Struct, frozen=True, kw_only=True):
    """Where an entry of `notify_when` begins to hold: the number. `is_low`: below it; label it there."""

    y: float
    label: str
    is_low: bool


class Mark(Struct, frozen=True, kw_only=True):
    """What somebody did, or that the page is read in another way since then."""

    x: float
    at: datetime
    kind: EventKind


class Span(Struct, frozen=True, kw_only=True):
    """A stretch of time. `is_alert`: the operator was told; `pattern`: of a state in a band, from 1 on; 0: another."""

    x: float
    width: float
    label: str = ""
    is_alert: bool = False
    pattern: int = 0


class Line(Struct, frozen=True, kw_only=True):
    """A step line. `strokes`: its unbroken parts, each a corner at every change; `scale`: from the top down."""

    strokes: Sequence[Sequence[Point]]
    dots: Sequence[Dot]
    thresholds: Sequence[Threshold]
    scale: Sequence[str]


class Band(Struct, frozen=True, kw_only=True):
    """
    A band of states.

    Attributes:
        told: where somebody was told.
        legend: those that stood longest, in the order of their patterns, which begin with 1.
    """

    spans: Sequence[Span]
    told: Sequence[float]
    legend: Sequence[str]


class Chart(Struct, frozen=True, kw_only=True):
    """
    All that is drawn.

    Attributes:
        shape: None: there is nothing to draw.
        gaps: where checks failed.
        marks: what people did, newest first.
        sights: the same as a table has it, newest first.
    """

    shape: Line | Band | None
    gaps: Sequence[Span]
    marks: Sequence[Mark]
    begin: datetime
    end: datetime
    sights: Sequence[Sight]


def begin_of(asked: Range, oldest: datetime | None, *, now: datetime) -> datetime:
    """Return where a chart of this range begins; `oldest` is the first change that is kept."""
    if asked in _LENGTHS:
        return now - _LENGTHS[asked]
    return oldest - (now - oldest) / 25 if oldest is not None else now - timedelta(days=1)


def sights_of(changes: Sequence[Change], state: WatchState, name: str | None) -> Sequence[Sight]:
    """
    Return what a value was, oldest first; what it was before the first change comes first.

    Args:
        changes: newest first.
        name: of a single value; None: the number of a list's rows.
    """
    if name is None:
        return _counts(changes, state)
    own = [change for change in reversed(changes) if SINGLE in change.new or SINGLE in change.old]
    sights = [
        Sight(
            at=each.changed_at,
            value=each.new.get(SINGLE, {}).get(name),
            is_told=bool(each.messages),
            is_baseline=each.is_baseline,
        )
        for each in own
    ]
    if not own:
        return sights
    return [Sight(at=own[0].changed_at, value=own[0].old.get(SINGLE, {}).get(name), is_before=True), *sights]


def _counts(changes: Sequence[Change], state: WatchState) -> Sequence[Sight]:
    """Return how many rows there were, reckoned back from how many there are."""
    count, sights = len(state.rows), list[Sight]()
    for change in changes:
        came, went = len(change.new.keys() - change.old.keys()), len(change.old.keys() - change.new.keys())
        at, is_told = change.changed_at, bool(change.messages)
        sights.append(Sight(at=at, value=count, is_told=is_told, is_baseline=change.is_baseline, came=came, went=went))
        count = max(0, count - came + went)
    if changes:
        sights.append(Sight(at=changes[-1].changed_at, value=count, is_before=True))
    return sights[::-1]


def chart_of(
    watch: Watch | None,
    sights: Sequence[Sight],
    events: Sequence[NotedEvent],
    state: WatchState,
    phrases: Phrases,
    *,
    name: str | None,
    begin: datetime,
    now: datetime,
) -> Chart:
    """
    Return the chart from `begin` on.

    Args:
        sights: oldest first, those before `begin` too.
        events: of the watch, newest first.
        name: of the value; None of the rows of a list.
    """
    frame = _Frame(begin=begin, end=max(now, begin + timedelta(minutes=1)))
    gaps = _gaps(events, state, frame)
    shown_sights = _within(sights, frame)
    spans = [frame.span(a, b, is_alert=is_alert) for a, b, is_alert in gaps]
    return Chart(
        shape=_shape(watch, shown_sights, gaps, phrases, frame, name=name),
        gaps=spans,
        marks=[
            Mark(x=frame.x(each.at), at=each.at, kind=each.event.kind)
            for each in events
            if each.event.kind in _MARKED and each.at >= begin
        ][:_MARKS],
        begin=frame.begin,
        end=frame.end,
        sights=[each for each in reversed(sights) if each.at >= begin and not each.is_before],
    )


_Gap = tuple[datetime, datetime, bool]


class _Frame(Struct, frozen=True, kw_only=True):
    """The time that a chart shows."""

    begin: datetime
    end: datetime

    def x(self, at: datetime) -> float:
        """Return how far to the right a moment is."""
        share = (min(max(at, self.begin), self.end) - self.begin) / (self.end - self.begin)
        return round(share * SIZE, 1)

    def lead(self, sight: Sight) -> Sight:
        """Return what was so before the first change, from a little to the left of it on."""
        return replace(sight, at=max(self.begin, sight.at - (self.end - self.begin) / 25))

    def span(self, begin: datetime, end: datetime, *, is_alert: bool = False) -> Span:
        """Return a stretch that can be seen however short it is."""
        x = self.x(begin)
        return Span(x=x, width=max(2.0, round(self.x(end) - x, 1)), is_alert=is_alert)


def _within(sights: Sequence[Sight], frame: _Frame) -> Sequence[Sight]:
    """Return the sights that are shown; what was so before the first of them is so from the left edge on."""
    before = [each for each in sights if each.at < frame.begin][-1:]
    return [
        *(Sight(at=frame.begin, value=each.value, is_before=True) for each in before),
        *(frame.lead(each) if each.is_before else each for each in sights if each.at >= frame.begin),
    ]


def _gaps(events: Sequence[NotedEvent], state: WatchState, frame: _Frame) -> Sequence[_Gap]:
    """Return when checks failed, oldest first, and whether the operator was told."""
    gaps: list[_Gap] = []
    since: datetime | None = None
    is_alert = False
    for noted in reversed(events):
        event = noted.event
        if event.kind in _FAILING:
            since, is_alert = since or event.at, is_alert or bool(event.messages)
        elif event.kind is EventKind.RECOVERED and since is not None:
            gaps.append((since, event.at, is_alert))
            since, is_alert = None, False
    if state.failing_since is not None:
        gaps.append((since or state.failing_since, frame.end, is_alert or state.is_error_told))
    return [(begin, end, told) for begin, end, told in gaps if end >= frame.begin][-COLUMNS:]


def _shape(
    watch: Watch | None,
    sights: Sequence[Sight],
    gaps: Sequence[_Gap],
    phrases: Phrases,
    frame: _Frame,
    *,
    name: str | None,
) -> Line | Band | None:
    if not sights or (name is None and len({each.value for each in sights}) == 1):
        return None  # the rows of a list that are as many as they were: what changed in them is in the history
    last = next((each.value for each in reversed(sights) if each.value is not None), None)
    if magnitude(last) is None:
        return _band(sights, phrases, frame)
    unit = currency(last)
    numbers = [(each, magnitude(each.value) if are_comparable(unit, currency(each.value)) else None) for each in sights]
    return _line(numbers, _bounds(watch, name), gaps, phrases, frame)


_Number = tuple[Sight, Decimal | None]


def _bounds(watch: Watch | None, name: str | None) -> Sequence[tuple[Decimal, bool, str]]:
    """Return the thresholds of a value: the number, whether it is one of `below`, and how it is written."""
    conditions = [each for rule in watch.rules for each in rule.conditions] if watch is not None and name else []
    bounds = [each for each in conditions if each.subject == name and isinstance(each.operand, Decimal)]
    return [
        (each.operand, each.operator is Operator.BELOW, shown_number(each.operand))
        for each in dict.fromkeys(bounds)
        if isinstance(each.operand, Decimal) and each.operator in (Operator.BELOW, Operator.ABOVE)
    ][:PATTERNS]


def _line(
    numbers: Sequence[_Number],
    bounds: Sequence[tuple[Decimal, bool, str]],
    gaps: Sequence[_Gap],
    phrases: Phrases,
    frame: _Frame,
) -> Line:
    known = [number for _, number in numbers if number is not None]
    ends = [*known, *(bound for bound, _, _ in bounds)]
    low, high = min(ends), max(ends)
    margin = (high - low) * _MARGIN or abs(high) * _MARGIN or Decimal(1)
    bottom = low - margin if low < 0 or low - margin > 0 else Decimal(0)
    top = high + margin

    def y(number: Decimal) -> float:
        return round(float((top - number) / (top - bottom)) * SIZE, 1)

    drawn = list(_thinned(numbers, frame))
    last = next(each.value for each, number in reversed(numbers) if number is not None)
    return Line(
        strokes=list(_strokes([(each, None if number is None else y(number)) for each, number in drawn], gaps, frame)),
        dots=[
            Dot(at=Point(frame.x(each.at), y(number)), label=_label(each.value, phrases), is_told=each.is_told)
            for each, number in _marked(drawn)
            if number is not None
        ],
        thresholds=[Threshold(y=y(bound), label=label, is_low=is_low) for bound, is_low, label in bounds],
        scale=[_label(_like(last, number, top - bottom), phrases) for number in (top, (top + bottom) / 2, bottom)],
    )


def _like(value: Value, number: Decimal, span: Decimal) -> Value:
    """Return a number for the scale as the value is written, with as few digits as a chart of this height needs."""
    if abs(number.adjusted()) < _MOST_DIGITS:
        number = round(number, 0 if span >= _WHOLE_FROM else 2)
    return replace(value, amount=number) if isinstance(value, Money) else number


def _thinned(numbers: Sequence[_Number], frame: _Frame) -> Iterator[_Number]:
    """Yield the lowest and the highest of each column of pixels, and what was told, in their order."""
    if len(numbers) <= 2 * COLUMNS:
        yield from numbers
        return
    places = [*enumerate(numbers)]
    for _, group in groupby(places, lambda each: int(frame.x(each[1][0].at) * COLUMNS / (SIZE + 1))):
        some = [*group]
        counted = [(place, number) for place, (_, number) in some if number is not None]
        kept = {some[-1][0]} if not counted else {min(counted, key=_second)[0], max(counted, key=_second)[0]}
        yield from (each for place, each in some if place in kept)


def _second(pair: tuple[int, Decimal]) -> Decimal:
    return pair[1]


def _marked(numbers: Sequence[_Number]) -> Sequence[_Number]:
    """Return the changes that get a mark: all of few, those that were told of many."""
    numbers = [each for each in numbers if not each[0].is_before]
    if len(numbers) <= _MARKS:
        return numbers
    return [each for each in numbers if each[0].is_told][-_MARKS:]


def _strokes(
    heights: Sequence[tuple[Sight, float | None]], gaps: Sequence[_Gap], frame: _Frame
) -> Iterator[Sequence[Point]]:
    """Yield the unbroken parts of the line: it ends where a check failed, and begins again where one was good."""
    steps = [(each.at, 0, y) for each, y in heights]
    steps += [(max(end, frame.begin), 1, None) for _, end, _ in gaps]
    steps += [(max(begin, frame.begin), 2, None) for begin, _, _ in gaps]
    stroke: list[Point] = []
    height: float | None = None
    is_broken = False
    for at, kind, y in sorted(steps, key=lambda step: step[:2]):
        x = frame.x(at)
        if stroke and height is not None:
            stroke.append(Point(x, height))
        height = y if kind == 0 else height
        is_broken = is_broken if kind == 0 else kind == 2
        if is_broken or height is None:
            if stroke and stroke[0].x < stroke[-1].x:
                yield stroke
            stroke = []
        else:
            stroke.append(Point(x, height))
    if stroke and height is not None:
        yield [*stroke, Point(frame.x(frame.end), height)]


def _band(sights: Sequence[Sight], phrases: Phrases, frame: _Frame) -> Band:
    labels = [_label(each.value, phrases) for each in sights]
    ends = [each.at for each in sights[1:]] + [frame.end]
    stretches = zip(labels, sights, ends, strict=True)
    runs = [(label, [*run]) for label, run in groupby(stretches, lambda each: each[0])]
    lengths = Counter[str]()
    for label, run in runs:
        lengths[label] += round(frame.x(run[-1][2]) - frame.x(run[0][1].at)) + 1
    legend = [label for label, _ in lengths.most_common(PATTERNS)]
    numbers = {label: number for number, label in enumerate(legend, 1)}
    spans = [
        Span(x=begin, width=round(frame.x(run[-1][2]) - begin, 1), label=label, pattern=numbers.get(label, 0))
        for label, run in runs
        for begin in [frame.x(run[0][1].at)]
    ]
    told = [frame.x(each.at) for each in sights if each.is_told][-_MARKS:]
    return Band(spans=list(_visible(spans)), told=told, legend=legend)


def _visible(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the spans, several that share a column of pixels as the longest of them."""
    for _, group in groupby((each for each in spans if each.width > 0), lambda each: int(each.x * COLUMNS / SIZE)):
        some = [*group]
        longest = max(some, key=lambda each: each.width)
        x, end = some[0].x, some[-1].x + some[-1].width
        yield Span(x=x, width=round(end - x, 1), label=longest.label, pattern=longest.pattern)


def _label(value: Value, phrases: Phrases) -> str:
    return cut(one_line(shown(value, phrases)), _LABEL_CHARACTERS)
