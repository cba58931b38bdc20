"""
The text of a price → the amounts in it, with their currencies; of a range its lower bound.

What may be cut apart (`¥99 199`, `3만 5천원`) is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.wording import worded
from watcher.errors import UnparsableError
from watcher.extract.currencies import NOWHERE, Place, code_of, decimal_mark_at_home, has_thousandths, is_shared
from watcher.extract.lazy_pattern import LazyPattern
from watcher.extract.numbers import NUMBER, UNITS, amount, quoted
from watcher.extract.price_marks import MAX_MARK_CHARS, Marks
from watcher.extract.price_words import Role


class Amount(Struct, frozen=True, kw_only=True):
    """
    An amount in a text.

    Attributes:
        start, end: with its currency.
        currency: as it is written; `code`: of ISO 4217, when that can be told.
        has_mark: of a currency, or of what only prices have.
        unit: 万 or its like, when it stands at the range's other end.
        is_of_class: asked of adults, children or others.
        is_contrary: it is grouped as nobody does who writes the page's language, or has tenths of a cent.
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
    is_contrary: bool = False


_ISO = re.compile(r"[A-Z]{3}")
_MOST_NUMBERS = 24
"""In the text of one price, dates and sizes included; texts of shops have four at most."""
_ONE_CURRENCY = {"圆": "元", "块": "元", "euro": "€", "euros": "€", "Euro": "€", "Euros": "€", "Kr": "kr", "Lei": "lei"}
_RANGE = LazyPattern(
    r" ?(?:-|–|—|~|〜|至|到|to|bis|à|tot|till?|al?|through|thru|hasta|até|fino a|jusqu'à|do|až|до|ile|hingga|sampai"
    r"|đến|έως|ως|ถึง|إلى|עד|से|から) ?",
    re.IGNORECASE,
)
# `3만 5천원` is 35,000, and `$19 99` is no 19: what goes on behind a number in such ways is not read.
_BROKEN = LazyPattern(r"(?: ?\d{1,4})?[千천仟]|[百백¢]| [.,]\d| \d\d$")
_AND_CENTS = LazyPattern(r"(?<=[^\W\d_]{4}) (?:[^\W\d_]{1,2}|and|und) \d\d [^\W\d_]{3,}")  # `12 euros i 50 cèntims`
_TORN = LazyPattern(r" \d{1,3}[.,]\d{1,2}(?: ?起)?$")  # `¥3 5.9` is 35.9, or two numbers
_CENTS_APART = LazyPattern(r" \d\d(?= ?(?:$|[;$€£(…]|ea\b|each\b))")
"""Behind a whole amount, as `$4 50 ea`."""
_TWO_APART = LazyPattern(r"(?<![\d.,/])\d{1,4} \d\d ?(?:[€₪₽₴₺₸]|zł|Kč|kr|lei|лв|грн|руб|Ft)\.?$", re.IGNORECASE)
"""`149 90 ₪`: what stands alone before two digits may be what they are the cents of."""
_GOES_ON = LazyPattern(r"\d|(?<=만) \d{4}|(?<=만) \d,\d{3}")  # `3万5` is 35,000
_NEVER_SPACED = frozenset("¥元円원₩")  # `¥99 199` is two prices
_THINGS = (
    "[件个個张張人条分点枚名개명]|[x×]\\b|(?:von|of|out|stück|stk|pcs|pieces?|items?|bids?|sold|left|reviews?|ratings?"
    "|bewertungen|avis|reseñas|opiniones|avaliações|recensioni|opinii|recenzí|отзыв(?:а|ов)?|отзывов|відгук(?:и"
    "|ів)?|yorum"
    "|đánh giá|ulasan|платеж[а-яі]{1,3}|raten|cuotas|mensualités|mensualidades|taksit|parcelas|splátek|rat"
    "|seats?|tickets?|available|in stock|payments?|stars?|days?|tage|[gtm]b|[ckm]?m|k?g|m?l|mah|k?wh?"
    "|ct|cents?|pence|kop|коп|points?|pts|pkt|punkte|punti|puntos|pontos|балл(?:а|ов)?|бонус(?:а|ов)?)\\b"
)
_COUNTED = LazyPattern(
    rf"(?!起)[^\W\d_]|\+|×| ?/| (?:{_THINGS})(?!-)|-(?:g|kg|[mc]?l|[cm]?m|stück|er|tlg|pack)\b"
    r"| (?:for|für|voor|pour|för|por|za|за) \d",
    re.IGNORECASE,
)
_COUNTED_THINGS = LazyPattern(rf" ?(?:{_THINGS})(?!-)", re.IGNORECASE)
_MONTH = (
    "(?:jan|feb|febr|fév|mar|mär|mrz|mars|märz|maart|apr|avr|abr|may|mai|maj|mei|mag|jun|juin|giu|jul|juil|lug|aug"
    "|août|ago"
    "|sep|set|sept|oct|okt|ott|nov|dec|dez|déc|dic|ene|janv|gen|stycz|lut|kwie|czerw|lip|sierp|wrze|paźdz|listop|grud"
    "|led|úno|břez|dub|květ|červ|srp|září|říj|pros|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек|січ|лют|бер|кві"
    "|трав"
    "|чер|лип|сер|вер|жов|лист|груд|oca|şub|nis|haz|tem|ağu|eyl|eki|kas|ara|ian|iun|iul)"
)
_MONTH_BEHIND = LazyPattern(rf"(?:\.|st|nd|rd|th|er)?(?: de| of)? ?{_MONTH}[^\W\d_]{{0,8}}(?![^\W\d_])", re.IGNORECASE)
_MONTH_BEFORE = LazyPattern(rf"(?<![^\W\d_]){_MONTH}[^\W\d_]{{0,8}}\.? $", re.IGNORECASE)
_BEHIND_SLASH = LazyPattern(r"\d ?/ ?$")
"""`5000/45` are two numbers."""
_BY_UNIT = LazyPattern(r" ?/ ?[^\W\d]")
"""Behind cents, of a price: `12.49/kpl`."""
IS_YEAR = re.compile(r"(?:19|20)\d\d")
_FUEL = LazyPattern(
    r"\b(?:diesel|super|benzin|benzina|essence|gazole|gasóleo|gasolina|gasolio|unleaded|e ?(?:5|10|85)|sp ?9[58]"
    r"|pb ?9[58]|дизель|аи-?9\d|lpg|gpl)\b",
    re.IGNORECASE,
)
_PER_LITRE = LazyPattern(r" ?(?:/ ?|per |pro |al |за |za )(?:l|lt|litre|liter|litro|litr|л|gal)\b", re.IGNORECASE)
_TENTHS = LazyPattern(r"^\d{1,2}[.,]\d\d90$")
"""Of a cent, by the litre, as `price_notation` writes them."""
_FIXED_RATES = {"BGN": Decimal("1.95583"), "HRK": Decimal("7.5345")}
"""Of currencies that gave way to the euro, for one euro: Regulations (EU) 2025/1410 and 2022/1208."""


