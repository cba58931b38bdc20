"""What is left out of a page, and of a comparison: as it is written in a watch and in `defaults`."""

from __future__ import annotations

from tests.config.files import mistakes, read, watch, watch_file
from watcher.core.watch import Difference


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
