"""
Text → the price that one pays now, as shops write it.

Find the amounts, name what each is from the words beside it, drop what is no price, choose; refuse when two remain.

| an amount is | by the words | and is |
|---|---|---|
| conditional | `券后`, `no Pix`, `with code`, `buy it now` | taken when no other is asked, else all is refused |
| final | `到手价`, `实付` | taken first |
| now | `现价`, `秒杀价`, `now`, `jetzt`, `sale price` | taken next |
| gross | `税込`, `TTC`, `inkl. moms` | taken next; what is up to 30 % less beside it is net |
| everybody's | `non-member`, `без карты` | taken next, though a plain one is less |
| plain | no word, or one that is not known | taken next |
| a unit's, a term's | `/kg`, `/Stück`; `/月`, `per night` | taken when it is alone |
| beside it | roughly, `单买价`, lowest price | taken when it is alone |
| net | `税抜`, `excl. btw` | taken when it is alone |
| a list's | `定价`, `UVP`, `regular price` | taken when it is alone: nothing else is asked |
| aside | `/100 g`, `1 kg =`, lowest of 30 days | never a price |
| was | `原价`, `划线价`, `was`, `statt`, `au lieu de` | never a price |
| a member's | `会员价`, `members`, `Clubcard price`, `with trade-in` | never a price |
| a part | shipping, deposit, instalment, saving, gift card, points, `满99元` | never a price |

- A number without a currency counts only when none has one; `1.299,-` and `3.5万` count as having one. Dates, times,
  percentages, `第3期`, `2件` and `12GB` are never amounts.
- The words stand before their amounts (`原价¥199 现价¥99`); or behind them, when each has some behind it and the first
  none before it (`¥99 到手 ¥199 原价`); or some before and some behind (`13 € bez DPH (nejnižší cena 30 dní: 14 €)`).
- Of a range (`¥99-199`, `5 € bis 10 €`) the lower bound is the price; `起`, `from` and `ab` change nothing.
- Of the same in euro and in the currency before it, the first is the price (`25,51 € / 49,90 лв.`).
- Two amounts without words are told apart by a discount that fits (`-75% $59.99 $14.99`, `Save $20`), or refused.
- A price is never dearer than one it beats: `原价 ¥79 现价 ¥99` is refused. A wrong price is worse than an error.
- Where adults, children, students or others pay another price, all is refused (`Regular $25 Senior $18`).
- A price behind one by the month is refused where it is not the whole of such (`$10/month $99 activation`).
- `Free`, `免费`, `Kostenlos` alone are 0.
- Raised digits (`19⁹⁹`, as `price_text.py` writes `<sup>`) are cents behind a whole number, a footnote behind cents.
- A page's number without a currency that may be a year (`2026`) is no price, unless the watch names its `currency`.

The words stand in `price_words.py` and `price_conditions.py`, the currencies in `currencies.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.values import Money
from watcher.errors import UnparsableError
from watcher.extract.currencies import NOWHERE, SIGNS, Place, code_of, has_thousandths, home_signs, is_shared
from watcher.extract.numbers import NUMBER, UNITS, amount, plain, quoted
from watcher.extract.price_conditions import LESS, NEXT, is_class, is_instalment, said_behind
from watcher.extract.price_words import (
    NOTHING_TO_PAY,
    Role,
    first_said,
    is_threshold_before,
    is_threshold_behind,
    role_alone,
    role_said,
)


class _Amount(Struct, frozen=True, kw_only=True):
    """
    An amount in a text.

    Attributes:
        start, end: with its currency.
        currency: as it is written; `code`: of ISO 4217, when that can be told.
        has_mark: of a currency, or of what only prices have.
        unit: 万 or its like, when it stands at the range's other end.
        is_of_class: asked of adults, children or others.
    """

    number: re.Match[str]
    start: int
    end: int
    value: Decimal = Decimal(0)
    currency: str | None = None
    code: str | None = None
    has_mark: bool = False
    unit: str | None = None
    role: Role = Role.PLAIN
    is_of_class: bool = False


_DOLLARS = (
    r"(?:(?<![A-Za-z])(?:(?:US|AU|CA|NZ|HK|NT|MOP|WS|C|CI|EC|TT|BZ|Bds) ?|Mex|MX|CDN|AR|CL|CO|RD|[SARTJNZGF]))?\$U?"
)
_BEFORE_ONLY = frozenset("£¥₩₱₪")  # behind a number they may be those of the next
_BEHIND_ONLY = r"元|圆|块|円|圓|원|บาท|₽|₫|zł|Kč|(?:Ft|lei|Lei|лв|руб|грн|TL|[Ee]uros?)(?![^\W\d_])"
_NO_WORDS_BEHIND = frozenset(_BEHIND_ONLY.partition("(?:")[0].rstrip("|").split("|")) | {
    "Ft",
    "lei",
    "лв",
    "руб",
    "грн",
    "TL",
}
_DASH = r"(?: ?[.,:][-–—]{1,2}(?!\d))"


class _Marks(Struct, frozen=True):
    """What a currency before a number looks like, one behind it, and one with letters that no blank parts from it."""

    before: re.Pattern[str]
    behind: re.Pattern[str]
    glued: re.Pattern[str]


@lru_cache(maxsize=100)
def _marks(at_home: tuple[str, ...]) -> _Marks:
    """Return the marks of a page, with the signs that are read at its home alone."""
    known = [sign for sign in SIGNS - _BEFORE_ONLY - _NO_WORDS_BEHIND if "$" not in sign] + list(at_home)
    longest_first = sorted({*known, "kr", "Kr", "Fr"}, key=len, reverse=True)
    letters = [re.escape(sign) for sign in longest_first if sign[0].isalpha()]
    others = [re.escape(sign) for sign in longest_first if not sign[0].isalpha()]
    words = rf"(?<![^\W\d_])(?:{'|'.join(letters)}|TL)"
    before = rf"(?P<sign>-)? ?(?P<mark>{_DOLLARS}|[£¥₩₱₪₽₫]|{'|'.join(others)}|{words})\.? ?$"
    either = rf"{'|'.join(others)}|(?:{'|'.join(letters)})(?![^\W\d_])"
    behind = (
        rf"(?P<dash>{_DASH})?(?: ?(?:(?P<behind>{_BEHIND_ONLY})|(?P<either>{either})"
        r"|(?P<before>" + _DOLLARS + r"|[£¥₩₱₪])(?! ?\d))\.?)?"
    )
    lettered = [re.escape(sign) for sign in longest_first if re.search(r"[^\W\d_]", sign)]
    glued = rf"(?<![^\W\d_])(?:{'|'.join(lettered)})\.?(?=\d)"
    return _Marks(re.compile(before), re.compile(behind), re.compile(glued))


_MOST_MARK_CHARS = 10
_MOST_NUMBERS = 24
"""In the text of one price, dates and sizes included; texts of shops have four at most."""
_ONE_CURRENCY = {"圆": "元", "块": "元", "euro": "€", "euros": "€", "Euro": "€", "Euros": "€", "Kr": "kr", "Lei": "lei"}
_EURO_AS_POINT = re.compile(r"(?<=\d)€(?:(?=\d\d(?![\d€]| €))| (?=\d\d$))")

_PERCENT = re.compile(r"(?P<percent>\d{1,3})(?:[.,]\d{1,2})? ?(?:%|percent\b|Prozent\b)|(?P<tenths>\d(?:\.\d)?)折")
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_NO_AMOUNT = re.compile(
    r"(?<![\d.,])(?:\d{4}(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月(?:\d{1,2}日)?)|\d{1,2}([./])\d{1,2}\1\d{4}"
    r"|\d{1,2}月\d{1,2}日|\d{1,2}:\d{2}(?::\d{2})?|\d{1,2}h\d{2})(?![\d€]|[.,]\d)"
    rf"|\b(?:{_MONTHS})[a-z]{{0,6}}\.? \d{{1,2}}, \d{{4}}\b"
    r"|(?<![\w.,])\d ?\+ ?\d(?![\w.,])|第\d+[期章回集卷天场届]"
)
_RANGE = re.compile(r" ?(?:-|–|—|~|〜|至|到|to|bis|à|tot|till?|al?|through|thru) ?", re.IGNORECASE)
# `3만 5천원` is 35,000, and `$19 99` is no 19: what goes on behind a number in such ways is not read.
_BROKEN = re.compile(r"(?: ?\d{1,4})?[千천仟]|[百백¢]| [.,]\d| \d\d$")
_TORN = re.compile(r" \d{1,3}[.,]\d{1,2}(?: ?起)?$")  # `¥3 5.9` is 35.9, or two numbers
_NEVER_SPACED = frozenset("¥元円원₩")  # `¥99 199` is two prices
_THINGS = (
    "[件个個张張人条分点枚名개명]|[x×]\\b|(?:von|of|out|stück|stk|pcs|pieces?|items?|bids?|sold|left|reviews?|ratings?"
    "|bewertungen|avis|reseñas|opiniones|avaliações|recensioni|opinii|recenzí|отзыв(?:а|ов)?|отзывов|відгук(?:и|ів)?|yorum"
    "|đánh giá|ulasan|seats?|tickets?|available|in stock|payments?|stars?|days?|tage|[gtm]b|[ckm]?m|k?g|m?l|mah|k?wh?"
    "|ct|cents?|pence|kop|коп|points?|pts|pkt|punkte|punti|puntos|pontos|балл(?:а|ов)?|бонус(?:а|ов)?)\\b"
)
_COUNTED = re.compile(rf"(?!起)[^\W\d_]|\+|×| ?/| (?:{_THINGS})", re.IGNORECASE)
_COUNTED_THINGS = re.compile(rf" ?(?:{_THINGS})", re.IGNORECASE)
_QUANTITY = re.compile(r"(?<=\d) (?=\d{3} ?(?:[gt]b|[cm]m|k?g|m?l|mah|k?wh?|pcs|克|毫升|片|抽)\b)", re.IGNORECASE)
_IS_YEAR = re.compile(r"(?:19|20)\d\d")
_RAISED = re.compile(
    r"(?P<number>\d+(?:[.,'’ ]\d+)*)(?P<open>[.,])?(?P<mark> ?(?:[€$£₽₺₴₪₹]|zł|Kč|kr|[Ll]ei|TL|лв|грн|руб)\.?)?"
    r"(?P<gap> ?)(?P<raised>[⁰¹²³⁴-⁹]+)\)?"
)
_ANY_RAISED = re.compile(r"[⁰¹²³⁴-⁹]+\)?")
_HUNDRED_MILLIONS = re.compile(r"(?<![\d.,])(?P<most>\d{1,4})[億亿억] ?(?P<rest>\d{1,4}|\d,\d{3})(?P<unit>[万萬만])")
_SCALES = dict.fromkeys(("tys", "тыс", "тис", "rb", "ribu", "k", "هزار", "ألف"), 10**3)
_SCALES |= dict.fromkeys(("lac", "lacs", "lakh", "lakhs", "लाख"), 10**5)
_SCALES |= dict.fromkeys(
    (
        *(
            "jt",
            "juta",
            "triệu",
            "mio",
            "mln",
            "млн",
            "million",
            "millions",
            "millionen",
            "millón",
            "millones",
            "milhão",
        ),
        *("milhões", "milione", "milioni", "miljoen", "miljoner", "millioner", "milyon", "m", "ล้าน", "میلیون", "مليون"),
    ),
    10**6,
)
_SCALES |= dict.fromkeys(("cr", "crore", "crores", "करोड़"), 10**7)
_SCALES |= dict.fromkeys(("mrd", "млрд", "tỷ", "tỉ", "billion"), 10**9)
_SCALED = re.compile(
    r"(?<![\d.,])(?:(?P<lower>\d+(?:[.,]\d+)?) ?[-–~] ?)?(?P<number>\d+(?: \d{3})*(?:[.,]\d+)?)"
    rf"(?: ?(?P<word>{'|'.join(sorted((word for word in _SCALES if len(word) > 1), key=len, reverse=True))})"
    r"(?![^\W\d_])\.?"
    r"|(?<=\d)(?P<letter>[kKmM])(?![^\W_]))",
    re.IGNORECASE,
)
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_CENTS_APART = re.compile(
    r"(?P<whole>\d+(?:[.,'’ ]\d{3})*)(?: (?P<a>[.,]) ?|(?P<b>[.,]) )(?P<cents>\d\d)(?![\d]|[.,]\d)"
)

_WEIGHTS = (
    "kg|g|gr|mg|grams?|gramm|kilo|ml|cl|dl|l|lt|litre|liter|oz|fl\\.? ?oz|lb|кг|г|гр|мл|л|克|公斤|千克|斤|毫升|升"
    "|m|м|sqm|sq\\.? ?ft|кв\\.? ?м"
)
_TERMS = (
    "months?|mo|mth|mnth|monat|monats?|mois|mes|meses|mês|mese|mies|miesiąc|měs|měsíc|mesiac|hó|hónap|lună|luna|lună"
    "|månad|mån|måned|mnd|md|maand|kk|kuukausi|mėn|mēn|kuu|мес|месяц|міс|місяць|ay|tháng|bulan|bln|เดือน|شهر|شهرياً|חודש|ماه|माह"
    "|years?|yr|jahr|an|année|año|ano|anno|rok|év|år|jaar|год|рік|yıl|năm|tahun|weeks?|wk|woche|semaine|semana|settimana"
    "|nights?|nacht|nuit|noche|noite|notte|noc|natt|nat|yö|ночь|ніч|gece|đêm|malam|days?|tag|jour|día|dia|giorno|dag"
)

# What stands right before an amount and makes it no whole price.
_PART_BEFORE = re.compile(
    r"(?:定金|订金|押金|已优惠|首付|尾款|每期|月供|(?<!免)运费|快递费?|邮费|配送费|満|满|减|立省|省|慳|返|抵|返现|返利|红包|(?<!百亿)补贴|最高|最大|最低消费|保证金|服务费|券(?=$)|送料|배송비|월|할부|최대|적립|포인트|보증금|계약금|수수료|管理費等?|共益費|送料別|物业费|手数料|保証金|ポイント|獲得"
    r"|節約|(?<!\d)\+|\d ?[x×](?: de| à)?|\d keer"
    r"|\bmeses sin intereses(?: de)?|\b(?:emi|emi starts at|emi from)"
    r"|\b\d{1,2} ?(?:cuotas?|rate|rat|raty|taksit|parcelas|mensualités|mensualidades|splátek|raten|monatsraten"
    r"|termijnen|rater|avbetalningar|erää|платеж(?:а|ей)|платежів|міс|мес|payments|installments|instalments|взнос(?:а|ов)|ay)"
    r"(?: (?:of|de|da|von|po|x|×|à|по|van|på|à))?"
    r"|\b(?:deposit|payments of|anzahlung|acompte|(?<!free )shipping|(?<!free )delivery|postage|versand(?:kosten)?"
    r"|livraison|frais de port|envío|frete|dostawa|doprava|frakt|fragt|verzendkosten|spedizione|lieferung"
    r"|save|you save|saving|sparen|gespart|ersparnis|économisez|ahorra|ahorras|ušetříte|sleva|bespaar|spar|spara"
    r"|risparmi|oszczędzasz|z dostawą od|(?<!offers )over|above|orders of|dont|incl\.?|inkl\.?|davon|taniej o|spend"
    r"|pfand|zzgl\.?|remise de|ab einem bestellwert von))$"
)
_SAVED = re.compile(
    r"(?<!; )\b(?:off|rabatt?|discount|korting|remise|descuento|desconto|sconto|скидка|знижка|sleva|zľava|indirim)"
    r" ?[:：] ?$"
)
_BESIDE_BEFORE = re.compile(
    r"(?:\d ?(?:or more|oder mehr|ou plus|o más|ou mais|o più|of meer|eller flere|eller fler|lub więcej|a více|и более"
    r"|і більше|ve üzeri|个以上|点以上|個以上|개 이상)"
    r"|(?<!拼)单价|每|约合|≈|당|あたり|単価|="
    r"|\b(?:approximately|approx\.?|grundpreis|unit price|per unit))$"
)
_PART_BEHIND = re.compile(
    r" ?[x×*] ?\d| ?/ ?期"
    r"| (?:de )?(?:shipping|delivery|postage|versand|versandkosten|livraison|frais de port|z dostawą(?! od))"
    r"\b(?! (?:included|from|ab|à partir|od|desde|от|fra|från|vanaf)\b| ?[:：]| ?¤¤)"
    r"| (?:off|saved|savings?|rabatt|gespart|de réduction|de remise)\b(?! ?[:：])|(?:运费|邮费)"
    r"| ?(?:off(?![a-z])|オフ|引き)(?! ?[:：])|\D{0,8}\d{1,2}回(?:払|分割)"
)
_UNITS = (
    "kg|g|kilo|l|ml|m|oz|ounce|lb|litre|liter|stück|piece|item|unit|count|pair|paar|pièce|unidad|person|personne|persona"
    "|month|mo|monat|mois|mes|måned|månad|year|jahr|an|año|week|woche|night|nacht|nuit|noche|day|tag|jour|día"
)
_UNIT_BEHIND = re.compile(
    rf"起?(?: ?/ ?\d* ?(?:{_UNITS})\b|/ ?\d* ?[^\W\d]| /\d*[^\W\d]| / \d* ?[^\W\d]+[ .,;)*]*$)"
    rf"| (?:per|pro|je|par|a|al|por) (?:\d+ ?)?(?:{_UNITS})\b"
    rf"| (?:le|les|la|l['’]|au|el|il|al|za|за|på|för|pr\.?) ?(?:{_WEIGHTS})\b"
    r"| ?/ ?㎡"
)
_TERM_BEHIND = re.compile(
    rf"起?(?: ?/ ?| (?:per|pro|je|par|a|al|por|na|i|за|на|ayda|/) ?)(?:1 ?)?(?:{_TERMS})\b"
    r"| (?:mtl|monatlich|měsíčně|měs|mesačne|miesięcznie|monthly|mensuel|mensuels|mensuales|mensais|mensili|mensual"
    r"|mensal|pm|månadsvis|havonta|lunar|щомісяця|ежемесячно|aylık|yearly|annually|jährlich"
    r"|mēnesī|mėnesiui|kuus|mesečno|mjesečno|месечно|bulanan|mỗi tháng|p/m|pcm|pw|p\.m)\b"
    r"|/[月年晚夜]| ?每[月年晚]|/개월|/월"
)
_SEVERAL = re.compile(r"(?<![\d.,])(?:[2-9]|\d\d) ?(?:(?:for|für|pour|voor|för|til|por|per|za|за|для|点で|個で)|/)$")
_BY_WEIGHT = re.compile(
    rf"起?(?: ?/ ?| (?:per|pro|je|par|por|al|za|за|pr\.?|på|för|na|voor|a|à|les?|los) )"
    rf"(?:10|50|1[. ]?000?|250|500) ?(?:{_WEIGHTS})\b"
)
_WEIGHT_BEFORE = re.compile(rf"\d ?(?:{_WEIGHTS}) ?(?:당|あたり|=|≈)$|\d ?[^\W\d_]* ?=$")
_FUEL = re.compile(
    r"\b(?:diesel|super|benzin|benzina|essence|gazole|gasóleo|gasolina|gasolio|unleaded|e ?(?:5|10|85)|sp ?9[58]"
    r"|pb ?9[58]|дизель|аи-?9\d|lpg|gpl)\b",
    re.IGNORECASE,
)
_PER_LITRE = re.compile(r" ?(?:/ ?|per |pro |al |за |za )(?:l|lt|litre|liter|litro|litr|л|gal)\b", re.IGNORECASE)

_ADDED = re.compile(
    "shipping|delivery|postage|fee|tax|deposit|versand|liefer|livraison|env[ií]o|frete|spedizione|verzend|dostaw|doprav"
    "|достав|frakt|fragt|toimitus|szállít|livrare|运费|送料|배송",
    re.IGNORECASE,
)
_MOST_TAX = Decimal("1.3")
_NEVER_CHEAPER = frozenset({Role.FINAL, Role.NOW, Role.GROSS, Role.EVERYBODY, Role.PLAIN, Role.LIST, Role.WAS})
_NEVER_ALONE = frozenset({Role.ASIDE, Role.WAS, Role.MEMBER, Role.PART})
_NOT_ASKED_NOW = _NEVER_ALONE | {Role.UNIT, Role.TERM, Role.BESIDE, Role.NET}
"""What stands beside a price without being another that a buyer might pay."""
_LEAST_TERMS = 3
_FIXED_RATES = {"BGN": Decimal("1.95583"), "HRK": Decimal("7.5345")}
"""Of currencies that gave way to the euro, for one euro: Regulations (EU) 2025/1410 and 2022/1208."""


def money(text: str, *, place: Place = NOWHERE, currency: str | None = None, may_be_year: bool = False) -> Money:
    """
    Return the price that one pays now, and its currency if the text names one.

    Args:
        place: of the page whose text it is.
        currency: what the watch says that its prices are in (ISO 4217); amounts in others are passed over.
        may_be_year: 2026 without a currency is no price; of what machines wrote it is.

    Raises:
        UnparsableError: there is no price, only a part of one, or more than one that no word tells apart; or the price
            is in another currency.
    """
    text = plain(text, "price")
    if text.lower().strip(" .!…") in NOTHING_TO_PAY:
        return Money(amount=Decimal(0), code=currency)
    marks = _marks(home_signs(place))
    line = _SCALED.sub(_unscaled, _HUNDRED_MILLIONS.sub(_in_ten_thousands, _QUANTITY.sub(" ; ", text)))
    line = _with_cents(_with_points(marks.glued.sub(r"\g<0> ", line)), marks)
    line = _NO_AMOUNT.sub(";", _PERCENT.sub(";", line))
    found = [replace(each, code=code_of(each.currency, place)) for each in _amounts(line, marks)]
    found = _in_first_currency(_ranges_closed(found, line), line)
    marked = [each for each in found if each.has_mark] or _rare(found, line) or _bare(found, line)
    if may_be_year and currency is None:
        marked = [each for each in marked if each.has_mark or each.currency or not _IS_YEAR.fullmatch(each.number[0])]
    if not marked:
        raise UnparsableError(_nothing_found(text, found))
    valued = [replace(each, value=_value(each, line)) for each in _in_currency(marked, currency, text)]
    chosen = _choose(_roles(valued, line), text)
    return Money(amount=chosen.value, currency=chosen.currency, code=currency or chosen.code)


def _in_ten_thousands(match: re.Match[str]) -> str:
    """Return `1億2,800万` as `12800万`."""
    rest = match["rest"].replace(",", "")
    return f"{int(match['most']) * 10_000 + int(rest)}{match['unit']}" if int(rest) < 10_000 else match[0]


def _unscaled(match: re.Match[str]) -> str:
    """Return `1,2 jt` as `1200000`, and a range as one of such."""
    word = (match["word"] or match["letter"]).lower()
    numbers = [each for each in (match["lower"], match["number"]) if each]
    if any(re.search(r"[.,]\d{3}$", each) for each in numbers):
        raise UnparsableError(f"{quoted(match.string)}: nobody can tell how much {quoted(match[0])} is")
    scaled = (Decimal(re.sub("[ '’]", "", each).replace(",", ".")) * _SCALES[word] for each in numbers)
    return " - ".join(f"{each.normalize():f}" for each in scaled)


def _nothing_found(text: str, found: Sequence[_Amount]) -> str:
    if not text:
        return "there is no price: what is there is empty, or crossed out"
    if len(found) == 1 and _IS_YEAR.fullmatch(found[0].number[0]):
        return f"{quoted(text)} may be a year; if it is a price, name its currency, as `currency: EUR`"
    return f"{quoted(text)} holds no price; select the element that shows one"


def _in_currency(amounts: Sequence[_Amount], currency: str | None, text: str) -> Sequence[_Amount]:
    """Return the amounts that may be in this currency. Raises UnparsableError when all are in others."""
    if currency is None:
        return amounts
    fitting = [each for each in amounts if each.code in (None, currency) or is_shared(each.currency or "")]
    if not fitting:
        raise UnparsableError(f"{quoted(text)} is in {amounts[0].code}, and `currency:` says {currency}")
    return fitting


def _with_cents(line: str, marks: _Marks) -> str:
    """Return the text with raised digits, and those behind a blank, as cents: `19⁹⁹` and `19, 99 €` are 19.99."""
    if not line.isascii():
        line = " ".join(_ANY_RAISED.sub("", _RAISED.sub(_lowered, line)).split())
    return _CENTS_APART.sub(lambda match: _cents_joined(match, marks), line)


def _lowered(match: re.Match[str]) -> str:
    number, mark, raised = match["number"], match["mark"] or "", match["raised"].translate(_LOWERED)
    tail = f"{match['open'] or ''}{mark}"
    if re.search(r"[.,]\d\d$", number):
        if raised == "9" and not mark:
            if re.match(" ?[€$£]", match.string[match.end() :]):
                return f"{number}9"  # 1,74⁹ €
            raise UnparsableError(f"{quoted(match.string)}: nobody can tell whether the raised 9 is a tenth of a cent")
        return f"{number}{tail} "  # 49,95 €¹
    if len(raised) == 2 and not (mark and match["gap"]):
        return f"{number}{',' if '.' in number else '.'}{raised}{mark} "
    if mark:
        return f"{number}{tail} "  # 49 €¹
    raise UnparsableError(f"{quoted(match.string)}: nobody can tell what the raised {raised} is; select only the price")


def _cents_joined(match: re.Match[str], marks: _Marks) -> str:
    line = match.string
    behind = marks.behind.match(line, match.end())
    has_mark = bool(behind and behind[0]) or marks.before.search(
        line, max(0, match.start() - _MOST_MARK_CHARS), match.start()
    )
    return f"{match['whole']}{match['a'] or match['b']}{match['cents']}" if has_mark else match[0]


def _with_points(text: str) -> str:
    """Return the text with `35€99` as `35,99€`."""
    if "€" not in text:
        return text
    return re.sub(r"(?<=\d)\x00(\d\d)", r",\1€", _EURO_AS_POINT.sub("\x00", text.replace("\x00", " ")))


def _amounts(line: str, marks: _Marks) -> Iterator[_Amount]:
    """Yield every number, with the currency that belongs to it."""
    numbers = list(NUMBER.finditer(line))
    if len(numbers) > _MOST_NUMBERS:
        raise UnparsableError(f"{quoted(line)} holds {len(numbers)} numbers; select only the price that counts")
    end = 0
    for index, number in enumerate(numbers):
        following = numbers[index + 1] if index + 1 < len(numbers) else None
        before = marks.before.search(line, max(end, number.start() - _MOST_MARK_CHARS), number.start())
        behind = _mark_behind(marks, number, following, has_before=before is not None)
        start = before.start() if before else number.start()
        end = behind.end() if behind else number.end()
        mark = before["mark"] if before else behind and (behind["behind"] or behind["either"] or behind["before"])
        is_big = bool(number["unit"]) and not re.match(r"[^\W\d_]|\+", line[end : end + 1])
        has_mark = bool(mark or is_big or (behind and behind["dash"]))
        currency = _ONE_CURRENCY.get(mark, mark.replace(" ", "")) if mark else None
        role = Role.PART if before and before["sign"] else Role.PLAIN
        yield _Amount(number=number, start=start, end=end, currency=currency, has_mark=has_mark, role=role)


def _mark_behind(
    marks: _Marks, number: re.Match[str], following: re.Match[str] | None, *, has_before: bool
) -> re.Match[str] | None:
    """Return the currency behind a number, unless it belongs to the number that follows."""
    behind = marks.behind.match(number.string, number.end())
    if not behind or not behind[0]:
        return None
    if following is None or not behind["either"] or following.start() - behind.end() > 1:
        return behind
    return behind if not has_before and _is_own(marks, behind, number, following) else None


def _is_own(marks: _Marks, behind: re.Match[str], number: re.Match[str], following: re.Match[str]) -> bool:
    """Return whether a currency between two numbers is the first one's: by what stands closer, or has cents."""
    line = behind.string
    gaps = (behind[0].startswith(" "), following.start() > behind.end())
    if _is_closed(marks, following) or gaps == (False, True):
        return True
    if gaps == (True, False) or (_has_cents(following) and not _has_cents(number)):
        return False
    if _has_cents(number) or _COUNTED.match(line, following.end()):
        return True
    raise UnparsableError(f"{quoted(line)}: nobody can tell whose {behind[0].strip()} that is; select only one price")


