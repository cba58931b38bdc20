"""
The flat XML that WeChat sends and takes: `<xml><Name>text</Name>…</xml>`.

Read by expat with everything refused that XML bombs are made of: a DTD, thus entities of its own, ends the reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

from watcher.core.xml_characters import NOT_IN_XML

MAX_BYTES: Final = 65_536
_MAX_DEPTH: Final = 8
_MAX_ELEMENTS: Final = 256


class _RefusedError(Exception):
    pass


def read_envelope(body: bytes) -> Mapping[str, str] | None:
    """
    Return the fields of `<xml>` by name; None for what is not such XML in UTF-8, or over 64 KiB, or carries a DTD.

    Fields within fields are left out; of two with one name the first counts.
    """
    if len(body) > MAX_BYTES:
        return None
    reader = _Reader()
    try:
        reader.read(body)
    except (expat.ExpatError, _RefusedError):
        return None
    return reader.fields if reader.root == "xml" else None


def write_envelope(fields: Mapping[str, str | int]) -> bytes:
    """Return the XML of these fields: texts as CDATA, without the characters that XML cannot carry."""
    inner = "".join(f"<{name}>{_written(value)}</{name}>" for name, value in fields.items())
    return f"<xml>{inner}</xml>".encode()


def _written(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    # "]]>" would end the section: it is cut in two sections.
    text = NOT_IN_XML.sub("", value).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{text}]]>"


class _Reader:
    def __init__(self) -> None:
        self.root = ""
        self.fields: dict[str, str] = {}
        self._path: list[str] = []
        self._elements = 0
        self._text: list[str] = []

    def read(self, body: bytes) -> None:
        # The encoding given here wins over the document's own claim.
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(body, True)

    def _refuse(self, *_: object) -> None:
        raise _RefusedError

    def _start(self, name: str, _: object) -> None:
        self._elements += 1
        self._path.append(name)
        if len(self._path) > _MAX_DEPTH or self._elements > _MAX_ELEMENTS:
            raise _RefusedError
        self.root = self._path[0]
        self._text.clear()

    def _characters(self, text: str) -> None:
        if len(self._path) == 2:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if len(self._path) == 2:
            self.fields.setdefault(name, "".join(self._text))
        self._path.pop()
