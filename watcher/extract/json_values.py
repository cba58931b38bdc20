"""
JSON: read, asked, and its values as text.

| in the JSON | in the text |
|---|---|
| `"a  b"` | `a b`, cleaned as the text of a page is |
| `1299.00`, `12345678901234567890` | with all their digits |
| `1.1300000000000001`, `0.30000000000000004` | `1.13`, `0.3`, without what binary arithmetic leaves behind |
| `true`, `false` | `true`, `false` |
| `null` | absent |
| `{"b": 3, "a": [1, 2]}` | `{"a":[1,2],"b":3}`: the order of members means nothing (RFC 8259 §4) |
"""

from __future__ import annotations

import json
import re
from decimal import Context, Decimal, InvalidOperation
from typing import cast

from msgspec import Struct

from watcher.core.cpu_budget import ONE_SECONDS
from watcher.core.values import Json
from watcher.core.wording import worded
from watcher.errors import PageError
from watcher.extract.jsonpath import normalized_jsonpath
from watcher.extract.text import clean

MAX_MATCHES = 50_000
_MAX_ZEROS = 30  # so far an exponent is written out
_FLOAT_DIGITS = 16
"""A binary fraction (IEEE 754, double) holds any 15 digits, and shows 16 or 17 where it holds none of them exactly."""
_REMAINDER = re.compile(r"(?:0{5,}|9{5,})\d{1,2}\Z")
_ROUNDED = Context(prec=15)
_GUARD = re.compile(r"\A\s*\)\]\}',?")  # keeps other sites from running the answer as a script
_CALL = re.compile(r"\s*(?:/\*\*/)?\s*[A-Za-z_$][\w$.]*\s*\(\s*(?=[\[{])")
_ASSIGNMENT = re.compile(r"""\A\s*+(?:var |let |const )?\s*+[A-Za-z_$][\w$.]*(?:\[["'][\w$]+["']\])?\s*=\s*(?=[\[{])""")
_COMMENT = re.compile(r"\A\s*<!--|-->\s*\Z")
_MAX_CALL_CHARS = 300


class JsonNumber(float):
    """A number with a fraction or an exponent, which keeps the digits that were sent."""

    __slots__ = ("sent",)

    sent: str

    def __new__(cls, sent: str) -> JsonNumber:
        number = super().__new__(cls, sent)
        number.sent = sent
        return number


_DECODER = json.JSONDecoder(parse_float=JsonNumber, strict=False)


class JsonNode(Struct, frozen=True, eq=False):
    """A value within JSON; never null."""

    value: Json


def parse_json(text: str) -> Json:
    """
    Return what the text of a page says in JSON, or in a call of a function with JSON (JSONP).

    A number with a fraction is a JsonNumber.

    Raises:
        PageError: it is no JSON, or nested too deeply, or has an integer of thousands of digits.
    """
    called = _CALL.match(text[:_MAX_CALL_CHARS])
    source = text[called.end() :].rstrip("); \t\r\n") if called else _GUARD.sub("", text, count=1)
    try:
        parsed: Json = json.loads(source, parse_float=JsonNumber, strict=False)
    except json.JSONDecodeError as error:
        problem = worded("error_no_json", "the page is no JSON: {reason}", reason=error)
        if text.lstrip().startswith("<"):
            problem = worded(
                "error_json_html", "{problem}; it looks like HTML: an error page or a login wall?", problem=problem
            )
        raise PageError(problem) from error
    except RecursionError as error:
        raise PageError(worded("error_json_deep", "the page is JSON that is nested too deeply")) from error
    except ValueError as error:
        raise PageError(
            worded(
                "error_json_number",
                "the page is JSON with a number that is too long: {reason}",
                reason=str(error).partition(";")[0],
            )
        ) from error
    return parsed


def parse_assigned_json(text: str) -> Json:
    """
    Return the JSON in the text of a script: all of it, or what it assigns first, as `window.__STATE__ = {…};` does.

    Raises:
        PageError: as `parse_json`.
    """
    assigned = _ASSIGNMENT.match(text[:_MAX_CALL_CHARS])
    if assigned is None:
        return parse_json(_COMMENT.sub("", text))
    try:
        found: Json = _DECODER.raw_decode(text, assigned.end())[0]
    except (ValueError, RecursionError):
        return parse_json(text[assigned.end() :])  # which says what is wrong
    return found


def find_json(expression: str, within: Json) -> list[JsonNode]:
    """
    Return what the path finds, less what is null.

    Raises:
        ValueError: the expression is no JSONPath.
        PageError: it matches more than MAX_MATCHES values, or goes too deep, or takes too long.
    """
    from watcher.extract.jsonpath_engine import FAILURES, compiled, find, reason_of  # 90 ms

    path = compiled(normalized_jsonpath(expression))
    if not isinstance(within, (dict, list)):  # the engine would read a text as JSON
        return [JsonNode(within)] if within is not None and not path.segments else []
    try:
        values = find(path, within, at_most=MAX_MATCHES + 1)
    except TimeoutError as error:
        raise PageError(
            worded(
                "error_path_slow",
                "{path}: its expression took over {seconds} s; make it simpler",
                path=repr(expression),
                seconds=ONE_SECONDS,
            )
        ) from error
    except FAILURES as error:
        reason = reason_of(error, "too deep")
        raise PageError(
            worded(
                "error_path", "{path} cannot be answered on this page: {reason}", path=repr(expression), reason=reason
            )
        ) from error
    if len(values) > MAX_MATCHES:
        raise PageError(
            worded(
                "error_path_many",
                "{path} matches more than {most} values; make it more exact",
                path=repr(expression),
                most=f"{MAX_MATCHES:,}",
            )
        )
    return [JsonNode(cast("Json", value)) for value in values if value is not None]


def json_text(value: Json) -> str:
    """Return the value as text, as the table at the head says."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return clean(_whole(value))
        case JsonNumber():
            return _written_out(value.sent)
        case int() | float():
            return str(value)
        case _:
            return _whole(_compact(value))


def unambiguous(number: str) -> str:
    """
    Return a number whose point is known to be decimal so that no reader takes it for one that groups digits.

    `1.234` is `1.2340`; `12.500` is `12.5`.
    """
    if not re.fullmatch(r"-?\d+\.\d{3}", number):
        return number
    shorter = number.rstrip("0")
    return f"{number}0" if shorter == number else shorter.rstrip(".")


def exact(number: str) -> str:
    """Return a decimal number without the digits that arithmetic with binary fractions leaves, far behind its own."""
    digits = number.lstrip("-0.").replace(".", "")
    if len(digits) < _FLOAT_DIGITS or "." not in number or not (digits.isdecimal() and _REMAINDER.search(digits)):
        return number
    return f"{_ROUNDED.create_decimal(number).normalize():f}"


def _written_out(sent: str) -> str:
    """Return the number without its exponent, where that is not absurdly long."""
    if "e" not in sent.lower():
        return exact(sent)
    try:
        number = Decimal(sent)
    except InvalidOperation:  # an exponent beyond all numbers
        return sent
    return f"{number:f}" if abs(number.adjusted()) <= _MAX_ZEROS else sent


def _compact(value: Json) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    except RecursionError as error:
        raise PageError(worded("error_json_deep", "the page is JSON that is nested too deeply")) from error


def _whole(text: str) -> str:
    """Return the text without what no text has: halves of characters, and NUL."""
    return text.replace("\0", "") if text.isascii() else text.replace("\0", "").encode(errors="replace").decode()
