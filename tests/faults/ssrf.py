"""
Requests on a stranger's word, to where none may go: `unshare -n python -m tests.faults.ssrf ATTEMPTS`.

The network namespace has nothing but its own loopback, on which addresses of all kinds stand: private ones, which are
denied, and public ones, which are reached for real. A canary listens on all; whoever comes to it at an address that is
denied is a hit. What is attempted, where it came to and what was reached when it was allowed is printed as JSON.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address
from itertools import cycle, islice, pairwise, product
from typing import Final, TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec
from yarl import URL

from tests.faults.spellings import DENIED_V4, DENIED_V6, LOCAL_NAMES, PUBLIC_V4, PUBLIC_V6, hosts_of, urls_of
from tests.push.channels.notices import a_notification, an_address
from tests.push.emulators.push_service import Browser
from watcher.core.callbacks import Callback, CallbackState
from watcher.core.page import Validators
from watcher.core.watch import Lane, Request
from watcher.errors import AddressDeniedError, WatcherError
from watcher.fetch import HttpFetcher, Lanes
from watcher.fetch.hop import onward
from watcher.net import NO_ANSWER, Sessions
from watcher.net.resolver import AddressInfo
from watcher.push.background.callback_sender import CallbackSender
from watcher.push.channels.webpush.channel import WebPushChannel
from watcher.push.channels.webpush.encryption import CURVE
from watcher.push.channels.webpush.keys import VapidKeys
from watcher.push.channels.wechat.api import WeChatApi
from watcher.push.channels.wechat.settings import WeChatSettings
from watcher.store.push.callbacks import Outbound

Attempt: TypeAlias = Callable[[], Awaitable[object]]

_NOW: Final = datetime(2026, 3, 1, tzinfo=UTC)
_DENIED: Final = (*DENIED_V4, *DENIED_V6)
_PUBLIC: Final = frozenset({PUBLIC_V4, "1.1.1.1", PUBLIC_V6})
_PORTS: Final = (80, 443, 3128, 8080)
_AT_ONCE: Final = 40
_SECONDS: Final = 3.0
_HTTPS_NAMES: Final = ("fcm.googleapis.com", "updates.push.services.mozilla.com", "api.weixin.qq.com")


@dataclass(slots=True)
class Canary:
    """
    Who came where.

    Attributes:
        hits: `address:port` at which nobody may come, and what he said.
        reached: addresses at which somebody came while he was allowed to.
        targets: where to the public address leads on, by number.
    """

    hits: list[str] = field(default_factory=list)
    public: int = 0
    reached: set[str] = field(default_factory=set)
    is_allowed: bool = False
    targets: list[str] = field(default_factory=list)

    async def come(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Note who came, and answer."""
        here, port = writer.get_extra_info("sockname")[:2]
        address = _plain(here)
        if self.is_allowed:
            self.reached.add(address)
        elif address in _PUBLIC:
            self.public += 1
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            if not self.is_allowed and address not in _PUBLIC:
                self.hits.append(f"{address}:{port}")
            while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
                if port == 3128 and not self.is_allowed and PUBLIC_V4 not in head.split()[1]:
                    self.hits.append(f"by proxy: {head.split()[1]}")
                writer.write(self._answer(head.split()[1]))
                await writer.drain()
        writer.close()

    def _answer(self, path: str) -> bytes:
        asked = re.fullmatch(r".*/lead/(\d{3})/(\d+)", path)
        if asked is None:
            return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok"
        status, number = asked.groups()
        location = self.targets[int(number)].encode(errors="replace").replace(b"\n", b"%0a")
        return b"HTTP/1.1 %s On\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n" % (status.encode(), location)


def _plain(address: str) -> str:
    parsed = ip_address(address.partition("%")[0])
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return str(mapped or parsed)


