"""
The body as sent → the bytes of the page.

Content codings (RFC 9110 §8.4): gzip with several members, deflate with or without zlib's header, br,
zstd with several frames, and chains of up to three. A decompressor is never asked for more than the cap
and one byte, so a bomb costs no more than the page's cap. A stream that stops before its end is an error.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Sequence
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from watcher.core.page import Response
from watcher.errors import BodyError

MAX_CODINGS = 3
# Each member copies what follows it, so a body of a million empty ones would take hours.
MAX_MEMBERS = 100
# Real pages shrink to a twentieth, dull tables to a hundredth; a bomb to a thousandth and less.
MAX_RATIO = 300
RATIO_COUNTS_FROM_BYTES = 1_000_000
# RFC 9659: a zstd content coding may not ask for a window over 8 MB.
_ZSTD_OPTIONS = {int(zstd.DecompressionParameter.window_log_max): 23}
_BINARY_LOOK_BYTES = 4_096
_TWO_BYTE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


class _Stream(Protocol):
    """A decompressor of one member or frame, as zlib and zstd have it."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def inflate(response: Response, *, max_body_bytes: int) -> bytes:
    """
    Return the bytes of the page, at most `max_body_bytes`.

    Raises:
        BodyError: too big, a bomb, cut short, broken, in an unknown coding, or binary (a NUL in the first
            4 KB, unless a byte order mark or the charset of Content-Type says UTF-16 or UTF-32; a PDF).
    """
    if len(response.content_encoding) > MAX_CODINGS:
        raise BodyError(f"the page is compressed {len(response.content_encoding)} times over")
    body = response.wire
    for coding in reversed(response.content_encoding):
        body = _undo(coding, body, max_body_bytes)
    if len(body) > max_body_bytes:
        raise too_big(max_body_bytes)
    if _is_binary(body, response.charset):
        raise BodyError("this is a binary file, no text to select from")
    return body


def start_of(wire: bytes, codings: Sequence[str], *, max_bytes: int) -> bytes:
    """Return the first bytes of a body that may be cut short; nothing when they cannot be had."""
    if not codings:
        return wire[:max_bytes]
    if len(codings) > 1 or codings[0] not in _STARTS:
        return b""
    try:
        return _STARTS[codings[0]](wire, max_bytes)
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError):
        return b""


def _undo(coding: str, body: bytes, max_body_bytes: int) -> bytes:
    if coding not in _CODINGS:
        raise BodyError(f"the page is compressed in a way that nobody here knows ({_shown(coding)})")
    limit = min(max_body_bytes, max(len(body) * MAX_RATIO, RATIO_COUNTS_FROM_BYTES))
    try:
        inflated = _CODINGS[coding](body, limit)
    except EOFError as error:
        raise BodyError(f"the page was cut short: its {coding} compression does not end") from error
    except (zlib.error, brotli.error, zstd.ZstdError) as error:
        raise BodyError(f"the page's {coding} compression is broken") from error
    if len(inflated) <= limit:
        return inflated
    if limit == max_body_bytes:
        raise too_big(max_body_bytes)
    raise BodyError(f"the page inflates to more than {MAX_RATIO} times its size: a compression bomb")


# Each returns all, or something longer than `limit`, and raises EOFError for a stream cut short.


def _gzip(body: bytes, limit: int) -> bytes:
    return _members(body, limit, lambda: zlib.decompressobj(wbits=31), magic=b"\x1f\x8b")


def _zstd(body: bytes, limit: int) -> bytes:
    return _members(body, limit, lambda: zstd.ZstdDecompressor(options=_ZSTD_OPTIONS), magic=b"\x28\xb5\x2f\xfd")


def _deflate(body: bytes, limit: int) -> bytes:
    return _member(zlib.decompressobj(wbits=_deflate_bits(body)), body, limit)


def _deflate_bits(body: bytes) -> int:
    # Half of the servers that say deflate leave zlib's header out (RFC 9110 §8.4.1.2).
    has_header = len(body) >= 2 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    return 15 if has_header else -15


def _brotli(body: bytes, limit: int) -> bytes:
    stream = brotli.Decompressor()
    inflated: bytes = stream.process(body, output_buffer_limit=limit + 1)
    if len(inflated) <= limit and not stream.is_finished():
        raise EOFError
    return inflated


def _members(body: bytes, limit: int, start: Callable[[], _Stream], *, magic: bytes) -> bytes:
    """Inflate one member after the other; what follows the last and is none is passed over, as browsers do."""
    members: list[bytes] = []
    left = limit
    for _ in range(MAX_MEMBERS):
        stream = start()
        members.append(_member(stream, body, left))
        left -= len(members[-1])
        body = stream.unused_data
        if left < 0 or not body.startswith(magic):
            return b"".join(members)  # of one it is that one, not a copy
    raise BodyError(f"the page is compressed in more than {MAX_MEMBERS} parts")


def _member(stream: _Stream, body: bytes, limit: int) -> bytes:
    inflated = stream.decompress(body, limit + 1)
    if len(inflated) <= limit and not stream.eof:
        raise EOFError
    return inflated


_CODINGS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}

_STARTS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": lambda wire, limit: zlib.decompressobj(wbits=31).decompress(wire, limit),
    "x-gzip": lambda wire, limit: zlib.decompressobj(wbits=31).decompress(wire, limit),
    "deflate": lambda wire, limit: zlib.decompressobj(wbits=_deflate_bits(wire)).decompress(wire, limit),
    "br": lambda wire, limit: brotli.Decompressor().process(wire, output_buffer_limit=limit)[:limit],
    "zstd": lambda wire, limit: zstd.ZstdDecompressor(options=_ZSTD_OPTIONS).decompress(wire, limit),
}


def _is_binary(body: bytes, charset: str | None) -> bool:
    if (charset or "").lower().startswith(("utf-16", "utf-32")) or body.startswith(_TWO_BYTE_MARKS):
        return False
    return b"\0" in body[:_BINARY_LOOK_BYTES] or body.startswith(b"%PDF-")


def too_big(max_body_bytes: int) -> BodyError:
    """Return the error for a page over the cap, whether on the wire or inflated."""
    return BodyError(f"the page is larger than {max_body_bytes:,} bytes (`max_bytes`)")


def _shown(coding: str) -> str:
    return "".join(character for character in coding[:40] if character.isprintable())