def amounts_in(line: str, marks: Marks, place: Place, breaks: Sequence[int] = ()) -> list[Amount]:
    """Return every number that may be an amount; that it is one, a currency says. At the breaks a line ends."""
    found = [_with_code(each, place) for each in _numbers(line, marks, breaks)]
    return _in_first_currency(_ranges_closed(found, line), line)


def _with_code(each: Amount, place: Place) -> Amount:
    code = each.code or code_of(each.currency, place)
    mark = decimal_mark_at_home(place, code)
    is_contrary = mark is not None and re.fullmatch(rf"[1-9]\{mark}\d\d[1-9]", each.number["digits"]) is not None
    return replace(each, code=code, is_contrary=is_contrary)


def likely_prices(found: Sequence[Amount], line: str) -> list[Amount]:
    """Return the amounts with a currency; where none has one, the numbers that count nothing else."""
    return [each for each in found if each.has_mark] or _rare(found, line) or bare_prices(found, line)


def _numbers(line: str, marks: Marks, breaks: Sequence[int]) -> Iterator[Amount]:
    """Yield every number, with the currency that belongs to it."""
    numbers = [
        number for start, end in pairwise((0, *breaks, len(line))) for number in NUMBER.finditer(line, start, end)
    ]
    if len(numbers) > _MOST_NUMBERS:
        raise UnparsableError(
            worded(
                "error_numbers",
                "{text} holds {number} numbers; select only the price that counts",
                text=quoted(line),
                number=len(numbers),
            )
        )
    end = 0
    for index, number in enumerate(numbers):
        following = numbers[index + 1] if index + 1 < len(numbers) else None
        before = marks.before.search(line, max(end, number.start() - MAX_MARK_CHARS), number.start())
        behind = _mark_behind(marks, number, following, breaks, has_before=before is not None)
        start = before.start() if before else number.start()
        end = behind.end() if behind else number.end()
        mark = before["mark"] if before else behind and (behind["behind"] or behind["either"] or behind["before"])
        is_big = bool(number["unit"]) and not re.match(r"[^\W\d_]|\+", line[end : end + 1])
        has_mark = bool(mark or is_big or (behind and behind["dash"]))
        currency = _ONE_CURRENCY.get(mark, mark.replace(" ", "")) if mark else None
        role = Role.PART if before and before["sign"] else Role.PLAIN
        yield Amount(
            number=number,
            start=start,
            end=end,
            currency=currency,
            code=_code_behind(before, behind),
            has_mark=has_mark,
            role=role,
        )


