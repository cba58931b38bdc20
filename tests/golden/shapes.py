"""JSON → its shape, a line a path: which keys there are, and of which types what stands there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any


def shape(values: Sequence[Any], *, words: Collection[str] = ()) -> Iterator[str]:
    """
    Yield a line for each path in some values of one kind: `.error.kind · string`.

    Args:
        words: keys whose texts are themselves promised; each text stands where other texts are `string`.
    """
    yield from _lines(values, "", frozenset(words), is_word=False)


def _lines(values: Sequence[Any], path: str, words: frozenset[str], *, is_word: bool) -> Iterator[str]:
    kinds = sorted({_kind(value, is_word=is_word) for value in values})
    if kinds != ["object"] or path:
        yield f"{path or '.'} · {', '.join(kinds)}"
    objects = [value for value in values if isinstance(value, dict)]
    for key in dict.fromkeys(key for value in objects for key in value):
        there = [value[key] for value in objects if key in value]
        mark = "" if len(there) == len(objects) else "?"
        yield from _lines(there, f"{path}.{key}{mark}", words, is_word=key in words)
    items = [item for value in values if isinstance(value, list) for item in value]
    if items:
        yield from _lines(items, f"{path}[]", words, is_word=is_word)


def _kind(value: Any, *, is_word: bool) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return f'"{value}"' if is_word else "string"
        case dict():
            return "object"
        case list():
            return "list"
    raise TypeError(type(value))
