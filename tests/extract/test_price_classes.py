"""Amounts beside a price that are not the price, by class, in many languages: taxes, fees, payments, savings."""

import pytest

from tests.extract.price_reading import read
from tests.extract.prices import REFUSED


def is_right_amount(language: str, html: str, expected: str) -> bool:
    """Return whether the amount that is read, or its refusal, is as expected."""
    price = read(language, html)
    return (REFUSED if price is None else f"{price.amount:f}") == expected


@pytest.mark.parametrize(
    ("language", "html", "expected"),
    [
        ("ja", "定価 1,980円（本体1,800円＋税）", "1980"),
        ("ja", "590円（税込 650円）", "650"),
        ("ja", "価格：550円（本体 500円）", "550"),
        ("ja", "98円（税込105円）", "105"),
        ("it", "122,00 € (imponibile 100,00 €)", "122.00"),
        ("es", "121,00 € (base imponible 100,00 €)", "121.00"),
        ("en", "£120.00 (net price £100.00)", "120.00"),
        ("fr", "100,00 € HT (120,00 € TTC)", "120.00"),
        ("pl", "123,00 zł (netto: 100,00 zł)", "123.00"),
        ("en", "£5 (£7 inc VAT)", REFUSED),
        ("ja", "本体 59,800円 レンズキット 79,800円", REFUSED),
    ],
)
def test_of_an_amount_and_the_same_without_tax_the_one_with_tax_is_the_price(
    language: str, html: str, expected: str
) -> None:
    assert is_right_amount(language, html, expected)


@pytest.mark.parametrize(
    ("language", "html", "expected"),
    [
        ("de", "62,50 € inkl. MwSt., zzgl. Servicegebühr 2,00 €", "62.50"),
        ("de", "80,00 € Ortstaxe 2,50 € extra", "80.00"),
        ("it", "95,00 € a notte tassa di soggiorno esclusa (2,00 €)", "95.00"),
        ("it", "45,00 € + diritti di prevendita 4,50 €", "45.00"),
        ("es", "$ 45.000 + cargo por servicio $ 4.500", "45000"),
        ("es", "60 € (gastos de gestión no incluidos: 4 €)", "60"),
        ("fr", "80,00 € taxe de séjour en sus (2,00 €)", "80.00"),
        ("nl", "€ 80,00 excl. toeristenbelasting (€ 2,00)", "80.00"),
        ("pl", "89,90 zł z kurierem 0,00 zł ze Smart!", "89.90"),
        ("en", "£9.99 courier £4.99", "9.99"),
        ("ru", "3 000 ₽ курортный сбор 100 ₽", "3000"),
        ("vi", "450.000₫ + phí dịch vụ 20.000₫", "450000"),
        ("ja", "5,500円 システム利用料 220円", "5500"),
        ("da", "450 kr ekskl. billetgebyr 25 kr", "450"),
        ("it", "48,50 € commissioni incluse", "48.50"),
        ("en", "booking fee included £48.50", "48.50"),
        ("de", "45 € + 4,50 € Gebühr, gesamt 49,50 €", "49.50"),
        ("en", "City tax €2.00", REFUSED),
    ],
)
def test_a_fee_or_a_tax_on_a_stay_is_not_the_price(language: str, html: str, expected: str) -> None:
    assert is_right_amount(language, html, expected)


@pytest.mark.parametrize(
    ("language", "html", "expected"),
    [
        ("de", "<p>einmalig 49,00 €</p><p>monatlich 39,99 €</p>", REFUSED),
        ("de", "49,00 € einmalig, 39,99 € mtl.", REFUSED),
        ("en", "<p>£30 upfront</p><p>£36 a month</p>", REFUSED),
        ("fr", "29 € + 19,99 €/mois", REFUSED),
        ("es", "49 € de entrada y 20 € al mes", REFUSED),
        ("it", "49 € di anticipo e 20 € al mese", REFUSED),
        ("nl", "eenmalig € 49,00 maandelijks € 36,00", REFUSED),
        ("pl", "jednorazowo 49 zł miesięcznie 89 zł", REFUSED),
        ("cs", "490 Kč jednorázově + 399 Kč/měs.", REFUSED),
        ("ru", "разово 490 ₽ ежемесячно 399 ₽", REFUSED),
        ("tr", "tek seferlik 490 TL aylık 399 TL", REFUSED),
        ("en", "£36 a month £30 upfront", "36"),
        ("de", "599 € zzgl. 9,99 €/Monat Geräteschutz", "599"),
        ("en", "$999 or $99 down and $37.50/month", "999"),
    ],
)
def test_an_amount_paid_once_and_then_one_by_the_month_are_not_one_price(
    language: str, html: str, expected: str
) -> None:
    assert is_right_amount(language, html, expected)