def _code_behind(before: re.Match[str] | None, behind: re.Match[str] | None) -> str | None:
    """Return the CAD of `$84.00 CAD`, which is in no dollars of the page's language."""
    if before is None or behind is None or not is_shared(before["mark"]):
        return None
    code: str | None = behind["either"]
    return code if code and _ISO.fullmatch(code) else None


def _mark_behind(
    marks: Marks, number: re.Match[str], following: re.Match[str] | None, breaks: Sequence[int], *, has_before: bool
) -> re.Match[str] | None:
    """Return the currency behind a number, unless it belongs to the number that follows."""
    behind = marks.behind.match(number.string, number.end())
    ends = [each for each in breaks if following and number.end() <= each < following.start()]
    own = marks.behind.match(number.string, number.end(), ends[0]) if ends else None
    if own and own[0]:
        return own  # `249 ₪`, and `12` on the next line
    if not behind or not behind[0] or (len(ends) == 1 and following and following.start() - behind.end() <= 1):
        return None
    if (
        has_before
        and following is not None
        and behind["behind"]
        and behind[0][0] == " "
        and _is_glued(behind, following)
    ):
        return None  # `₫320.000 ₫199.000`
    if following is None or not behind["either"] or following.start() - behind.end() > 1:
        return behind
    if behind["dash"]:  # `449,- € 379,00`
        is_own = _is_closed(marks, following)
        return behind if is_own else marks.behind.match(number.string, number.end(), behind.end("dash"))
    return behind if not has_before and _is_own(marks, behind, number, following) else None


def _is_glued(behind: re.Match[str], following: re.Match[str]) -> bool:
    return following.start() == behind.end()


def _is_own(marks: Marks, behind: re.Match[str], number: re.Match[str], following: re.Match[str]) -> bool:
    """Return whether a currency between two numbers is the first one's: by what stands closer, or has cents."""
    line = behind.string
    gaps = (behind[0].startswith(" "), following.start() > behind.end())
    if _is_closed(marks, following) or gaps == (False, True):
        return True
    if gaps == (True, False) or (has_cents(following) and not has_cents(number)):
        return False
    if has_cents(number) or _COUNTED.match(line, following.end()):
        return True
    raise UnparsableError(
        worded(
            "error_whose",
            "{text}: nobody can tell which amount {sign} belongs to; select only one price",
            text=quoted(line),
            sign=behind[0].strip(),
        )
    )


def _is_closed(marks: Marks, number: re.Match[str]) -> bool:
    """Return whether a currency stands behind the number, so that the one before it is not its own."""
    behind = marks.behind.match(number.string, number.end())
    return behind is not None and bool(behind["either"] or behind["behind"])


def has_cents(number: re.Match[str]) -> bool:
    return re.search(r"[.,]\d\d$", number["digits"]) is not None


def _ranges_closed(found: Sequence[Amount], line: str) -> list[Amount]:
    """Return the amounts with each range as its lower bound; currency and 万 may stand at the upper one only."""
    closed: list[Amount] = []
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


def _in_first_currency(found: Sequence[Amount], line: str) -> list[Amount]:
    """Return the amounts, of the same in euro and in the currency before it the first: `25,51 € / 49,90 лв.`."""
    kept: list[Amount] = []
    for each in found:
        if kept and _is_the_same(kept[-1], each, line):
            kept[-1] = replace(kept[-1], end=each.end)
        else:
            kept.append(each)
    return kept


