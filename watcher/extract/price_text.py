"""
An element → the text of its price, for which markup means more than for other texts.

| in the element | in its text |
|---|---|
| `<del>`, `<s>`, `<strike>`, `line-through` | `…` in its place: it is the price before |
| nothing but those | nothing: what is crossed out is no price |
| `<i>74 €</i><i>16% off</i>` | `74 € 16% off` |
| what its names say is the price before, or a unit's ([price_names](price_names.py)) | `…` in its place |
| `aria-hidden` beside an element with the same digits | left out: it is drawn for who sees |
| `hidden`, `display: none` beside a price that is seen | left out |
| `19<sup>99</sup>`, `49,95 €<sup>1</sup>` | `19⁹⁹`, `49,95 €¹`: `money` tells cents from footnotes |
| `19<span class="cents">99</span>` | `19⁹⁹` |
| `19<span>99</span>` | `19 99`, which `money` refuses: nobody knows whether those are cents |
| `1`, `.` and `299`, or `8.5` and `万円`, in blocks of their own | `1.299`, `8.5万円` |
| `3 500 kr<span>Frakt` | `3 500 kr Frakt` |
"""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from typing import Literal

from turbohtml import Element, Text

from watcher.extract.lazy_pattern import LazyPattern
from watcher.extract.nesting import outermost
from watcher.extract.price_free import NOTHING_TO_PAY
from watcher.extract.price_lines import with_lines
from watcher.extract.price_names import IS_NAMED, Kind, kinds_of
from watcher.extract.price_phrases import role_said, says
from watcher.extract.price_words import Role
from watcher.extract.text import text_of, text_of_markup

LEFT_OUT = "…"
"""Stands where a price was that is crossed out: words before it are not of the next one."""

