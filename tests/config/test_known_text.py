"""An edit of one watch by its lines alone comes to what it comes to when all of the text is read, or to nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from msgspec.structs import replace

from watcher.config.editing import lines_of_watches, with_other_watch, with_written_watch, without_watch
from watcher.config.known_text import KnownText, LinesEdit, read_known, with_another, with_other, without
from watcher.config.yaml_reader import MAX_NODES
from watcher.errors import ConfigError, UsageError

_TEXTS = {
    "plain": "watches:\n  a:\n    url: x\n  b:\n    url: y\n  c: {url: z}\n",
    "comments and empty lines": (
        "# mine\ntopics: {t: {}}\nwatches:  # all\n\n  # of a\n  a:\n    url: x  # why\n    # every: 1h\n\n\n"
        "  # of b\n  b:\n    url: y\n\n# end\n  # indented\n"
    ),
    "another section below": "watches:\n  a: {url: x}\n  b: {url: y}\n\n# people\ntopics:\n  t: {name: T}\n",
    "an end of the document": "watches:\n  a: {url: x}\n  b: {url: y}\n...\n",
    "no line break at the end": "watches:\n  a: {url: x}\n  b: {url: y}",
    "Windows": "watches:\r\n  a: {url: x}\r\n\r\n  b:\r\n    url: y\r\n  c: {url: z}\r\n",
    "four spaces": "watches:\n    a:\n        url: x\n    b: {url: y}\n",
    "texts over several lines": (
        "watches:\n  a:\n    name: one\n      and two\n    body: |\n      x\n\n       y\n\n  b:\n    body: >-\n"
        "      z\n    name: 'it''s\n      so'\n"
    ),
    "texts that keep their empty lines": "watches:\n  a:\n    body: |+\n      x\n\n\n  b:\n    body: |+\n      y\n\n\n",
    "a text with empty lines below": "watches:\n  a: {url: x}\n  b:\n    body: |\n      x\n\n\ntopics: {t: {}}\n",
    "a mark at the beginning": "\ufeffwatches:\n  a: {url: x}\n  b: {url: y}\n",
    "an old Mac": "watches:\r  a: {url: x}\r  b:\r    url: y\r...\r# after\r",
    "lists": "watches:\n  a:\n    tags:\n    - x\n    - y # z\n  b: {tags: [p,\n    q]}\n",
    "odd ids": 'watches:\n  "a": {url: x}\n  b: {url: y}\n  12: {url: z}\n',
    "one watch": "watches:\n  b:\n    url: y\n",
    "an anchor": "watches:\n  a: {tags: &t [x]}\n  b: {url: y}\n  c: {tags: *t}\n",
    "braces over several lines": "watches: {\n  a: {url: x},\n  b: {url: y},\n}\ntopics: {t: {}}\n",
    "braces below": "watches:\n  {a: {url: x}, b: {url: y}}\n",
    "all in one line": "watches: {a: {url: x}, b: {url: y}}\n",
    "complex keys": "watches:\n  a: {url: x}\n  ? b\n  : {url: y}\n  c: {url: z}\n",
    "a line break of Unicode": 'watches:\n  a: {name: "x\u2028y"}\n  b: {url: y}\n',
}
_WRITTEN = {
    "lines": "b:\n  url: new\n  name: B\n",
    "one line": "b: {url: new}",
    "indented": "      b:\n        url: new\n",
    "a comment first": "# why\nb:\n  url: new\n",
    "a comment that is indented further": "    # why\nb:\n  url: new\n",
    "a comment at the end": "b:\n  url: new\n# end\n",
    "empty lines": "\n\nb:\n\n  url: new\n\n\n",
    "a text that keeps its empty lines": "b:\n  body: |+\n    x\n\n\n",
    "a text at the end": "b:\n  body: |\n    x\n",
    "another watch": "b: {url: new}\nd: {url: more}\n",
    "another id": "d:\n  url: new\n",
    "a list that does not end": "b: [new\n",
    "quotes that do not end": 'b: {url: "new\n',
    "an anchor": "b: {tags: &u [x], more: *u}\n",
    "an alias": "b: {tags: *t}\n",
    "no YAML": "b:\n  url: new\n c: x\n",
    "a document": "b:\n  url: new\n---\n",
    "nothing": "",
    "a text": "b\n",
    "no value": "b:\n",
    "a tab": "b:\n\turl: new\n",
    "a line break of Unicode": 'b: {name: "x\u2028y"}\n',
    "what was there": "b:\n  url: y\n",
}


@pytest.mark.parametrize("text", _TEXTS.values(), ids=_TEXTS)
def test_each_watch_stands_where_the_parser_says(text: str) -> None:
    for one in (text, f"---\n{text}", text.replace("\n", "\r\n"), text.replace("\r\n", "\r")):
        assert read_known(one, file="f").lines == lines_of_watches(one)


@pytest.mark.parametrize("text", _TEXTS.values(), ids=_TEXTS)
def test_a_watch_is_changed_as_if_all_were_read(text: str) -> None:
    for written in _WRITTEN.values():
        _compare(with_other(text, _known(text), "b", written), partial(with_other_watch, text, "b", written))


@pytest.mark.parametrize("text", _TEXTS.values(), ids=_TEXTS)
def test_a_watch_is_added_as_if_all_were_read(text: str) -> None:
    text = text.replace("b:", "e:").replace("? b", "? e")
    for written in (each.replace("b:", "n:") for each in _WRITTEN.values()):
        _compare(with_another(text, _known(text), "n", written), partial(with_written_watch, text, "n", written))


@pytest.mark.parametrize("text", _TEXTS.values(), ids=_TEXTS)
def test_a_watch_is_removed_as_if_all_were_read(text: str) -> None:
    for watch in ("a", "b", "c", "nobody"):
        _compare(without(text, _known(text), watch), partial(without_watch, text, watch))


@pytest.mark.parametrize("text", ["plain", "comments and empty lines", "Windows", "texts over several lines", "lists"])
def test_what_people_write_is_edited_by_its_lines(text: str) -> None:
    known = _known(_TEXTS[text])
    found = with_other(_TEXTS[text], known, "b", _WRITTEN["lines"])
    assert found is not None
    assert found.after == {"url": "new", "name": "B"}
    assert found.before != found.after
    assert found.lines_alone("b").split()[:5] == ["b:", "url:", "new", "name:", "B"]
    assert without(_TEXTS[text], known, "b") is not None
    assert with_another(_TEXTS[text], known, "d", "d: {url: new}") is not None


def test_a_text_that_would_be_too_large_is_read_whole() -> None:
    text = _TEXTS["plain"]
    assert with_other(text, _known(text), "b", f"b: {{url: {'x' * 1_000_000}}}") is None
    nearly_full = replace(_known(text), size=MAX_NODES)
    assert with_other(text, nearly_full, "b", _WRITTEN["lines"]) is None
    assert without(text, nearly_full, "b") is not None


def test_what_is_wrong_is_left_to_who_reads_all() -> None:
    text = _TEXTS["plain"]
    for name in (
        "another watch",
        "another id",
        "a list that does not end",
        "no YAML",
        "nothing",
        "no value",
        "an alias",
    ):
        assert with_other(text, _known(text), "b", _WRITTEN[name]) is None
        with pytest.raises((ConfigError, UsageError)):
            with_other_watch(text, "b", _WRITTEN[name])


def _known(text: str) -> KnownText:
    return read_known(text, file="f")


def _compare(found: LinesEdit | None, by_reading: Callable[[], str]) -> None:
    if found is None:
        return
    assert found.text == by_reading()
    assert found.known == _known(found.text)
    assert [*found.known.lines] == [*_known(found.text).lines]