class Dns:
    """
    A name server whose names a stranger owns. Numeric hosts, in any spelling, are left to the system.

    `N-M.evil.example` has the Nth list of addresses at first, and the Mth ever after; `api.weixin.qq.com` and the push
    services have whatever `liar` says.
    """

    def __init__(self, lists: Sequence[Sequence[str]]) -> None:
        self._lists = lists
        self._asked: Counter[str] = Counter()
        self.liar: Iterator[Sequence[str]] = iter(())

    def look_up(self, host: str, port: int, **__: object) -> Sequence[AddressInfo]:
        name, _, rest = host.partition(".")
        if rest == "evil.example":
            self._asked[host] += 1
            first, _, later = name.partition("-")
            return [_info(one, port) for one in self._lists[int(first if self._asked[host] == 1 else later)]]
        if host in _HTTPS_NAMES:
            return [_info(one, port) for one in next(self.liar)]
        if host.isascii() and (not host.strip("0123456789abcdefx.:%lo") or host.startswith(("localhost", "ip6-"))):
            return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        raise socket.gaierror(socket.EAI_NONAME, "no such name")


def _info(address: str, port: int) -> AddressInfo:
    if ":" in address:
        return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))


def _answers() -> list[list[str]]:
    """Return what DNS may say: one denied address, several, and such among public ones where nobody listens."""
    alone = [[one] for one in _DENIED]
    pairs = [[one, other] for one, other in pairwise(_DENIED)]
    mapped = [[f"::ffff:{one}"] for one in DENIED_V4]
    mixed = [[one, "1.0.0.99", "2001:4860::99"] for one in _DENIED]
    return [[PUBLIC_V4], *alone, *pairs, *mapped, *mixed]