_MOST_CHARS = 20_000
"""Of markup: what is longer is no price, and is refused as such."""
_STRUCK = (
    "del, s, strike, [style*=line-through], [class*=line-through]"
    ", [class~=strike], [class*=strikethrough], [class~='-lthr'], [class~=del]"
)
_TELLING = frozenset({"del", "ins", "s"})
"""Elements that say more than a text for screen readers beside them, which is in the page's language."""
_UNSEEN = "[hidden], [style*='display:none'], [style*='display: none']"
_IS_MARKED = re.compile(r"<(?:sup|del|s|strike)[ >]|line-through|-lthr|strike|[\" ]del[\" ]|hidden|display: ?none")
_SEVERAL_AMOUNTS_CHARS = 120
_NUMBER = re.compile(r"(?<!\d)\d++(?:(?:[\s.,'’]{1,3}|\s?[–-]\s?[^\d\s]{0,3}\s?)\d++)*+(?! ?%)")
_SIGN = re.compile("[$€£¥￥₽₹₩₺₴₸₪₫฿₱₦]")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_EMPHASISED = LazyPattern(r"</em><span(?: [^<>]*)?>")
"""Before cents: `<em>2</em><span>79</span>`."""
_FOOTNOTES = LazyPattern(r"\A\s*\d(?:[,;/] ?\d)+\)?\s*\Z")
_RAISED = LazyPattern(r"\A\s*\d{1,3}(?![\d]|[.,]\d)")
_NAMES = "(?:span|b|i|em|strong|small|big|font|bdi|bdo|u|sub|sup|data|a|ins|mark|label|abbr|time|output)"
_OPENING, _CLOSING = rf"<{_NAMES}(?: [^<>]*)?>", rf"</{_NAMES}>"
_INLINE = rf"</?{_NAMES}(?: [^<>]*)?>"
_SPOKEN = re.compile(
    rf"<{_NAMES} (?:[^<>]* )?class=\"[^\"<>]*(?:sr-(?:only|text)|visually-?hidden|screen-?reader|blind\b|a11y"
    rf"|hidden-text)[^\"<>]*\"[^<>]*>[^<>]*{_CLOSING}",
    re.IGNORECASE,
)
"""What is read out stands apart from what is drawn."""
_CUT_APART = re.compile(
    rf"(?<=\d)(?P<tags>(?:{_INLINE}|</?div(?: [^<>]*)?>)+)(?P<digits>€?\d\d|(?<=>)\d(?!\d))(?=</|<span[^<>]*>ea</)"
)
_TAG_ON = rf"(?=/?{_NAMES}(?: [^<>]*)?>(?:{_INLINE})*+"
_WITH_TWO_CENTS = LazyPattern(rf"<(?<=[.,]\d\d<){_TAG_ON}\d(?:\d|(?!</)))")
"""Behind these another number begins."""
_MARK_ALONE = LazyPattern(r"(?<=\d)[^\S\n]*\n\s*(?P<mark>[.,])[^\S\n]*\n\s*(?=[\d⁰¹²³⁴-⁹])")
"""Lines `1`, `.` and `299` are one number, drawn in blocks."""
_REST_ALONE = LazyPattern(r"(?<=[\d€])[^\S\n]*\n\s*(?=[⁰¹²³⁴-⁹]{2}(?:\s|\Z)|[.,]\d\d(?:\s|\Z)|[万萬亿億만억])")
"""So are `4` and `,95`, `549€` and `⁹⁹`, and `8.5` and `万円`."""
_RUN_ON = LazyPattern(
    rf"<(?:(?<=[A-Z][A-Z]<){_TAG_ON}[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])"
    rf"|(?:(?<=[a-zß-öø-ÿа-я€$£₽₺₴]<)|(?<=[.,]\d\d<)){_TAG_ON}[A-ZÀ-ÖØ-ÞА-Я]))"
)
"""`3 500 kr<span>Frakt` is drawn apart."""
_WORD_RUNS_ON = LazyPattern(
    rf"(?P<sign>\d\s?[^\W\d_]{{1,6}}(?:\.[^\W\d_]{{1,3}})?\.?)(?={_OPENING}(?:{_INLINE})*+[^\W_])"
)
"""So is what stands behind a currency in scripts without capitals."""
_FIRST_WORDS = LazyPattern(r"\A(?:\s|<[^<>]*>)*+(?P<words>[^<>]{1,40})(?=<[^/])")
_BESIDE = re.compile(
    rf"(?P<left>[^\s<>.,'’]|(?<=[^\s\d<>])[.,])(?P<tags>(?:{_CLOSING})+(?:{_OPENING}(?:{_CLOSING})*)+)(?=(?P<right>[^\s<>.,'’]))"
)
_BY_WEIGHT = LazyPattern(
    r"\A[^/]{0,40}\d[^/]{0,10}/ ?(?:1 ?)?(?:kg|l|ltr|litr[a-z]{0,2}|100 ?(?:g|ml))\s*\Z", re.IGNORECASE
)
_TWO_DIGITS = LazyPattern(r"(?:\d\d|[⁰¹²³⁴-⁹]{2})(?![\d⁰¹²³⁴-⁹]|[.,]\d)")
_TAG = re.compile("<[^<>]*>")
_DIGIT = re.compile(r"\d")
_DIGITS = LazyPattern(r"\d+")
_NO_CENTS = LazyPattern(r"[.,]00\Z")
_EURO_CENTS = LazyPattern(r"(?<=\d)€(?=\d\d(?!\d))")
_WITH_TWO_DECIMALS = LazyPattern(r"(?<![\d.,])\d[\d.,]*[.,]\d\d(?!\d|[.,]\d| ?%)")
_WITH_CENTS = LazyPattern(r"[.,]\d\d ?$")
_CENTS = LazyPattern(
    r"<(?:sup|small)[ >]|class=\"[^\"]*(?:cent|frac|decimal|dec\b|kop|gros|\bsup(?:erscript)?\b|penn|øre|ore\b"
    r"|large-symbols)",
    re.IGNORECASE,
)


