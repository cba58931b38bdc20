"""Clauses beside a price that speak of sending, of used goods, of several pieces or of a unit; and no price at all."""

import pytest

from tests.extract.price_reading import read
from tests.extract.prices import REFUSED


def is_right(language: str, html: str, expected: str) -> bool:
    """Return whether the amount that is read, or its refusal, is as expected."""
    price = read(language, html)
    return (REFUSED if price is None else f"{price.amount:f}") == expected


@pytest.mark.parametrize(
    ("language", "html", "expected"),
    [
        ("de", "<p>48,00 €</p><p>Versand 4,90 € (Inseln 14,90 €)</p>", "48.00"),
        ("de", "<p>329 €</p><p>Lieferung bis Bordsteinkante 39 €, bis zur Wohnung 69 €</p>", "329"),
        ("fi", "<p>59,90 €</p><p>Toimitus alkaen 4,90 €, yli 80 € tilaukset ilmaiseksi</p>", "59.90"),
        ("sv", "<p>459 kr</p><p>Frakt 49 kr, fritt över 600 kr</p>", "459"),
        ("it", "<p>35,50 €</p><p>Spedizione 5,90 € · ritiro in negozio 1,00 €</p>", "35.50"),
        ("pl", "<p>249,00 zł</p><p>Dostawa od 9,99 zł, powyżej 300 zł gratis</p>", "249.00"),
        ("pl", "<p>64,50 zł</p><p>z przesyłką 78,49 zł</p>", "64.50"),
        ("ru", "<p>5 490 ₽</p><p>Доставка по городу 390 ₽, за город — 700 ₽</p>", "5490"),
        ("es-CL", "<p>$15.990</p><p>Despacho a domicilio $2.990 · retiro en tienda $990</p>", "15990"),
        ("pt-BR", "<p>R$ 89,90</p><p>Frete a partir de R$ 12,00, grátis acima de R$ 199,00</p>", "89.90"),
        ("ja", "<p>5,400円</p><p>送料 770円(沖縄 1,500円)</p>", "5400"),
        ("ko", "<p>24,000원</p><p>배송비 3,000원 (제주 6,000원)</p>", "24000"),
        ("en-GB", "<p>£140.00</p><p>Delivery £6.95, next day £9.95</p>", "140.00"),
        ("en-US", "<p>$899.00</p><p>Assembly $89.00</p><p>Freight to store $25.00</p>", "899.00"),
        ("tr", "<p>749,00 TL</p><p>Kargo 49,90 TL, adaya 99,90 TL</p>", "749.00"),
        ("de", "<p>Versand 4,90 €</p><p>Gesamtpreis 52,90 €</p>", "52.90"),
        ("fr", "<p>60 €</p><p>Livraison offerte</p><p>45 €</p>", REFUSED),
        ("en-GB", "<p>Delivery £6.95, next day £9.95</p>", REFUSED),
    ],
)
def test_every_amount_in_a_clause_of_sending_is_beside_the_price(language: str, html: str, expected: str) -> None:
    assert is_right(language, html, expected)


@pytest.mark.parametrize(
    ("language", "html", "expected"),
    [
        ("de", "<p>749,00 €</p><p>Gebraucht ab 512,00 €</p>", "749.00"),
        ("fr", "<p>329,00 €</p><p>Reconditionné dès 219,00 € · Occasion dès 189,00 €</p>", "329.00"),
        ("es", "<p>459,00 €</p><p>Reacondicionado desde 339,00 €</p>", "459.00"),
        ("it", "<p>899,00 €</p><p>Ricondizionato da 649,00 €</p>", "899.00"),
        ("sv", "<p>5 490 kr</p><p>Begagnad från 3 900 kr</p>", "5490"),
        ("pl", "<p>1 299,00 zł</p><p>Używane od 799,00 zł</p>", "1299.00"),
        ("cs", "<p>12 990 Kč</p><p>Rozbaleno a použité od 9 900 Kč</p>", "12990"),
        ("ko", "<p>1,290,000원</p><p>중고 890,000원</p>", "1290000"),
        ("zh-CN", "<p>¥4999</p><p>二手 ¥3200起</p>", "4999"),
        ("en-US", "<p>$249.00</p><p>Refurbished $179.00</p>", "249.00"),
        ("en-US", "<p>Refurbished $179.00</p>", "179.00"),
        ("de", "<p>Gebraucht 179 €</p><p>Neupreis 329 €</p>", "179"),
        ("en-US", "<p>New $45.00</p><p>Used $22.10</p>", REFUSED),
    ],
)
def test_an_offer_of_used_goods_is_beside_the_price_of_a_new_one(language: str, html: str, expected: str) -> None:
    assert is_right(language, html, expected)


