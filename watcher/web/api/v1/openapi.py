"""The document of the API (OpenAPI 3.1), made from the operations and the models that check requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, TypeAlias

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

import watcher
from watcher.core.access import APP_SCOPES
from watcher.core.values import Json
from watcher.web.api.v1.models import Request
from watcher.web.api.v1.operation import BASE, Operation
from watcher.web.api.v1.operations import DOCUMENTED
from watcher.web.api.v1.problem import Problem

Record: TypeAlias = dict[str, Json]

_REF: Final = "#/components/schemas/{model}"
_ABOUT: Final = f"""\
Applications, topics, subscribers, messages with their deliveries, and watches.

Send `Authorization: Bearer WT_…`; `watcher tokens add` makes such a token, with the scopes that you name.
An application's own token `AT_…` opens {", ".join(f"`{scope}`" for scope in sorted(APP_SCOPES))} of that application.

Whoever has the scope `apps:write` can get an application's secrets, and so do all that its token `AT_…` allows.

Lists come in pages: follow `next` until it is null.
Failures are problem details (RFC 9457) and name the fields that are wrong.
A repeated send with the same `Idempotency-Key` sends nothing and gets the first answer, with the header
`Idempotency-Replayed: true`; another request with the same key is refused (422).
Web pages of any site may call all of it but the inbox (CORS), with a token and without cookies.
"""
_FAILURES: Final[Mapping[int, str]] = {
    400: "The body is not JSON.",
    401: "There is no token, or it is not valid.",
    403: "The token lacks the scope, or is for one application only.",
    404: "There is nothing at this address, or nothing that a field names, for this token.",
    408: "The body did not arrive in time.",
    413: "The body is over 1 MB.",
    415: "The body is not application/json.",
    422: "A parameter or a field is wrong, or the request is refused.",
    429: "Too many calls; Retry-After says how many seconds to wait.",
    500: "The server failed.",
    503: "There is no memory for more bodies at once; Retry-After says how many seconds to wait.",
}
_HEADERS: Final[Mapping[int, tuple[str, Mapping[str, Json]]]] = {
    401: ("WWW-Authenticate", {"type": "string"}),
    429: ("Retry-After", {"type": "integer", "minimum": 1}),
    503: ("Retry-After", {"type": "integer", "minimum": 1}),
}
_OF_BODIES: Final = frozenset({400, 408, 413, 415, 503})


@cache
def document() -> Mapping[str, Json]:
    """Return the document, which is made once."""
    schemas = _schemas()
    paths: Record = {}
    for operation in DOCUMENTED:
        path = paths.setdefault(BASE + operation.path, {})
        assert isinstance(path, dict)  # noqa: S101 for the type alone
        path[operation.method.lower()] = _operation(operation, schemas)
    shown: Record = {name: schema for name, schema in schemas.items() if name not in _parameter_models()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "watcher", "version": watcher.__version__, "description": _ABOUT},
        "paths": paths,
        "components": {
            "schemas": shown,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "device": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "watcher_device",
                    "description": "Over https a browser's own cookie is called `__Host-watcher_device`.",
                },
            },
        },
    }


def _operation(operation: Operation, schemas: Mapping[str, Record]) -> Record:
    described: Record = {
        "operationId": _operation_id(operation),
        "summary": operation.summary,
        "description": operation.description,
        "tags": [operation.tag],
        "security": [{"device": []}] if operation.scope is None else [{"bearer": [str(operation.scope)]}],
        "parameters": [*_parameters(operation, schemas)],
        "responses": {str(status): answer for status, answer in _responses(operation)},
    }
    if operation.scope is not None:
        described["x-scope"] = str(operation.scope)
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": {"application/json": _of(operation.body)}}
    return described


def _operation_id(operation: Operation) -> str:
    parts = [part.strip("{}") for part in operation.path.strip("/").split("/")]
    return "_".join([operation.method.lower(), *parts])


def _parameters(operation: Operation, schemas: Mapping[str, Record]) -> Iterable[Record]:
    model = schemas[operation.params.__name__]
    properties, needed = model.get("properties", {}), model.get("required", [])
    assert isinstance(properties, dict)  # noqa: S101 for the type alone
    assert isinstance(needed, list)  # noqa: S101 for the type alone
    for name, schema in properties.items():
        assert isinstance(schema, dict)  # noqa: S101 for the type alone
        place = schema.get("x-in", "query")
        shown: Record = {key: value for key, value in schema.items() if key not in ("x-in", "title", "description")}
        parameter: Record = {"name": name, "in": place, "required": name in needed, "schema": _without_null(shown)}
        yield parameter | ({"description": schema["description"]} if "description" in schema else {})


def _without_null(schema: Record) -> Record:
    """Return the schema of a parameter, which is absent and never null."""
    choices = schema.get("anyOf")
    if not isinstance(choices, list):
        return schema
    (choice,) = (choice for choice in choices if choice != {"type": "null"})
    assert isinstance(choice, dict)  # noqa: S101 for the type alone
    return choice


def _responses(operation: Operation) -> Iterable[tuple[int, Record]]:
    good: Record = {"description": "Done." if operation.response is None else "What was asked for."}
    if operation.response is not None:
        good["content"] = {"application/json": _of(operation.response)}
    if operation.headers:
        good["headers"] = {
            name: {"description": why, "schema": {"type": "string"}} for name, why in operation.headers.items()
        }
    yield operation.status, good
    if operation.scope is None:
        yield 429, {"description": _FAILURES[429], "content": {"application/json": _of(operation.response or Problem)}}
        return
    for status, why in _FAILURES.items():
        if not _may_fail(operation, status):
            continue
        failure: Record = {"description": why, "content": {Problem.media_type: _of(Problem)}}
        if status in _HEADERS:
            name, schema = _HEADERS[status]
            failure["headers"] = {name: {"schema": dict(schema), "required": True}}
        yield status, failure


def _may_fail(operation: Operation, status: int) -> bool:
    if status in _OF_BODIES:
        return operation.body is not None
    return status != 404 or operation.may_miss


def _of(model: type[BaseModel]) -> Record:
    return {"schema": {"$ref": _REF.format(model=model.__name__)}}


def _schemas() -> Mapping[str, Record]:
    """Return the schema of each model by name, those of parameters included."""
    models: dict[type[BaseModel], JsonSchemaMode] = {Problem: "serialization"}
    for operation in DOCUMENTED:
        models |= {model: "validation" for model in (operation.params, operation.body) if model is not None}
        models |= {operation.response: "serialization"} if operation.response is not None else {}
    _, made = models_json_schema([*models.items()], ref_template=_REF)
    found: dict[str, Record] = made["$defs"]
    # The name that a generic page gives itself stands in its title alone.
    return {str(schema["title"]) if name.startswith("Page_") else name: schema for name, schema in found.items()}


def _parameter_models() -> set[str]:
    used: set[type[Request]] = {operation.params for operation in DOCUMENTED}
    return {model.__name__ for model in used}
