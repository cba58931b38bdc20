"""
An amount without tax and the same with it → the one with tax, of which all words speak then.

`販売価格 5,800円（税込6,380円）` is a sale price of 6,380, and `Was £150 (£180 inc VAT)` one before of 180.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from msgspec.structs import replace

from watcher.extract.price_amounts import Amount
from watcher.extract.price_phrases import first_phrase
from watcher.extract.price_words import Role

_TAXES = (
    *map(Decimal, range(2, 28)),
    Decimal("2.1"),
    Decimal("2.6"),
    Decimal("5.5"),
    Decimal("7.7"),
    Decimal("8.1"),
    Decimal("25.5"),
)
"""Of value added, in percent."""
_CENT = Decimal("0.02")
_WHOLE = Decimal("1.1")
"""Is lost at most where yen are rounded twice: `590円（税込 650円）`."""
_UNIT = re.compile(r" ?(?:/ ?[^\W\d_]+|each|ea|per [^\W\d_]+)\.?(?= )", re.IGNORECASE)
_CLOSED = re.compile("[)）]")
_BETWEEN = " )）/|·,;–-"


def with_tax(amounts: Iterable[Amount], line: str) -> list[Amount]:
    """Return the amounts, each that stands there without and with tax as one."""
    kept: list[Amount] = []
    for each in amounts:
        both = _both(kept[-1], each, line) if kept else None
        kept[-1 if both else len(kept) :] = [both or each]
    return kept


def is_taxed(net: Decimal, gross: Decimal) -> bool:
    """Return whether some tax makes this gross price of a net one; `1399 € 1599 € TTC` are both with tax."""
    is_whole = gross == int(gross) and net == int(net)
    if not is_whole and gross % 1 == net % 1:
        return False  # 49.95 and 59.95 are two prices, though 20 % are between them
    return min(abs(gross - net * (1 + rate / 100)) for rate in _TAXES) <= (
        max(min(_WHOLE, gross / 100), gross / 1000) if is_whole else _CENT
    )


def _both(one: Amount, other: Amount, line: str) -> Amount | None:
    """Return the greater of two amounts, from the one's begin to the other's end, if words say that it is with tax."""
    net, gross = sorted((one, other), key=lambda each: each.value)
    if net.value <= 0 or not is_taxed(net.value, gross.value):
        return None
    roles = (Role.NET, Role.GROSS) if other is gross else (Role.GROSS, Role.NET)
    between = _UNIT.sub("", line[one.end : other.start].lower(), count=1)
    unit = _UNIT.match(line, other.end)
    start = unit.end() if unit else other.end
    behind = line[start:].lower()
    end = _end_of_brackets(between, behind, roles[1]) or _end_of_words(between, behind, roles)
    return replace(gross, start=one.start, end=start + end) if end else None


def _end_of_brackets(between: str, behind: str, role: Role) -> int | None:
    """Return where the brackets end in which an amount is told, by what stands behind it: `(£120 inc VAT)`."""
    closed = _CLOSED.search(behind)
    if not between.lstrip().startswith(("(", "（")) or _CLOSED.search(between) or closed is None:
        return None
    said = first_phrase(between)
    is_own = said is not None and not between[said[0] :].strip(" :")
    told = said if is_own else first_phrase(behind[: closed.start()])
    return closed.end() if told and told[1] is role else None


def _end_of_words(between: str, behind: str, roles: tuple[Role, Role]) -> int | None:
    """Return where the words end that call both amounts so: `100 € netto, 119 € brutto`."""
    first, second = first_phrase(between), first_phrase(behind)
    if first is None or second is None or between[first[0] :].strip(_BETWEEN):
        return None
    return second[0] if (first[1], second[1]) == roles else None
