"""
Tables of prices, and how each was read at first sight; what it showed was mended then, by class.

unseen_prices.json:
    Written by somebody who did not see how prices are read; each row as those of SNIPPETS. Ten answers that followed
    other rules were changed: a range is its lower bound, toman are toman, a currency that no sign names is not read.
    The first time, 74 of 110 were right, 24 refused and 12 wrong (6 of those by the other rules).
unseen_prices_later.json:
    Another such, when the reader had learnt from the first: 91 of 100 were right, 5 refused and 4 wrong. A currency
    that its writer left open is what the page's language tells.
platform_prices.json:
    What the platforms of shops in 40 countries put into the element of the price, in six parts, each written before
    the reader met it: of 209 were 133 right, 38 refused and 38 wrong, then of 164 140, 20 and 4, then of 153 134, 11
    and 8, then of 122, most of them no prices, 105, 1 and 16, then of 100 90, 9 and 1, and of 122 113, 4 and 5.
    Fourteen answers were changed, where a buyer's was not the only one, or was wrong, and six that were to be
    refused, though a careful buyer knows: tiers, a rent by the month and by the week, a tenth of a cent.
price_boxes.json:
    Boxes with names, spoken amounts, lenders, pieces and free entry, written for what a set of 150 by somebody who
    hadn't seen the reader showed: of those 134 were right, 13 refused and 3 wrong.
price_classes.json:
    What unit prices, loyalty cards, lowest prices, free entry and taxes are written like in 40 countries, written
    before these were read: of 183 were 120 right, 60 refused and 3 wrong. One answer was changed.
unseen_prices_last.json:
    Written by somebody else who hadn't seen the reader, once all of the above was read. At first sight, as its writer
    understands prices, 145 of 150 were right, 2 refused and 3 wrong. Of the wrong ones two are prices by the kilo
    alone, which a watch reads; and one sign was read as the dollar of its language. These answers were changed.
unseen_prices_open.json:
    200 by somebody else, for which only the worst of the wrong ones (0 for 1 299,00 zł, USD for $84.00 CAD) was
    mended at first. At first sight 187 were right, 2 more but for their currency, 7 refused and 4 wrong.
unseen_prices_6.json, unseen_prices_7.json:
    Two times 200 by two others who hadn't seen it, with what sites beside shops put there. Amounts count: 10 and 12
    answers named a currency that no sign in the element does. At first sight 178 and 185 were right, 16 and 9
    refused, and 6 and 6 wrong; what they showed is mended.
unseen_prices_8.json:
    200 by somebody else again, tried once when all of the above was read. At first sight 192 amounts were right (10
    of them without a currency, which 6 wrote as a word and 4 not at all, and 2 in another one), 6 refused and 2
    wrong. What it showed is mended, too.
unseen_prices_9.json:
    200 more by somebody else: at first sight 191 amounts were right (2 of them without the currency that stands
    beside), 6 refused and 3 wrong. What it showed is mended but for one.
unseen_prices_10.json:
    200 more, by somebody else again: at first sight 189 amounts were right (5 of them without a currency), 8 refused
    and 3 wrong. What it showed is mended but for two; three answers named a currency that no sign beside the price
    does.
unseen_prices_11.json:
    200 more, of many languages, by somebody else again: at first sight 185 amounts were right (4 of them without
    their currency), 14 refused and 1 wrong. What it showed is mended where it is plain. Three answers that held
    another price for subscribers, or costs of a flat that are paid beside the rent, follow platform_prices.json now;
    three named a currency that no sign beside the price does.
unseen_prices_12.json:
    200 more, as in 49 regions: at first sight 194 amounts were right (4 of them without the currency that only markup
    names), 5 refused and 1 wrong. What it showed is mended but for one.
unseen_prices_13.json:
    200 more, by somebody else again: at first sight 189 amounts were right (3 without their currency, or in dollars
    that nobody told), 9 refused and 2 wrong. What it showed is mended but for one.
unseen_prices_14.json:
    200 more, by somebody else again: at first sight 190 amounts were right, 9 refused and 1 wrong. What it showed is
    mended.
unseen_prices_15.json:
    200 more, by somebody else again: at first sight 187 amounts were right (6 of them without their currency), 9
    refused and 4 wrong. What it showed is mended.
unseen_prices_16.json:
    200 more, by somebody else again: at first sight 194 amounts were right (4 of them without their currency), 6
    refused and none wrong. What markup states was read already when they came, before anybody had looked at them: 195
    were right with it (1 without its currency), 5 refused and none wrong. What it showed is mended.
unseen_prices_17.json:
    200 more, by somebody else again, once the above was mended: at first sight 191 amounts were right (2 of them
    without their currency), 7 refused and 2 wrong. What it showed is mended but for two; one answer named a currency
    that only the price by weight has. Since markup is asked for the currency, nine answers of other tables name it.
unseen_prices_18.json, unseen_prices_19.json:
    Two times 200 more by somebody else, once all of the above was mended: at first sight 197 and 195 amounts were right
    (3 and 2 of them without a currency that only the price by weight or the country names; those answers were changed),
    2 and 5 refused, and 1 and none wrong. Only the wrong one (`S$30.09 before GST`) was mended.
price_shops.json:
    Written by us before that one was tried, as platforms and sites of 60 regions write: of 250 were 220 right, 18
    refused and 12 wrong. Five answers were changed, and three rows left out. Then 662 like what others' rows had
    shown: of 35 were 13 right, 16 refused and 6 wrong, of 165 149, 12 and 4, of 144 126, 14 and 4, of 44 34, 6 and 4,
    of 128 114, 9 and 5, of 90 80, 8 and 2, of 56 48, 5 and 3. Ten answers were changed, and eight rows left out.
"""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from time import thread_time

