"""What shops tell machines, as real shops write it: plugins, templates and hand-made blocks, good and bad."""

import time
from decimal import Decimal

import pytest

from tests.extract.builders import asked, page, seen, single
from watcher.core.values import Money, Value, ValueType
from watcher.core.watch import Language, Pick, Values
from watcher.errors import MissingError, PageError


def linked(*blocks: str) -> str:
    scripts = "".join(f'<script type="application/ld+json">{block}</script>' for block in blocks)
    return f"<!doctype html><head>{scripts}</head><h1>Thing</h1>"


OFFER = '{"@type": "Offer", "price": %s, "priceCurrency": "EUR", "availability": "https://schema.org/InStock"}'
PRODUCT = '{"@context": "https://schema.org", "@type": "Product", "name": "x", "offers": %s}'

PAGES = {
    "an offer": (linked(PRODUCT % (OFFER % "1299.00")), "EUR 1299.00", "InStock"),
    "a list of offers": (linked(PRODUCT % ("[" + OFFER % '"9.99"' + ", " + OFFER % "12" + "]")), "EUR 9.99", "InStock"),
    "a graph of a plugin": (
        linked(
            '{"@graph": [{"@type": "WebPage"}, {"@type": "BreadcrumbList", "itemListElement": []}, '
            + (PRODUCT % (OFFER % '"5"'))
            + "]}"
        ),
        "EUR 5",
        "InStock",
    ),
    "a list of blocks": (linked(f"[{PRODUCT % (OFFER % '7')}]"), "EUR 7", "InStock"),
    "an aggregate": (
        linked(
            PRODUCT % '{"@type": "AggregateOffer", "lowPrice": "9.90", "highPrice": "20", "priceCurrency": "USD", '
            '"offers": [{"@type": "Offer", "price": "20", "availability": "http://schema.org/OutOfStock"}]}'
        ),
        "USD 9.90",
        "OutOfStock",
    ),
    "variants": (
        linked(
            '{"@type": "ProductGroup", "hasVariant": ['
            + ", ".join(PRODUCT % (OFFER % price) for price in ("31.5", "29.5"))
            + "]}"
        ),
        "EUR 31.5",
        "InStock",
    ),
    "a specification, and the price that is crossed out": (
        linked(
            PRODUCT % '{"@type": "Offer", "availability": "PreOrder", "priceSpecification": ['
            '{"@type": "UnitPriceSpecification", "priceType": "https://schema.org/ListPrice", "price": 99}, '
            '{"@type": "UnitPriceSpecification", "price": 79.9, "priceCurrency": "GBP"}]}'
        ),
        "GBP 79.9",
        "PreOrder",
    ),
    "a bad block before a good one": (linked("{'price': 1,}", PRODUCT % (OFFER % "3")), "EUR 3", "InStock"),
    "a deep block before a good one": (linked("[" * 50_000, PRODUCT % (OFFER % "3")), "EUR 3", "InStock"),
    "hidden in a comment": (linked(f"<!-- {PRODUCT % (OFFER % '4')} -->"), "EUR 4", "InStock"),
    "with raw line breaks in its texts": (
        linked((PRODUCT % (OFFER % "6")).replace('"x"', '"two\nlines"')),
        "EUR 6",
        "InStock",
    ),
    "beside other products": (
        linked(
            '{"@type": "ItemList", "itemListElement": [{"item": ' + (PRODUCT % (OFFER % "1")) + "}]}",
            '{"@type": "Product", "isRelatedTo": ' + (PRODUCT % (OFFER % "2")) + ', "offers": ' + (OFFER % "8") + "}",
        ),
        "EUR 8",
        "InStock",
    ),
    "as the main entity": (
        linked('{"@type": ["ItemPage"], "mainEntity": ' + (PRODUCT % (OFFER % "10")) + "}"),
        "EUR 10",
        "InStock",
    ),
    "tickets of an event": (
        linked(
            '{"@type": "MusicEvent", "offers": {"@type": "Offer", "price": "480", "priceCurrency": "CNY", '
            '"availability": "schema:SoldOut"}}'
        ),
        "CNY 480",
        "SoldOut",
    ),
    "a price as text": (
        linked(PRODUCT % (OFFER % '"1,299.00"').replace("InStock", "in_stock").replace("https://schema.org/", "")),
        "EUR 1,299.00",
        "InStock",
    ),
    "a price with its own sign": (linked(PRODUCT % (OFFER % '"£12.50"')), "£12.50", "InStock"),
    "microdata": (
        "<div itemscope itemtype='https://schema.org/Product'><h1 itemprop=name>N</h1>"
        "<div itemprop=offers itemscope itemtype='https://schema.org/Offer'>"
        "<span itemprop=price content='1299.50'>1.299,50 €</span><meta itemprop=priceCurrency content=EUR>"
        "<link itemprop=availability href='http://schema.org/LimitedAvailability'></div></div>",
        "EUR 1299.50",
        "LimitedAvailability",
    ),
    "microdata as text": (
        "<div itemscope itemtype='http://schema.org/Offer'><b itemprop=price>¥ 99</b>"
        "<span itemprop=availability content=out_of_stock>x</span></div>",
        "¥ 99",
        "OutOfStock",
    ),
    "JSON-LD before microdata": (
        linked(PRODUCT % (OFFER % "11")) + "<p itemscope><b itemprop=price>12</b>",
        "EUR 11",
        "InStock",
    ),
    "JSON-LD without offers, and microdata": (
        linked('{"@type": "Organization", "name": "Shop"}')
        + "<p itemscope><b itemprop=price>12</b><b itemprop=availability>InStock</b>",
        "12",
        "InStock",
    ),
}