def price_text_of(element: Element) -> str:
    """Return the text of an element that holds a price, on as many lines as it has."""
    markup = element.inner_html
    if len(markup) > _MOST_CHARS or "<" not in markup:
        return text_of(element)
    if _IS_MARKED.search(markup) or (has_several_amounts(markup) and IS_NAMED.search(markup)):
        markup = _as_seen(element)
    markup = _WORD_RUNS_ON.sub(r"\g<sign> ", _RUN_ON.sub(" <", markup))
    markup = _WITH_TWO_CENTS.sub(" <", _SPOKEN.sub(r" \g<0> ", markup))
    free = _FIRST_WORDS.match(markup)
    if free and free["words"].strip().lower() in NOTHING_TO_PAY:
        markup = f"{markup[: free.end()]}<br>{markup[free.end() :]}"
    text = text_of_markup(with_lines(_BESIDE.sub(_set_apart, _CUT_APART.sub(_joined, markup))))
    text = _MARK_ALONE.sub(r"\g<mark>", text) if "\n" in text else text
    text = _REST_ALONE.sub("", text) if "\n" in text else text
    return "" if text.strip(f"{LEFT_OUT} ") == "" else text


def has_several_amounts(markup: str) -> bool:
    """Return whether several texts between tags have digits: of one alone a name says nothing."""
    return sum(bool(_DIGIT.search(text)) for text in _TAG.split(markup)) > 1


def _as_seen(element: Element) -> str:
    """Return the markup without what is hidden or crossed out, its raised digits as such."""
    seen = copy.deepcopy(element)
    if _has_digits_without(seen, _UNSEEN):
        _leave_out(seen, _UNSEEN, "")
    _leave_out_twins(seen)
    _leave_out(seen, _STRUCK, f" {LEFT_OUT} ")
    if IS_NAMED.search(element.inner_html):
        _leave_out_named(seen)
    for raised in seen.select("sup"):
        _raise_digits(raised)
    return seen.inner_html


def _has_digits_without(element: Element, css: str) -> bool:
    rest = copy.deepcopy(element)
    _leave_out(rest, css, "")
    return re.search(r"\d", rest.text) is not None


def _leave_out_named(element: Element) -> None:
    """Leave out what names say is the price before, or a unit's, where an amount of another name stands."""
    kinds = {each: kinds_of(each) for each in element.select("*") if _NUMBER.search(each.text)}
    present = {each for each, said in kinds.items() if Kind.PRESENT in said and Kind.FORMER not in said}
    others = {each for each, said in kinds.items() if Kind.PRICE in said and not {Kind.BESIDE, Kind.FORMER} & said}
    others = {each for each in others if not _BY_WEIGHT.search(each.text)}
    left_out: set[Element] = set()
    for kind, beside in ((Kind.FORMER, None), (Kind.LIKELY_FORMER, present), (Kind.BESIDE, others)):
        named = [each for each, said in kinds.items() if kind in said and each not in present and _is_one(each)]
        within = left_out.union(*([each, *each.descendants] for each in named))
        if beside is None or any(each not in within and within.isdisjoint(each.descendants) for each in beside):
            left_out |= {each for each in within if isinstance(each, Element)}
    signs = [(each, Text(f" {LEFT_OUT} ")) for each in outermost([each for each in kinds if each in left_out])]
    for each, sign in signs:
        each.replace_with(sign)
    has_sign = any(_SIGN.search(each.text) for each, _ in signs)
    is_of_some = bool(signs) and _is_of_some(element.text.lower())
    is_unsigned = (
        has_sign and not _SIGN.search(element.text) and not _is_like(element.text, [each.text for each, _ in signs])
    )
    if is_of_some or is_unsigned or not _NUMBER.search(element.text):
        for each, sign in signs:
            sign.replace_with(each)


def _is_of_some(text: str) -> bool:
    """Return whether what is left is asked with a coupon, or is the only amount, and members'."""
    return says(text, Role.COUPON) or (len(_NUMBER.findall(text)) == 1 and says(text, Role.MEMBER))


def _is_like(text: str, former: Sequence[str]) -> bool:
    """Return whether a text holds one amount with cents, no sign, and a tenth at least of each that is left out."""
    amounts = [_WITH_TWO_DECIMALS.findall(each) for each in (text, *former)]
    if any(len(each) != 1 for each in amounts) or len(_NUMBER.findall(text)) != 1:
        return False
    own, *others = (int("".join(_DIGITS.findall(each[0]))) for each in amounts)
    return all(own < other <= 10 * own for other in others)


