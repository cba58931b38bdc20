"""Links and QR codes lead to the configured address, whatever a request says of the host."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Final

import pytest

from tests.faults.tally import Tally
from tests.faults.test_authorisation import EXPECTED, Town, a_town
from watcher.web.middleware.guard import Role
from watcher.web.routes import ROUTES

_EVIL: Final = "evil.example"
_LIES: Final = {
    "a host": (b"", b"Host: evil.example\r\n"),
    "an absolute target": (b"http://evil.example", b"Host: push.example\r\n"),
    "both": (b"http://evil.example", b"Host: evil.example\r\n"),
    "forwarded": (
        b"",
        b"Host: push.example\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\n"
        b"Forwarded: for=1.2.3.4;host=evil.example;proto=https\r\nX-Original-Host: evil.example\r\n"
        b"X-Forwarded-Prefix: //evil.example\r\nX-Rewrite-URL: http://evil.example/\r\n",
    ),
    "a port and a user": (b"http://push.example@evil.example:1", b"Host: push.example@evil.example:1\r\n"),
}


@pytest.mark.faults
async def test_no_answer_repeats_the_host_that_was_claimed(tmp_path: Path, tally: Tally) -> None:
    tally.what = "claims of another host, at every page that anybody may read, and every one of a device"
    wrong = []
    async with a_town(tmp_path) as town:
        cookie = f"Cookie: watcher_device={town.reader.device_token}\r\n".encode()
        for route in ROUTES:
            is_endless = route.path == "/inbox/events"
            if route.method != "GET" or EXPECTED[f"GET {route.path}"] not in (Role.PUBLIC, Role.DEVICE) or is_endless:
                continue
            path = town.path(route).encode()
            for name, (target, headers) in _LIES.items():
                # That a proxy passed it on is no claim of a host, and may be said on the page.
                said = b"Forwarded: for=1.2.3.4\r\n" if name == "forwarded" else b""
                honest = _settled(await _raw(town, path, b"Host: push.example\r\n" + said + cookie))
                answer = _settled(await _raw(town, target + path, headers + cookie))
                tally.tried += 1
                if _EVIL.encode() in answer or answer != honest:
                    wrong.append(f"{path.decode()}, {name}: {answer[:200]!r}")
    tally.failed = len(wrong)
    assert not wrong, "\n".join(wrong[:20])


async def _raw(town: Town, target: bytes, headers: bytes) -> bytes:
    """Ask in these very words."""
    url = town.client._build_url("/")
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(b"GET " + target + b" HTTP/1.1\r\n" + headers + b"Connection: close\r\n\r\n")
    async with asyncio.timeout(20):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


def _settled(answer: bytes) -> bytes:
    """Return what does not go by the clock."""
    return re.sub(rb"\r\n(?:Date|Set-Cookie): [^\r]*", b"", answer)
