"""Who may do what: every operation × kind of token × scope."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.push.emulators.robots import FEISHU
from tests.web.api.v1.api import ALL, BODIES, Api
from tests.web.console_desk import an_owner
from tests.web.site import Site
from watcher.core.access import APP_SCOPES, Scope
from watcher.core.masking import masked
from watcher.core.pace import RateLimit
from watcher.core.push import AppProfile
from watcher.core.settings import Settings
from watcher.core.webhooks import WebhookEvent
from watcher.errors import RefusedError
from watcher.push.channels.places import read_place
from watcher.push.draft import make_draft
from watcher.web.api.v1.operation import Operation
from watcher.web.api.v1.operations import OPERATIONS
from watcher.web.middleware.guard import Role
from watcher.web.routes import ROUTES


async def _each(site: Site, subtests: pytest.Subtests, look: Callable[[Api, Operation], Awaitable[None]]) -> None:
    """Look at each operation with an application of its own: some remove it."""
    for operation in OPERATIONS:
        with subtests.test(f"{operation.method} {operation.path}"):
            await look(await Api.of(site), operation)


async def _things(api: Api) -> dict[str, Any]:
    """Return what addresses and bodies name: the application has one of everything."""
    push = api.site.push
    topic = await push.topics.add("News", app_id=api.app.id)
    reader = await push.subscribers.add(topic_ids=[topic.id], app_ids=[api.app.id])
    (sent,) = await push.messages.send(api.app, make_draft("Hello"), topic_ids=[topic.id])
    [first, *_] = (await push.subscriptions.page(app_id=api.app.id)).subscriptions
    return {
        "app_id": api.app.id,
        "topic_id": topic.id,
        "topic_ids": [topic.id],
        "uid": reader.subscriber.uid,
        "mirror_uid": (await push.mirrors.add(topic.id, read_place(FEISHU), "Buyers", lang="en")).uid,
        "subscription_id": first.id,
        "message_id": sent.message_id,
        "watch_id": "dune",
        "webhook_id": (await push.webhooks.add(api.app.id, "http://127.0.0.1:9/", [WebhookEvent.MESSAGE_SENT]))[0].id,
    }


async def _asked(api: Api, operation: Operation, token: str) -> tuple[int, str]:
    things, body = await _things(api), None
    if operation.body is not None and (body := BODIES.get(operation.path)) is not None:
        body = {name: things.get(name, value) for name, value in body.items()}
    answer = await api(operation.method, operation.path.format(**things), body, token=token)
    if answer.status in (401, 403):
        assert answer.type == "application/problem+json"
        assert answer.said["status"] == answer.status
    return answer.status, answer.headers.get("WWW-Authenticate", "")


async def test_the_scope_opens_its_operation(site: Site, subtests: pytest.Subtests) -> None:
    async def opens(api: Api, operation: Operation) -> None:
        assert operation.scope is not None
        assert await _asked(api, operation, await api.key({operation.scope})) == (operation.status, "")

    await _each(site, subtests, opens)


@pytest.mark.faults
async def test_all_other_scopes_do_not(site: Site, subtests: pytest.Subtests) -> None:
    async def opens_not(api: Api, operation: Operation) -> None:
        assert operation.scope is not None
        status, challenge = await _asked(api, operation, await api.key(ALL - {operation.scope}))
        assert (status, challenge) == (
            403,
            f'Bearer realm="watcher", error="insufficient_scope", scope="{operation.scope}"',
        )

    await _each(site, subtests, opens_not)


async def test_without_a_good_token_nothing_opens(site: Site, subtests: pytest.Subtests) -> None:
    await _each(site, subtests, _opens_to_nobody)


async def _opens_to_nobody(api: Api, operation: Operation) -> None:
    push = api.site.push
    path, reader = operation.path.format(**await _things(api)), await api.site.reader()
    made, removed = await push.tokens.add("gone", ALL)
    await push.tokens.remove(made.id)
    for token in ("", "WT_" + "x" * 32, removed, reader.spt, reader.device_token):
        await _is_refused(api, operation, path, token=token)
    await _is_refused(api, operation, f"{path}?token={api.token}&appToken={api.app_token}")
    cookie = f"watcher_device={reader.device_token}; token={api.token}"
    await _is_refused(api, operation, path, headers={"Cookie": cookie})


async def _is_refused(
    api: Api, operation: Operation, path: str, *, token: str = "", headers: dict[str, str] | None = None
) -> None:
    answer = await api(operation.method, path, {}, token=token, headers=headers)
    assert (answer.status, answer.type) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="watcher"')
    assert ("invalid_token" in answer.headers["WWW-Authenticate"]) == bool(token)


async def test_an_applications_own_token_opens_sending_and_reading_alone(site: Site, subtests: pytest.Subtests) -> None:
    async def opens_its_own(api: Api, operation: Operation) -> None:
        status, _ = await _asked(api, operation, api.app_token)
        assert status == (operation.status if operation.scope in APP_SCOPES else 403)

    await _each(site, subtests, opens_its_own)


async def test_what_is_anothers_is_not_there(site: Site, subtests: pytest.Subtests) -> None:
    await _each(site, subtests, _is_not_there_for_another)


async def _is_not_there_for_another(api: Api, operation: Operation) -> None:
    other, _ = await api.site.push.apps.add(AppProfile(name="Other"))
    token = await api.key(ALL - {Scope.WATCHES_READ, Scope.METRICS_READ}, app_id=other.id)
    status, _ = await _asked(api, operation, token)
    if operation.is_global:
        assert status == 403
    elif "{" in operation.path or (
        operation.path in ("/messages", "/subscribers", "/webhooks") and operation.body is not None
    ):
        assert status == 404
    else:
        assert status == operation.status


@pytest.mark.faults
@pytest.mark.parametrize("path", ["/apps", "/topics", "/subscribers", "/subscriptions", "/messages"])
async def test_a_list_of_one_application_shows_nothing_else(api: Api, path: str) -> None:
    await _things(api)
    await api.site.reader()
    await api.site.tell("of the watcher")
    other, _ = await api.site.push.apps.add(AppProfile(name="Other"))
    whole = (await api("GET", path)).said["items"]
    own = (await api("GET", path, token=await api.key(APP_SCOPES | {Scope.APPS_READ}, app_id=api.app.id))).said["items"]
    nothing = (await api("GET", path, token=await api.key(APP_SCOPES, app_id=other.id))).said
    assert 0 < len(own) < len(whole)
    assert nothing.get("items", []) == []


async def test_every_operation_is_a_route_of_the_role_bearer() -> None:
    routed = {(route.method, route.path) for route in ROUTES if route.role is Role.BEARER}
    assert routed == {(operation.method, f"/api/v1{operation.path}") for operation in OPERATIONS}


@pytest.mark.parametrize("header", ["bearer {}", "BEARER  {}"])
async def test_the_schemes_name_is_read_in_any_case(api: Api, header: str) -> None:
    answer = await api("GET", "/apps", token="", headers={"Authorization": header.format(api.token)})
    assert answer.status == 200


@pytest.mark.parametrize("header", ["Basic {}", "{}", "Bearer", "Bearer " + "x" * 5_000, "Bearer \xff\xfe", "Token {}"])
async def test_any_other_header_opens_nothing(api: Api, header: str) -> None:
    answer = await api("GET", "/apps", token="", headers={"Authorization": header.format(api.token)})
    assert answer.status == 401


async def test_a_replaced_token_of_an_application_opens_nothing(api: Api) -> None:
    await api.site.push.apps.reset_token(api.app.id)
    assert (await api("GET", "/topics", token=api.app_token)).status == 401


async def test_a_token_is_kept_as_its_hash(api: Api, site: Site) -> None:
    (token,) = await site.push.tokens.all()
    assert (token.name, token.scopes, token.app_id) == ("tests", ALL, None)
    assert len(api.token) == 35
    assert api.token not in repr(token)


@pytest.mark.parametrize(
    ("scopes", "app_id", "says"),
    [
        (set(), None, "scope: give at least one"),
        ({Scope.WATCHES_READ}, 2, "watches:read cannot be for one application"),
        ({Scope.APPS_READ}, 99, "there is no application 99"),
    ],
    ids=["no scope", "watches of an application", "no such application"],
)
async def test_a_token_that_makes_no_sense_is_not_made(api: Api, scopes: set[Scope], app_id: int, says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        await api.site.push.tokens.add("x", scopes, app_id=app_id)
    assert len(await api.site.push.tokens.all()) == 1


def test_a_token_in_an_address_is_masked_in_the_log() -> None:
    assert masked("/api/v1/WT_abc123/x") == "/api/v1/WT_***/x"


class TestLimits:
    @pytest.fixture
    def settings(self, tmp_path: Path) -> Settings:
        few = RateLimit(calls=3, per=timedelta(seconds=60))
        return Settings(
            data=tmp_path, base_url="http://push.example", app_calls=few, app_questions=few, address_calls=few
        )

    async def test_too_many_calls_are_told_when_to_come_back(self, api: Api) -> None:
        answers = [await api("GET", "/apps") for _ in range(4)]
        assert [answer.status for answer in answers] == [200, 200, 200, 429]
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
        assert (answers[-1].type, answers[-1].said["status"]) == ("application/problem+json", 429)
        assert (await api("GET", "/apps", token=await api.key(ALL))).status == 200

    async def test_an_application_has_one_budget_for_both_apis(self, api: Api) -> None:
        for _ in range(3):
            assert (await api("GET", "/topics", token=api.app_token)).status == 200
        answer = await api.site.get(f"/api/fun/wxuser/v2?appToken={api.app_token}&page=1&pageSize=10")
        assert json.loads(await answer.text())["code"] == 1001
        topic = await api.site.push.topics.add("Bread", app_id=api.app.id)
        body = {"content": "x", "topic_ids": [topic.id]}
        assert [(await api("POST", "/messages", body, token=api.app_token)).status for _ in range(4)] == [
            *[201] * 3,
            429,
        ]
        sent = await api.site.get(f"/api/send/message?appToken={api.app_token}&content=x&topicId={topic.id}")
        assert json.loads(await sent.text())["code"] == 1001

    async def test_guessing_is_slowed_down(self, api: Api) -> None:
        guesses = [(await api("GET", "/apps", token=f"WT_{number}")).status for number in range(5)]
        assert guesses == [401, 401, 401, 429, 429]
        assert (await api("GET", "/apps")).status == 200


@pytest.mark.on_sqlite("opens the file again")
async def test_to_an_owner_a_subscriber_is_a_uid_and_a_failure_names_no_address(site: Site, tmp_path: Path) -> None:
    app, app_token = await site.app()
    topic = await site.push.topics.add("News", app_id=app.id)
    reader = (await site.push.subscribers.add(topic_ids=[topic.id])).subscriber
    (sent,) = await site.push.messages.send(app, make_draft("Hello"), topic_ids=[topic.id])
    _fail(tmp_path / "push.sqlite3", "550 <ada@example.org>: no such user", sent.message_id)
    operators = await Api.of(site)
    owner = an_owner(tmp_path / "push.sqlite3", app)
    _, robot = await site.push.tokens.add("robot", APP_SCOPES, app_id=app.id, account_id=owner)
    subscribers, one = f"/subscribers?app={app.id}", f"/subscribers/{reader.uid}"
    deliveries = f"/messages/{sent.message_id}/deliveries"
    for token in (app_token, robot):
        [listed], shown = (
            (await operators("GET", subscribers, token=token)).said["items"],
            await operators("GET", one, token=token),
        )
        for found in (listed, shown.said):
            assert found == {"uid": reader.uid, "nickname": "", "is_receiving": None, "created_at": None}
        [delivery] = (await operators("GET", deliveries, token=token)).said["items"]
        assert (delivery["channel"], delivery["reason"]) == ("inbox", "the channel did not take it")
    assert (await operators("GET", one)).said["is_receiving"] is True
    [delivery] = (await operators("GET", deliveries)).said["items"]
    assert delivery["reason"] == "550 <ada@example.org>: no such user"


def _fail(database: Path, reason: str, message_id: int | None) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "UPDATE deliveries SET state = 'failed', reason = ? WHERE message_id = ?", (reason, message_id)
        )
