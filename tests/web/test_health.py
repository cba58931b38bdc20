"""How the process does, and who may know."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_network

import pytest
from aiohttp import ClientSession
from msgspec.structs import replace

from tests.web.site import Site
from watcher.core.access import Scope
from watcher.core.settings import Settings
from watcher.push.service import PushService
from watcher.store.watch_reader import DiskWatchReader
from watcher.web.app import build_app
from watcher.web.middleware.counts import REQUESTS, Answered
from watcher.web.transport.server import open_socket, start_server
from watcher.web.vitals import Vitals

FIGURES = b"watcher_ready 1.0\n"


async def asked(
    push: PushService,
    settings: Settings,
    path: str,
    *,
    problems: tuple[str, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """Ask a server of a process that does so."""

    async def found() -> tuple[str, ...]:
        return problems

    async def figures() -> bytes:
        return FIGURES

    app = build_app(push, settings, DiskWatchReader(settings.watches), vitals=Vitals(problems=found, metrics=figures))
    server = await start_server(app, open_socket("127.0.0.1", 0))
    try:
        async with (
            ClientSession(f"http://127.0.0.1:{server.port}") as client,
            client.get(path, headers=headers) as answer,
        ):
            return answer.status, await answer.text()
    finally:
        await server.stop()


async def test_a_process_that_is_well_is_ready(push: PushService, settings: Settings) -> None:
    assert await asked(push, settings, "/readyz") == (200, "ok\n")


async def test_what_is_wrong_is_said_line_by_line(push: PushService, settings: Settings) -> None:
    problems = ("the watch store does not answer", "the loop that starts checks does not turn")
    assert await asked(push, settings, "/readyz", problems=problems) == (503, "\n".join(problems) + "\n")
    assert await asked(push, settings, "/healthz", problems=problems) == (200, "ok\n")


PASSED_ON = [
    {"X-Forwarded-For": "203.0.113.9"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-For": ""},
    {"X-Real-IP": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1"},
    {"Via": "1.1 caddy"},
]


@pytest.mark.parametrize("is_trusted", [False, True], ids=["a proxy nobody named", "a trusted proxy"])
@pytest.mark.parametrize("headers", PASSED_ON, ids=str)
async def test_nobody_behind_a_proxy_on_this_machine_reads_the_figures(
    push: PushService, settings: Settings, headers: dict[str, str], is_trusted: bool
) -> None:
    trusted = (ip_network("127.0.0.0/8"),) if is_trusted else ()
    settings = replace(settings, trusted_proxies=trusted)
    status, text = await asked(push, settings, "/metrics", headers=headers)
    assert status == 401
    assert FIGURES.decode() not in text


async def test_who_asks_from_this_machine_reads_the_figures(push: PushService, settings: Settings) -> None:
    assert await asked(push, settings, "/metrics") == (200, FIGURES.decode())


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example:8400", 401),
        ("localhost.evil.example", 401),
        ("127.0.0.1.evil.example", 401),
        ("evil.example:", 401),
        ("[::1", 401),
        ("localhost:8400", 200),
        ("LOCALHOST", 200),
        ("watcher.localhost", 200),
        ("[::1]:8400", 200),
        ("192.168.1.7:8400", 200),
        ("push.example", 200),
        ("Push.Example:8400", 200),
    ],
)
async def test_a_page_whose_name_leads_to_this_machine_does_not_read_the_figures(
    push: PushService, settings: Settings, host: str, status: int
) -> None:
    """DNS rebinding: the browser of somebody at this machine asks for a name that a stranger gave this address."""
    assert (await asked(push, settings, "/metrics", headers={"Host": host}))[0] == status


@pytest.mark.parametrize(
    ("scopes", "status"), [({Scope.METRICS_READ}, 200), (set(Scope) - {Scope.METRICS_READ}, 401)], ids=["its", "others"]
)
async def test_a_token_of_that_scope_reads_them_from_anywhere(
    push: PushService, settings: Settings, scopes: set[Scope], status: int
) -> None:
    _, token = await push.tokens.add("prometheus", scopes)
    headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": "203.0.113.9"}
    assert (await asked(push, settings, "/metrics", headers=headers))[0] == status


@pytest.mark.parametrize("given", ["Bearer WT_wrong", "Basic dXNlcjpwYXNz", "Bearer", ""])
async def test_no_other_word_opens_them(push: PushService, settings: Settings, given: str) -> None:
    headers = {"Authorization": given, "X-Forwarded-For": "203.0.113.9"}
    assert (await asked(push, settings, "/metrics", headers=headers))[0] == 401


async def test_guessing_tokens_is_limited(site: Site) -> None:
    headers = {"Authorization": "Bearer WT_wrong", "Via": "x"}
    statuses = {(await site.get("/metrics", headers=headers)).status for _ in range(120)}
    assert statuses == {401, 429}


async def test_requests_are_counted_by_route_and_never_by_path(push: PushService, settings: Settings) -> None:
    app = build_app(push, settings, DiskWatchReader(settings.watches))
    server = await start_server(app, open_socket("127.0.0.1", 0))
    async with ClientSession(f"http://127.0.0.1:{server.port}") as client:
        for path in ("/healthz", "/healthz/", "/t/no-such-slug", "/nothing/here", "/m/AT_secret"):
            async with client.get(path):
                pass
        async with client.request("TRACE", "/healthz"):
            pass
    await server.stop()
    assert app[REQUESTS].answered == {
        Answered("GET", "/healthz", 200): 2,
        Answered("GET", "/{kind}/{slug}", 404): 1,
        Answered("GET", "none", 404): 1,
        Answered("GET", "/m/{slug}", 404): 1,
        Answered("other", "none", 405): 1,
    }


async def test_a_send_that_was_refused_is_counted_as_refused(push: PushService, settings: Settings) -> None:
    app = build_app(push, settings, DiskWatchReader(settings.watches))
    server = await start_server(app, open_socket("127.0.0.1", 0))
    async with (
        ClientSession(f"http://127.0.0.1:{server.port}") as client,
        client.post("/api/send/message", json={"appToken": "AT_wrong", "content": "hi", "uids": ["UID_x"]}) as answer,
    ):
        assert answer.status == 200
    await server.stop()
    assert dict(app[REQUESTS].answered) == {("POST", "/api/send/message", 200, "1001"): 1}
