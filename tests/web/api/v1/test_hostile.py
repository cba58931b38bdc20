"""What comes in wrong: each field of each operation, and the body as a whole."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest

from tests.web.api.v1.api import BODIES, Api
from watcher.web.api.v1.openapi import document
from watcher.web.api.v1.operation import Operation
from watcher.web.api.v1.operations import OPERATIONS

_GOOD = {
    **BODIES,
    "/subscribers": {"topic_ids": [1]},
    "/messages": {"content": "Fresh bread", "topic_ids": [1], "app_id": 1},
}
_WRONG: dict[str, object] = {
    "an object": {"a": 1},
    "true": True,
    "a number": 3.5,
    "a huge number": 10**300,
    "below zero": -1,
    "an empty list in a list": [[]],
    "a list with null": [None],
    "too long": "x" * 40_001,
    "a NUL": "a\x00b",
    "an escape": "a\x1b[31mb",
    "a C1 control": "a\x85b",
    "too many": list(range(1, 2_002)),
}


def _is_in_our_words(said: Any) -> bool:
    """Return whether no error is pydantic's, or one of those for which we have no words."""
    return not any(
        re.search(r"Input should|valid |pydantic|it is not valid", error["detail"]) for error in said["errors"]
    )


def _path(path: str) -> str:
    return path.format(app_id=1, topic_id=1, subscription_id=1, webhook_id=1)


@pytest.mark.faults
@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.body is not None], ids=lambda one: one.path)
async def test_a_wrong_field_is_named(api: Api, operation: Operation) -> None:
    assert operation.body is not None
    await api.site.reader()
    path = operation.path
    for field, (kind, wrong) in itertools.product(operation.body.model_fields, _WRONG.items()):
        if (field, wrong) == ("by_number", True):
            continue
        answer = await api(operation.method, _path(path), _GOOD[path] | {field: wrong})
        assert (answer.status, answer.type) == (422, "application/problem+json"), (field, kind)
        assert answer.said["errors"][0]["pointer"].split("/")[1] == field, kind
        assert _is_in_our_words(answer.said), answer.said
        assert len(answer.said["detail"]) < 1_100, (field, kind)


_BODIES: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 400),
    "half an object": (b"{", 400),
    "nested deeply": (b"[" * 100_000, 400),
    "a number without end": (b'{"name": ' + b"9" * 5_000 + b"}", 400),
    "no UTF-8": (b'"\xff\xfe"', 400),
    "half a surrogate pair": (b'{"name": "\\ud800"}', 400),
    "a list": (b"[]", 422),
    "null": (b"null", 422),
    "an unknown field": (b'{"nosuch": 1}', 422),
    "a long unknown field": (b'{"' + b"x" * 100_000 + b'": 1}', 422),
    "over 1 MB": (b"{}" + b" " * 1_000_000, 413),
}


@pytest.mark.faults
@pytest.mark.parametrize(("method", "path"), [(one.method, one.path) for one in OPERATIONS if one.body is not None])
async def test_a_body_that_is_none_is_refused(api: Api, method: str, path: str) -> None:
    await api.site.reader()
    for kind, (raw, status) in _BODIES.items():
        answer = await api(method, _path(path), raw=raw)
        assert (answer.status, answer.type) == (status, "application/problem+json"), kind
        assert len(str(answer.said)) < 5_000
        assert _is_in_our_words(answer.said), answer.said


@pytest.mark.faults
@pytest.mark.parametrize(
    ("method", "path"),
    [(one.method, one.path) for one in OPERATIONS if one.body is not None and one.tag != "subscribers"],
)
async def test_an_empty_object_says_nothing(api: Api, method: str, path: str) -> None:
    await api.site.reader()
    assert (await api(method, _path(path), {})).status == 422


async def test_a_body_of_another_type_is_not_read(api: Api) -> None:
    answer = await api("POST", "/apps", {"name": "x"}, headers={"Content-Type": "text/plain"})
    assert answer.status == 415


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/apps?limit=0", "limit"),
        ("/apps?limit=101", "limit"),
        ("/apps?limit=1.0", "limit"),
        ("/apps?limit=", "limit"),
        ("/apps?after=-1", "after"),
        ("/apps?after=99999999999999999999", "after"),
        ("/apps?after=%D9%A3", "after"),
        ("/apps?nosuch=1", "nosuch"),
        ("/topics?app=x", "app"),
        ("/messages?order=up", "order"),
        ("/messages?topic=x", "topic"),
        ("/messages?state=gone", "state"),
        ("/messages?since=yesterday", "since"),
        ("/messages?since=2026-11-24T09:30:00", "since"),
        ("/messages?until=2026-11-24T09:30:00+01:00", "until"),
        ("/subscriptions?state=gone", "state"),
        ("/subscribers?uid=%00", "uid"),
        ("/subscribers?uid=%FF", "uid"),
        ("/watches?after=%00", "after"),
        ("/watches?after=" + "x" * 201, "after"),
        ("/watches/dune/history?after=9999999999999", "after"),
    ],
)
async def test_a_wrong_parameter_is_named(api: Api, path: str, field: str) -> None:
    answer = await api("GET", path)
    assert (answer.status, answer.said["errors"][0]["parameter"]) == (422, field)
    assert _is_in_our_words(answer.said), answer.said


@pytest.mark.parametrize("key", ["", "x" * 256, "caf\xe9", "a\tb"])
async def test_a_wrong_idempotency_key_sends_nothing(api: Api, key: str) -> None:
    body = {"content": "x", "topic_ids": [1], "app_id": 1}
    answer = await api("POST", "/messages", body, headers={"Idempotency-Key": key})
    assert (answer.status, answer.said["errors"][0]["parameter"]) == (422, "Idempotency-Key")
    assert (await api("GET", "/messages")).said["items"] == []


@pytest.mark.parametrize("name", [" ", "\u3000"])
async def test_a_blank_name_is_refused(api: Api, name: str) -> None:
    answer = await api("POST", "/topics", {"name": name})
    assert (answer.status, answer.said["errors"][0]["pointer"]) == (422, "#/name")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//x", "http://", "http://[x", "https://a b"])
async def test_an_address_that_is_none_is_refused(api: Api, url: str) -> None:
    body = {"content": "x", "topic_ids": [1], "app_id": 1, "url": url}
    assert (await api("POST", "/messages", body)).status == 422
    assert (await api("PATCH", f"/apps/{api.app.id}", {"callback_url": url})).status == 422


def test_every_answer_that_can_come_is_in_the_document() -> None:
    paths = document("http://push.example")["paths"]
    assert isinstance(paths, dict)
    for operation in OPERATIONS:
        described: Any = paths[f"/api/v1{operation.path}"]
        answers = set(described[operation.method.lower()]["responses"])
        assert {str(operation.status), "401", "403", "422", "429", "500"} <= answers