def _is_closed(marks: _Marks, number: re.Match[str]) -> bool:
    """Return whether a currency stands behind the number, so that the one before it is not its own."""
    behind = marks.behind.match(number.string, number.end())
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
            code=lower.code or each.code,
            has_mark=lower.has_mark or each.has_mark,
            unit=lower.number["unit"] or each.number["unit"],
        )
    return closed


def _in_first_currency(found: Sequence[_Amount], line: str) -> list[_Amount]:
    """Return the amounts, of the same in euro and in the currency before it the first: `25,51 € / 49,90 лв.`."""
    kept: list[_Amount] = []
    for each in found:
        if kept and _is_the_same(kept[-1], each, line):
            kept[-1] = replace(kept[-1], end=each.end)
        else:
            kept.append(each)
    return kept


def _is_the_same(one: _Amount, other: _Amount, line: str) -> bool:
    euro, old = (one, other) if one.code == "EUR" else (other, one)
    if euro.code != "EUR" or old.code not in _FIXED_RATES:
        return False
    exact = _value(euro, line) * _FIXED_RATES[old.code]
    return abs(_value(old, line) - exact) <= max(Decimal("0.02"), exact / 1000)


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
    return (
        [replace(found[0], currency=currency, code=code_of(currency, NOWHERE))]
        if currency and not currency.isascii()
        else []
    )


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
    is_counted = _COUNTED_THINGS.match(line, each.end) is not None and each.start < each.number.start()
    is_spaced = " " in each.number["digits"] and (each.currency in _NEVER_SPACED or is_counted)
    is_torn = _TORN.match(line, each.number.end()) is not None and not _has_cents(each.number)
    if is_spaced or is_torn or _BROKEN.match(line, each.number.end()):
        raise UnparsableError(f"{quoted(line)}: {quoted(each.number[0])} is cut apart; select only the price")
    if (
        _FUEL.search(line)
        and re.fullmatch(r"[0-3][.,]\d{3}", each.number["digits"])
        and not _PER_LITRE.match(line, each.end)
    ):
        raise UnparsableError(f"{quoted(line)}: nobody can tell whether {each.number[0]} is by the litre")
    is_fine = has_thousandths(each.code) or _PER_LITRE.match(line, each.end) is not None
    value = amount(each.number, is_point_decimal=False, has_thousandths=is_fine)
    if each.unit and not each.number["unit"]:
        value *= UNITS[each.unit]
        return value.to_integral_value() if value == value.to_integral_value() else value
    return value


