"""Strangers who are many: from one address, from ten thousand, from a site with 65,536 networks of IPv6."""

from __future__ import annotations

import asyncio
import random
import re
import sqlite3
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import aiohttp
import pytest

from tests.cli.command import SECONDS, Command
from tests.cli.press import Process
from tests.cli.test_serve import url_of
from tests.faults.tally import Tally, sized
from tests.push.emulators.mail import MailServer, a_mail_server
from watcher.core.pace import RateLimit
from watcher.web.middleware.limits import Charge, Limiter
from watcher.web.sessions.device import DEVICE_COOKIE

pytestmark = pytest.mark.faults

_CALLERS: Final = sized(120, 12_000)
_SITE: Final = sized(500, 65_536)
_AT_ONCE: Final = 20
_AN_HOUR: Final = RateLimit(calls=100, per=timedelta(hours=1))
_MOST_MIB: Final = 60.0
_MOST_P99_SECONDS: Final = sized(2.0, 0.5)
_OWN: Final = "192.0.2.1"
"""The address of one who is over its limit, and sends others ahead."""
_OTHER: Final = "192.0.2.2"
"""Of one who has nothing to do with it."""


class _Forgetful:
    """A limiter that forgets who called longest ago, to see that the attack works."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._calls: OrderedDict[object, int] = OrderedDict()

    def admits(self, caller: object) -> bool:
        """Count a call."""
        calls = self._calls.setdefault(caller, 0)
        self._calls.move_to_end(caller)
        if len(self._calls) > self._most:
            self._calls.popitem(last=False)
        if calls >= _AN_HOUR.calls:
            return False
        self._calls[caller] = calls + 1
        return True


def _flood(admits: Callable[[object], bool], rounds: int, crowd: int) -> tuple[int, int, int]:
    """
    Use a limit up again and again with a crowd of others in between.

    Returns how many calls were made, how many more of the one were admitted than its limit, and how many calls of
    others, who made ten each, were refused.
    """
    admitted = refused = 0
    for number in range(rounds):
        admitted += sum(admits(_OWN) for _ in range(_AN_HOUR.calls))
        refused += sum(not admits(f"other {number} {other}") for other in range(50) for _ in range(10))
        for caller in range(crowd):
            admits((number, caller))
    return rounds * (_AN_HOUR.calls + 500 + crowd), admitted - _AN_HOUR.calls, refused


def test_minted_callers_flush_no_limit(tally: Tally) -> None:
    tally.what = "calls of minted callers, to make a limit forget one who has used it up"
    limiter = Limiter(seconds=lambda: 1.0, most=sized(100, 10_000))

    def admits(caller: object) -> bool:
        return limiter.take(Charge("test", str(caller), _AN_HOUR)) is None

    tried, tally.failed, refused = _flood(admits, 3, _SITE)
    tally.tried = tried
    tally.figures["calls of others that were refused"] = f"{refused} of {3 * 500:,}"
    assert tally.failed == 0
    assert refused == 0


def test_minted_callers_flush_a_limiter_that_forgets(tally: Tally) -> None:
    tally.what = "control: the same with a limiter that forgets who called longest ago"
    tally.tried, admitted, _ = _flood(_Forgetful(sized(100, 10_000)).admits, 3, _SITE)
    tally.figures["calls over the limit that it let through"] = str(admitted)
    assert admitted == 2 * _AN_HOUR.calls


@dataclass(slots=True, kw_only=True)
class Server:
    """`watcher serve` behind a proxy on this machine."""

    process: Process
    base: str
    directory: Path
    client: aiohttp.ClientSession
    statuses: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    async def post(
        self, path: str, address: str, form: Mapping[str, str] | None = None, *, cookie: str = ""
    ) -> aiohttp.ClientResponse:
        """Post a form from an address."""
        headers = {"X-Forwarded-For": address} | ({"Cookie": f"{DEVICE_COOKIE}={cookie}"} if cookie else {})
        async with self.client.post(path, data=form, headers=headers, allow_redirects=False) as answer:
            await answer.read()
        return answer

    async def status(self, path: str, address: str) -> int:
        """Post nothing from an address; return what was answered."""
        status = (await self.post(path, address)).status
        self.statuses[status] += 1
        return status

    async def from_all(self, path: str, addresses: Sequence[str]) -> Counter[int]:
        """Post from each of these once, twenty at a time, while others ask how the server does."""
        waiting, found = iter(addresses), Counter[int]()

        async def attack() -> None:
            for address in waiting:
                found[await self.status(path, address)] += 1

        looking = asyncio.create_task(self._look())
        await asyncio.gather(*(attack() for _ in range(_AT_ONCE)))
        looking.cancel()
        return found

    async def _look(self) -> None:
        while True:
            asked_at = time.monotonic()
            async with self.client.get("/healthz") as answer:
                assert answer.status == 200
            self.waits.append(time.monotonic() - asked_at)
            await asyncio.sleep(0.05)

    @property
    def p99_seconds(self) -> float:
        """How long others waited."""
        return sorted(self.waits)[len(self.waits) * 99 // 100] if self.waits else 0.0

    def memory_mib(self) -> float:
        """Return its resident memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1]) / 1024

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        with closing(sqlite3.connect(self.directory / ".watcher" / "push.db")) as database:
            return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@asynccontextmanager
