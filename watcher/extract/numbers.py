"""
Text → integers and decimal numbers, as tables and shops write them.

| text | integer | number |
|---|---|---|
| `余票 12 张`, `１２` | 12 | 12 |
| `1,234` · `1 234` · `1'234` | 1234 | 1234 |
| `1.234` | 1234 | 1.234 |
| `1.299,00` · `1,299.00` | 1299 | 1299.00 |
| `1.2万` · `3만` | 12000 · 30000 | 12000 · 30000 |
| `3 / 30`, `3-5` | – | – |

–: refused. A text with several numbers has no value.
"""

from __future__ import annotations

import re
from decimal import Decimal

from watcher.core.wording import worded
from watcher.errors import UnparsableError

MAX_TEXT_CHARS = 300
"""Of a text that holds one number, price or state: their expressions take time quadratic in a line of digits."""
_KINDS = {
    "number": worded("error_kind_number", "number"),
    "integer": worded("error_kind_integer", "integer"),
    "price": worded("error_kind_price", "price"),
    "date": worded("error_kind_date", "date"),
    "state of stock": worded("error_kind_stock", "state of stock"),
}
_MAX_DIGITS = 30
_ZEROS = (
    *(0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0),
    *(0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620),
    *(0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x10D40, 0x11066, 0x110F0, 0x11136),
    *(0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0, 0x11950, 0x11BF0),
    *(0x11C50, 0x11D50, 0x11DA0, 0x11DE0, 0x11F50, 0x16A60, 0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1D7CE, 0x1D7D8),
    *(0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0),
)
"""The digit 0 of each script that has digits of its own, as Unicode knows them."""
_NARROW: dict[int, int | str | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DIGITS = {zero + digit: str(digit) for zero in _ZEROS for digit in range(10)}
_DIGITS |= {0x66A: "%", 0x66B: ".", 0x66C: ","}
_NARROW |= _DIGITS
_NARROW |= {
    0xFFE5: "¥",
    0xFFE1: "£",
    0xFFE0: "¢",
    0xFFE6: "₩",
    0x2212: "-",
    0x60C: ",",
    0x2E41: ",",
    0x61C: None,
}
UNITS = {"万": 10**4, "萬": 10**4, "만": 10**4, "亿": 10**8, "億": 10**8, "억": 10**8}

# In `PS5 499 €` the 5 is a name's; behind a currency a space may group digits.
_NOT_IN_NAME = "(?:(?<![A-Za-z])|(?<=kr|Kr|Rp|RM|Rs)|(?<=EUR|CHF|SEK|NOK|DKK|PLN|CZK|HUF|RUB|UAH))"
NUMBER = re.compile(
    r"(?P<sign>(?<![\w.,)-])-)?"
    rf"(?P<digits>{_NOT_IN_NAME}\d{{1,3}}(?: \d{{3}})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,'’]\d+)*|(?<![\w.,])[.,]\d+)"
    r"(?: ?(?P<unit>[万萬亿億만억]))?"
)


_GROUPING = re.compile("[ '’]")
_SEPARATOR = re.compile("[.,]")


def integer(text: str) -> int:
    """Return the one integer in the text; UnparsableError when there is none, or more than one."""
    text = plain(text, "number")
    if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS:
        return int(text)
    value = amount(_only_number(text, "integer"), is_point_decimal=False)
    if value != value.to_integral_value():
        raise UnparsableError(worded("error_no_integer", "{text} is no integer; use `type: number`", text=quoted(text)))
    return int(value)


def number(text: str) -> Decimal:
    """Return the one number in the text; UnparsableError when there is none, or more than one."""
    return amount(_only_number(plain(text, "number"), "number"), is_point_decimal=True)


def plain(text: str, kind: str) -> str:
    """Return the text on one line, digits and signs of all scripts as ASCII has them; UnparsableError if too long."""
    if len(text) > MAX_TEXT_CHARS:
        raise UnparsableError(
            worded(
                "error_long_value",
                "{text}: {characters} characters are no {kind}; select only the one that counts",
                text=quoted(text),
                characters=f"{len(text):,}",
                kind=_KINDS[kind],
            )
        )
    return " ".join((text if text.isascii() else text.translate(_NARROW)).split())


def with_plain_digits(text: str) -> str:
    """Return the text with digits, and what stands among them in Arabic, as ASCII has them; all else stays."""
    return text if text.isascii() else text.translate(_DIGITS)


def amount(number: re.Match[str], *, is_point_decimal: bool, has_thousandths: bool = False) -> Decimal:
    """
    Return the value of a match of NUMBER.

    The last of two different separators is the decimal one; one that repeats groups digits; a single one before
    exactly three digits groups them too, but a point is decimal where `is_point_decimal`, and each is where amounts
    have thousandths.
    """
    digits = _GROUPING.sub("", number["digits"])
    if has_thousandths and re.search(r"[.,]\d{3}$", digits):
        point = digits[-4]
    else:
        point = _decimal_separator(digits, is_point_decimal=is_point_decimal)
    whole, _, fraction = digits.rpartition(point) if point else (digits, "", "")
    groups = _SEPARATOR.split(whole)
    if not _is_grouped(whole, groups) or len(digits) > _MAX_DIGITS:
        raise UnparsableError(
            worded(
                "error_odd_number",
                "{text}: {number} is no number that a watch reads",
                text=quoted(number.string),
                number=quoted(number[0]),
            )
        )
    value = Decimal(f"{'-' if number['sign'] else ''}{''.join(groups) or 0}.{fraction or 0}")
    if number["unit"]:
        value *= UNITS[number["unit"]]
        return value if value != value.to_integral_value() else value.to_integral_value()
    return value if fraction else value.to_integral_value()


def quoted(text: str) -> str:
    """Return the text as a message shows it: in quotes, its first 57 characters when it has more than 60."""
    return repr(text if len(text) <= 60 else f"{text[:57]}…")


def _only_number(text: str, kind: str) -> re.Match[str]:
    numbers = list(NUMBER.finditer(text))
    if len({number[0] for number in numbers}) == 1:
        return numbers[0]
    if not numbers:
        raise UnparsableError(worded("error_none", "{text} holds no {kind}", text=quoted(text), kind=_KINDS[kind]))
    found = ", ".join(number[0] for number in numbers[:4])
    raise UnparsableError(
        worded(
            "error_several",
            "{text} holds more than one {kind} ({found}); select only the one that counts",
            text=quoted(text),
            kind=_KINDS[kind],
            found=found,
        )
    )


def _is_grouped(whole: str, groups: list[str]) -> bool:
    """Return whether the digits before the decimal point are grouped as people do: by one mark, the last by three."""
    marks = set(_SEPARATOR.findall(whole))
    return len(groups) == 1 or (
        len(marks) == 1 and len(groups[-1]) == 3 and all(len(group) in (2, 3) for group in groups[1:])
    )


def _decimal_separator(digits: str, *, is_point_decimal: bool) -> str:
    """Return the decimal separator of a number like `1.299,00`; empty when it has none."""
    separators = _SEPARATOR.findall(digits)
    if not separators or (len(separators) > 1 and len(set(separators)) == 1):
        return ""
    last: str = separators[-1]
    whole, _, fraction = digits.rpartition(last)
    groups_digits = len(separators) == 1 and len(fraction) == 3 and 1 <= len(whole) <= 3 and whole != "0"
    return "" if groups_digits and not (is_point_decimal and last == ".") else last
