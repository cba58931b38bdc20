"""Frames as RFC 6455 §5 has them; a real client's conversation is in `tests/web/ntfy`."""

from __future__ import annotations

import pytest

from watcher.web.transport.websocket import (
    MOST_FRAMES,
    CloseCode,
    Opcode,
    WebSocketWire,
    closing,
    frame,
)

MASK = bytes.fromhex("37fa213d")


def from_client(opcode: int, payload: bytes = b"", *, first: int = 0x80) -> bytes:
    """One frame as a client sends it, masked as in the examples of §5.7."""
    masked = bytes(byte ^ MASK[place % 4] for place, byte in enumerate(payload))
    return bytes((first | opcode, 0x80 | len(payload))) + MASK + masked


def test_a_text_is_one_unmasked_frame() -> None:
    assert WebSocketWire().framed(b"Hello") == bytes.fromhex("810548656c6c6f")


@pytest.mark.parametrize(("size", "head"), [(125, "817d"), (126, "817e007e"), (65_536, "817f0000000000010000")])
def test_the_length_takes_as_many_bytes_as_it_needs(size: int, head: str) -> None:
    assert frame(Opcode.TEXT, bytes(size)).startswith(bytes.fromhex(head))


def test_a_ping_is_answered_with_its_own_payload() -> None:
    assert WebSocketWire().received(from_client(Opcode.PING, b"Hello")) == frame(Opcode.PONG, b"Hello")


def test_a_frame_that_comes_byte_by_byte_is_one_frame() -> None:
    wire = WebSocketWire()
    answers = [wire.received(bytes((byte,))) for byte in from_client(Opcode.PING, b"Hello")]
    assert b"".join(answers) == frame(Opcode.PONG, b"Hello")


def test_what_a_reader_says_is_passed_over() -> None:
    wire = WebSocketWire()
    assert wire.received(from_client(Opcode.TEXT, b"hi") + from_client(Opcode.PONG)) == b""
    assert not wire.is_ended


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (from_client(Opcode.CLOSE), CloseCode.NORMAL),
        (from_client(Opcode.TEXT)[:1] + b"\xfe\x00\x7e", CloseCode.TOO_BIG),
        (frame(Opcode.TEXT, b"no mask"), CloseCode.PROTOCOL_ERROR),
        (from_client(Opcode.TEXT, first=0xC0), CloseCode.PROTOCOL_ERROR),
        (from_client(0x3), CloseCode.PROTOCOL_ERROR),
        (from_client(Opcode.PONG) * (MOST_FRAMES + 1), CloseCode.POLICY_VIOLATION),
    ],
    ids=["a close", "a large frame", "no mask", "a reserved bit", "an unknown opcode", "a flood"],
)
def test_what_ends_the_connection(sent: bytes, code: CloseCode) -> None:
    wire = WebSocketWire()
    assert wire.received(sent) == closing(code)
    assert wire.is_ended
    assert wire.received(from_client(Opcode.PING)) == b""


def test_who_says_nothing_after_a_ping_is_not_there() -> None:
    wire = WebSocketWire()
    assert not wire.is_silent
    assert wire.still_here(b"unused") == frame(Opcode.PING)
    assert wire.is_silent
    wire.received(from_client(Opcode.PONG))
    assert not wire.is_silent


def test_a_ping_of_ours_begins_a_new_count_of_frames() -> None:
    wire = WebSocketWire()
    for _ in range(3):
        wire.still_here(b"unused")
        assert wire.received(from_client(Opcode.PONG) * MOST_FRAMES) == b""
    assert not wire.is_ended