async def _serving(directory: Path, *arguments: str, **environment: str) -> AsyncIterator[Server]:
    fixed = ("serve", "--port", "0", "--trusted-proxy", "127.0.0.1", *arguments)
    async with Command(directory).running(*fixed, **environment) as (process, first):
        base = url_of(first)
        async with aiohttp.ClientSession(
            base,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=SECONDS),
            connector=aiohttp.TCPConnector(limit=0),
        ) as client:
            yield Server(process=process, base=base, directory=directory, client=client)


def _addresses(count: int) -> Iterator[str]:
    """Yield addresses of IPv4, all different."""
    for number in range(count):
        yield f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _site(count: int) -> Iterator[str]:
    """Yield one address of each of a site's networks /64, in no order."""
    for number in random.Random(1).sample(range(65_536), count):
        yield f"2001:db8:1:{number:x}::1"


async def _topic(directory: Path) -> str:
    listed = await Command(directory)("topics", "--json")
    return f"/t/{listed.records[0]['link'].rpartition('/')[2]}"


@pytest.mark.alone
async def test_one_over_its_limit_sends_ten_thousand_ahead(tmp_path: Path, tally: Tally) -> None:
    tally.what = "trials begun from thousands of addresses and from a site of IPv6, around one that is over its limit"
    async with _serving(tmp_path, "--daily-trials", "100000000") as server:
        own = [await server.status("/try", _OWN) for _ in range(_AN_HOUR.calls + 1)]
        before_mib = server.memory_mib()
        crowd = await server.from_all("/try", [*_addresses(_CALLERS)])
        site = await server.from_all("/try", [*_site(sized(420, 5_000))])
        again = [await server.status("/try", _OWN) for _ in range(20)]
        other = [await server.status("/try", _OTHER) for _ in range(20)]
        grown_mib = server.memory_mib() - before_mib
    over = again.count(303) + max(0, site[303] - 4 * _AN_HOUR.calls)
    tally.tried, tally.failed = server.statuses.total(), over + other.count(429) + crowd[429]
    tally.figures["addresses"] = f"{_CALLERS:,}"
    tally.figures["of the site's networks admitted"] = f"{site[303]} of {site.total():,}"
    tally.figures["memory"] = f"+{grown_mib:.0f} MiB"
    tally.figures["/healthz p99"] = f"{server.p99_seconds * 1000:.0f} ms"
    assert own == [303] * _AN_HOUR.calls + [429]
    assert again == [429] * 20
    assert other == [303] * 20
    assert crowd == {303: _CALLERS}
    assert site[303] == 4 * _AN_HOUR.calls
    assert grown_mib < _MOST_MIB
    assert server.p99_seconds < _MOST_P99_SECONDS


