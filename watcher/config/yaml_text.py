"""
Plain values → the text of YAML, as people write it: a key a line, quotes where they are needed.

What is written here reads back as the same value, by `yaml_reader`: a text that any rule of YAML could take for
something else stands in quotes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

Writable: TypeAlias = "str | int | float | bool | Decimal | Sequence[Writable] | Mapping[str, Writable] | None"
"""What can be written: what a file gives, and JSON."""
_PLAIN: Final = r"[A-Za-z/.\u3400-\u9fff](?:[\w./%+*=()!?&;<>~^$@-]|:(?=[^\s,\[\]{}])| (?=[^\s#:]))*"
"""A text that needs no quotes, in a block as well as in braces. Compiled when one is written: 2 ms."""
_DURATION: Final = re.compile(r"\d{1,9}(?:ms|[smhd])")
_WORDS: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
"""Some are constants, and the others were in YAML 1.1: in quotes nobody has to know."""
# What reorders the text or cannot be seen would show another one than is read: all of category Cf but the joiners of
# Persian and Hindi (U+200C, U+200D) and the signs that stand before numbers, which are seen.
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_BASIC: Final = 0xFFFF
_SHORT: Final = 88
"""A mapping of a few texts stands in one line if it is no longer than this."""


def scalar(value: str | int | float | bool | Decimal | None) -> str:
    """
    Return one value in one line. A text that is plain stays bare; with a backslash it stands in single quotes.

    A decimal keeps its digits.
    """
    if isinstance(value, Decimal):
        return format(value, "f")
    if not isinstance(value, str):
        return json.dumps(value)
    if (re.fullmatch(_PLAIN, value) and value.lower() not in _WORDS) or _DURATION.fullmatch(value):
        return value
    if _UNPRINTABLE.search(value):
        return _UNPRINTABLE.sub(_escaped, json.dumps(value, ensure_ascii=False))
    if "\\" in value or '"' in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'


def _escaped(odd: re.Match[str]) -> str:
    code = ord(odd[0])
    return f"\\u{code:04x}" if code <= _BASIC else f"\\U{code:08x}"


def flow(value: Writable) -> str:
    """Return a value in one line: `{css: .price, type: money}`, `[a, b]`."""
    match value:
        case str() | int() | float() | Decimal() | None:
            return scalar(value)
        case Mapping():
            return "{" + ", ".join(f"{scalar(key)}: {flow(part)}" for key, part in value.items()) + "}"
        case _:
            return "[" + ", ".join(map(flow, value)) + "]"


def block(mapping: Mapping[str, Writable], indent: int = 0) -> list[str]:
    """Return a mapping as lines, a key each, in its own order, indented by so many blanks."""
    return [" " * indent + line for key, part in mapping.items() for line in _entry(scalar(key), part)]


def _entry(key: str, value: Writable) -> Iterator[str]:
    match value:
        case dict() if value and not _is_short(key, value):
            yield f"{key}:"
            yield from block(value, 2)
        case list() if any(isinstance(part, dict) for part in value):
            yield f"{key}:"
            for part in value:
                yield f"  - {flow(part)}"
        case _:
            yield f"{key}: {flow(value)}"


def _is_short(key: str, mapping: Mapping[str, Writable]) -> bool:
    """Return whether a mapping is a selector or so: `price: {css: .price, type: money}`; one text has its own line."""
    is_flat = all(not isinstance(part, dict | list) for part in mapping.values())
    return is_flat and len(mapping) > 1 and len(f"{key}: {flow(dict(mapping))}") <= _SHORT
