"""A page's bytes → something to select from: a document, or a plain body, from which nothing can be selected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from turbohtml import Element

from watcher.core.page import Page
from watcher.errors import PageError
from watcher.extract.charset import decode
from watcher.extract.document import Document
from watcher.extract.text import clean

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_SNIFFED_TYPES = frozenset({"text/plain", "application/octet-stream"})  # servers say these when they do not know


class PlainBody:
    """A body of plain text, JSON or XML: all its text can be watched, and that is all."""

    __slots__ = ("_kind", "_text")

    def __init__(self, text: str, kind: str) -> None:
        self._text = text
        self._kind = kind

    def select(self, css: str, within: Element | None = None) -> Sequence[Element]:  # noqa: ARG002  as a Document's
        """Raise PageError: there are no elements."""
        raise PageError(
            f"the page is {self._kind}, not HTML, so the selector {css!r} has nothing to select from; "
            "without `extract:` all of its text is watched"
        )

    def text(self) -> str:
        """Return the whole text in lines, none of them blank."""
        return clean(self._text)

    def base_url(self, url: str) -> str:
        """Return the page's own URL."""
        return url


Body: TypeAlias = Document | PlainBody


def open_body(page: Page) -> Body:
    """Return the page's body. Raises BodyError when it is binary, or in an encoding that does not exist."""
    text = decode(page).text
    kind = page.media_type or "text/html"
    if kind in _HTML_TYPES or (kind in _SNIFFED_TYPES and text.lstrip()[:1] == "<"):
        return Document(text)
    return PlainBody(text, kind)
