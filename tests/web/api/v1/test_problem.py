"""What a failure says: its type, what is wrong, and where."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.web.api.test_documented import GUIDE
from tests.web.api.v1.api import Api
from watcher.core.access import Scope
from watcher.web.api.v1.problem import ProblemType

_NOBODY = "uids, topic_ids: both are empty; name at least one receiver"


@pytest.mark.parametrize(
    ("method", "path", "body", "error"),
    [
        ("POST", "/topics", {"name": 3}, ("#/name", None, "give text")),
        ("POST", "/topics", {}, ("#/name", None, "it is needed")),
        ("POST", "/topics", {"name": ""}, ("#/name", None, "it must not be empty")),
        ("POST", "/topics", {"name": "x" * 501}, ("#/name", None, "at most 500 characters")),
        ("POST", "/topics", {"name": "a\nb"}, ("#/name", None, "one line, without control characters")),
        ("PATCH", "/topics/1", {"mode": "no"}, ("#/mode", None, "give one of 'open', 'approval' or 'closed'")),
        ("POST", "/topics", {"name": "x", "a/b~c é": 1}, ("#/a~1b~0c%20%C3%A9", None, "there is none of this name")),
        ("POST", "/subscribers", {"topic_ids": [1, "x"]}, ("#/topic_ids/1", None, "give a whole number")),
        ("POST", "/messages", {"content": "x", "uids": ["a b"]}, ("#/uids/0", None, "letters, digits and _ alone")),
        ("POST", "/messages", {"content": "x"}, ("#", None, _NOBODY)),
        ("GET", "/topics?limit=101", None, (None, "limit", "at most 100")),
        ("GET", "/topics?limit=x", None, (None, "limit", "give a whole number")),
        ("GET", "/topics?nosuch=1", None, (None, "nosuch", "there is none of this name")),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_pointed_to(
    api: Api, method: str, path: str, body: Any, error: tuple[str | None, str | None, str]
) -> None:
    answer = await api(method, path, body)
    pointer, parameter, detail = error
    assert (answer.status, answer.said["type"]) == (422, ProblemType.INVALID_REQUEST.uri)
    assert answer.said["errors"] == [{"detail": detail, "pointer": pointer, "parameter": parameter}]
    assert answer.said["detail"] == f"{pointer or parameter}: {detail}"


async def test_all_that_is_wrong_is_said_at_once(api: Api) -> None:
    answer = await api("POST", "/messages", {"content": 1, "url": "x", "uids": [""], "nosuch": 1})
    assert [error["pointer"] for error in answer.said["errors"]] == ["#/content", "#/url", "#/uids/0", "#/nosuch"]


async def test_each_kind_of_failure_has_a_type_of_its_own(api: Api) -> None:
    topic = await api.site.topic()
    to_topic = {"topic_ids": [topic.id], "app_id": topic.app_id}
    key = {"Idempotency-Key": "k"}
    await api("POST", "/messages", {"content": "x", **to_topic}, headers=key)
    answers = [
        (ProblemType.MALFORMED_BODY, await api("POST", "/topics", raw=b"{")),
        (ProblemType.MISSING_TOKEN, await api("GET", "/topics", token="")),
        (ProblemType.INVALID_TOKEN, await api("GET", "/topics", token="WT_x")),
        (ProblemType.INSUFFICIENT_SCOPE, await api("GET", "/topics", token=await api.key({Scope.APPS_READ}))),
        (ProblemType.NOT_FOUND, await api("GET", "/topics/999")),
        (ProblemType.NOT_FOUND, await api("GET", "/nosuch")),
        (ProblemType.METHOD_NOT_ALLOWED, await api("PUT", "/topics")),
        (ProblemType.BODY_TOO_LARGE, await api("POST", "/topics", raw=b"{}" + b" " * 1_000_000)),
        (ProblemType.UNSUPPORTED_MEDIA_TYPE, await api("POST", "/topics", {}, headers={"Content-Type": "text/plain"})),
        (ProblemType.NO_RECEIVER, await api("POST", "/messages", {"content": "x", "topic_ids": [99], "app_id": 1})),
        (ProblemType.IDEMPOTENCY_KEY_REUSED, await api("POST", "/messages", {"content": "y", **to_topic}, headers=key)),
        (ProblemType.REFUSED, await api("PATCH", f"/topics/{topic.id}", {"name": "mine"})),
    ]
    for kind, answer in answers:
        said = (answer.status, answer.type, answer.said["type"], answer.said["title"], answer.said["status"])
        assert said == (kind.status, "application/problem+json", kind.uri, kind.title, kind.status)


def test_the_guide_names_each_type_with_its_status() -> None:
    rows = re.findall(r"^\| ((?:`[a-z-]+`(?:, )?)+) \| (\d{3}) \|", GUIDE, re.MULTILINE)
    named = {(name, int(status)) for names, status in rows for name in re.findall(r"`([a-z-]+)`", names)}
    assert named == {(kind.uri.removeprefix("urn:problem-type:watcher:"), kind.status) for kind in ProblemType}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/apps", {"name": "Bakery"}),
        ("/topics", {"name": "Bread"}),
        ("/subscribers", {"topic_ids": [1]}),
        ("/messages", {"content": "Fresh bread", "topic_ids": [1], "app_id": 1}),
    ],
)
async def test_what_was_made_is_where_its_location_says(api: Api, path: str, body: dict[str, Any]) -> None:
    made = await api("POST", path, body)
    assert made.status == 201
    prefix = f"http://push.example/api/v1{path}/"
    assert made.headers["Location"].startswith(prefix)
    found = await api("GET", made.headers["Location"].removeprefix("http://push.example/api/v1"))
    assert found.status == 200
    assert {"message_id": found.said.get("id"), **found.said}.items() >= {
        name: value for name, value in made.said.items() if name in found.said or name == "message_id"
    }.items()
