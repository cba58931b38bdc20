"""
An element → the text of its price, for which markup means more than for other texts.

| in the element | in its text |
|---|---|
| `<del>`, `<s>`, `<strike>`, `line-through` beside another price | left out: it is the price before |
| nothing but those | nothing: what is crossed out is no price |
| `hidden`, `display: none` beside a price that is seen | left out |
| `19<sup>99</sup>`, `49,95 €<sup>1</sup>` | `19⁹⁹`, `49,95 €¹`: `money` tells cents from footnotes |
| `19<span class="cents">99</span>` | `19⁹⁹` |
| `19<span>99</span>` | `19 99`, which `money` refuses: nobody knows whether those are cents |
"""

from __future__ import annotations

import copy
import re

from turbohtml import Element

from watcher.extract.text import text_of

_MOST_CHARS = 20_000
"""Of markup: what is longer is no price, and is refused as such."""
_STRUCK = "del, s, strike, [style*=line-through], [class*=line-through], [class~=strike], [class*=strikethrough]"
_LIKELY_STRUCK = "[class*=old-price], [class*=price-old], [class*=oldprice], [class*=was-price], [class*=price-was]"
_UNSEEN = "[hidden], [style*='display:none'], [style*='display: none']"
_IS_MARKED = re.compile(
    r"<(?:sup|del|s|strike)[ >]|line-through|strike|hidden|display: ?none|old-?price|price-(?:old|was)|was-p"
)
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_RAISED = re.compile(r"\s*\d{1,3}(?![\d]|[.,]\d)")
_INLINE = r"</?(?:span|b|i|em|strong|small|big|font|bdi|bdo|u|sub|sup|data|a|ins|mark)(?: [^<>]*)?>"
_CUT_APART = re.compile(rf"(?<=\d)(?P<tags>(?:{_INLINE})+)(?P<digits>\d\d)(?=</)")
_CENTS = re.compile(
    r"<(?:sup|small)[ >]|class=\"[^\"]*(?:cent|frac|decimal|dec\b|kop|gros|penn|øre|ore\b)", re.IGNORECASE
)


def price_text_of(element: Element) -> str:
    """Return the text of an element that holds a price, on as many lines as it has."""
    markup = element.inner_html
    if len(markup) > _MOST_CHARS or "<" not in markup:
        return text_of(element)
    if not _IS_MARKED.search(markup) and not _CUT_APART.search(markup):
        return text_of(element)
    seen = copy.deepcopy(element)
    _leave_out(seen, _UNSEEN, is_last_left=True)
    _leave_out(seen, _LIKELY_STRUCK, is_last_left=True)
    _leave_out(seen, _STRUCK, is_last_left=False)
    for raised in seen.select("sup"):
        _raise_digits(raised)
    apart = _CUT_APART.sub(_joined, seen.inner_html)
    seen.set_inner_html(apart)
    return text_of(seen)


def _leave_out(element: Element, css: str, *, is_last_left: bool) -> None:
    """Remove what matches; but not all that has a digit or a letter, where `is_last_left`."""
    if is_last_left:
        rest = copy.deepcopy(element)
        _remove(rest, css)
        if not re.search(r"\d", rest.text):
            return
    _remove(element, css)


def _remove(element: Element, css: str) -> None:
    while (found := element.select_one(css)) is not None:
        found.decompose()


def _raise_digits(raised: Element) -> None:
    """Write the digits at the beginning of a `<sup>` as superscripts."""
    text = raised.text
    digits = _RAISED.match(text)
    if digits:
        raised.set_text(digits[0].strip().translate(_SUPERSCRIPTS) + text[digits.end() :])


def _joined(match: re.Match[str]) -> str:
    if _CENTS.search(match["tags"]):
        return match["digits"].translate(_SUPERSCRIPTS) + match["tags"]
    return f" {match['digits']}{match['tags']}"
