"""
Names of a stranger's own name server, which the system looks up: `unshare -nm python -m tests.faults.rebinding TIMES`.

The canary and the attempts are those of `ssrf.py`; what getaddrinfo makes of answers, and of none, is seen here alone.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import product
from typing import Final

from tests.faults.spellings import PUBLIC_V4
from tests.faults.ssrf import Attacker, Attempt, Canary, Dns, _attack, _listening, _populate
from watcher.errors import WatcherError
from watcher.net import Sessions

_LO: Final = "127.0.0.1"
_SAYS: Final[Mapping[str, Sequence[Sequence[str]]]] = {
    "alone": [[_LO]],
    "rebound": [[PUBLIC_V4], [_LO]],
    "later": [[PUBLIC_V4], [PUBLIC_V4], [PUBLIC_V4], [_LO]],
    "mute": [[], [_LO]],
    "both": [[PUBLIC_V4, _LO]],
    "reversed": [[_LO, PUBLIC_V4]],
    "many": [[PUBLIC_V4, *[f"10.0.0.{last}" for last in range(20)], _LO]],
    "six": [["::1"]],
    "beside": [[PUBLIC_V4, "::1"]],
    "mapped": [["::ffff:127.0.0.1"]],
    "translated": [["64:ff9b::7f00:1", "2002:7f00:1::"]],
    "nowhere": [["0.0.0.0", "::"]],
    "alias": [["alone"]],
    "chain": [["alias"]],
    "turning": [["rebound"]],
}
"""What is said of a name, in turn, and its last ever after: addresses, or the one name that it is an alias of."""


class NameServer(asyncio.DatagramProtocol):
    """Answers at once, for no time to live; where nothing is to be said, never."""

    def __init__(self) -> None:
        self._asked: Counter[tuple[str, int]] = Counter()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        end = data.index(b"\0", 12) + 5
        kind, label = struct.unpack("!H", data[end - 4 : end - 2])[0], data[13 : 13 + data[12]].decode().lower()
        answers = [*self._answers(label, data[12 : end - 4], kind)]
        if answers != [b""]:
            head = data[:2] + struct.pack("!5H", 0x8580, 1, len(answers), 0, 0)
            self._transport.sendto(head + data[12:end] + b"".join(answers), addr)

    def _answers(self, label: str, name: bytes, kind: int) -> Iterator[bytes]:
        says = _SAYS[label.partition("-")[0]]
        said = says[min(self._asked[label, kind], len(says) - 1)]
        self._asked[label, kind] += 1
        if not said:
            yield b""
        for each in said:
            if each in _SAYS:
                other = bytes([len(each)]) + each.encode() + name[name[0] + 1 :]
                yield _record(name, 5, other)
                yield from self._answers(each, other, kind)
            elif (":" in each) == (kind == 28):
                family = socket.AF_INET6 if kind == 28 else socket.AF_INET
                yield _record(name, kind, socket.inet_pton(family, each))


def _record(name: bytes, kind: int, content: bytes) -> bytes:
    return name + struct.pack("!HHIH", kind, 1, 0, len(content)) + content


def _kinds(attacker: Attacker, times: int) -> dict[str, Iterator[Attempt]]:
    urls = [f"http://{label}-{copy}.evil.example{port}/" for label, copy, port in product(_SAYS, "ab", ("", ":8080"))]
    urls *= times
    return {
        "page": map(attacker._fetches, urls),
        "page that redirects": map(attacker._follows, urls),
        "callback": map(attacker._calls_back, urls),
        "push endpoint": (attacker._pushes(url.replace("http:", "https:")) for url in urls),
    }


async def main(times: int) -> None:
    """Attack, and say what came of it."""
    _populate()
    with tempfile.NamedTemporaryFile("w") as resolving:
        resolving.write(f"nameserver {_LO}\noptions timeout:1 attempts:2\n")
        resolving.flush()
        subprocess.run(["mount", "--bind", resolving.name, "/etc/resolv.conf"], check=True)
        canary, loop = Canary(), asyncio.get_running_loop()
        await loop.create_datagram_endpoint(NameServer, (_LO, 53))
        async with _listening(canary), Sessions() as sessions:
            for session in (sessions.of(True), sessions.of(False)):
                session.connector._cached_hosts._ttl = 0.0  # type: ignore[union-attr]  # else a name is looked up once
            attacker = Attacker(sessions, canary, Dns([]), 0)
            made, ends = await _attack(_kinds(attacker, times), 4 * len(_SAYS) * 4 * times)
            hits, public = canary.hits, canary.public
            canary.is_allowed = True
            for label in _SAYS:
                with suppress(WatcherError):
                    await attacker.reach(f"http://{label}-c.evil.example/", allow_private=True)
    print(json.dumps({"made": made, "ends": ends, "hits": hits, "public": public, "reached": len(canary.reached)}))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