import pytest
import turbohtml

from tests.extract.price_reading import TABLES, figures, is_right, read, table
from tests.extract.price_snippets import SNIPPETS
from tests.extract.prices import REFUSED
from tests.sizes import FAULTS, some_now
from watcher.core.values import Money
from watcher.extract.price_text import price_text_of


def false_ones(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    """Return the elements of which another price is read than a buyer pays."""
    return [
        html for language, html, expected in rows if read(language, html) and not is_right(language, html, expected)
    ]


REFUSED_BY_MISTAKE = (
    "₫129.000 - ₫189.000</div><div",
    "1 €</b> le premier mois",
    "Entrada general: <strong>15 €",
    "RM25.90</div><div",
    "$15.90 - $22.50</div><div",
    "StationDisplayPrice",
    "5,5 triệu/tháng",
    '€99</span><span class="period">/mois</span></div><p>pendant 12 mois',
    "<th>Ext. Price</th>",
    'USD 98.000</span><span class="expensas',
    "tsHeadline600Large",
    "24 month contract. Prices increase",
    "Ticket price $1,299",
    "für Studierende</span>",
    "per 500 g</span>",
    "Gratis af te halen",
    "¥2,200(税込)→¥1,540(税込)",
    "<span>セール 30%OFF</span>",
    'classified__price-hint">(+ €85)',
    "ou <span>R$ 2.999,00</span>",
)
"""
Two amounts without a word; a subscription that costs more later; one price for adults beside another for children; a
gallon's, which may be thousands; an amount by the month without a currency; a table of tiers with what each makes;
and one with tax, or words that no table knows, beside a dearer one without a word.
"""


@pytest.mark.parametrize("name", some_now(TABLES, number=3))
def test_no_price_of_a_table_is_read_wrongly_and_97_of_100_are_read(name: str) -> None:
    rows = table(name)
    assert len(rows) >= 100
    assert false_ones(rows) == []
    missed = [row[1] for row in rows if not is_right(*row)]
    assert all(any(known in html for known in REFUSED_BY_MISTAKE) for html in missed)
    assert len(missed) <= 0.03 * len(rows)


READ_OTHERWISE_WITHOUT_NAMES = ("без Ozon Карты", "normale prijs per kg €4,78", "<span>42.00</span>", "Son 30 Günün")
"""Those that only classes tell: which of two prices is the one before, and what a price by 500 g is."""


def in_line(html: str) -> str:
    """Return the same without blocks, and without blanks between elements."""
    return re.sub(r">\s+<", "><", re.sub(r"<(/?)(?:div|p|li|dd|dt|h\d)\b", r"<\1span", html))


def in_blocks(html: str) -> str:
    return re.sub(r"<(/?)span\b", r"<\1div", html)


def without_names(html: str) -> str:
    return re.sub(r' (?:class|id|data-[a-z-]+)="[^"]*"', "", html)


@pytest.mark.faults
@pytest.mark.sized
@pytest.mark.parametrize("change", [in_line, in_blocks, without_names])
def test_no_price_is_read_wrongly_when_its_elements_are_drawn_otherwise(change: Callable[[str], str]) -> None:
    rows = [(language, change(html), expected) for name in TABLES for language, html, expected in table(name)]
    priced = [row for row in rows if row[2] != REFUSED][:: FAULTS.sized(5, 1)]
    found = figures(priced)
    assert [html for html in found.wrong if not any(each in html for each in READ_OTHERWISE_WITHOUT_NAMES)] == []
    assert len(found.refused) <= 0.08 * len(priced)


@pytest.mark.parametrize(
    ("text", "code"), [("$84.00 CAD", "CAD"), ("$1,249 AUD", "AUD"), ("$ 84 USD", "USD"), ("4.990 рсд", "RSD")]
)
def test_the_code_of_a_currency_says_which_dollars_they_are(text: str, code: str) -> None:
    price = read("en", text)
    assert price is not None
    assert price.code == code


def test_cents_whose_whole_part_is_elsewhere_are_no_price() -> None:
    assert read("pl", '<span class="whole">1 299</span><div><span>00</span><span>zł</span></div>') is None
    assert read("pl", "05 zł") is None


@pytest.mark.parametrize("text", ["€ 05.50", "€ 00000001.00", "€ 0042"])
def test_a_price_that_begins_with_zeros_is_no_cents(text: str) -> None:
    price = read("en-IE", text)
    assert price is not None
    assert price.amount == Decimal(text[2:])


def test_prices_in_the_markup_of_shops_are_what_a_buyer_pays_now() -> None:
    assert len(SNIPPETS) >= 200
    assert len({language.partition("-")[0] for language, *_ in SNIPPETS}) >= 20
    assert [row[1] for row in SNIPPETS if not is_right(*row)] == []


def test_the_words_of_a_price_that_is_crossed_out_are_not_of_the_next() -> None:
    price = read("en-IN", "<b>M.R.P.: <s>₹2,999</s></b> <b>₹1,799.00</b> <b>EMI starts at ₹87 per month</b>")
    assert price == Money(amount=Decimal(1799), currency="₹", code="INR")


@pytest.mark.parametrize(
    ("language", "html"),
    [
        ("de", "<b>79,99 €</b> <p>Niedrigster Preis der letzten 30 Tage: 89,99 €</p> <p>UVP: <s>119,99 €</s></p>"),
        ("fr", "<b>79,99 €</b> <p>Prix le plus bas des 30 derniers jours : 69,99 €</p> <p>Prix : <s>119,99 €</s></p>"),
        ("it", "<b>79,99 €</b> <p>Prezzo più basso ultimi 30 giorni: 69,99 €</p> <p>Listino: <del>119,99 €</del></p>"),
        ("nl", "<b>79,99 €</b> <p>Laagste prijs afgelopen 30 dagen: 89,99 €</p> <p>Adviesprijs: <s>99 €</s></p>"),
        ("pl", "<b>79,99 zł</b> <p>Najniższa cena z 30 dni: 89,99 zł</p> <p>Cena regularna: <del>119,99 zł</del></p>"),
        ("cs", "<b>79,99 Kč</b> <p>Nejnižší cena za posledních 30 dní: 89,99 Kč</p> <p>Běžná cena: <s>119 Kč</s></p>"),
        ("ro", "<b>79,99 lei</b> <p>Cel mai mic preț din ultimele 30 de zile: 89,99 lei</p> <p>PRP: <s>99 lei</s></p>"),
        ("sv", "<b>79,99 kr</b> <p>Lägsta pris senaste 30 dagarna: 89,99 kr</p> <p>Ord. pris: <s>119 kr</s></p>"),
        ("en-IE", "<b>€79.99</b> <p>Lowest price in the last 30 days: €89.99</p> <p>RRP: <s>€99</s></p>"),
    ],
)
def test_the_lowest_price_of_30_days_is_not_the_price_though_one_is_crossed_out_after_it(
    language: str, html: str
) -> None:
    price = read(language, html)
    assert price is not None
    assert price.amount == Decimal("79.99")


@pytest.mark.parametrize(
    ("language", "html", "amount"),
    [
        ("pl", "<p>1 349,99 zł</p> <p>1 097,55 zł netto</p> <p>Brutto</p>", "1349.99"),
        ("cs", "<p>Cena s kódem <b>DNY10</b></p> <p>4 041 Kč</p> <p>Běžná cena 4 490 Kč</p>", "4490"),
        ("nl", "<span>€ 20,00 normale prijs</span> <span>€ 15,00</span>", "15.00"),
        ("en-US", "<p>$15 <i>Sale</i></p> <p>Regular price</p> <p>$20</p>", "15"),
    ],
)
def test_a_word_speaks_of_the_amount_on_its_own_line(language: str, html: str, amount: str) -> None:
    price = read(language, html)
    assert price is not None
    assert price.amount == Decimal(amount)


def test_amounts_of_two_elements_are_not_run_together() -> None:
    price = read("es-AR", "<s>$ 89.999</s><b>$ 74.999</b><i>16% OFF</i>")
    assert price == Money(amount=Decimal(74999), currency="$", code="ARS")


@pytest.mark.parametrize(
    ("notations", "language"),
    [
        (("€ 12,00", "12 EUR", "12,00 Euro"), "de"),
        (("$12.00", "USD 12", "US$12"), "en-US"),
        (("¥12", "12元", "RMB 12", "CNY 12.00", "12块"), "zh-CN"),
        (("¥12", "12円", "JPY 12"), "ja"),
        (("₩12,000", "12,000원", "KRW 12,000"), "ko"),
        (("12,00 zł", "12 PLN"), "pl"),
        (("Rs. 12", "₹12", "INR 12.00"), "en-IN"),
        (("12 kr", "SEK 12"), "sv"),
        (("12 руб.", "12 ₽", "12 RUB"), "ru"),
    ],
)
def test_another_notation_of_a_currency_is_no_change(notations: Sequence[str], language: str) -> None:
    assert len({read(language, notation) for notation in notations}) == 1


@pytest.mark.parametrize(
    ("sign", "one", "other"), [("$", "en-US", "en-AU"), ("¥", "ja", "zh"), ("kr", "sv", "da"), ("Rs", "en-IN", "en-PK")]
)
def test_a_sign_is_told_by_the_language_of_the_page(sign: str, one: str, other: str) -> None:
    assert read(one, f"{sign} 12") != read(other, f"{sign} 12")


def test_very_many_prices_that_are_crossed_out_are_left_out_in_time() -> None:
    tries = [(_seconds_for_crossed(600), _seconds_for_crossed(1_200)) for _ in range(5)]
    half, all_ = (min(seconds) for seconds in zip(*tries, strict=True))
    assert all_ < 3 * half  # measured: 1.6 times; 4 times where each was sought from the front


def _seconds_for_crossed(number: int) -> float:
    page = turbohtml.parse_fragment("<p>" + "<u></u>" * number + "<s>1</s>" * number + "</p>")
    began = thread_time()
    assert price_text_of(page) == ""
    return thread_time() - began


@pytest.mark.parametrize(
    ("language", "html", "expected"),
    [
        ("en", "<p>Single price <b>$39.90</b></p><p>Group buy price <b>$29.90</b></p>", "39.90"),
        ("en", "Buy alone $39.90 Team price $29.90", "39.90"),
        ("en", "$39.90 <small>Group buy: $29.90</small>", "39.90"),
        ("fr", "Achat groupé 29,90 € Achat seul 39,90 €", "39.90"),
        ("es", "Compra en grupo 29,90 € Compra individual 39,90 €", "39.90"),
        ("ja", "共同購入価格 2,990円 通常購入 3,990円", "3990"),
        ("ko", "공동구매가 29,900원 개별구매 39,900원", "39900"),
        ("vi", "Mua chung 29.900₫ Mua riêng 39.900₫", "39900"),
        ("en", "Group buy price $29.90", "29.90"),
        ("en", "$39.90 <span>$29.90 with coupon</span>", "39.90"),
        ("en", "$0.99 with 2-year contract", REFUSED),
        ("en", "Phone $1.00 on a 24-month plan", REFUSED),
        ("de", "iPhone 1 € zzgl. 39,99 € mtl.", REFUSED),
        ("de", "ab 1 € im Tarif", REFUSED),
        ("fr", "À partir de 1 € avec engagement", REFUSED),
        ("es", "1 € con portabilidad", REFUSED),
        ("it", "1 € con contratto 24 mesi", REFUSED),
        ("nl", "€ 1 met abonnement", REFUSED),
        ("pl", "1 zł z umową na 24 miesiące", REFUSED),
        ("sv", "1 kr med abonnemang", REFUSED),
        ("pt", "R$ 1 com plano", REFUSED),
        ("cs", "1 Kč se smlouvou", REFUSED),
        ("zh", "合约价 ¥99", REFUSED),
        ("de", "999 € ohne Vertrag", "999"),
        ("en", "$999 or $41.62/month for 24 months", "999"),
    ],
)
def test_prices_of_a_group_or_with_a_contract_are_not_the_price(language: str, html: str, expected: str) -> None:
    price = read(language, html)
    assert (REFUSED if price is None else f"{price.amount:f}") == expected