@pytest.mark.parametrize(
    ("language", "html", "expected"),
    [
        ("de", "1.299,00 € (Sie sparen 20%, also 324,75 €)", "1299.00"),
        ("en", "$60 save 25%, i.e. $20", "60"),
        ("en", "$60 You save a total of $20", "60"),
        ("it", "29 € Sconto 36% pari a 16 €", "29"),
        ("fr", "64,99 € Vous économisez 20%, soit 16,25 €", "64.99"),
        ("es", "15,95 € Ahorro del 20% (3,99 €)", "15.95"),
        ("nl", "€ 69,99 je bespaart maar liefst € 17,50", "69.99"),
        ("pl", "607,00 zł Oszczędzasz 20%, czyli 151,75 zł", "607.00"),
        ("sv", "8 990 kr Du sparar 20 %, dvs. 2 248 kr", "8990"),
        ("ru", "54 990 ₽ Выгода составит 13 748 ₽", "54990"),
        ("ja", "4,980円 20%OFF（1,245円お得）", "4980"),
        ("fr", "100 € remise de 20 % soit 80 €", REFUSED),
        ("fr", "3 mensualités de 20 € soit 60 €", "60"),
        ("en", "Save up to $20. Price $60", "60"),
    ],
)
def test_what_a_sentence_says_is_saved_is_not_the_price(language: str, html: str, expected: str) -> None:
    assert is_right_amount(language, html, expected)


@pytest.mark.parametrize(
    ("language", "html", "expected"),
    [
        ("es", "319,00 € 649,00 € nuevo", "319.00"),
        ("en", "$319.00 $649.00 (new)", "319.00"),
        ("fr", "319,00 € Prix neuf : 649,00 €", "319.00"),
        ("de", "319,00 € Neupreis 649,00 €", "319.00"),
        ("nl", "€ 319,00 nieuwprijs € 649,00", "319.00"),
        ("it", "319,00 € 649,00 € nuovo", "319.00"),
        ("en", "$15.00 new", "15.00"),
        ("en", "$79 $59 new", REFUSED),
    ],
)
def test_a_dearer_price_of_a_new_one_is_not_that_of_a_used_one(language: str, html: str, expected: str) -> None:
    assert is_right_amount(language, html, expected)


@pytest.mark.parametrize(
    ("language", "html", "expected"),
    [
        ("cs", "1 490 Kč s DPH (1 231 Kč bez DPH)", "1490"),
        ("es", "Total € 46,98 Tasas e impuestos incluidos (18,35 €)", REFUSED),
        ("de", "<p>Grundpreis 12,90 €/Monat</p><p>Arbeitspreis 0,3149 €/kWh</p>", REFUSED),
        ("pl", "Na start: 199,00 zł Rata: 120,00 zł x 24 mies. Abonament: 65,00 zł/mies.", REFUSED),
        ("it", "€ 850/mese cauzionale € 2.550", REFUSED),
        ("es", "$45.000 20% OFF pagando al giro $36.000", REFUSED),
        ("en", "2 qazvo $5.00 or $2.79 ea.", REFUSED),
        ("de", "79,99 € UVP oder 8,11 € qazvo in 12 qazvo", REFUSED),
        ("de", "<li>Kategorie 1 € 89,00</li><li>Kategorie 2 € 69,00</li>", REFUSED),
        ("ca", "Preu: 12 euros i 50 cèntims", REFUSED),
        ("en", "$60 -20% $48", "48"),
        ("en", "$3.49/month Total $41.88", "41.88"),
        ("de", "4,99 € 0,42 €/Stück", "4.99"),
        ("en", "Qty 1 $20.00 10 $18.00", "20.00"),
        ("pt", "12 euros e 50 cêntimos", "12.50"),
        ("en", "Online Price $299.99 Your Price $229.99 shipping & handling included", "229.99"),
    ],
)
def test_an_amount_beats_no_other_that_its_words_say_nothing_of(language: str, html: str, expected: str) -> None:
    assert is_right_amount(language, html, expected)
