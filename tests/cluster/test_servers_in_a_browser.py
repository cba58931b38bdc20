"""A real browser behind a proxy over two real servers: its reader notices nothing when one of them ends."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Final

import pytest
from playwright.async_api import expect

from tests.browser import WITHOUT_WORKERS, needs_chromium, open_shell
from tests.cluster.test_servers import Servers, servers
from tests.running import free_port
from tests.web.browser.stage import press, say

__all__ = ["servers"]

pytestmark = [needs_chromium, pytest.mark.faults]
_CHUNK_BYTES: Final = 64 * 1024


class Proxy:
    """What stands in front of servers: it sends each connection to the first that takes it."""

    def __init__(self) -> None:
        self.ports: list[int] = []

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry bytes both ways until one side ends."""
        try:
            inner_reader, inner_writer = await self._connect()
        except OSError:
            writer.close()
            return
        ends = (writer, inner_writer)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_carry(reader, inner_writer, ends))
            tasks.create_task(_carry(inner_reader, writer, ends))

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        for port in self.ports:
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
        raise OSError("no server takes it")


async def _carry(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ends: tuple[asyncio.StreamWriter, ...]
) -> None:
    with suppress(OSError):
        while chunk := await reader.read(_CHUNK_BYTES):
            writer.write(chunk)
            await writer.drain()
    for each in ends:
        each.close()


@asynccontextmanager
async def a_proxy(port: int) -> AsyncIterator[Proxy]:
    """Keep one on a port of loopback."""
    proxy = Proxy()
    async with await asyncio.start_server(proxy.answer, "127.0.0.1", port):
        yield proxy


async def test_a_reader_whose_server_ends_reads_on_at_the_other_without_a_reload(servers: Servers) -> None:
    port, *ports = [free_port() for _ in "123"]
    base = f"http://127.0.0.1:{port}"
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(a_proxy(port))
        one, other = [
            await servers.start(stack, name, "--base-url", base, "--port", str(its))
            for name, its in zip(("one", "other"), ports, strict=True)
        ]
        proxy.ports = ports
        app = await servers.add_app()
        browser = await stack.enter_async_context(open_shell())
        page = await browser.new_page()
        await page.add_init_script(WITHOUT_WORKERS)
        await page.goto(f"{base}{app['path']}")
        await press(page, "follow")
        await expect(page.get_by_role("status")).to_have_text(say("live"))
        await servers.send(other, app, "sent while both run")
        await expect(page.get_by_role("link", name="sent while both run")).to_be_visible()

        one.process.send_signal(signal.SIGTERM)
        assert await one.process.wait() == 0
        await servers.send(other, app, "sent when one has ended")
        await expect(page.get_by_role("link", name="sent when one has ended")).to_be_visible()
        await expect(page.get_by_role("status")).to_have_text(say("live"))
        await page.reload()
        for words in ("sent while both run", "sent when one has ended"):
            await expect(page.get_by_role("link", name=words)).to_have_count(1)
