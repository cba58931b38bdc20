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
from watcher.translations import Locale, text
from watcher.web.api.v1.operation import BASE, Operation
from watcher.web.api.v1.operations import DOCUMENTED
from watcher.web.api.v1.problem import Problem, ProblemType
from watcher.web.api.v1.webhooks import EVENT_ID, WEBHOOKS, Webhook

Record: TypeAlias = dict[str, Json]

_REF: Final = "#/components/schemas/{model}"
TAGS: Final = (
    "apps",
    "topics",
    "subscribers",
    "subscriptions",
    "messages",
    "watches",
    "changes",
    "webhooks",
    "inbox",
    "callbacks",
)
"""What operations are about, in the order in which one meets them; `tag_…` in the translations says what each is."""
_FAILURES: Final[Mapping[int, str]] = {
    400: "The body is not JSON.",
    401: "There is no token, or it is not valid.",
    403: "The token lacks the scope{scope}, or is for one application only.",
    404: "There is nothing at this address, or nothing that a member names, for this token.",
    408: "The body did not arrive in time.",
    409: "It does not go with how things stand; `detail` says what to do first.",
    410: "What followed this cursor is gone, or the state was replaced; `detail` says where to begin anew.",
    413: "The body is over 1 MB.",
    415: "The body is not application/json.",
    422: "A parameter or a member is wrong, or the request is refused.",
    429: "Too many calls; Retry-After says how many seconds to wait.",
    500: "The server failed.",
    503: "There is no memory for more bodies at once; Retry-After says how many seconds to wait.",
}
_TYPES: Final = {kind.status: kind for kind in reversed(ProblemType)}
"""The first type of each status, which its example shows."""
_HEADERS: Final[Mapping[int, tuple[str, str, Mapping[str, Json]]]] = {
    401: ("WWW-Authenticate", "What to send (RFC 6750).", {"type": "string"}),
    429: ("Retry-After", "Seconds to wait.", {"type": "integer", "minimum": 1}),
    503: ("Retry-After", "Seconds to wait.", {"type": "integer", "minimum": 1}),
}
_OF_BODIES: Final = frozenset({400, 408, 413, 415, 503})


def about(language: Locale) -> str:
    """Return what callers should know first."""
    scopes = text(language, "between").join(f"`{scope}`" for scope in sorted(APP_SCOPES))
    return text(language, "docs_about", scopes=scopes)


def document(base_url: str) -> Mapping[str, Json]:
    """Return the document for a server with this address."""
    servers: list[Json] = [{"url": base_url, "description": "This server."}]
    return {"openapi": "3.1.0", "info": _info(), "servers": servers, **_body()}


def _info() -> Record:
    return {
        "title": "watcher",
        "summary": "A page watcher with a push service.",
        "description": about(Locale.ENGLISH),
        "version": watcher.__version__,
        "contact": {"name": "Whoever runs this server"},
        "license": {"name": "MIT License", "identifier": "MIT"},
    }


@cache
def _body() -> Mapping[str, Json]:
    """Return what is the same for each server, which is made once."""
    schemas = _schemas()
    paths: Record = {}
    for operation in DOCUMENTED:
        path = paths.setdefault(BASE + operation.path, {})
        assert isinstance(path, dict)  # noqa: S101 for the type alone
        path[operation.method.lower()] = _operation(operation, schemas)
    of_parameters = {operation.params.__name__ for operation in DOCUMENTED}
    shown: Record = {name: schema for name, schema in schemas.items() if name not in of_parameters}
    return {
        "tags": [{"name": name, "description": text(Locale.ENGLISH, f"tag_{name}")} for name in TAGS],
        "paths": paths,
        "webhooks": {name: {"post": _webhook(webhook)} for name, webhook in WEBHOOKS.items()},
        "components": {
            "schemas": shown,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "`WT_…`, which `watcher tokens add` makes, or an application's own `AT_…`.",
                },
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
        "operationId": operation.id,
        "summary": text(Locale.ENGLISH, f"operation_{operation.id}"),
        "description": operation.description,
        "tags": [operation.tag],
        "security": [{"device": []}] if operation.scope is None else [{"bearer": []}],
        "parameters": [*_parameters(operation, schemas)],
        "responses": {str(status): answer for status, answer in _responses(operation)},
    }
    if operation.scope is not None:
        described["x-scope"] = str(operation.scope)
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": {"application/json": _of(operation.body)}}
    return described


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
    choices = schema.pop("anyOf", None)
    if not isinstance(choices, list):
        return schema
    (choice,) = (choice for choice in choices if choice != {"type": "null"})
    assert isinstance(choice, dict)  # noqa: S101 for the type alone
    return choice | {key: value for key, value in schema.items() if key != "default"}


