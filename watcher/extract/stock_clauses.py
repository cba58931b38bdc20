"""
Parts a text of stock into clauses, and says what each speaks of beside the goods, now and here.

| clause | speaks of |
|---|---|
| `Indisponible en magasin`, `門市有售` | a store |
| `Retrait indisponible`, `店舗受取不可` | pick-up |
| `Delivery unavailable` | delivery |
| `Gift wrapping not available`, `Free shipping not available` | a service |
| `Disponibile solo in negozio` | a store, and only there |
| `Disponible a partir del 14/11/2030`, `Expected 3 March` | a later day |
| `Back in stock: January`, `Arrivage prévu le 12/03` | a later day, and being back on it |
| `Tickets on sale Fri 5 Dec`, `Anmeldung startet am 5.12.` | a later day, and a sale that opens on it |
| `Online: sold out` | the web shop |
| `Ships on 3 March`, `Lieferzeit ca. 4 Wochen` | a long time |
| `Mail mij als het product weer op voorraad is` | a message to come |

A clause that speaks of the web shop as well speaks of no store. A clause ends with its line, at a sign that ends a
sentence, and at a dash, a bar or a comma before a word. What the clauses come to is said in `stock.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from functools import lru_cache

from msgspec import Struct


class Subject(Enum):
    """What a clause speaks of."""

    STORE = auto()
    PICKUP = auto()
    DELIVERY = auto()
    SERVICE = auto()
    ONLY_THERE = auto()
    LATER_DAY = auto()
    BACK_LATER = auto()
    OPENS_LATER = auto()
    WEB = auto()
    LONG_TIME = auto()
    MESSAGE = auto()


_CLAUSE_END = re.compile(
    r"(?<=¶)|(?:(?<=[^\W\d]{3}\.)|(?<=[!?;])|(?<=\)\.))\s+(?=[^\W\d])|(?<=[。；！？])"
    r"|(?<= [-–—|/·•])\s|(?<=,)\s*(?=[^\W\d])"
)
BREAK = "¶"
"""The end of a line. Counts and denials reach over it, for markup parts `0` from `in stock`."""
_DAY = (
    r"\d{1,2}\.\s?\d{1,2}\.|\d{1,2}/\d{1,2}(?![\d/]| ?h)|\d{1,2}[./]\d{1,2}[./]\d{2,4}|(?:\d{1,2} )?20[2-9]\d\b"
    r"|\d{1,2} ?[月월]"
)
_QUESTION = re.compile(rf"(?:\S\s+\S+\s+\S+\s?[?؟？]|[吗嗎呢か]\s?[?？])(?:\s{BREAK})?\Z")


def clauses(text: str) -> list[str]:
    """Return the text's clauses, none empty; BREAK stands for the end of a line."""
    text = text.replace(":\n", ": ").replace("\n", f" {BREAK} ")
    return [clause for part in _CLAUSE_END.split(text) if (clause := part.strip())]


def subjects(clause: str) -> Iterator[Subject]:
    """Yield what a clause, in lower case and without hyphens, speaks of beside the goods."""
    stems = expressions()
    if stems.message.search(clause):
        yield Subject.MESSAGE
    aside = next((subject for subject, stem in stems.aside if stem.search(clause)), None)
    is_web = stems.web.search(clause)
    if is_web:
        yield Subject.WEB
    if aside is Subject.SERVICE or (aside and not is_web):
        yield aside
        if stems.only.search(clause):
            yield Subject.ONLY_THERE
    has_day = stems.day.search(clause) and not stems.until.search(clause)
    if has_day and stems.starts.search(clause) and stems.sale.search(clause):
        yield Subject.OPENS_LATER
    elif has_day and stems.again.search(clause):
        yield from (Subject.LATER_DAY, Subject.BACK_LATER)
    elif has_day and (stems.expected.search(clause) or stems.from_day.search(clause)):
        is_awaited = stems.awaited.search(clause) and not stems.waited_for.search(clause)
        if is_awaited or stems.available.search(clause):
            yield Subject.LATER_DAY
        elif stems.ships.search(clause):
            yield Subject.LONG_TIME
    if stems.weeks.search(clause) and stems.waited_for.search(clause):
        yield Subject.LONG_TIME


def is_question(clause: str) -> bool:
    """Return whether a clause only asks: `Is it in stock?`; `In stock?` may be the label of an answer."""
    return _QUESTION.search(clause) is not None


