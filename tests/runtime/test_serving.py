from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from watcher.core.settings import Settings
from watcher.errors import StoreError
from watcher.runtime.process.meanwhile import meanwhile
from watcher.runtime.serving.server import with_reachable_url


@pytest.mark.parametrize(
    ("host", "given", "lan", "url"),
    [
        pytest.param("0.0.0.0", None, "192.168.1.7", "http://192.168.1.7:8400", id="all of IPv4"),
        pytest.param("::", None, "192.168.1.7", "http://192.168.1.7:8400", id="all addresses"),
        pytest.param("0.0.0.0", None, None, "http://127.0.0.1:8400", id="no network"),
        pytest.param("0.0.0.0", "https://watch.example", "192.168.1.7", "https://watch.example", id="a URL is given"),
        pytest.param("127.0.0.1", None, "192.168.1.7", "http://127.0.0.1:8400", id="this machine alone"),
    ],
)
def test_links_lead_to_where_a_phone_on_the_network_reaches_the_server(
    host: str, given: str | None, lan: str | None, url: str
) -> None:
    settings = with_reachable_url(Settings(data=Path(), host=host, base_url=given), lambda: lan)
    assert settings.public_url == url


async def test_a_defect_in_an_errand_ends_what_it_runs_beside() -> None:
    async def fail() -> None:
        raise ValueError("a defect")

    with pytest.raises(ExceptionGroup) as raised:
        async with asyncio.timeout(30), meanwhile(fail()):
            await asyncio.Event().wait()
    assert [str(error) for error in raised.value.exceptions] == ["a defect"]


async def test_an_error_beside_an_errand_comes_as_it_is_and_ends_the_errand() -> None:
    ended = asyncio.Event()

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def fail() -> None:
        async with asyncio.timeout(30), meanwhile(wait()):
            await asyncio.sleep(0)
            raise StoreError("the disk")

    with pytest.raises(StoreError, match="the disk"):
        await fail()
    assert ended.is_set()