def _roles(amounts: Sequence[_Amount], line: str) -> list[_Amount]:
    """Return the amounts with what they are; of the two ways to read the words, the one that does not contradict."""
    gaps = [line[a:b].lower() for a, b in _gaps(amounts, len(line))]
    before, behind = ([_near(gap, is_before=is_before) for gap in gaps] for is_before in (True, False))
    nexts = [LESS if after.value < each.value else NEXT for each, after in pairwise(amounts)]
    following = [f"{gap}{sign}" for gap, sign in zip(behind[1:], [*nexts, ""], strict=True)]
    parted = [
        replace(_parted(each, *around), is_of_class=is_class(*around))
        for each, *around in zip(amounts, before[:-1], following, strict=True)
    ]
    if len(amounts) == 1:
        alone = role_alone(before[0], "" if "…" in gaps[1] else gaps[1])
        return [replace(parted[0], role=alone)] if alone in _NEVER_ALONE and parted[0].role is not Role.PART else parted
    words_before, words_behind = [role_said(gap) for gap in before[:-1]], [role_said(gap) for gap in behind[1:]]
    by_before, by_behind = _named(parted, words_before), _named(parted, words_behind)
    is_behind = words_before[0] is None and None not in words_behind
    may_be_behind = words_before[0] is None and words_behind[-1] not in (Role.FINAL, Role.NOW)
    by_both = _named(
        parted,
        [
            word or first_said(gap, is_last=index == len(amounts))
            for index, (word, gap) in enumerate(zip(words_before, behind[1:], strict=True), 1)
        ],
    )
    readings = [by_behind, by_before] if is_behind else [by_before, by_behind] if may_be_behind else [by_before]
    readings.append(by_both)
    return next((reading for reading in readings if _is_sound(reading) and _is_decided(reading)), by_before)


