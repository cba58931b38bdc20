"""What is read from a page: every way to find a value, what it is, and the rows of a list."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.config.files import mistake, watch
from watcher.core.values import ValueType
from watcher.core.watch import Items, Language, NextPages, NumberedPages, Pick, Query, Selector, Step, Values
from watcher.extract.selectors import _decided, is_native


def value(written: str, more: str = "") -> Selector:
    """Return the selector of the value `v`, which is found so."""
    found = watch(f"extract:\n  v: {written}\n{more}").extraction
    assert isinstance(found, Values)
    return found.selectors["v"]


def items(body: str) -> Items:
    found = watch(body).extraction
    assert isinstance(found, Items)
    return found


LANGUAGES = {
    "{css: '#a'}": Query.css("#a"),
    "{xpath: //a/@href}": Query(Language.XPATH, "//a/@href"),
    "{jsonpath: $.a.b}": Query(Language.JSONPATH, "$.a.b"),
    "{product: price}": Query(Language.PRODUCT, "price"),
    "{regex: 'a(b)'}": None,
}


@pytest.mark.parametrize("written", LANGUAGES)
def test_a_value_is_found_in_any_language(written: str) -> None:
    assert value(written).query == LANGUAGES[written]
    assert watch(f"extract: {written}").extraction == Values(selectors={"value": value(written)})


def test_a_value_may_be_called_like_a_language() -> None:
    found = watch("extract: {product: {css: h1}, xpath: {css: p}}").extraction
    assert isinstance(found, Values)
    assert list(found.selectors) == ["product", "xpath"]


def test_a_selector_says_every_step() -> None:
    found = value("{css: p, attr: x, regex: '(.)', pick: all, map: {1: a, true: b, 0.5: 2}, optional: true}")
    assert found == Selector(
        query=Query.css("p"),
        attr="x",
        regex="(.)",
        pick=Pick.ALL,
        mapping=(("1", "a"), ("true", "b"), ("0.5", "2")),
        optional=True,
    )


def test_a_number_has_a_scale_and_a_largest_step() -> None:
    found = value("{css: p, type: money, scale: 0.01, max_step: 5%}")
    assert found.scale == Decimal("0.01")
    assert found.max_step == Step(amount=Decimal("0.05"), is_share=True)
    assert value("{css: p, max_step: 2.5}").max_step == Step(amount=Decimal("2.5"), is_share=False)


def test_an_amount_with_a_currency_is_money() -> None:
    found = value("{css: p, scale: 0.01, currency: EUR}")
    assert (found.type, found.currency) == (ValueType.MONEY, "EUR")


def test_the_watchs_largest_step_is_for_numbers_that_have_none() -> None:
    found = watch("max_step: 10\nextract: {a: {css: p, type: money}, b: {css: p, type: number, max_step: 5}, c: p}")
    assert isinstance(found.extraction, Values)
    steps = {name: str(selector.max_step) for name, selector in found.extraction.selectors.items()}
    assert steps == {"a": "10", "b": "5", "c": "None"}


TYPES = {
    "nothing says it": ("p", "", ValueType.TEXT),
    "a number": ("p", "notify_when: {v: {below: 5}}", ValueType.NUMBER),
    "a drop": ("p", "notify_when: {v: {drops_by: 5%}}", ValueType.NUMBER),
    "a low": ("p", "notify_when: {v: {new_low: 30d}}", ValueType.NUMBER),
    "a number and one of some": ("p", "notify_when: [{v: {above: 5}}, {v: {is: 3}}]", ValueType.NUMBER),
    "a date": ("p", "notify_when: {v: {above: 2026-12-12}}", ValueType.DATE),
    "a state of stock": ("p", "notify_when: {v: {is: [in_stock, preorder]}}", ValueType.STOCK),
    "a text of the page": ("p", "notify_when: {v: {is: [in_stock, Sold out]}}", ValueType.TEXT),
    "a scale": ("{css: p, scale: 0.01}", "", ValueType.NUMBER),
    "a map to states of stock": ("{css: p, map: {1: in_stock, 0: out_of_stock}}", "", ValueType.STOCK),
    "a price": ("{product: price}", "notify_when: {v: {below: 5}}", ValueType.NUMBER),
    "a price that is not compared": ("{product: price}", "", ValueType.MONEY),
    "an availability": ("{product: availability}", "", ValueType.STOCK),
    "what is said counts": ("{css: p, type: money}", "notify_when: {v: {below: 5}}", ValueType.MONEY),
}


@pytest.mark.parametrize(("written", "more", "expected"), TYPES.values(), ids=TYPES)
def test_a_type_is_what_is_said_or_the_one_choice(written: str, more: str, expected: ValueType) -> None:
    assert value(written, more).type is expected


def test_a_text_in_a_list_is_in_the_lists_language() -> None:
    found = items("items: {jsonpath: '$.rows[*]', key: id, fields: {a: b.c, d: {regex: x}}}\npages: {next: $.next}")
    assert found.query == Query(Language.JSONPATH, "$.rows[*]")
    assert found.key.query == Query(Language.JSONPATH, "id")
    assert found.fields["a"].query == Query(Language.JSONPATH, "b.c")
    assert found.pages == NextPages(
        link=Selector(query=Query(Language.JSONPATH, "$.next"), type=ValueType.URL), max_pages=10
    )


def test_a_feed_knows_its_key_its_fields_and_that_it_rolls() -> None:
    found = items("items: {feed: true, fields: {published: published, by: {part: author, optional: true}}}")
    assert found.query == Query(Language.FEED, "")
    assert found.rolling
    assert found.key == Selector(query=Query(Language.FEED, "id"))
    assert found.fields == {
        "title": Selector(query=Query(Language.FEED, "title")),
        "link": Selector(query=Query(Language.FEED, "link"), type=ValueType.URL),
        "published": Selector(query=Query(Language.FEED, "published"), type=ValueType.DATE),
        "by": Selector(query=Query(Language.FEED, "author"), optional=True),
    }


def test_what_a_feed_implies_can_be_said_otherwise() -> None:
    found = items("items: {feed: true, rolling: false, key: title, fields: {title: summary}}")
    assert not found.rolling
    assert found.key.query == Query(Language.FEED, "title")
    assert found.fields["title"].query == Query(Language.FEED, "summary")


WITHIN = "items: {css: tr, key: td, where: {key: {is: a}}, empty_when: .none, pages: {param: p, from: 0, max: 3}}"
BESIDE = "items: {css: tr, key: td}\nwhere: {key: {is: a}}\nempty_when: .none\npages: {param: p, from: 0, max: 3}"


def test_where_empty_when_and_pages_are_written_beside_items_or_in_it() -> None:
    assert items(WITHIN) == items(BESIDE)
    assert items(WITHIN).pages == NumberedPages(param="p", first=0, max_pages=3)


def test_an_empty_list_is_told_in_any_language() -> None:
    found = items("items: {css: tr, key: td}\nempty_when: {xpath: //p}")
    assert found.empty_when == Query(Language.XPATH, "//p")


HREF = {
    "a.next": "href",
    "{css: 'a.next', attr: data-url}": "data-url",
    "{xpath: //a}": "href",
    "{xpath: //a/@href}": None,
    "{xpath: string(//a/@href)}": None,
    "{jsonpath: $.next}": None,
}


@pytest.mark.parametrize("written", HREF)
def test_a_link_reads_href_of_an_element(written: str) -> None:
    link = watch(f"link: {written}").link
    assert isinstance(link, Selector)
    assert (link.attr, link.type) == (HREF[written], ValueType.URL)


WRONG = {
    "two languages": ("extract: {v: {css: a, xpath: //a}}", "the value is found by `css` already"),
    "no language": ("extract: {v: {type: money}}", "must say how the value is found"),
    "XPath that is none": ("extract: {xpath: '//a['}", "is no XPath"),
    "XPath where CSS is wanted": (
        "extract: //h1",
        '5:14: watches.w.extract: this looks like XPath, and CSS is wanted; write {xpath: "//h1"}',
    ),
    "XPath for CSS": (
        "extract: {v: {css: '(//a)[1]'}}",
        'extract.v.css: this looks like XPath, and CSS is wanted; write xpath: "(//a)[1]"',
    ),
    "a function of XPath": (
        "extract: {v: normalize-space(//h1)}",
        'extract.v: this looks like XPath, and CSS is wanted; write {xpath: "normalize-space(//h1)"}',
    ),
    "a step of XPath": (
        "extract: h1/text()",
        'extract: this looks like XPath, and CSS is wanted; write {xpath: "h1/text()"}',
    ),
    "JSONPath where CSS is wanted": (
        "extract: {v: $.a}",
        'extract.v: this looks like JSONPath, and CSS is wanted; write {jsonpath: "$.a"}',
    ),
    "a feed as a value": ("extract: {feed: true}", "extract: a feed is a list; write `items: {feed: true}`"),
    "JSONPath that is none": ("extract: {jsonpath: '$.a['}", "JSONPath"),
    "an expression that is none": ("extract: {regex: 'a('}", "must be a regular expression; got 'a('"),
    "another part of a product": ("extract: {product: cost}", "must be one of price, availability; got 'cost'"),
    "a product in a row": ("items: {css: tr, key: td, fields: {a: {product: price}}}", "nothing of a single row"),
    "a part without a feed": ("extract: {v: {part: title}}", "is for the fields of a list with `feed: true`"),
    "a part that no entry has": ("items: {feed: true, fields: {a: titel}}", "did you mean `title`?"),
    "an attribute of JSON": ("extract: {v: {jsonpath: $.a, attr: b}}", "it goes with `css` or `xpath`"),
    "a scaled text": ("extract: {v: {css: p, scale: 2, type: text}}", "is for numbers and money, and this is a text"),
    "a currency of a text": ("extract: {v: {css: p, currency: EUR, type: text}}", "is for money, and this is a text"),
    "a sign as a currency": ("extract: {v: {css: p, currency: €}}", "must be a code of ISO 4217 such as EUR"),
    "a scale of nothing": ("extract: {v: {css: p, scale: 0}}", "must be more than 0"),
    "a step of nothing": ("extract: {v: {css: p, max_step: 0%}}", "must be more than 0"),
    "a step in words": ("extract: {v: {css: p, max_step: little}}", "must be a number, or a percentage such as 5%"),
    "a step without numbers": ("max_step: 5", "is for numbers and money, and there are none here"),
    "a map to a list": ("extract: {v: {css: p, map: {a: [b]}}}", "must be a text; got a list"),
    "an unknown choice": ("extract: {v: {css: p, pick: frist}}", "did you mean `first`?"),
    "no rows": ("items: {key: td}", "must have one of `css`, `xpath`, `jsonpath` and `feed: true`"),
    "rows in two languages": ("items: {css: tr, feed: true}", "items.feed: finds its rows by `css` already"),
    "rows that leave their row": ("items: {xpath: //tr, key: //td}", "write './/td'"),
    "where twice": (WITHIN + "\nwhere: {key: {is: a}}", "stands in `items` already"),
    "pages without items": ("pages: {next: a}", "is for pages with `items`"),
    "pages of nothing": ("items: {css: tr, key: td}\npages: {max: 5}", "must have `next`"),
    "pages of two kinds": ("items: {css: tr, key: td}\npages: {next: a, param: p}", "there is `next` already"),
    "too many pages": ("items: {css: tr, key: td}\npages: {param: p, max: 101}", "must be from 1 to 100; got 101"),
    "pages without end": ("items: {css: tr, key: td}\npages: {param: p, until: never}", "must be one of empty"),
    "a link of a feed": ("items: {feed: true}\nlink: a", "a feed has no selectors of its own"),
    "empty_when in two languages": (
        "items: {css: tr, key: td}\nempty_when: {css: p, xpath: //p}",
        "empty_when.xpath: has `css` already",
    ),
    "a link that is no URL": ("link: {css: a, type: text}", "link.type: is a URL always"),
}


@pytest.mark.parametrize(("body", "told"), WRONG.values(), ids=WRONG)
def test_what_finds_nothing_is_an_error(body: str, told: str) -> None:
    assert told in mistake(body)


def test_which_engine_answers_a_selector_is_decided_when_the_file_is_read() -> None:
    found = items("items: {css: tr.decided, key: td.decided, fields: {x: 'td.decided:not(:empty)'}}")
    decided = _decided.cache_info().misses
    queries = [found.query, found.key.query, found.fields["x"].query]
    assert [is_native(query.expression) for query in queries if query] == [True, True, False]
    assert _decided.cache_info().misses == decided
