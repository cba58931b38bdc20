from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fetch.conftest import response
from watcher.errors import BodyError
from watcher.fetch import inflate
from watcher.fetch.body import MAX_MEMBERS

CAP = 10_000_000
TEXT = b"<p>" + bytes(range(1, 256)) * 40 + b"</p>"


def raw_deflate(data: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(data) + squeeze.flush()


CODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


@pytest.mark.parametrize("coding", CODERS)
@given(text=st.binary(max_size=3_000))
@settings(max_examples=30, deadline=None)
def test_what_was_compressed_comes_back(coding: str, text: bytes) -> None:
    wire = CODERS[coding](b"\xff\xfe" + text)
    assert inflate(response(wire, coding), max_body_bytes=CAP) == b"\xff\xfe" + text


@pytest.mark.parametrize("coding", CODERS)
def test_a_stream_cut_anywhere_is_an_error(coding: str) -> None:
    wire = CODERS[coding](TEXT)
    for length in {*range(0, len(wire), max(1, len(wire) // 60)), len(wire) - 1}:
        with pytest.raises(BodyError, match=r"cut short|broken"):
            inflate(response(wire[:length], coding), max_body_bytes=CAP)


@pytest.mark.parametrize("coding", CODERS)
def test_garbage_is_an_error(coding: str) -> None:
    with pytest.raises(BodyError, match=r"broken|cut short"):
        inflate(response(b"this is no compression at all", coding), max_body_bytes=CAP)


@pytest.mark.parametrize("coding", CODERS)
def test_the_cap_is_the_last_size_that_passes(coding: str) -> None:
    wire = CODERS[coding](TEXT)
    assert inflate(response(wire, coding), max_body_bytes=len(TEXT)) == TEXT
    with pytest.raises(BodyError, match="larger than"):
        inflate(response(wire, coding), max_body_bytes=len(TEXT) - 1)


@pytest.mark.faults
@pytest.mark.parametrize("coding", CODERS)
def test_a_bomb_is_defused(coding: str) -> None:
    bomb = CODERS[coding](b"a" * 50_000_000)
    with pytest.raises(BodyError, match=r"larger than|bomb"):
        inflate(response(bomb, coding), max_body_bytes=CAP)


def test_a_ratio_beyond_all_pages_is_a_bomb_below_the_cap() -> None:
    with pytest.raises(BodyError, match="compression bomb"):
        inflate(response(CODERS["zstd"](b"a" * 5_000_000), "zstd"), max_body_bytes=CAP)


def test_a_bomb_within_a_bomb_is_defused() -> None:
    bomb = gzip.compress(gzip.compress(b"a" * 50_000_000))
    with pytest.raises(BodyError):
        inflate(response(bomb, "gzip", "gzip"), max_body_bytes=CAP)


def test_deflate_may_come_without_a_header() -> None:
    assert inflate(response(raw_deflate(TEXT), "deflate"), max_body_bytes=CAP) == TEXT


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_several_members_make_one_page(coding: str) -> None:
    wire = CODERS[coding](b"one ") + CODERS[coding](b"") + CODERS[coding](b"two")
    assert inflate(response(wire, coding), max_body_bytes=CAP) == b"one two"
    with pytest.raises(BodyError, match="cut short"):
        inflate(response(wire[:-3], coding), max_body_bytes=CAP)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_million_empty_members_end_soon(coding: str) -> None:
    with pytest.raises(BodyError, match="parts"):
        inflate(response(CODERS[coding](b"") * 10 * MAX_MEMBERS, coding), max_body_bytes=CAP)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
def test_padding_after_the_end_is_passed_over(coding: str) -> None:
    assert inflate(response(CODERS[coding](TEXT) + b"\0" * 8, coding), max_body_bytes=CAP) == TEXT


def test_codings_are_undone_from_the_last() -> None:
    wire = brotli.compress(gzip.compress(TEXT))
    assert inflate(response(wire, "gzip", "br"), max_body_bytes=CAP) == TEXT


@pytest.mark.parametrize(
    ("codings", "text"), [(("lzma",), "lzma"), (("gz\x07ip\n",), r"\(gzip\)"), (("br",) * 4, "4 times")]
)
def test_an_unknown_coding_is_an_error(codings: tuple[str, ...], text: str) -> None:
    with pytest.raises(BodyError, match=text) as raised:
        inflate(response(b"", *codings), max_body_bytes=CAP)
    assert str(raised.value).isprintable()


def test_a_page_that_is_not_compressed_is_held_to_the_cap_too() -> None:
    assert inflate(response(b"plain"), max_body_bytes=5) == b"plain"
    with pytest.raises(BodyError, match="larger than 4 bytes"):
        inflate(response(b"plain"), max_body_bytes=4)


@pytest.mark.parametrize(
    "file", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"PK\x03\x04\x14\0", b"%PDF-1.7\n%\xe2\xe3", b"a\0b"]
)
def test_a_binary_file_is_an_error(file: bytes) -> None:
    with pytest.raises(BodyError, match="binary"):
        inflate(response(file), max_body_bytes=CAP)


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<p>价格</p>".encode("utf-16"), None),
        ("<p>价格</p>".encode("utf-16-le"), "UTF-16LE"),
        ("<p>价格</p>".encode("gbk"), None),
    ],
)
def test_text_in_any_charset_is_no_binary_file(body: bytes, charset: str | None) -> None:
    assert inflate(response(body, charset=charset), max_body_bytes=CAP) == body