def _responses(operation: Operation) -> Iterable[tuple[int, Record]]:
    good: Record = {"description": "Done." if operation.response is None else "What was asked for."}
    if operation.response is not None:
        good["content"] = {"application/json": _of(operation.response)}
    headers: Record = {
        name: {"description": why, "schema": {"type": "string"}} for name, why in operation.headers.items()
    }
    if operation.location is not None:
        described: Record = {"type": "string", "format": "uri"}
        headers["Location"] = {"description": "The address of what was made.", "schema": described, "required": True}
    if headers:
        good["headers"] = headers
    yield operation.status, good
    if operation.scope is None:
        yield 429, {"description": _FAILURES[429], "content": {"application/json": _of(operation.response or Problem)}}
        return
    for status, why in _FAILURES.items():
        if _may_fail(operation, status):
            yield status, _failure(status, why.format(scope=f" `{operation.scope}`"))


def _failure(status: int, why: str) -> Record:
    failure: Record = {
        "description": why,
        "content": {Problem.media_type: {"schema": _ref(Problem), "example": _example_of_failure(status)}},
    }
    if status in _HEADERS:
        name, what, schema = _HEADERS[status]
        failure["headers"] = {name: {"description": what, "schema": dict(schema), "required": True}}
    return failure


def _example_of_failure(status: int) -> Json:
    kind = _TYPES[status]
    if kind is ProblemType.INVALID_REQUEST:
        return _example(Problem)
    return {"type": kind.uri, "title": kind.title, "status": status, "detail": f"{kind.title}.", "errors": []}


def _may_fail(operation: Operation, status: int) -> bool:
    match status:
        case 404:
            return operation.may_miss
        case 409:
            return operation.may_conflict
        case 410:
            return operation.may_be_gone
    return status not in _OF_BODIES or operation.body is not None


def _webhook(webhook: Webhook) -> Record:
    return {
        "operationId": webhook.id,
        "summary": webhook.summary,
        "description": webhook.about,
        "tags": ["webhooks" if webhook.is_standard else "callbacks"],
        "security": [],
        "parameters": [
            {"name": name, "in": "header", "required": webhook.is_standard or name == EVENT_ID, "description": why,
             "schema": {"type": "string", "pattern": pattern}}
            for name, (why, pattern) in webhook.headers.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": _of(webhook.body)}},
        "responses": {"2XX": {"description": "It was taken."}, "default": {"description": "It is tried again."}},
    }  # fmt: skip


def _of(model: type[BaseModel]) -> Record:
    """Return a body of this model as the document shows it."""
    shown: Record = {"schema": _ref(model)}
    example = _example(model)
    return shown if example is None else shown | {"example": example}


def _ref(model: type[BaseModel]) -> Record:
    return {"$ref": _REF.format(model=model.__name__)}


def _example(model: type[BaseModel]) -> Json:
    """Return the model's own example, or of a page one that holds its item's; None where there is none."""
    if item := model.__pydantic_generic_metadata__["args"]:
        return {"items": [_example(item[0])], "next": None}
    extra = model.model_config.get("json_schema_extra")
    examples = extra.get("examples") if isinstance(extra, dict) else None
    return examples[0] if isinstance(examples, list) else None


def _schemas() -> Mapping[str, Record]:
    """Return the schema of each model by name, those of parameters included."""
    models: dict[type[BaseModel], JsonSchemaMode] = {Problem: "serialization"}
    models |= {webhook.body: "serialization" for webhook in WEBHOOKS.values()}
    for operation in DOCUMENTED:
        models |= {model: "validation" for model in (operation.params, operation.body) if model is not None}
        models |= {operation.response: "serialization"} if operation.response is not None else {}
    _, made = models_json_schema([*models.items()], ref_template=_REF)
    found: dict[str, Record] = made["$defs"]
    # The name that a generic page gives itself stands in its title alone.
    return {str(schema["title"]) if name.startswith("Page_") else name: schema for name, schema in found.items()}
