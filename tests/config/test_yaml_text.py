"""What is written shows what is read: no character of a page turns the text around or hides in it."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from watcher.config import yaml_reader
from watcher.config.yaml_text import scalar

SEEN = "\u200c\u200d"
HIDDEN = [
    chr(code)
    for code in range(sys.maxunicode + 1)
    if unicodedata.category(chr(code)) == "Cf"
    and chr(code) not in SEEN
    and not unicodedata.name(chr(code), "").startswith(
        ("ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN", "SHORTHAND", "MUSICAL")
    )
]


def test_what_cannot_be_seen_is_escaped_and_read_back() -> None:
    text = f"Dune{''.join(HIDDEN)}"
    written = scalar(text)
    assert written.isprintable()
    assert yaml_reader.read(f"name: {written}\n", file="f").value == {"name": text}


@pytest.mark.parametrize("text", ["می\u200cخواهم", "क्\u200dष", "€ 5"])
def test_what_words_need_stays(text: str) -> None:
    assert text in scalar(text)
