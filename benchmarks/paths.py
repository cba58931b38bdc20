"""
Through which modules a piece of work passes: `python -P benchmarks/paths.py KIND`, with a checkout on PYTHONPATH.

Prints paths of modules as JSON, in the order of their first call: of `send`, those between `POST /api/send/message` and
the event in a live inbox; of `watch`, those between the due check of a page that has changed and the message in the
outbox. Each is done several times, and a module counts that was passed each time: the rest is what a server does by the
way.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from tests.figures.machine import found_town, serving
from tests.figures.readers import reading, sending

TRACED: Final = ("-P", str(Path(__file__).with_name("traced.py")))
"""Arguments of Python; without -P, `benchmarks/selectors.py` stands before the module of the standard library."""
_TIMES: Final = 5
_SECONDS: Final = 60
_SETTLED_SECONDS: Final = 0.3
_WATCH: Final = """
watches:
  price:
    url: http://127.0.0.1:{port}/
    topic: deals
    every: 1s
    allow_private: true
    extract:
      price: {{css: .price, type: money}}
"""


class Recording:
    """Tells a traced process what to record."""

    def __init__(self, streams: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        self._in, self._out = streams

    async def start(self, first: str = "-", last: str = "-") -> None:
        """Record from a module that begins with `first` to one that begins with `last`."""
        await self._ask(f"record {first} {last}")

    async def take(self) -> Sequence[str]:
        """Return the modules that were passed."""
        return await self._ask("take")

    async def _ask(self, line: str) -> Sequence[str]:
        self._out.write(f"{line}\n".encode())
        modules: list[str] = json.loads(await self._in.readline())
        return modules


async def of_a_send(place: Path) -> Sequence[str]:
    """Return the modules between the request and the event."""
    town, control = await found_town(place / "data", 1), place / "control"
    async with (
        serving(town.data, (*TRACED, str(control), "serve", "--port", "0", "--data")) as server,
        _recording(control) as recording,
        reading(server, town, 1) as hall,
        sending(server, town) as sender,
    ):

        async def send() -> Sequence[str]:
            hall.expect(1)
            await recording.start()
            await sender.to_user("hello", town.uids[0])
            await hall.all_came()
            return await recording.take()

        return await _each_time(send)


async def of_a_watch(place: Path) -> Sequence[str]:
    """Return the modules between the due check and the message."""
    control, config = place / "control", place / "watches.yaml"
    async with _changing_page() as (port, was_asked):
        config.write_text(_WATCH.format(port=port))
        command = ("run", "--port", "0", "--config", str(config), "--data", str(place / "data"))
        async with _running(control, command), _recording(control) as recording:

            async def check() -> Sequence[str]:
                await was_asked()
                await asyncio.sleep(_SETTLED_SECONDS)
                await recording.start("watcher/watching/runner.py", "watcher/outbox/")
                await was_asked()
                await asyncio.sleep(_SETTLED_SECONDS)
                return await recording.take()

            return await _each_time(check)


@asynccontextmanager
async def _running(control: Path, command: Sequence[str]) -> AsyncIterator[None]:
    """Run a command, traced, from its first line on; it is killed at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *TRACED,
        control,
        *command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_SECONDS):
            await process.stdout.readline()
        yield
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def _recording(control: Path) -> AsyncIterator[Recording]:
    streams = await asyncio.open_unix_connection(control)
    try:
        yield Recording(streams)
    finally:
        streams[1].close()
        await streams[1].wait_closed()


@asynccontextmanager
async def _changing_page() -> AsyncIterator[tuple[int, Callable[[], Awaitable[None]]]]:
    """Serve a page that differs each time; yield its port, and what returns when it was asked for once more."""
    asked, price = asyncio.Event(), 0

    async def was_asked() -> None:
        asked.clear()
        async with asyncio.timeout(_SECONDS):
            await asked.wait()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal price
        await reader.readuntil(b"\r\n\r\n")
        price += 1
        body = f'<p class="price">{price}.00</p>'.encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        writer.close()
        asked.set()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], was_asked


async def _each_time(work: Callable[[], Awaitable[Sequence[str]]]) -> Sequence[str]:
    """Return what was passed each time; the first one warms up and does not count."""
    await work()
    ways = [await work() for _ in range(_TIMES)]
    return [module for module in ways[0] if all(module in way for way in ways)]


async def _main(kind: str) -> Sequence[str]:
    measure = {"send": of_a_send, "watch": of_a_watch}[kind]
    with tempfile.TemporaryDirectory(prefix="watcher-paths-") as made:
        return await measure(Path(made))


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_main(sys.argv[1]))))
