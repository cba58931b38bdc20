from __future__ import annotations

import brotli
import pytest
from yarl import URL

import watcher
from tests.fetch.site import page, serving
from watcher.errors import AddressDeniedError
from watcher.net import Sessions


async def test_requests_name_the_program_and_its_contact() -> None:
    contact = "https://me.example/bot"

    async with serving(page()) as site, Sessions(contact=contact) as sessions, sessions.of(True).get(site.url()):
        pass

    assert f"User-Agent: watcher/{watcher.__version__} (+https://me.example/bot)\r\n" in site.heads[0]
    assert "Accept-Encoding: identity\r\n" in site.heads[0]


async def test_an_answer_comes_as_it_was_sent_however_it_is_compressed() -> None:
    bomb = brotli.compress(bytes(40_000_000))
    async with serving(page(bomb, headers={"Content-Encoding": "br"})) as site, Sessions() as sessions:
        for allow_private in (True, False):
            assert sessions.of(allow_private).auto_decompress is False
        async with sessions.of(True).get(site.url()) as answer:
            assert await answer.read() == bomb


async def test_cookies_are_not_kept() -> None:
    async with serving(page(headers={"Set-Cookie": "session=1"})) as site, Sessions() as sessions:
        for _ in range(2):
            async with sessions.of(True).get(site.url(host="localhost")) as answer:
                await answer.read()

    assert "cookie" not in "".join(site.heads).lower()


async def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    async with serving(page()) as site, Sessions() as sessions, sessions.of(True).get(site.url()) as answer:
        assert answer.status == 200


async def test_a_connection_is_used_again() -> None:
    ports = set()

    async with serving(page()) as site, Sessions() as sessions:
        for _ in range(3):
            async with sessions.of(True).get(site.url()) as answer:
                assert answer.connection is None or answer.connection.transport is not None
                if answer.connection is not None and answer.connection.transport is not None:
                    ports.add(answer.connection.transport.get_extra_info("sockname"))
                await answer.read()

    assert len(ports) <= 1


@pytest.mark.parametrize(
    ("url", "is_admitted"),
    [
        ("http://8.8.8.8/", True),
        ("http://127.0.0.1/", False),
        ("http://[::ffff:127.0.0.1]/", False),
        ("http://localhost/", False),
        ("http://2130706433/", False),
        ("http://010.0.0.1/", False),
        ("http://8.8.8.010/", False),
        ("http://0x8.8.8.8/", False),
        ("http://8.8.2056/", False),
    ],
)
async def test_a_target_that_a_proxy_would_connect_to_is_looked_up(url: str, is_admitted: bool) -> None:
    async with Sessions() as sessions:
        if is_admitted:
            await sessions.admit(URL(url))
        else:
            with pytest.raises(AddressDeniedError):
                await sessions.admit(URL(url))


async def test_both_sessions_are_closed_at_the_end() -> None:
    async with Sessions() as sessions:
        public, private = sessions.of(False), sessions.of(True)

    assert public is not private
    assert public.closed
    assert private.closed
