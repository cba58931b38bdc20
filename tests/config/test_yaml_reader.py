from __future__ import annotations

from decimal import Decimal

import pytest

from watcher.config.document import Plain
from watcher.config.yaml_reader import MAX_BYTES, MAX_CHARACTERS, read
from watcher.errors import ConfigError


def value(text: str) -> Plain:
    found = read(text, file="f")
    assert not found.mistakes
    return found.value


def refused(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read(text, file="f")
    return str(caught.value)


SCALARS: dict[str, Plain] = {
    "1": 1,
    "-3": -3,
    "1.50": Decimal("1.50"),
    "007": "007",
    "0x10": "0x10",
    "1_000": "1_000",
    "1e3": "1e3",
    ".inf": ".inf",
    "1" * 40: "1" * 40,
    "true": True,
    "False": False,
    "yes": "yes",
    "off": "off",
    "y": "y",
    "12:30:45": "12:30:45",
    "2026-01-01": "2026-01-01",
    "=": "=",
    '"1"': "1",
    "'true'": "true",
}


@pytest.mark.parametrize("text", SCALARS)
def test_a_scalar_is_what_it_looks_like(text: str) -> None:
    assert value(f"a: {text}") == {"a": SCALARS[text]}
    assert type(value(f"a: {text}")) is dict


def test_keys_are_texts_whatever_they_look_like() -> None:
    assert value("2026: a\ntrue: b\n1.0: c") == {"2026": "a", "true": "b", "1.0": "c"}


def test_an_alias_is_the_value_it_names() -> None:
    assert value("a: &x {b: 1}\nc: *x\nd: [*x]") == {"a": {"b": 1}, "c": {"b": 1}, "d": [{"b": 1}]}


def test_a_key_that_is_written_twice_is_refused_with_both_lines() -> None:
    [(path, problem)] = read("a: 1\nb: 2\na: 3\n", file="f").mistakes
    assert path == ("a",)
    assert str(problem) == "f:3:1: a: is already defined in line 1"


def test_every_empty_value_is_told() -> None:
    found = read("a:\nb: [1, ~, 2]\nc: {d: null}\n", file="f")
    assert [str(problem) for _, problem in found.mistakes] == [
        "f:1:1: a: is empty; write a value or remove the key",
        "f:2:8: b[1]: is empty; write a value or remove the `-`",
        "f:3:5: c.d: is empty; write a value or remove the key",
    ]
    assert found.value == {"b": [1, 2], "c": {}}


REFUSED = {
    "nothing": ("", "f:1:1: the file is empty"),
    "only comments": ("# a\n", "the file is empty"),
    "two documents": ("a: 1\n---\nb: 1\n", "f:2:1: a second document begins here"),
    "too large": (
        "a" * (MAX_BYTES + 1),
        "f:1:1: the file is larger than 1 MB; split it into files that `include` names",
    ),
    "too large in bytes": ("é" * (MAX_BYTES // 2 + 1), "larger than 1 MB"),
    "too deep": ("[" * 5_000, "the nesting is far too deep"),
    "a little too deep": ("[" * 30 + "]" * 30, "f:1:22: "),
    "too deep in blocks": ("".join("  " * depth + "a:\n" for depth in range(100)), "nesting is more than 20 levels"),
    "too deep through aliases": (
        "a: &a " + "[" * 15 + "]" * 15 + "\nb: " + "[" * 10 + "*a" + "]" * 10,
        "f:2:14: ",
    ),
    "an alias of itself": ("a: &a [*a]", "f:1:8: a[0]: the alias `*a` contains itself"),
    "an unknown alias": ("a: *b", "f:1:4: a: `*` begins an alias, and no `&b` stands above"),
    "a control character": ("a: 1\nb: \x01", "f:2:4: the character U+0001 is not allowed"),
    "half a character": ("a: \ud800", "f:1:4: the character U+D800 is not allowed"),
}


@pytest.mark.parametrize(("text", "told"), REFUSED.values(), ids=REFUSED)
def test_a_text_beyond_the_limits_is_refused_with_its_place(text: str, told: str) -> None:
    assert told in refused(text)


def test_a_billion_laughs_are_refused_at_once() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 10))
    assert "values, with aliases spelled out" in refused("l0: &l0 [ha]\n" + levels)


@pytest.mark.parametrize(
    "named",
    ["{text}", "[{text}]", "{{k: {text}}}", "\n  k: {text}\n  l: [1]"],
    ids=["a text", "a list", "a mapping", "a block"],
)
def test_so_is_a_long_text_that_aliases_repeat(named: str) -> None:
    long = named.format(text="x" * 100_000)
    aliases = ", ".join(["*a"] * (MAX_CHARACTERS // 100_000 + 1))
    assert f"aliases stand for more than {MAX_CHARACTERS:,} characters" in refused(f"a: &a {long}\nb: [{aliases}]\n")
    fewer = ", ".join(["*a"] * (MAX_CHARACTERS // 100_000 - 1))
    assert read(f"a: &a {long}\nb: [{fewer}]\n", file="f").mistakes == ()


def test_what_aliases_of_aliases_stand_for_counts() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 4))
    text = "x" * (MAX_CHARACTERS // 500)
    assert f"more than {MAX_CHARACTERS:,} characters" in refused(f"l0: &l0 {text}\n{levels}")


def test_a_mapping_as_a_key_is_one_mistake() -> None:
    assert [str(problem) for _, problem in read("a: {[1, {b: }]: c, d: 1}", file="f").mistakes] == [
        "f:1:5: a: a key must be text"
    ]


def test_windows_line_ends_count_as_one() -> None:
    [(_, problem)] = read("a: 1\r\nb:\r\n", file="f").mistakes
    assert (problem.line, problem.column) == (2, 1)
