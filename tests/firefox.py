"""A real Firefox for tests: Debian's firefox-esr, driven by WebDriver BiDi, that talks to nobody but us."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse
from yarl import URL

from tests.suite_budget.started import BROWSER, note_started

_FIREFOX = shutil.which("firefox-esr")
_PREFERENCES: Mapping[str, bool | int | str] = {
    "alerts.useSystemBackend": False,  # there is no desktop here to show them
    "network.dns.native-is-localhost": True,  # whatever it looks for, it finds us
    "permissions.default.desktop-notification": 1,
}
_SECONDS = 60
_END_SECONDS = 5
_LOOK_SECONDS = 0.05
_LISTENS = re.compile(r"WebDriver BiDi listening on (\S+)\n")

needs_firefox = pytest.mark.skipif(_FIREFOX is None, reason="firefox-esr is not installed: the pages were not opened")


class Firefox:
    """The one tab of a browser, and what may be done in it; one thing at a time."""

    def __init__(self, connection: _Connection, tab: str) -> None:
        self._connection = connection
        self._tab = tab

    async def goto(self, url: str) -> None:
        """Open a page; returns once it is loaded."""
        await self._command("browsingContext.navigate", url=url, wait="complete")

    async def click(self, role: str, name: str) -> None:
        """Press the one thing of this role and accessible name, as a person does with a mouse."""
        locator = {"type": "accessibility", "value": {"role": role, "name": name}}
        [node] = (await self._command("browsingContext.locateNodes", locator=locator))["nodes"]
        await self._press(node)

    async def click_at(self, css: str) -> None:
        """Press the first thing that a selector finds."""
        await self.evaluate(f"void document.querySelector({json.dumps(css)}).scrollIntoView()")
        locator = {"type": "css", "value": css}
        [node, *_] = (await self._command("browsingContext.locateNodes", locator=locator))["nodes"]
        await self._press(node)

    async def frame(self) -> Firefox:
        """Return the one frame of the page, to do the same in."""
        [tab] = (await self._connection.command("browsingContext.getTree", root=self._tab))["contexts"]
        [frame] = tab["children"]
        return Firefox(self._connection, frame["context"])

    async def evaluate(self, expression: str) -> Any:
        """Return what an expression gives, or what its promise does, as far as JSON can say it."""
        told = await self._connection.command(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then((value) => JSON.stringify(value ?? null))",
            target={"context": self._tab},
            awaitPromise=True,
        )
        assert told["type"] == "success", told["exceptionDetails"]["text"]
        return json.loads(told["result"]["value"])

    async def until(self, expression: str) -> None:
        """Return once it is true of the page."""
        async with asyncio.timeout(_SECONDS):
            while not await self.evaluate(expression):  # noqa: ASYNC110 the page is in another process
                await asyncio.sleep(_LOOK_SECONDS)

    async def _press(self, node: Mapping[str, Any]) -> None:
        origin = {"type": "element", "element": {"sharedId": node["sharedId"]}}
        actions = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        await self._command("input.performActions", actions=[{"type": "pointer", "id": "mouse", "actions": actions}])

    async def _command(self, method: str, **parameters: object) -> dict[str, Any]:
        return await self._connection.command(method, context=self._tab, **parameters)


@asynccontextmanager
async def open_firefox(
    profile: Path, preferences: Mapping[str, bool | int | str], *, believes_all: bool = False
) -> AsyncIterator[Firefox]:
    """
    Keep a browser open that may notify, with a new profile on disk, while the context lasts.

    Args:
        believes_all: it takes any certificate.
    """
    profile.mkdir()
    wanted = {**_PREFERENCES, **preferences}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in wanted.items()]
    (profile / "user.js").write_text("".join(lines))
    async with _started(profile) as url, ClientSession() as session, session.ws_connect(url / "session") as socket:
        connection = _Connection(socket)
        capabilities = {"alwaysMatch": {"acceptInsecureCerts": believes_all}}
        await connection.command("session.new", capabilities=capabilities)
        [tab] = (await connection.command("browsingContext.getTree"))["contexts"]
        yield Firefox(connection, tab["context"])


class _Connection:
    """What WebDriver BiDi says over a WebSocket: commands and their answers; what else Firefox tells is passed over."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = count(1)

    async def command(self, method: str, **parameters: object) -> dict[str, Any]:
        number = next(self._ids)
        async with asyncio.timeout(_SECONDS):
            await self._socket.send_json({"id": number, "method": method, "params": parameters})
            answer = await self._socket.receive_json()
            while answer.get("id") != number:
                answer = await self._socket.receive_json()
        assert answer["type"] == "success", f"{method}: {answer['error']}: {answer['message']}"
        result: dict[str, Any] = answer["result"]
        return result


@asynccontextmanager
async def _started(profile: Path) -> AsyncIterator[URL]:
    assert _FIREFOX is not None
    arguments = ("--headless", "--no-remote", "--remote-debugging-port=0", "--profile", str(profile), "about:blank")
    log = profile / "stderr.txt"
    note_started(BROWSER)
    with log.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            _FIREFOX, *arguments, stdout=stderr, stderr=stderr, env={**os.environ, "HOME": str(profile)}
        )
    try:
        yield await _listening(process, log)
    finally:
        await _end(process)


async def _listening(process: asyncio.subprocess.Process, log: Path) -> URL:
    async with asyncio.timeout(_SECONDS):
        while process.returncode is None:
            if found := _LISTENS.search(log.read_text()):
                return URL(found[1])
            await asyncio.sleep(_LOOK_SECONDS)
    raise AssertionError(f"firefox-esr ended: {log.read_text()}")


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _END_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
