"""
The names of an element → whether what it holds is a price's, the one before, or another beside it.

| an element is | by words in its names, as | and is |
|---|---|---|
| former | `old-price`, `priceWas`, `js-compare`, `crossed`, `precio_antes` | no price, where another amount stands |
| likely former | `regular-price`, `price--list` | no price beside one that is present |
| beside | `unit-price`, `price-installments`, `member-price` | no price beside one of another name |
| beside | `price-excluding-tax`, `priceWithoutTax`, `price_ht` | likewise |
| present | `price-now`, `current-price`, `prc-dsc` | the price, beside one that is likely former |

Names are classes, ids and what tests find an element by, split at hyphens, underscores and humps. A word that a name
joins to one for a price (`oldprice`) is a word, too. What a `data-` attribute holds says so of an element that shows
the same digits (`data-normal-price="49.990"`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto

from turbohtml import Element

_PRICES = (
    "price prices pricing prc prix preis precio precios preco prezzo cena ceny cijena prijs pris hinta fiyat jia"
    " amount"
    " money cost tsena harga gia kaina hind valor tarif preu"
)
_FORMER = (
    "old was compare compared crossed striked strike strikethrough scratched prev previous before"
    " deleted removed discarded through linethrough strikeout struck pricedown"
    " msrp mrp rrp uvp srp former crossedout original origin orig org initial yuanjia shichangjia huaxianjia"
    " ancien barre avant anterior antes tachado viejo riscado vecchio barrato precedente vorher statt streich alter"
    " stara przekreslona puvodni vorige oude gammel eski staraya durchgestrichen gestrichen tachada rayado rayada raye"
    " alte alter vechi regi eredeti korabbi vanha vana sena veca forpris foerpris tidigare undiscounted nondiscounted"
    " preskrtnuta skrtnuta perecherknutaya slash slashed crossline adviesprijs vanprijs streichpreis precode"
    " antigo originale coret nonsale"
)
_LIKELY_FORMER = (
    "regular reg list normal base standard retail small usual ordinary market full recommended"
    " catalog"
    " secondary ordinarie normale lista tabela cheio listino katalogowa bezna"
    " cross del przed regularna vanlig ovh veil vejl veiledende vejledende"
    " pvp pvpr sugerido"
    " reference suggested advised throughline"
)
_PRESENT = (
    "new now current actual final best sale sales special dsc discounted big selling sell offer promo deal today"
    " campaign internet primary main akcijska promocja okazja por acum teraz nyni uusi snizhennaya"
    " actuel nouveau promotionnel oferta rebajado nuevo atual novo nuovo offerta scontato aktuell neu jetzt angebot"
    " promocyjna nowa akcni aktualna nieuw huidige kampanj tarjous xian cuxiao daoshou xiaoshou shou guncel indirimli"
    " yeni"
)
_BESIDE = (
    "unit perunit comparison cmr ppu installment installments instalment instalments"
    " financing finance emi affirm klarna afterpay"
    " member members membership club clubcard loyalty vip subscriber subscribe wholesale tier shipping delivery"
    " deposit"
    " cuotas parcelas mensualidades mensualites raten taksit rata raty grundpreis"
    " net netto nett neto ht extax exvat exgst excltax exclvat withouttax excludingtax coupon pix"
    " saving savings saved save yousave autoship paylater perkg unitario jamforpris jmf kilopris literpris pum ppum"
    " cashback tradein"
)
_WITHOUT = frozenset(
    [
        "excluding",
        "excl",
        "ex",
        "exc",
        "exclusive",
        "without",
        "no",
        "non",
        "before",
        "exkl",
        "ohne",
        "sans",
        "sin",
        "bez",
        "zonder",
        "senza",
    ]
)
_TAXES = frozenset(["tax", "taxes", "vat", "gst", "mwst", "ust", "tva", "moms", "btw", "iva", "dph"])
"""`price-excluding-tax` is beside the price; `_STATES` are told apart from it."""


class Kind(Enum):
    """What an element's names say of what it holds."""

    FORMER = auto()
    LIKELY_FORMER = auto()
    BESIDE = auto()
    PRESENT = auto()
    PRICE = auto()


