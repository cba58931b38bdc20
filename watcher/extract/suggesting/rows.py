"""
Rows and their columns → a list as a watch reads it: a selector of the rows, a key, and fields.

| the key is | because |
|---|---|
| the row's `data-…id`, or its `id` | it is the identity that the site itself uses |
| a column of codes, by its name and its texts: `CS101` | people know the row by it, and it is short |
| where the row's link leads | that stays when the row is edited |
| a column in which no two rows say the same | nothing better is there; one of days, as of performances, at last |
| two of the first texts, which together no other row has | a departure has its time and its line |
| all of the row's text (`BY_TEXT`) | somebody pointed at it, and nothing else tells it from the others |

Ids that count rows are their places, and no identity. Columns are fields where four fifths of the rows have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, compress, islice

from msgspec import Struct
from msgspec.structs import replace
from turbohtml import Element

from watcher.core.values import ValueType
from watcher.core.watch import Items, Language, Query, Selector
from watcher.extract.lasting import STATE_WORDS, is_lasting, stem_of
from watcher.extract.selector_of import field_selector, selector_of
from watcher.extract.suggesting.naming import is_generic, name_of_classes, named
from watcher.extract.suggesting.region_words import words_of
from watcher.extract.suggesting.survey import Spot, Survey
from watcher.extract.suggesting.types import DATE, type_of

MOST_FIELDS = 8
SHARE = 0.8
_MOST_COLUMN_CHARACTERS = 200
"""On average: what is longer is a description, and changes by a word."""
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
_ID_NAME = re.compile(r"\Adata-(?:(?:[a-z]+-)*(?:id|sku|asin|key|code|uid|slug|number)|[a-z]+id)")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PARTIES = frozenset({"author", "creator", "contributor", "publisher", "brand", "manufacturer", "seller", "organizer"})
"""Properties of schema.org whose value is a person or an organization, with a `name` and a `url` of its own."""
_AMOUNTS = frozenset({"fare", "cost", "fee", "rent", "total", "salary", "bid", "deposit", "shipping", "amount", "rate"})
_MADE_ID = re.compile(r"yui_|ember\d|react|:r|ext-|radix|gen-", re.IGNORECASE)
BY_TEXT = Query(Language.XPATH, ".")
"""The key of rows that all of their text tells apart, and nothing less."""
_OWN_TEXT = "text()[normalize-space()]"
_DAY_NUMBERS = 2
_FIRST_COLUMNS = 3
"""They say which row it is; those behind say how it is."""
_PLAIN = re.compile(r"[A-Za-z][\w-]{1,30}")
_MOST_CLASS_CHARACTERS = 400
_MOST_COMPARED = 60
_MOST_CHILDREN = 20
_NO_TARGET = re.compile(r"#|javascript:|mailto:|tel:", re.IGNORECASE)
_PARAMETER = re.compile(r"[?&;]([\w-]{1,30})=")
_SESSION = re.compile(
    r"[?&;](?:utm_|ref=|sid=|session|fbclid|gclid|spm=|from=|src=|pos=|position=|track)", re.IGNORECASE
)
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


def items_of(survey: Survey, table: Table, *, may_be_by_text: bool = False) -> Items | None:
    """
    Return the list that reads the rows; None when no selector finds just them, or nothing tells them apart.

    Args:
        may_be_by_text: rows that nothing else tells apart are told apart by all of their text.
    """
    table = _tightened(survey, table)
    for each in (table, *_linked(table)):
        css = rows_selector(survey, [row.element for row in each.rows])
        key = None if css is None else _key(survey, each)
        if css is not None and key is not None:
            return Items(query=Query.css(css), key=key, fields=dict(_fields(survey, each)))
    css = rows_selector(survey, [row.element for row in table.rows]) if may_be_by_text else None
    if css is None or not _are_identities([survey.text(row) for row in table.rows], may_count=True):
        return None
    return Items(query=Query.css(css), key=Selector(query=BY_TEXT), fields=dict(_fields(survey, table)))


def _linked(table: Table) -> Iterator[Table]:
    """Yield those of the rows that have a link, where others are such as rules and advertisements."""
    if table.link is None or all(table.link.texts):
        return
    wanted = [bool(text) for text in table.link.texts]
    columns = [_filtered(column, wanted) for column in (*table.columns, table.link)]
    yield Table(rows=list(compress(table.rows, wanted)), columns=columns[:-1], link=columns[-1])


def _filtered(column: Column, wanted: Sequence[bool]) -> Column:
    spots, texts = list(compress(column.spots, wanted)), list(compress(column.texts, wanted))
    return replace(column, spots=spots, texts=texts)


def _tightened(survey: Survey, table: Table) -> Table:
    """Return the same rows without wrappers that have no telling name, where what they wrap has one."""
    rows = table.rows
    while not _has_name(rows):
        inner = [survey.spots[row.place + 1] for row in rows if _is_wrapper(survey, row)]
        if len(inner) < len(rows):
            return table
        rows = inner
    return Table(rows=rows, columns=table.columns, link=table.link) if rows[0].tag != "a" else table


def _has_name(rows: Sequence[Spot]) -> bool:
    return any(css[0] != "." or not is_generic(css[1:]) for css in _shared([row.element for row in rows]))


def _is_wrapper(survey: Survey, row: Spot) -> bool:
    return not row.own and row.end > row.place + 1 and survey.spots[row.place + 1].end == row.end


def plainer(items: Items) -> Items:
    """Return the list with fields that are texts and need not be there: what can be read where types cannot."""
    fields = {
        name: Selector(query=each.query, attr=each.attr, optional=True, type=_plain_type(each.type))
        for name, each in items.fields.items()
    }
    return Items(query=items.query, key=items.key, fields=fields, pages=items.pages)


def _plain_type(kind: ValueType) -> ValueType:
    return kind if kind is ValueType.URL else ValueType.TEXT


def rows_selector(survey: Survey, rows: Sequence[Element]) -> str | None:
    """Return a selector that finds these elements and no others, made of what is likely to stay."""
    for css in _rows_selectors(survey, rows):
        if list(survey.document.probe(css)) == list(rows):
            return css
    return None


def _rows_selectors(survey: Survey, rows: Sequence[Element]) -> Iterator[str]:
    tag = rows[0].tag
    own = list(_shared(rows))
    yield from own
    yield from (f"{tag}{name}" for name in own)
    yield from (f"{name}:has(a[href])" for name in own)
    if rows[0].attr("role") == "row":
        yield from (f"{name}:has(> {cell})" for name in own for cell in ('[role="cell"]', '[role="gridcell"]'))
    around = _ancestors_of_all(rows)
    for depth, (ancestor, path) in enumerate(around):
        place = selector_of(survey.document, ancestor)
        yield from (f"{place} {tag}{name}" for name in own)
        steps = " > ".join((*path, tag))
        yield f"{place} {tag}"
        yield f"{place} > {steps}"
        if tag == "tr":
            yield f"{place} > {steps}:has(> td)"
            yield f"{place} > {steps}:has(> td + td)"
        yield f"{place} > {steps}:has(a[href])"
        if not depth and (before := _before(rows[0])):
            yield f"{place} > {steps}:nth-of-type(n+{before + 1})"
        yield from (f"{place} > {steps}.{name}" for name in _looks(rows))
        yield from (f"{place} > {steps}:has(> .{name})" for name in _held(rows))
        if depth == 2:
            return


def _looks(rows: Sequence[Element]) -> Iterator[str]:
    """Yield the classes of all rows that say how they look, as `row` does: a separator beside them has another one."""
    shared = set.intersection(*({*(row.attr("class") or "")[:_MOST_CLASS_CHARACTERS].split()} for row in rows))
    yield from sorted(name for name in shared if _PLAIN.fullmatch(name) and name.lower() not in STATE_WORDS)


def _held(rows: Sequence[Element]) -> Iterator[str]:
    """Yield the classes that are likely to stay of what each row holds: an advertisement among them holds none."""
    shared = set.intersection(*(set(_names_within(row)) for row in rows[:_MOST_COMPARED]))
    yield from sorted(filter(is_lasting, shared))


def _names_within(row: Element) -> Iterator[str]:
    for child in islice(row.children, _MOST_CHILDREN):
        if isinstance(child, Element):
            yield from (child.attr("class") or "")[:_MOST_CLASS_CHARACTERS].split()


def _before(row: Element) -> int:
    """Return how many elements of its kind stand before a row in its parent: a header, mostly."""
    return sum(isinstance(one, Element) and one.tag == row.tag for one in row.previous_siblings)


def _shared(rows: Sequence[Element]) -> Iterator[str]:
    """Yield what all rows have, each as a selector."""
    first = rows[0]
    for attribute in ("data-testid", "itemprop", "data-component-type", "role"):
        value = first.attr(attribute)
        if value and is_lasting(value) and all(row.attr(attribute) == value for row in rows):
            yield f'[{attribute}="{value}"]'
    shared = set((first.attr("class") or "").split()).intersection(*((row.attr("class") or "").split() for row in rows))
    names = [name for name in (first.attr("class") or "").split()[:20] if name in shared]
    lasting = sorted(filter(is_lasting, names), key=lambda name: (is_generic(name), len(words_of(name)) < 2))
    yield from (f".{name}" for name in lasting)
    yield from (f'[class*="{stem}"]' for name in names if (stem := stem_of(name)))
    yield from (f"[{name}]" for name in first.attrs if _ID_NAME.fullmatch(name) and all(row.attr(name) for row in rows))


def _ancestors_of_all(rows: Sequence[Element]) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """Yield what all rows lie in, the nearest first, each with the tags between it and a row."""
    ends = set(rows[-1].ancestors)
    path: list[str] = []
    for ancestor in rows[0].ancestors:
        if not isinstance(ancestor, Element) or ancestor.tag == "html":
            return
        if ancestor in ends:
            yield ancestor, tuple(path)
        path.insert(0, ancestor.tag)


def _key(survey: Survey, table: Table) -> Selector | None:
    elements = [row.element for row in table.rows]
    for name in (*_id_names(elements[0]), "id"):
        values = [element.attr(name) or "" for element in elements]
        if _are_identities(values) and not any(map(_MADE_ID.match, values)):
            return Selector(query=Query(Language.XPATH, f"@{name}"))
    codes = next(filter(_are_codes, table.columns), None)
    if codes is not None:
        return _field(survey, table, codes)
    if table.link is not None and _are_identities(table.link.texts, may_count=True):
        regex = _narrowing(table.link.texts)
        if regex is not None:
            return _field(survey, table, table.link, attr="href", regex=regex or None)
    columns = [each for each in table.columns if _may_be_key(each)]
    best = min(columns, key=lambda each: (_is_of_days(each), not _KEY_NAMES.search(each.name)), default=None)
    if best is not None:
        return _field(survey, table, best)
    moments = next((each for each in table.columns if _are_moments(each)), None)
    return _of_two_cells(survey, table) if moments is None else _field(survey, table, moments, attr="datetime")


def _of_two_cells(survey: Survey, table: Table) -> Selector | None:
    """Return what reads two cells as one key, where none alone tells the rows apart: `16:30` and `Line 206`."""
    texts = (column for column in table.columns if column.type is ValueType.TEXT and all(column.texts))
    for pair in combinations(islice(texts, _FIRST_COLUMNS), 2):
        places = [_place_in_rows(survey, table.rows, column) for column in pair]
        both = [" ".join(told) for told in zip(*(column.texts for column in pair), strict=True)]
        if all(places) and _are_identities(both):
            return Selector(query=Query(Language.XPATH, f"concat({places[0]}, ' ', {places[1]})"))
    return None


def _place_in_rows(survey: Survey, rows: Sequence[Spot], column: Column) -> str | None:
    """Return where a cell stands in each row, `td[2]` or `div[1]/span[1]`; None where that differs."""
    pairs = [(row, spot) for row, spot in zip(rows, column.spots, strict=True) if spot is not None]
    if column.is_own or not all(row.place < spot.place < row.end for row, spot in pairs):
        return None
    places = {_path_within(survey, *pair) for pair in pairs}
    return places.pop() if len(places) == 1 else None


def _path_within(survey: Survey, row: Spot, spot: Spot) -> str:
    path = [spot, *(above for above in survey.above(spot) if above.place > row.place)]
    return "/".join(f"{each.tag}[{_before(each.element) + 1}]" for each in reversed(path))


def _are_moments(column: Column) -> bool:
    """Return whether each row has a time of its own that machines are told, as that of an appointment."""
    told = [
        (spot.element.attr("datetime") or "") if spot is not None and spot.tag == "time" else ""
        for spot in column.spots
    ]
    return (
        column.type is ValueType.DATE and _are_identities(told, may_count=True) and not any(map(_is_ago, column.texts))
    )


def _are_codes(column: Column) -> bool:
    """Return whether a column is called what codes are, and each row has one of its own."""
    return (
        column.type is ValueType.TEXT
        and _CODE_NAME.fullmatch(column.name.strip()) is not None
        and all(map(_CODE.fullmatch, column.texts))
        and _are_identities(column.texts, may_count=True)
    )


def _may_be_key(column: Column) -> bool:
    """Return whether what a column says tells the rows apart, and stays: “3 days ago” does not."""
    is_kept = column.type in _KEY_TYPES or (_is_of_days(column) and all(map(DATE.search, column.texts)))
    return is_kept and _are_identities(column.texts, may_count=True)


def _is_ago(text: str) -> bool:
    """Return whether a text says but a number of days or hours: what `2 days ago` is told to be may vary."""
    return len(re.findall(r"\d+", text)) < _DAY_NUMBERS


def _is_of_days(column: Column) -> bool:
    return column.type is ValueType.DATE


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
        if _are_identities(found, may_count=True):
            return regex
    return None


def _id_names(element: Element) -> list[str]:
    return [name for name in element.attrs if _ID_NAME.fullmatch(name)]


def _are_identities(values: Sequence[str], *, may_count: bool = False) -> bool:
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


def _fields(survey: Survey, table: Table) -> Iterator[tuple[str, Selector]]:
    taken: set[str] = set()
    title = _title(table)
    ranked = sorted(table.columns, key=lambda each: (each is not title, -each.weight))[:MOST_FIELDS]
    for column in (each for each in table.columns if each in ranked):
        wanted = column.name or ("title" if column is title else name_of_column(column))
        name = named(wanted, taken)
        yield name, _field(survey, table, column, type=column.type)
    if table.link is not None:
        yield named("link", taken), _field(survey, table, table.link, attr="href", type=ValueType.URL)


def _title(table: Table) -> Column | None:
    """Return what the rows are called: the text of their link, of a heading, or the one that is longest."""
    texts = [column for column in table.columns if column.type is ValueType.TEXT and column.distinctness > 0.5]
    links = () if table.link is None else table.link.spots
    return max(texts, key=lambda column: (_is_title(column, links), sum(map(len, column.texts))), default=None)


def _is_title(column: Column, links: Sequence[Spot | None]) -> bool:
    spot = next(spot for spot in column.spots if spot is not None)
    link = next((link for link in links if link is not None), None)
    return spot is link or spot.tag in _HEADINGS or (link is not None and link.place < spot.place < link.end)


def name_of_column(column: Column) -> str:
    """Return what a column may be called: by `itemprop`, a label for small screens, a class, or by its type."""
    return name_of_element(next(spot for spot in column.spots if spot is not None), column.type)


def name_of_element(spot: Spot, kind: ValueType) -> str:
    """Return what the value of an element may be called."""
    for attribute in ("itemprop", "data-label", "data-title", "data-th"):
        if (value := spot.element.attr(attribute)) and len(value) <= 40:
            return (_party(spot) or value) if value in ("url", "name") else value
    named_so = name_of_classes(spot.names)
    if kind is ValueType.MONEY and named_so not in _AMOUNTS:
        return "price"
    if named_so:
        return named_so
    if kind is ValueType.TEXT and spot.tag in _HEADINGS:
        return "title"
    return {ValueType.MONEY: "price", ValueType.INTEGER: "count"}.get(kind, kind)


def _party(spot: Spot) -> str:
    """Return whose name or link this is by its microdata: `author`; empty where it is that of the thing itself."""
    above = (each.attr("itemprop") or "" for each in spot.element.ancestors if isinstance(each, Element))
    own = next(filter(None, above), "")
    return own if own in _PARTIES else ""


def _field(
    survey: Survey,
    table: Table,
    column: Column,
    *,
    attr: str | None = None,
    regex: str | None = None,
    type: ValueType = ValueType.TEXT,  # noqa: A002  the operator's word
) -> Selector:
    row, spot = next((row, spot) for row, spot in zip(table.rows, column.spots, strict=True) if spot is not None)
    is_optional = any(each is None for each in column.spots) or (type is not ValueType.TEXT and not all(column.texts))
    if column.is_own:
        query = Query(Language.XPATH, _OWN_TEXT)
    elif spot is row:
        query = BY_TEXT
    elif not row.place < spot.place < row.end:
        query = Query(Language.XPATH, _beside(survey, table.rows, column))
    elif css := _from_end(survey, table.rows, column):
        query = Query.css(css)
    else:
        others = [each.element for each in table.rows[:40]]
        query = Query.css(field_selector(survey.document, spot.element, row.element, others))
    return Selector(query=query, attr=attr, regex=regex, type=type, optional=is_optional and regex is None)


def _from_end(survey: Survey, rows: Sequence[Spot], column: Column) -> str | None:
    """Return what finds a cell by its place from the row's end, where that from the start differs."""
    pairs = [(row, spot) for row, spot in islice(zip(rows, column.spots, strict=True), 40) if spot is not None]
    cells = [spot if spot.parent == row.place else survey.spots[spot.parent] for row, spot in pairs]
    are_cells = all(
        row.tag == "tr" == survey.spots[cell.parent].tag for (row, _), cell in zip(pairs, cells, strict=True)
    )
    if not are_cells or len({_before(cell.element) for cell in cells}) == 1:
        return None
    behind = {sum(isinstance(one, Element) for one in cell.element.next_siblings) for cell in cells}
    inner = "" if pairs[0][1] is cells[0] else f" {pairs[0][1].tag}"
    return f":scope > :nth-last-child({behind.pop() + 1}){inner}" if len(behind) == 1 else None