def _near(gap: str, *, is_before: bool) -> str:
    """Return the part of a gap up to the next price that is crossed out, whose words it may hold."""
    return gap.rpartition("…")[2] if is_before else gap.partition("…")[0]


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
    is_said = _PART_BEHIND.match(behind) or _PART_BEFORE.search(tail) or _SAVED.search(before[-30:])
    is_threshold = is_threshold_before(before) or is_threshold_behind(behind)
    is_off = each.value < 0 and re.search(r"[^\W\d_]", before) is not None  # Gutschein: −10 €
    if (
        each.role is Role.PART
        or is_said
        or is_off
        or is_threshold
        or (role_said(before) is Role.PART and not before.endswith("; "))
    ):
        return replace(each, role=Role.PART)
    if is_instalment(before):
        return replace(each, role=Role.PART)
    return replace(each, role=_role_beside(tail, before, behind) or each.role)


def _role_beside(tail: str, before: str, behind: str) -> Role | None:
    """Return what an amount is by what stands right beside it: of a unit, by weight, of members."""
    behind = behind.lstrip("*°")
    if _TERM_BEHIND.match(behind):
        return Role.TERM
    unit = _UNIT_BEHIND.match(behind)
    if (
        _BY_WEIGHT.match(behind)
        or _WEIGHT_BEFORE.search(tail)
        or _SEVERAL.search(tail)
        or (unit and before.endswith(("(", "（")))
    ):
        return Role.ASIDE
    if unit:
        return Role.UNIT
    return Role.BESIDE if _BESIDE_BEFORE.search(tail) else said_behind(behind)


