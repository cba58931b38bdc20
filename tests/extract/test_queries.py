import subprocess
import sys

import pytest

from watcher.core.watch import Language, Query
from watcher.extract.queries import FEED_PARTS, PRODUCT_PARTS, check_query

GOOD = [
    (Language.CSS, "td.code", True),
    (Language.XPATH, "//td[@class='code']/text()", False),
    (Language.XPATH, "count(//tr)", False),
    (Language.XPATH, "//a[(@x or not (@y)) and contains(., 'f(') and position() mod (2) = 1]", False),
    (Language.XPATH, "//dc:title/@xml:lang", False),
    (Language.XPATH, ".//td | ./@id", True),
    (Language.XPATH, "self::node()/child::text()", True),
    (Language.XPATH, "following-sibling::td[1]", True),
    (Language.JSONPATH, "$.data.items[*].code", False),
    (Language.JSONPATH, "$..price", False),
    (Language.JSONPATH, "$.items[?@.stock > 0 && match(@.code, 'CS.*')]", False),
    (Language.JSONPATH, "code", True),
    (Language.FEED, "", False),
    *((Language.FEED, part, True) for part in FEED_PARTS),
    *((Language.PRODUCT, part, False) for part in PRODUCT_PARTS),
]
WRONG = [
    (Language.CSS, "//td", True, "this looks like XPath"),
    (Language.CSS, "a" * 1_001, False, "the selector has 1,001 characters, more than 1,000"),
    (Language.XPATH, "", False, "'' is no XPath 1.0: expected a node test"),
    (Language.XPATH, "//td[", False, "'//td[' is no XPath 1.0: "),
    (Language.XPATH, "document('x')", False, "unknown function 'document'"),
    (Language.XPATH, "//a[@id=$x]", False, "there are no variables"),
    (Language.XPATH, "//a[nope(.)]", False, "unknown function 'nope'"),
    (Language.XPATH, "//a[matches(., '(')]", False, "unknown function 'matches'; use `regex:`"),
    (Language.XPATH, "//td", True, "'//td' looks at the whole page and not at its row; write './/td'"),
    (Language.XPATH, "(//td)[1]", True, "looks at the whole page"),
    (Language.XPATH, "(" * 900, False, "no XPath 1.0"),
    (Language.JSONPATH, " ", False, "an empty JSONPath"),
    (Language.JSONPATH, "$.a[", False, "'$.a[' is no JSONPath (RFC 9535): unexpected end of query"),
    (Language.JSONPATH, "$.a | $.b", False, "no JSONPath (RFC 9535)"),
    (Language.JSONPATH, "$.a[?nope(@)]", False, "function 'nope' is not defined"),
    (Language.JSONPATH, "$" + "[?" * 400, False, "no JSONPath (RFC 9535)"),
    (Language.JSONPATH, "$.a[99999999999999999999]", False, "no JSONPath (RFC 9535)"),
    (Language.JSONPATH, "$[?@.a == 1e999]", False, "no JSONPath (RFC 9535)"),
    (Language.FEED, "title", False, "'title' is a part of one entry"),
    (Language.FEED, "", True, "'' is no part of an entry of a feed; it has id, title, link"),
    (Language.FEED, "guid", True, "'guid' is no part of an entry of a feed"),
    (Language.PRODUCT, "name", False, "`product` knows price and availability, not 'name'"),
    (Language.PRODUCT, "price", True, "says nothing of a single row"),
]


@pytest.mark.parametrize(("language", "expression", "in_row"), GOOD)
def test_a_good_expression_passes(language: Language, expression: str, in_row: bool) -> None:
    check_query(Query(language, expression), in_row=in_row)


@pytest.mark.parametrize(("language", "expression", "in_row", "reason"), WRONG)
def test_a_wrong_expression_is_refused_in_one_line(
    language: Language, expression: str, in_row: bool, reason: str
) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        check_query(Query(language, expression), in_row=in_row)
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


def test_plain_expressions_are_checked_without_an_engine() -> None:
    code = (
        "import sys; from watcher.core.watch import Language, Query; from watcher.extract.queries import check_query\n"
        "for language, text in (('css', 'td.code > a'), ('jsonpath', '$.data[*].price'), ('jsonpath', 'a.b'),\n"
        "                       ('product', 'price')):\n"
        "    check_query(Query(Language(language), text), in_row=False)\n"
        "check_query(Query(Language.FEED, 'title'), in_row=True)\n"
        "print({'bs4', 'turbohtml', 'jsonpath', 'regex'} & set(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    assert told.stdout.strip() == "set()"
