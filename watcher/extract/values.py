"""
Text → typed values: integers, numbers, money, URLs, as shops and tables write them.

| text | integer | number | money |
|---|---|---|---|
| `余票 12 张`, `１２` | 12 | 12 | 12 |
| `1,234` · `1 234` · `1'234` | 1234 | 1234 | 1234 |
| `1.234` | 1234 | 1.234 | 1234 |
| `1.299,00` · `1,299.00` | – | 1299.00 | 1299.00 |
| `1.2万` | 12000 | 12000 | 12000 |
| `3 / 30`, `3-5` | – | – | – |
| `第3期 ¥99` | – | – | ¥99 |

–: refused. A text with several numbers has no value, unless exactly one of them stands beside a currency: a wrong price
is worse than an error.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from watcher.core.values import Money, Value, ValueType
from watcher.errors import UnparsableError

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xFFE5: "¥", 0xFFE1: "£", 0xFFE0: "¢", 0x2212: "-"}
_UNITS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_MAX_TEXT_CHARS = 1_000
_MAX_DIGITS = 30

_NUMBER = re.compile(
    r"(?P<sign>(?<![\w.,)-])-)?"
    r"(?P<digits>\d{1,3}(?: \d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,'’]\d+)*|(?<![\w.,])[.,]\d+)"
    r"(?: ?(?P<unit>[万萬亿億]))?"
)
# Marks of a currency that may touch a number; price-parser knows them all once the number is found.
_MARK_BEFORE = re.compile(r"(?:[^\W\d_]{0,3}[$€£¥₩₽₹₺₴₫฿₱₪]|\b(?:[A-Z]{3}|kr|Kr|zł|Fr|RM|Rp|R))\.? ?-?$")
# A `¥` between two numbers belongs to the second: `01 ¥99`.
_MARK_AFTER = re.compile(r" ?(?:[$£¥₩₱₪](?! ?\d)|[€₽₹₺₴₫฿元円圆块원]|(?:[A-Z]{3}|kr|zł|Kč|Ft|lei|лв|руб|грн|Fr)\b)")
_EURO_AS_POINT = re.compile(r"(?<=\d)€(?=\d\d(?!\d))")
_CHINESE_MARKS = (("元", "元"), ("圆", "元"), ("块", "元"), ("円", "円"), ("원", "원"), ("人民币", "元"))


def typed(text: str, type: ValueType, *, base_url: str) -> Value:  # noqa: A002  the operator's word
    """
    Return the text as a value of this type.

    Args:
        text: as `text_of` or an attribute gives it.
        base_url: what a relative URL is relative to.

    Raises:
        UnparsableError: it is not of this type; the message shows the text and says why.
    """
    match type:
        case ValueType.TEXT:
            return text
        case ValueType.INTEGER:
            return _integer(_plain(text))
        case ValueType.NUMBER:
            return _amount(_only_number(_plain(text), "number"), is_point_decimal=True)
        case ValueType.MONEY:
            return _money(_plain(text))
        case ValueType.URL:
            return _url(text, base_url)
        case ValueType.DATE | ValueType.STOCK:
            raise NotImplementedError(type)


def _plain(text: str) -> str:
    """Return the text on one line, full-width digits and signs narrowed."""
    if len(text) > _MAX_TEXT_CHARS:
        raise UnparsableError(
            f"{_quoted(text)}: {len(text):,} characters are no number; select only the one that counts"
        )
    return " ".join(text.translate(_WIDE).split())


def _integer(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS:
        return int(text)
    amount = _amount(_only_number(text, "integer"), is_point_decimal=False)
    if amount != amount.to_integral_value():
        raise UnparsableError(f"{_quoted(text)} is no integer; use `type: number`")
    return int(amount)


def _money(text: str) -> Money:
    from price_parser import Price  # 20 ms, and most watches have no price

    text = _EURO_AS_POINT.sub(",", text) + ("€" if _EURO_AS_POINT.search(text) else "")
    number = _only_number(text, "price")
    currency = next((sign for mark, sign in _CHINESE_MARKS if mark in text), None) or Price.fromstring(text).currency
    return Money(amount=_amount(number, is_point_decimal=False), currency=currency)


def _only_number(text: str, kind: str) -> re.Match[str]:
    """Return the one number in the text; for a price, the one beside a currency when there are more."""
    numbers = list(_NUMBER.finditer(text))
    if len(numbers) > 1 and kind == "price":
        numbers = [number for number in numbers if _has_currency(number)] or numbers
    if len({number[0] for number in numbers}) == 1:
        return numbers[0]
    if not numbers:
        raise UnparsableError(f"{_quoted(text)} holds no {kind}")
    found = ", ".join(number[0] for number in numbers[:4])
    raise UnparsableError(f"{_quoted(text)} holds more than one {kind} ({found}); select only the one that counts")


def _has_currency(number: re.Match[str]) -> bool:
    before, after = number.string[: number.start()], number.string[number.end() :]
    return _MARK_BEFORE.search(before[-8:]) is not None or _MARK_AFTER.match(after) is not None


def _amount(number: re.Match[str], *, is_point_decimal: bool) -> Decimal:
    """
    Return the number's value.

    The last of two different separators is the decimal one; one that repeats groups digits; a single one before
    exactly three digits groups them too, but a point is decimal where `is_point_decimal`.
    """
    digits = re.sub("[ '’]", "", number["digits"])
    point = _decimal_separator(digits, is_point_decimal=is_point_decimal)
    whole, _, fraction = digits.rpartition(point) if point else (digits, "", "")
    groups = re.split("[.,]", whole)
    if not _is_grouped(whole, groups) or len(digits) > _MAX_DIGITS:
        raise UnparsableError(f"{_quoted(number.string)}: {_quoted(number[0])} is no number that a watch reads")
    value = Decimal(f"{'-' if number['sign'] else ''}{''.join(groups) or 0}.{fraction or 0}")
    if number["unit"]:
        value *= _UNITS[number["unit"]]
        return value if value % 1 else value.to_integral_value()
    return value if fraction else value.to_integral_value()


def _is_grouped(whole: str, groups: list[str]) -> bool:
    """Return whether the digits before the decimal point are grouped as people do: by one mark, the last by three."""
    marks = set(re.findall("[.,]", whole))
    return len(groups) == 1 or (
        len(marks) == 1 and len(groups[-1]) == 3 and all(len(group) in (2, 3) for group in groups[1:])
    )


def _decimal_separator(digits: str, *, is_point_decimal: bool) -> str:
    """Return the decimal separator of a number like `1.299,00`; empty when it has none."""
    separators = re.findall("[.,]", digits)
    if not separators or (len(separators) > 1 and len(set(separators)) == 1):
        return ""
    last: str = separators[-1]
    whole, _, fraction = digits.rpartition(last)
    groups_digits = len(separators) == 1 and len(fraction) == 3 and 1 <= len(whole) <= 3 and whole != "0"
    return "" if groups_digits and not (is_point_decimal and last == ".") else last


@lru_cache(maxsize=2_000)  # a list shows the same links at each check, and joining is most of reading one
def _url(text: str, base_url: str) -> str:
    if len(text) > _MAX_TEXT_CHARS:
        raise UnparsableError(f"{_quoted(text)}: a URL of {len(text):,} characters, more than {_MAX_TEXT_CHARS:,}")
    try:
        url = urljoin(base_url, text.strip())
        parts = urlsplit(url)
    except ValueError as error:
        raise UnparsableError(f"{_quoted(text)} is no URL: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or not text.strip():
        raise UnparsableError(f"{_quoted(text)} is no http or https URL; `attr: href` reads a link's target")
    return url


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}…")