def _named(amounts: Sequence[_Amount], words: Sequence[Role | None]) -> list[_Amount]:
    named = [_with_role(each, word) for each, word in zip(amounts, words, strict=True)]
    gross = [each.value for each in named if each.role is Role.GROSS]
    return [replace(each, role=Role.NET) if _is_net_of(each, gross) else each for each in named]


def _with_role(each: _Amount, word: Role | None) -> _Amount:
    """Return the amount as what its word says: a plain one, or of a unit one that is not asked now."""
    if word in (None, Role.PART) or each.role not in (Role.PLAIN, Role.UNIT, Role.TERM):
        return each
    is_taken = each.role is Role.PLAIN or word in _NEVER_ALONE or word is Role.LIST
    return replace(each, role=word) if is_taken and word is not None else each


def _is_net_of(each: _Amount, gross: Sequence[Decimal]) -> bool:
    """Return whether a plain amount stands beside one with tax, and is that without it."""
    return each.role is Role.PLAIN and any(each.value < total <= each.value * _MOST_TAX for total in gross)


def _is_decided(amounts: Sequence[_Amount]) -> bool:
    best = min(each.role for each in amounts)
    return len({each.value for each in amounts if each.role is best}) == 1


def _is_sound(amounts: Sequence[_Amount]) -> bool:
    """Return whether no amount that would be taken is dearer than one it beats."""
    best = min(each.role for each in amounts)
    cheaper = _NEVER_CHEAPER - {Role.PLAIN} if best is Role.EVERYBODY else _NEVER_CHEAPER
    chosen = min((each.value for each in amounts if each.role is best), default=Decimal(0))
    return all(
        chosen <= each.value if each.role in cheaper else chosen >= each.value
        for each in amounts
        if each.role in cheaper or each.role in (Role.NET, Role.TERM)
    )