_MEANINGS = {
    word: kind
    for kind, words in (
        (Kind.PRICE, _PRICES),
        (Kind.BESIDE, _BESIDE),
        (Kind.PRESENT, _PRESENT),
        (Kind.LIKELY_FORMER, _LIKELY_FORMER),
        (Kind.FORMER, _FORMER),
    )
    for word in words.split()
}
_STATES = frozenset({"has", "is", "with", "without", "no", "not", "exists", "enabled", "on", "show", "hide"})
"""Words by which a name tells of what stands within: `price has-old-price`."""
_ALONE = {Kind.FORMER}
"""Kinds that need no word for a price beside theirs."""
_PRICE_WORDS = _PRICES.split()
_NAMING = ("class", "id", "data-testid", "data-test", "data-test-id", "data-qa", "data-qaid", "data-auto", "data-hook")
_WORD = re.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NO_SALE = re.compile(r"non-?sale", re.IGNORECASE)
_MOST_LABEL_CHARS = 40
_MOST_CHARS = 500
"""Of names of one element that are looked at."""
_DIGITS = re.compile(r"\d+")

_SHORT = frozenset(["net", "nett", "ht", "save", "vip", "del"])
_TAX = "|".join(sorted(_TAXES))
IS_NAMED = re.compile(
    rf"{'|'.join(word for word in [*_FORMER.split(), *_LIKELY_FORMER.split(), *_BESIDE.split()] if word not in _SHORT)}"
    rf"|non-sale|[-_](?:{'|'.join(sorted(_SHORT))})(?![a-z])|\b(?:ht|net|nett|vip)[-_]"
    rf"|(?:excl|incl|with|ex|sans|sin|ohne|bez|non?)[a-z]{{0,7}}[-_]?(?:{_TAX})|(?:{_TAX})[-_](?:ex|in)cl",
    re.IGNORECASE,
)
"""Finds in markup what may be a word of these."""


def kinds_of(element: Element) -> frozenset[Kind]:
    """Return what an element's names say; what needs a word for a price has one in the same name."""
    kinds: set[Kind] = set()
    for name in _names_of(element):
        words = [word.lower() for word in _WORD.findall(_NO_SALE.sub("nonsale", name))]
        if not _TAXES.isdisjoint(words):
            kinds |= {Kind.PRICE} if _WITHOUT.isdisjoint(words) else {Kind.PRICE, Kind.BESIDE}
            continue
        said = _decided(list(_said(words)), words) if _STATES.isdisjoint(words) else set()
        kinds |= said if Kind.PRICE in said else said & _ALONE
    return frozenset(kinds)


def _decided(said: Sequence[Kind], words: Sequence[str]) -> set[Kind]:
    """Return what a name says, of `sales-price__former` and the like what its end does, but `price-before-sale`."""
    last = next((kind for kind in reversed(said) if kind in (Kind.FORMER, Kind.PRESENT)), None)
    last = Kind.FORMER if "before" in words else last
    return {kind for kind in said if kind is last or kind not in (Kind.FORMER, Kind.PRESENT)}


def _names_of(element: Element) -> Iterator[str]:
    for attribute in _NAMING:
        for name in (element.attr(attribute) or "")[:_MOST_CHARS].split():
            if ":" not in name and "[" not in name:  # `before:absolute` is of a stylesheet's own language
                yield name
    label = element.attr("aria-label") or ""
    if len(label) <= _MOST_LABEL_CHARS and not any(map(str.isdigit, label)):
        yield "-".join(label.split())
    digits = ""
    for attribute, value in element.attrs.items():
        if attribute.startswith("data-") and isinstance(value, str) and any(map(str.isdigit, value[:20])):
            digits = digits or "".join(_DIGITS.findall(element.text[:100]))
            if digits == "".join(_DIGITS.findall(value[:30])):
                yield attribute


def _said(words: Sequence[str]) -> Iterator[Kind]:
    for word in words:
        if word in _MEANINGS:
            yield _MEANINGS[word]
        elif rest := _joined(word):
            yield from (Kind.PRICE, rest)


def _joined(word: str) -> Kind | None:
    """Return what the rest of a word says that begins or ends with one for a price: of `oldprice` what `old` does."""
    for price in _PRICE_WORDS:
        if word.startswith(price) and (kind := _MEANINGS.get(word.removeprefix(price))):
            return kind
        if word.endswith(price) and (kind := _MEANINGS.get(word.removesuffix(price))):
            return kind
    return None
