"""
What an amount is by the others beside it: tiers, the parts of a sum, the same by another term.

| amounts | are |
|---|---|
| `Bis 4 20 € Ab 5 18 €` | the price, and one beside it |
| `$45 + $6.30 fee = $51.30` | two parts, and the price |
| `1 500 ₽ + сбор 150 ₽` | the price, and a part |
| `£1,450 pcm £335 pw` | the price, and the same by another term |
| `12 990 ₽/шт 15 490 ₽` | the price, and another: no pack is of less than two |
| `20 € Lieferung ab 5 €, sonst 9 €`, `20 € Used from 9 €`, `20 € 6+ 18 €` | the price, and others of its clause |
| `9 ₽ с картой 10 ₽ 15 ₽ без карты` | a member's, the price, and the one before |
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from watcher.extract.lazy_pattern import LazyPattern
from watcher.extract.price_amounts import Amount
from watcher.extract.price_beside_words import (
    MONTHLY,
    PRICE_OF,
    SIDE_COSTS,
    SO_LONG,
    SO_MANY_OF,
    TERM_BEHIND,
    TIER,
    USED,
)
from watcher.extract.price_gaps import Gap
from watcher.extract.price_parts import is_tier
from watcher.extract.price_phrases import role_said
from watcher.extract.price_tax import is_taxed
from watcher.extract.price_words import Role

SENDING: Final = (
    "shipping|delivery|postage|versand|liefer|livraison|env[ií]o|frete|spedizione|verzend|dostaw|doprav"
    "|достав|frakt|fragt|toimitus|szállít|livrare|运费|送料|배송"
)
TOTAL: Final = LazyPattern(
    r"\b(?:total|gesamt|gesamtpreis|gesamtbetrag|insgesamt|endpreis|summe|totale|totaal|totaalprijs|totalt|totalpris"
    r"|łącznie|razem|suma|celkem|spolu|összesen|végösszeg|итого|всего|разом|общо|toplam|ukupno|skupaj|viso|kopā|kokku"
    r"|yhteensä|i alt|samtals|σύνολο|tổng|jumlah|الإجمالي|المجموع)\b|סה.כ|합계|총|合計|合计|总计|總計|总价|รวม",
    re.IGNORECASE,
)
"""Said of several nights."""
_SENT = LazyPattern(SENDING, re.IGNORECASE)
_MOST_COUNTED = 40
"""Characters before an amount that say of how many it is."""
_MOST_ROUNDED = 20
"""The share of a pack's price by which its pieces are rounded, or cheaper together."""
_TERMS_IN_TERMS = (Decimal(12), Decimal(52) / 12, Decimal(52), Decimal(7), Decimal(365) / 12)
"""Months in a year, weeks in a month, and so on."""
_ADDITION = LazyPattern(r"[ (]*(?:\+|zzgl\.|exkl\.|excl\.) ?[^\W\d_]+(?: [^\W\d_]+)?[ :]*")


def tiers(amounts: Sequence[Amount], gaps: Sequence[Gap]) -> list[Amount]:
    """Return the amounts where all but the first are asked of who buys more: `Bis 4 20 € Ab 5 18 €`; else none."""
    more = list(zip(amounts[1:], gaps[1:], strict=False))
    if not more or not all(each.value < amounts[0].value and is_tier(gaps[0].text, gap.text) for each, gap in more):
        return []
    return [replace(amounts[0], role=Role.PLAIN), *(replace(each, role=Role.BESIDE) for each, _ in more)]


def total(amounts: Sequence[Amount], gaps: Sequence[Gap]) -> list[Amount]:
    """Return the amounts where one is what the others make, and is called so: `$45 + $6.30 fee = $51.30`; else none."""
    if len(amounts) < 3 or _SENT.search(amounts[0].number.string):
        return []
    whole = max(amounts, key=lambda each: each.value)
    index = amounts.index(whole)
    others = [each for each in amounts if each is not whole]
    around = gaps[index].text + gaps[index + 1].text
    is_gross = role_said(gaps[index].text) is Role.GROSS or role_said(gaps[index + 1].text) is Role.GROSS
    is_called = is_gross or "=" in around or TOTAL.search(around) or any("+" in gap.text for gap in gaps[1:-1])
    if not is_called or sum(each.value for each in others) != whole.value:
        return []
    rest = [gap.text for each, gap in zip(amounts, gaps[1:], strict=True) if each is not whole]
    is_of_contract = all(map(TERM_BEHIND.match, rest)) and SO_LONG.search(whole.number.string.lower())
    # The whole of what a device and its plan cost by the month is a part, too.
    return [replace(each, role=Role.FINAL if each is whole and not is_of_contract else Role.PART) for each in amounts]


def with_additions(amounts: Sequence[Amount], gaps: Sequence[Gap]) -> list[Amount]:
    """Return the amounts, those that are taken off or added to the first one as parts."""
    first, *others = amounts
    is_off = first.value < 0 and bool(others)
    behind = (_as_added(each, first, gap) for each, gap in zip(others, gaps[1:], strict=False))
    return [replace(first, role=Role.PART) if is_off else first, *behind]