def _choose(amounts: Sequence[_Amount], text: str) -> _Amount:
    best = min(each.role for each in amounts)
    if best is Role.PART:
        raise UnparsableError(
            f"{quoted(text)} holds only a part of a price (shipping, deposit, instalment, saving); select the price"
        )
    if best in _NEVER_ALONE:
        raise UnparsableError(
            f"{quoted(text)} holds only what was asked before, or is asked of members or by weight; select the price"
        )
    candidates = list({each.value: each for each in reversed(amounts) if each.role is best}.values())
    candidates = _discounted(candidates, amounts, text) if len(candidates) == 2 else candidates
    if len(candidates) == 1 and _is_sound(amounts) and not _is_asked_of_some(candidates[0], amounts):
        return candidates[0]
    shown = ", ".join(f"{each.value:f}" for each in list(amounts)[:4])
    raise UnparsableError(f"{quoted(text)} holds more than one price ({shown}); select only the one that counts")


def _is_asked_of_some(chosen: _Amount, amounts: Sequence[_Amount]) -> bool:
    """Return whether others pay another price: without the coupon, or as adults or children."""
    others = [each for each in amounts if each.value != chosen.value and each.role not in _NOT_ASKED_NOW]
    if chosen.role is Role.CONDITIONAL:
        others += [each for each in amounts if each.value != chosen.value and each.role is Role.WAS]
    is_conditional = chosen.role is Role.CONDITIONAL or any(each.is_of_class for each in (chosen, *others))
    is_free_for_some = any(each.role is Role.MEMBER and not each.value for each in amounts)
    return (bool(others) and is_conditional) or is_free_for_some or _is_beside_a_term(chosen, amounts)


