"""Pages made to stop a watcher. Each costs CPU time in proportion to its size, whatever is within."""

import time

import pytest

from tests.extract.builders import css, page, seen
from watcher.core.watch import Language, Query, Selector, Values
from watcher.errors import PageError

HOSTILE = {
    "deep divs": "<div>" * 100_000,
    "deep formatting": "<b><i><a>" * 50_000,
    "nested tables": "<table><tr><td>" * 20_000,
    "flat paragraphs": "<p>x" * 50_000,
    "many attributes": "<p " + " ".join(f"a{number}" for number in range(100_000)),
    "a long attribute": f"<p a='{'b' * 1_000_000}'>",
    "a long tag name": f"<{'b' * 1_000_000}>",
    "templates in templates": "<template>" * 50_000,
    "script tags in raw text": "<xmp>" + "<script " * 100_000,
    "comments in raw text": "<xmp>" + "<!-- " * 100_000,
    "bare angles in raw text": "<xmp>" + "<" * 500_000,
    "pre tags in raw text": "<plaintext>" + "<pre " * 100_000,
    "a script within a script": "<script><!--<script></script>" + "<!-- <pre <script " * 30_000,
    "ampersands": "&" * 500_000,
    "combining marks": "<p>a" + "\u0300" * 100_000 + "\u0316" * 100_000,
    "invisible characters": "<p>" + "\u200b" * 300_000,
    "digits": "<p>" + "9" * 300_000,
    "commas": "<p>" + "1,1" * 200_000,
}
XPATHS = ["//p[@a1]", "count(//div//a)", "//td[1]/text()", "//p[contains(., 'y')]"]
SELECTORS = ["p ~ p ~ p", "div div div a", "p:nth-last-of-type(2)", "p:nth-child(1 of .x)", "p:has(~ a)", "[a*=b]"]


def cpu_seconds_to_read(body: str) -> float:
    queries = [*map(Query.css, SELECTORS), *(Query(Language.XPATH, expression) for expression in XPATHS)]
    values = {query.expression: Selector(query=query, optional=True) for query in queries}
    start = time.process_time()
    try:
        seen(page(body), Values(selectors={"all": css(None), **values}), must_contain=["x"])
    except PageError:  # it holds no `x`, or no text at all
        seen(page(body), Values(selectors=values))
    return time.process_time() - start


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_page_costs_little_and_never_hangs(body: str) -> None:
    # The best of three: the collector and the neighbours are not what is measured. 0.02 to 0.2 s here.
    assert min(cpu_seconds_to_read(body) for _ in range(3)) < 1.0


@pytest.mark.parametrize("name", ["deep divs", "nested tables", "flat paragraphs", "templates in templates"])
def test_the_soup_is_slower_and_does_not_hang_either(name: str) -> None:
    start = time.process_time()
    seen(page(HOSTILE[name][:200_000]), Values(selectors={"x": Selector(query=Query.css("a:empty"), optional=True)}))
    assert time.process_time() - start < 5.0
