"""What the operations do."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.push.relays import Relay
from tests.running import meanwhile
from tests.web.api.v1.api import Api
from tests.web.site import JSON, Site
from watcher.core.access import Scope
from watcher.core.channels import AddressDraft, ChannelName, Refused
from watcher.core.push import AppProfile, TopicMode
from watcher.core.webhooks import WebhookEvent
from watcher.push.draft import make_draft
from watcher.push.forgetting import forget_app
from watcher.store.push.store import open_push_store
from watcher.web.api.v1.inbox import InboxAnswer
from watcher.web.api.v1.problem import ProblemType


async def _items(api: Api, path: str) -> list[Any]:
    """Return all items, page by page."""
    items: list[Any] = []
    following: str | None = path
    while following:
        answer = await api("GET", following)
        assert answer.status == 200, answer.said
        items += answer.said["items"]
        following = (answer.said["next"] or "").removeprefix("http://push.example/api/v1") or None
        assert len(items) < 1_000
    return items


async def test_an_application_is_made_shown_and_changed(api: Api) -> None:
    made = await api("POST", "/apps", {"name": "Bakery", "contact": "baker@example.org"})
    assert (made.status, made.said["name"]) == (201, "Bakery")
    assert (await api("GET", "/topics", token=made.said["token"])).status == 200
    path = f"/apps/{made.said['id']}"
    changed = await api("PATCH", path, {"name": "Old Bakery", "description": ""})
    assert (changed.said["name"], changed.said["contact"]) == ("Old Bakery", "baker@example.org")
    assert (await api("GET", path)).said == changed.said
    assert "token" not in changed.said


async def test_a_topic_is_made_shown_and_changed(api: Api) -> None:
    made = await api("POST", "/topics", {"name": "Bread", "app_id": api.app.id})
    assert (made.status, made.said["app_id"], made.said["mode"]) == (201, api.app.id, "open")
    changed = await api("PATCH", f"/topics/{made.said['id']}", {"mode": "approval"})
    assert (changed.said["mode"], changed.said["name"]) == ("approval", "Bread")
    assert (await api("GET", f"/topics/{made.said['id']}")).said == changed.said
    assert made.said["link"].startswith("http://push.example/t/")


async def test_the_words_of_a_declared_topic_are_those_of_the_file(api: Api) -> None:
    topic = await api.site.topic()
    refused = await api("PATCH", f"/topics/{topic.id}", {"name": "Mine"})
    assert (refused.status, refused.said["errors"][0]["parameter"]) == (422, "topic_id")
    assert (await api("PATCH", f"/topics/{topic.id}", {"mode": "closed"})).said["mode"] == "closed"


async def test_a_subscriber_is_made_and_reads_what_is_sent(api: Api) -> None:
    topic = (await api("POST", "/topics", {"name": "Bread", "app_id": api.app.id})).said
    made = (await api("POST", "/subscribers", {"topic_ids": [topic["id"]], "app_ids": [api.app.id]})).said
    sent = await api(
        "POST", "/messages", {"content": "**Fresh** bread", "content_type": "markdown", "uids": [made["uid"]]},
        token=api.app_token,
    )  # fmt: skip
    assert (sent.status, [target["is_sent"] for target in sent.said["targets"]]) == (201, [True])
    cookie = {"Cookie": f"watcher_device={made['device_token']}"}
    inbox = InboxAnswer.model_validate((await api("GET", "/inbox", token="", headers=cookie)).said)
    assert inbox.data is not None
    assert [(item.content, item.contentType) for item in inbox.data] == [("**Fresh** bread", 3)]
    shown = await api("GET", f"/messages/{sent.said['message_id']}")
    assert (shown.said["content_type"], shown.said["deliveries"]["sent"]) == ("markdown", 1)
    (delivery,) = await _items(api, f"/messages/{sent.said['message_id']}/deliveries")
    assert (delivery["uid"], delivery["channel"], delivery["state"]) == (made["uid"], "inbox", "sent")
    assert (await api("GET", f"/subscribers/{made['uid']}")).said == {
        key: made[key] for key in ("uid", "nickname", "is_receiving", "created_at")
    }


async def test_a_repeated_key_sends_nothing_and_is_answered_as_before(api: Api) -> None:
    topic = await api.site.topic()
    body = {"content": "Once", "topic_ids": [topic.id, 999], "app_id": topic.app_id}
    first, again = [await api("POST", "/messages", body, headers={"Idempotency-Key": "k-1"}) for _ in range(2)]
    assert (first.status, again.status) == (201, 201)
    assert first.said == again.said
    assert [target["is_sent"] for target in first.said["targets"]] == [True, False]
    assert len(await _items(api, "/messages")) == 1


async def test_a_repeat_says_so_and_another_request_with_its_key_is_a_problem(api: Api) -> None:
    topic = await api.site.topic()
    body = {"content": "Once", "topic_ids": [topic.id], "app_id": topic.app_id}
    key = {"Idempotency-Key": "k-1"}
    first, again = [await api("POST", "/messages", body, headers=key) for _ in range(2)]
    assert [answer.headers.get("Idempotency-Replayed") for answer in (first, again)] == [None, "true"]
    other = await api("POST", "/messages", body | {"content": "Twice"}, headers=key)
    assert (other.status, other.type) == (422, "application/problem+json")
    assert [error["parameter"] for error in other.said["errors"]] == ["Idempotency-Key"]
    assert "Idempotency-Replayed" not in other.headers
    assert len(await _items(api, "/messages")) == 1


async def test_a_key_holds_in_both_apis(api: Api) -> None:
    topic = await api.site.push.topics.add("Bread", app_id=api.app.id)
    key = {"Idempotency-Key": "k-1"}
    body = {"content": "Once", "topic_ids": [topic.id]}
    assert (await api("POST", "/messages", body, token=api.app_token, headers=key)).status == 201
    answers = []
    for content in ("Once", "Twice"):
        sent = json.dumps({"appToken": api.app_token, "content": content, "topicIds": [topic.id]}).encode()
        answers.append(await api.site.post("/api/send/message", body=sent, headers=JSON | key))
    assert [(await answer.json())["code"] for answer in answers] == [1000, 1001]
    assert "Idempotency-Replayed" in answers[0].headers


async def test_a_key_is_of_one_application(api: Api) -> None:
    topics = [await api.site.topic(), await api.site.push.topics.add("Bread", app_id=api.app.id)]
    sent = [
        await api(
            "POST",
            "/messages",
            {"content": "x", "topic_ids": [topic.id], "app_id": topic.app_id},
            headers={"Idempotency-Key": "same"},
        )
        for topic in topics
    ]
    assert len({answer.said["message_id"] for answer in sent}) == 2


async def test_a_message_without_a_good_receiver_is_a_problem_that_names_each(api: Api) -> None:
    refused = await api(
        "POST", "/messages", {"content": "x", "uids": ["UID_x"], "topic_ids": [999]}, token=api.app_token
    )
    assert (refused.status, refused.type) == (422, "application/problem+json")
    assert [error["pointer"] for error in refused.said["errors"]] == ["#/uids/0", "#/topic_ids/0"]


async def test_a_token_of_all_applications_says_in_whose_name(api: Api) -> None:
    refused = await api("POST", "/messages", {"content": "x", "topic_ids": [1]})
    assert (refused.status, refused.said["errors"][0]["pointer"]) == (422, "#/app_id")


async def test_a_deleted_message_is_gone(api: Api) -> None:
    sent = await api.site.tell("secret")
    path = f"/messages/{sent.message_id}"
    assert (await api("DELETE", path)).status == 204
    assert [(await api(method, path)).status for method in ("GET", "DELETE")] == [404, 404]
    assert (await api("GET", f"{path}/deliveries")).status == 404


async def test_who_waits_is_approved_rejected_and_removed(api: Api) -> None:
    push, topic = api.site.push, await api.site.topic()
    await push.topics.edit(topic.id, mode=TopicMode.APPROVAL)
    await push.subscribers.add(topic_ids=[topic.id])
    (waiting,) = await _items(api, "/subscriptions?state=waiting")
    path = f"/subscriptions/{waiting['id']}"
    states = [(await api("PATCH", path, {"state": state})).said["state"] for state in ("following", "rejected")]
    assert [*states, (await api("PATCH", path, {"state": "following"})).said["state"]] == [
        "following",
        "rejected",
        "following",
    ]
    assert (await api("DELETE", path)).status == 204
    assert await _items(api, "/subscriptions") == []


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_pages_hold_each_once_and_in_order(api: Api, limit: int) -> None:
    topic = await api.site.topic()
    for number in range(4):
        await api.site.push.topics.add(f"Topic {number}")
        await api.site.push.subscribers.add(topic_ids=[topic.id])
        await api.site.tell(f"message {number}")
    for path, key in (("/topics", "id"), ("/subscribers", "uid"), ("/subscriptions", "id"), ("/messages", "id")):
        whole, paged = (await api("GET", path)).said["items"], await _items(api, f"{path}?limit={limit}")
        assert [item[key] for item in paged] == [item[key] for item in whole]
        assert len(whole) >= 4


async def test_the_newest_messages_can_come_first(api: Api) -> None:
    for number in range(5):
        await api.site.tell(f"message {number}")
    found = await _items(api, "/messages?order=newest&limit=2")
    assert [item["content"] for item in found] == [f"message {number}" for number in (4, 3, 2, 1, 0)]


async def test_messages_are_found_by_topic_even_when_it_is_gone(api: Api) -> None:
    bread, cake = [await api.site.push.topics.add(name, app_id=api.app.id) for name in ("Bread", "Cake")]
    for content, to in (("bread", [bread]), ("both", [cake, bread]), ("cake", [cake])):
        await api.site.push.messages.send(api.app, make_draft(content), topic_ids=[topic.id for topic in to])
    await api.site.push.topics.remove(bread.id)
    assert [one["content"] for one in await _items(api, f"/messages?topic={bread.id}&limit=1")] == ["bread", "both"]
    newest = await _items(api, f"/messages?topic={cake.id}&order=newest&limit=1")
    assert [one["content"] for one in newest] == ["cake", "both"]
    assert await _items(api, "/messages?topic=999") == []


@pytest.mark.on_sqlite("opens the file again")
async def test_messages_are_found_by_when_they_were_sent(api: Api, tmp_path: Path) -> None:
    for minute in range(4):
        await api.site.tell(f"message {minute}")
    with closing(sqlite3.connect(tmp_path / "push.sqlite3")) as connection, connection:
        connection.execute("UPDATE messages SET created_at = created_at + id * 60000000")
    first, second, third, _ = [one["created_at"] for one in await _items(api, "/messages")]
    for query, found in (
        (f"since={second}", [1, 2, 3]),
        (f"until={third}", [0, 1]),
        (f"since={second}&until={third}", [1]),
        (f"since={third}&until={first}", []),
        (f"since={quote(second.replace('Z', '+00:00'))}&limit=1", [1, 2, 3]),
    ):
        assert [one["content"] for one in await _items(api, f"/messages?{query}")] == [f"message {n}" for n in found]


async def test_messages_are_found_by_how_far_they_came(api: Api) -> None:
    reader, inbox = (await api.site.reader()).subscriber, api.site.push.inbox
    for content in ("opened", "shown", "sent"):
        await api.site.tell(content)
    opened, shown, _ = await inbox.items(reader)
    await inbox.mark_opened(reader, [opened.id])
    await inbox.mark_shown(reader, [shown.id])
    for state in ("opened", "shown", "sent"):
        assert [one["content"] for one in await _items(api, f"/messages?state={state}")] == [state]
    assert await _items(api, "/messages?state=failed") == []
    topic = await api.site.topic()
    narrowed = await _items(api, f"/messages?state=shown&topic={topic.id}&app={topic.app_id}")
    assert [one["content"] for one in narrowed] == ["shown"]


async def test_an_application_is_deleted_with_all_that_is_its_own(api: Api) -> None:
    push, shop = api.site.push, api.app
    topic, demo = await push.topics.add("Bread", app_id=shop.id), await api.site.topic()
    await push.apps.edit(shop.id, callback_url="https://shop.example/told")
    bound = await api.key({Scope.TOPICS_READ}, app_id=shop.id)
    reader = (await push.subscribers.add(topic_ids=[topic.id, demo.id], app_ids=[shop.id])).subscriber
    await push.messages.send(shop, make_draft("Fresh bread"), topic_ids=[topic.id])
    await push.codes.add(shop, "order 17", seconds=60)
    await api.site.tell("of another")
    assert (await api("DELETE", f"/apps/{shop.id}")).status == 204
    for path in (f"/apps/{shop.id}", f"/topics/{topic.id}", f"/apps/{shop.id}/callbacks"):
        assert (await api("GET", path)).status == 404
    assert [(await api("GET", "/topics", token=token)).status for token in (bound, api.app_token)] == [401, 401]
    assert [one["topic_id"] for one in await _items(api, f"/subscriptions?uid={reader.uid}")] == [demo.id]
    assert [item.message.draft.content for item in await push.inbox.items(reader)] == ["of another"]
    assert (await api("DELETE", f"/apps/{shop.id}")).status == 404


@pytest.mark.on_sqlite("opens the file again")
async def test_a_deletion_that_was_killed_half_way_goes_on(api: Api, tmp_path: Path) -> None:
    push = api.site.push
    topic = await push.topics.add("Bread", app_id=api.app.id)
    for number in range(5):
        await push.messages.send(api.app, make_draft(f"{number}"), topic_ids=[topic.id])
    killed = await open_push_store(tmp_path / "push.sqlite3")
    assert not await killed.write(lambda tx: forget_app(tx, api.app.id, limit=2))
    await killed.close()
    assert len(await _items(api, f"/messages?app={api.app.id}")) == 3
    assert (await api("GET", "/topics", token=api.app_token)).status == 401
    assert (await api("DELETE", f"/apps/{api.app.id}")).status == 204
    assert await _items(api, "/messages") == []


async def test_an_application_that_the_service_needs_is_not_deleted(api: Api) -> None:
    own = (await api.site.topic()).app_id
    refused = await api("DELETE", f"/apps/{own}")
    assert (refused.status, refused.said["type"]) == (422, ProblemType.REFUSED.uri)
    assert (await api("GET", f"/apps/{own}")).status == 200


async def test_a_topic_is_deleted_and_its_messages_stay(api: Api) -> None:
    made = (await api("POST", "/topics", {"name": "Bread"})).said
    reader = (await api.site.push.subscribers.add(topic_ids=[made["id"]])).subscriber
    body = {"content": "Fresh bread", "topic_ids": [made["id"]], "app_id": made["app_id"]}
    key = {"Idempotency-Key": "k"}
    sent = (await api("POST", "/messages", body, headers=key)).said
    assert (await api("DELETE", f"/topics/{made['id']}")).status == 204
    assert (await api("GET", f"/topics/{made['id']}")).status == 404
    assert [item.message.draft.content for item in await api.site.push.inbox.items(reader)] == ["Fresh bread"]
    assert (await api("POST", "/messages", body, headers=key)).said == sent


async def test_a_topic_of_the_file_is_not_deleted(api: Api) -> None:
    topic = await api.site.topic()
    refused = await api("DELETE", f"/topics/{topic.id}")
    assert (refused.status, refused.said["type"]) == (409, ProblemType.CONFLICT.uri)
    assert "watches.yaml declared demo" in refused.said["detail"]
    assert (await api("GET", f"/topics/{topic.id}")).status == 200


async def test_a_topic_that_one_of_the_file_was_merged_into_is_not_deleted(api: Api) -> None:
    topic, other = await api.site.topic(), await api.site.push.topics.add("Bread")
    await api.site.push.merge_topics(topic.id, other.id)
    refused = await api("DELETE", f"/topics/{other.id}")
    assert (refused.status, refused.said["type"]) == (409, ProblemType.CONFLICT.uri)
    assert "watches.yaml declared demo" in refused.said["detail"]


async def test_a_subscriber_is_deleted_with_all_that_is_kept(api: Api) -> None:
    reader = await api.site.reader()
    await api.site.tell("hello")
    path = f"/subscribers/{reader.subscriber.uid}"
    owner = await api.key({Scope.SUBSCRIBERS_WRITE}, app_id=(await api.site.topic()).app_id)
    assert (await api("DELETE", path, token=owner)).status == 403
    assert (await api("DELETE", path)).status == 204
    assert [(await api(method, path)).status for method in ("GET", "DELETE")] == [404, 404]
    answer = await api("GET", "/inbox", token="", headers={"Cookie": f"watcher_device={reader.device_token}"})
    assert answer.said["code"] == 1002
    assert len(await _items(api, "/messages")) == 1


async def test_the_next_page_keeps_what_was_asked(api: Api) -> None:
    for number in range(3):
        await api.site.push.topics.add(f"Topic {number}", app_id=api.app.id)
    answer = await api("GET", f"/topics?app={api.app.id}&limit=1")
    assert f"app={api.app.id}" in answer.said["next"]
    assert len(await _items(api, f"/topics?app={api.app.id}&limit=1")) == 3


async def test_deliveries_come_in_pages(api: Api) -> None:
    readers = [await api.site.reader() for _ in range(5)]
    sent = await api.site.tell("hello")
    found = await _items(api, f"/messages/{sent.message_id}/deliveries?limit=2")
    assert [item["uid"] for item in found] == [reader.subscriber.uid for reader in readers]


async def test_deliveries_say_over_which_channel_how_far_they_came_and_why_no_further(api: Api) -> None:
    push, reader = api.site.push, (await api.site.reader()).subscriber
    await push.addresses.add(reader, AddressDraft(channel=ChannelName.WEB_PUSH, fingerprint="f", value="phone@a"))
    relay = Relay(answer=lambda *_: Refused(reason="the browser said no"))
    path = f"/messages/{(await api.site.tell('hello')).message_id}"
    [_, waiting] = await _items(api, f"{path}/deliveries")
    assert (waiting["channel"], waiting["state"], waiting["sent_at"]) == ("webpush", "queued", None)
    deliverer = push.deliveries.deliverer({relay.name: relay}, chance=lambda: 0.0, link=lambda message: message.slug)
    async with meanwhile(deliverer.run()), asyncio.timeout(30):
        while (await _items(api, f"{path}/deliveries"))[1]["state"] == "queued":  # noqa: ASYNC110  what it waits for is in a database
            await asyncio.sleep(0.01)
    await push.inbox.mark_opened(reader, [item.id for item in await push.inbox.items(reader)])
    [inbox, phone] = await _items(api, f"{path}/deliveries")
    assert (inbox["channel"], inbox["state"], inbox["opened_at"] is None) == ("inbox", "opened", False)
    assert (phone["channel"], phone["state"], phone["reason"]) == ("webpush", "failed", "the browser said no")
    counts = (await api("GET", path)).said["deliveries"]
    assert counts == {"queued": 0, "sent": 0, "shown": 0, "opened": 1, "failed": 1}


async def test_watches_say_what_is_remembered(api: Api) -> None:
    found = await _items(api, "/watches?limit=1")
    assert [watch["id"] for watch in found] == ["dune", "emma"]
    assert found[0]["values"][""] == {
        "price": {"amount": "8", "currency": "€"},
        "stock": 3,
        "rate": {"number": "1.50"},
    }
    assert (found[0]["failures"], found[0]["failure"], found[0]["suspicious"]) == (0, None, None)
    assert found[0]["checked_at"] is not None
    assert (await api("GET", "/watches/dune")).said == found[0]


async def test_a_watchs_history_comes_in_pages(api: Api) -> None:
    changes = await _items(api, "/watches/dune/history?limit=3")
    assert [change["new"][""]["price"]["amount"] for change in changes] == ["11", "10", "9", "8"]
    assert [change["sequence"] for change in changes] == sorted({change["sequence"] for change in changes})
    assert (await api("GET", "/watches/emma/history")).said == {"items": [], "next": None}


@pytest.mark.parametrize(
    "path", ["/watches/nosuch", "/watches/nosuch/history", "/watches/%00", "/watches/dune%2F0/history"]
)
async def test_a_watch_that_is_not_there(api: Api, path: str) -> None:
    assert (await api("GET", path)).status == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nosuch", 404),
        ("GET", "/apps/0", 404),
        ("GET", "/apps/x", 404),
        ("GET", f"/topics/{2**70}", 404),
        ("PUT", "/apps", 405),
        ("DELETE", "/apps", 405),
    ],
)
async def test_an_address_that_is_none_is_a_problem(api: Api, method: str, path: str, status: int) -> None:
    answer = await api(method, path)
    assert (answer.status, answer.type) == (status, "application/problem+json")


async def test_the_page_names_every_operation_in_both_languages(site: Site) -> None:
    for language, title in (("en", "The API"), ("zh", "API 文档")):
        answer = await site.get("/docs", headers={"Accept-Language": language})
        page = await answer.text()
        assert answer.status == 200
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert title in page
        document = json.loads(await (await site.get("/api/v1/openapi.json")).text())
        for path, methods in document["paths"].items():
            assert f"<code>{path}</code>" in page
            assert all(each["operationId"] in page for each in methods.values())


async def test_an_applications_token_is_replaced_with_a_grace_time(api: Api) -> None:
    path = f"/apps/{api.app.id}/token"
    made = await api("POST", path, {"grace_seconds": 60})
    assert made.status == 200
    tokens = (api.app_token, made.said["token"])
    assert [(await api("GET", "/topics", token=token)).status for token in tokens] == [200, 200]
    last = (await api("POST", path, {})).said["token"]
    assert [(await api("GET", "/topics", token=token)).status for token in (*tokens, last)] == [401, 401, 200]


async def test_an_applications_signing_key_is_replaced(api: Api) -> None:
    made = await api("POST", f"/apps/{api.app.id}/signing-key")
    found = await api.site.push.apps.of_id(api.app.id)
    assert found is not None
    assert (made.status, made.said) == (200, {"signing_key": found.signing_key})
    assert found.signing_key != api.app.signing_key


async def test_a_topic_gets_another_link(api: Api) -> None:
    old = await api.site.topic()
    made = await api("POST", f"/topics/{old.id}/link")
    assert made.status == 200
    assert (await api.site.get(f"/t/{old.slug}")).status == 404
    assert (await api.site.get(made.said["link"].removeprefix("http://push.example") + "/qr.svg")).status == 200


@pytest.mark.parametrize("order", ["newest", "oldest"])
async def test_callbacks_come_in_pages(api: Api, order: str) -> None:
    app = (await api("POST", "/apps", {"name": "Bakery", "callback_url": "https://bakery.example/told"})).said
    for _ in range(5):
        await api.site.push.subscribers.add(app_ids=[app["id"]])
    found = await _items(api, f"/apps/{app['id']}/callbacks?limit=2&order={order}")
    ids = [callback["id"] for callback in found]
    assert ids == sorted(ids, reverse=order == "newest")
    assert len(set(ids)) == 5
    assert {(callback["state"], callback["attempts"]) for callback in found} == {("pending", 0)}
    assert all(json.loads(callback["body"]) for callback in found)


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/topics", {"name": "x", "app_id": 99}, "#/app_id"),
        ("/messages", {"content": "x", "topic_ids": [1], "app_id": 99}, "#/app_id"),
        ("/subscribers", {"app_ids": [99]}, "#/app_ids/0"),
        ("/subscribers", {"topic_ids": [99]}, "#/topic_ids/0"),
    ],
)
@pytest.mark.parametrize("is_bound", [False, True])
async def test_a_member_that_names_what_is_not_there_is_pointed_to(
    api: Api, path: str, body: dict[str, Any], pointer: str, is_bound: bool
) -> None:
    scopes = {Scope.TOPICS_WRITE, Scope.MESSAGES_SEND, Scope.SUBSCRIBERS_WRITE}
    answer = await api("POST", path, body, token=await api.key(scopes, app_id=api.app.id if is_bound else None))
    assert (answer.status, [error["pointer"] for error in answer.said["errors"]]) == (404, [pointer])


async def test_a_token_of_one_application_makes_no_subscriber_of_nothing(api: Api) -> None:
    answer = await api("POST", "/subscribers", {}, token=await api.key({Scope.SUBSCRIBERS_WRITE}, app_id=api.app.id))
    assert (answer.status, answer.said["errors"][0]["pointer"]) == (422, "#/topic_ids")


async def test_a_whole_number_may_have_a_point(api: Api) -> None:
    assert (await api("POST", "/topics", raw=b'{"name": "x", "app_id": 2.0}')).status == 201


async def test_a_feed_is_made_shown_and_ended_and_its_links_are_for_who_may_read_messages(api: Api) -> None:
    topic = await api.site.push.topics.add("News", app_id=api.app.id)
    path = f"/topics/{topic.id}/feed"
    none = {"has_feed": False, "atom": None, "json_feed": None}
    assert (await api("GET", path)).said == none
    made = (await api("POST", path)).said
    assert made["has_feed"] is True
    for link in (made["atom"], made["json_feed"]):
        assert (await api.site.get(link.removeprefix("http://push.example"))).status == 200
    assert (await api("GET", path, token=api.app_token)).said == made
    writer = await api.key([Scope.TOPICS_WRITE, Scope.TOPICS_READ])
    for method in ("GET", "POST"):
        assert (await api(method, path, token=writer)).said == none | {"has_feed": True}
    assert (await api.site.get(made["atom"].removeprefix("http://push.example"))).status == 404
    for _ in range(2):
        assert (await api("DELETE", path)).status == 204
    assert (await api("GET", path)).said == none


async def test_a_webhook_is_made_shown_tested_and_removed(api: Api) -> None:
    draft = {"app_id": api.app.id, "url": "https://a.example/hook?key=x", "events": ["message.sent"]}
    made = await api("POST", "/webhooks", draft)
    assert (made.status, made.said["is_enabled"]) == (201, True)
    path = f"/webhooks/{made.said['id']}"
    assert made.headers["Location"].endswith(path)
    secret = made.said.pop("secret")
    assert (await api("GET", path)).said == made.said
    assert [each["id"] for each in await _items(api, f"/webhooks?app={api.app.id}")] == [made.said["id"]]
    renewed = (await api("POST", f"{path}/secret")).said["secret"]
    assert renewed.startswith("whsec_")
    assert renewed != secret
    assert (await api("GET", path)).said["old_secret_until"] is not None
    assert (await api("POST", f"{path}/test")).status == 204
    [told] = await _items(api, f"{path}/deliveries")
    assert (told["state"], json.loads(told["body"])["type"]) == ("pending", "test")
    assert told["webhook_id"].startswith("msg_")
    assert (await api("POST", f"{path}/enable")).said["is_enabled"] is True
    refused = await api("POST", "/webhooks", {**draft, "events": ["change"]})
    assert (refused.status, refused.said["errors"][0]["pointer"]) == (422, "#/events")
    assert (await api("DELETE", path)).status == 204
    assert (await api("GET", path)).status == 404


async def test_a_webhook_of_another_application_is_not_there(api: Api) -> None:
    bank, _ = await api.site.push.apps.add(AppProfile(name="Bank"))
    hook, _ = await api.site.push.webhooks.add(bank.id, "https://a.example/", [WebhookEvent.MESSAGE_SENT])
    token = await api.key([Scope.APPS_READ, Scope.APPS_WRITE], app_id=api.app.id)
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/secret"), ("POST", "/test"), ("GET", "/deliveries")):
        assert (await api(method, f"/webhooks/{hook.id}{path}", token=token)).status == 404
    assert await _items(api, "/webhooks") != []
    assert (await api("GET", "/webhooks", token=token)).said["items"] == []
    draft = {"app_id": bank.id, "url": "https://a.example/", "events": ["message.sent"]}
    assert (await api("POST", "/webhooks", draft, token=token)).status == 404
