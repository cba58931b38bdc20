"""What is different in a text, in lines for a phone."""

from __future__ import annotations

import time
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.differences import DIFF_LINES, arrow, difference, news
from watcher.core.phrases.chinese import CHINESE
from watcher.core.phrases.english import ENGLISH
from watcher.core.word_diff import Mark, word_diff

HOURS = "Open Monday to Friday from 9 to 17 o'clock, closed on public holidays and in August."
EXAM = "本学期期末考试定于十二月十四日上午九点在第三教学楼二〇一教室举行，请携带学生证和身份证，提前十五分钟入场。"
ARABIC = "يفتح المعرض أبوابه يوم الاثنين من الساعة التاسعة صباحا"
FILLER = "The rest of the rules is as it was. "
MANY = "as before " * 12


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        pytest.param(
            HOURS,
            HOURS.replace("17", "16"),
            ["… from 9 to [17 → 16] o'clock, closed on public holidays and in August."],
            id="a word",
        ),
        pytest.param(
            HOURS,
            HOURS.replace("August", "August and in May"),
            ["… and in August [+ and in May]."],
            id="words that came",
        ),
        pytest.param(
            HOURS,
            HOURS.replace(" and in August", ""),
            ["… holidays [− and in August]."],
            id="words that went",
        ),
        pytest.param(
            "the quick brown fox jumps",
            "the slow brown bear jumps",
            ["the [quick → slow] brown [fox → bear] jumps"],
            id="two words",
        ),
        pytest.param("a b, c d e f", "a x, y d e f", ["a [b, c → x, y] d e f"], id="words in a row"),
        pytest.param(
            f"Cost: 12.50 €. {MANY}End: 3 May",
            f"Cost: 12.75 €. {MANY}End: 9 May",
            ["Cost: [12.50 → 12.75] €. as before as before as before as …", "… as before End: [3 → 9] May"],
            id="far apart",
        ),
        pytest.param(
            EXAM,
            EXAM.replace("十四", "十六").replace("〇一", "〇五"),
            [
                "本学期期末考试定于十二月十[四 → 六]日上午九点在第三教学楼二〇[一 → 五]教室举行，"
                "请携带学生证和身份证，提前十五分钟入场…"
            ],
            id="no blanks",
        ),
        pytest.param(
            ARABIC,
            ARABIC.replace("الاثنين", "الثلاثاء"),
            ["يفتح المعرض أبوابه يوم [الاثنين ← الثلاثاء] من الساعة التاسعة صباحا"],
            id="right to left",
        ),
        pytest.param(
            "الباب يفتح الساعة 9 كل يوم",
            "الباب يفتح الساعة 8 كل يوم",
            ["الباب يفتح الساعة [9 ← 8] كل يوم"],
            id="a number among words from right to left",
        ),
        pytest.param("a\nb\nc", "a\nc\nd", ["− b", "+ d"], id="lines"),
        pytest.param(
            "b\na dog\nz", "n\na dog barks\ny", ["− b", "+ n", "a dog [+ barks]", "− z", "+ y"], id="in order"
        ),
        pytest.param("a\nb", "b\na", ["the same lines in another order"], id="an order"),
        pytest.param("a  dog", "a dog", ["a dog"], id="blanks"),
        pytest.param("sold out", "on sale from Monday", ["− sold out", "+ on sale from Monday"], id="another text"),
        pytest.param(
            FILLER * 20 + "It costs 12 €.",
            "It is new. " + FILLER * 20 + "It costs 14 €.",
            ["+ It is new.", "It costs [12 → 14] €."],
            id="a long line",
        ),
    ],
)
def test_what_is_different_stands_with_what_is_around_it(old: str, new: str, lines: list[str]) -> None:
    assert difference(old, new, ENGLISH) == lines


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("a\nb", "a\nb\nc\nd", "c"),
        ("a\nb", "b", "− a"),
        ("a dog", "a dog barks", "a dog [+ barks]"),
        ("a\nb", "b\na", "内容没变，只是顺序变了"),
    ],
    ids=["came", "went", "changed", "an order"],
)
def test_what_is_new_is_said_in_one_line(old: str, new: str, line: str) -> None:
    assert news(old, new, CHINESE) == line


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [("9", "8", "→"), ("售罄", "有货", "→"), ("مغلق", "مفتوح", "←"), ("12 סגור", "13 פתוח", "←")],
)
def test_the_arrow_points_as_the_words_are_read(old: str, new: str, expected: str) -> None:
    assert arrow(old, new) == expected


TEXT = st.text(alphabet="ab 1.天\n—", max_size=60)


@given(TEXT, TEXT)
def test_the_pieces_that_did_not_go_are_the_new_text_and_those_that_did_not_come_the_old(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    is_cut = any("…" in piece.text for piece in pieces)
    if not is_cut:
        assert _bare(piece.text for piece in pieces if piece.mark is not Mark.GONE) == _bare([new])
        assert _bare(piece.text for piece in pieces if piece.mark is not Mark.NEW) == _bare([old])


def _bare(texts: Iterable[str]) -> str:
    return "".join("".join(texts).split())


@pytest.mark.faults
@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("a b " * 500_000, "b a a " * 300_000, id="two words in turn"),
        pytest.param("x" * 4_000_000, "x" * 3_999_999 + "y", id="one long word"),
        pytest.param(
            "\n".join(f"{n} {'a b ' * 70}" for n in range(50)),
            "\n".join(f"{n} {'b a a ' * 46}" for n in range(50)),
            id="lines made for difflib",
        ),
        pytest.param("天" * 100_000, "天" * 50_000 + "地" + "天" * 50_000, id="no blanks"),
        pytest.param(". " * 500_000, "! " * 500_000, id="sentences of nothing"),
        pytest.param("\n" * 900_000, " \n" * 900_000, id="empty lines"),
    ],
)
def test_no_text_makes_the_difference_slow_or_long(old: str, new: str) -> None:
    started = time.process_time()
    lines = difference(old, new, ENGLISH)
    news(old, new, ENGLISH)
    assert time.process_time() - started < 3
    assert 0 < len(lines) <= 20 * DIFF_LINES
