"""
What a currency looks like before a number and behind one.

Signs that several words share, as `R` or `K`, are read on pages of their own countries alone.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from watcher.extract.currencies import SIGNS

_DOLLARS = (
    r"(?:(?<![A-Za-z])[Uu]\$[SsDd](?![A-Za-z])"
    r"|(?:(?<![A-Za-z])(?:(?:US|AU|CA|NZ|HK|NT|MOP|WS|C|CI|EC|TT|BZ|Bds) ?|Mex|MX|CDN|AR|CL|CO|RD|[SARTJNZGF]))?\$U?)"
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


class Marks(Struct, frozen=True):
    """What a currency before a number looks like, one behind it, and one with letters that no blank parts from it."""

    before: re.Pattern[str]
    behind: re.Pattern[str]
    glued: re.Pattern[str]


@lru_cache(maxsize=100)
def marks_of(at_home: tuple[str, ...]) -> Marks:
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
        r"|(?P<before>" + _DOLLARS + r"|[£¥₩₱₪])(?!U? ?\d))\.?)?"
    )
    lettered = [re.escape(sign) for sign in longest_first if re.search(r"[^\W\d_]", sign)]
    glued = rf"(?<![^\W\d_])(?:{'|'.join(lettered)})\.?(?=\d)"
    return Marks(re.compile(before), re.compile(behind), re.compile(glued))


MAX_MARK_CHARS = 10
"""Of a currency before a number."""