class Attacker:
    """All attempts, by kind."""

    def __init__(self, sessions: Sessions, canary: Canary, dns: Dns, lists: int) -> None:
        self._sessions = sessions
        self._canary = canary
        self._dns = dns
        self._lists = lists
        lanes = Lanes(monotonic=time.monotonic, random=lambda: 0.0)
        self._fetcher = HttpFetcher(sessions, lanes, now=lambda: _NOW)
        self._calls = CallbackSender(
            store=None,  # type: ignore[arg-type]  # the calls alone, without what is saved of them
            sessions=sessions,
            now=lambda: _NOW,
            chance=lambda: 0.0,
            call_seconds=_SECONDS,
        )
        self._keys = VapidKeys.of(ec.generate_private_key(CURVE))
        self._browser = Browser()
        account = WeChatSettings(
            app_id="wx0123456789abcdef", secret="0" * 32, token="token", template_id="a-template-of-wechat"
        )
        self._wechat = WeChatApi(account, sessions, now=lambda: _NOW, call_seconds=_SECONDS)

    def kinds(self) -> dict[str, Iterator[Attempt]]:
        """Return attempts without end, by kind."""
        urls = [url for address in _DENIED for host in hosts_of(address) for url in urls_of(host)]
        urls += [url for host in LOCAL_NAMES for url in urls_of(host)]
        # Neighbours differ, so that a part of them is a sample of all.
        urls = [urls[number * 7919 % len(urls)] for number in range(len(urls))]
        self._canary.targets.extend(urls)
        numbers = range(len(urls))
        statuses = (301, 302, 303, 307, 308)
        names = [f"http://{one}-{other}.evil.example" for one, other in product(range(self._lists), repeat=2)]
        names = [names[number * 7919 % len(names)] for number in range(len(names))]
        return {
            "direct": (self._fetches(url) for url in cycle(urls)),
            "redirect": (
                self._fetches(f"http://{PUBLIC_V4}/lead/{status}/{number}")
                for number, status in zip(cycle(numbers), cycle(statuses), strict=False)
            ),
            "redirect that aiohttp follows": (
                self._follows(f"http://{PUBLIC_V4}/lead/{status}/{number}")
                for number, status in zip(cycle(numbers), cycle(statuses), strict=False)
            ),
            "DNS answer": (self._fetches(f"{name}/") for name in cycle(names)),
            "DNS answer of several": (self._is_told(name) for name in cycle(range(1, len(_DENIED) * 2))),
            "rebinding": (self._rebinds(f"http://0-{later}.evil.example") for later in cycle(range(1, self._lists))),
            "next page": (self._turns_over(url) for url in cycle(urls)),
            "proxy": (self._fetches(url, proxy=f"http://{PUBLIC_V4}:3128") for url in cycle(urls)),
            "callback": (self._calls_back(url) for url in cycle(urls)),
            "callback by DNS": (self._calls_back(f"{name}/") for name in cycle(names)),
            "callback redirected": (
                self._calls_back(f"http://{PUBLIC_V4}/lead/{status}/{number}")
                for number, status in zip(cycle(numbers), cycle(statuses), strict=False)
            ),
            "push endpoint": (self._pushes(url) for url in cycle(urls)),
            "push endpoint by suffix": (self._pushes(url) for url in cycle(_suffixed())),
            "push endpoint by DNS": (self._pushes(f"https://{name}/x") for name in cycle(_HTTPS_NAMES[:2])),
            "WeChat by DNS": (self._wechat.callers for _ in cycle([0])),
        }

    def _request(self, url: str, *, allow_private: bool = False, proxy: str | None = None) -> Request:
        return Request(
            url=url,
            timeout=timedelta(seconds=_SECONDS),
            allow_private=allow_private,
            proxy=proxy,
            lane=Lane(concurrency=1_000, min_delay=timedelta(0)),
        )

    def _fetches(self, url: str, *, allow_private: bool = False, proxy: str | None = None) -> Attempt:
        request = self._request(url, allow_private=allow_private, proxy=proxy)
        return lambda: self._fetcher.fetch(request, Validators())

    async def reach(self, url: str, *, allow_private: bool) -> None:
        """Fetch a page. Raises FetchError."""
        await self._fetches(url, allow_private=allow_private)()

    def _follows(self, url: str) -> Attempt:
        async def follow() -> None:
            async with asyncio.timeout(_SECONDS), self._sessions.of(False).get(url):
                pass

        return follow

    def _rebinds(self, origin: str) -> Attempt:
        async def rebind() -> None:
            await self._fetches(f"{origin}/")()
            # Another port is looked up anew.
            await self._fetches(f"{origin}:8080/")()

        return rebind

    def _is_told(self, number: int) -> Attempt:
        async def be_told() -> None:
            # Each wholly denied; with a guard at the socket alone, several addresses end in an error without a name.
            url = f"http://{number}-{number}.evil.example/"
            try:
                await self._fetches(url)()
            except AddressDeniedError as error:
                if "evil.example is" in str(error):
                    return
            self._canary.hits.append(f"{url} was not refused by its name")

        return be_told

    def _turns_over(self, url: str) -> Attempt:
        async def turn_over() -> None:
            page = f"http://{PUBLIC_V4}/"
            await self._fetcher.fetch(onward(self._request(page), page, url), Validators())

        return turn_over

    def _calls_back(self, url: str) -> Attempt:
        callback = Callback(
            id=1,
            app_id=1,
            body="{}",
            created_at=_NOW,
            attempts=0,
            due_at=_NOW,
            state=CallbackState.PENDING,
            status=None,
            reason="",
        )
        return lambda: self._calls._post(Outbound(callback=callback, url=url, key="k", account_id=None))

    def _pushes(self, url: str) -> Attempt:
        subscription = json.loads(self._browser.subscription)
        address = an_address(json.dumps({**subscription, "endpoint": url}))

        async def push() -> None:
            # As parsed; and as if its host had been taken for a push service.
            await self._channel(None).send(a_notification(), address)
            with suppress(*NO_ANSWER):
                target = URL(url)
                if target.scheme in {"http", "https"} and target.host:
                    sent = self._channel(lambda _: target).send(
                        a_notification(), an_address(self._browser.subscription)
                    )
                    await sent

        return push

    def _channel(self, route: Callable[[URL], URL] | None) -> WebPushChannel:
        return WebPushChannel(
            self._sessions, self._keys, "mailto:me@x.example", now=lambda: _NOW, route=route, send_seconds=_SECONDS
        )