GROUP = '{"@type": "ProductGroup", "name": "x", "hasVariant": [%s]}'
MARKED = (
    "<div itemscope itemtype='https://schema.org/%s'>"
    "<div itemprop=offers itemscope itemtype='https://schema.org/Offer'><link itemprop=availability href=%s></div>%s"
    "</div>"
)


def offer(state: str, price: str = "1") -> str:
    return PRODUCT % (OFFER % price).replace("InStock", state)


def meta(**told: str) -> str:
    return "".join(f'<meta property="{name.replace("__", ":")}" content="{content}">' for name, content in told.items())


STATES = {
    "variants of a group, the first gone": (linked(GROUP % f"{offer('OutOfStock')}, {offer('InStock')}"), "InStock"),
    "variants of a group, all gone": (linked(GROUP % f"{offer('SoldOut')}, {offer('OutOfStock')}"), "SoldOut"),
    "variants that are gone or can be ordered": (
        linked(GROUP % f"{offer('OutOfStock')}, {offer('PreOrder')}"),
        "PreOrder",
    ),
    "variants of which one is unclear": (linked(GROUP % f"{offer('OutOfStock')}, {offer('Perhaps')}"), "Perhaps"),
    "variants of which one is there, another unclear": (
        linked(GROUP % f"{offer('Perhaps')}, {offer('InStock')}"),
        "InStock",
    ),
    "a list of offers, the first gone": (
        linked(PRODUCT % ("[" + (OFFER % "1").replace("InStock", "OutOfStock") + "," + OFFER % "2" + "]")),
        "InStock",
    ),
    "models of a product": (
        linked(f'{{"@type": "Product", "model": [{offer("OutOfStock")}, {offer("InStock")}]}}'),
        "InStock",
    ),
    "two products of a page stay apart": (linked(offer("OutOfStock"), offer("InStock")), "OutOfStock"),
    "a group in microdata": (
        MARKED
        % ("ProductGroup", "OutOfStock", MARKED % ("Product", "OutOfStock", "") + MARKED % ("Product", "InStock", "")),
        "InStock",
    ),
    "two products in microdata": (
        MARKED % ("Product", "OutOfStock", "") + MARKED % ("Product", "InStock", ""),
        "OutOfStock",
    ),
    "a trailing comma in an object": (linked('{"offers": {"price": 1, "availability": "InStock",},}'), "InStock"),
    "a trailing comma in a list": (linked('[{"offers": {"availability": "SoldOut"}},\n ]'), "SoldOut"),
    "a trailing comma beside texts that look like one": (
        linked(r'{"name": "a \",] ,}", "offers": {"availability": "InStock", }}'),
        "InStock",
    ),
    "Open Graph": (meta(og__availability="instock"), "InStock"),
    "Open Graph of a product": (meta(product__availability="out of stock"), "OutOfStock"),
    "JSON-LD before Open Graph": (linked(offer("SoldOut")) + meta(og__availability="instock"), "SoldOut"),
}


@pytest.mark.parametrize(("body", "state"), STATES.values(), ids=STATES.keys())
def test_the_state_of_a_product_is_that_of_all_its_variants(body: str, state: str) -> None:
    assert single(body, s=asked(Language.PRODUCT, "availability")) == {"s": state}


