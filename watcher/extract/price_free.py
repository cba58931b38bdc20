"""The words for nothing to pay, in the languages of `price_words.py`, and whether a text without an amount says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from watcher.extract.lazy_pattern import LazyPattern

_FREE = (
    "免費參加|免費報名|免费报名"
    "|zu verschenken|geschenkt|à donner|te geef|oddam za darmo|отдам даром|отдам бесплатно|se regala"
    "|in regalo"
    "|bortskänkes|gis bort|gives bort|annetaan|za odvoz|daruji|free|free to play|for free|free of charge|no charge|免费"
    "|免费开玩|免費|免費遊玩|kostenlos|kostenfrei|gratis"
    "|umsonst|gratuit"
    "|gratuito"
    "|gratuita|gratuite|grátis|无料|無料|무료|za darmo|darmowe|bezpłatnie|bezpłatny|zdarma|zadarmo|бесплатно"
    "|безкоштовно"
    "|безплатно"
    "|бесплатная|ücretsiz|bedava|i̇ücretsiz|miễn phí|ฟรี|مجاني|مجانا|مجانًا|חינם|רایگان|رایگان|मुफ़्त"
    "|मुफ्त|निःशुल्क"
    "|বিনামূল্যে|ফ্রি"
    "|ilmainen|ilmaiseksi|maksuton|ingyenes|ingyen|δωρεάν|besplatno|brezplačno|nemokamai|nemokama"
    "|bezmaksas|tasuta"
    "|percuma|libre|ókeypis"
    "|бесплатный|тегін|უფასო|անվճար|pulsuz|falas|бесплатна|бесплатне|de graça|gratuïta|免费领取|0元购"
    "|나눔|무료나눔|나눔 무료|kostenlos spielbar|kostenlos spielen|gratis spielbar|free-to-play|jouer gratuitement"
    "|jouable gratuitement"
    "|jugar gratis"
    "|gratuito p/ jogar|gratuito para jogar|gioca gratis|gratis te spelen|gra darmowa|darmowa gra|oynaması ücretsiz"
    "|基本プレイ無料|無料プレイ|무료 플레이"
)
_FREE_ENTRY = (
    "free entry|free admission|admission free|entry free|free event|free ticket|free tickets|eintritt frei"
    "|freier eintritt|der eintritt ist frei|kostenloser eintritt|entrée gratuite|entrée libre|accès gratuit"
    "|accès libre"
    "|ingresso libero|ingresso gratuito|ingresso gratis|entrada gratuita|entrada libre|entrada gratis|entrada franca"
    "|acceso gratuito|acceso libre|entrada livre|entrada lliure|entrada gratuïta|gratis toegang|toegang gratis"
    "|gratis entree|vrije toegang|gratis inträde|fri entré|fri entre|fritt inträde|gratis adgang|fri adgang"
    "|gratis inngang|fri inngang|vapaa pääsy|ilmainen sisäänpääsy|aðgangur ókeypis|wstęp wolny|wstęp bezpłatny"
    "|vstup volný|volný vstup|vstup zdarma|vstup voľný|voľný vstup|ingyenes belépés|a belépés ingyenes|intrare liberă"
    "|intrare gratuită|intrarea liberă|вход свободный|свободный вход|вход бесплатный|бесплатный вход|вход свободен"
    "|свободен вход|безплатен вход|вхід вільний|вільний вхід|вхід безкоштовний|безкоштовний вхід|ulaz slobodan"
    "|slobodan ulaz|besplatan ulaz|ulaz besplatan|vstop prost|prost vstop|είσοδος ελεύθερη|ελεύθερη είσοδος"
    "|είσοδος δωρεάν|δωρεάν είσοδος|ücretsiz giriş|giriş ücretsiz|vào cửa miễn phí|vào cổng miễn phí|masuk gratis"
    "|gratis masuk|masuk percuma|įėjimas nemokamas|nemokamas įėjimas|ieeja brīva|ieeja bez maksas|sissepääs tasuta"
    "|tasuta sissepääs|免费入场|免費入場|免费参观|免费参加"
    "|入場無料|参加無料|入場免費|무료입장|무료 입장|입장 무료|무료 관람"
    "|เข้าชมฟรี|ฟรีค่าเข้า|الدخول مجاني|دخول مجاني|כניסה חופשית|הכניסה חופשית|כניסה חינם|ورود رایگان|ورود آزاد"
    "|निःशुल्क प्रवेश|प्रवेश निःशुल्क"
)
NOTHING_TO_PAY: Final = frozenset(f"{_FREE}|{_FREE_ENTRY}".split("|"))
_OF_A_PRICE = (
    "price|our price|ticket price|admission|entry|entrance|cost|tickets|ticket|fee|preis|eintritt|kosten|prix"
    "|tarif|entrée|coût|precio|entrada|coste|preço|valor|biglietto|prezzo|ingresso|costo|prijs|toegang|entree"
    "|pris|entré|inträde|adgang|inngang|hinta|pääsymaksu|liput|cena|wstęp|bilet|bilety|vstupné|vstup|cena vstupenky"
    "|ár"
    "|belépő|preț|intrare|цена|вход|стоимость|ціна|вхід|вартість|τιμή|είσοδος|cijena|ulaz|ulaznica|vstopnina|kaina"
    "|įėjimas|ieeja|hind|sissepääs|fiyat|giriş|giá|vé|harga|tiket|السعر|الدخول|מחיר|כניסה|قیمت|मूल्य|प्रवेश"
    "|票价|票價|价格|價格|费用|費用|料金|入場料|参加費|価格|가격|입장료|참가비|요금|ราคา|ค่าเข้าชม"
    "|from|ab|à partir de|desde"
)
_LABELS_OF_FREE = frozenset(_OF_A_PRICE.split("|"))
_FREE_OF_ENTRY = frozenset(
    [
        "frei",
        "fri",
        "livre",
        "libero",
        "libre",
        "wolny",
        "volný",
        "voľný",
        "prost",
        "свободный",
        "свободен",
        "вільний",
        "ελεύθερη",
        "slobodan",
    ]
)
_FREE_PARTS = LazyPattern(r"\n|[·•|:：/;]|, | [-–—] |-?\d{1,3} ?%|…| (?=\d[.,]\d (?:\(|/ ?5))")
_ON_REGISTRATION = LazyPattern(
    r" \(?(?:sur (?:inscription|réservation)|with (?:registration|rsvp|reservation)|(?:mit|nach) (?:vor)?anmeldung"
    r"|con (?:registro|reserva|inscripción|prenotazione|iscrizione)|previa (?:inscripción|reserva|iscrizione)"
    r"|su (?:prenotazione|iscrizione)|com inscrição|mediante inscrição|(?:registration|rsvp|booking) required"
    r"|(?:offers |bietet |contains |includes |contiene |offre |propose )?in-app[- ](?:purchases|käufe)"
    r"|achats intégrés"
    r"|met (?:reservering|aanmelding)|po (?:rejestracji|registraci|registrácii)|на регистрация|по регистрации)$"
)
_NOT_OF_THE_PRICE = LazyPattern(
    r"\b(?:with|mit|avec|con|com|met|med|z|s|с|for members|prime|members?|membership|subscription|over|above|ab"
    r"|when|wenn)\b|shipping|delivery|returns|trial|gift|sample|versand|liefer|livraison|retour|envío|envio|frete"
    r"|spedizione|verzend"
    r"|dostaw|doprav|frakt|fragt|toimitus|достав|kargo|ongkir|送料|运费|運費|包邮|배송|ส่ง|شحن|משלוח"
)


def is_free(lines: Iterable[str]) -> bool:
    """Return whether a text without an amount asks for nothing: `Price: Free`, `Free · RSVP required`."""
    parts = [part.strip(" .!()") for part in _FREE_PARTS.split("\n".join(lines).lower())]
    parts = [_ON_REGISTRATION.sub("", part) for part in parts if part]
    free = NOTHING_TO_PAY if _LABELS_OF_FREE.isdisjoint(parts) else NOTHING_TO_PAY | _FREE_OF_ENTRY
    if free.isdisjoint(parts):
        return False
    rest = [part for part in parts if part not in free and part not in _LABELS_OF_FREE]
    return len(rest) <= 1 and not any(_NOT_OF_THE_PRICE.search(part) for part in rest)
