"""The document of the API, and its page for people: both from the same models."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TypeAlias

from aiohttp import web
from msgspec import Struct

from watcher.core.values import Json
from watcher.web.api.listing import WXPUSHER
from watcher.web.api.v1.openapi import about, document
from watcher.web.keys import SETTINGS
from watcher.web.middleware.limits import count_address
from watcher.web.pages.language import language_of
from watcher.web.pages.view import render

_Record: TypeAlias = Mapping[str, Json]


class FieldRow(Struct, frozen=True, kw_only=True):
    """One parameter, or one field of a body or an answer."""

    name: str
    type: str
    place: str
    is_required: bool
    description: str


class Entry(Struct, frozen=True, kw_only=True):
    """One operation on the page."""

    id: str
    method: str
    path: str
    description: str
    scope: str
    takes: Sequence[FieldRow]
    example: str
    gives: Sequence[FieldRow]
    status: str


async def show_document(request: web.Request) -> web.Response:
    """`GET /api/v1/openapi.json`."""
    count_address(request, "docs", request.app[SETTINGS].address_calls)
    text = _text(request.app[SETTINGS].link(""))
    return web.Response(text=text, content_type="application/json", headers={"Cache-Control": "no-cache"})


async def show_docs(request: web.Request) -> web.Response:
    """`GET /docs`."""
    count_address(request, "docs", request.app[SETTINGS].address_calls)
    base = request.app[SETTINGS].link("")
    words = about(language_of(request)).strip().split("\n\n")
    return render(request, "docs.html", sections=_sections(base), about=words, base=base, wxpusher=WXPUSHER)


@cache
def _text(base: str) -> str:
    return json.dumps(document(base), ensure_ascii=False)


@cache
def _sections(base: str) -> Mapping[str, Sequence[Entry]]:
    """Return the operations by their tag."""
    sections: dict[str, list[Entry]] = {}
    for path, methods in _record(document(base)["paths"]).items():
        for method, operation in _record(methods).items():
            entry = _entry(method.upper(), path, _record(operation))
            sections.setdefault(_tag(_record(operation)), []).append(entry)
    return sections


def _entry(method: str, path: str, operation: _Record) -> Entry:
    answers = _record(operation["responses"])
    status = next(iter(answers))
    body = _record(operation.get("requestBody", {}))
    return Entry(
        id=str(operation["operationId"]),
        method=method,
        path=path,
        description=str(operation["description"]),
        scope=str(operation.get("x-scope", "")),
        takes=[*_parameters(operation), *_fields(_resolved(_content(body)), "body")],
        example=_example(_resolved(_content(body))),
        gives=[*_fields(_resolved(_content(_record(answers[status]))), "")],
        status=status,
    )


def _tag(operation: _Record) -> str:
    tags = operation["tags"]
    return str(tags[0]) if isinstance(tags, list) else ""


def _parameters(operation: _Record) -> Iterable[FieldRow]:
    given = operation["parameters"]
    for parameter in map(_record, given if isinstance(given, list) else []):
        yield FieldRow(
            name=str(parameter["name"]),
            type=_type(_record(parameter["schema"])),
            place=str(parameter["in"]),
            is_required=parameter["required"] is True,
            description=str(parameter.get("description", "")),
        )


def _fields(schema: _Record, place: str) -> Iterable[FieldRow]:
    needed = schema.get("required")
    for name, field in _record(schema.get("properties", {})).items():
        yield FieldRow(
            name=name,
            type=_type(_record(field)),
            place=place,
            is_required=isinstance(needed, list) and name in needed,
            description=str(_record(field).get("description", "")),
        )


def _example(schema: _Record) -> str:
    """Return a body that may be sent; empty where there is none."""
    examples = schema.get("examples")
    return json.dumps(examples[0], ensure_ascii=False) if isinstance(examples, list) else ""


def _content(holder: _Record) -> _Record:
    """Return the schema of a body, as the document holds it."""
    content = _record(holder.get("content", {}))
    return _record(_record(next(iter(content.values()), {})).get("schema", {}))


def _resolved(schema: _Record) -> _Record:
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    return _record(_record(_record(document("")["components"])["schemas"])[_name(reference)])


def _type(schema: _Record) -> str:
    """Return a type in a few words: `integer ≥ 1`, `list of Topic`, `open | approval | closed`, `text ≤ 500`."""
    match schema:
        case {"$ref": str(reference)}:
            return _choices(_resolved(schema)) or _name(reference)
        case {"anyOf": list(choices)}:
            return " | ".join(_type(_record(choice)) for choice in choices)
        case {"type": "array"}:
            return f"list of {_type(_record(schema.get('items', {})))}"
        case {"additionalProperties": dict(values)}:
            return f"object of {_type(values)}"
        case {"const": str(only)}:
            return only
    return _choices(schema) or f"{schema.get('format', schema.get('type', 'any'))}{_bounds(schema)}"


def _choices(schema: _Record) -> str:
    choices = schema.get("enum")
    return " | ".join(map(str, choices)) if isinstance(choices, list) else ""


def _bounds(schema: _Record) -> str:
    most = schema.get("maxLength", schema.get("maximum"))
    return f" ≤ {most}" if isinstance(most, int) and most < 10**6 else ""


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]


def _record(found: Json | _Record) -> _Record:
    return found if isinstance(found, Mapping) else {}
