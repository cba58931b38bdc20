"""Reads elements of pages for their price, as a watch does whose selector finds them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from tests.extract.builders import css, single
from tests.extract.prices import REFUSED
from watcher.core.values import Money, ValueType
from watcher.errors import UnparsableError

Row = tuple[str, str, str]
"""The page's language, an element, and the answer: amount and currency, the amount alone, or `REFUSED`."""

TABLES = tuple(sorted(path.name for path in Path(__file__).parent.glob("*price*.json")))


class Figures(Struct, frozen=True, kw_only=True):
    """
    How a table was read: of how many rows, and those that are not right with what was read.

    Attributes:
        other_currency: among those that are right, for the amount counts.
    """

    count: int
    wrong: dict[str, str]
    refused: frozenset[str]
    other_currency: dict[str, str]

    @property
    def right(self) -> int:
        return self.count - len(self.wrong) - len(self.refused)

    def __str__(self) -> str:
        return (
            f"{self.right} of {self.count} right ({len(self.other_currency)} of them in another currency),"
            f" {len(self.refused)} refused, {len(self.wrong)} wrong"
        )

    def lines(self) -> Iterator[str]:
        """Yield each row that is not right, or has another currency."""
        yield from (f"wrong: {html!r} is read as {price}" for html, price in self.wrong.items())
        yield from (f"refused: {html!r}" for html in sorted(self.refused))
        yield from (f"in another currency: {html!r} is read as {price}" for html, price in self.other_currency.items())


def rows_of(path: Path) -> list[Row]:
    """Return the rows of a table."""
    return [(language, html, expected) for language, html, expected in json.loads(path.read_text("utf-8"))]


def table(name: str) -> list[Row]:
    """Return the rows of a table that stands beside this file."""
    return rows_of(Path(__file__).with_name(name))


def read(language: str, html: str) -> Money | None:
    """Return the price that a watch reads of an element on a page in this language; None when it is refused."""
    try:
        price = single(
            f'<!doctype html><html lang="{language}"><div id=x>{html}</div>', price=css("#x", ValueType.MONEY)
        )["price"]
    except UnparsableError:
        return None
    assert isinstance(price, Money)
    return price


def is_right(language: str, html: str, expected: str) -> bool:
    """Return whether a price is read, or refused, as expected; of a currency its code counts, not its notation."""
    price = read(language, html)
    if expected == REFUSED or price is None:
        return expected == REFUSED and price is None
    amount, _, currency = expected.partition(" ")
    return price.amount == Decimal(amount) and price.unit == (currency or None)


def figures(rows: Iterable[Row]) -> Figures:
    """Return how rows are read; a refusal where something was to be read is neither right nor wrong."""
    count, wrong, refused, other_currency = 0, {}, set(), {}
    for language, html, expected in rows:
        count += 1
        price = read(language, html)
        amount, _, currency = expected.partition(" ")
        if price is None:
            refused |= {html} if expected != REFUSED else set()
        elif expected == REFUSED or price.amount != Decimal(amount):
            wrong[html] = f"{price.amount:f} {price.unit}, not {expected}"
        elif price.unit != (currency or None):
            other_currency[html] = f"{price.amount:f} {price.unit}, not {expected}"
    return Figures(count=count, wrong=wrong, refused=frozenset(refused), other_currency=other_currency)


def main() -> None:
    """Print how tables are read, and with -v each row that is not right: `python -m tests.extract.price_reading`."""
    named = [Path(name) for name in sys.argv[1:] if name != "-v"]
    for path in named or [Path(__file__).with_name(name) for name in TABLES]:
        found = figures(rows_of(path))
        print(f"{path.name}: {found}")
        for line in found.lines() if "-v" in sys.argv else ():
            print(f"  {line}")


if __name__ == "__main__":
    main()
