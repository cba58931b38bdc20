r"""
Looks for secrets in texts.

A page may show a secret otherwise than it was sent, so these are found too, in capitals or not:
- percent-encoded, also twice, and as forms encode blanks (RFC 3986 §2.1); escaped as HTML, JSON and Python do;
- in Base64, alone or after a name (`Basic`, RFC 7617), also in the alphabet for URLs (RFC 4648 §5);
- its parts of PART_CHARACTERS and more: of a whole URL its host, segments and parameters, of `Bearer x` the token;
- its beginning, where a text was cut (`…`).
"""

from __future__ import annotations

import binascii
import re
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import unquote, unquote_plus

from watcher.core.redaction import SHORTEST, is_short
from watcher.core.watch import MASK

PART_CHARACTERS: Final = 6
"""Characters of a part of a secret that is one itself."""
_SHORTEST_ENCODED: Final = 6
"""Bytes of a secret that is looked for in Base64: a shorter one leaves too few letters there."""
_MOST_PATTERNS: Final = 1_000
_PART: Final = re.compile(r"""[^\s/?#&;:@=,"'{}\[\]()<>|\\]++(?!=[^=\s])""")
"""A part of a secret that is not the name in `name=value`."""
_SCHEMES: Final = frozenset({"bearer", "digest"})
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.~-]+")
"""What no encoding but Base64 changes."""
_CUT: Final = re.compile(r"""(?:%[0-9a-f]{0,2}|&#?\w{0,8}|\\u?\w{0,4})?['"]?\s{0,3}…""", re.IGNORECASE)
"""What follows a text that was cut, perhaps within a character that is encoded."""
_NOTHING: Final = r"(?!)"
_MOST_CUT: Final = 5_000
"""Characters at the end of a text in which it may have been cut: errors are shorter, and values cut at their end."""
_LETTERS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_")
"""Of Base64, in either alphabet."""
_BLANK: Final = r"(?:\s|\+|%(?:25)*(?:20|09|0A|0D)|&nbsp;)+"
_NAMED: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}


class Redactor:
    """Knows some secrets. Most texts hold none, and are asked only for the letters that no encoding changes."""

    def __init__(self, secrets: Sequence[str]) -> None:
        shown = sorted({form for secret in secrets for form in _forms(secret)}, key=len, reverse=True)
        encoded = {letters for form in shown for letters in _in_base64(form)}
        units = [_units(form) for form in shown]
        self._units = [[_compiled(unit) for unit in form] for form in units]
        self._whole = _compiled("|".join("".join(form) for form in units) or _NOTHING)
        self._encoded = re.compile("|".join(map(_either_alphabet, sorted(encoded))) or _NOTHING)
        heads = ["".join(form[:SHORTEST]) for form in units if len(form) > SHORTEST]
        self._heads = _compiled(f"(?={'|'.join(heads)})" if heads else _NOTHING)
        self._letters = {max(_PLAIN.findall(form.lower()) or [""], key=len) for form in shown}

    def redacted(self, text: str) -> str:
        """Return the text with `***` in place of each; the very same text when it holds none."""
        lowered = text.lower()
        if any(letters in lowered for letters in self._letters):
            text = self._whole.sub(MASK, text)
        if "…" in text[-_MOST_CUT:]:
            text = text[:-_MOST_CUT] + self._without_beginnings(text[-_MOST_CUT:])
        return self._without_encoded(text) if self._encoded.search(text) else text

    def first_place(self, url: str) -> int | None:
        """Return where the first of them stands."""
        places = [match.start() for match in (self._whole.search(url), self._encoded.search(url)) if match]
        return min(places, default=None)

    def _without_encoded(self, text: str) -> str:
        """Return the text without each word of Base64 that a secret stands in: what surrounds it there is no text."""
        parts, done = [], 0
        for match in self._encoded.finditer(text):
            start, end = match.span()
            if start < done:
                continue
            while start > done and text[start - 1] in _LETTERS:
                start -= 1
            while end < len(text) and text[end] in _LETTERS:
                end += 1
            parts += [text[done:start], MASK]
            done = end
        return "".join([*parts, text[done:]])

    def _without_beginnings(self, text: str) -> str:
        """Return the text without the beginning of a secret that it was cut within."""
        parts, done = [], 0
        for head in self._heads.finditer(text):
            start = head.start()
            end = max(_reach(form, text, start) for form in self._units)
            if start >= done and (cut := _CUT.match(text, end)):
                parts += [text[done:start], MASK]
                done = end + len(cut[0].rstrip("…'\" \n"))
        return "".join([*parts, text[done:]])


