from __future__ import annotations

import json
import re

import pytest

from tests.web.site import JSON, Site
from watcher.web.middleware.guard import Role, Route
from watcher.web.routes import ROUTES

_FOREIGN = {
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "another subdomain": {"Sec-Fetch-Site": "same-site"},
    "foreign origin": {"Origin": "https://evil.example"},
    "opaque origin": {"Origin": "null"},
    "our name as a prefix": {"Origin": "http://push.example.evil.example"},
    "unreadable origin": {"Origin": "http://[bad"},
    "both, disagreeing": {"Sec-Fetch-Site": "cross-site", "Origin": "http://push.example"},
}
_OWN = [
    pytest.param({"Sec-Fetch-Site": "same-origin"}, id="same-origin"),
    pytest.param({"Origin": "http://push.example"}, id="the base URL"),
    pytest.param({"Origin": "{base}"}, id="the address that was asked"),
    pytest.param({}, id="no browser"),
]
_UNSAFE = [route.path for route in ROUTES if route.method != "GET" and not route.role.has_token]


async def _path(site: Site, template: str) -> str:
    named = template.replace("{kind:t|a}", "t").replace("{slug}", (await site.topic()).slug)
    return re.sub(r"{\w+(?::(?:[^{}]|{[^{}]*})*)?}", "1", named)


async def test_a_form_of_another_site_changes_nothing(site: Site, subtests: pytest.Subtests) -> None:
    reader = await site.reader()
    for template in _UNSAFE:
        path = await _path(site, template)
        for kind, headers in _FOREIGN.items():
            with subtests.test(template, kind=kind):
                answer = await site.post(path, device=reader, headers=headers)
                assert answer.status == 403
                assert (await site.topic()).subscribers == 1


@pytest.mark.parametrize("headers", _OWN)
async def test_our_own_form_is_obeyed(site: Site, headers: dict[str, str]) -> None:
    named = {name: value.format(base=site.base) for name, value in headers.items()}
    answer = await site.post(f"/t/{(await site.topic()).slug}", headers=named)
    assert answer.status == 303
    assert (await site.topic()).subscribers == 1


@pytest.mark.parametrize("cookie", [None, "watcher_device=nobody", "watcher_device=\xff", "watcher_device="])
async def test_a_device_that_is_not_known_opens_no_inbox(
    site: Site, cookie: str | None, subtests: pytest.Subtests
) -> None:
    for route in (route for route in ROUTES if route.role is Role.DEVICE):
        with subtests.test(f"{route.method} {route.path}"):
            await _opens_no_inbox(site, route.method, await _path(site, route.path), cookie)


async def _opens_no_inbox(site: Site, method: str, path: str, cookie: str | None) -> None:
    headers = {"Accept": "text/event-stream" if "events" in path else "*/*"} | ({"Cookie": cookie} if cookie else {})
    async with site.client.request(method, path, headers=headers, allow_redirects=False) as answer:
        if path.startswith("/api/"):
            assert (await answer.json())["code"] == 1002
        elif method == "GET" and "events" not in path:
            assert (answer.status, answer.headers["Location"]) == (303, "/")
        else:
            assert answer.status == 401


async def test_the_api_reads_no_cookie_in_place_of_a_token(site: Site) -> None:
    reader, topic = await site.reader(), await site.topic()
    body = f'{{"content":"x","topicIds":[{topic.id}]}}'.encode()
    answer = await site.post("/api/send/message", device=reader, body=body, headers=JSON)
    assert (await answer.json())["msg"] == "appToken不正确"


_TOKEN_ROUTES = [route for route in ROUTES if route.role in (Role.APP_TOKEN, Role.SPT)]


@pytest.mark.parametrize("given", ["no token", "a wrong token", "a cookie", "another kind of token"])
async def test_a_route_that_needs_a_token_obeys_nothing_else(site: Site, given: str, subtests: pytest.Subtests) -> None:
    for route in _TOKEN_ROUTES:
        with subtests.test(f"{route.method} {route.path}"):
            await _obeys_nothing_else(site, route, given)


async def _obeys_nothing_else(site: Site, route: Route, given: str) -> None:
    reader, (app, app_token) = await site.reader(), await site.app()
    await site.push.subscriptions.follow(reader.subscriber, app_id=app.id)
    [followed] = (await site.push.subscriptions.page(app_id=app.id)).subscriptions
    other = reader.spt if route.role is Role.APP_TOKEN else app_token
    token = {"a wrong token": "SPT_wrong", "another kind of token": other}.get(given, "")
    path = route.path.replace("{spt:\\s*SPT_[^/]*}", token if token.startswith("SPT_") else "SPT_").replace(
        "{content:.+}", "x"
    )
    fields = {"appToken": token, "spt": token, "content": "x", "uids": [reader.subscriber.uid], "extra": "x"}
    query = {"appToken": token, "content": "x", "uid": reader.subscriber.uid, "id": str(followed.id)}
    query |= {"reject": "true", "messageContentId": "1"}
    headers = JSON | ({"Cookie": f"watcher_device={reader.device_token}"} if given == "a cookie" else {})
    body = json.dumps(fields).encode() if route.method == "POST" else None
    async with site.client.request(route.method, path, params=query, data=body, headers=headers) as answer:
        assert (answer.status, (await answer.json())["code"]) == (200, 1001)
    assert await site.push.inbox.items(reader.subscriber) == []
    assert (await site.push.subscriptions.following(reader.subscriber))[1] == [app]
