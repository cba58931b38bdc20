"""
Rows → the key of a list, which tells them apart and stays.

| the key is | because |
|---|---|
| the row's `data-…id`, or its `id` | it is the identity that the site itself uses |
| a column of codes, by its name and its texts: `CS101` | people know the row by it, and it is short |
| where the row's link leads | that stays when the row is edited |
| a column in which no two rows say the same | nothing better is there; one of days, as of performances, at last |
| two of the first texts, which together no other row has | a departure has its time and its line |
| the `data-…id` of an element within the row | a button to buy has it where the product has no link |

Ids that count rows are their places, and no identity.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations, islice

from turbohtml import Element

from watcher.core.values import ValueType
from watcher.core.watch import Language, Query, Selector
from watcher.extract.suggesting.columns import Column, Table
from watcher.extract.suggesting.row_fields import field_of, path_within
from watcher.extract.suggesting.survey import Spot, Survey
from watcher.extract.suggesting.types import DATE

_KEY_TYPES = (ValueType.TEXT, ValueType.INTEGER)
_KEY_NAMES = re.compile(
    r"code|id|no|nr|number|num|sku|isbn|ref|symbol|编号|代码|序号|课程号|车次|股票代码|编码|文号|name|title|名称"
)
_CODE_NAME = re.compile(
    r"(?:(?:course|module|product|item|article|part|stock)[ _-])?(?:code|id|sku|isbn)|symbol"
    r"|编号|代码|课程号|课程代码|货号|股票代码",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?=\D{0,19}\d)(?=[^A-Za-z]{0,19}[A-Za-z])[A-Za-z0-9][A-Za-z0-9._/-]{1,19}", re.ASCII)
"""With a letter and a digit: what is digits alone may count, or be an amount or a year."""
ID_NAME = re.compile(r"\Adata-(?:(?:[a-z]+-)*(?:id|sku|asin|key|code|uid|slug|number)|[a-z]+id)")
"""The name of an attribute in which a site has ids of its own."""
_MADE_ID = re.compile(r"yui_|ember\d|react|:r|ext-|radix|gen-", re.IGNORECASE)
_MOST_INNER = 60
_DAY_NUMBERS = 2
_FIRST_COLUMNS = 3
"""They say which row it is; those behind say how it is."""
_PARAMETER = re.compile(r"[?&;]([\w-]{1,30})=")
_SESSION = re.compile(
    r"[?&;](?:utm_|ref=|sid=|session|fbclid|gclid|spm=|from=|src=|pos=|position=|track)", re.IGNORECASE
)


def key_of(survey: Survey, table: Table) -> Selector | None:
    """Return the key of the rows; None when nothing short tells them apart."""
    elements = [row.element for row in table.rows]
    for name in (*_id_names(elements[0]), "id"):
        values = [element.attr(name) or "" for element in elements]
        if are_identities(values) and not any(map(_MADE_ID.match, values)):
            return Selector(query=Query(Language.XPATH, f"@{name}"))
    codes = next(filter(_are_codes, table.columns), None)
    if codes is not None:
        return field_of(survey, table, codes)
    if table.link is not None and are_identities(table.link.texts, may_count=True):
        regex = _narrowing(table.link.texts)
        if regex is not None:
            return field_of(survey, table, table.link, attr="href", regex=regex or None)
    columns = [each for each in table.columns if _may_be_key(each)]
    best = min(columns, key=lambda each: (_is_of_days(each), not _KEY_NAMES.search(each.name)), default=None)
    if best is not None:
        return field_of(survey, table, best)
    moments = next((each for each in table.columns if _are_moments(each)), None)
    if moments is not None:
        return field_of(survey, table, moments, attr="datetime")
    return _of_two_cells(survey, table) or _inner_id(survey, table)


def are_identities(values: Sequence[str], *, may_count: bool = False) -> bool:
    """Return whether each is there and of its own, and they do not merely count."""
    if not all(values) or len(set(values)) < len(values):
        return False
    numbers = [re.sub(r"\D", "", value) for value in values]
    counts = [int(number) for number in numbers if number and len(number) < 9]
    return (
        may_count
        or len(counts) < len(values)
        or counts
        not in (
            list(range(counts[0], counts[0] + len(counts))),
            list(range(counts[0], counts[0] - len(counts), -1)),
        )
    )


def _inner_id(survey: Survey, table: Table) -> Selector | None:
    """Return the id that an element within each row has, as the button that puts a product into the cart."""
    first = islice(survey.within(table.rows[0]), _MOST_INNER)
    for name in dict.fromkeys(name for spot in first for name in _id_names(spot.element)):
        told = [(spot.element.attr(name) for spot in survey.within(row)) for row in table.rows]
        if are_identities([next(filter(None, each), "") for each in told]):
            return Selector(query=Query(Language.XPATH, f"descendant::*[@{name}][1]/@{name}"))
    return None


def _id_names(element: Element) -> list[str]:
    return [name for name in element.attrs if ID_NAME.fullmatch(name)]


def _are_codes(column: Column) -> bool:
    """Return whether a column is called what codes are, and each row has one of its own."""
    return (
        column.type is ValueType.TEXT
        and _CODE_NAME.fullmatch(column.name.strip()) is not None
        and all(map(_CODE.fullmatch, column.texts))
        and are_identities(column.texts, may_count=True)
    )


def _narrowing(targets: Sequence[str]) -> str | None:
    """
    Return what narrows links to what tells them apart, where they carry a session or a place of origin.

    Nothing where they carry neither; None where that alone tells them apart.
    """
    if not any(map(_SESSION.search, targets)):
        return ""
    names = (name for name in _PARAMETER.findall(targets[0]) if not _SESSION.match(f"?{name}="))
    for regex in (r"^[^?#]+", *(rf"[?&;]{re.escape(name)}=([^&#;]+)" for name in names)):
        found = [match[match.re.groups] if (match := re.search(regex, target)) else "" for target in targets]
        if are_identities(found, may_count=True):
            return regex
    return None


def _may_be_key(column: Column) -> bool:
    """Return whether what a column says tells the rows apart, and stays: “3 days ago” does not."""
    is_kept = column.type in _KEY_TYPES or (_is_of_days(column) and all(map(DATE.search, column.texts)))
    return is_kept and are_identities(column.texts, may_count=True)


def _is_of_days(column: Column) -> bool:
    return column.type is ValueType.DATE


def _are_moments(column: Column) -> bool:
    """Return whether each row has a time of its own that machines are told, as that of an appointment."""
    told = [
        (spot.element.attr("datetime") or "") if spot is not None and spot.tag == "time" else ""
        for spot in column.spots
    ]
    return (
        column.type is ValueType.DATE and are_identities(told, may_count=True) and not any(map(_is_ago, column.texts))
    )


def _is_ago(text: str) -> bool:
    """Return whether a text says but a number of days or hours: what `2 days ago` is told to be may vary."""
    return len(re.findall(r"\d+", text)) < _DAY_NUMBERS


def _of_two_cells(survey: Survey, table: Table) -> Selector | None:
    """Return what reads two cells as one key, where none alone tells the rows apart: `16:30` and `Line 206`."""
    texts = (column for column in table.columns if column.type is ValueType.TEXT and all(column.texts))
    for pair in combinations(islice(texts, _FIRST_COLUMNS), 2):
        places = [_place_in_rows(survey, table.rows, column) for column in pair]
        both = [" ".join(told) for told in zip(*(column.texts for column in pair), strict=True)]
        if all(places) and are_identities(both):
            return Selector(query=Query(Language.XPATH, f"concat({places[0]}, ' ', {places[1]})"))
    return None


def _place_in_rows(survey: Survey, rows: Sequence[Spot], column: Column) -> str | None:
    """Return where a cell stands in each row, `td[2]` or `div[1]/span[1]`; None where that differs."""
    pairs = [(row, spot) for row, spot in zip(rows, column.spots, strict=True) if spot is not None]
    if column.is_own or not all(row.place < spot.place < row.end for row, spot in pairs):
        return None
    places = {path_within(survey, *pair) for pair in pairs}
    return places.pop() if len(places) == 1 else None