def _suffixed() -> Iterator[str]:
    """Yield endpoints whose host looks like a push service's."""
    for host, known in product(("127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "1-1.evil.example"), _HTTPS_NAMES):
        yield from (
            f"https://{known}@{host}/",
            f"https://{host}/{known}",
            f"https://{host}#{known}",
            f"https://{host}?{known}",
        )
        yield from (f"https://{known}.{host}/", f"https://{host}\\.{known}/", f"https://{host}%2f.{known}/")
        yield from (
            f"https://{host}%00.{known}/",
            f"https://{host}:443.{known}/",
            f"https://x{known}/",
            f"https://{host}:80/",
        )
        yield from (f"https://{host};.{known}/", f"https://{host}&{known}/", f"https://{known}:443@{host}:443/")


async def _attack(kinds: dict[str, Iterator[Attempt]], attempts: int) -> tuple[Counter[str], Counter[str]]:
    """Make so many attempts, of each kind as many; return how many of each, and how they ended."""
    made: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    share = -(-attempts // len(kinds))
    waiting = ((kind, attempt) for kind, endless in kinds.items() for attempt in islice(endless, share))

    async def work() -> None:
        for kind, attempt in waiting:
            made[kind] += 1
            try:
                await attempt()
                ends["nothing raised"] += 1
            except (WatcherError, *NO_ANSWER) as error:
                ends[type(error).__name__] += 1

    async with asyncio.TaskGroup() as workers:
        for _ in range(_AT_ONCE):
            workers.create_task(work())
    return made, ends


async def _controls(attacker: Attacker, canary: Canary) -> dict[str, int]:
    """Return how many addresses are reached when they may be."""
    public = 0
    for host in (PUBLIC_V4, "1.1.1.1", f"[{PUBLIC_V6}]"):
        await attacker.reach(f"http://{host}/", allow_private=False)
        public += 1
    canary.is_allowed = True
    for address in _DENIED:
        host = f"[{address}]" if ":" in address else address
        with suppress(WatcherError):  # some kernels let nobody have some of them
            await attacker.reach(f"http://{host}/", allow_private=True)
    await attacker.reach("http://localhost:8080/", allow_private=True)
    canary.is_allowed = False
    return {"public": public, "private": len(canary.reached - _PUBLIC)}


def _populate() -> None:
    """Give loopback the addresses. Outside of a namespace of its own this refuses to begin."""
    links = json.loads(subprocess.run(["ip", "-j", "link"], check=True, capture_output=True).stdout)
    if [link["ifname"] for link in links] != ["lo"] or "UP" in links[0]["flags"]:
        sys.exit("this is no network namespace of its own; use `unshare -n`")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for address in (*_DENIED, *_PUBLIC):
        length = 128 if ":" in address else 32
        subprocess.run(["ip", "addr", "add", f"{address}/{length}", "dev", "lo"], check=False, capture_output=True)


@asynccontextmanager
async def _listening(canary: Canary) -> AsyncIterator[None]:
    servers = [await asyncio.start_server(canary.come, host, port) for host, port in product(("0.0.0.0", "::"), _PORTS)]
    try:
        yield
    finally:
        for server in servers:
            server.close()


async def main(attempts: int) -> None:
    """Attack, and say what came of it."""
    _populate()
    canary, lists, began = Canary(), _answers(), time.monotonic()
    dns = Dns(lists)
    dns.liar = cycle(lists[1:])
    async with _listening(canary), Sessions(look_up=dns.look_up) as sessions:
        attacker = Attacker(sessions, canary, dns, len(lists))
        controls = await _controls(attacker, canary)
        made, ends = await _attack(attacker.kinds(), attempts)
        public = canary.public
    said = {"made": made, "ends": ends, "hits": canary.hits[:1_000], "controls": controls, "public": public}
    print(json.dumps({**said, "seconds": round(time.monotonic() - began, 1)}))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
