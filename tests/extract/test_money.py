from decimal import Decimal

import pytest

from tests.bounded import bounded
from tests.extract.prices import PRICES, REFUSED
from watcher.errors import UnparsableError
from watcher.extract.money import money


def answer(text: str) -> tuple[Decimal, str | None] | None:
    """Return the amount that is read, and its currency as it is written; None when it is refused."""
    try:
        price = money(text)
    except UnparsableError:
        return None
    return price.amount, price.currency


def right(expected: str) -> tuple[Decimal, str | None] | None:
    if expected == REFUSED:
        return None
    amount, _, currency = expected.partition(" ")
    return Decimal(amount), currency or None


def test_the_table_is_as_wide_as_it_claims() -> None:
    assert len(PRICES) == len({text for text, *_ in PRICES}) >= 300
    assert len({shop for _, _, shop, _ in PRICES}) >= 20
    assert sum(expected == REFUSED for *_, expected in PRICES) / len(PRICES) < 0.08


def test_all_prices_of_the_table_are_read_as_a_reader_does() -> None:
    wrong = {text for text, _, _, expected in PRICES if answer(text) != right(expected)}
    assert wrong == set()


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        pytest.param("现价 ¥2999 到手价 ¥2699", "2699", "¥", id="final before now"),
        pytest.param("¥2999 秒杀价 ¥2699", "2699", "¥", id="now before plain"),
        pytest.param("原价 ¥199 ¥99", "99", "¥", id="plain before was"),
        pytest.param("定价 ¥199", "199", "¥", id="a list price alone"),
        pytest.param("券后 ¥59", "59", "¥", id="with a coupon, alone"),
        pytest.param("R$ 90 no Pix ou R$ 100", "100", "R$", id="without Pix beside one with it"),
        pytest.param("51,13 € (100,00 лв.)", "51.13", "€", id="the first of two currencies at their fixed rate"),
        pytest.param("SP95 1,789 €/L", "1.789", "€", id="tenths of a cent by the litre"),
        pytest.param("Rp1,2 - 1,5 jt", "1200000", "Rp", id="millions"),
        pytest.param("$25 250ml", "25", "$", id="what the thing holds is no part of its price"),
        pytest.param("3 499 ₽ 5 990 ₽ без карты", "5990", "₽", id="everybody's over one that needs a card"),
        pytest.param("$12/month or $144/year $144 billed annually", "144", "$", id="the whole of monthly parts"),
        pytest.param("¥15/月", "15", "¥", id="a unit's alone"),
        pytest.param("¥29.9 (¥5.98/100g)", "29.9", "¥", id="a unit's beside"),
        pytest.param("£3.50 £7.00 per kg", "3.50", "£", id="per"),
        pytest.param("¥99 到手 ¥199 原价", "99", "¥", id="words behind"),
        pytest.param("¥79 到手 ¥99", "79", "¥", id="words behind, where before would contradict"),
        pytest.param("¥79 ¥99 原价", "79", "¥", id="a last word behind, where before decides nothing"),
        pytest.param("£49.99 Was £79.99 Now in stock", "49.99", "£", id="a word behind is not always a price's"),
        pytest.param("€ 83,47 excl. btw € 101,00 incl. btw", "101.00", "€", id="with tax"),
        pytest.param("5 € bis 10 €", "5", "€", id="a range"),
        pytest.param("￥1.2-1.5万", "12000", "¥", id="a range with one unit"),
        pytest.param("-75% $59.99 $14.99", "14.99", "$", id="a percentage fits"),
        pytest.param("5折 ¥100 ¥50", "50", "¥", id="tenths fit"),
        pytest.param("$799 Save $200 $999", "799", "$", id="a saving fits"),
        pytest.param("月销 3000+ ¥129", "129", "¥", id="a count with a plus"),
        pytest.param("直降到手机 ¥199 现价 ¥99", "99", "¥", id="到手机 is not 到手"),
        pytest.param("原价199 现价99", "99", None, id="words and no currency"),
        pytest.param("满99元包邮 ¥39.9", "39.9", "¥", id="a threshold"),
        pytest.param("免运费 ¥49", "49", "¥", id="no shipping"),
        pytest.param("12,99 € zzgl. Versand", "12.99", "€", id="shipping on top"),
        pytest.param("$12.99 Free shipping", "12.99", "$", id="free shipping is not free"),
        pytest.param("-$20 $79", "79", "$", id="a minus before the currency"),
        pytest.param("-10 €", "-10", "€", id="a balance"),
        pytest.param("12,99 € 3 Stück", "12.99", "€", id="the currency of the one with cents"),
        pytest.param("Pack of 2 € 12,49", "12.49", "€", id="the currency of the next with cents"),
        pytest.param("49€ 24 Monate", "49", "€", id="no cents behind a currency"),
        pytest.param("35€99", "35.99", "€", id="cents behind a currency"),
        pytest.param("1億2,000万円", "120000000", "円", id="two units of one amount"),
        pytest.param("PS5 499 €", "499", "€", id="a name's digit"),
        pytest.param("kr4 990", "4990", "kr", id="grouped behind a currency"),
        pytest.param("49.90 statt 59.90", "49.90", None, id="no currency at all"),
        pytest.param("99起", "99", None, id="a lone number"),
        pytest.param("129 дин.", "129", "дин", id="a rare currency"),
        pytest.param("35块", "35", "元", id="块 is 元"),
        pytest.param("12.99USD", "12.99", "USD", id="a code that touches"),
        pytest.param("HK$88", "88", "HK$", id="a dollar's country"),
        pytest.param("1,23,456.00", "123456.00", None, id="lakhs"),
        pytest.param("$1,2345", "1.2345", "$", id="four decimals"),
    ],
)
def test_a_rule_finds_the_price(text: str, amount: str, currency: str | None) -> None:
    assert answer(text) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Sold out", "'Sold out' holds no price"),
        ("", "there is no price: what is there is empty, or crossed out"),
        ("余票 12 张", "holds no price"),
        ("2026-11-24 19:30", "holds no price"),
        ("¥1299 ¥999", r"more than one price \(1299, 999\)"),
        ("5 € 10 €", "more than one price"),
        ("5€10€", "more than one price"),
        ("原价 ¥79 现价 ¥99", "more than one price"),
        ("GBP 12.50 USD 16.50", "more than one price"),
        ("运费 ¥10", "only a part of a price"),
        ("12 x 99,90 €", "only a part of a price"),
        ("原价 ¥199", "only an old, member or by-weight price"),
        ("Members pay $39", "only an old, member or by-weight price"),
        ("2,99 € / 100 g", "or by-weight price"),
        ("$56 Buy it now $120", "more than one price"),
        ("Regular $25 Senior $18", "more than one price"),
        ("$10/month $99 device", "more than one price"),
        ("$49 $0 with membership", "more than one price"),
        ("1,250 mln zł", "nobody can tell how much"),
        ("3.49⁹", "a tenth of a cent"),
        ("$25 250 reviews", "cut apart"),
        ("2 € 12", "which amount € belongs to"),
        ("3만 5천 5백오십원", "cut apart"),
        ("$19 99", "cut apart"),
        ("¥99 199", "cut apart"),
        ("1.2.34", "no number that a watch reads"),
        ("¥ 11,100.50.00", "no number that a watch reads"),
        ("1,234.567,89.00", "no number that a watch reads"),
        ("9" * 40, "no number that a watch reads"),
        ("x" * 2_000, "2,000 characters are no price"),
    ],
)
def test_a_text_without_one_certain_price_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UnparsableError, match=reason):
        money(text)


@pytest.mark.parametrize("price", ["1€", "1万", "¥1 "])
def test_a_text_of_very_many_numbers_is_refused_before_each_is_looked_at(price: str) -> None:
    with bounded(1):
        for _ in range(200):
            with pytest.raises(UnparsableError, match=r"holds \d+ numbers; select only the price that counts"):
                money(price * (300 // len(price)))
