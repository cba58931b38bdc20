"""Where the text of a price leaves open which of several it is, or its currency, the markup of the element says so."""

from decimal import Decimal

import pytest

from tests.extract.builders import css, single
from tests.extract.price_reading import read
from watcher.core.values import Money, ValueType
from watcher.errors import UnparsableError

TWO = "<span>$49.00</span> <span>$39.00</span>"


@pytest.mark.parametrize(
    "html",
    [
        f'<div>{TWO}<meta itemprop="price" content="39.00"></div>',
        f'<div>{TWO}<meta property="product:price:amount" content="39"></div>',
        f'<div data-price="39">{TWO}</div>',
        f'<div data-product-price="$39.00">{TWO}</div>',
        '<div><span>$49.00</span> <span itemprop="price">$39.00</span></div>',
        f'<div data-price="49"><meta itemprop="price" content="39">{TWO}</div>',
        '<span data-price-amount="49" data-price-type="oldPrice">$49.00</span> '
        '<span data-price-amount="39" data-price-type="finalPrice">$39.00</span>',
    ],
)
def test_an_attribute_says_which_of_two_prices_counts(html: str) -> None:
    price = read("en-US", html)
    assert price is not None
    assert (price.amount, price.code) == (Decimal(39), "USD")


@pytest.mark.parametrize(
    "html",
    [
        f'<div data-price="29">{TWO}</div>',
        f'<div data-price="3900">{TWO}</div>',
        '<span data-price="49">$49.00</span> <span data-price="39">$39.00</span>',
        f'<meta itemprop="price" content="49"><meta itemprop="price" content="39">{TWO}',
        '<div data-price="25"><p>Adult $25.00</p> <p>Child $12.00</p></div>',
        '<div><p class="regular-price">Adult $25.00</p> <p>Child $12.00</p></div>',
        '<span class="price-regular">$30.00</span> <span>$39.00</span>',
    ],
)
def test_an_attribute_that_the_text_does_not_bear_out_says_nothing(html: str) -> None:
    assert read("en-US", html) is None


@pytest.mark.parametrize("name", ["list-price", "regularPrice", "price--non-sale", "price-standard", "preco-antigo"])
def test_the_dearer_of_two_prices_is_the_one_before_where_a_name_says_that_it_is_the_usual_one(name: str) -> None:
    price = read("en-US", f'<span class="{name}">$49.00</span> <span class="a1">$39.00</span>')
    assert price is not None
    assert price.amount == Decimal(39)


@pytest.mark.parametrize("name", ["sale-price", "currentPrice", "price--now"])
def test_the_cheaper_of_two_prices_counts_where_a_name_says_that_it_is_the_present_one(name: str) -> None:
    price = read("en-US", f'<span class="{name}">$39.00</span> <span class="a1">$49.00</span>')
    assert price is not None
    assert price.amount == Decimal(39)


@pytest.mark.parametrize(
    ("language", "html", "amount", "unit"),
    [
        ("nl", '<span>849,-</span><meta itemprop="priceCurrency" content="EUR">', "849", "EUR"),
        ("en", '<span data-currency="CAD">$84.00</span>', "84.00", "CAD"),
        ("en-US", '<span data-currency="CAD">$84.00</span>', "84.00", "CAD"),
        ("en-GB", '<span data-currency="EUR">£84.00</span>', "84.00", "GBP"),
        ("en-US", '<span data-currency="XYZ">84.00</span>', "84.00", None),
        ("ar", '<span>89.00 <i role="img" aria-label="SAR"></i></span>', "89.00", "SAR"),
        ("nl", '<div aria-label="Prijs: €1.89"><b>1</b><i>.</i><b>89</b></div>', "1.89", "EUR"),
        ("de-CH", '<ins>49.95</ins><del>79.95</del><span class="cur">CHF</span>', "49.95", "CHF"),
        ("en-US", '<meta itemprop="priceCurrency" content="EUR"><span data-currency="USD">84.00</span>', "84.00", None),
    ],
)
def test_a_currency_is_what_markup_says_where_the_text_names_none_or_a_sign_of_several(
    language: str, html: str, amount: str, unit: str | None
) -> None:
    price = read(language, f"<div>{html}</div>")
    assert price is not None
    assert (price.amount, price.unit) == (Decimal(amount), unit)


def page(language: str, told: str, html: str) -> str:
    return f'<!doctype html><html lang="{language}">{told}<div id=x>{html}</div>'


def linked(*prices: str) -> str:
    offers = ", ".join(f'{{"@type": "Offer", "price": "{price}", "priceCurrency": "EUR"}}' for price in prices)
    return f'<script type="application/ld+json">{{"@type": "Product", "name": "A", "offers": [{offers}]}}</script>'


@pytest.mark.parametrize(
    ("language", "told", "html", "amount"),
    [
        ("de", linked("39.00"), "<p>39,00 €</p><p>Einsteckmodul 14,00 €</p>", "39.00"),
        ("fr", linked("129.90"), "<p>129,90 €</p><p>Lot découverte 24,90 €</p>", "129.90"),
        ("pl", linked("64.50"), "<p>64,50 zł</p><p>Smart! 59,00 zł</p>", "64.50"),
        ("it", linked("18.00"), "<p>18,00 €</p><p>Confezione regalo 4,50 €</p>", "18.00"),
        ("en-IE", linked("64.50"), "<p>€64.50</p><p>Gift wrap €3.00</p>", "64.50"),
    ],
)
def test_of_two_prices_that_no_word_tells_apart_the_one_in_the_pages_json_ld_counts(
    language: str, told: str, html: str, amount: str
) -> None:
    price = single(page(language, told, html), price=css("#x", ValueType.MONEY))["price"]
    assert isinstance(price, Money)
    assert price.amount == Decimal(amount)


@pytest.mark.parametrize(
    ("told", "html"),
    [
        (linked("39.00", "49.00"), "<p>39,00 €</p><p>Modul 49,00 €</p>"),
        (linked("41.00"), "<p>39,00 €</p><p>Modul 49,00 €</p>"),
        (linked("25.00"), "<p>Erwachsene 25,00 €</p><p>Kinder 12,00 €</p>"),
        (linked("12.00"), "<p>Statt <del>49,00 €</del></p>"),
    ],
)
def test_the_price_in_json_ld_is_not_believed_against_its_text(told: str, html: str) -> None:
    with pytest.raises(UnparsableError):
        single(page("de", told, html), price=css("#x", ValueType.MONEY))
