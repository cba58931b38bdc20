"""Sending as ntfy's clients do: bodies, headers and their aliases, the query, JSON, tokens."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest

from tests.web.site import Site
from watcher.core.push import App, ContentType, Draft, PushTopic, Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """An application with a topic `backups`, which one reader follows."""

    site: Site
    app: App
    token: str
    topic: PushTopic
    reader: Subscriber

    async def send(
        self,
        path: str = "/backups",
        body: bytes = b"",
        *,
        method: str = "POST",
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, dict[str, Any]]:
        said = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        async with self.site.client.request(method, path, data=BytesIO(body), params=query, headers=said) as answer:
            return answer.status, await answer.json()

    async def arrived(self) -> Draft:
        [item] = await self.site.push.inbox.items(self.reader)
        return item.message.draft


@pytest.fixture
async def sender(site: Site) -> Sender:
    app, token = await site.app()
    topic = await site.push.topics.add("backups", app_id=app.id)
    reader = (await site.push.subscribers.add(topic_ids=[topic.id])).subscriber
    return Sender(site=site, app=app, token=token, topic=topic, reader=reader)


async def test_the_body_is_the_message(sender: Sender) -> None:
    status, said = await sender.send(body="备份完成".encode())
    assert (status, said["event"], said["topic"], said["message"]) == (200, "message", "backups", "备份完成")
    assert len(said["id"]) == 12
    assert await sender.arrived() == Draft(summary="备份完成", content="备份完成")


@pytest.mark.parametrize(
    ("title", "click", "markdown"),
    [("X-Title", "X-Click", "X-Markdown"), ("Title", "Click", "Markdown"), ("t", "click", "md")],
)
@pytest.mark.parametrize("is_query", [False, True], ids=["headers", "query"])
async def test_each_parameter_has_several_names(
    sender: Sender, title: str, click: str, markdown: str, is_query: bool
) -> None:
    said = {title: "Backup", click: "https://example.org/1", markdown: "yes", "X-Priority": "high", "ta": "disk, ok"}
    given = {name.lower(): value for name, value in said.items()} if is_query else said
    query, headers = (given, None) if is_query else (None, given)
    status, answer = await sender.send(body=b"**done**", query=query, headers=headers)
    assert status == 200
    assert (answer["title"], answer["priority"], answer["tags"]) == ("Backup", 4, ["disk", "ok"])
    draft = await sender.arrived()
    assert (draft.summary, draft.content, draft.url) == ("Backup", "**done**", "https://example.org/1")
    assert (draft.content_type, draft.priority, draft.tags) == (ContentType.MARKDOWN, 4, ["disk", "ok"])


@pytest.mark.parametrize("act", ["publish", "send", "trigger"])
async def test_a_get_sends_what_the_query_says(sender: Sender, act: str) -> None:
    assert (await sender.send(f"/backups/{act}", method="GET", query={"m": "one\\ntwo"}))[0] == 200
    assert (await sender.arrived()).content == "one\ntwo"


async def test_a_message_without_a_text_says_that_it_was_triggered(sender: Sender) -> None:
    assert (await sender.send(method="PUT"))[1]["message"] == "triggered"


async def test_json_names_its_topic(sender: Sender) -> None:
    said = {
        "topic": "backups", "message": "Disk full", "title": "db1", "tags": ["warning", "cd"], "priority": 5,
        "click": "https://example.org/db1", "attach": "https://example.org/a.png", "icon": "x", "actions": [{"a": 1}],
    }  # fmt: skip
    status, answer = await sender.send("/", json.dumps(said).encode())
    assert (status, answer["priority"], answer["tags"]) == (200, 5, ["warning", "cd"])
    draft = await sender.arrived()
    assert (draft.summary, draft.content) == ("db1", "Disk full\nhttps://example.org/a.png")
    assert (draft.priority, draft.tags) == (5, ["warning", "cd"])


_BESIDE = {
    "Title": "db1", "X-Priority": "5", "Tags": "warning,cd", "Click": "https://example.org/db1", "Markdown": "yes",
}  # fmt: skip


@pytest.mark.parametrize("is_query", [False, True], ids=["headers", "query"])
async def test_headers_and_the_query_say_what_json_does_not(sender: Sender, is_query: bool) -> None:
    """As Apprise sends."""
    beside = {name.lower(): value for name, value in _BESIDE.items()} if is_query else _BESIDE
    query, headers = (beside, None) if is_query else (None, beside)
    status, answer = await sender.send("/", b'{"topic": "backups", "message": "x"}', query=query, headers=headers)
    assert (status, answer["title"], answer["priority"], answer["tags"]) == (200, "db1", 5, ["warning", "cd"])
    draft = await sender.arrived()
    assert (draft.summary, draft.content_type, draft.url) == ("db1", ContentType.MARKDOWN, "https://example.org/db1")


async def test_what_json_says_goes_before_headers_and_the_query(sender: Sender) -> None:
    said = b'{"topic": "backups", "Message": "body", "title": "of JSON", "priority": 0}'
    headers = {"Title": "of a header", "Message": "of a header", "Priority": "2"}
    _, answer = await sender.send("/", said, query={"t": "of the query", "ta": "disk"}, headers=headers)
    assert (answer["title"], answer["message"], answer["priority"], answer["tags"]) == ("of JSON", "body", 2, ["disk"])


async def test_json_without_a_text_takes_that_of_a_header(sender: Sender) -> None:
    _, answer = await sender.send("/", b'{"topic": "backups"}', headers={"Message": "one\\ntwo"})
    assert answer["message"] == "one\ntwo"


_NOT_DONE = [
    ({"X-Delay": "1h"}, 40004),
    ({"X-Email": "ann@example.org"}, 40001),
    ({"Call": "+123"}, 40032),
    ({"Filename": "a.jpg"}, 40014),
    ({"Attach": "nonsense"}, 40013),
    ({"Template": "yes"}, 40043),
    ({"Priority": "loud"}, 40007),
]


@pytest.mark.parametrize("given_in", ["headers", "query", "members"])
async def test_what_cannot_be_done_is_refused_beside_json_too(
    sender: Sender, given_in: str, subtests: pytest.Subtests
) -> None:
    for beside, code in _NOT_DONE:
        [(name, value)] = beside.items()
        given = {name.lower().removeprefix("x-"): value}
        said = {"topic": "backups", "message": "x"} | (given if given_in == "members" else {})
        query, headers = given if given_in == "query" else None, beside if given_in == "headers" else None
        with subtests.test(name):
            status, answer = await sender.send("/", json.dumps(said).encode(), query=query, headers=headers)
            assert (status, answer["code"]) == (400, code)
    assert await sender.site.push.inbox.items(sender.reader) == []


async def test_a_member_that_is_an_object_is_refused(sender: Sender, subtests: pytest.Subtests) -> None:
    for member in ("title", "message", "tags", "priority", "click", "delay"):
        with subtests.test(member):
            status, answer = await sender.send("/", json.dumps({"topic": "backups", member: {"a": 1}}).encode())
            assert (status, answer["code"]) == (400, 40024)


async def test_the_priority_of_a_browser_is_passed_over(sender: Sender) -> None:
    status, answer = await sender.send(body=b"x", headers={"Priority": "u=1, i"})
    assert (status, "priority" in answer) == (200, False)


@pytest.mark.parametrize("click", ["not a url", "javascript:alert(1)", "/dashboard", "x" * 1_001])
async def test_a_click_that_is_no_link_is_said_in_the_text(sender: Sender, click: str) -> None:
    status, answer = await sender.send(body=b"disk full", headers={"Click": click})
    assert (status, "click" in answer) == (200, False)
    draft = await sender.arrived()
    assert (draft.content, draft.url) == (f"disk full\n{click}", None)


async def test_a_link_alone_is_a_message(sender: Sender) -> None:
    _, answer = await sender.send(headers={"Attach": "https://example.org/p.jpg"})
    assert answer["message"] == "https://example.org/p.jpg"


async def test_a_header_that_is_encoded_is_read(sender: Sender) -> None:
    await sender.send(body=b"x", headers={"Title": "=?UTF-8?B?5aSH5Lu9?="})
    assert (await sender.arrived()).summary == "备份"


@pytest.mark.parametrize("codec", ["UTF-8", "punycode"])
async def test_what_the_query_and_json_say_is_not_decoded(sender: Sender, codec: str) -> None:
    """Python reads some codecs in quadratic time: seconds for what fits into a query."""
    title = f"=?{codec}?q?x-aaa?="
    _, by_query = await sender.send(body=b"x", query={"t": title})
    _, by_json = await sender.send("/", json.dumps({"topic": "backups", "message": "x", "title": title}).encode())
    assert (by_query["title"], by_json["title"]) == (title, title)


async def test_a_topic_is_named_by_number_too_and_only_its_own_applications_is_there(sender: Sender) -> None:
    assert (await sender.send(f"/{sender.topic.id}", b"x"))[0] == 200
    status, said = await sender.send("/demo", b"x")
    assert (status, said["code"]) == (404, 40402)


async def test_a_topic_whose_name_meets_a_page_is_below_ntfy(sender: Sender) -> None:
    await sender.site.push.topics.add("inbox", app_id=sender.app.id)
    status, said = await sender.send("/inbox", b"x")
    assert (status, said["code"]) == (404, 40403)
    assert (await sender.send("/inbox/send", method="GET"))[0] == 404
    assert (await sender.send("/ntfy/inbox", b"x"))[0] == 200
    assert (await sender.send("/", b'{"topic": "inbox", "message": "x"}'))[0] == 200


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize("form", ["bearer", "password", "user", "auth of basic", "auth of bearer"])
async def test_the_token_comes_in_any_of_ntfys_forms(sender: Sender, form: str) -> None:
    said = {
        "bearer": f"Bearer {sender.token}",
        "password": _basic("", sender.token),
        "user": _basic(sender.token, ""),
        "auth of basic": _basic("phil", sender.token),
        "auth of bearer": f"Bearer {sender.token}",
    }[form]
    query = {"auth": base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")} if "auth" in form else None
    headers = None if query else {"Authorization": said}
    async with sender.site.client.post("/backups", data=b"x", params=query, headers=headers) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("said", ["", "Bearer AT_" + "x" * 32, "Basic !!!", "Basic YTpi", "Digest x", "Bearer tk_1"])
async def test_nobody_else_sends(sender: Sender, said: str) -> None:
    async with sender.site.client.post("/backups", data=b"x", headers={"Authorization": said}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (401, 40101)
    assert await sender.site.push.inbox.items(sender.reader) == []


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Priority": "loud"}, 40007),
        ({"Delay": "30m"}, 40004),
        ({"At": "8am"}, 40004),
        ({"Email": "ann@example.org"}, 40001),
        ({"Call": "+123"}, 40032),
        ({"Filename": "a.jpg"}, 40014),
        ({"Attach": "file:///etc/passwd"}, 40013),
        ({"Template": "github"}, 40043),
        ({"tpl": "1"}, 40043),
    ],
)
async def test_what_cannot_be_done_is_refused(sender: Sender, headers: dict[str, str], code: int) -> None:
    status, said = await sender.send(body=b"x", headers=headers)
    assert (status, said["code"], said["http"]) == (400, code, 400)
    assert await sender.site.push.inbox.items(sender.reader) == []


@pytest.mark.parametrize(
    ("body", "status"), [(b"\xff\xfe", 400), (b"x" * 65_536, 413), (b"x" * 40_001, 400), (b"x" * 1_100_000, 413)]
)
async def test_what_is_no_text_or_too_long_is_refused(sender: Sender, body: bytes, status: int) -> None:
    found, said = await sender.send(body=body)
    assert (found, said["http"]) == (status, status)


@pytest.mark.parametrize(
    ("number", "said"), [("1234567", "1234567"), ("9" * 400, "9" * 400), ("0.5", "0.5"), ("1e999", "inf")]
)
async def test_a_number_in_json_is_taken_as_its_text(sender: Sender, number: str, said: str) -> None:
    status, answer = await sender.send("/", f'{{"topic": "backups", "message": {number}}}'.encode())
    assert (status, answer["message"]) == (200, said)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"[" * 10_000, b'{"topic": 7, "message": "x"}', b'{"topic": "a b"}']
)
async def test_json_of_nonsense_is_refused(sender: Sender, body: bytes) -> None:
    status, said = await sender.send("/", body)
    assert (status in (400, 404), said["http"]) == (True, status)


async def test_a_repeat_with_a_key_sends_nothing(sender: Sender) -> None:
    answers = [await sender.send(body=b"x", headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert answers[0][1]["id"] == answers[1][1]["id"]
    assert (await sender.arrived()).content == "x"


@pytest.mark.parametrize("other", [{"Priority": "high"}, {"Tags": "warning"}, {"Tags": "a,b", "Priority": "low"}])
async def test_a_key_is_of_one_priority_and_its_tags(sender: Sender, other: dict[str, str]) -> None:
    first, same, changed = [
        await sender.send(body=b"x", headers={"Idempotency-Key": "k", **said})
        for said in ({"Priority": "3"}, {}, other)
    ]
    assert (first[1]["id"], same[0], changed[0]) == (same[1]["id"], 200, 400)


async def test_a_page_that_is_not_there_is_one_for_people(sender: Sender) -> None:
    answer = await sender.site.get("/nothing")
    assert (answer.status, answer.content_type) == (404, "text/html")
