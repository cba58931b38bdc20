"""
The server's side of WebSocket (RFC 6455), as far as one needs it who only tells: no extensions, no subprotocols.

| a client sends                              | it gets                               |
|---------------------------------------------|---------------------------------------|
| a ping                                      | a pong with the same                  |
| a pong                                      | nothing; it is there                  |
| text or bytes, up to `MOST_BYTES`           | nothing; it has nothing to say here   |
| a close                                     | a close, and the end                  |
| a frame that is larger                      | 1009, and the end                     |
| over `MOST_FRAMES` between two of our pings | 1008, and the end                     |
| a frame without a mask, or one of RSV bits  | 1002, and the end                     |
| nothing at all between two of our pings     | the end                               |
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from enum import IntEnum
from typing import Final

from aiohttp import hdrs, web

MOST_BYTES: Final = 125
"""Of a frame's payload; control frames never have more (RFC 6455 §5.5)."""
MOST_FRAMES: Final = 64
_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_VERSION: Final = "13"
_HEAD_BYTES: Final = 2
_MASK_BYTES: Final = 4
_SHORT: Final = 126
_MIDDLE: Final = 65_536


class Opcode(IntEnum):
    """What a frame is."""

    CONTINUATION = 0x0
    TEXT = 0x1
    BINARY = 0x2
    CLOSE = 0x8
    PING = 0x9
    PONG = 0xA


class CloseCode(IntEnum):
    """Why a WebSocket ends."""

    NORMAL = 1000
    GOING_AWAY = 1001
    PROTOCOL_ERROR = 1002
    POLICY_VIOLATION = 1008
    TOO_BIG = 1009


def accepted(request: web.Request) -> web.StreamResponse:
    """
    Return the answer that makes the connection a WebSocket; once prepared, frames may be written.

    Raises HTTPBadRequest for what is no opening handshake (RFC 6455 §4.2.1), HTTPUpgradeRequired for another version.
    """
    options = {option.strip().lower() for option in request.headers.get(hdrs.CONNECTION, "").split(",")}
    if request.headers.get(hdrs.UPGRADE, "").strip().lower() != "websocket" or "upgrade" not in options:
        raise web.HTTPBadRequest(reason="no upgrade to a WebSocket is asked for")
    if request.headers.get(hdrs.SEC_WEBSOCKET_VERSION, "").strip() != _VERSION:
        raise web.HTTPUpgradeRequired(headers={hdrs.SEC_WEBSOCKET_VERSION: _VERSION})
    key = request.headers.get(hdrs.SEC_WEBSOCKET_KEY, "").strip().encode(errors="replace")
    if not _is_key(key):
        raise web.HTTPBadRequest(reason="Sec-WebSocket-Key is not 16 bytes of base64")
    proof = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest()).decode()
    return web.StreamResponse(
        status=101,
        headers={hdrs.UPGRADE: "websocket", hdrs.CONNECTION: "Upgrade", hdrs.SEC_WEBSOCKET_ACCEPT: proof},
    )


def _is_key(key: bytes) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except binascii.Error:
        return False


def frame(opcode: Opcode, payload: bytes = b"") -> bytes:
    """Return one whole frame, unmasked as a server's are."""
    size = len(payload)
    if size < _SHORT:
        head = bytes((0x80 | opcode, size))
    elif size < _MIDDLE:
        head = bytes((0x80 | opcode, 126)) + size.to_bytes(2)
    else:
        head = bytes((0x80 | opcode, 127)) + size.to_bytes(8)
    return head + payload


def closing(code: CloseCode) -> bytes:
    """Return the frame that ends a WebSocket."""
    return frame(Opcode.CLOSE, int(code).to_bytes(2))


class WebSocketWire:
    """
    Events as text frames, and what is answered to a client's own.

    Attributes:
        is_ended: the client has left, or did what ends the connection; what there was to say to it has been returned.
    """

    def __init__(self) -> None:
        self.is_ended = False
        self._received = bytearray()
        self._frames = 0
        self._has_pinged = self._has_heard = False

    @property
    def is_silent(self) -> bool:
        """True when nothing came since the last ping."""
        return self._has_pinged and not self._has_heard

    def framed(self, event: bytes) -> bytes:
        """Return an event as it is written."""
        return frame(Opcode.TEXT, event)

    def still_here(self, event: bytes) -> bytes:  # noqa: ARG002 - a ping says it
        """Return what keeps a quiet connection open."""
        self._has_pinged, self._has_heard, self._frames = True, False, 0
        return frame(Opcode.PING)

    def ending(self) -> bytes:
        """Return what ends the connection in order."""
        return closing(CloseCode.GOING_AWAY)

    def received(self, data: bytes) -> bytes:
        """Take what came from the client; return what is answered."""
        self._has_heard = True
        self._received += data
        answers = bytearray()
        while not self.is_ended and (answer := self._next()) is not None:
            answers += answer
        if self.is_ended:
            self._received.clear()
        return bytes(answers)

    def _next(self) -> bytes | None:
        """Return the answer to the next frame; None: it is not whole yet."""
        if len(self._received) < _HEAD_BYTES:
            return None
        first, second = self._received[0], self._received[1]
        size = second & 0x7F
        if first & 0x70 or not second & 0x80 or first & 0x0F not in set(Opcode):
            return self._end(CloseCode.PROTOCOL_ERROR)
        if size > MOST_BYTES:
            return self._end(CloseCode.TOO_BIG)
        whole = _HEAD_BYTES + _MASK_BYTES + size
        if len(self._received) < whole:
            return None
        mask = self._received[_HEAD_BYTES : _HEAD_BYTES + _MASK_BYTES]
        payload = bytes(
            byte ^ mask[place % _MASK_BYTES]
            for place, byte in enumerate(self._received[_HEAD_BYTES + _MASK_BYTES : whole])
        )
        del self._received[:whole]
        return self._answer(Opcode(first & 0x0F), payload)

    def _answer(self, opcode: Opcode, payload: bytes) -> bytes:
        self._frames += 1
        if self._frames > MOST_FRAMES:
            return self._end(CloseCode.POLICY_VIOLATION)
        match opcode:
            case Opcode.CLOSE:
                return self._end(CloseCode.NORMAL)
            case Opcode.PING:
                return frame(Opcode.PONG, payload)
            case _:
                return b""

    def _end(self, code: CloseCode) -> bytes:
        self.is_ended = True
        return closing(code)
