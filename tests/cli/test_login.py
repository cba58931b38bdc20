"""A page behind a login, named on the command line: `--auth`, `--header`, `--cookie`, and what is written of them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from tests.cli.command import Command
from tests.running import serving

PASSWORD, KEY = "correct-horse-battery", "0123456789abcdef"
SECRETS = {"PW": PASSWORD, "KEY": KEY}
ASKED = ("--auth", "ann:${PW}", "--header", "X-Key: ${KEY}", "--cookie", "session=${KEY}", "--header", "Referer: /x")
PAGE = "<title>Menu</title><main><h1>Menu</h1><span class=price>€ 12.00</span><p>Soup and bread.</p></main>"


async def _menu(request: web.Request) -> web.Response:
    basic = b64encode(f"ann:{PASSWORD}".encode()).decode()
    given = (request.headers.get("Authorization"), request.headers.get("X-Key"), request.cookies.get("session"))
    if given != (f"Basic {basic}", KEY, KEY):
        return web.Response(status=401, headers={"WWW-Authenticate": "Basic"})
    return web.Response(text=PAGE, content_type="text/html")


@pytest.fixture
async def intranet() -> AsyncIterator[str]:
    """The URL of a page that wants a user, a key and a cookie."""
    app = web.Application()
    app.router.add_get("/menu", _menu)
    async with serving(app) as url:
        yield f"{url}/menu"


@pytest.mark.faults
async def test_a_watch_behind_a_login_is_added_and_no_secret_is_written(watcher: Command, intranet: str) -> None:
    refused = await watcher("add", intranet, "--yes", **SECRETS)
    assert refused.status == 1
    assert all(option in refused.err for option in ("`auth`", "--auth", "--header", "--cookie")), refused.err

    added = await watcher("add", intranet, "--yes", "--id", "menu", *ASKED, **SECRETS)
    assert added.status == 0, added.err
    written = (watcher.directory / "watches.d/added.yaml").read_text()
    assert 'auth: {user: ann, password: "${PW}"}' in written
    assert all(secret not in written + added.out for secret in SECRETS.values())
    checked = await watcher("check", **SECRETS)
    assert (checked.status, "12.00" in checked.out) == (0, True), checked.err


@pytest.mark.faults
@pytest.mark.parametrize("command", ["suggest", "try"])
async def test_suggest_and_try_look_behind_it_too(watcher: Command, intranet: str, command: str) -> None:
    seen = await watcher(command, intranet, *ASKED, "--json", **SECRETS)
    assert seen.status == 0, seen.err
    if command == "suggest":
        assert seen.records[0]["watch"]["auth"] == {"user": "ann", "password": "${PW}"}


@pytest.mark.parametrize(
    "given",
    [
        ("--auth", f"ann:{PASSWORD}"),
        ("--auth", "ann"),
        ("--header", f"X-Key: {KEY}"),
        ("--cookie", f"session={KEY}"),
    ],
    ids=["a password", "no password", "a key", "a cookie"],
)
async def test_a_secret_in_clear_is_refused_and_not_repeated(watcher: Command, given: tuple[str, str]) -> None:
    refused = await watcher("suggest", "https://x.example/", *given)
    assert (refused.status, "${NAME}" in refused.err) == (2, True), refused.err
    assert not any(secret in refused.err for secret in SECRETS.values())


async def test_a_watch_says_its_own_login(watcher: Command) -> None:
    refused = await watcher("try", "menu", "--auth", "ann:${PW}")
    assert (refused.status, "go with a URL" in refused.err) == (2, True)
