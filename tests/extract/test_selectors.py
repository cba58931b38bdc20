import subprocess
import sys

import pytest

from watcher.extract.selectors import _decided, check_selector, is_native, native, native_in_xml

PLAIN = [
    "#notice",
    "td.code",
    "table#courses > tbody > tr:nth-child(2n+1) td.title a[href]",
    "h1, h2.big , *",
    'a[href^="/c/"][rel="next"] + p ~ .余票',
    "li:first-child:last-of-type",
    "ul:not(.x, [hidden]) :is(a, b)",
    "tr:has(td > a):nth-child(1 of .row)",
    ":scope > td",
    "li:nth-child(-n+3)",
    "td.a,\n  tr:not(.b)\n",
]
FOR_SOUP = [
    "p:-soup-contains('x')",
    "p:contains('x')",
    ":empty",
    ":root",
    "input:read-only",
    "input:placeholder-shown",
    "input:checked",
    "a:any-link",
    ":defined",
    "p:lang(en)",
    "a:hover",
    ":is()",
    ":matches(p)",
    "td/* code */",
    ".\\31 0",
    "[data-x!=a]",
    "svg|a",
    "& > td",
    "td:NTH-CHILD(1)",
    "td:nth-child(10000000)",
    "tr:has(:scope > td)",
    "svg[viewBox]",
    "[title=':scope'] :scope",
]


@pytest.mark.parametrize("css", PLAIN)
def test_a_plain_selector_is_valid_and_native(css: str) -> None:
    check_selector(css)
    assert is_native(css)


@pytest.mark.parametrize("css", FOR_SOUP)
def test_what_the_engines_may_differ_on_is_valid_and_left_to_the_soup(css: str) -> None:
    check_selector(css)
    assert not is_native(css)


@pytest.mark.parametrize(
    ("css", "reason"),
    [
        ("", "Expected a selector at position 0"),
        ("a[href=", "Malformed attribute selector at position 1"),
        ("a[x=1]", "Malformed attribute selector at position 1"),
        ("a,,b", "must have a selector before it"),
        ("td:foo", "':foo' was detected as a pseudo-class"),
        ("> td", "write `:scope > td` to start at the row"),
        ("//td", "this looks like XPath"),
        ("a::attr(href)", "use `attr:` for an attribute"),
        (":not(" * 190 + "p" + ")" * 40, ""),
    ],
)
def test_a_wrong_selector_is_refused_in_one_line(css: str, reason: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        check_selector(css)
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


def test_classes_and_ids_are_compared_with_case_in_every_mode() -> None:
    assert native('p.a#b[href="x.y#z"]') == 'p[class~="a"][id="b"][href="x.y#z"]'


def test_an_attribute_with_capitals_is_plain_in_xml() -> None:
    assert native("svg[viewBox]") is None
    assert native_in_xml("svg[viewBox].x") == 'svg[viewBox][class~="x"]'


def test_an_engine_is_chosen_when_a_selector_is_checked_and_never_again() -> None:
    selectors = [f"p.n{number}" for number in range(30_000)]
    for css in selectors:
        check_selector(css)
    decided = _decided.cache_info().misses
    assert all(map(is_native, selectors))
    assert _decided.cache_info().misses == decided


def test_plain_selectors_are_checked_and_answered_without_importing_beautiful_soup() -> None:
    code = (
        "import sys\n"
        "from watcher.extract.document import Document; from watcher.extract.selectors import check_selector\n"
        "check_selector('table#courses tr:nth-child(2) > td.code'); Document('<p class=x>1').select('p.x')\n"
        "print('bs4' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    assert told.stdout.strip() == "False"