def _is_the_same(one: Amount, other: Amount, line: str) -> bool:
    euro, old = (one, other) if one.code == "EUR" else (other, one)
    if euro.code != "EUR" or old.code not in _FIXED_RATES:
        return False
    exact = value_of(euro, line) * _FIXED_RATES[old.code]
    return abs(value_of(old, line) - exact) <= max(Decimal("0.02"), exact / 1000)


def _is_range(lower: Amount, upper: Amount, line: str) -> bool:
    if not _RANGE.fullmatch(line, lower.end, upper.start) or re.search(r"\breduced from\W*$", line[: lower.start]):
        return False
    try:
        return amount(lower.number, is_point_decimal=False) <= amount(upper.number, is_point_decimal=False)
    except UnparsableError:
        return False


def _rare(found: Sequence[Amount], line: str) -> list[Amount]:
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


def bare_prices(found: Sequence[Amount], line: str) -> list[Amount]:
    """Return the numbers that may be prices where none has a currency: not `2件`, `12GB`, `iPhone17`."""
    return [
        each
        for each in found
        if not (each.number["unit"] and each.has_mark)
        and not (line[max(0, each.start - 1) : each.start] == "(" and line[each.end : each.end + 1] == ")")
        and not _is_of_date(each, line)
        and not _BEHIND_SLASH.search(line, max(0, each.start - 3), each.start)
        and (not _COUNTED.match(line, each.end) or (has_cents(each.number) and _BY_UNIT.match(line, each.end)))
        and not re.search(r"[^\W\d_]$", line[max(0, each.start - 1) : each.start].strip("价價:"))
    ]


def _is_of_date(each: Amount, line: str) -> bool:
    """Return whether a number is a day of a month: `3. Mai`, `May 3`."""
    if not each.number["digits"].isdigit() or len(each.number["digits"]) > 2:
        return False
    return _MONTH_BEHIND.match(line, each.end) is not None or _MONTH_BEFORE.search(line[: each.start]) is not None


def _is_whole_behind_mark(each: Amount) -> bool:
    return each.start < each.number.start() and re.search(r"[.,](?:\d\d?|\d{4,})$", each.number["digits"]) is None


def value_of(each: Amount, line: str) -> Decimal:
    is_counted = _COUNTED_THINGS.match(line, each.end) is not None and each.start < each.number.start()
    is_spaced = " " in each.number["digits"] and (each.currency in _NEVER_SPACED or is_counted)
    is_torn = _TORN.match(line, each.number.end()) is not None and not has_cents(each.number)
    is_torn = is_torn or (_is_whole_behind_mark(each) and _CENTS_APART.match(line, each.end) is not None)
    is_torn = is_torn or bool(each.number["unit"] and _GOES_ON.match(line, each.number.end()))
    if is_spaced or is_torn or _BROKEN.match(line, each.number.end()) or _AND_CENTS.match(line, each.end):
        raise UnparsableError(
            worded(
                "error_cut_apart",
                "{text}: {amount} is cut apart; select only the price",
                text=quoted(line),
                amount=quoted(each.number[0]),
            )
        )
    is_of_fuel = _FUEL.search(line) is not None
    if (
        is_of_fuel
        and not each.is_contrary
        and re.fullmatch(r"[0-3][.,]\d{3}", each.number["digits"])
        and not _PER_LITRE.match(line, each.end)
    ):
        raise UnparsableError(
            worded(
                "error_by_litre",
                "{text}: nobody can tell whether {amount} is per litre",
                text=quoted(line),
                amount=each.number[0],
            )
        )
    is_fine = has_thousandths(each.code) or _PER_LITRE.match(line, each.end) is not None
    is_fine = is_fine or (is_of_fuel and each.is_contrary)
    if each.start == each.number.start() and each.has_mark and _TWO_APART.search(line[: each.end]):
        raise UnparsableError(
            worded(
                "error_are_cents",
                "{text}: nobody can tell whether {amount} are cents",
                text=quoted(line),
                amount=each.number[0],
            )
        )
    if each.is_contrary and not is_fine:
        raise UnparsableError(
            worded(
                "error_are_thousands",
                "{text}: nobody can tell whether {amount} are thousands",
                text=quoted(line),
                amount=each.number[0],
            )
        )
    value = amount(each.number, is_point_decimal=False, has_thousandths=is_fine)
    if _TENTHS.search(each.number["digits"]):
        value = value.quantize(Decimal("0.001"))
    if each.unit and not each.number["unit"]:
        value *= UNITS[each.unit]
        return value.to_integral_value() if value == value.to_integral_value() else value
    return value
