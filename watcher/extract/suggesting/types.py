"""
Of which type the texts of an element, or of a column, are: the one that says most of those that all of them can be read
as, by the project's own readers.

A text without a currency is no money here, and a number with words is one only where they stand behind it and are the
same in each: `12 seats`. What may be read as anything is a text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from watcher.core.values import ValueType
from watcher.errors import PageError, UnparsableError
from watcher.extract.currencies import SIGNS
from watcher.extract.dates import date_of
from watcher.extract.lazy_pattern import LazyPattern
from watcher.extract.numbers import with_plain_digits
from watcher.extract.shown_attributes import shown_attribute
from watcher.extract.stock import said
from watcher.extract.suggesting.survey import Spot, Survey
from watcher.extract.values import Origin, typed


def _any_of(words: Iterable[str]) -> str:
    """Return an expression for any of these words, by their first letters: so many one by one take long."""
    by_letter: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words, key=len, reverse=True):
        by_letter[word[0]].append(re.escape(word[1:]))
    return "|".join(f"{re.escape(letter)}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())


_WORDS_FOR_MONEY = _any_of(sign for sign in SIGNS - {"ALL", "din", "piso"} if sign[0].isalpha())
"""Of all currencies, but for those that are other words more often."""
_FIRST_LETTERS = "".join(sorted({re.escape(sign[0]) for sign in SIGNS if sign[0].isalpha()}))
MONEY_MARK = LazyPattern(
    r"(?:[$€£¥￥₠-⃀৳฿៛﷼֏؋]|\b(?:USD|EUR|GBP|CNY|RMB|CHF|JPY|AUD|CAD|SEK|NOK|DKK|PLN|CZK|HKD|SGD|INR)\b"
    r"|\d ?(?:kr|zł|Kč|Ft|lei|元|円|원|万元)\b|\d ?[元円원])(?![\w]{12})"
    rf"|(?=[{_FIRST_LETTERS}])(?<![^\W\d_])(?:{_WORDS_FOR_MONEY})\.?(?= ?\d)"
    rf"|(?<=\d)[  ]?(?=[{_FIRST_LETTERS}])(?:{_WORDS_FOR_MONEY})(?![^\W\d_])"
)
"""What says that an amount is one of money: a sign of any currency, or a code or a word for one beside the number."""
DATE = re.compile(r"(?:19|20)\d\d|\d{1,2}[./]\d{1,2}[./]\d{2}")
_TYPED_CHARACTERS = 60
_LONE = re.compile(r"\A[^\w\s]*\d[\d., ]*+[万亿kK]?\W*")
_WITH_WORD = re.compile(r"\A[-−+]?\d[\d.,]* ?([°%‰]?[^\W\d_]+[²³]?(?:[ /][^\W\d_]+[²³]?)?)")
"""A number is one with what it counts behind it; `Course 4` is a name."""
_UNIT_OF_MONEY = re.compile(r"10{0,4} ?[A-Z]{3}|[A-Z]{3} ?10{0,4}")
"""What stands before a rate is the name of a currency."""
_TELEPHONE = re.compile(r"^\W*\+?0\d|^\+\d[\d ()/-]{5}|\d[\d ()/-]{9,}")
_DATE_TEXT = re.compile(r"\d{4}|\d{1,2}[./]\d{1,2}[./]")
_SAMPLE = 40


def type_of(survey: Survey, spots: Sequence[Spot]) -> ValueType:
    """Return the type of what these elements show; at most 40 of them are read."""
    texts = [_machine_date(spot) or survey.text(spot) for spot in spots[:_SAMPLE]]
    shown = [text for text in texts if text]
    if shown and all(len(text) <= _TYPED_CHARACTERS for text in shown):
        for kind in _possible(shown):
            if all(_reads(survey, spot, kind) for spot, text in zip(spots, texts, strict=False) if text):
                return kind
    elif not shown and spots and all(_reads(survey, spot, ValueType.STOCK) for spot in spots[:_SAMPLE]):
        return ValueType.STOCK
    return ValueType.TEXT


def _machine_date(spot: Spot) -> str | None:
    """Return the day that a `time` tells machines; None of other elements, and where it tells none."""
    is_day = spot.tag == "time" and shown_attribute(spot.element, ValueType.DATE) == "datetime"
    return spot.element.attr("datetime") if is_day else None


def type_of_texts(texts: Sequence[str]) -> ValueType:
    """Return the type of texts that stand in no element, as those of JSON."""
    shown = [with_plain_digits(text) for text in texts if text][:_SAMPLE]
    if not shown or any(len(text) > _TYPED_CHARACTERS for text in shown):
        return ValueType.TEXT
    return next((kind for kind in _possible(shown) if all(can_be(text, kind) for text in shown)), ValueType.TEXT)


def _possible(texts: Sequence[str]) -> Iterator[ValueType]:
    """Yield the types that these texts may have by their look."""
    first = texts[0]
    if all(map(MONEY_MARK.search, texts)) and not all(map(_UNIT_OF_MONEY.fullmatch, texts)):
        yield ValueType.MONEY
    if all(map(_DATE_TEXT.search, texts)):
        yield ValueType.DATE
    if _is_counted(texts):
        yield ValueType.INTEGER
        yield ValueType.NUMBER
    if not any(_LONE.fullmatch(text) for text in texts) and len(first) <= _TYPED_CHARACTERS:
        yield ValueType.STOCK


def _is_counted(texts: Sequence[str]) -> bool:
    """Return whether each text is a number with the same words around, if any, and none a telephone."""
    if any(_TELEPHONE.search(text) for text in texts):
        return False
    if all(map(_LONE.fullmatch, texts)):
        return True
    behind = {found[1].rstrip("s") if (found := _WITH_WORD.fullmatch(text)) else None for text in texts}
    return len(behind) == 1 and None not in behind


def _reads(survey: Survey, spot: Spot, kind: ValueType) -> bool:
    """Return whether the reader reads the element's text as a value of this type."""
    document, element = survey.document, spot.element
    try:
        if kind is ValueType.STOCK:
            return said(document.stock_text_of(element)).state is not None
        attribute = shown_attribute(element, kind)
        if attribute is not None:
            text = element.attr(attribute) or ""
        else:
            text = document.price_text_of(element) if kind is ValueType.MONEY else document.text_of(element)
        return can_be(text, kind)
    except (PageError, UnparsableError):
        return False


def can_be(text: str, kind: ValueType) -> bool:
    """Return whether the reader reads a text as a value of this type."""
    try:
        if kind is ValueType.DATE:
            return date_of(text) is not None
        return typed(text, kind, Origin(is_prose=True)) is not None
    except UnparsableError:
        return False