@pytest.mark.parametrize(
    ("body", "price"),
    [
        (meta(og__price__amount="12.50", og__price__currency="EUR"), "EUR 12.50"),
        (meta(product__price__amount="1,299.00", product__price__currency="USD"), "USD 1,299.00"),
        (meta(product__price__amount="9.90"), "9.90"),
        (meta(product__price__amount="99", product__sale_price__amount="79"), "79"),
        (meta(og__price__amount="98", product__price__amount="99"), "99"),
        (linked(PRODUCT % '{"availability": "InStock"}') + meta(og__price__amount="5"), "5"),
        (linked(PRODUCT % '{"price": "4"}') + meta(og__price__amount="5"), "4"),
        (linked(PRODUCT % '{"price": 1.1300000000000001}'), "1.13"),
    ],
)
def test_a_price_that_open_graph_tells_is_read_where_schema_org_tells_none(body: str, price: str) -> None:
    assert single(body, p=asked(Language.PRODUCT, "price")) == {"p": price}


@pytest.mark.parametrize(("body", "price", "availability"), PAGES.values(), ids=PAGES.keys())
def test_price_and_availability_are_read(body: str, price: str, availability: str) -> None:
    row = single(body, price=asked(Language.PRODUCT, "price"), stock=asked(Language.PRODUCT, "availability"))
    assert row == {"price": price, "stock": availability}


@pytest.mark.parametrize(
    ("price", "amount"),
    [("1299.00", "1299"), ("1.234", "1.234"), ("12.500", "12.5"), ("129900", "129900"), ('"1.299,50"', "1299.5")],
)
def test_a_price_is_money_in_its_currency(price: str, amount: str) -> None:
    row = single(linked(PRODUCT % (OFFER % price)), price=asked(Language.PRODUCT, "price", ValueType.MONEY))
    assert row == {"price": Money(amount=Decimal(amount), currency="EUR")}


@pytest.mark.parametrize(
    ("word", "stock"),
    [
        ("https://schema.org/InStock", "in_stock"),
        ("http://schema.org/OnlineOnly", "in_stock"),
        ("InStoreOnly", "in_stock"),
        ("https://schema.org/PreOrder", "preorder"),
        ("BackOrder", "preorder"),
        ("https://schema.org/OutOfStock/", "out_of_stock"),
        ("Discontinued", "out_of_stock"),
        ("Sold Out", "out_of_stock"),
    ],
)
def test_the_words_of_schema_org_are_states_of_stock(word: str, stock: Value) -> None:
    body = linked(PRODUCT % (OFFER % "1").replace("https://schema.org/InStock", word))
    assert single(body, s=asked(Language.PRODUCT, "availability", ValueType.STOCK)) == {"s": stock}


def test_several_prices_are_noted_unless_one_is_picked() -> None:
    body = PAGES["variants"][0]
    first = seen(body, Values(selectors={"p": asked(Language.PRODUCT, "price")}))
    assert first.notes == (
        "p: the product's price matches 2 elements, the first is read; say `pick: first` if that is meant",
    )
    both = seen(body, Values(selectors={"p": asked(Language.PRODUCT, "price", pick=Pick.JOINED)}))
    assert both.notes == ()
    assert single(body, p=asked(Language.PRODUCT, "price", pick=Pick.JOINED)) == {"p": "EUR 31.5 EUR 29.5"}


def test_a_page_that_offers_nothing_is_an_error() -> None:
    with pytest.raises(MissingError, match="p: the product's price is not on the page"):
        single("<h1>x</h1>", p=asked(Language.PRODUCT, "price"))
    with pytest.raises(PageError, match="the page is application/json, not HTML, so the product's 'price'"):
        single(page("{}", media_type="application/json"), p=asked(Language.PRODUCT, "price"))


@pytest.mark.parametrize(
    "body",
    [
        linked('{"offers": ' * 300 + "1" + "}" * 300),
        linked("[" + ",".join([PRODUCT % (OFFER % "1")] * 20_000) + "]"),
        linked(*["{" * 10] * 50_000),
        "<p itemscope><b itemprop=price>1</b>" * 40_000,
        linked(r'{"a": "' + r"\"," * 300_000),
        linked('{"a": ' + ", " * 300_000),
        "<p itemscope>" * 30_000 + "<b itemprop=price>1</b>" * 30_000,
    ],
    ids=["deep offers", "many offers", "many bad blocks", "many scopes", "many quotes", "many commas", "deep scopes"],
)
def test_hostile_offers_cost_little(body: str) -> None:
    start = time.process_time()
    single(body, p=asked(Language.PRODUCT, "price", optional=True))
    assert time.process_time() - start < 3.0
