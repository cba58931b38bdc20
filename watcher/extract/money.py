"""
Text → the price that one pays now, as shops write it.

Find the amounts, name what each is from the words beside it, drop what is no price, choose; refuse when two remain.

| an amount is | by the words | and is |
|---|---|---|
| final | `到手价`, `券后` | taken first |
| now | `现价`, `秒杀价`, `now`, `jetzt`, `sale price` | taken next |
| plain | no word, or one that is not known | taken next |
| a unit's | `/100 g`, `per kg`, `/月`, `单价` | taken when it is alone |
| beside it | roughly, lowest of 30 days, `单买价` | taken when it is alone |
| net | `税抜`, `excl. btw` | taken when it is alone |
| was | `原价`, `划线价`, `was`, `UVP`, `statt`, `au lieu de` | taken when it is alone: nothing else is asked |
| a part | shipping, deposit, instalment, saving, `满99元` | never a price |

- A number without a currency counts only when none has one; `1.299,-` and `3.5万` count as having one. Dates, times,
  percentages, `第3期`, `2件` and `12GB` are never amounts.
- The words stand before their amounts (`原价¥199 现价¥99`); or behind them, when each has some behind it and the first
  none before it (`¥99 券后 ¥199 原价`).
- Of a range (`¥99-199`, `5 € bis 10 €`) the lower bound is the price; `起`, `from` and `ab` change nothing.
- Two amounts without words are told apart by a discount that fits (`-75% $59.99 $14.99`, `Save $20`), or refused.
- A price is never dearer than one it beats: `原价 ¥79 现价 ¥99` is refused. A wrong price is worse than an error.
- `Free`, `免费`, `Kostenlos` alone are 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import IntEnum

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.values import Money
from watcher.errors import UnparsableError
from watcher.extract.numbers import NUMBER, UNITS, amount, plain, quoted


class _Role(IntEnum):
    """What an amount is; the lowest is taken."""

    FINAL = 0
    NOW = 1
    PLAIN = 2
    UNIT = 3
    BESIDE = 4
    NET = 5
    WAS = 6
    PART = 7


class _Amount(Struct, frozen=True, kw_only=True):
    """
    An amount in a text.

    Attributes:
        start, end: with its currency.
        has_mark: of a currency, or of what only prices have.
        unit: 万 or its like, when it stands at the range's other end.
    """

    number: re.Match[str]
    start: int
    end: int
    value: Decimal = Decimal(0)
    currency: str | None = None
    has_mark: bool = False
    unit: str | None = None
    role: _Role = _Role.PLAIN


_CODES = (
    "USD|EUR|GBP|CNY|RMB|JPY|HKD|TWD|NTD|MOP|SGD|KRW|AUD|CAD|NZD|CHF|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|BGN|TRY|RUB|UAH"
    "|INR|IDR|MYR|THB|VND|PHP|BRL|MXN|ARS|CLP|COP|PEN|ZAR|ILS|AED|SAR|KZT"
)
_DOLLARS = r"(?:(?<![A-Za-z])(?:(?:US|AU|CA|NZ|HK|NT|C) ?|Mex|MX|CDN|AR|CL|CO|RD|TT|[SARTJNZ]))?\$"
_MARK_BEFORE = re.compile(
    rf"(?P<sign>-)? ?(?P<mark>{_DOLLARS}|[€£¥₩₽₹₺₴₫฿₱₪]|(?<![A-Za-z])(?:{_CODES}|kr|Kr|Fr|RM|Rp|Rs|TL))\.? ?$"
)
_DASH = r"(?: ?[.,:][-–—]{1,2}(?!\d))"
_BEHIND_ONLY = "元|圆|块|円|圓|원|₽|₫|zł|Kč|(?:Ft|lei|лв|руб|грн|TL|[Ee]uros?)(?![^\\W\\d_])"
_EITHER_SIDE = rf"€|₺|₴|฿|₹|(?:{_CODES}|kr|Fr)(?![^\W\d_])"
_MARK_BEHIND = re.compile(
    rf"(?P<dash>{_DASH})?(?: ?(?:(?P<behind>{_BEHIND_ONLY})|(?P<either>{_EITHER_SIDE})"
    r"|(?P<before>[$£¥₩₱₪])(?! ?\d))\.?)?"
)
_ONE_CURRENCY = {"圆": "元", "块": "元", "圓": "元", "euro": "€", "euros": "€", "Euro": "€", "Euros": "€", "Kr": "kr"}
_EURO_AS_POINT = re.compile(r"(?<=\d)€(?:(?=\d\d(?![\d€]| €))| (?=\d\d$))")

_PERCENT = re.compile(r"(?P<percent>\d{1,3})(?:[.,]\d{1,2})? ?(?:%|percent\b|Prozent\b)|(?P<tenths>\d(?:\.\d)?)折")
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_NO_AMOUNT = re.compile(
    r"(?<![\d.,])(?:\d{4}(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月(?:\d{1,2}日)?)|\d{1,2}([./])\d{1,2}\1\d{4}"
    r"|\d{1,2}月\d{1,2}日|\d{1,2}:\d{2}(?::\d{2})?|\d{1,2}h\d{2})(?![\d€]|[.,]\d)"
    rf"|\b(?:{_MONTHS})[a-z]{{0,6}}\.? \d{{1,2}}, \d{{4}}\b"
    r"|第\d+[期章回集卷天场届]"
)
_RANGE = re.compile(r" ?(?:-|–|—|~|〜|至|到|to|bis|à|tot|till?|al?) ?")
# `3만 5천원` is 35,000, and `$19 99` is no 19: what goes on behind a number in such ways is not read.
_BROKEN = re.compile(r"(?: ?\d{1,4})?[千천仟]|[百백¢]| [.,]\d| \d\d$")
_NEVER_SPACED = frozenset("¥元円원₩")  # `¥99 199` is two prices
_COUNTED = re.compile(
    r"(?!起)[^\W\d_]|\+|×| ?/| (?:[件个個张張人条分点枚名개명]|[x×]\b|(?:von|of|out|stück|stk|pcs"
    r"|pieces?|items?|bids?|sold|left"
    r"|reviews?|seats?|tickets?|available|in stock|payments?|stars?|days?|tage|[gtm]b|[ckm]?m|k?g|m?l)\b)",
    re.IGNORECASE,
)
_FREE = frozenset(
    {"free", "free to play", "免费", "免费开玩", "免費", "免費遊玩", "kostenlos", "gratis", "gratuit", "gratuito"}
    | {"無料", "무료", "za darmo", "zdarma", "бесплатно"}
)

# What stands right before an amount and makes it no whole price.
_PART_BEFORE = re.compile(
    r"(?:定金|订金|押金|已优惠|首付|尾款|每期|月供|(?<!免)运费|快递费?|邮费|配送费|満|满|减|立省|省|返|抵|券(?=$)|送料|배송비|월|할부"
    r"|節約|(?<!\d)\+|\d ?[x×](?: de| à)?|\d keer"
    r"|\b(?:deposit|payments of|anzahlung|acompte|(?<!free )shipping|(?<!free )delivery|postage|versand(?:kosten)?"
    r"|livraison|frais de port|envío|frete|dostawa|doprava|frakt|fragt|verzendkosten|spedizione|lieferung"
    r"|save|you save|saving|sparen|gespart|ersparnis|économisez|ahorra|ahorras|ušetříte|sleva|bespaar|spar|spara"
    r"|risparmi|oszczędzasz|over|above|orders of|dont|incl\.?|inkl\.?|davon|taniej o|spend|pfand"
    r"|zzgl\.?|remise de|ab einem bestellwert von))$"
)
_BESIDE_BEFORE = re.compile(
    r"(?:(?<!拼)单价|每|约合|≈|당|あたり|単価|="
    r"|\b(?:\d (?:for|für|pour)|approximately|approx\.?|grundpreis|unit price|per unit))$"
)
_PART_BEHIND = re.compile(
    r" ?[x×*] ?\d| ?/ ?期"
    r"| (?:de )?(?:shipping|delivery|postage|versand|versandkosten|livraison|frais de port|z dostawą)\b(?! included)"
    r"| (?:off|saved|savings?|rabatt|gespart|de réduction|de remise)\b|(?:运费|邮费)"
)
_UNITS = (
    "kg|g|kilo|l|ml|m|oz|ounce|lb|litre|liter|stück|piece|item|unit|count|pair|paar|pièce|unidad|person|personne|persona"
    "|month|mo|monat|mois|mes|måned|månad|year|jahr|an|año|week|woche|night|nacht|nuit|noche|day|tag|jour|día"
)
_UNIT_BEHIND = re.compile(
    rf"起? ?/ ?\d* ?[^\W\d]| (?:per|pro|je|par|a|al|por) (?:\d+ ?)?(?:{_UNITS})\b"
    r"| (?:mtl|monatlich|měsíčně|monthly|mensuel)\b| ?/ ?㎡"
)

_WORDS: dict[_Role, tuple[str, str]] = {
    _Role.FINAL: ("到手(?!机)|券后|券後|实付|折后价|最终价", r"after coupon|with coupon|mit gutschein"),
    _Role.NOW: (
        "现价|現價|促销价|秒杀|活动价|特惠|售价|京东价|当当价|拼单价|抢购价|特价|优惠价|优惠后|限时|预售价|百亿补贴|折扣价"
        "|特別価格|販売価格|セール価格|現在価格|할인가|판매가격",
        r"now|now only|sale price|deal price|your price|current price|today|jetzt|nur|aktionspreis|angebotspreis"
        r"|neuer preis|nouveau prix|prix de vente|prix promo|maintenant|ahora|precio rebajado|oferta|por|voor|nu|nå"
        r"|tilbud|promocja|reduced to|ora|adesso",
    ),
    _Role.BESIDE: (
        "单买价|单独购买|约合",
        r"30 dni|najniższa cena|niedrigster preis|lowest price|30 tagen?|30 days|30 jours|30 días"
        r"|30 giorni|approximately|approx",
    ),
    _Role.NET: ("税抜|税別|未税", r"bez dph|netto|ht|excl\.? btw|ohne mwst|excl\.? vat|ex\.? vat|hors taxes?"),
    _Role.WAS: (
        "原价|原價|定价|定價|市场价|划线价|指导价|优惠前|日常价|日常售价|吊牌价|专柜价|官网价|影院价|门市价|参考价|参考価格"
        "|通常価格|希望小売価格|定価|過去価格|元の価格|정가|券前",
        r"was|list price|list|typical price|rrp|msrp|reg|regular price|original price|originally|reduced from"
        r"|compare at|before|uvp|statt|vorher|ursprünglich|bisher|bisheriger preis|alter preis|prix conseillé"
        r"|au lieu de|ancien prix|prix barré|prix d'origine|avant|antes|pvpr|pvp|precio original|precio anterior"
        r"|poprzednia cena|cena regularna|adviesprijs|van|før|førpris|veil\. pris|ord\. pris|ord|normalpris"
        r"|normalpreis|normal price|původně|běžná cena|prezzo consigliato|prezzo di listino|старая цена|cena przed",
    ),
}
_WORD = re.compile(
    "|".join(
        f"(?P<{role.name}>{cjk}|(?<![^\\W\\d_])(?:{latin})(?![^\\W\\d_]))" for role, (cjk, latin) in _WORDS.items()
    )
)
_MAX_GAP_CHARS = 80
_NEVER_CHEAPER = frozenset({_Role.FINAL, _Role.NOW, _Role.PLAIN, _Role.WAS})


def money(text: str) -> Money:
    """
    Return the price that one pays now, and its currency if the text names one.

    Raises:
        UnparsableError: there is no price, only a part of one, or more than one that no word tells apart.
    """
    text = plain(text, "price")
    if text.lower() in _FREE:
        return Money(amount=Decimal(0))
    line = _NO_AMOUNT.sub(";", _PERCENT.sub(";", _with_points(text)))
    found = _ranges_closed(list(_amounts(line)), line)
    marked = [each for each in found if each.has_mark] or _rare(found, line) or _bare(found, line)
    if not marked:
        raise UnparsableError(f"{quoted(text)} holds no price; select the element that shows one")
    valued = [replace(each, value=_value(each, line)) for each in marked]
    chosen = _choose(_roles(valued, line), text)
    return Money(amount=chosen.value, currency=chosen.currency)


def _with_points(text: str) -> str:
    """Return the text with `35€99` as `35,99€`."""
    if "€" not in text:
        return text
    return re.sub(r"(?<=\d)\x00(\d\d)", r",\1€", _EURO_AS_POINT.sub("\x00", text.replace("\x00", " ")))


def _amounts(line: str) -> Iterator[_Amount]:
    """Yield every number, with the currency that belongs to it."""
    numbers = list(NUMBER.finditer(line))
    end = 0
    for index, number in enumerate(numbers):
        following = numbers[index + 1] if index + 1 < len(numbers) else None
        before = _MARK_BEFORE.search(line, max(end, number.start() - 8), number.start())
        behind = _mark_behind(line, number, following, has_before=before is not None)
        start = before.start() if before else number.start()
        end = behind.end() if behind else number.end()
        mark = before["mark"] if before else behind and (behind["behind"] or behind["either"] or behind["before"])
        is_big = bool(number["unit"]) and not re.match(r"[^\W\d_]|\+", line[end : end + 1])
        has_mark = bool(mark or is_big or (behind and behind["dash"]))
        currency = _ONE_CURRENCY.get(mark, mark.replace(" ", "")) if mark else None
        role = _Role.PART if before and before["sign"] else _Role.PLAIN
        yield _Amount(number=number, start=start, end=end, currency=currency, has_mark=has_mark, role=role)


def _mark_behind(
    line: str, number: re.Match[str], following: re.Match[str] | None, *, has_before: bool
) -> re.Match[str] | None:
    """Return the currency behind a number, unless it belongs to the number that follows."""
    behind = _MARK_BEHIND.match(line, number.end())
    if not behind or not behind[0]:
        return None
    if following is None or not behind["either"] or following.start() - behind.end() > 1:
        return behind
    return behind if not has_before and _is_own(behind, number, following) else None


def _is_own(behind: re.Match[str], number: re.Match[str], following: re.Match[str]) -> bool:
    """Return whether a currency between two numbers is the first one's: by what stands closer, or has cents."""
    line = behind.string
    gaps = (behind[0].startswith(" "), following.start() > behind.end())
    if _is_closed(line, following) or gaps == (False, True):
        return True
    if gaps == (True, False) or (_has_cents(following) and not _has_cents(number)):
        return False
    if _has_cents(number) or _COUNTED.match(line, following.end()):
        return True
    raise UnparsableError(f"{quoted(line)}: nobody can tell whose {behind[0].strip()} that is; select only one price")


