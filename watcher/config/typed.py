"""What people type into a form, as a file of watches has it."""

from __future__ import annotations

import re
from typing import Final

from watcher.config.number_advice import plain_number
from watcher.extract.currencies import SIGNS

_AMOUNT: Final = re.compile(r"([^\d.,%\s-]{0,8})\s*(-?\d{1,15}(?:\.\d{1,15})?)\s*([^\d.,%\s-]{0,8})", re.ASCII)
_SHARE: Final = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*[%％]", re.ASCII)
_MYRIADS: Final = re.compile("[万萬亿億]")
_COMMA: Final = re.compile("[,，、]")
_LENGTH: Final = re.compile(r"([0-9]{1,8})\s*([^\W\d_]{1,8})")
_WORDS: Final = {
    "s": "s sec secs second seconds 秒 秒钟",
    "m": "m min mins minute minutes 分 分钟",
    "h": "h hr hrs hour hours 小时 个小时",
    "d": "d day days 天 日",
}
_UNITS: Final = {word: unit for unit, words in _WORDS.items() for word in words.split()}


def number_in(text: str) -> int | float | None:
    """Return the number that `90`, `90 €`, `USD 9.50` or `1.2万` says; None where a text says none, or may say two."""
    if _MYRIADS.search(text):
        text = plain_number(text) or ""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None or not all(map(_is_currency, (match[1], match[3]))):
        return None
    return float(match[2]) if "." in match[2] else int(match[2])


def step_in(text: str) -> str | int | float | None:
    """Return `5 %` as `5%`, and `20 €` as 20; None where it is neither, or not more than 0."""
    match = _SHARE.fullmatch(text.strip())
    amount = float(match[1]) if match else number_in(text)
    if amount is None or amount <= 0:
        return None
    return f"{match[1]}%" if match else amount


def _is_currency(text: str) -> bool:
    return text in SIGNS or text.upper() in SIGNS or not text


def topics_in(text: str) -> list[str]:
    """Return the topics in `deals, family`, each once."""
    return [*dict.fromkeys(filter(None, map(str.strip, _COMMA.split(text))))]


def duration_in(text: str) -> str:
    """Return `5 min` and `5 minutes` as `5m`; anything else as it is, for the loader to judge."""
    match = _LENGTH.fullmatch(text)
    unit = _UNITS.get(match[2].casefold()) if match else None
    return f"{match[1]}{unit}" if match and unit else text