def _is_beside_a_term(chosen: _Amount, amounts: Sequence[_Amount]) -> bool:
    """Return whether a price follows one by the month or night of which it is not the whole, as what is paid once."""
    for each in amounts:
        if each.role is Role.TERM and each.start < chosen.start and each.value > 0:
            parts = round(chosen.value / each.value)
            return parts < _LEAST_TERMS or abs(chosen.value - parts * each.value) > chosen.value / 100
    return False


def _discounted(pair: Sequence[_Amount], amounts: Sequence[_Amount], text: str) -> list[_Amount]:
    """Return the lower of two prices when a percentage, or a saving, in the text is the way from one to the other."""
    lower, higher = sorted(pair, key=lambda each: each.value)
    if lower.currency != higher.currency or higher.value <= 0:
        return list(pair)
    left = lower.value / higher.value * 100
    saved = higher.value - lower.value
    fits = any(abs(share - left) <= 1 for share in _shares_left(text))
    fits = fits or any(each.role is Role.PART and abs(each.value) == saved and _is_saving(each) for each in amounts)
    return [lower] if fits else list(pair)


def _is_saving(part: _Amount) -> bool:
    """Return whether a part is not what is added: shipping, a fee."""
    return not _ADDED.search(part.number.string[max(0, part.start - 25) : part.start])


def _shares_left(text: str) -> Iterator[Decimal]:
    """Yield what the discounts in the text leave of a price, in percent: of `-25%` 75, of `5折` 50."""
    for match in _PERCENT.finditer(text):
        yield 100 - Decimal(match["percent"]) if match["percent"] else Decimal(match["tenths"]) * 10
