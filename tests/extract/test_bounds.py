"""Which pages are refused on the event loop before they are parsed."""

from __future__ import annotations

import pytest

from watcher.extract.bounds import is_light

FONTS = "".join(f"<b a{number}>" for number in range(1_500))
WIDE = [" ".join(f"a{number}" for number in range(start, start + 1_000)) for start in range(0, 10_000, 1_000)]


@pytest.mark.parametrize(
    ("page", "light"),
    [
        ("<div><a href=/x><i class=icon></i> A title</a></div>" * 5_000, True),
        ("<p>" + "<a h=1>" * 200 + "<b>" * 300 + "<p>x" * 9_000, True),
        (f"<p>{FONTS}</p>" + "<div>x</div>" * 3_500, False),
        ("".join(f"<html a{number}>" for number in range(600)), False),
        ("".join(f"<BODY a{number}>" for number in range(600)), False),
        ("<html>" + "".join(f"<html {wide}>" for wide in WIDE), False),
        (f"<body x='>' {' '.join(WIDE)}>" * 2, False),
        ("<p>" + "".join(f"<i x='>' a{number}>" for number in range(1_500)) + "</p>" + "<div>x</div>" * 3_500, False),
        ("<html lang=en><body class='a b'>" + '<i class="icon" hidden></i><b>x</b>' * 5_000, True),
        (f"<p><b {' '.join(WIDE)}></p>" + "<p>x" * 300, False),
        (f"<p><A {' '.join(WIDE)}></p>" + "<p>x" * 300, False),
        ('<p><a title="a > b" href="/x?y=">A title</a><b title=c>x</b></p>' * 4_000, False),
        ('<p><a href="/x?y=">A title</a><b class = c>x</b></p>' * 4_000, True),
        ("<p>" * 100_000, False),
        ("\\u00e9" * 20_001, False),
        ("\\n" * 20_001, True),
        ("x\n" * 200_000, True),
        ("<pre>" + "&\n" * 150_000, True),
        ("<pre>" + "&\n" * 450_000, False),
        ("<p>" + "\u00a0\u00ad" * 300_000, False),
        ("<p class=a>A &amp; B\n</p>" * 19_000, True),
        ("x" * 1_000_001, False),
    ],
    ids=[
        *("many links", "few kinds", "formatting", "html", "body", "attributes of html", "attributes behind a value"),
        *("formatting behind a value", "icons", "a wide element", "a wide link"),
        *("values with angles", "values with signs", "tags", "escapes", "other escapes", "lines", "some lines"),
        *("laborious lines", "laborious blanks", "a big plain page", "bytes"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_page_that_its_parse_makes_bigger_is_no_light_one(page: str, light: bool, encoding: str) -> None:
    assert is_light(page.encode(encoding)) is light
