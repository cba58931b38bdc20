"""
A process of servers that do what none should, one at each path: `python -m tests.faults.hostile`.

Each path answers an honest page first and is hostile from the second request on, so that there is a snapshot to lose.
A path that is not among them is honest for ever. The process prints its port and ends with its stdin.
"""

from __future__ import annotations

import asyncio
import gzip
import itertools
import socket
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Final, TypeAlias
from urllib.parse import unquote

import brotli
from backports import zstd

Hostility: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

GOOD: Final = b"<html><body><p class=price>12.00</p></body></html>"
EVIL: Final = b"<html><body><p class=price>1.00</p></body></html>"
"""What a check must never believe."""
OK: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED: Final = OK + b"Transfer-Encoding: chunked\r\n\r\n"
MEGABYTE: Final = 1_000_000
_ROOM: Final = b" " * MEGABYTE
"""What bombs are full of, behind a page that would be believed: without a cap there is more than memory to lose."""


def whole(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """Return an answer with its length."""
    lines = b"".join(header + b"\r\n" for header in headers)
    return b"HTTP/1.1 %s\r\nContent-Type: text/html\r\n%sContent-Length: %d\r\n\r\n%s" % (
        status,
        lines,
        len(body),
        body,
    )


def says(data: bytes) -> Hostility:
    """Say this and hang up."""

    async def be_hostile(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return be_hostile


def says_and_stays(data: bytes) -> Hostility:
    """Say this and no more, and stay connected."""

    async def be_hostile(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await reader.read()

    return be_hostile


def floods(first: bytes, again: bytes | Callable[[], bytes]) -> Hostility:
    """Say the first thing, and the other as fast as it is taken, for ever."""

    async def be_hostile(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(again() if callable(again) else again)
            await writer.drain()

    return be_hostile


def drips(first: bytes, drop: bytes = b"x") -> Hostility:
    """Say the first thing, and then a drop now and then: each is in time for any limit between two reads."""

    async def be_hostile(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(0.02)

    return be_hostile


def resets_after(data: bytes) -> Hostility:
    """Say this, and cut the line."""

    async def be_hostile(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(0.05)
        plug: socket.socket = writer.get_extra_info("socket")
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return be_hostile


def redirects_to(location: bytes, status: bytes = b"302 Found") -> Hostility:
    return says(whole(b"", b"Location: " + location, status=status))


def redirects_onward() -> Hostility:
    """Lead on and on, each time to a longer address of the same host."""
    steps = itertools.count()
    path = b"/redirects%20onward"

    async def be_hostile(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(whole(b"", b"Location: " + path + b"?" + b"a" * next(steps), status=b"307 Go on"))

    return be_hostile


def coded(coding: bytes, body: bytes) -> Hostility:
    return says(whole(body, b"Content-Encoding: " + coding))


def gzip_bomb(megabytes: int) -> bytes:
    squeeze = zlib.compressobj(9, wbits=31)
    parts = [squeeze.compress(EVIL), *(squeeze.compress(_ROOM) for _ in range(megabytes))]
    return b"".join([*parts, squeeze.flush()])


def brotli_bomb(megabytes: int) -> bytes:
    squeeze = brotli.Compressor(quality=5)
    parts: Iterable[bytes] = [squeeze.process(EVIL), *(squeeze.process(_ROOM) for _ in range(megabytes))]
    return b"".join([*parts, squeeze.finish()])


def zstd_bomb(megabytes: int) -> bytes:
    squeeze = zstd.ZstdCompressor()
    parts = [squeeze.compress(EVIL), *(squeeze.compress(_ROOM) for _ in range(megabytes))]
    return b"".join([*parts, squeeze.flush()])


def head_of(*headers: bytes, status: bytes = b"200 OK") -> bytes:
    return whole(EVIL, *headers, status=status)


HUGE_HEADER: Final = 32_000
"""Just below what a header may have."""

HOSTILE: dict[str, Callable[[], Hostility]] = {
    # nothing, or too little, or too slowly
    "silence": lambda: says_and_stays(b""),
    "hangs up": lambda: says(b""),
    "resets": lambda: resets_after(b""),
    "a head that stops": lambda: says_and_stays(OK),
    "a head that ends early": lambda: says(OK),
    "a dripping status line": lambda: drips(b"HTTP/1.1 200 "),
    "a dripping header": lambda: drips(OK + b"X: "),
    "a dripping body": lambda: drips(OK + b"Content-Length: 500000\r\n\r\n"),
    "a dripping body without length": lambda: drips(OK + b"\r\n" + EVIL),
    "dripping chunks": lambda: drips(CHUNKED, b"1\r\nx\r\n"),
    "a dripping chunk size": lambda: drips(CHUNKED, b"0"),
    "a body that stops": lambda: says_and_stays(OK + b"Content-Length: 500\r\n\r\n" + EVIL),
    "a body cut short": lambda: says(OK + b"Content-Length: 500\r\n\r\n" + EVIL),
    "chunks cut short": lambda: says(CHUNKED + b"%x\r\n%s\r\n" % (len(EVIL), EVIL)),
    "a chunk cut short": lambda: says(CHUNKED + b"fff\r\n" + EVIL),
    "a reset in a body without length": lambda: resets_after(OK + b"\r\n" + EVIL),
    "a reset in chunks": lambda: resets_after(CHUNKED + b"%x\r\n%s\r\n" % (len(EVIL), EVIL)),
    # too much
    "an endless body": lambda: floods(OK + b"\r\n", b"x" * 65_536),
    "endless chunks": lambda: floods(CHUNKED, b"1\r\nx\r\n" * 10_000),
    "endless chunk extensions": lambda: floods(CHUNKED + b"1;", b"x=y;" * 16_384),
    "a chunk extension each": lambda: floods(CHUNKED, (b"1;" + b"e" * 5_000 + b"\r\nx\r\n") * 13),
    "endless trailers": lambda: floods(CHUNKED + b"1\r\nx\r\n0\r\n", b"X: y\r\n" * 10_000),
    "an endless trailer": lambda: floods(CHUNKED + b"1\r\nx\r\n0\r\nX: ", b"y" * 65_536),
    "an endless chunk size": lambda: floods(CHUNKED, b"0" * 65_536),
    "an endless status line": lambda: floods(b"HTTP/1.1 200 ", b"x" * 65_536),
    "an endless header": lambda: floods(OK + b"X: ", b"x" * 65_536),
    "endless headers": lambda: floods(OK, b"X: y\r\n" * 10_000),
    "endless empty lines before": lambda: floods(b"\r\n", b"\r\n" * 30_000),
    "endless interim answers": lambda: floods(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 3_000),
    "endless early hints": lambda: floods(
        b"", (b"HTTP/1.1 103 Early Hints\r\n" + b"Link: </a>\r\n" * 200 + b"\r\n") * 20
    ),
    "endless errors": lambda: floods(b"HTTP/1.1 503 No\r\n\r\n", b"x" * 65_536),
    "a dripping error": lambda: drips(b"HTTP/1.1 503 No\r\n\r\n"),
    "endless gzip members": lambda: floods(OK + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"") * 3_000),
    "a body that says it is huge": lambda: says_and_stays(OK + b"Content-Length: 99999999999\r\n\r\n"),
    # odd heads
    "cookies": lambda: says(head_of(*[b"Set-Cookie: a=" + b"x" * HUGE_HEADER] * 250, status=b"404 No")),
    "cookies of many parts": lambda: says(
        head_of(*[b"Set-Cookie: " + b"a=b;" * (HUGE_HEADER // 4)] * 250, status=b"404 No")
    ),
    "cookies that are none": lambda: says(
        head_of(*[b'Set-Cookie: a="' + b'\\"' * (HUGE_HEADER // 2)] * 250, status=b"404 No")
    ),
    "content types": lambda: says(
        whole(b"x", b"Content-Type: text/html" + b';a="b"' * (HUGE_HEADER // 6), status=b"206 A part")
    ),
    "a content type of quotes": lambda: says(
        whole(bytes(9), b"Content-Type: text/html; charset=" + b'"' * HUGE_HEADER)
    ),
    "codings": lambda: says(head_of(*[b"Content-Encoding: " + b"gzip," * (HUGE_HEADER // 5)] * 250)),
    "a wait of many digits": lambda: says(head_of(b"Retry-After: " + b"9" * HUGE_HEADER, status=b"429 Slow")),
    "a wait that is no date": lambda: says(head_of(b"Retry-After: " + b"Sun, 99 " * 4_000, status=b"429 Slow")),
    "a NUL in the head": lambda: says(head_of(b"X: a\0b")),
    "a header without a name": lambda: says(head_of(b": b")),
    "a header with a space before the colon": lambda: says(head_of(b"X : b")),
    "a folded header": lambda: says(head_of(b"X: a\r\n b", status=b"206 A part")),
    "a length that is none": lambda: says(OK + b"Content-Length: -5\r\n\r\n" + EVIL),
    "a length with a plus": lambda: says(OK + b"Content-Length: +%d\r\n\r\n%s" % (len(EVIL), EVIL)),
    "a length of many digits": lambda: says(OK + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n" + EVIL),
    "two lengths": lambda: says(OK + b"Content-Length: 5\r\nContent-Length: 49\r\n\r\n" + EVIL),
    "a length and chunks": lambda: says(CHUNKED[:-2] + b"Content-Length: 3\r\n\r\n0\r\n\r\n"),
    "a compressing transfer coding": lambda: says(CHUNKED.replace(b"chunked", b"gzip, chunked") + b"0\r\n\r\n"),
    "an unknown transfer coding": lambda: says(OK + b"Transfer-Encoding: chunked, rot13\r\n\r\n" + EVIL),
    "a chunk size that is none": lambda: says(CHUNKED + b"zz\r\n" + EVIL),
    "a chunk size over all bounds": lambda: says(CHUNKED + b"f" * 17 + b"\r\n" + EVIL),
    "a negative chunk size": lambda: says(CHUNKED + b"-1\r\n" + EVIL),
    "garbage": lambda: says(bytes(range(256)) * 100),
    "a garbage status": lambda: says(b"HTTP/1.1 abc OK\r\n\r\n" + EVIL),
    "a version of the future": lambda: says(b"HTTP/9.9 200 OK\r\n\r\n" + EVIL),
    "no head at all": lambda: says(EVIL),
    "ssh": lambda: says(b"SSH-2.0-OpenSSH_9.2\r\n"),
    # statuses that are no page
    "101": lambda: says(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n" + EVIL
    ),
    "204": lambda: says(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "204 with a body": lambda: says(whole(EVIL, status=b"204 No Content")),
    "206": lambda: says(whole(EVIL, b"Content-Range: bytes 0-48/49", status=b"206 Partial Content")),
    "299": lambda: says(whole(EVIL, status=b"299 What")),
    "304 that nobody asked for": lambda: says(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    "999": lambda: says(whole(EVIL, status=b"999 No")),
    # redirects
    "a redirect without a target": lambda: says(whole(b"", status=b"302 Found")),
    "a redirect to itself": lambda: redirects_to(b"/a%20redirect%20to%20itself"),
    "redirects onward": redirects_onward,
    "a redirect to another host": lambda: redirects_to(b"http://169.254.169.254/latest/meta-data/"),
    "a redirect to a file": lambda: redirects_to(b"file:///etc/passwd"),
    "a redirect to what is none": lambda: redirects_to(b"http://[::1/"),
    "a redirect bomb": lambda: redirects_to(b"http://" + b"a." * (HUGE_HEADER // 2)),
    "a redirect of punycode": lambda: redirects_to(b"http://xn--" + b"a" * HUGE_HEADER + b"/"),
    "a redirect of much punycode": lambda: redirects_to(b"http://" + b"xn--zca." * (HUGE_HEADER // 8) + b"/"),
    "a redirect of letters": lambda: redirects_to(b"http://" + "ß".encode() * (HUGE_HEADER // 2) + b"/"),
    "a redirect just below the cap": lambda: redirects_to(b"http://xn--" + b"a" * 7_900 + b"/"),
    "a redirect of percents": lambda: redirects_to(b"http://a.example/" + b"%2e%2E/%" * (HUGE_HEADER // 8)),
    # content codings
    "a gzip bomb": lambda: coded(b"gzip", gzip_bomb(9) * 40),
    "a gzip bomb below a quarter of a megabyte": lambda: coded(b"gzip", gzip_bomb(60)),
    "a small gzip bomb": lambda: coded(b"gzip", gzip_bomb(9)),
    "a gzip bomb in a gzip bomb": lambda: coded(b"gzip, gzip, gzip", gzip.compress(gzip.compress(gzip_bomb(60)))),
    "a brotli bomb": lambda: coded(b"br", brotli_bomb(60)),
    "a zstd bomb": lambda: coded(b"zstd", zstd_bomb(200)),
    "a deflate bomb": lambda: coded(b"deflate", zlib.compress(EVIL + _ROOM * 40, 9)),
    "gzip cut short": lambda: coded(b"gzip", gzip.compress(EVIL * 9)[:-9]),
    "brotli cut short": lambda: coded(b"br", brotli.compress(EVIL * 9)[:-3]),
    "zstd cut short": lambda: coded(b"zstd", zstd.compress(EVIL * 9)[:-3]),
    "deflate cut short": lambda: coded(b"deflate", zlib.compress(EVIL * 9)[:-3]),
    "gzip that is none": lambda: coded(b"gzip", EVIL),
    "many gzip members": lambda: coded(b"gzip", gzip.compress(b"") * 12_000),
    "zstd with a window of 2 GB": lambda: coded(b"zstd", b"\x28\xb5\x2f\xfd\x00\xa8" + bytes(99)),
    "an unknown coding": lambda: coded(b"rot13", EVIL),
    "five codings": lambda: coded(b"gzip, gzip, gzip, gzip, gzip", EVIL),
    # what is no page
    "a picture": lambda: says(EVIL.join([OK.replace(b"text/html", b"image/png") + b"\r\n", b""])),
    "zeros": lambda: says(whole(bytes(5_000) + EVIL)),
    "a pdf": lambda: says(whole(b"%PDF-1.7" + EVIL)),
}


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: Counter[str]) -> None:
    with suppress(OSError, asyncio.IncompleteReadError):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            name = unquote(head.split()[1].decode().partition("?")[0][1:])
            seen[name] += 1
            if name not in HOSTILE or seen[name] == 1:
                writer.write(whole(GOOD))
            else:
                await _hostilities[name](reader, writer)
                break
    writer.close()


_hostilities: dict[str, Hostility] = {}


async def main() -> None:
    """Serve until stdin ends. Bombs are made before, for they take their time."""
    _hostilities.update({name: make() for name, make in HOSTILE.items()})
    seen: Counter[str] = Counter()
    server = await asyncio.start_server(lambda reader, writer: _serve(reader, writer, seen), "0.0.0.0", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main())