def _is_closed(line: str, number: re.Match[str]) -> bool:
    """Return whether a currency stands behind the number, so that the one before it is not its own."""
    behind = _MARK_BEHIND.match(line, number.end())
    return behind is not None and bool(behind["either"] or behind["behind"])


def _has_cents(number: re.Match[str]) -> bool:
    return re.search(r"[.,]\d\d$", number["digits"]) is not None


def _ranges_closed(found: Sequence[_Amount], line: str) -> list[_Amount]:
    """Return the amounts with each range as its lower bound; currency and 万 may stand at the upper one only."""
    closed: list[_Amount] = []
    for each in found:
        lower = closed[-1] if closed else None
        if lower is None or not _is_range(lower, each, line):
            closed.append(each)
            continue
        closed[-1] = replace(
            lower,
            end=each.end,
            currency=lower.currency or each.currency,
            has_mark=lower.has_mark or each.has_mark,
            unit=lower.number["unit"] or each.number["unit"],
        )
    return closed


def _is_range(lower: _Amount, upper: _Amount, line: str) -> bool:
    if not _RANGE.fullmatch(line, lower.end, upper.start) or re.search(r"\breduced from\W*$", line[: lower.start]):
        return False
    try:
        return amount(lower.number, is_point_decimal=False) <= amount(upper.number, is_point_decimal=False)
    except UnparsableError:
        return False


