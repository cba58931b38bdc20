"""What a watch of a page is named after."""

from __future__ import annotations

import pytest

from tests.extract.builders import page
from watcher.extract.body import open_body
from watcher.extract.page_name import page_name
from watcher.extract.suggesting.naming import named

LINKED = '<script type="application/ld+json">{}</script>'
PRODUCT = LINKED.format('{"@graph": [{"@type": "Organization", "name": "Shop"}, {"@type": "Product", "name": "Dune"}]}')
TWO = LINKED.format('[{"@type": "Product", "name": "Dune"}, {"@type": "Product", "name": "Solaris"}]')
SITE = '<meta property="og:site_name" content="Shop">'

NAMES = {
    f"{PRODUCT}<title>Buy cheap books | Shop</title><h1>Welcome</h1>": "Dune",
    f"{TWO}<title>Books | Shop</title><h1>Welcome</h1>": "Books | Shop",
    '<meta property="og:title" content="Dune"><title>Shop</title><h1>Sale</h1>': "Dune",
    f"{SITE}<meta property='og:title' content='Shop'><title>Dune</title><h1>Sale</h1>": "Dune",
    f"{SITE}<title>Dune - Books | Shop</title><h1>Sale</h1>": "Dune – Books",
    "<title>Dune | Shop</title><h1>Dune</h1>": "Dune",
    "<title>Jobs in town</title><h1>24 jobs</h1>": "Jobs in town",
    "<title>24 jobs | Harbour Jobs</title><h1>24 jobs</h1>": "Harbour Jobs",
    f"{SITE}<title>1,204 jobs - Shop</title><h1>1,204 jobs</h1>": "",
    "<title>24个职位 - 招聘</title><h1>24个职位</h1>": "招聘",
    "<title>24 jobs</title>": "",
    "<title>2026 Elections - City News</title><h1>Results</h1>": "2026 Elections - City News",
    "<title>City News</title><h1>Menu</h1>": "City News",
    "<h1>Courses</h1>": "Courses",
    "<h1>24 jobs</h1>": "",
    "<p>Hello</p>": "",
}


@pytest.mark.parametrize("markup", NAMES)
def test_a_watch_is_named_after_its_product_or_title_and_no_heading_alone(markup: str) -> None:
    assert page_name(open_body(page(markup))) == NAMES[markup]


@pytest.mark.parametrize(
    ("wanted", "name"),
    [("24 jobs", "jobs"), ("1,204 Jobs", "jobs"), ("2026 total", "the_2026_total"), ("24 h", "the_24_h")],
)
def test_a_value_is_named_after_what_is_counted_and_not_after_the_count(wanted: str, name: str) -> None:
    assert named(wanted, set()) == name
