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
from msgspec import Struct

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from watcher.core.page import Response
from watcher.core.wording import worded
from watcher.errors import BodyError

MAX_CODINGS = 3
# Each member copies what follows it, so a body of a million empty ones would take hours.
MAX_MEMBERS = 100
# Real pages shrink to a twentieth, dull tables to a hundredth; a bomb to a thousandth and less.
MAX_RATIO = 300
RATIO_COUNTS_FROM_BYTES = 1_000_000  # what inflates to less harms nobody, whatever its ratio
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
        raise BodyError(
            worded(
                "error_compressed_often",
                "the page is compressed {times} times over",
                times=len(response.content_encoding),
            )
        )
    body = response.wire
    for coding in reversed(response.content_encoding):
        body = _undo(coding, body, max_body_bytes)
    if len(body) > max_body_bytes:
        raise too_big(max_body_bytes)
    if _is_binary(body, response.charset):
        raise BodyError(worded("error_binary", "this is a binary file, no text to select from"))
    return body


def start_of(wire: bytes, codings: Sequence[str], *, max_bytes: int) -> bytes:
    """Return the first bytes of a body that may be cut short; nothing when they cannot be had."""
    if not codings:
        return wire[:max_bytes]
    if len(codings) > 1 or codings[0] not in _CODINGS:
        return b""
    try:
        return _CODINGS[codings[0]].start(wire).decompress(wire, max_bytes)[:max_bytes]
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError):
        return b""


def _undo(coding: str, body: bytes, max_body_bytes: int) -> bytes:
    if coding not in _CODINGS:
        shown = "".join(character for character in coding[:40] if character.isprintable())
        raise BodyError(worded("error_compressed_how", "the page uses an unsupported compression ({how})", how=shown))
    limit = min(max_body_bytes, max(len(body) * MAX_RATIO, RATIO_COUNTS_FROM_BYTES))
    try:
        inflated = _inflated(_CODINGS[coding], body, limit)
    except EOFError as error:
        raise BodyError(
            worded("error_compressed_cut", "the page was cut short: its {how} compression does not end", how=coding)
        ) from error
    except (zlib.error, brotli.error, zstd.ZstdError) as error:
        raise BodyError(
            worded("error_compressed_broken", "the page's {how} compression is broken", how=coding)
        ) from error
    if len(inflated) <= limit:
        return inflated
    if limit == max_body_bytes:
        raise too_big(max_body_bytes)
    raise BodyError(
        worded(
            "error_bomb", "the page inflates to more than {times} times its size: a compression bomb", times=MAX_RATIO
        )
    )


def _deflate_bits(body: bytes) -> int:
    # Half of the servers that say deflate leave zlib's header out (RFC 9110 §8.4.1.2).
    has_header = len(body) >= 2 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    return 15 if has_header else -15


class _Brotli:
    unused_data = b""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    @property
    def eof(self) -> bool:
        return bool(self._stream.is_finished())

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        inflated: bytes = self._stream.process(data, output_buffer_limit=max_length)
        return inflated


class _Coding(Struct, frozen=True):
    """How a content coding is undone. `magic`: how a further member begins; empty where there is but one."""

    start: Callable[[bytes], _Stream]
    magic: bytes = b""


_GZIP = _Coding(lambda _: zlib.decompressobj(wbits=31), b"\x1f\x8b")
_CODINGS = {
    "gzip": _GZIP,
    "x-gzip": _GZIP,
    "deflate": _Coding(lambda body: zlib.decompressobj(wbits=_deflate_bits(body))),
    "br": _Coding(lambda _: _Brotli()),
    "zstd": _Coding(lambda _: zstd.ZstdDecompressor(options=_ZSTD_OPTIONS), b"\x28\xb5\x2f\xfd"),
}


def _inflated(coding: _Coding, body: bytes, limit: int) -> bytes:
    """
    Return all, or something longer than `limit`. Raises EOFError for a stream cut short.

    Members are inflated one after the other; what follows the last and is none is passed over, as browsers do.
    """
    members: list[bytes] = []
    left = limit
    for _ in range(MAX_MEMBERS):
        stream = coding.start(body)
        members.append(stream.decompress(body, left + 1))
        left -= len(members[-1])
        if left >= 0 and not stream.eof:
            raise EOFError
        body = stream.unused_data
        if left < 0 or not coding.magic or not body.startswith(coding.magic):
            return b"".join(members)  # of one it is that one, not a copy
    raise BodyError(
        worded("error_compressed_parts", "the page is compressed in more than {parts} parts", parts=MAX_MEMBERS)
    )


def _is_binary(body: bytes, charset: str | None) -> bool:
    if (charset or "").lower().startswith(("utf-16", "utf-32")) or body.startswith(_TWO_BYTE_MARKS):
        return False
    return b"\0" in body[:_BINARY_LOOK_BYTES] or body.startswith(b"%PDF-")


def too_big(max_body_bytes: int) -> BodyError:
    """Return the error for a page over the cap, whether on the wire or inflated."""
    return BodyError(
        worded("error_too_big", "the page is larger than {bytes} bytes (`max_bytes`)", bytes=f"{max_body_bytes:,}")
    )
