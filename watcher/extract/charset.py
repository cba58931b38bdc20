"""
Bytes → characters, as a browser reads them (WHATWG Encoding; HTML §13.2.3.2).

The first that speaks wins:

| who | example | why it is shown |
|---|---|---|
| the operator | `encoding: gbk` | `the watch's encoding` |
| a byte order mark | `EF BB BF` | `its byte order mark` |
| the server | `Content-Type: text/html; charset=gb2312` | `the server's charset` |
| XML | `<?xml version="1.0" encoding="gbk"?>` | `its XML declaration` |
| the page | `<meta charset=gbk>` within its first 64 kB | `its <meta>` |
| | `<?xml version="1.0" encoding="gbk"?>` before `<html>` | `its XML declaration` |
| the bytes | valid UTF-8, else the likeliest | `detected` |

Labels mean what WHATWG says: gb2312 is GBK (decoded as gb18030), latin1 is windows-1252. A page that says UTF-16 of
itself in single bytes means UTF-8, as feeds of .NET do. Broken bytes are U+FFFD.
"""

from __future__ import annotations

import re
from functools import lru_cache

import turbohtml
from msgspec import Struct
from turbohtml.detect import detect

from watcher.core.page import Page
from watcher.core.wording import worded
from watcher.core.words import cut
from watcher.errors import BodyError

_LONGEST_LABEL = 40
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be"))
_PRESCAN_BYTES = (1_024, 65_536)  # what WHATWG reads ahead, then what browsers still honour
_REUSING_ASCII = frozenset({"UTF-16LE", "UTF-16BE", "ISO-2022-JP"})
"""Encodings in which a byte of ASCII may be part of another character. In all others the bytes `<` and `>` are always
these characters, whatever is broken before them: of the bytes below 0x40, only digits are part of others (GB18030)."""
_DETECTION_BYTES = 65_536  # the likeliest of 64 kB takes 5 ms

_XML_DECLARATION = re.compile(
    rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["'](?P<label>[A-Za-z][\w.-]*)["'][^<]*(?P<html>(?i:<(?:!doctype\s+)?html))?"""
)

_BINARY_TYPES = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip", "application/gzip")
_BINARY_STARTS = (b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"\x7fELF", b"wOF")


class Decoded(Struct, frozen=True, kw_only=True):
    """
    A body as text.

    Attributes:
        encoding: its WHATWG name, like `UTF-8` or `GBK`.
        why: who said so, to be read after "because of".
    """

    text: str
    encoding: str
    why: str


def decode(page: Page) -> Decoded:
    """Return the page's body as text. Raises BodyError: it is binary, or in an encoding that does not exist."""
    encoding, why = page.kept.of("encoding", lambda: _readable_encoding(page))
    return Decoded(text=_text(page.body, encoding), encoding=encoding, why=why)


def decode_start(page: Page, end: int) -> str | None:
    """
    Return how the page's text begins: its first bytes, up to `end`, which is behind a `>`.

    None in an encoding in which such a byte may be no `>`. Raises BodyError as `decode` does.
    """
    encoding, _ = page.kept.of("encoding", lambda: _readable_encoding(page))
    return None if encoding in _REUSING_ASCII else _text(page.body[:end], encoding)


def _text(body: bytes, encoding: str) -> str:
    codec = "utf-8" if encoding == "UTF-8" else f"whatwg-{encoding}"
    return body.decode(codec, "replace").removeprefix("\ufeff")


def _readable_encoding(page: Page) -> tuple[str, str]:
    """Return the encoding of a page that is text, and who said so. Raises BodyError."""
    encoding, why = _encoding(page)
    _refuse_binary(page, encoding)
    return encoding, why


def _encoding(page: Page) -> tuple[str, str]:
    if page.encoding:
        return _named(page.encoding, "the watch says `encoding: {}`, which does not exist"), "the watch's encoding"
    for mark, name in _MARKS:
        if page.body.startswith(mark):
            return _named(name, ""), "its byte order mark"
    if page.charset and page.charset.strip():
        trouble = "the server says charset={}, which does not exist; set `encoding:` in the watch"
        return _named(page.charset, trouble), "the server's charset"
    xml = _XML_DECLARATION.match(page.body[:1_024])
    is_html = xml is None or (xml["html"] and not (page.media_type or "").endswith("xml"))
    if is_html and (declared := _declared(page.body)):
        return declared, "its <meta>"
    if xml:
        trouble = "the page says encoding={}, which does not exist; set `encoding:` in the watch"
        name = _named(xml["label"].decode("ascii"), trouble)
        return "UTF-8" if name.startswith("UTF-16") else name, "its XML declaration"
    return _likeliest(page.body), "detected"


def _named(label: str, trouble: str) -> str:
    """Return WHATWG's name of the encoding with this label; a BodyError of this trouble when there is none."""
    label = label.strip(" \t\"'")
    name = _name(label) if len(label) <= _LONGEST_LABEL else None
    if name is None or name == "replacement":
        raise BodyError(trouble.format(cut(label, 40)))
    return name


@lru_cache(maxsize=100)
def _name(label: str) -> str | None:
    try:
        return turbohtml.parse(b"", encoding=label).encoding
    except (LookupError, ValueError):
        return None


def _declared(body: bytes) -> str | None:
    for size in _PRESCAN_BYTES:
        start = turbohtml.parse(body[:size], positions=False)
        if start.encoding_confidence == "certain":
            return start.encoding
        if len(body) <= size:
            break
    return None


def _likeliest(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return detect(body[:_DETECTION_BYTES]).encoding or "windows-1252"
    return "UTF-8"


def _refuse_binary(page: Page, encoding: str) -> None:
    kind = page.media_type or ""
    if kind.startswith(_BINARY_TYPES) and not kind.startswith("image/svg"):
        raise BodyError(
            worded("error_binary_kind", "the page is binary ({kind}); a watch reads HTML, JSON and text", kind=kind)
        )
    if page.body.startswith(_BINARY_STARTS) or (b"\0" in page.body[:1_024] and not encoding.startswith("UTF-16")):
        raise BodyError(
            worded(
                "error_binary_called", "the page is binary, although the server calls it {kind}", kind=kind or "nothing"
            )
        )