def _rare(found: Sequence[_Amount], line: str) -> list[_Amount]:
    """Return a lone number with a currency that only price-parser knows (`129 дин.`)."""
    if len(found) != 1 or line.isascii():
        return []
    from price_parser import Price  # 20 ms, and rarely asked

    currency: str | None = Price.fromstring(line).currency
    return [replace(found[0], currency=currency)] if currency and not currency.isascii() else []


def _bare(found: Sequence[_Amount], line: str) -> list[_Amount]:
    """Return the numbers that may be prices where none has a currency: not `2件`, `12GB`, `iPhone17`."""
    return [
        each
        for each in found
        if not (each.number["unit"] and each.has_mark)
        and not _COUNTED.match(line, each.end)
        and not re.search(r"[^\W\d_]$", line[max(0, each.start - 1) : each.start].strip("价價:"))
    ]


def _value(each: _Amount, line: str) -> Decimal:
    is_spaced = " " in each.number["digits"] and each.currency in _NEVER_SPACED
    if is_spaced or _BROKEN.match(line, each.number.end()):
        raise UnparsableError(f"{quoted(line)}: {quoted(each.number[0])} is cut apart; select only the price")
    value = amount(each.number, is_point_decimal=False)
    if each.unit and not each.number["unit"]:
        value *= UNITS[each.unit]
        return value.to_integral_value() if value == value.to_integral_value() else value
    return value


