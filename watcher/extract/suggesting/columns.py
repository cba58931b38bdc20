"""The columns of rows, and what is known of rows by them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from watcher.core.values import ValueType
from watcher.extract.count_words import are_of_all
from watcher.extract.suggesting.survey import Spot, Survey
from watcher.extract.suggesting.types import type_of

MOST_FIELDS = 8
SHARE = 0.8
_MOST_COLUMN_CHARACTERS = 200
"""On average: what is longer is a description, and changes by a word."""
_NO_TARGET = re.compile(r"#|javascript:|mailto:|tel:", re.IGNORECASE)
_WEIGHTS: Mapping[ValueType, float] = {
    ValueType.MONEY: 3,
    ValueType.DATE: 2.5,
    ValueType.STOCK: 2,
    ValueType.INTEGER: 1.5,
    ValueType.NUMBER: 1.5,
    ValueType.URL: 1.5,
    ValueType.TEXT: 1,
}


class Column(Struct, frozen=True, kw_only=True):
    """
    What stands at one place in each row.

    Attributes:
        spots: one for each row; None where a row has none.
        name: as the page calls it; empty when it does not.
        is_own: it is what stands in the row itself, beside elements: `<li>Search <b>degraded</b>`.
    """

    spots: Sequence[Spot | None]
    texts: Sequence[str]
    type: ValueType
    name: str = ""
    is_own: bool = False

    @property
    def weight(self) -> float:
        """How much the column says of its rows."""
        return _WEIGHTS[self.type]

    @property
    def distinctness(self) -> float:
        """The share of rows that say something of their own."""
        return len({text for text in self.texts if text}) / max(1, len(self.texts))


class Table(Struct, frozen=True, kw_only=True):
    """Rows with their columns; `link` is the column of the links to what the rows are about."""

    rows: Sequence[Spot]
    columns: Sequence[Column]
    link: Column | None = None

    @property
    def weight(self) -> float:
        """How much is known of each row."""
        return sum(sorted((column.weight for column in self.columns), reverse=True)[:MOST_FIELDS]) + 1.5 * bool(
            self.link
        )

    @property
    def distinctness(self) -> float:
        """That of the column that tells the rows apart best."""
        return max((each.distinctness for each in (*self.columns, *filter(None, [self.link]))), default=0)


def own_column_of(spots: Sequence[Spot | None]) -> Column | None:
    """Return the column of what stands in the rows themselves; None when it says nothing, or the same in each row."""
    texts = ["" if spot is None else spot.own for spot in spots]
    is_told = sum(map(bool, texts)) >= SHARE * len(texts) and len(set(texts)) > 1
    return Column(spots=spots, texts=texts, type=ValueType.TEXT, is_own=True) if is_told else None


def column_of(survey: Survey, spots: Sequence[Spot | None], name: str = "") -> Column | None:
    """Return the column of these elements; None when it says nothing, or the same in each row, or all too much."""
    texts = ["" if spot is None else survey.text(spot) for spot in spots]
    there = [spot for spot in spots if spot is not None]
    filled = [text for text in texts if text]
    kind = type_of(survey, there)
    if kind is ValueType.TEXT and there and are_of_all(filled, f"{name} {there[0].name}"):
        kind = ValueType.INTEGER
    if len(there) < SHARE * len(spots) or (not filled and kind is not ValueType.STOCK):
        return None
    is_same = len(set(texts)) == 1 and len(spots) > 1
    if (is_same and kind is not ValueType.STOCK) or sum(map(len, filled)) > _MOST_COLUMN_CHARACTERS * len(filled):
        return None
    if kind is not ValueType.TEXT and len(filled) < len(there) and kind is not ValueType.STOCK:
        kind = ValueType.TEXT if len(filled) < SHARE * len(there) else kind
    return Column(spots=spots, texts=texts, type=kind, name=name)


def link_column(columns: Iterable[Sequence[Spot | None]]) -> Column | None:
    """Return the links that lead to something of its own from each row: those with the most to read."""
    best: tuple[float, Column] | None = None
    for spots in columns:
        targets = ["" if spot is None else spot.element.attr("href") or "" for spot in spots]
        wanted = [target for target in targets if target and not _NO_TARGET.match(target.strip())]
        if not wanted or len(wanted) < SHARE * len(spots) or len(set(wanted)) < SHARE * len(wanted):
            continue
        chars = sum(spot.chars for spot in spots if spot is not None) / len(spots)
        if best is None or chars > best[0]:
            best = (chars, Column(spots=spots, texts=targets, type=ValueType.URL, name="link"))
    return best[1] if best else None
