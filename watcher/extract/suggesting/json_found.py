"""
What JSON suggests: arrays of objects as lists, and single members by their names.

An array is a list where three and more objects share two members with simple values; a member within a member counts,
as `price.amount`. Its key is an `id`, or another member in which no two objects say the same. A number is one, and a
text is what all texts of its member can be read as.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from msgspec import Struct

from watcher.core.values import Json, ValueType
from watcher.core.watch import Items, Language, Query, Selector, Values
from watcher.core.wording import worded
from watcher.extract.json_values import find_json, json_text
from watcher.extract.suggesting import json_words, scores
from watcher.extract.suggesting.by_value import Wanted
from watcher.extract.suggesting.candidate import CandidateDraft, Kind
from watcher.extract.suggesting.columns import MOST_FIELDS, SHARE
from watcher.extract.suggesting.naming import name_of, named
from watcher.extract.suggesting.types import type_of_texts
from watcher.extract.text import clean

_LEAST_ROWS = 3
_MOST_ROWS = 5_000
_MOST_DEPTH = 12
_MOST_NODES = 100_000
_MOST_MEMBERS = 60
_MOST_LISTS = 4
_MOST_VALUES = 8
_MOST_CHARACTERS = 200
_SHORT = 3
_VERSION_DEPTH = 2
_MOST_TEXTS = 20
"""An array of so many texts or numbers is a value, too: the times at which a train leaves."""
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UNSAYABLE = re.compile(r"[\x00-\x1f\ud800-\udfff]")
"""No JSONPath of the engine can name a member with one of these, not even escaped."""
_VERSION = re.compile(r"\Av?\d+\.\d")
_ADDRESS = re.compile(r"(?:[a-z]{2,10}:/)?/", re.IGNORECASE)

KeyPath = tuple[str, ...]


class ArrayNumber(str):
    """The number of an object in an array of one or two."""

    __slots__ = ()


class Array(Struct, frozen=True, kw_only=True):
    """Objects that stand in one array; `path` leads to it from the root."""

    path: KeyPath
    rows: Sequence[Mapping[str, Json]]


def json_candidates(root: Json, wanted: Wanted | None = None, *, is_page: bool = True) -> Iterator[CandidateDraft]:
    """Yield the lists, the best first, and members: with telling names, numbers of a whole page, or what is wanted."""
    arrays = sorted(filter(None, map(_listed, _arrays(root))), key=lambda draft: -draft.score)
    yield from (draft for draft in arrays[:_MOST_LISTS] if draft.score >= scores.LEAST_JSON)
    if wanted is not None:
        yield from _wanted(root, wanted)
    else:
        yield from _things(root)
        yield from () if arrays else _members(root, is_page=is_page)


def texts_of(root: Json, draft: CandidateDraft) -> list[str]:
    """Return texts of what is suggested, as a page would show them: those of the first objects, or around a value."""
    match draft.extraction:
        case Items(query=query):
            nodes = [node.value for node in find_json(query.expression, root)[:_LEAST_ROWS]]
        case Values(selectors=selectors):
            first = next(iter(selectors.values())).query
            parent = first.expression.rpartition(".")[0] if first else "$"
            nodes = [node.value for node in find_json(parent or "$", root)[:1]]
    rows = [node for node in nodes if isinstance(node, dict)]
    return [clean(text) for row in rows for _, text in _simple(row) if isinstance(text, str) and len(text) > _SHORT]


def is_telling(draft: CandidateDraft) -> bool:
    """Return whether this is worth watching by itself: a price, a stock, a status, or numbers with times."""
    match draft.extraction:
        case Items(fields=selectors) | Values(selectors=selectors):
            kinds = {selector.type for selector in selectors.values()}
            is_measured = ValueType.DATE in kinds and bool(kinds & {ValueType.INTEGER, ValueType.NUMBER})
            return is_measured or any(map(json_words.SINGLE.search, selectors))


def _listed(array: Array) -> CandidateDraft | None:
    members = _shared(array.rows)
    key = _key(array.rows, members)
    if key is None or len(members) < 2:
        return None
    fields = dict(_fields(array.rows, members, key))
    if not fields:
        return None
    path = f"{path_of(array.path)}[*]"
    typed = sum(field.type is not ValueType.TEXT for field in fields.values())
    score = (
        scores.JSON_ROWS
        + min(12, len(array.rows))
        + 3 * min(5, typed)
        + min(4, len(fields))
        - 18 * _is_setting(array.path)
    )
    return CandidateDraft(
        kind=Kind.JSON,
        why=worded(
            "suggest_json_rows",
            "The page’s JSON holds {number} objects alike, which a new design seldom changes.",
            number=len(array.rows),
        ),
        extraction=Items(query=_query(path), key=Selector(query=_query(_member(key))), fields=fields),
        score=score,
    )


def _is_setting(path: KeyPath) -> bool:
    return any(json_words.SETTINGS.search(step) for step in path)


def _shared(rows: Sequence[Mapping[str, Json]]) -> list[KeyPath]:
    """Return the members with simple values that four fifths of the objects have."""
    counts = Counter(path for row in rows for path, _ in _simple(row))
    return [path for path, count in counts.items() if count >= SHARE * len(rows)]


def _simple(row: Mapping[str, Json]) -> Iterator[tuple[KeyPath, Json]]:
    for name, value in _sayable(row):
        if isinstance(value, dict):
            inner = _sayable(value)
            yield from (((name, other), one) for other, one in inner if is_simple(one))
        elif is_simple(value):
            yield (name,), value


def _sayable(members: Mapping[str, Json]) -> list[tuple[str, Json]]:
    """Return the first members, without those whose names no path can say."""
    return [(name, value) for name, value in islice(members.items(), _MOST_MEMBERS) if not _UNSAYABLE.search(name)]


def is_simple(value: Json) -> bool:
    """Return whether a member may be a value: a text, a number, or a few of them."""
    if isinstance(value, list):
        return 0 < len(value) <= _MOST_TEXTS and all(isinstance(one, (str, int, float)) for one in value)
    return isinstance(value, (str, int, float)) and (not isinstance(value, str) or 0 < len(value) <= _MOST_CHARACTERS)


def _key(rows: Sequence[Mapping[str, Json]], members: Sequence[KeyPath]) -> KeyPath | None:
    found = [path for path in members if _is_distinct(rows, path) and not isinstance(_value(rows[0], path), list)]
    return min(found, key=lambda path: (not json_words.KEYS.search(path[-1]), len(path)), default=None)


def _is_distinct(rows: Sequence[Mapping[str, Json]], path: KeyPath) -> bool:
    texts = [_text(row, path) for row in rows]
    return all(texts) and len(set(texts)) == len(texts)


def _fields(
    rows: Sequence[Mapping[str, Json]], members: Sequence[KeyPath], key: KeyPath
) -> Iterator[tuple[str, Selector]]:
    taken: set[str] = set()
    wanted = [path for path in members if path != key and len({_text(row, path) for row in rows}) > 1]
    wanted = wanted or [path for path in members if path != key]
    telling = {path for path in wanted if json_words.TELLING.search(path[-1]) or _is_number(_value(rows[0], path))}
    ranked = sorted(wanted, key=lambda path: (path not in telling, len(path)))[:MOST_FIELDS]
    for path in (path for path in members if path in ranked):
        values = [_value(row, path) for row in rows]
        is_optional = any(value is None for value in values)
        kind = _type(values)
        yield named(_name(path), taken), Selector(query=_query(_member(path)), type=kind, optional=is_optional)


def _name(path: KeyPath) -> str:
    return path[-1] if len(path) == 1 or name_of(path[-1]) not in ("value", "amount", "text", "name", "id") else path[0]


def _type(values: Sequence[Json]) -> ValueType:
    there = [value for value in values if value is not None]
    if all(map(_is_number, there)):
        return ValueType.INTEGER if all(isinstance(value, int) for value in there) else ValueType.NUMBER
    return (
        type_of_texts([json_text(value) for value in there])
        if all(isinstance(one, str) for one in there)
        else ValueType.TEXT
    )


def _value(row: Mapping[str, Json], path: KeyPath) -> Json:
    value = row.get(path[0])
    for step in path[1:]:
        value = value.get(step) if isinstance(value, dict) else None
    return value if is_simple(value) else None


def _text(row: Mapping[str, Json], path: KeyPath) -> str:
    value = _value(row, path)
    return "" if value is None else json_text(value)


def _arrays(root: Json) -> Iterator[Array]:
    for path, node in nodes_in(root):
        if isinstance(node, list):
            rows = [each for each in node if isinstance(each, dict)]
            if _LEAST_ROWS <= len(rows) == len(node) <= _MOST_ROWS:
                yield Array(path=path, rows=rows)


def nodes_in(root: Json, *, most_rows: int = _LEAST_ROWS - 1) -> Iterator[tuple[KeyPath, Json]]:
    """Yield what lies within, the outer first; of an array only so few objects are gone into."""
    waiting: list[tuple[KeyPath, Json]] = [((), root)]
    for count, (path, node) in enumerate(waiting):
        if count == _MOST_NODES:
            return
        yield path, node
        if isinstance(node, dict) and len(path) < _MOST_DEPTH:
            waiting.extend(((*path, name), value) for name, value in node.items() if not _UNSAYABLE.search(name))
        elif isinstance(node, list) and len(node) <= most_rows and len(path) < _MOST_DEPTH:
            waiting.extend(
                ((*path, ArrayNumber(number)), value) for number, value in enumerate(node) if isinstance(value, dict)
            )


def _things(root: Json) -> Iterator[CandidateDraft]:
    """Yield the objects that have a price, with their stock: what the page is about, not what stands in an array."""
    for path, node in nodes_in(root):
        if not isinstance(node, dict):
            continue
        price = next(
            (name for name, value in node.items() if json_words.PRICE.fullmatch(name) and is_simple(value)), None
        )
        stock = next(
            (name for name, value in node.items() if json_words.STOCK.fullmatch(name) and is_simple(value)), None
        )
        if price is None:
            continue
        members = {"price": price} | ({"stock": stock} if stock else {})
        selectors = {
            name: Selector(query=_query(path_of((*path, member))), type=_type([node[member]]))
            for name, member in members.items()
        }
        is_named = any(json_words.THING.search(name) for name in (*path[-1:], *node))
        why = worded("suggest_json_price", "The page’s JSON names a price, which a new design seldom changes.")
        yield CandidateDraft(
            kind=Kind.JSON,
            why=why,
            extraction=Values(selectors=selectors),
            score=(scores.JSON_PRODUCT if is_named else scores.JSON_PRICE) - len(path),
        )


def _members(root: Json, *, is_page: bool) -> Iterator[CandidateDraft]:
    """Yield single members whose names say that they are worth watching; of a page that is JSON, numbers, too."""
    found = [(path, node) for path, node in nodes_in(root) if path and _is_told(path, node, is_page=is_page)]
    is_record = isinstance(root, dict) and not json_words.RECORD_MEMBERS.isdisjoint(root)
    found.sort(key=lambda pair: _distance(*pair, is_record=is_record))
    for path, node in found[:_MOST_VALUES]:
        why = worded("suggest_json_named", "The page’s JSON names this “{name}”.", name=_said(path))
        score = scores.JSON_MEMBER - _distance(path, node, is_record=is_record)
        yield _single(path, node, score, why, _said(path))


def _is_told(path: KeyPath, node: Json, *, is_page: bool) -> bool:
    is_telling = json_words.SINGLE.search(name_of(_said(path))) or (
        is_page and _is_number(node) and not json_words.KEYS.search(path[-1])
    )
    is_address = isinstance(node, str) and _ADDRESS.match(node)
    return bool(is_telling) and is_simple(node) and not is_address and not _is_setting(path)


def _said(path: KeyPath) -> str:
    """Return the name that says what a member is: of `status.description` the outer one."""
    is_inner = len(path) > 1 and json_words.INNER.fullmatch(path[-1]) and json_words.SINGLE.search(name_of(path[-2]))
    return path[-2] if is_inner else path[-1]


def _distance(path: KeyPath, node: Json, *, is_record: bool) -> int:
    """Return how far behind a member stands: its depth, but the version of a record comes before its status."""
    name = name_of(_said(path))
    if is_record and name == "version" and len(path) <= _VERSION_DEPTH and _VERSION.match(str(node)):
        return 0
    return len(path) if json_words.SINGLE.search(name) else _MOST_DEPTH + len(path)


def _is_number(node: Json) -> bool:
    return isinstance(node, (int, float)) and not isinstance(node, bool)


def _wanted(root: Json, wanted: Wanted) -> Iterator[CandidateDraft]:
    found = [(path, node) for path, node in nodes_in(root) if is_simple(node) and wanted.is_shown_by(json_text(node))]
    for path, node in found[:_MOST_VALUES]:
        yield _single(
            path,
            node,
            scores.WANTED_IN_JSON - len(path),
            worded("suggest_json_value", "The page’s JSON holds the value here."),
        )


def _single(path: KeyPath, node: Json, score: float, why: str, said: str | None = None) -> CandidateDraft:
    name = named(said or (_name(path) if path else "value"), set())
    kind = _type([node])
    is_none = kind is ValueType.STOCK and not json_words.OF_STOCK.search(name)
    selector = Selector(query=_query(path_of(path)), type=ValueType.TEXT if is_none else kind)
    return CandidateDraft(kind=Kind.JSON, why=why, extraction=Values(selectors={name: selector}), score=score)


def path_of(path: KeyPath) -> str:
    """Return the JSONPath of a member: `$.props['page-1'].items`."""
    return "$" + "".join(map(_step, path))


def _member(path: KeyPath) -> str:
    """Return the path of a member within a row."""
    return ".".join(path) if all(map(_PLAIN.fullmatch, path)) else path_of(path)


def _step(name: str) -> str:
    if isinstance(name, ArrayNumber):
        return f"[{name}]"
    if _PLAIN.fullmatch(name):
        return f".{name}"
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{escaped}']"


def _query(path: str) -> Query:
    return Query(Language.JSONPATH, path)