def by_clauses(amounts: Sequence[Amount], gaps: Sequence[Gap]) -> list[Amount]:
    """Return the amounts, those of a clause that speaks of sending, of used goods or of several pieces as such."""
    is_of_new = amounts[0].role is Role.LIST  # `$9 new` is the price of another where it is the last one
    told = [replace(amounts[0], role=Role.PLAIN) if is_of_new else amounts[0]]
    said = _said_of_clause(amounts[0], gaps[0].before, [])
    for each, gap in zip(amounts[1:], gaps[1:], strict=False):
        words = gap.before
        goes_on = not gap.is_broken and any(map(str.isalpha, words)) and role_said(words) in (None, Role.PART)
        is_price = TOTAL.search(words) or PRICE_OF.search(words)
        said = _said_of_clause(each, words, amounts[: len(told)]) or (said if goes_on and not is_price else None)
        told.append(replace(each, role=max(each.role, said)) if said else each)
    return told


def _said_of_clause(each: Amount, words: str, former: Sequence[Amount]) -> Role | None:
    """Return what the words before an amount say of it, and of those that follow in their clause."""
    if each.role is Role.PART:
        return Role.PART if SIDE_COSTS.search(words) or _SENT.search(words) else None
    if not former or (role_said(words) or Role.PART) is not Role.PART:
        return None
    if SIDE_COSTS.search(words) and not any(map(str.isdigit, words)):
        return Role.PART
    label = former[0].number.string[: former[0].start][-_MOST_COUNTED:].lower()
    is_used = USED.search(words) and (PRICE_OF.search(label) or not any(map(str.isalpha, label)))  # none is `New $9`
    return Role.BESIDE if is_used or _is_of_several(each, words, label, former) else None


def _is_of_several(each: Amount, words: str, label: str, former: Sequence[Amount]) -> bool:
    """Return whether an amount is asked for one of several, or for all of them: `25+ $0.79`, `4 Reifen: 297 €`."""
    tier, pack = TIER.search(words[-_MOST_COUNTED:]), SO_MANY_OF.search(words[-_MOST_COUNTED:])
    if tier and not TIER.search(label) and any(one.value > each.value for one in former):
        return True
    if not pack or any(map(str.isdigit, label)) or MONTHLY.search(words):
        return False
    return any(int(pack[1]) * one.value / 2 <= each.value <= int(pack[1]) * one.value for one in former)


def by_others(amounts: list[Amount]) -> list[Amount]:
    """Return the amounts whose words are known, where the others say that one is something else."""
    gross = [each.value for each in amounts if each.role is Role.GROSS]
    if not gross:
        amounts = [replace(each, role=Role.GROSS) if _is_list_with_tax(each, amounts) else each for each in amounts]
    named = [replace(each, role=Role.NET) if _is_net_of(each, gross) else each for each in amounts]
    named = [replace(each, role=Role.PLAIN) if _is_of_no_pack(each, named) else each for each in named]
    named = [replace(each, role=Role.BESIDE) if _is_in_other_terms(each, named) else each for each in named]
    return _without_card(named)


def _as_added(each: Amount, first: Amount, gap: Gap) -> Amount:
    """Return the amount as a part where it is added to the first one: `1 500 ₽ + сбор 150 ₽`."""
    is_off = each.value < 0
    is_added = each.role is Role.PLAIN and each.value < first.value and _ADDITION.fullmatch(gap.text) is not None
    return replace(each, role=Role.PART) if is_added or is_off else each


def _is_list_with_tax(each: Amount, amounts: Sequence[Amount]) -> bool:
    """Return whether a list price stands beside nothing but itself without tax."""
    nets = [other.value for other in amounts if other.role is Role.NET]
    is_alone = each.role is Role.LIST and len(nets) == len(amounts) - 1 > 0
    return is_alone and all(is_taxed(net, each.value) for net in nets)


def _is_net_of(each: Amount, gross: Sequence[Decimal]) -> bool:
    """Return whether a plain amount stands beside one with tax, and is that without it."""
    return each.role is Role.PLAIN and any(is_taxed(each.value, total) for total in gross if total > each.value)


def _is_in_other_terms(each: Amount, amounts: Sequence[Amount]) -> bool:
    """Return whether an amount is the first one by another term: `£1,450 pcm £335 pw`."""
    first = next((other for other in amounts if other.role is Role.TERM and other.value > 0), None)
    if each.role is not Role.TERM or first is None or not each.value:
        return False
    ratio = max(each.value / first.value, first.value / each.value)
    return any(abs(ratio - times) <= times / 100 for times in _TERMS_IN_TERMS)


def _is_of_no_pack(each: Amount, amounts: Sequence[Amount]) -> bool:
    """Return whether an amount by the piece is no share of a dearer one: `12 990 ₽/шт 15 490 ₽`, `3 por 5 € 2 €/un`."""
    packs = [other.value for other in amounts if other.role is Role.PLAIN and other.value > each.value]
    return each.role is Role.PIECE and any(
        abs(pack - max(2, round(pack / each.value)) * each.value) > pack / _MOST_ROUNDED for pack in packs
    )


def _without_card(amounts: list[Amount]) -> list[Amount]:
    """Return the amounts, of two that everybody may pay the second as the one before: `9 ₽ с картой 10 ₽ 15 ₽ без`."""
    if [each.role for each in amounts] != [Role.MEMBER, Role.PLAIN, Role.EVERYBODY]:
        return amounts
    member, plain, before = amounts
    is_crossed = (
        member.value <= plain.value < before.value and not plain.number.string[plain.end : before.start].strip()
    )
    return [member, replace(plain, role=Role.EVERYBODY), replace(before, role=Role.WAS)] if is_crossed else amounts
