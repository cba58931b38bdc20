"""Which words are marked where a text differs."""

from __future__ import annotations

import pytest

from tests.bounded import bounded
from watcher.core.word_diff import Mark, word_diff


def _marked(old: str, new: str) -> str:
    signs = {Mark.KEPT: "{}", Mark.GONE: "-[{}]", Mark.NEW: "+[{}]"}
    return "".join(signs[piece.mark].format(piece.text) for piece in word_diff(old, new))


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("", "", ""),
        ("one", "one", "one"),
        ("", "one", "+[one]"),
        ("one", "", "-[one]"),
        ("one two three", "one 2 three", "one -[two]+[2] three"),
        ("one two", "one two three", "one two+[ three]"),
        ("a b c d", "a x c y", "a -[b]+[x] c -[d]+[y]"),
        ("余票 3 张", "余票 0 张", "余票 -[3]+[0] 张"),
        ("现在有货", "现在缺货", "现在-[有]+[缺]货"),
        ("line one\nline two", "line one\nline 2", "line one\nline -[two]+[2]"),
    ],
)
def test_words_that_differ_are_marked(old: str, new: str, marked: str) -> None:
    assert _marked(old, new) == marked


def test_of_a_long_text_only_what_is_around_the_difference_is_shown() -> None:
    old = " ".join(f"w{number}" for number in range(1_000))
    marked = _marked(old, old.replace("w500 ", "new "))
    assert marked.startswith("…")
    assert marked.endswith("…")
    assert "w499 -[w500]+[new] w501" in marked
    assert len(marked) < 200


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * 50_000, "b " * 50_000),
        ("a b " * 30_000, "b a " * 30_001),
        ("x" * 1_000_000, "y" * 1_000_000),
        ("a" + " b" * 59 + " c", "d" + " b b" * 29 + " e"),
    ],
    ids=["other words", "the same words", "one word", "words again and again"],
)
def test_texts_that_are_made_for_it_take_no_time_and_no_room(old: str, new: str) -> None:
    with bounded(0.5):
        pieces = word_diff(old, new)
    assert sum(len(piece.text) for piece in pieces) < 10_000