@pytest.mark.alone
async def test_strangers_of_all_the_world_make_no_more_than_the_cap(tmp_path: Path, tally: Tally) -> None:
    tally.what = "new subscribers from one address, a site and the world, with a kill and a restart among them"
    cap = sized(100, 2_000)
    arguments = ("--daily-subscribers", str(cap))
    async with _serving(tmp_path, *arguments) as server:
        topic = await _topic(tmp_path)
        one = await server.from_all(topic, [_OWN] * sized(30, 400))
        site = await server.from_all(topic, [*_site(sized(100, 2_000))])
        first = await server.from_all(topic, [*_addresses(cap // 4)])
        server.process.kill()
    async with _serving(tmp_path, *arguments) as again:
        topic = await _topic(tmp_path)
        rest = await again.from_all(topic, [*_addresses(2 * cap)])
        made = again.count("subscribers")
    answered = server.statuses + again.statuses
    tally.tried, tally.failed = answered.total(), max(0, made - cap)
    tally.figures["cap"] = f"{cap:,}"
    tally.figures["made"] = f"{made:,}"
    tally.figures["of one address"] = str(one[303])
    tally.figures["of a site"] = str(site[303])
    # Within 10 s one address follows 100 times, which may end it before its share does.
    assert 10 <= one[303] <= max(cap // 10, 10)
    assert site[303] <= 4 * max(cap // 10, 10)
    assert first == {303: cap // 4}
    # A kill may fall between the commit and its answer.
    assert answered[303] <= made <= cap
    assert made == cap
    assert rest[503] > 0


async def _device(server: Server, topic: str, address: str) -> str:
    answer = await server.post(topic, address)
    return answer.cookies[DEVICE_COOKIE].value


async def _ask(server: Server, address: str, cookie: str, name: str) -> str:
    answer = await server.post("/reach/mail", address, {"address": f"{name}@example.org"}, cookie=cookie)
    return answer.headers.get("Location", str(answer.status)).removeprefix("/reach?told=").removesuffix("#mail")


def _link(mails: MailServer) -> str:
    body = mails.mails[-1].parsed.get_body()
    assert body is not None
    found = re.search(r"(/confirm/\w{32})\s", body.get_content())
    assert found
    return found[1]


async def _eventually_confirmed(server: Server, topic: str, mails: MailServer) -> tuple[str, bool]:
    """Let the owner of the mailbox ask and press what there is to press; return the answer, and whether that did it."""
    cookie = await _device(server, topic, _OTHER)
    said = await _ask(server, _OTHER, cookie, "ann")
    done = await server.post(_link(mails), _OTHER, cookie=cookie)
    headers = {"Cookie": f"{DEVICE_COOKIE}={cookie}"}
    async with server.client.get("/reach", headers=headers) as page:
        return said, done.status == 200 and "ann@example.org" in await page.text()


_SPELLINGS: Final = ("ann", "ANN", "ann+1", "Ann+news", "ann+x+y")


async def _besiege(server: Server, topic: str, networks: Sequence[str]) -> Counter[str]:
    """Ask for the mailbox from all these networks, under all its names."""
    said: Counter[str] = Counter()
    for number, network in enumerate(networks):
        cookie = await _device(server, topic, network)
        said[await _ask(server, network, cookie, _SPELLINGS[number % len(_SPELLINGS)])] += 1
    return said


@pytest.mark.parametrize("who", ["one site", "many"])
async def test_a_mailbox_is_neither_flooded_nor_locked(tmp_path: Path, tally: Tally, who: str) -> None:
    tally.what = f"questions of {who} for the mailbox of another, who then confirms it"
    asked = sized(15, 400)
    networks = [*_site(asked)] if who == "one site" else [*_addresses(asked)]
    async with a_mail_server() as mails:
        mail = {"WATCHER_SMTP_URL": f"smtp://127.0.0.1:{mails.port}", "WATCHER_MAIL_FROM": "w@example.org"}
        async with _serving(tmp_path, "--daily-subscribers", "100000", **mail) as server:
            topic = await _topic(tmp_path)
            said = await _besiege(server, topic, networks)
            sent = len(mails.mails)
            answer, is_confirmed = await _eventually_confirmed(server, topic, mails)
    tally.tried, tally.failed = said.total() + 1, 0 if is_confirmed else 1
    tally.figures["mails"] = str(len(mails.mails))
    tally.figures["the owner was told"] = answer
    assert is_confirmed
    assert sent == (2 if who == "one site" else 3)
    assert answer == ("mail" if who == "one site" else "mail_waits")
    assert said["mail"] == sent
    assert len(mails.mails) <= 3