def _roles(amounts: Sequence[_Amount], line: str) -> list[_Amount]:
    """Return the amounts with what they are; of the two ways to read the words, the one that does not contradict."""
    gaps = [line[a:b].lower() for a, b in _gaps(amounts, len(line))]
    parted = [_parted(each, gaps[index], gaps[index + 1]) for index, each in enumerate(amounts)]
    if len(amounts) == 1:
        return parted
    words = [_word(gap) for gap in gaps]
    before = _named(parted, words[:-1])
    behind = _named(parted, words[1:])
    is_behind = words[0] is None and None not in words[1:]
    may_be_behind = words[0] is None and words[-1] not in (_Role.FINAL, _Role.NOW)
    readings = [behind, before] if is_behind else [before, behind] if may_be_behind else [before]
    return next((reading for reading in readings if _is_sound(reading) and _is_decided(reading)), before)


def _gaps(amounts: Sequence[_Amount], length: int) -> Iterator[tuple[int, int]]:
    """Yield where the text before, between and behind the amounts stands."""
    end = 0
    for each in amounts:
        yield end, each.start
        end = each.end
    yield end, length


def _parted(each: _Amount, before: str, behind: str) -> _Amount:
    """Return the amount as a part or a unit's price, when the words right beside it say so."""
    tail = before[-30:].rstrip(" :：(（")
    if each.role is _Role.PART or _PART_BEHIND.match(behind) or _PART_BEFORE.search(tail):
        return replace(each, role=_Role.PART)
    if _UNIT_BEHIND.match(behind):
        return replace(each, role=_Role.UNIT)
    return replace(each, role=_Role.BESIDE) if _BESIDE_BEFORE.search(tail) else each


