"""What is left out of a page, and of a comparison: as it is written in a watch and in `defaults`."""

from __future__ import annotations

import pytest

from tests.config.files import mistakes, read, watch, watch_file
from watcher.core.values import ValueType
from watcher.core.watch import WHOLE_PAGE, Difference, KnownValues, Language, Query, Scope, Values


def test_a_watch_adds_its_own_expressions_to_those_of_the_defaults() -> None:
    text = "defaults: {topic: t, ignore_text: ['a+', b]}\nwatches:\n"
    text += "  one: {url: 'https://x.example', ignore_text: [c, b]}\n  other: {url: 'https://x.example'}\n"
    one, other = read(text).watches.values()
    assert (one.ignore_text, other.ignore_text) == (("a+", "b", "c"), ("a+", "b"))


def test_one_difference_may_be_written_without_a_list() -> None:
    assert watch("ignore_differences: case").ignore_differences == {Difference.CASE}
    assert watch("ignore_differences: [case, line_breaks]").ignore_differences == {
        Difference.CASE,
        Difference.LINE_BREAKS,
    }


def test_what_cannot_be_left_out_is_a_mistake() -> None:
    (mistake,) = mistakes(watch_file("ignore_differences: colour"))
    assert "must be one of case, punctuation, line_breaks" in mistake
    (mistake,) = mistakes(watch_file("ignore_text: '('"))
    assert "must be a regular expression" in mistake


def test_a_watch_adds_what_it_cuts_out_to_that_of_the_defaults() -> None:
    text = "defaults: {topic: t, exclude: [.ad, nav]}\nwatches:\n"
    text += "  one: {url: 'https://x.example', exclude: [{xpath: //aside}, .ad]}\n  other: {url: 'https://x.example'}\n"
    one, other = read(text).watches.values()
    assert one.scope.exclude == (Query.css(".ad"), Query.css("nav"), Query(Language.XPATH, "//aside"))
    assert other.scope == Scope(exclude=(Query.css(".ad"), Query.css("nav")))


def test_a_range_has_two_edges_with_or_without_their_elements() -> None:
    assert watch("start_at: h1\nend_before: {xpath: //footer}").scope == Scope(
        start=Query.css("h1"), end=Query(Language.XPATH, "//footer"), is_before_end=True
    )
    assert watch("start_after: h1\nend_at: {css: p}").scope == Scope(
        start=Query.css("h1"), is_after_start=True, end=Query.css("p")
    )
    assert watch("json_in: script").scope == Scope(json_in=Query.css("script"))
    assert watch("name: x").scope is WHOLE_PAGE


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("exclude: //nav", "5:14: watches.w.exclude: this looks like XPath, and CSS is wanted"),
        ("exclude: {xpath: //a/text()}", "5:22: watches.w.exclude.xpath: finds a text"),
        ("exclude: {css: a, xpath: //a}", "has `css` already"),
        ("exclude: {jsonpath: $.a}", "`jsonpath` is not a key of elements of a page"),
        ("start_at: 'a['", "5:15: watches.w.start_at: Malformed"),
        ("json_in: 'a['", "5:14: watches.w.json_in: Malformed"),
        ("json_in: script\nstart_at: h1", "6:5: watches.w.start_at: goes with a page of HTML"),
        ("start_at: a\nstart_after: b", "6:5: watches.w.start_after: there is `start_at` already"),
        (f"ignore_text: {['a'] * 51}", "has 51 entries, more than 50"),
        ("extract: {v: {css: a, default: x}}", "goes with `map`"),
    ],
)
def test_a_mistake_in_what_is_cut_out_is_told_where_it_stands(body: str, expected: str) -> None:
    (mistake,) = mistakes(watch_file(body))
    assert expected in mistake


def test_a_mistake_of_the_defaults_is_told_there_and_once() -> None:
    text = "defaults: {topic: t, exclude: 'a['}\nwatches:\n  one: {url: 'https://x.example', exclude: b}\n"
    (mistake,) = mistakes(text)
    assert "defaults.exclude" in mistake


def test_what_all_other_texts_mean_may_make_a_value_a_state_of_stock() -> None:
    found = watch("extract: {v: {css: a, map: {1: in_stock}, default: out_of_stock}}").extraction
    assert isinstance(found, Values)
    assert (found.selectors["v"].default, found.selectors["v"].type) == ("out_of_stock", ValueType.STOCK)


def test_known_values_are_for_changes_of_single_values() -> None:
    assert watch("known_values: ignore").known_values is KnownValues.IGNORE
    assert watch("extract: {v: {css: a}}\nknown_values: ignore\nnotify_when: {v: changes}").confirm == 1
    (mistake,) = mistakes(watch_file("known_values: ignore\nitems: {css: li, key: a}"))
    assert "5:5: watches.w.known_values: is for `changes` of single values, and this is a list" in mistake
    (mistake,) = mistakes(watch_file("known_values: ignore\nextract: a\nnotify_when: {value: {is: b}}"))
    assert "no entry of `notify_when` has it" in mistake
    assert not mistakes("defaults: {topic: t, known_values: ignore}\n" + watch_file("items: {css: li, key: a}"))