@lru_cache(maxsize=_MOST_PATTERNS)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _reach(form: Sequence[re.Pattern[str]], text: str, place: int) -> int:
    """Return how far the text goes on as this secret does."""
    for unit in form:
        match = unit.match(text, place)
        if match is None:
            break
        place = match.end()
    return place


def _forms(secret: str) -> Iterator[str]:
    """Yield what a page may show of a secret before it encodes it: the whole, and the parts that are secrets too."""
    for text in {secret, unquote(secret), unquote_plus(secret), unicodedata.normalize("NFC", secret)}:
        if not is_short(text):
            yield text.strip()
        for part in _PART.findall(text):
            if part.lower() not in _SCHEMES:
                yield from (shown for shown in (part, *_credentials(part)) if len(shown) >= PART_CHARACTERS)


def _credentials(encoded: str) -> Iterator[str]:
    """Yield name and password of what is sent as `Basic …`, together and the password alone."""
    try:
        login = b64decode(encoded + "=" * (-len(encoded) % 4), validate=True).decode()
    except (binascii.Error, ValueError):
        return
    name, colon, password = login.partition(":")
    if colon and name.isprintable() and password.isprintable():
        yield from (login, password)


def _in_base64(form: str) -> Iterator[str]:
    """
    Yield what any text with the secret in it holds in Base64: of three bytes, it may begin at each.

    That is looked for by the longest stretch that no other encoding changes, for the text may be encoded before.
    """
    content = max(_PLAIN.findall(form), key=len, default="").encode()
    if len(content) < _SHORTEST_ENCODED:
        content = form.encode(errors="surrogatepass")
    if len(content) < _SHORTEST_ENCODED:
        return
    for before in range(3):
        encoded = b64encode(b"\0" * before + content).decode()
        first = before + 1 if before else 0  # the letter before it holds bits of what comes before the secret
        yield encoded[first : (before + len(content)) * 4 // 3]


def _either_alphabet(encoded: str) -> str:
    """Return a pattern for Base64 in the plain alphabet, in that for URLs, and percent-encoded."""
    others = {"+": "(?:[+-]|%(?:25)*2B)", "/": "(?:[/_]|%(?:25)*2F)"}
    return "".join(others.get(character, character) for character in encoded)


def _units(form: str) -> list[str]:
    """Return a pattern for each character; blanks in a row are one, as in the texts that are read."""
    pieces = re.findall(r"\s+|\S", form)
    return [_BLANK if piece.isspace() else _unit(piece) for piece in pieces]


@lru_cache(maxsize=_MOST_PATTERNS)
def _unit(character: str) -> str:
    """Return a pattern for a character, plain or encoded in any of the ways that the head of this module names."""
    if _PLAIN.fullmatch(character):
        return re.escape(character)
    code = ord(character)
    pairs = character.encode("utf-16-be", errors="surrogatepass").hex()
    ways = [
        "".join(f"%(?:25)*{byte:02X}" for byte in character.encode(errors="surrogatepass")),
        f"&#0*{code};",
        f"&#x0*{code:x};",
        "".join(rf"\\u{pairs[place : place + 4]}" for place in range(0, len(pairs), 4)),
    ]
    ways += [rf"\\x{code:02x}"] if code < 256 else []
    ways += [re.escape(_NAMED[character])] if character in _NAMED else []
    return f"(?:{'|'.join(ways)}|\\\\?{re.escape(character)})"
