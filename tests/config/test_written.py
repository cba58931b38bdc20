"""A watch as somebody writes it: what it says, and what is wrong with it at its own lines."""

from __future__ import annotations

from decimal import Decimal

import pytest

from watcher.config.written import MAX_CHARACTERS, as_json, mistakes_in, read_written, text_of
from watcher.errors import ConfigError

_DUNE = "dune:\n  url: https://shop.example/dune\n  topic: books\n  extract: .price\n"


def test_it_may_be_indented_and_have_line_ends_of_any_kind() -> None:
    indented = "\r\n".join(f"    {line}" for line in ["", *_DUNE.splitlines(), ""])
    assert read_written(indented) == read_written(_DUNE)
    assert read_written(_DUNE).watch == "dune"
    assert mistakes_in(read_written(_DUNE)) == ()


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        pytest.param("", 1, "write one watch", id="nothing"),
        pytest.param("\n \n", 1, "write one watch", id="blanks"),
        pytest.param("dune", 1, "write one watch", id="a word"),
        pytest.param(f"{_DUNE}emma: {{}}\n", 1, "write one watch", id="two watches"),
        pytest.param("- dune\n", 1, "write one watch", id="a list"),
        pytest.param("dune:\n  url: [", 3, "not valid YAML", id="no YAML"),
        pytest.param("dune:\n  url: !!python/object/apply:os.system [x]\n", 2, "begins a tag", id="a tag"),
        pytest.param(f"dune: {'x' * MAX_CHARACTERS}", 1, "longer than", id="too long"),
        pytest.param("dune:\n  url: x\n  url: y\n", 3, "already defined in line 2", id="a key twice"),
    ],
)
def test_what_is_no_watch_is_told_at_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_written(text)
    problem = caught.value.problems[0]
    assert problem.line == line
    assert says in problem.text


def test_a_bomb_is_refused() -> None:
    levels = zip("abcdefg", "bcdefgh", strict=True)
    bomb = "x:\n  a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"  {name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in levels)
    with pytest.raises(ConfigError, match="with aliases spelled out"):
        read_written(bomb)


def test_mistakes_of_the_loader_stand_at_the_lines_of_what_was_written() -> None:
    written = read_written("dune:\n  url: https://shop.example/dune\n  # mine\n  evry: 1h\n  extract: 'a['\n")
    assert [(each.line, each.column, each.key) for each in mistakes_in(written)] == [
        (1, 1, "watches.dune.topic"),
        (4, 3, "watches.dune.evry"),
        (5, 12, "watches.dune.extract"),
    ]


def test_the_defaults_fill_in_what_is_left_out_and_their_mistakes_are_not_its() -> None:
    written = read_written("dune:\n  url: https://shop.example/dune\n")
    assert mistakes_in(written, {"topic": "t", "headers": {"X": "${NOT_SET}"}, "jitter": Decimal("0.1")}) == []
    assert [each.key for each in mistakes_in(written)] == ["watches.dune.topic"]


def test_a_body_is_written_as_the_tools_do_and_reads_back() -> None:
    body = read_written(_DUNE).body
    assert text_of("dune", as_json(body)) == _DUNE  # type: ignore[arg-type]
    assert as_json({"a": [Decimal("1.10"), Decimal("0.12345678901234567890123")]}) == {
        "a": [1.1, "0.12345678901234567890123"]
    }


def test_a_break_that_only_yaml_knows_is_no_line_here() -> None:
    written = read_written('dune:\n  name: "a\u2028b"\n  url: https://x.example/\n  evry: 1h\n  topic: t\n')
    assert written.text.count("\n") == 5
    assert [each.key for each in mistakes_in(written)] == ["watches.dune.evry"]