def _word(gap: str) -> _Role | None:
    """Return what the last word of a gap says of its amount."""
    words = [match.lastgroup for match in _WORD.finditer(gap[-_MAX_GAP_CHARS:])]
    return _Role[words[-1]] if words and words[-1] else None


def _named(amounts: Sequence[_Amount], words: Sequence[_Role | None]) -> list[_Amount]:
    return [
        replace(each, role=word) if each.role is _Role.PLAIN and word is not None else each
        for each, word in zip(amounts, words, strict=True)
    ]


def _is_decided(amounts: Sequence[_Amount]) -> bool:
    best = min(each.role for each in amounts)
    return len({each.value for each in amounts if each.role is best}) == 1


def _is_sound(amounts: Sequence[_Amount]) -> bool:
    """Return whether no amount that would be taken is dearer than one it beats."""
    best = min(each.role for each in amounts)
    chosen = min((each.value for each in amounts if each.role is best), default=Decimal(0))
    return all(
        chosen <= each.value if each.role in _NEVER_CHEAPER else chosen >= each.value
        for each in amounts
        if each.role in _NEVER_CHEAPER or each.role is _Role.NET
    )


def _choose(amounts: Sequence[_Amount], text: str) -> _Amount:
    best = min(each.role for each in amounts)
    if best is _Role.PART:
        raise UnparsableError(
            f"{quoted(text)} holds only a part of a price (shipping, deposit, instalment, saving); select the price"
        )
    candidates = list({each.value: each for each in reversed(amounts) if each.role is best}.values())
    candidates = _discounted(candidates, amounts, text) if len(candidates) == 2 else candidates
    if len(candidates) == 1 and _is_sound(amounts):
        return candidates[0]
    shown = ", ".join(f"{each.value:f}" for each in list(amounts)[:4])
    raise UnparsableError(f"{quoted(text)} holds more than one price ({shown}); select only the one that counts")


def _discounted(pair: Sequence[_Amount], amounts: Sequence[_Amount], text: str) -> list[_Amount]:
    """Return the lower of two prices when a percentage, or a saving, in the text is the way from one to the other."""
    lower, higher = sorted(pair, key=lambda each: each.value)
    if lower.currency != higher.currency or higher.value <= 0:
        return list(pair)
    left = lower.value / higher.value * 100
    saved = higher.value - lower.value
    fits = any(abs(share - left) <= 1 for share in _shares_left(text))
    fits = fits or any(each.role is _Role.PART and abs(each.value) == saved for each in amounts)
    return [lower] if fits else list(pair)


def _shares_left(text: str) -> Iterator[Decimal]:
    """Yield what the discounts in the text leave of a price, in percent: of `-25%` 75, of `5折` 50."""
    for match in _PERCENT.finditer(text):
        yield 100 - Decimal(match["percent"]) if match["percent"] else Decimal(match["tenths"]) * 10
