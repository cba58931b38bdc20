"""Watches of one file share what they have in common; what differs, if only in how it is written, they do not."""

from __future__ import annotations

import pytest

from watcher.config import parse
from watcher.core.watch import Watch

ALIKE = """
    extract: {price: {css: .price, type: money}}
    notify_when:
      - price: {below: 100}
    headers: {Accept-Language: de}
    topic: [a, b]
    active_hours: {from: "07:00"}
    link: {css: a.more}
"""
LISTED = """
    topic: a
    items: {css: tr, key: td.id, fields: {n: {css: td.n, type: number}}, where: {n: {above: 1}}}
"""


def pair(first: str, second: str) -> tuple[Watch, Watch]:
    text = f"watches:\n  one:\n    url: https://a.example/\n{first}\n  two:\n    url: https://b.example/\n{second}\n"
    one, two = parse(text, file="watches.yaml", environ={}).watches.values()
    return one, two


def test_what_is_written_alike_is_one_object() -> None:
    one, two = pair(ALIKE, f"{ALIKE}    confirm: 2\n")
    for name in ("extraction", "rules", "topics", "every", "active_hours", "on_error", "link", "message", "tags"):
        assert getattr(one, name) is getattr(two, name), name
    assert one.request.headers is two.request.headers
    assert one.request.cookies is two.request.cookies
    assert one.request.lane is two.request.lane
    assert (one.request.url, two.request.url) == ("https://a.example/", "https://b.example/")


def test_lists_that_are_written_alike_are_one_object() -> None:
    one, two = pair(LISTED, f"{LISTED}    confirm: 2\n")
    assert one.extraction is two.extraction


@pytest.mark.parametrize(
    ("body", "written", "otherwise"),
    [
        pytest.param(ALIKE, "below: 100", "below: 100.0", id="a bound, which the id of its entry is made of"),
        pytest.param(LISTED, "above: 1", "above: 1.0", id="a bound of rows"),
        pytest.param(LISTED, "type: number", "type: number, scale: 2", id="a scale"),
    ],
)
def test_what_is_written_otherwise_stays_apart(body: str, written: str, otherwise: str) -> None:
    assert written in body
    one, two = pair(body, body.replace(written, otherwise))
    alone, _ = pair(body.replace(written, otherwise), ALIKE)
    assert str(two.rules) == str(alone.rules)
    assert [rule.id for rule in two.rules] == [rule.id for rule in alone.rules]
    assert repr(two.extraction) == repr(alone.extraction)
    assert repr(one) != repr(two)
