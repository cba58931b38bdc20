"""
What is documented is what happens: every example of docs/api.md and of the API's document is sent to a running server.

Each section of the guide begins in a world of its own, where the example's `AT_…`, `UID_…`, `103` and so on are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from tests.web.api.test_contract import World, world
from tests.web.api.v1.api import ALL
from tests.web.api.v1.test_document import DOCUMENT
from tests.web.site import JSON
from watcher.push.channels.offered import Channels
from watcher.web.middleware.guard import Role
from watcher.web.routes import ROUTES

__all__ = ["world"]

GUIDE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"```http\n(.*?)```", re.DOTALL)
_DECIDE = {"code", "success", "total", "page", "pageSize", "contentType", "type", "reject", "enable"}
"""Numbers and truths that must be as documented; of others the type must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The head and the body of a request or an answer."""

    first: str
    headers: Mapping[str, str]
    body: str

    @classmethod
    def of(cls, block: str) -> Part:
        head, _, body = block.partition("\n\n")
        first, *lines = head.strip().split("\n")
        return cls(first=first, headers=dict(line.split(": ", 1) for line in lines), body=body.strip())


def sections() -> Mapping[str, list[tuple[Part, Part]]]:
    """Return the examples of each section, a request with its answer."""
    found: dict[str, list[tuple[Part, Part]]] = {}
    for section in re.split(r"(?m)^##+ ", GUIDE)[1:]:
        parts = [Part.of(block) for block in _BLOCK.findall(section)]
        if parts:
            found[section.partition("\n")[0]] = list(zip(parts[::2], parts[1::2], strict=True))
    return found


def is_like(said: Any, documented: Any, name: str = "") -> bool:
    """Return whether an answer is what the example says, with other numbers, ids and times in it."""
    match documented:
        case dict():
            return (
                isinstance(said, dict)
                and said.keys() == documented.keys()
                and all(is_like(said[key], value, key) for key, value in documented.items())
            )
        case list():
            return (
                isinstance(said, list)
                and len(said) == len(documented)
                and all(is_like(*pair, name) for pair in zip(said, documented, strict=True))
            )
        case str() if "…" in documented:
            return isinstance(said, str) and said.startswith(documented.partition("…")[0])
        case int() if name not in _DECIDE and not isinstance(documented, bool) and name != "data":
            return type(said) is int
    return bool(said == documented)


@pytest.fixture
def channels() -> Channels:
    return Channels(push_key="x" * 87)


def filled(text: str, world: World) -> str:
    names = world.names
    for example, name in (
        ("AT_…", "token"),
        ("UID_…", "uid"),
        ("SPT_…", "spt"),
        ("4711", "record"),
        ("2123", "message"),
    ):
        text = text.replace(example, str(names[name]))
    text = re.sub(r"\b103\b", str(names["topic"]), text)
    return re.sub(r"(?<=[?&]id=)17\b", str(names["id"]), text)


@pytest.mark.faults
@pytest.mark.parametrize("section", sections())
async def test_each_example_of_the_guide_is_answered_as_it_shows(world: World, section: str) -> None:
    for asked, answered in sections()[section]:
        method, target = filled(asked.first, world).split(" ", 1)
        headers = {
            name: f"watcher_device={world.reader.device_token}" if name == "Cookie" else value
            for name, value in asked.headers.items()
        }
        data = filled(asked.body, world).encode() or None
        url = URL(world.site.base + target, encoded=True)
        async with world.site.client.request(method, url, data=data, headers=headers) as answer:
            text = await answer.text()
        assert f"HTTP/1.1 {answer.status} {answer.reason}" == answered.first, asked.first
        if not answered.body:
            assert text == ""
            continue
        documented = json.loads(answered.body)
        assert is_like(json.loads(text), documented), (asked.first, text)


def test_a_repeat_is_documented_with_its_header() -> None:
    assert "`Idempotency-Replayed: true`" in GUIDE


def _documented(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{.*?\\}", "[^/?]+", re.escape(re.sub(r"{(\w+):[^/]*}", r"{\1}", path))) + r"(?:\?.*)?")


@pytest.mark.parametrize(
    "route",
    [
        route
        for route in ROUTES
        if route.role in (Role.APP_TOKEN, Role.SPT)
        or (route.role is Role.OPEN and not route.path.startswith(("/api/qrcode", "/api/v1")))
        or route.path in ("/api/v1/inbox", "/inbox/shown", "/inbox/opened", "/push", "/devices/home")
    ],
    ids=lambda route: f"{route.method} {route.path}",
)
def test_each_route_that_programs_call_has_an_example(route: Any) -> None:
    asked = [asked.first.split(" ", 1) for examples in sections().values() for asked, _ in examples]
    pattern = _documented(route.path)
    assert any(method == route.method and pattern.fullmatch(target) for method, target in asked)


_WITH_BODIES = [
    (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if "requestBody" in operation
]


@pytest.mark.faults
@pytest.mark.parametrize(
    ("method", "path", "operation"), _WITH_BODIES, ids=[f"{method} {path}" for method, path, _ in _WITH_BODIES]
)
async def test_each_body_that_the_document_shows_is_taken(
    world: World, method: str, path: str, operation: dict[str, Any]
) -> None:
    _, token = await world.site.push.tokens.add("tests", ALL)
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    examples = DOCUMENT["components"]["schemas"][reference.rpartition("/")[2]]["examples"]
    assert examples
    names = world.names
    target = path.format(app_id=names["app"], topic_id=names["topic"], subscription_id=names["id"])
    for example in examples:
        body = re.sub(r"\b103\b", str(names["topic"]), json.dumps(example)).replace("UID_x", str(names["uid"]))
        body = re.sub(r'(?<="app_id": )2\b', str(names["app"]), body)
        headers = {**JSON, "Authorization": f"Bearer {token}"}
        async with world.site.client.request(method, target, data=body.encode(), headers=headers) as answer:
            text = await answer.text()
        assert str(answer.status) == min(operation["responses"]), text
        if path.endswith("/messages"):
            assert [target["is_sent"] for target in json.loads(text)["targets"]] == [True, True]
