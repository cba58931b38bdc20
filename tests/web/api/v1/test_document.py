"""The document holds what it says: the server is asked all that it allows, and much that it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any, cast
from urllib.parse import quote, urlencode

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.builders import play, price, watch
from tests.sizes import FAULTS
from tests.web.api.v1.api import Answer, Api
from tests.web.api.v1.schemas import ANYTHING, Schema, allowed
from tests.web.site import Site
from watcher.core.check import NotedEvent
from watcher.core.event_streams import Position
from watcher.core.push import Slice
from watcher.core.values import Money
from watcher.core.webhooks import WebhookEvent
from watcher.errors import RefusedError
from watcher.web.api.v1.openapi import document

DOCUMENT = cast("Schema", document("http://push.example"))
_OPERATIONS = [
    (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if path != "/api/v1/inbox"
]
_EACH = pytest.mark.parametrize(
    ("method", "path", "operation"), _OPERATIONS, ids=[f"{method} {path}" for method, path, _ in _OPERATIONS]
)
_examined = settings(
    max_examples=FAULTS.sized(1, 60),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _conform(answer: Answer, operation: Schema) -> None:
    """Check the answer against what the document says of this status."""
    described = operation["responses"].get(str(answer.status))
    assert described is not None, (answer.status, answer.said)
    assert answer.status < 500, answer.said
    headers = described.get("headers", {})
    assert {name for name, header in headers.items() if header.get("required")} <= set(answer.headers)
    if "content" not in described:
        assert answer.said is None
        return
    ((media_type, content),) = described["content"].items()
    assert answer.type == media_type
    jsonschema_rs.validate({**content["schema"], "components": DOCUMENT["components"]}, answer.said)


async def _ask(api: Api, data: st.DataObject, method: str, path: str, operation: Schema, *, is_fair: bool) -> Answer:
    """Ask with drawn parameters and a drawn body: those that the document allows, or whatever."""
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)

    def drawn(schema: Schema) -> Any:
        return data.draw(allowed(schema, DOCUMENT) if is_fair else allowed(schema, DOCUMENT) | ANYTHING)

    query: dict[str, str] = {} if is_fair else data.draw(st.dictionaries(text, text, max_size=1))
    headers: dict[str, str] = {}
    for parameter in operation["parameters"]:
        match parameter["in"]:
            case "path":
                segment = str(drawn(parameter["schema"])).strip("/.") or "1"
                path = path.replace(f"{{{parameter['name']}}}", quote(segment, safe=""))
            case "header":
                headers[parameter["name"]] = data.draw(allowed(parameter["schema"], DOCUMENT)).strip() or "k"
            case _ if data.draw(st.booleans()):
                query[parameter["name"]] = str(drawn(parameter["schema"]))
    raw = None
    if body := operation.get("requestBody"):
        raw = json.dumps(_body(drawn, body["content"]["application/json"]["schema"], is_fair=is_fair)).encode()
    return await api(method.upper(), f"{path.removeprefix('/api/v1')}?{urlencode(query)}", raw=raw, headers=headers)


def _body(drawn: Any, schema: Schema, *, is_fair: bool) -> Any:
    if is_fair:
        return drawn(schema)
    model = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return {name: drawn(field) for name, field in model["properties"].items()}


async def _fill(api: Api) -> None:
    """Let there be one of everything, with the number 1; an earlier example may have deleted the application."""
    with suppress(RefusedError):
        await api.site.push.subscribers.add(topic_ids=[1], app_ids=[api.app.id], is_approved=True)
    await api.site.tell("hello")


@pytest.mark.sized
@_EACH
@_examined
@given(data=st.data())
async def test_what_the_document_allows_is_answered_as_it_says(
    api: Api, data: st.DataObject, method: str, path: str, operation: Schema
) -> None:
    await _fill(api)
    answer = await _ask(api, data, method, path, operation, is_fair=True)
    _conform(answer, operation)
    assert answer.status not in (400, 401, 403, 408, 413, 415, 429)


@pytest.mark.faults
@pytest.mark.sized
@_EACH
@_examined
@given(data=st.data())
async def test_whatever_comes_is_answered_as_the_document_says(
    api: Api, data: st.DataObject, method: str, path: str, operation: Schema
) -> None:
    await _fill(api)
    _conform(await _ask(api, data, method, path, operation, is_fair=False), operation)


async def test_the_document_is_served_as_it_is_made(site: Site) -> None:
    answer = await site.get("/api/v1/openapi.json")
    assert json.loads(await answer.text()) == DOCUMENT
    assert DOCUMENT["openapi"] == "3.1.0"


async def test_the_document_names_the_server_that_shows_it(site: Site) -> None:
    answer = json.loads(await (await site.get("/api/v1/openapi.json")).text())
    assert [server["url"] for server in answer["servers"]] == ["http://push.example"]


def _shown_examples(part: Any) -> Iterator[tuple[Schema, Any]]:
    """Return each example of the document, with the schema that it is of."""
    if isinstance(part, list):
        for one in part:
            yield from _shown_examples(one)
    elif isinstance(part, dict):
        if "schema" in part and "example" in part:
            yield part["schema"], part["example"]
        if "properties" in part:
            yield from ((part, example) for example in part.get("examples", []))
        for one in part.values():
            yield from _shown_examples(one)


def test_each_example_is_what_its_schema_allows() -> None:
    examples = [*_shown_examples(DOCUMENT)]
    for schema, example in examples:
        jsonschema_rs.validate({**schema, "components": DOCUMENT["components"]}, example)
    assert len(examples) > 100


@pytest.mark.parametrize(("method", "path", "operation"), _OPERATIONS)
def test_each_body_and_each_answer_is_shown_by_an_example(method: str, path: str, operation: Schema) -> None:
    shown = [operation.get("requestBody", {}), *operation["responses"].values()]
    contents = [content for each in shown for content in each.get("content", {}).values()]
    assert contents
    assert all("example" in content for content in contents), f"{method} {path}"


def test_each_tag_is_described_and_used() -> None:
    each = [operation for methods in DOCUMENT["paths"].values() for operation in methods.values()]
    each += [webhook["post"] for webhook in DOCUMENT["webhooks"].values()]
    assert {tag for operation in each for tag in operation["tags"]} == {tag["name"] for tag in DOCUMENT["tags"]}
    ids = [operation["operationId"] for operation in each]
    assert len(set(ids)) == len(ids)
    assert {"send_message", "list_topics", "list_inbox"} <= set(ids)


async def test_what_an_owner_is_told_is_as_the_document_shows(api: Api) -> None:
    push = api.site.push
    await push.apps.edit(api.app.id, callback_url="https://shop.example/told")
    reader = (await push.subscribers.add(app_ids=[api.app.id])).subscriber
    await push.commands.run(reader, f"#{api.app.id} stop")
    for told in await push.callbacks.slice(api.app.id, Slice()):
        body = json.loads(told.body)
        schema = DOCUMENT["webhooks"][body["action"]]["post"]["requestBody"]["content"]["application/json"]["schema"]
        jsonschema_rs.validate({**schema, "components": DOCUMENT["components"]}, body)
    assert {json.loads(told.body)["action"] for told in await push.callbacks.slice(api.app.id, Slice())} == {
        name for name, webhook in DOCUMENT["webhooks"].items() if webhook["post"]["tags"] == ["callbacks"]
    }


async def test_what_an_endpoint_is_told_is_as_the_document_shows(api: Api) -> None:
    push = api.site.push
    topic = await api.site.topic()
    hook, _ = await push.webhooks.add(topic.app_id, "https://shop.example/told", [*WebhookEvent])
    await api.site.tell("Dune is cheaper", url="https://shop.example/dune")
    *_, changed = play(watch(topics=("demo",)), price(Money(amount=Decimal(12))), price(Decimal("8.50")))
    [event] = changed.events
    await push.webhooks.tell_changes([NotedEvent(number=1, event=event, change=changed.change)], Position(number=1))
    told = [json.loads(each.body) for each in await push.webhooks.deliveries(hook.id, Slice())]
    for body in told:
        schema = DOCUMENT["webhooks"][body["type"]]["post"]["requestBody"]["content"]["application/json"]["schema"]
        jsonschema_rs.validate({**schema, "components": DOCUMENT["components"]}, body)
    assert [body["type"] for body in told] == ["message.sent", "change"]


def test_every_schema_of_the_document_is_one_and_is_used() -> None:
    text = json.dumps(DOCUMENT)
    for name, schema in DOCUMENT["components"]["schemas"].items():
        jsonschema_rs.validator_for({**schema, "components": DOCUMENT["components"]})
        assert f'"#/components/schemas/{name}"' in text


@pytest.mark.parametrize(
    ("model", "refused", "taken"),
    [
        ("TopicChanges", {}, {"name": "x"}),
        ("MessageDraft", {"content": "x", "uids": []}, {"content": "x", "uids": ["UID_x"]}),
        ("AppDraft", {"name": "x", "callback_url": "nowhere"}, {"name": "x", "callback_url": ""}),
    ],
)
def test_the_document_refuses_what_the_server_does(model: str, refused: Any, taken: Any) -> None:
    schema = {**DOCUMENT["components"]["schemas"][model], "components": DOCUMENT["components"]}
    assert [jsonschema_rs.is_valid(schema, body) for body in (refused, taken)] == [False, True]


@pytest.mark.parametrize(("method", "path", "operation"), _OPERATIONS)
def test_what_every_sent_body_may_meet_is_documented(method: str, path: str, operation: Schema) -> None:
    has_body = "requestBody" in operation
    assert ({"408", "413", "503"} <= set(operation["responses"])) == has_body, path
    assert not has_body or method in ("post", "patch")
    assert operation["description"]
    assert operation["responses"]["429"]["headers"]["Retry-After"]["schema"]["type"] == "integer"
