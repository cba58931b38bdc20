"""When a value that is written otherwise is still the same: the table at the head of `watcher.core.likeness`."""

from __future__ import annotations

from time import thread_time

import pytest
from msgspec.structs import replace

from tests.bounded import bounded
from tests.core.builders import event_rule, play, seen, told, watch
from watcher.core.check import Seen, Verdict
from watcher.core.cpu_budget import UNLIMITED, CpuBudget
from watcher.core.likeness import Likeness
from watcher.core.values import SINGLE, ValueType
from watcher.core.watch import Difference, Operator, Query, Selector, Values, Watch
from watcher.errors import PageError, SlowExpressionError

CASE, PUNCTUATION, LINE_BREAKS = Difference
CHANGES = event_rule(Operator.CHANGES)
VIEWS = r"[\d,]+ views"


def reading(*patterns: str, ignoring: tuple[Difference, ...] = (), kind: ValueType = ValueType.TEXT) -> Watch:
    """Return a watch of one text `t`."""
    values = Values(selectors={"t": Selector(query=Query.css("p"), type=kind)})
    noise = replace(watch(CHANGES), ignore_text=patterns, ignore_differences=frozenset(ignoring))
    return replace(noise, extraction=values)


def page(text: str) -> Seen:
    return seen({SINGLE: {"t": text}})


def are_alike(of: Watch, old: str, new: str) -> bool:
    rows = {SINGLE: {"t": new}}
    return Likeness(of, UNLIMITED).rows({SINGLE: {"t": old}}, rows) is rows


@pytest.mark.parametrize(
    ("of", "old", "new", "expected"),
    [
        pytest.param(reading(), "Sold out", "SOLD OUT", False, id="case counts"),
        pytest.param(reading(ignoring=(CASE,)), "Straße", "STRASSE", True, id="case is left out"),
        pytest.param(reading(ignoring=(CASE,)), "a.", "A", False, id="and nothing but case"),
        pytest.param(reading(ignoring=(PUNCTUATION,)), "满100，减10！", "满100 减10", True, id="punctuation"),
        pytest.param(reading(ignoring=(PUNCTUATION,)), "$5", "€5", False, id="a currency is none"),
        pytest.param(reading(ignoring=(LINE_BREAKS,)), "a b\nc", "a\nb c", True, id="line breaks"),
        pytest.param(reading(), "a b", "a\nb", False, id="which count by themselves"),
        pytest.param(reading(), "می\u200cخواهم", "میخواهم", True, id="a zero-width joiner shows nothing"),
        pytest.param(reading(), "\u260e\ufe0f call", "\u260e call", True, id="nor does a variation selector"),
        pytest.param(reading(VIEWS), "Dune\n12 views", "Dune\n1,300 views", True, id="what an expression matches"),
        pytest.param(reading(VIEWS), "Dune\n12 views", "Dune", True, id="also where it is gone"),
        pytest.param(reading(VIEWS), "Dune\n12 views", "Emma\n12 views", False, id="the rest counts"),
        pytest.param(
            reading(r"sid=\w+", kind=ValueType.URL), "http://x/?sid=1", "http://x/?sid=2", True, id="of a URL"
        ),
        pytest.param(
            reading(ignoring=(CASE,), kind=ValueType.URL), "http://x/A", "http://x/a", False, id="but no case"
        ),
        pytest.param(reading("in", kind=ValueType.STOCK), "in_stock", "out_of_stock", False, id="never of stock"),
    ],
)
def test_what_is_the_same(of: Watch, old: str, new: str, expected: bool) -> None:
    assert are_alike(of, old, new) is expected
    assert are_alike(of, new, old) is expected


def test_the_shown_value_keeps_what_is_not_compared_and_no_change_is_noted() -> None:
    decisions = play(reading(VIEWS), page("Dune 1 views"), page("Dune 2 views"), page("Emma 3 views"))
    assert [each.verdict for each in decisions] == [Verdict.BASELINE, Verdict.UNCHANGED, Verdict.CHANGED]
    assert decisions[1].state.rows == {SINGLE: {"t": "Dune 2 views"}}
    assert not decisions[1].is_durable
    assert decisions[2].change is not None
    assert decisions[2].change.old == {SINGLE: {"t": "Dune 2 views"}}


def test_a_message_of_many_lines_leaves_out_those_that_only_look_changed() -> None:
    texts = ("Opens at 9\nBar\n5 views", "Opens at 8\nBar\n6 views")
    content = play(reading(VIEWS), *map(page, texts))[1].messages[0].content
    assert "Opens at [9 → 8]" in content
    assert "6 views" not in content


def test_what_awaits_its_confirmation_may_be_written_otherwise_meanwhile() -> None:
    texts = ("Dune 1 views", "Emma 2 views", "Emma 3 views", "Emma 4 views")
    assert told(play(replace(reading(VIEWS), confirm=2), *map(page, texts))) == [2]


def test_an_expression_that_takes_too_long_is_an_error() -> None:
    endless = reading(r"^(a|aa)+$")
    with bounded(5), pytest.raises(SlowExpressionError, match="make it simpler"):
        are_alike(endless, "a" * 60 + "b", "a" * 61 + "b")


def test_leaving_out_punctuation_costs_hardly_more_than_leaving_out_case() -> None:
    rows = [{str(row): {"t": f"{row}, {'Sold out. ' * 40}{end}"} for row in range(300)} for end in "xy"]

    def seconds(difference: Difference) -> float:
        likeness, begun = Likeness(reading(ignoring=(difference,)), UNLIMITED), thread_time()
        likeness.rows(*rows)
        return thread_time() - begun

    seconds(PUNCTUATION)  # makes its table
    assert min(seconds(PUNCTUATION) for _ in range(3)) < 5 * min(seconds(CASE) for _ in range(3))


def test_more_texts_than_can_be_compared_in_time_are_an_error_that_says_what_to_do() -> None:
    ticks = iter(range(1_000))
    budget = CpuBudget(lambda: next(ticks), comparing_seconds=20)
    rows = [{str(row): {"t": f"Sold out {row}{end}"} for row in range(20)} for end in "xy"]
    with pytest.raises(PageError, match=r"read fewer or shorter ones, or leave out `ignore_differences` or some of"):
        Likeness(reading(ignoring=(CASE,)), budget).rows(*rows)
    assert Likeness(reading(), budget).rows(*rows) == rows[0]


def test_a_row_is_compared_once_however_many_entries_ask() -> None:
    ticks = iter(range(1_000))
    likeness = Likeness(reading(ignoring=(CASE,)), CpuBudget(lambda: next(ticks), comparing_seconds=2))
    for _ in range(50):
        assert likeness.row({"t": "Sold out"}, {"t": "SOLD OUT"}) == {"t": "SOLD OUT"}