@pytest.mark.parametrize(
    ("language", "html", "expected"),
    [
        ("de", "<p>3,20 €</p><p>ab 12 Stück – 2,90 €</p><p>ab 48 Stück – 2,60 €</p>", "3.20"),
        (
            "en-GB",
            "<p>£4.20</p><table><tr><td>10+</td><td>£3.90</td></tr><tr><td>50+</td><td>£3.40</td></tr></table>",
            "4.20",
        ),
        ("fr", "<p>9,80 €</p><p>Carton de 12 : 108,00 €</p>", "9.80"),
        ("it", "<p>14,00 € a bottiglia</p><p>Cassa da 6: 79,00 €</p>", "14.00"),
        ("nl", "<p>€ 62,00</p><p>2 banden: € 124,00</p>", "62.00"),
        ("pl", "<p>18,50 zł</p><p>od 10 szt. – 16,90 zł</p>", "18.50"),
        ("ru", "<p>420 ₽</p><p>от 5 шт. — 390 ₽</p><p>от 20 шт. — 360 ₽</p>", "420"),
        ("es", "<p>5,50 €</p><p>Caja de 24: 118,80 €</p>", "5.50"),
        ("ja", "<p>380円</p><p>10個: 3,500円</p>", "380"),
        ("en-US", "<p>2-9 $5.80</p><p>10+ $5.20</p>", REFUSED),
        ("de", "<p>Zone 1 89 €</p><p>Zone 2 170 €</p>", REFUSED),
    ],
)
def test_the_price_of_several_is_beside_the_price_of_one(language: str, html: str, expected: str) -> None:
    assert is_right(language, html, expected)


@pytest.mark.parametrize(
    ("language", "html", "expected"),
    [
        ("it", "<p>7,50 €</p><p>15,00 € al chilo</p>", "7.50"),
        ("es", "<p>12,40 €</p><p>24,80 € el litro</p>", "12.40"),
        ("fr", "<p>6,30 €</p><p>soit 21,00 € le kilo</p>", "6.30"),
        ("de", "<p>2,49 €</p><p>Literpreis: 3,32 €</p>", "2.49"),
        ("de", "<p>38,90 €</p><p>Preis je m²: 19,45 €</p>", "38.90"),
        ("pl", "<p>129,00 zł</p><p>cena za m²: 64,50 zł</p>", "129.00"),
        ("cs", "<p>459 Kč</p><p>cena za m2: 229 Kč</p>", "459"),
        ("ru", "<p>1 890 ₽</p><p>945 ₽ за литр</p>", "1890"),
        ("tr", "<p>240,00 TL</p><p>kg fiyatı: 480,00 TL</p>", "240.00"),
        ("en-GB", "<p>£84.00</p><p>£42.00 per square metre</p>", "84.00"),
    ],
)
def test_a_price_by_a_unit_in_words_is_beside_the_price(language: str, html: str, expected: str) -> None:
    assert is_right(language, html, expected)


@pytest.mark.parametrize(
    ("language", "html"),
    [
        ("de", "<p>Preis auf Anfrage</p><p>Aufmaß 95 €, Montage ab 450 €</p>"),
        ("en-GB", "<p>POA</p><p>Fitting from £120</p>"),
        ("es", "<p>Precio a consultar</p><p>Instalación desde 180 €</p>"),
        ("it", "<p>Prezzo su richiesta</p><p>Trasporto 75 €</p>"),
        ("nl", "<p>Prijs op aanvraag</p><p>Plaatsing vanaf € 350</p>"),
        ("pl", "<p>Cena na zapytanie</p><p>Pomiar 150 zł</p>"),
        ("zh-CN", "<p>价格面议</p><p>上门测量 ¥200</p>"),
        ("ko", "<p>가격 문의</p><p>설치비 50,000원</p>"),
        ("fr", "<p>Nous consulter</p><p>Dépose de l'ancienne 190 €</p>"),
    ],
)
def test_beside_a_price_on_request_no_amount_is_the_price(language: str, html: str) -> None:
    assert is_right(language, html, REFUSED)


@pytest.mark.parametrize(
    ("language", "html", "expected"),
    [
        ("en-US", "<p>$27.77/mo</p><p>for 36 months, 0% APR</p><p>$0 due today</p>", REFUSED),
        ("de", "<p>24,95 €/Monat</p><p>36 Monate, Gerät 14,95 €/Monat + Tarif 10,00 €/Monat</p>", REFUSED),
        ("fr", "<p>29,99 €/mois</p><p>pendant 24 mois, financement à 0 %</p><p>49 € de frais</p>", REFUSED),
        (
            "es",
            "<p>18,50 €/mes</p><p>en 24 meses, TIN 0% TAE 0%, sujeto a financiación</p><p>0 € de entrada</p>",
            REFUSED,
        ),
        ("cs", "<p>650 Kč/měs.</p><p>24 měsíců: 400 Kč/měs. + 250 Kč/měs.</p>", REFUSED),
        ("ja", "<p>月額 7,400円</p><p>端末代 4,000円/月 + 通信料 3,400円/月 (24回)</p>", REFUSED),
        ("de", "<p>9,99 €/Monat</p><p>jederzeit kündbar</p>", "9.99"),
        ("en-US", "<p>$12.00/mo</p><p>billed monthly, cancel anytime</p>", "12.00"),
    ],
)
def test_what_is_paid_by_the_month_for_a_device_is_no_price(language: str, html: str, expected: str) -> None:
    assert is_right(language, html, expected)
