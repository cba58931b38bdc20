"""The table at the head of `watcher.web.console.watch.chart`: which shapes are drawn of a history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON, play, price, seats, state_rule, watch
from watcher.core.check import Change, CheckFailure, NotedEvent, WatchEvent, WatchState
from watcher.core.event_kinds import EventKind
from watcher.core.locale import Locale
from watcher.core.phrases import phrases_in
from watcher.core.values import SINGLE, Money, Value
from watcher.core.watch import Operator, Watch
from watcher.web.console.watch.chart import COLUMNS, Band, Chart, Line, Range, begin_of, chart_of, sights_of

_DAY = timedelta(days=1)
_NOW = NOON + 10 * _DAY


def _changes(*values: Value) -> list[Change]:
    """A day apart, from noon on, newest first; the first value is the one before."""
    pairs = pairwise(values)
    return [
        Change(watch="dune", sequence=place, changed_at=NOON + (place - 1) * _DAY, old=_row(old), new=_row(new))
        for place, (old, new) in enumerate(pairs, 1)
    ][::-1]


def _row(value: Value) -> dict[str, dict[str, Value]]:
    return {SINGLE: {"price": value}}


def _events(*kinds: EventKind) -> list[NotedEvent]:
    """A day apart from noon on, newest first."""
    return [
        NotedEvent(number=place, event=WatchEvent(kind=kind, at=NOON + place * _DAY, watch="dune"))
        for place, kind in enumerate(kinds)
    ][::-1]


def _chart(
    changes: Sequence[Change],
    events: Sequence[NotedEvent] = (),
    state: WatchState | None = None,
    watched: Watch | None = None,
    *,
    name: str | None = "price",
) -> Chart:
    state = state or WatchState()
    sights = sights_of(changes, state, name)
    phrases = phrases_in(Locale.ENGLISH)
    return chart_of(watched, sights, events, state, phrases, name=name, begin=NOON, now=_NOW)


def _line(chart: Chart) -> Line:
    assert isinstance(chart.shape, Line)
    return chart.shape


def test_a_number_is_a_step_line() -> None:
    (stroke,) = _line(_chart(_changes(10, 20, 10))).strokes
    high, low = min(point.y for point in stroke), max(point.y for point in stroke)
    assert [(point.x, point.y) for point in stroke][-4:] == [(0, high), (100, high), (100, low), (1000, low)]
    assert 0 <= high < low <= 1000


def test_the_line_breaks_where_checks_failed() -> None:
    events = _events(EventKind.FAILING, EventKind.RECOVERED, EventKind.SUSPICIOUS, EventKind.RECOVERED)
    chart = _chart(_changes(10, 20), events)
    assert [(gap.x, gap.width) for gap in chart.gaps] == [(0, 100), (200, 100)]
    assert [[stroke[0].x, stroke[-1].x] for stroke in _line(chart).strokes] == [[100, 200], [300, 1000]]


def test_what_fails_now_is_a_gap_until_now() -> None:
    failure = CheckFailure(kind="status", text="HTTP 404")
    state = WatchState(failures=2, failure=failure, failing_since=NOON + 5 * _DAY, is_error_told=True)
    (gap,) = _chart(_changes(10, 20), state=state).gaps
    assert (gap.x, gap.width, gap.is_alert) == (500, 500, True)


def test_thresholds_are_lines() -> None:
    watched = watch(state_rule("price", Operator.BELOW, 15), state_rule("price", Operator.ABOVE, 30))
    line = _line(_chart(_changes(10, 20), watched=watched))
    assert [(each.label, each.is_low) for each in line.thresholds] == [("15", True), ("30", False)]
    assert line.thresholds[1].y < line.thresholds[0].y


def test_what_was_told_has_another_mark() -> None:
    newest, *others = _changes(10, 20, 30)
    dots = _line(_chart([replace(newest, messages=("m",)), *others])).dots
    assert [dot.is_told for dot in dots] == [False, True]


@pytest.mark.faults
def test_a_hundred_thousand_changes_are_few_points_with_the_peaks() -> None:
    values: list[Value] = [number % 7 for number in range(100_000)]
    values[50_000] = 99
    changes = [
        replace(change, changed_at=NOON + place * (10 * _DAY) / 100_000)
        for place, change in enumerate(_changes(*values)[::-1])
    ][::-1]
    line = _line(_chart(changes))
    points = [point for stroke in line.strokes for point in stroke]
    assert len(points) <= 4 * COLUMNS + 10
    assert min(point.y for point in points) < 100
    assert len(line.dots) <= 100


@pytest.mark.parametrize(
    ("value", "is_band"),
    [("in_stock", True), (NOON.date(), True), (None, True), (3, False), (Money(amount=Decimal(3)), False)],
)
def test_states_and_texts_are_a_band(value: Value, is_band: bool) -> None:
    assert isinstance(_chart(_changes("x", value)).shape, Band) is is_band


def test_a_band_has_a_pattern_for_each_of_the_commonest_states() -> None:
    band = _chart(_changes("a", "b", "a", "b", *"cdefgh")).shape
    assert isinstance(band, Band)
    assert band.legend[:2] == ["b", "h"]
    assert len(band.legend) == 6
    assert {span.pattern for span in band.spans} == {0, 1, 2, 3, 4, 5, 6}
    assert sum(span.width for span in band.spans) == pytest.approx(1000, abs=1)


def test_a_state_that_stays_is_one_stretch_of_a_band() -> None:
    newest, *others = _changes("a", "b", "b", "a")
    band = _chart([replace(newest, messages=("m",)), *others]).shape
    assert isinstance(band, Band)
    assert [(span.label, span.x) for span in band.spans if span.width > 1] == [("b", 0), ("a", 200)]
    assert band.told == [200]


def test_of_a_list_the_number_of_rows_is_drawn() -> None:
    watched = watch(is_list=True)
    decisions = play(watched, seats({"A": 1}), seats({"A": 1, "B": 1, "C": 1}), seats({"B": 1}))
    changes = [decision.change for decision in reversed(decisions) if decision.change]
    sights = sights_of(changes, decisions[-1].state, None)
    assert [(each.value, each.came, each.went) for each in sights] == [(1, 0, 0), (3, 2, 0), (1, 0, 2)]


@pytest.mark.parametrize("number", [Decimal("1e300"), Decimal("1e-300"), Decimal(-5), Decimal(0), Decimal("9" * 60)])
def test_any_number_has_a_place(number: Decimal) -> None:
    line = _line(_chart(_changes(Decimal(1), number, Decimal(2))))
    assert all(0 <= point.y <= 1000 for stroke in line.strokes for point in stroke)
    assert line.scale


def test_a_history_without_changes_has_no_shape() -> None:
    assert _chart([], state=play(watch(), price(12))[-1].state).shape is None


def test_amounts_in_another_currency_are_not_compared() -> None:
    changes = _changes(
        Money(amount=Decimal(1), currency="$", code="USD"), Money(amount=Decimal(9), currency="€", code="EUR")
    )
    assert [dot.label for dot in _line(_chart(changes)).dots] == ["€9"]


def test_a_range_begins_so_long_ago() -> None:
    assert begin_of(Range.WEEK, None, now=_NOW) == _NOW - 7 * _DAY
    assert begin_of(Range.ALL, NOON, now=_NOW) < NOON


def test_what_people_did_has_a_mark_and_a_new_baseline_is_a_point() -> None:
    first, second = _changes(10, 20, 30)[::-1]
    events = _events(EventKind.CHANGED, EventKind.BASELINE, EventKind.PAUSED)
    chart = _chart([replace(second, is_baseline=True), first], events)
    assert [(mark.kind, mark.x) for mark in chart.marks] == [("paused", 200), ("baseline", 100)]
    assert [dot.label for dot in _line(chart).dots] == ["20", "30"]
    assert [sight.is_baseline for sight in chart.sights] == [True, False]


def test_a_list_with_as_many_rows_as_ever_is_no_chart() -> None:
    decisions = play(watch(is_list=True), seats({"A": 1, "B": 2}), seats({"A": 2, "B": 2}))
    changes = [each.change for each in decisions if each.change]
    chart = _chart(changes, state=decisions[-1].state, name=None)
    assert (chart.shape, len(chart.sights)) == (None, 1)
