"""A flood of guesses at the operator's password, from everywhere at once: nobody gets in, and nobody else notices."""

from __future__ import annotations

import asyncio
import random
import re
import string
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import aiohttp
import pytest

from tests.cli.command import SECONDS, Command
from tests.cli.test_serve import url_of
from tests.faults.tally import Tally, sized
from tests.web.login import COOKIE, as_operator
from tests.web.site import NOW, PASSWORD
from watcher.push.opening import open_push_service

_SECONDS: Final = sized(1.5, 30.0)
_AT_ONCE: Final = 40
_MOST_COMPUTED: Final = 30 + 10
"""Tries of all addresses together, and of this machine's own."""
_MOST_MIB: Final = 60.0
_MOST_P99_SECONDS: Final = sized(2.0, 0.5)
_CONSOLE: Final = "/console"
_LOGIN: Final = "/console/login"

pytestmark = [pytest.mark.faults, pytest.mark.alone]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """`watcher serve` behind a proxy on this machine, and its operator."""

    pid: int
    base: str

    def memory_mib(self) -> float:
        """Return its resident memory."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1]) / 1024


@dataclass(slots=True)
class Seen:
    """What came back: how many of each status, and what should not have come."""

    statuses: Counter[int] = field(default_factory=Counter)
    admitted: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)


@asynccontextmanager
async def _serving(directory: Path) -> AsyncIterator[Server]:
    service = await open_push_service(directory / ".watcher" / "push.db", now=lambda: NOW)
    await service.operator.set_password(PASSWORD)
    await service.close()
    arguments = ("serve", "--port", "0", "--trusted-proxy", "127.0.0.1")
    async with Command(directory).running(*arguments) as (process, first):
        yield Server(pid=process.pid, base=url_of(first))


def _clients(chance: random.Random) -> Iterator[str | None]:
    """Yield what X-Forwarded-For says: addresses, chains, inventions, nothing."""
    while True:
        v4 = ".".join(str(chance.randrange(1, 224)) for _ in range(4))
        v6 = f"2001:db8:{chance.randrange(65_536):x}:{chance.randrange(65_536):x}::{chance.randrange(9)}"
        yield from (v4, v6, f"[{v6}]:443", f"::ffff:{v4}", f"127.0.0.1, {v4}", f"{v4}, 127.0.0.1", "unknown", None)


def _passwords(chance: random.Random, right: str) -> Iterator[str]:
    """Yield wrong ones, some of them close."""
    while True:
        guess = "".join(chance.choices(string.ascii_letters + string.digits, k=20))
        yield from ("", guess, right[:-1], right + " ", right.swapcase(), right[::-1], "x" * 5_000, right + "\x00")


async def _guess(client: aiohttp.ClientSession, seen: Seen, ends_at: float, seed: int) -> None:
    chance = random.Random(seed)
    for address, password in zip(_clients(chance), _passwords(chance, PASSWORD), strict=False):
        if time.monotonic() > ends_at:
            return
        forged = "".join(chance.choices(string.ascii_letters + string.digits, k=32))
        headers = as_operator(forged) | ({} if address is None else {"X-Forwarded-For": address})
        async with client.post(_LOGIN, data={"password": password}, headers=headers, allow_redirects=False) as answer:
            seen.statuses[answer.status] += 1
            if answer.status not in (401, 429) or COOKIE in answer.cookies:
                seen.admitted.append(f"{password!r} from {address}: {answer.status}")
        async with client.get(_CONSOLE, headers=headers, allow_redirects=False) as answer:
            seen.statuses[answer.status] += 1
            if answer.status != 303:
                seen.admitted.append(f"a forged session from {address}: {answer.status}")


async def _ask_health(client: aiohttp.ClientSession, seen: Seen, ends_at: float) -> None:
    while (asked_at := time.monotonic()) < ends_at:
        async with client.get("/healthz") as answer:
            assert answer.status == 200
        seen.waits.append(time.monotonic() - asked_at)
        await asyncio.sleep(0.02)


async def _log_in(client: aiohttp.ClientSession) -> str:
    async with client.post(_LOGIN, data={"password": PASSWORD}, allow_redirects=False) as answer:
        assert answer.status == 303
        return answer.cookies[COOKIE].value


@asynccontextmanager
async def _client(server: Server) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(
        server.base,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=SECONDS),
        connector=aiohttp.TCPConnector(limit=0),
    ) as client:
        yield client


async def test_a_flood_of_guesses_opens_nothing_and_keeps_nobody_waiting(tmp_path: Path, tally: Tally) -> None:
    tally.what = "guesses at the operator's password and session"
    seen = Seen()
    async with _serving(tmp_path) as server, _client(server) as client:
        session = await _log_in(client)
        before_mib, ends_at = server.memory_mib(), time.monotonic() + _SECONDS
        guessing = [_guess(client, seen, ends_at, seed) for seed in range(_AT_ONCE)]
        await asyncio.gather(_ask_health(client, seen, ends_at), *guessing)
        grown_mib = server.memory_mib() - before_mib
        async with client.get(_CONSOLE, headers=as_operator(session), allow_redirects=False) as answer:
            stands = answer.status == 200
    p99_seconds = sorted(seen.waits)[len(seen.waits) * 99 // 100]
    tally.tried, tally.failed = seen.statuses.total(), len(seen.admitted)
    tally.figures["passwords computed"] = str(seen.statuses[401])
    tally.figures["memory"] = f"+{grown_mib:.0f} MiB"
    tally.figures["/healthz p99"] = f"{p99_seconds * 1000:.0f} ms"
    assert tally.failed == 0, seen.admitted[:10]
    assert 0 < seen.statuses[401] <= _MOST_COMPUTED
    assert stands
    assert grown_mib < _MOST_MIB
    assert p99_seconds < _MOST_P99_SECONDS