def _is_one(element: Element) -> bool:
    """Return whether an element holds one amount, or one range, and no words that say what it is."""
    text = _EURO_CENTS.sub(",", element.text)
    is_one = len(text) <= _SEVERAL_AMOUNTS_CHARS and len(_NUMBER.findall(text)) == 1
    return is_one and role_said(text.lower()) is not Role.LIST


def _leave_out_twins(element: Element) -> None:
    """Remove what is drawn beside its own text for screen readers: the same amounts in the next element."""
    hidden = list(outermost(element.select("[aria-hidden=true]")))
    _leave_out_parts(hidden)
    for drawn in hidden:
        digits, amounts = _digits_of(drawn), _amounts_of(drawn)
        twins = (_next_element(drawn, "previous_sibling"), _next_element(drawn, "next_sibling"))
        said = [twin for twin in twins if twin and (_digits_of(twin) == digits or _amounts_of(twin) == amounts)]
        if digits and said:
            (said[-1] if drawn.tag in _TELLING else drawn).decompose()


def _leave_out_parts(hidden: Sequence[Element]) -> None:
    """Remove elements in a row that are drawn as one amount, behind its text: `$4.58 <i>$</i><i>4</i><i>58</i>`."""
    first = next((each for each in hidden if _next_element(each, "previous_sibling") not in hidden), None)
    row = [each for each in hidden if first is not None and each.parent == first.parent]
    said = _next_element(first, "previous_sibling") if first is not None else None
    digits = "".join(map(_digits_of, row))
    has_sign = said is not None and (_SIGN.search(said.text) or not any(_SIGN.search(each.text) for each in row))
    if said is not None and has_sign and len(row) > 1 and digits and digits == _digits_of(said):
        for each in row:
            each.decompose()


def _next_element(element: Element, side: Literal["previous_sibling", "next_sibling"]) -> Element | None:
    """Return the sibling on this side, but for blanks between."""
    sibling = getattr(element, side)
    if isinstance(sibling, Text) and not sibling.text.strip():
        sibling = getattr(sibling, side)
    return sibling if isinstance(sibling, Element) else None


def _amounts_of(element: Element) -> set[str]:
    """Return the digits of each amount, without cents that are none."""
    numbers = ("".join(_DIGITS.findall(_NO_CENTS.sub("", number))) for number in _NUMBER.findall(element.text))
    return {number for number in numbers if number}


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
    if _FOOTNOTES.match(text):
        raised.set_text("¹")
        return
    digits = _RAISED.match(text)
    if digits:
        raised.set_text(digits[0].strip().translate(_SUPERSCRIPTS) + text[digits.end() :])


def _joined(match: re.Match[str]) -> str:
    if len(match["digits"]) == 1:  # `3.29<small>9</small>`, by the litre
        is_tenth = _WITH_CENTS.search(match.string, max(0, match.start() - 4), match.start())
        return f"{match['digits'].translate(_SUPERSCRIPTS)}{match['tags']}" if is_tenth else match[0]
    if match["digits"].startswith("€"):  # `9<span>€99</span>`
        is_with_cents = _WITH_CENTS.search(match.string, max(0, match.start() - 4), match.start())
        return match[0] if is_with_cents else f"{match['digits']}{match['tags']}"
    if _CENTS.search(match["tags"]) or _EMPHASISED.fullmatch(match["tags"]):
        return match["digits"].translate(_SUPERSCRIPTS) + match["tags"]
    return match[0] if "div" in match["tags"] else f" {match['digits']}{match['tags']}"


def _set_apart(match: re.Match[str]) -> str:
    """Return a blank between two elements, which a stylesheet draws apart; not within `35€<i>99</i>`."""
    is_glued = match.string[max(0, match.start() - 1) : match.start()].isdigit()
    digits = _TWO_DIGITS.match(match.string, match.end()) if match["left"] == "€" else None
    is_of_cents = digits is not None and (is_glued or match.string[digits.end() :].lstrip()[:1] in ("", "<"))
    is_with_cents = _WITH_CENTS.search(match.string, max(0, match.start() - 5), match.start())
    return match[0] if is_of_cents and not is_with_cents else f"{match['left']} {match['tags']}"
