"""JSON → its shape, a line a path: which keys there are, and of which types what stands there."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any


def shape(
    values: Sequence[Any], *, words: Collection[str] = (), maps: Mapping[str, int] | None = None
) -> Iterator[str]:
    """
    Yield a line for each path in some values of one kind: `.error.kind · string`.

    Args:
        words: keys whose texts are themselves promised; each text stands where other texts are `string`.
        maps: keys below which so many levels of keys are data, and not names: `{}` stands for all of a level.
    """
    yield from _Shape(frozenset(words), maps or {}).lines(values, "")


class _Shape:
    def __init__(self, words: frozenset[str], maps: Mapping[str, int]) -> None:
        self._words = words
        self._maps = maps

    def lines(self, values: Sequence[Any], path: str, *, is_word: bool = False, data: int = 0) -> Iterator[str]:
        """
        Yield the lines of what stands at a path.

        Args:
            data: levels of keys that are data.
        """
        kinds = sorted({_kind(value, is_word=is_word) for value in values})
        if kinds != ["object"] or path:
            yield f"{path or '.'} · {', '.join(kinds)}"
        # In an order of their own: which of several checks ends first is nothing that is promised.
        objects = sorted(
            (each for each in values if isinstance(each, dict)), key=lambda each: (-len(each), sorted(each))
        )
        if data and objects:
            there = [part for value in objects for part in value.values()]
            yield from self.lines(there, f"{path}.{{}}", is_word=is_word, data=data - 1) if there else ()
        else:
            for key in dict.fromkeys(key for value in objects for key in value):
                there = [value[key] for value in objects if key in value]
                at = f"{path}.{key}{'' if len(there) == len(objects) else '?'}"
                yield from self.lines(there, at, is_word=key in self._words, data=self._maps.get(key, 0))
        items = [item for value in values if isinstance(value, list) for item in value]
        if items:
            yield from self.lines(items, f"{path}[]", is_word=is_word)


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


def structure(document: Any) -> str:
    """Return a JSON Schema, or what has some in it, without its prose: sorted, short parts on one line."""
    return "\n".join(_laid_out(_without_prose(document), "")) + "\n"


_PROSE = frozenset({"description", "summary", "title"})
_SHOWN = frozenset({"examples", "example"})


def _without_prose(part: Any) -> Any:
    """Return the part without texts and examples; a property may have such a name, and is a mapping."""
    if isinstance(part, list):
        return [_without_prose(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        key: sorted(value) if key == "required" and isinstance(value, list) else _without_prose(value)
        for key, value in sorted(part.items())
        if not (key in _PROSE and isinstance(value, str)) and not (key in _SHOWN and not isinstance(value, dict))
    }


def _laid_out(part: Any, indent: str, name: str = "") -> Iterator[str]:
    line = f"{indent}{name}{json.dumps(part, ensure_ascii=False)}"
    if len(line) <= 110 or not isinstance(part, (dict, list)):
        yield line
        return
    opening, closing = ("{", "}") if isinstance(part, dict) else ("[", "]")
    yield f"{indent}{name}{opening}"
    pairs = part.items() if isinstance(part, dict) else [("", each) for each in part]
    for key, value in pairs:
        yield from _laid_out(value, indent + "  ", f'"{key}": ' if key else "")
    yield f"{indent}{closing}"


def operations(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a program relies on in an OpenAPI document: its operations, their fields and their statuses."""
    for section in ("paths", "webhooks"):
        for path, item in document.get(section, {}).items():
            for method, operation in item.items():
                yield f"{method.upper()} {path} · {operation.get('operationId', '')}"
                for each in operation.get("parameters", ()):
                    yield f"  {each['in']} {each['name']}{'' if each.get('required') else '?'} {_type(each['schema'])}"
                yield from (f"  body {name}" for name in _contents(operation.get("requestBody", {})))
                statuses: dict[str, list[str]] = {}
                for status, answer in operation["responses"].items():
                    statuses.setdefault(" | ".join(_contents(answer)), []).append(status)
                yield from (f"  {' '.join(each)} {content}".rstrip() for content, each in statuses.items())
    for name, schema in document["components"]["schemas"].items():
        yield f"{name} · {_type(schema)}"
        for field, what in schema.get("properties", {}).items():
            yield f"  {field}{'' if field in schema.get('required', ()) else '?'} {_type(what)}"


def _contents(body: Mapping[str, Any]) -> Iterator[str]:
    for kind, content in body.get("content", {}).items():
        yield f"{kind} {_type(content.get('schema', {}))}"


def _type(schema: Mapping[str, Any]) -> str:
    """Return a schema in few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return " | ".join(map(_type, schema[choice]))
    if "enum" in schema or "const" in schema:
        return " | ".join(map(json.dumps, schema.get("enum", [schema.get("const")])))
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}]"
    return str(schema.get("format", schema.get("type", "any")))
