"""Changes to the text of a file of watches leave all else as it was, byte for byte."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from watcher.config import yaml_reader
from watcher.config.editing import (
    lines_of_watches,
    with_include,
    with_other_watch,
    with_renamed_watch,
    with_selector,
    with_watch,
    with_written_watch,
    without_watch,
)
from watcher.config.yaml_text import block, flow, scalar
from watcher.errors import ConfigError, UsageError

BODY: dict[str, Any] = {"url": "https://shop.example/dune", "topic": "news", "extract": "#price"}
LINES = ["  dune:", "    url: https://shop.example/dune", "    topic: news", '    extract: "#price"']

SCALARS = [
    *("news", "https://x.example/a?b=c&d=%20", "#price", "[href]", "> td", "*", "a: b", "a #b", "- a", "", " a ", "a:"),
    *("true", "No", "null", "~", "12", "1.5", "007", "2026-01-01", "10:30", r"(\d+) left", 'say "hi"', "it's", "\\"),
    *(
        "有货",
        "“x”",
        "a\nb",
        "a\tb",
        "\x07",
        "td.a, td.b",
        "{each}",
        "${KEY}",
        "!x",
        "&a",
        "*a",
        "%x",
        "@x",
        "`x`",
        "a,b",
    ),
    *("\U0001f600", "\u2028", "\ufeff", "? a", "| a", "a :b", "a#b", "é", "$.rows[*]", "//h1", "a]b", "'", "'\"\\"),
    *("10m", "1h", "500ms", "5%", "0x1f", "1e3"),
    *('a[href="/x"]', "li:nth-of-type(2) > a", "=x", "<<", "..."),
]


@pytest.mark.parametrize("value", SCALARS, ids=ascii)
def test_a_text_reads_back_as_it_was(value: str) -> None:
    written = scalar(value)
    for text in (f"k: {written}\nl: 1\n", f"{{k: {written}, l: 1}}", f"k: [{written}, 1]\nl: 1\n"):
        read = yaml_reader.read(text, file="f")
        assert not read.mistakes
        assert isinstance(read.value, dict)
        assert read.value["k"] in (value, [value, 1])


def test_a_body_is_written_as_people_write_it() -> None:
    body: dict[str, Any] = {
        "url": "https://shop.example/",
        "extract": {"price": {"css": ".price", "type": "money"}, "title": "h1"},
        "notify_when": [{"price": {"below": 10}}, {"price": "changes"}],
        "items": {"css": "li", "fields": {"a": "b", "c": "d"}},
        "tags": ["a", "b"],
        "allow_private": True,
        "scale": 0.01,
    }
    assert "\n".join(block(body)).splitlines() == [
        "url: https://shop.example/",
        "extract:",
        "  price: {css: .price, type: money}",
        "  title: h1",
        "notify_when:",
        "  - {price: {below: 10}}",
        "  - {price: changes}",
        "items:",
        "  css: li",
        "  fields: {a: b, c: d}",
        "tags: [a, b]",
        "allow_private: true",
        "scale: 0.01",
    ]
    expected: Any = {**body, "scale": Decimal("0.01")}
    assert yaml_reader.read("\n".join(block(body)), file="f").value == expected
    assert yaml_reader.read(flow(body), file="f").value == expected


FILES = {
    "a last watch with a comment that is its own": (
        "# mine\nwatches:\n  a:   # first\n    url: x\n    # every: 1h\n\n# the end\n",
        "    # every: 1h\n",
    ),
    "no line break at the end": ("watches:\n  a: {url: x}", "  a: {url: x}"),
    "another section below": ("watches:\n  a:\n    url: x\n\n# people\ntopics:\n  t: {name: T}\n", "    url: x\n"),
    "a block of text at the end": ("watches:\n  a:\n    body: |\n      x\n      y\n", "      y\n"),
    "a list at the end": ("watches:\n  a:\n    tags:\n    - x\n    - y # z\ntopics: {t: {}}\n", "    - y # z\n"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_watch_goes_below_the_last_one(name: str) -> None:
    text, before = FILES[name]
    place = text.index(before) + len(before)
    line_break = "" if text[:place].endswith("\n") else "\n"
    expected = text[:place] + line_break + "\n".join(LINES) + "\n" + text[place:]
    assert with_watch(text, "dune", BODY) == expected


def test_a_watch_goes_below_those_that_are_indented_otherwise() -> None:
    text = "watches:\n    a:\n        url: x\n"
    assert with_watch(text, "dune", BODY) == text + "\n".join("  " + line for line in LINES) + "\n"


def test_a_file_of_windows_keeps_its_line_ends() -> None:
    text = "watches:\r\n  a: {url: x}\r\n# end\r\n"
    changed = with_watch(text, "dune", BODY)
    assert changed == "watches:\r\n  a: {url: x}\r\n" + "".join(line + "\r\n" for line in LINES) + "# end\r\n"


def test_a_first_watch_makes_the_section() -> None:
    below = "\n".join(LINES) + "\n"
    assert (
        with_watch("topics: {t: {}}  # people\n", "dune", BODY) == f"topics: {{t: {{}}}}  # people\n\nwatches:\n{below}"
    )
    assert with_watch("# x\nwatches: {}\n", "dune", BODY) == f"# x\nwatches:\n{below}"
    assert with_watch("watches: {} # none\n", "dune", BODY) == f"watches:\n{below} # none\n"
    assert with_watch("watches: {a: {url: x}}\n", "dune", {"url": "z"}) == "watches: {a: {url: x}, dune: {url: z}}\n"


def test_what_cannot_be_added_is_refused() -> None:
    with pytest.raises(UsageError, match="there is a watch a already"):
        with_watch("watches: {a: {url: x}}", "a", BODY)
    with pytest.raises(UsageError, match="by hand"):
        with_watch("watches: {a: {url: x},}", "b", BODY)
    with pytest.raises(ConfigError, match=r"the file:2:3: watches\.a: is empty"):
        with_watch("watches:\n  a:\n  b: {url: x}\n", "c", BODY)


SELECTORS = {
    "a text alone": ("extract: .old   # why", "value", "extract: .new   # why"),
    "a text in quotes": ('extract: "#old"', "value", "extract: .new"),
    "one mapping": ("extract: {css: .old, type: money}", "value", "extract: {css: .new, type: money}"),
    "a value": (
        "extract:\n      price: .old\n      title: h1",
        "price",
        "extract:\n      price: .new\n      title: h1",
    ),
    "a value with a type": (
        "extract:\n      price:\n        type: money # €\n        css: '.old'",
        "price",
        "extract:\n      price:\n        type: money # €\n        css: .new",
    ),
    "another language": ("extract: {xpath: //h1, regex: 'a'}", "value", "extract: {css: .new, regex: 'a'}"),
    "rows": ("items: {css: li, key: b}", "items", "items: {css: .new, key: b}"),
    "their key": ("items: {css: li, key: b}", "key", "items: {css: li, key: .new}"),
    "a field": (
        "items: {css: li, key: b, fields: {a: {css: i, attr: href}}}",
        "a",
        "items: {css: li, key: b, fields: {a: {css: .new, attr: href}}}",
    ),
    "a folded text": ("extract:\n      a: >\n        .old\n      b: h1", "a", "extract:\n      a: .new\n      b: h1"),
}


@pytest.mark.parametrize("name", SELECTORS)
def test_a_selector_changes_alone(name: str) -> None:
    before, value, after = SELECTORS[name]
    text = "watches:\n  other: {{extract: .old}}\n  w:\n    url: x\n    {}\n# end\n"
    assert with_selector(text.format(before), "w", value, ".new") == text.format(after)


def test_a_path_of_json_stays_one() -> None:
    text = "watches:\n  w:\n    extract: {jsonpath: $.cents, type: integer}\n"
    assert with_selector(text, "w", "value", "$.data.cents") == text.replace("$.cents", '"$.data.cents"')


def test_a_selector_that_is_shared_or_not_there_is_left() -> None:
    with pytest.raises(UsageError, match="by hand"):
        with_selector("watches:\n  a: {extract: &x .old}\n  w: {extract: *x}\n", "w", "value", ".new")
    with pytest.raises(UsageError, match="by hand"):
        with_selector("watches:\n  a: {extract: &x .old}\n  w: {extract: *x}\n", "a", "value", ".new")
    with pytest.raises(UsageError, match="there is no watch b"):
        with_selector("watches: {a: {url: x}}", "b", "value", ".new")
    with pytest.raises(UsageError, match=r"there is no watches\.a\.extract\.value to change"):
        with_selector("watches: {a: {url: x}}", "a", "value", ".new")
    with pytest.raises(UsageError, match=r"watches\.a\.extract has no selector to change"):
        with_selector("watches: {a: {extract: {regex: x}}}", "a", "value", ".new")


INCLUDES = {
    "none, below what tells of the file": (
        "# Mine\n\n# pages\nwatches: {}\n",
        "# Mine\n\ninclude: n.yaml\n\n# pages\nwatches: {}\n",
    ),
    "none at all": ("watches: {}\n", "include: n.yaml\n\nwatches: {}\n"),
    "none, behind a mark": ("# x\n\n---\nwatches: {}\n", "# x\n\n---\ninclude: n.yaml\n\nwatches: {}\n"),
    "none in braces": ("{watches: {}}", "{include: n.yaml, watches: {}}"),
    "one": ("include: a/*.yaml # more\nwatches: {}", "include: [a/*.yaml, n.yaml] # more\nwatches: {}"),
    "a list": (
        "include:\n  - a.yaml # x\n  # y\nwatches: {}",
        "include:\n  - a.yaml # x\n  # y\n  - n.yaml\nwatches: {}",
    ),
    "a list in brackets": ("include: [a.yaml]\n", "include: [a.yaml, n.yaml]\n"),
    "an empty list": ("include: []\nwatches: {}\n", "include: [n.yaml]\nwatches: {}\n"),
}


@pytest.mark.parametrize("name", INCLUDES)
def test_another_file_is_included(name: str) -> None:
    before, after = INCLUDES[name]
    assert with_include(before, "n.yaml") == after


def test_a_large_file_is_changed_in_one_place() -> None:
    text = "watches:\n" + "".join(f"  w{number}:\n    url: https://x.example/{number}\n" for number in range(500))
    assert with_watch(text, "dune", BODY) == text + "\n".join(LINES) + "\n"
    assert with_selector(with_watch(text, "dune", BODY), "dune", "value", ".new").startswith(text)


_A = "  a:   # first\n    url: x\n    # every: 1h\n"
_B = "  b:\n    url: y\n    tags: [p,\n      q]\n\n    # - r\n    body: |\n      # no comment\n      t\n"
_BLOCKS = {
    "the first": (f"# mine\nwatches:\n{_A}\n  # of b\n{_B}", "a", _A),
    "the last": (f"watches:\n{_A}\n  # of b\n{_B}\n# end\ntopics:\n  t: {{name: T}}\n", "b", _B),
    "the last of the file": (f"topics: {{}}\nwatches:\n{_A}  # of b\n{_B}", "b", _B),
    "one without an end of line": ("watches:\n  b:\n    url: x", "b", "  b:\n    url: x"),
    "one in a line": ("watches:\n  a: {url: x}  # short\n  b: {url: y}\n", "a", "  a: {url: x}  # short\n"),
    "one with an alias at its end": (
        "watches:\n  a:\n    tags: &t [x]\n  b:\n    url: y\n    tags: *t\n  c: {url: z}\n",
        "b",
        "  b:\n    url: y\n    tags: *t\n",
    ),
    "one that is an alias": ("watches:\n  a: &a\n    url: x\n  b: *a\n# end\n", "b", "  b: *a\n"),
    "one whose name is quoted": (
        'watches:\n  "a.b-价格":\n    url: x\n  c: {url: y}\n',
        "a.b-价格",
        '  "a.b-价格":\n    url: x\n',
    ),
    "one with comments at the margin": (
        "watches:\n  a:\n# url: old\n    url: x\n# of b\n  b: {url: y}\n",
        "a",
        "  a:\n# url: old\n    url: x\n",
    ),
    "one with lists at the margin of its keys": (
        "watches:\n  a:\n    tags:\n    - x\n    # - y\n  b: {url: y}\n",
        "a",
        "  a:\n    tags:\n    - x\n    # - y\n",
    ),
}


@pytest.mark.parametrize("name", _BLOCKS)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_whole_watch_is_replaced_and_all_else_stays(name: str, line_break: str) -> None:
    text, watch, own = (part.replace("\n", line_break) for part in _BLOCKS[name])
    written = f'"{watch}":\n  url: other  # mine\n\n  # more\n  tags:\n    - z\n'
    lines = [f'  "{watch}":', "    url: other  # mine", "", "    # more", "    tags:", "      - z", ""]
    assert text.count(own) == 1
    assert with_other_watch(text, watch, written) == text.replace(own, line_break.join(lines))


@pytest.mark.parametrize("name", _BLOCKS)
def test_what_is_shown_of_a_watch_and_put_back_changes_nothing(name: str) -> None:
    text, watch, own = _BLOCKS[name]
    shown = lines_of_watches(text)[watch].shown(text)
    assert [line.strip() for line in shown.splitlines()] == [line.strip() for line in own.splitlines()]
    assert shown.splitlines()[0] == own.splitlines()[0].strip()
    assert lines_of_watches(text)[watch].line == text[: text.index(own)].count("\n") + 1
    if "margin" not in name or "keys" in name:  # comments at the margin move with the rest
        assert with_other_watch(text, watch, shown).rstrip("\n") == text.rstrip("\n")


@pytest.mark.parametrize("name", _BLOCKS)
def test_a_watch_is_taken_out_and_all_else_stays(name: str) -> None:
    text, watch, own = _BLOCKS[name]
    before, after = text.split(own)
    is_last = before.rstrip().endswith("watches:")
    if is_last and "  b: " not in after and "  c: " not in after and "  b:\n" not in after:
        before = before.replace("watches:", "watches: {}")
    assert without_watch(text, watch) == before + after.lstrip("\n")


@pytest.mark.parametrize(
    ("text", "watch", "says"),
    [
        pytest.param("watches: {a: {url: x}}\n", "a", "cannot be changed here", id="in braces"),
        pytest.param("watches:\n  ? a\n  : {url: x}\n", "a", "cannot be changed here", id="a key with a mark"),
        pytest.param("watches:\n  a: {url: x}\n", "b", "there is no watch b", id="another one"),
        pytest.param("topics: {}\n", "b", "there is no watch b", id="none at all"),
    ],
)
def test_a_watch_that_does_not_stand_in_lines_of_its_own_is_left(text: str, watch: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        with_other_watch(text, watch, f"{watch}: {{url: z}}")
    with pytest.raises(UsageError, match=says):
        without_watch(text, watch)
    assert lines_of_watches(text).get(watch) is None


def test_a_watch_whose_anchor_others_need_is_left() -> None:
    text = "watches:\n  a: &a\n    url: x\n  b: *a\n"
    with pytest.raises(UsageError, match="cannot be changed here"):
        without_watch(text, "a")
    with pytest.raises(ConfigError, match="no `&a` stands above"):
        with_other_watch(text, "a", "a: {url: y}")
    with pytest.raises(UsageError, match="says more than the watch a"):
        with_other_watch(text, "a", "a: &a\n  url: y")


@pytest.mark.parametrize("odd", ["\x85", "\u2028", "\u2029", "\u00a0"], ids=ascii)
def test_a_break_that_only_yaml_knows_stays_part_of_a_text(odd: str) -> None:
    text = f'watches:\n  a:\n    url: x\n    name: "one{odd}two"\n'
    shown = lines_of_watches(text)["a"].shown(text)
    assert shown == f'a:\n  url: x\n  name: "one{odd}two"\n'
    assert with_other_watch(text, "a", shown) == text


def test_a_break_that_only_yaml_knows_leads_out_of_no_watch() -> None:
    for odd in ("\x85", "\u2028", "\u2029"):
        with pytest.raises((UsageError, ConfigError)):
            with_written_watch("watches:\n  a: {url: x}\n", "c", f"c:\n  url: x{odd}defaults: {{topic: t}}")


_MORE = {
    "another watch": "c: {url: x}\nd: {url: z}",
    "a section of the file": "c: {url: x}\n\ndefaults: {topic: t}",
    "less indented below": "  c:\n    url: x\ntopics: {t: {}}",
    "a watch of that name elsewhere": "c: {url: x}\na: {url: z}",
    "another one in its place": "d: {url: z}",
    "nothing": "",
    "a comment": "# c:",
    "a text": "c",
}


@pytest.mark.parametrize("name", _MORE)
@pytest.mark.parametrize("text", ["watches:\n  a: {url: y}\n", "watches: {}\n", "topics: {}\n"], ids=ascii)
def test_what_is_written_may_say_no_more_than_one_watch(name: str, text: str) -> None:
    with pytest.raises((UsageError, ConfigError)):
        with_written_watch(text, "c", _MORE[name])


@pytest.mark.parametrize(
    "text", [text for text, *_ in FILES.values()] + ["watches: {}\n", "topics: {t: {}}\n"], ids=ascii
)
def test_a_written_watch_goes_where_one_of_the_tools_does(text: str) -> None:
    written = "\n".join(line.removeprefix("  ") for line in LINES)
    for indented in (written, f"\n{written}\r\n\n", "\n".join(LINES)):
        assert with_written_watch(text, "dune", indented) == with_watch(text, "dune", BODY)


def test_mistakes_of_what_is_written_name_file_and_line() -> None:
    text = "watches:\n  a: {url: y}\n"
    with pytest.raises(ConfigError) as caught:
        with_written_watch(text, "c", "c:\n  url: [", file="watches.d/added.yaml")
    [problem] = caught.value.problems
    assert (problem.file, problem.line) == ("watches.d/added.yaml", 5)


def test_a_bomb_is_refused_before_it_is_spelled_out() -> None:
    bomb = "c:\n  a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"  {name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
        for before, name in zip("abcdefg", "bcdefgh", strict=True)
    )
    with pytest.raises(ConfigError, match="with aliases spelled out"):
        with_written_watch("watches: {}\n", "c", bomb)


@pytest.mark.parametrize(
    "above",
    [
        "watches:\n  a: &a {url: x, extract: &b h1, name: *b}\n  z:\n    extract: &h h1\n    name: *h\n",
        "watches:\n  a:\n    name: &h h1\n    url: x\n    tags:\n      - *h\n",
        "watches:\n  a:\n    tags:\n      - &h h1\n      - *h\n",
        "watches:\n  a: &a\n    url: x\n  b: *a  # the same\n",
        "watches:\n  a:\n    extract: &h h1\n    name: *h\n  # of a, too\n",
        "watches:\r\n  a:\r\n    extract: &h h1\r\n    name: *h\r\n",
    ],
)
@pytest.mark.parametrize("below", ["", "\n# more\ntopics: {}\n"], ids=["at the end", "above another key"])
def test_a_watch_goes_below_one_that_ends_with_an_alias(above: str, below: str) -> None:
    lines = "\n".join(LINES) + "\n"
    own = lines.replace("\n", "\r\n") if "\r" in above else lines
    assert with_watch(above + below, "dune", BODY) == above + own + below
    assert with_written_watch(above + below, "dune", lines) == above + own + below


_RENAMED = {
    "lines": (
        "watches:\n  a:  # mine\n    url: x\n  z: {url: y}\n",
        "watches:\n  b:  # mine\n    was: a\n    url: x\n  z: {url: y}\n",
    ),
    "one line": ("watches:\n  a: {url: x}\n", "watches:\n  b: {was: a, url: x}\n"),
    "all in one line": ("watches: {z: {url: y}, a: {url: x}}\n", "watches: {z: {url: y}, b: {was: a, url: x}}\n"),
    "was something else": ("watches:\n  a:\n    url: x\n    was: 'o'\n", "watches:\n  b:\n    url: x\n    was: a\n"),
    "an anchor": ("watches:\n  a: &a\n    url: x\n", "watches:\n  b: &a\n    was: a\n    url: x\n"),
    "a merged one": (
        "watches:\n  z: &z {url: y}\n  a:\n    <<: *z\n",
        "watches:\n  z: &z {url: y}\n  b:\n    was: a\n    <<: *z\n",
    ),
    "an alias": ("watches:\n  z: &z {url: y}\n  a: *z\n", None),
    "repeated elsewhere": ("watches:\n  a: &a {url: y}\n  z: *a\n", None),
    "quotes": ('watches:\n  "a":\n    url: x\n', "watches:\n  b:\n    was: a\n    url: x\n"),
    "a comment first": (
        "watches:\n  a:\n    # why\n    url: x\n",
        "watches:\n  b:\n    # why\n    was: a\n    url: x\n",
    ),
    "other breaks": ("watches:\r\n  a:\r\n    url: x\r\n", "watches:\r\n  b:\r\n    was: a\r\n    url: x\r\n"),
}


@pytest.mark.parametrize("name", _RENAMED)
def test_another_id_leaves_all_else_as_it_was_or_is_refused(name: str) -> None:
    text, renamed = _RENAMED[name]
    if renamed is None:
        with pytest.raises((UsageError, ConfigError)):
            with_renamed_watch(text, "a", "b", "a")
    else:
        assert with_renamed_watch(text, "a", "b", "a") == renamed


def test_no_watch_gets_the_id_of_another() -> None:
    with pytest.raises(UsageError, match="there is a watch z already"):
        with_renamed_watch("watches: {z: {url: y}, a: {url: x}}\n", "a", "z", "a")
