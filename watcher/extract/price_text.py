"""
An element → the text of its price, for which markup means more than for other texts.

| in the element | in its text |
|---|---|
| `<del>`, `<s>`, `<strike>`, `line-through` | `…` in its place: it is the price before |
| nothing but those | nothing: what is crossed out is no price |
| `<i>74 €</i><i>16% off</i>` | `74 € 16% off` |
| `price__old` and the like beside `price__new`; `small` beside `big` | `…` in its place |
| `aria-hidden` beside an element with the same digits | left out: it is drawn for who sees |
| `hidden`, `display: none` beside a price that is seen | left out |
| `19<sup>99</sup>`, `49,95 €<sup>1</sup>` | `19⁹⁹`, `49,95 €¹`: `money` tells cents from footnotes |
| `19<span class="cents">99</span>` | `19⁹⁹` |
| `19<span>99</span>` | `19 99`, which `money` refuses: nobody knows whether those are cents |
"""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from typing import Literal

from turbohtml import Element, Text

from watcher.extract.nesting import outermost
from watcher.extract.text import text_of, text_of_markup

LEFT_OUT = "…"
"""Stands where a price was that is crossed out: words before it are not of the next one."""

_MOST_CHARS = 20_000
"""Of markup: what is longer is no price, and is refused as such."""
_STRUCK = "del, s, strike, [style*=line-through], [class*=line-through], [class~=strike], [class*=strikethrough]"
_LIKELY_STRUCK = (
    "[class*=old-price], [class*=price-old], [class*=oldprice], [class*=was-price], [class*=price-was]"
    ", [class$=__prev], [class$=__old]"
)
_UNSEEN = "[hidden], [style*='display:none'], [style*='display: none']"
_FORMER = ("old", "prev", "before", "was", "org", "orig", "regular", "small")
_PRESENT = ("new", "now", "current", "actual", "final", "sale", "special", "dsc", "discounted", "big")
_IS_MARKED = re.compile(
    r"<(?:sup|del|s|strike)[ >]|line-through|strike|hidden|display: ?none|old-?price|price-(?:old|was)|was-p"
    rf"|__prev|__old|(?:price|prc)[-_]{{1,2}}(?:{'|'.join(_FORMER)})"
)
_IS_TOLD_BY_NAMES = re.compile(rf"(?:price|prc)[-_]{{1,2}}(?:{'|'.join(_PRESENT)})")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_RAISED = re.compile(r"\A\s*\d{1,3}(?![\d]|[.,]\d)")
_NAMES = "(?:span|b|i|em|strong|small|big|font|bdi|bdo|u|sub|sup|data|a|ins|mark|label)"
_OPENING, _CLOSING = rf"<{_NAMES}(?: [^<>]*)?>", rf"</{_NAMES}>"
_INLINE = rf"</?{_NAMES}(?: [^<>]*)?>"
_CUT_APART = re.compile(rf"(?<=\d)(?P<tags>(?:{_INLINE})+)(?P<digits>\d\d)(?=</)")
_BESIDE = re.compile(rf"(?P<left>[^\s<>.,'’])(?P<tags>(?:{_CLOSING})+(?:{_OPENING})+)(?=(?P<right>[^\s<>.,'’]))")
_TWO_DIGITS = re.compile(r"\d\d(?!\d|[.,]\d)")
_WITH_CENTS = re.compile(r"[.,]\d\d ?$")
_CENTS = re.compile(
    r"<(?:sup|small)[ >]|class=\"[^\"]*(?:cent|frac|decimal|dec\b|kop|gros|penn|øre|ore\b)", re.IGNORECASE
)


def price_text_of(element: Element) -> str:
    """Return the text of an element that holds a price, on as many lines as it has."""
    markup = element.inner_html
    if len(markup) > _MOST_CHARS or "<" not in markup:
        return text_of(element)
    if _IS_MARKED.search(markup):
        markup = _as_seen(element)
    text = text_of_markup(_BESIDE.sub(_set_apart, _CUT_APART.sub(_joined, markup)))
    return "" if text.strip(f"{LEFT_OUT} ") == "" else text


def _as_seen(element: Element) -> str:
    """Return the markup without what is hidden or crossed out, its raised digits as such."""
    seen = copy.deepcopy(element)
    if _has_digits_without(seen, _UNSEEN):
        _leave_out(seen, _UNSEEN, "")
    _leave_out_twins(seen)
    struck = f"{_STRUCK}, {_LIKELY_STRUCK}" if _has_digits_without(seen, f"{_STRUCK}, {_LIKELY_STRUCK}") else _STRUCK
    _leave_out(seen, struck, f" {LEFT_OUT} ")
    if _IS_TOLD_BY_NAMES.search(element.inner_html):
        _leave_out_former(seen)
    for raised in seen.select("sup"):
        _raise_digits(raised)
    return seen.inner_html


def _has_digits_without(element: Element, css: str) -> bool:
    rest = copy.deepcopy(element)
    _leave_out(rest, css, "")
    return re.search(r"\d", rest.text) is not None


def _leave_out_former(element: Element) -> None:
    """Leave out `price__old` and the like where `price__new` and the like holds a number, and is no part of it."""
    present = {each for each in element.select(_named_for(_PRESENT)) if _digits_of(each)}
    former = [each for each in outermost(element.select(_named_for(_FORMER))) if each not in present]
    if present and not any(present.intersection(each.descendants) for each in former):
        for each in former:
            each.replace_with(Text(f" {LEFT_OUT} "))


def _named_for(words: Sequence[str]) -> str:
    """Return a selector of classes such as `product-price__big` or `prc-dsc`."""
    return ", ".join(
        f"[class*={name}{joint}{word}]"
        for name in ("price", "prc")
        for joint in ("-", "__", "_", "--")
        for word in words
    )


def _leave_out_twins(element: Element) -> None:
    """Remove what is drawn beside its own text for screen readers: the same digits in the next element."""
    for drawn in outermost(element.select("[aria-hidden=true]")):
        digits = _digits_of(drawn)
        twins = (_next_element(drawn, "previous_sibling"), _next_element(drawn, "next_sibling"))
        if digits and any(twin is not None and _digits_of(twin) == digits for twin in twins):
            drawn.decompose()


def _next_element(element: Element, side: Literal["previous_sibling", "next_sibling"]) -> Element | None:
    """Return the sibling on this side, but for blanks between."""
    sibling = getattr(element, side)
    if isinstance(sibling, Text) and not sibling.text.strip():
        sibling = getattr(sibling, side)
    return sibling if isinstance(sibling, Element) else None


def _digits_of(element: Element) -> str:
    return "".join(re.findall(r"\d", element.text))


def _leave_out(element: Element, css: str, sign: str) -> None:
    """Replace what matches by a sign that it was there."""
    for found in outermost(element.select(css)):
        if sign:
            found.replace_with(Text(sign))
        else:
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


def _set_apart(match: re.Match[str]) -> str:
    """Return a blank between two elements, which a stylesheet draws apart; not within `35€<i>99</i>`."""
    is_of_cents = match["left"] == "€" and _TWO_DIGITS.match(match.string, match.end())
    is_with_cents = _WITH_CENTS.search(match.string, max(0, match.start() - 5), match.start())
    return match[0] if is_of_cents and not is_with_cents else f"{match['left']} {match['tags']}"