def _beside(survey: Survey, rows: Sequence[Spot], column: Column) -> str:
    """Return what leads from a row to a value in the element behind it: by a class or a tag, by positions at last."""
    pairs = [(row, spot) for row, spot in islice(zip(rows, column.spots, strict=True), 40) if spot is not None]
    row, spot = pairs[0]
    second = survey.spots[row.end]
    start = f"following-sibling::{second.tag}[1]"
    if spot is second:
        return start
    name = spot.element.attr("class") or ""
    if name and "'" not in name and is_lasting(name) and all(_is_only(survey, *pair, name) for pair in pairs):
        return f"{start}//{spot.tag}[@class='{name}']"
    if all(_is_only(survey, *pair, None) for pair in pairs):
        return f"{start}//{spot.tag}"
    path = [spot, *(above for above in survey.above(spot) if above.place > second.place)]
    return start + "".join(f"/{each.tag}[{_before(each.element) + 1}]" for each in reversed(path))


def _is_only(survey: Survey, row: Spot, spot: Spot, name: str | None) -> bool:
    """Return whether the element behind the row holds but this one of its tag, and of its class if that is given."""
    alike = [each for each in survey.within(survey.spots[row.end]) if each.tag == spot.tag]
    return [each for each in alike if name is None or each.element.attr("class") == name] == [spot]
