"""What an amount is by the words right beside it: a part of a price, a unit's, a month's, or a price by weight."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec.structs import replace

from watcher.extract.price_amounts import Amount
from watcher.extract.price_beside_words import (
    ADDING,
    AS_NEW,
    BESIDE_BEFORE,
    BY_AREA,
    BY_HUNDRED,
    BY_WEIGHT,
    CARD_BEHIND,
    PART_BEFORE,
    PART_BEHIND,
    PER_GRAMS_BEFORE,
    PER_UNIT_BEFORE,
    PIECE_BEHIND,
    SAVED,
    SECOND,
    SEVERAL,
    SHIPPING_BEFORE,
    SO_MANY_MONTHS,
    SUM_BEHIND,
    TERM_BEHIND,
    TIER_BEHIND,
    TIER_FROM,
    TIER_TO,
    TOLD_OF,
    UNIT_BEFORE,
    UNIT_BEHIND,
    WEIGHT_BEFORE,
)
from watcher.extract.price_conditions import is_instalment, is_lent, said_behind
from watcher.extract.price_phrases import (
    is_named_by_buyer,
    is_threshold_around,
    is_threshold_before,
    is_threshold_behind,
    role_said,
)
from watcher.extract.price_words import DEPOSITS, Role

_DEPOSITS = frozenset(DEPOSITS.split("|"))
_MOST_CHARS = 100
"""Of the words on one side of an amount."""


def part_or_unit(each: Amount, before: str, behind: str) -> Amount:
    """Return the amount as a part or a unit's price, when the words right beside it say so."""
    is_off = each.value < 0 and re.search(r"[^\W\d_]", before) is not None  # Gutschein: −10 €
    if each.role is Role.PART or is_off:
        return replace(each, role=Role.PART)
    return replace(each, role=_said_beside(before[-_MOST_CHARS:], behind[:_MOST_CHARS]) or each.role)


def is_added_by_term(before: str, behind: str) -> bool:
    """Return whether the texts beside an amount say that it comes on top, by the month or year."""
    return bool(ADDING.search(before.lower()) and TERM_BEHIND.match(behind.lower().lstrip("*")))


def is_addition(before: str, between: str) -> bool:
    """Return whether the words between two amounts name the first, which is added: `zzgl. 0,25 € Pfand 1,29 €`."""
    return bool(ADDING.search(before[-12:])) and between.strip(" )") in _DEPOSITS


def is_tier(first: str, before: str) -> bool:
    """Return whether the text before an amount names so many as follow those before the first: `Bis 4`, `Ab 5`."""
    most, least = TIER_TO.search(first.rstrip(" :")), TIER_FROM.search(before.rstrip(" :"))
    if most is None or least is None:
        return False
    more = int(least[1]) - int(most[1] or most[2] or most[3])
    return more > 1 or (more == 1 and not [] != _word_before(most) == _word_before(least))  # `Zone 1 9 € Zone 2 8 €`


def _word_before(match: re.Match[str]) -> list[str]:
    return match.string[: match.start()].split()[-1:]


def is_taxed_alike(between: str) -> bool:
    """Return whether the second of two amounts is the first with tax: `100gあたり 198円（税込213円）`."""
    return between.lstrip().startswith(("(", "（", "/")) and role_said(between) in (Role.GROSS, Role.NET)


@lru_cache(maxsize=1_000)
def _said_beside(before: str, behind: str) -> Role | None:
    """Return what the words beside an amount say; they are the same at the next check of a page."""
    tail = before[-30:].rstrip(" :：(（")
    named = TOLD_OF.sub(" ", before)
    if tail.endswith("=") and SUM_BEHIND.match(behind):
        return Role.FINAL
    if (
        PART_BEHIND.match(behind)
        or any(map(PART_BEFORE.search, (tail, named[-30:].rstrip(" :：(（"))))
        or SECOND.search(tail)
        or SAVED.search(before[-30:])
        or SHIPPING_BEFORE.search(before)
        or is_threshold_before(before)
        or is_threshold_around(before, behind)
        or (is_threshold_behind(behind) and not is_named_by_buyer(before, behind))
        or (Role.PART in map(role_said, (before, named)) and not named.endswith("; "))
    ):
        return Role.PART
    role = _role_beside(tail, before, behind)
    is_financed = is_instalment(before) or (role is Role.TERM and _is_lent(tail, behind))
    return Role.PART if is_financed else role


def _is_lent(tail: str, behind: str) -> bool:
    """Return whether an amount by the month is paid so often, or to somebody who lends."""
    term = TERM_BEHIND.match(behind)
    is_counted = term is not None and SO_MANY_MONTHS.match(behind, term.end()) is not None
    return (
        is_counted
        or is_lent(behind)
        or is_instalment(behind[term.end() : term.end() + 20] if term else "")
        or tail.endswith("as low as")
    )


def _role_beside(tail: str, before: str, behind: str) -> Role | None:
    """Return what an amount is by what stands right beside it: of a unit, by weight, of members."""
    behind = behind.lstrip("*°")
    if CARD_BEHIND.match(behind[:80]):
        return Role.MEMBER
    if TERM_BEHIND.match(behind):
        return Role.TERM
    if PER_GRAMS_BEFORE.search(tail):
        return Role.ASIDE
    if UNIT_BEFORE.search(tail) or PER_UNIT_BEFORE.search(tail):
        return Role.UNIT
    piece = PIECE_BEHIND.match(behind)
    if piece and not before.endswith(("(", "（")):
        is_tier = BESIDE_BEFORE.search(tail) or TIER_BEHIND.match(behind[piece.end() :].lstrip("."))
        return Role.BESIDE if is_tier else Role.PIECE
    if AS_NEW.match(behind) and not before.strip(" (|/·–-"):
        return Role.LIST
    unit = UNIT_BEHIND.match(behind)
    if TIER_BEHIND.match(behind):
        return Role.BESIDE
    if (
        BY_AREA.match(behind)
        or BY_HUNDRED.match(behind)
        or BY_WEIGHT.match(behind)
        or WEIGHT_BEFORE.search(tail)
        or SEVERAL.search(tail)
        or (unit and before.endswith(("(", "（")))
    ):
        return Role.ASIDE
    if unit:
        return Role.UNIT
    return Role.BESIDE if BESIDE_BEFORE.search(tail) else said_behind(behind)
