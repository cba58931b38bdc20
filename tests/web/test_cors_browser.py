"""A page of another site, in Chromium and in Firefox: what it may send and read, and what stays closed to it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.browser import needs_chromium, open_shell
from tests.firefox import needs_firefox, open_firefox
from tests.web.nginx import in_front, needs_nginx
from tests.web.site import Site

pytestmark = pytest.mark.faults
in_both_browsers = pytest.mark.parametrize(
    "browser",
    [pytest.param("chromium", marks=needs_chromium), pytest.param("firefox", marks=needs_firefox)],
)

_ASK = """
(async () => {
  const answers = [];
  for (const [path, options] of %s) {
    try {
      const answer = await fetch(%s + path, options);
      const text = await answer.text();
      answers.push([answer.status, text.startsWith("{") ? JSON.parse(text).code ?? null : text.length,
                    answer.headers.get("Retry-After")]);
    } catch (error) {
      answers.push(null);
    }
  }
  return answers;
})()
"""
_JSON = {"Content-Type": "application/json"}


@in_both_browsers
async def test_a_foreign_page_sends_and_reads_with_a_token_and_with_nothing_else(
    browser: str, site: Site, tmp_path: Path
) -> None:
    app, token = await site.app()
    reader = await site.push.subscribers.add(app_ids=[app.id])
    uid = reader.subscriber.uid
    draft = json.dumps({"appToken": token, "content": "from a page", "uids": [uid]})
    wrong = json.dumps({"appToken": "AT_wrong", "content": "x", "uids": [uid]})
    ours = {"Authorization": "Bearer WT_wrong", "Idempotency-Key": "1", **_JSON}
    with_cookies = {"credentials": "include"}
    readable: list[tuple[str, dict[str, Any], Any]] = [
        ("/api/send/message", {"method": "POST", "headers": _JSON, "body": draft}, [200, 1000, None]),
        ("/api/send/message", {"method": "POST", "headers": _JSON, "body": wrong}, [200, 1001, None]),
        (f"/api/send/message?appToken={token}&content=x&uid={uid}", {}, [200, 1000, None]),
        (f"/api/send/message?appToken={token}&messageContentId=1", {"method": "DELETE"}, [200, 1000, None]),
        ("/api/send/query/status?sendRecordId=1", {}, [200, 1001, None]),
        ("/api/nothing", {}, [200, 1004, None]),
        ("/api/v1/messages", {"method": "POST", "headers": ours, "body": "{}"}, [401, None, None]),
    ]
    closed: list[tuple[str, dict[str, Any]]] = [
        ("/", {}),
        ("/healthz", {}),
        ("/metrics", {}),
        ("/inbox", with_cookies),
        ("/api/v1/inbox", with_cookies),
        ("/subscriptions/mute", {"method": "POST", **with_cookies}),
        (f"/api/send/message?appToken={token}&content=x&uid={uid}", with_cookies),
    ]
    asked = [*[(path, options) for path, options, _ in readable], *closed]
    expression = _ASK % (json.dumps(asked), json.dumps(site.base))
    async with _foreign_page(browser, tmp_path) as evaluate:
        assert await evaluate(expression) == [*[answer for _, _, answer in readable], *[None] * len(closed)]
    # The last was sent, as ever: only its answer is closed to who sends cookies along.
    assert len(await site.push.inbox.items(reader.subscriber)) == 2


_PUBLISH_AND_READ = """
(async () => {
  const [base, token] = %s, headers = {Authorization: "Bearer " + token};
  const send = (path, options) => fetch(base + path, {method: "POST", ...options}).then((answer) => answer.status);
  const sent = [
    await send("/ntfy/backups", {headers, body: "plain"}),
    await send("/ntfy/backups", {headers: {...headers, "X-Priority": "5", Title: "db1", Tags: "disk"}, body: "marked"}),
    await send("/ntfy/backups", {headers: {...headers, Priority: "high"}, body: "urgent"}),
    await send("/ntfy", {headers: {...headers, "X-Tags": "json"}, body: '{"topic": "backups", "message": "x"}'}),
  ];
  const lines = await fetch(base + "/ntfy/backups/json?poll=1", {headers}).then((answer) => answer.text());
  const stream = new EventSource(base + "/ntfy/backups/sse?since=all&auth=" + btoa(headers.Authorization));
  const first = await new Promise((resolve, reject) => { stream.onmessage = resolve; stream.onerror = reject; });
  stream.close();
  const told = [...lines.trim().split("\\n").map(JSON.parse), JSON.parse(first.data)];
  return [sent, told.map(({message, priority, tags}) => [message, priority ?? null, tags ?? null])];
})()
"""
_TOLD = [["plain", None, None], ["marked", 5, ["disk"]], ["urgent", 4, None], ["x", None, ["json"]]]


@in_both_browsers
async def test_a_foreign_page_publishes_and_reads_as_with_ntfy(browser: str, site: Site, tmp_path: Path) -> None:
    assert await _published_and_read(browser, site, site.base, tmp_path) == [[200] * 4, [*_TOLD, _TOLD[0]]]


@needs_nginx
@in_both_browsers
async def test_a_foreign_page_does_so_over_http_2(browser: str, site: Site, tmp_path: Path) -> None:
    """Browsers send a header `Priority` of their own, Chromium over HTTP/2 alone."""
    async with in_front(site.base, tmp_path) as nginx:
        told = await _published_and_read(browser, site, nginx.base, tmp_path)
        seen = nginx.requests()
    assert told == [[200] * 4, [*_TOLD, _TOLD[0]]]
    assert all(request.startswith("HTTP/2.0") for request in seen)
    assert any(request.startswith("HTTP/2.0 u=") for request in seen), seen


async def _published_and_read(browser: str, site: Site, base: str, tmp_path: Path) -> Any:
    app, token = await site.app()
    await site.push.topics.add("backups", app_id=app.id)
    async with _foreign_page(browser, tmp_path, believes_all=True) as evaluate:
        return await evaluate(_PUBLISH_AND_READ % json.dumps([base, token]))


@asynccontextmanager
async def _foreign_page(browser: str, tmp_path: Path, *, believes_all: bool = False) -> AsyncIterator[Any]:
    """Open a page of another site; yield what evaluates an expression in it. `believes_all`: any certificate."""

    async def show(_request: web.Request) -> web.Response:
        return web.Response(text="<!doctype html><title>A tool</title>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", show)
    async with TestServer(app, host="127.0.0.1") as server:
        if browser == "firefox":
            async with open_firefox(tmp_path / "profile", {}, believes_all=believes_all) as firefox:
                await firefox.goto(f"http://tools.example:{server.port}/")
                yield firefox.evaluate
            return
        believing = ["--ignore-certificate-errors"] if believes_all else []
        async with open_shell("--host-resolver-rules=MAP tools.example 127.0.0.1", *believing) as chromium:
            page = await chromium.new_page()
            await page.goto(f"http://tools.example:{server.port}/")
            yield page.evaluate