def is_reserved(text: str) -> bool:
    """Return whether the text speaks of reserving: a pre-order beside a later day, and else perhaps a room."""
    return bool(expressions().reserve.search(text))


def is_offer(text: str) -> bool:
    """Return whether the text is what a button says, and no statement: `Add to cart`."""
    return bool(expressions().offer.search(text))


def is_waiting_for_a_choice(text: str) -> bool:
    """Return whether the text asks to choose, as a size: till then a button may be disabled."""
    return bool(expressions().choose.search(text))


class Expressions(Struct, frozen=True):
    """What tells of each subject."""

    message: re.Pattern[str]
    aside: tuple[tuple[Subject, re.Pattern[str]], ...]
    web: re.Pattern[str]
    only: re.Pattern[str]
    day: re.Pattern[str]
    from_day: re.Pattern[str]
    sale: re.Pattern[str]
    starts: re.Pattern[str]
    until: re.Pattern[str]
    expected: re.Pattern[str]
    awaited: re.Pattern[str]
    available: re.Pattern[str]
    again: re.Pattern[str]
    ships: re.Pattern[str]
    weeks: re.Pattern[str]
    waited_for: re.Pattern[str]
    reserve: re.Pattern[str]
    offer: re.Pattern[str]
    choose: re.Pattern[str]


@lru_cache(maxsize=1)
def expressions() -> Expressions:
    """Return the expressions, made once, for the few watches that need them."""
    from watcher.extract import stock_clause_words as words
    from watcher.extract.stock_words import MAIL

    waits = (words.SHIPS_STEMS, words.DELIVERY_STEMS, words.AVAILABLE_STEMS, words.LEAD_TIME_STEMS)
    waits_parts = (words.SHIPS_PARTS, words.DELIVERY_PARTS, words.AVAILABLE_PARTS, words.LEAD_TIME_PARTS)
    day = rf"(?:{_DAY}|\b(?:{_either(words.MONTHS)})\b)"
    return Expressions(
        message=re.compile(rf"\b(?:{_either(MAIL)})\b|{_stem(words.MESSAGE_STEMS, words.MESSAGE_PARTS).pattern}"),
        aside=(
            (Subject.PICKUP, _stem(words.PICKUP_STEMS, words.PICKUP_PARTS)),
            (Subject.STORE, _stem(words.STORE_STEMS, words.STORE_PARTS)),
            (Subject.SERVICE, _stem(words.SERVICE_STEMS, words.SERVICE_PARTS)),
            (Subject.DELIVERY, _stem(words.DELIVERY_STEMS, words.DELIVERY_PARTS)),
        ),
        web=_stem(words.WEB_STEMS, words.WEB_PARTS),
        only=re.compile(rf"\b(?:{_either(words.ONLY)})\b"),
        day=re.compile(day),
        from_day=re.compile(rf"\b(?:{_either(words.FROM)})\b[^\d\n]{{0,14}}{day}"),
        sale=_stem(words.SALE_STEMS, words.STARTS_PARTS),
        starts=_stem(words.STARTS, words.STARTS_PARTS),
        until=re.compile(rf"\b(?:{_either(words.UNTIL)})\b"),
        expected=_stem(words.EXPECTED, words.EXPECTED_PARTS),
        awaited=_stem(words.AWAITED, ""),
        available=_stem(words.AVAILABLE_STEMS, words.AVAILABLE_PARTS),
        again=_stem(words.AGAIN, ""),
        ships=_stem(words.SHIPS_STEMS, words.SHIPS_PARTS),
        weeks=re.compile(rf"\d[ +]?(?:{_either(words.WEEKS)}|{_either(words.WEEKS_PARTS)})"),
        waited_for=_stem("|".join(waits), "|".join(waits_parts)),
        choose=_stem(words.CHOOSE_STEMS, words.CHOOSE_PARTS),
        offer=_stem(words.OFFER_STEMS, words.OFFER_PARTS),
        reserve=_stem(words.RESERVE, words.RESERVE_PARTS),
    )


def _stem(stems: str, parts: str) -> re.Pattern[str]:
    anywhere = f"|{_either(parts)}" if parts else ""
    return re.compile(rf"\b(?:{_either(stems)}){anywhere}")


def _either(phrases: str) -> str:
    """Return an expression of phrases parted by |."""
    return "|".join(map(re.escape, phrases.split("|")))
