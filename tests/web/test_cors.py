"""The table of `watcher/web/middleware/cors.py`, by its headers; `test_cors_browser.py` has it in browsers."""

from __future__ import annotations

import asyncio
import re

import pytest
from aiohttp import ClientResponse

from tests.web.site import JSON, Site
from watcher.web.middleware.guard import Role, Route
from watcher.web.routes import ROUTES

_FOREIGN = {"Origin": "https://tools.example", "Sec-Fetch-Site": "cross-site"}
_OPEN = {Role.OPEN, Role.APP_TOKEN, Role.SPT, Role.BEARER, Role.NTFY}
_NOT_OPEN = {"/api/v1/inbox", "/api/message/{slug}"}
"""Below `/api/`, but a cookie decides, or it is a page."""
_NAMED = {"{kind:t|a}": "t", "{spt:\\s*SPT_[^/]*}": "SPT_x", "{content:.+}": "x", "{format:svg|png}": "png"}


def _address(path: str) -> str:
    for pattern, value in _NAMED.items():
        path = path.replace(pattern, value)
    return re.sub(
        r"{\w+(?::(?:[^{}]|{[^}]*})*)?}",
        "1",
        path.replace("{form:json|sse|raw|ws}", "json").replace("{act:publish|send|trigger}", "send"),
    )


def _is_readable(answer: ClientResponse) -> bool:
    """Return whether a browser lets a foreign page read it. No answer may be readable with cookies."""
    assert "Access-Control-Allow-Credentials" not in answer.headers
    return answer.headers.get("Access-Control-Allow-Origin") == "*"


def test_what_answers_programs_is_open_and_nothing_else_is() -> None:
    is_of_api = {
        route.path: route.path.startswith("/api/") and route.path not in _NOT_OPEN
        for route in ROUTES
        if route.role is not Role.NTFY and not route.path.endswith("/v1/health")
    }
    assert {
        route.path: route.role in _OPEN for route in ROUTES if route.path in is_of_api and route.role is not Role.NTFY
    } == is_of_api


async def test_a_foreign_page_may_read_what_a_token_decides_and_nothing_else(
    site: Site, subtests: pytest.Subtests
) -> None:
    for route in ROUTES:
        with subtests.test(f"{route.method} {route.path}"):
            await _may_be_read_as_its_role_says(site, route)


async def _may_be_read_as_its_role_says(site: Site, route: Route) -> None:
    path, reader = _address(route.path), await site.reader()
    headers = {**JSON, **_FOREIGN, "Cookie": f"watcher_device={reader.device_token}"}
    for address in (path, f"{path.rstrip('/')}/"):
        async with site.client.request(route.method, address, headers=headers, allow_redirects=False) as answer:
            assert _is_readable(answer) == (route.role in _OPEN), answer.status
    asked = {"Access-Control-Request-Method": route.method, "Access-Control-Request-Headers": "content-type"}
    has_open = route.path != "/" and not route.path.startswith("/{topic")
    has_open &= any(each.role in _OPEN for each in ROUTES if each.path == route.path)
    async with site.client.options(path, headers={**_FOREIGN, **asked}) as answer:
        assert (answer.status == 204) == _is_readable(answer) == has_open
        if has_open and route.role in _OPEN:
            assert route.method in answer.headers["Access-Control-Allow-Methods"].split(", ")


async def test_a_preflight_says_what_may_be_sent_and_for_how_long(site: Site) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Private-Network": "true"}
    async with site.client.options("/api/send/message", headers={**_FOREIGN, **asked}) as answer:
        assert answer.headers["Access-Control-Allow-Methods"] == "DELETE, GET, POST"
        allowed = answer.headers["Access-Control-Allow-Headers"].lower().split(", ")
        assert {"content-type", "authorization", "idempotency-key"} <= set(allowed)
        assert int(answer.headers["Access-Control-Max-Age"]) >= 600
        assert answer.headers["Access-Control-Allow-Private-Network"] == "true"
        assert await answer.read() == b""
    async with site.client.options("/api/send/message", headers=_FOREIGN) as answer:
        assert "Access-Control-Allow-Private-Network" not in answer.headers


@pytest.mark.parametrize(("path", "is_any"), [("/ntfy", True), ("/ntfy/news", True), ("/api/send/message", False)])
async def test_below_ntfy_any_header_may_be_sent_because_it_may_be_a_parameter(
    site: Site, path: str, is_any: bool
) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,x-title"}
    async with site.client.options(path, headers={**_FOREIGN, **asked}) as answer:
        allowed = answer.headers["Access-Control-Allow-Headers"].split(", ")
    assert ("*" in allowed, "Authorization" in allowed) == (is_any, True)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("method", "path", "headers", "body"),
    [
        pytest.param("POST", "/api/send/message", JSON, b"{", id="400"),
        pytest.param("POST", "/api/v1/messages", JSON, b"{}", id="401"),
        pytest.param("GET", "/api/nothing", {}, None, id="404"),
        pytest.param("GET", "/api/v1/nothing", {}, None, id="404 of ours"),
        pytest.param("PUT", "/api/send/message", {}, None, id="405"),
        pytest.param("PUT", "/api/v1/messages", {}, None, id="405 of ours"),
        pytest.param("POST", "/api/send/message", JSON, b"{" + b" " * 1_000_000, id="413"),
    ],
)
async def test_errors_can_be_read_too(
    site: Site, method: str, path: str, headers: dict[str, str], body: bytes | None
) -> None:
    async with site.client.request(method, path, headers={**headers, **_FOREIGN}, data=body) as answer:
        assert _is_readable(answer)
        exposed = answer.headers["Access-Control-Expose-Headers"].lower().split(", ")
        assert {"retry-after", "idempotency-replayed", "www-authenticate"} <= set(exposed)


async def test_a_refusal_for_its_number_can_be_read_and_says_when_to_come_again(site: Site) -> None:
    for _ in range(101):
        async with site.client.get("/api/v1/topics", headers=_FOREIGN) as answer:
            assert _is_readable(answer)
    assert answer.status == 429
    assert "Retry-After" in answer.headers


@pytest.mark.parametrize("path", ["/nothing", "/static/nothing", "/t/nothing", "/api/message/nothing"])
async def test_a_page_that_is_not_there_is_nothing_to_foreign_pages(site: Site, path: str) -> None:
    async with site.client.get(path, headers=_FOREIGN) as answer:
        assert answer.status in (404, 410)
        assert not _is_readable(answer)


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/api/v1/inbox"), ("OPTIONS", "/api/v1/inbox"), ("DELETE", "/inbox"), ("OPTIONS", "/metrics")],
)
async def test_a_method_that_is_not_there_is_nothing_to_foreign_pages_where_a_cookie_decides(
    site: Site, method: str, path: str
) -> None:
    async with site.client.request(method, path, headers=_FOREIGN) as answer:
        assert not _is_readable(answer)


async def test_what_is_too_long_for_an_address_can_be_read(site: Site) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
    writer.write(b"GET /api/send/message?content=" + b"a" * 300_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    async with asyncio.timeout(30):
        head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    assert head.startswith(b"HTTP/1.0 400 ")
    assert b"\r\naccess-control-allow-origin: *\r\n" in head.lower()


async def test_a_page_may_read_that_its_send_was_a_repeat(site: Site) -> None:
    _, token = await site.app()
    answer = await site.get(f"/api/send/message?appToken={token}&content=x&uid=UID_x", headers=_FOREIGN)
    assert "Idempotency-Replayed" in answer.headers["Access-Control-Expose-Headers"].split(", ")
