from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import ClientSession
from msgspec.structs import replace

from tests.web.site import JSON, Site
from watcher.core.settings import Settings
from watcher.push.service import PushService
from watcher.store.watch_reader import DiskWatchReader
from watcher.web.app import build_app
from watcher.web.middleware.guard import Role
from watcher.web.routes import ROUTES
from watcher.web.transport.server import open_socket, start_server


@pytest.mark.parametrize("path", ["/", "/healthz", "/nothing", "/api/nothing", "/static/app.css"])
async def test_every_answer_carries_the_security_headers(site: Site, path: str) -> None:
    answer = await site.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "aiohttp" not in answer.headers["Server"]


@pytest.mark.parametrize(
    ("base_url", "header"),
    [
        ("https://push.example", "max-age=15552000"),
        ("https://push.example:443/below", "max-age=15552000"),
        ("https://push.example:8443", None),
        ("http://push.example", None),
        ("http://push.example:443", None),
    ],
)
async def test_browsers_come_by_https_alone_where_the_whole_host_is_ours(
    push: PushService, settings: Settings, base_url: str, header: str | None
) -> None:
    server = await start_server(
        build_app(push, replace(settings, base_url=base_url), DiskWatchReader(settings.watches)),
        open_socket("127.0.0.1", 0),
    )
    try:
        async with ClientSession(f"http://127.0.0.1:{server.port}") as client:
            for path in ("/", "/nothing", "/static/app.css", "/healthz"):
                answer = await client.get(path)
                assert answer.headers.get("Strict-Transport-Security") == header
    finally:
        await server.stop()


async def test_no_page_has_a_script_or_a_style_of_its_own(site: Site) -> None:
    reader, topic = await site.reader(), await site.topic()
    for path in ("/", f"/t/{topic.slug}", "/inbox", "/subscriptions", "/nothing"):
        html = await (await site.get(path, device=reader if path != "/" else None)).text()
        assert not re.search(r"<script(?![^>]+src=)|<style| style=| on\w+=", html), path


@pytest.mark.parametrize("path", ["/api/nothing", "/api/send/nothing/", "/api/send/message/x/y", "/api", "/api/"])
async def test_a_route_that_is_not_there_answers_1004_to_programs(site: Site, path: str) -> None:
    answer = await site.get(path)
    assert answer.status == 200
    envelope = await answer.json()
    assert set(envelope) == {"code", "msg", "data", "success"}
    assert (envelope["code"], envelope["success"]) == (1004, False)


@pytest.mark.parametrize(
    ("path", "code"),
    [("/send/message", 1001), ("/send/message/", 1001), ("/send/query/1", 1001), ("/nothing", 1004), ("", 1004)],
)
async def test_a_base_url_with_a_slash_at_its_end_is_answered_as_one_without(site: Site, path: str, code: int) -> None:
    texts = [await (await site.get(f"{site.base}{start}api{path}")).json() for start in ("/", "//")]
    assert texts[0] == texts[1]
    assert texts[0]["code"] == code


async def test_such_a_base_url_reaches_our_own_api_too(site: Site) -> None:
    answers = [
        await site.get(f"{site.base}{start}api/v1/{path}") for start in ("/", "//") for path in ("topics", "nothing")
    ]
    assert [(answer.status, answer.content_type) for answer in answers] == [
        (401, "application/problem+json"),
        (404, "application/problem+json"),
    ] * 2


async def test_a_method_that_is_not_there_answers_1004_too(site: Site) -> None:
    async with site.client.patch("/api/send/message") as answer:
        assert (await answer.json())["code"] == 1004


async def test_missing_and_foreign_slugs_get_the_same_page(site: Site) -> None:
    texts = set()
    for path in ("/t/nothing", "/a/nothing", "/m/nothing", "/nothing", "/t/" + "A" * 28, "/t/%00", "/m/%ff%fe"):
        answer = await site.get(path)
        assert answer.status == 404
        texts.add((await answer.text()).replace(path, ""))
    assert len({re.sub(r'href="[^"]*lang=zh"', "", text) for text in texts}) == 1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("[" * 100_000, id="deep"),
        pytest.param('{"topicIds":' * 50_000, id="deep objects"),
        pytest.param('{"appToken":"AT_x","content":"x","topicIds":[' + "9" * 5_000 + "]}", id="huge integer"),
        pytest.param('{"appToken":"AT_x","content":"\\ud800","uids":["UID_x"]}', id="half a surrogate"),
        pytest.param('"' + '\\"' * 200_000, id="endless string"),
        pytest.param('{"appToken":"AT_x","content": 1e999999}', id="infinite"),
        pytest.param("\xff\xfe", id="latin"),
        pytest.param("null", id="null"),
        pytest.param("", id="empty"),
    ],
)
async def test_json_that_is_made_to_hurt_is_malformed(site: Site, body: str) -> None:
    _, token = await site.app()
    body = body.replace("AT_x", token)
    answer = await site.post("/api/send/message", body=body.encode("latin-1"), headers=JSON)
    assert answer.status == 200
    assert (await answer.json())["code"] == 1005


async def test_a_body_over_a_megabyte_is_refused(site: Site) -> None:
    body = json.dumps({"content": "x" * 1_100_000}).encode()
    answer = await site.post("/api/send/message", body=body, headers=JSON)
    assert (await answer.json())["code"] == 1001


async def test_a_body_that_does_not_come_is_not_waited_for(hasty_site: Site) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", hasty_site.server.port)
    writer.write(
        b"POST /api/send/message HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
    )
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
    assert b" 200 " in head
    assert b'"code":1005' in await asyncio.wait_for(reader.read(200), 30)
    writer.close()


async def test_a_failure_of_ours_is_answered_without_a_traceback(
    site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await asyncio.to_thread(_drop_all_tables, tmp_path / "push.sqlite3")  # the server may write, and has to end that
    page, programs = await site.get("/t/" + "A" * 28), await site.get("/api/send/query/1")
    assert page.status == 500
    assert "Traceback" not in await page.text()
    assert (await programs.json())["code"] in {1008, 1009}
    assert caplog.records


async def test_an_absolute_request_target_works(site: Site) -> None:
    """Clients behind an HTTP proxy setting send one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
    writer.write(b"GET http://push.example/healthz HTTP/1.1\r\nHost: push.example\r\nConnection: close\r\n\r\n")
    assert (await asyncio.wait_for(reader.read(), 30)).endswith(b"ok\n")
    writer.close()


def test_every_route_says_who_may_call_it_and_none_changes_anything_on_get() -> None:
    assert {route.role for route in ROUTES} == set(Role)
    assert {route.method for route in ROUTES} == {"GET", "POST", "PUT", "PATCH", "DELETE"}
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)


def _drop_all_tables(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        for (name,) in names.fetchall():
            connection.execute(f'DROP TABLE "{name}"')
