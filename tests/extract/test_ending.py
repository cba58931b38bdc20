"""Where a page ends that may have been cut."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from tests.extract.builders import page
from watcher.extract.ending import ending_of

CUTS = 150
ROWS = "".join(f"<tr><td>Course</td><td>-</td><td>{each}</td></tr>" for each in range(200))
FOOT = "<p>Office 12</p></body></html>"
SHAPES = {
    "rows that are alike": f"<html><body><table>{ROWS}</table>",
    "a tag a line": f"<html><body><table>{ROWS}</table>".replace("<", "\n        <"),
    "comments between": "<html><body><ul>" + "<li>a</li><!----> <!-- row -->" * 200,
    "boxes": "<html><body>" + "".join(f"<div><span>A</span><div>B {each}</div></div>" for each in range(200)),
    "lines of text": "<html><body><pre>" + "".join(f"line {each}: free\n" for each in range(500)),
    "a script": f"<html><body><script>var rooms = [{', '.join(map(str, range(1_000)))}]</script>",
    "paragraphs": "<html><body>" + f"<p>{'and so on ' * 30}</p>" * 20,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_cuts_at_random_end_at_the_same_place_next_to_never(shape: str) -> None:
    whole, random = SHAPES[shape], Random(7)
    endings = Counter(ending_of(page(whole[: random.randrange(20, len(whole))])) for _ in range(CUTS))
    assert "" not in endings
    assert max(endings.values()) <= 3
    assert ending_of(page(whole + FOOT)) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("<ul><li>a</li></ul>", "<ul><li>a</li><li>b</li></ul>\n", id="behind a list"),
        pytest.param("<ul><li>a</ul><p>Office 12", "<ul></ul><p>Office 7", id="in a text with another number"),
        pytest.param("<p>a</p><!-- made at 12:01 -->", "<p>b</p> <!-- made at 12:02 by 3 -->", id="behind a comment"),
        pytest.param("a<script>track(1)</script>", "b c<script>track(2)</script>", id="behind a script"),
        pytest.param("<div><img src=/1>", "<div><img src=/2 alt=x>", id="in a box that stays open"),
    ],
)
def test_a_page_without_its_end_tags_ends_at_the_same_place_whatever_its_length(one: str, other: str) -> None:
    assert ending_of(page(f"<body>{one}")) == ending_of(page(f"<body>{other}")) != ""


@pytest.mark.parametrize(
    ("body", "media_type", "is_closed"),
    [
        ("<p>a</BODY >", "text/html", True),
        ("<p>a</body></html><!-- made in 0.1 s --><script>x()</script>", "text/html", True),
        ("<p>a</html>".encode("utf-16"), "text/html; charset=utf-16", True),
        ("<p>a", "text/html", False),
        ("<p>a</htm", "text/html", False),
        ("", "text/html", False),
        ('{"html": "</body></html>"}', "application/json", True),
        ('{"html": "</body></html>"', "application/json", False),
        ('[{"a": 1}]', "text/plain", True),
        ('[{"a": 1}', "text/plain", False),
        ("<rss><channel></channel></rss>", "application/rss+xml", True),
        ("<rss><channel></channel>", "application/rss+xml", False),
        ("a,b\n1,2\n", "text/csv", False),
    ],
)
def test_a_page_is_closed_by_its_last_tags_and_json_and_xml_when_they_can_be_parsed(
    body: str | bytes, media_type: str, *, is_closed: bool
) -> None:
    assert (ending_of(page(body, media_type=media_type.partition(";")[0])) == "") is is_closed
