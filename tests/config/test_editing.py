"""Changes to the text of a file of watches leave all else as it was, byte for byte."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from watcher.config import yaml_reader
from watcher.config.editing import with_include, with_selector, with_watch
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
