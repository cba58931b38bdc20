"""
A page as people can look at it without anything of it being run, sent or fetched: the copy that is pointed at.

It is written from the tree that selectors run on, and each element has the number of its place there (`data-n`).

| of the page | in the copy |
|---|---|
| `script`, `link`, `meta`, `base`, `template`, `title` | are not there |
| frames, objects, SVG, formulas, media | a box that says what stood there, with their text |
| forms, fields, lists to choose from, what holds raw text | boxes with the same text: nothing can be typed or sent |
| attributes | those of looks alone (`_KEPT`); events, targets, addresses, names and the page's own `data-n` are gone |
| `style`, elements and attributes | without what fetches (`harmless_css.py`) |
| pictures | their words; with `is_dressed` the pictures, and the page's sheets, at their own addresses |

Whoever shows it does so in a frame of an opaque origin whose policy allows nothing: what is left out here would do
nothing there, and the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from itertools import islice
from typing import Final
from urllib.parse import urljoin

from msgspec import Struct
from msgspec.structs import replace
from turbohtml import Doctype, Element, Namespace, Node, Text

from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Page
from watcher.core.urls import is_web_url
from watcher.extract.body import HtmlBody, open_body
from watcher.extract.document import Document
from watcher.extract.harmless_css import harmless_css
from watcher.extract.page_name import page_name

NUMBER: Final = "data-n"
MOST_ELEMENTS: Final = 60_000
MOST_CHARACTERS: Final = 8_000_000
_MOST_DEPTH: Final = 400
"""Browsers nest no deeper than 512."""
_MOST_VALUE: Final = 2_000
_MOST_PLAIN: Final = 200_000
_MOST_STYLES: Final = 1_500_000
_MOST_SHEETS: Final = 30
_ABSENT: Final = frozenset(
    {"script", "meta", "base", "template", "title", "head", "link", "source", "track", "param", "keygen", "bgsound"}
    | {"basefont"}
)
_BOXES: Final = frozenset(
    {"iframe", "frame", "object", "embed", "applet", "portal", "fencedframe", "svg", "math", "canvas", "video", "audio"}
)
"""A box stands for them: what they hold is their text, if any."""
_RENAMED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("form", "fieldset", "noscript", "noframes", "noembed", "dialog", "frameset", "search"), "div"),
    **dict.fromkeys(("xmp", "listing", "plaintext"), "pre"),
    **dict.fromkeys(("button", "select", "option", "optgroup", "datalist", "textarea", "output"), "span"),
    **dict.fromkeys(("map", "area", "slot", "menuitem", "marquee", "blink", "selectedcontent"), "span"),
    "image": "img",
    "legend": "div",
}
"""What would be parsed, shown or used in a way of its own is written as what it looks like."""
_VOID: Final = frozenset({"br", "hr", "img", "wbr", "col"})
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,60}")
_KEPT: Final = frozenset(
    {"class", "id", "dir", "lang", "title", "alt", "colspan", "rowspan", "span", "width", "height", "align", "valign"}
    | {"bgcolor", "color", "size", "face", "border", "cellpadding", "cellspacing", "nowrap", "start", "type", "value"}
    | {"open", "hidden", "max", "min", "low", "high", "optimum", "datetime", "text", "scope", "headers", "clear"}
)
_FIELDS: Final = frozenset({"button", "submit", "reset", "text", "search", "number", "email", "tel", "url", ""})
"""Fields whose value or placeholder is shown."""
_SIMPLE: Final = re.compile(r"[\w /.:+-]{1,120}")
_MEDIA: Final = re.compile(r"[\w ,:().<>=/-]{1,200}")
_SHEETS: Final = "head style, link[rel~=stylesheet][href]:not([rel~=alternate])"
_UNWRITABLE: Final = re.compile(r"[\0\ud800-\udfff]")


class PageCopy(Struct, frozen=True, kw_only=True):
    """
    A page to look at.

    Attributes:
        markup: a whole document but its end (`</body></html>`), behind which another element may be written.
        elements: how many of the page are in it or were passed over.
        is_cut: the page has more.
        title: what a watch of it is named after.
    """

    markup: str
    elements: int
    is_cut: bool
    title: str = ""


def copy_of(page: Page, _: CpuBudget, head: str) -> PageCopy:
    """Return the copy of a page of any kind; what is no HTML is shown as its text. Raises CheckError."""
    return _copy_of(page, head, is_dressed=False)


def dressed_copy_of(page: Page, _: CpuBudget, head: str) -> PageCopy:
    """Return the same, with the pictures and sheets that a browser is to fetch. Raises CheckError."""
    return _copy_of(page, head, is_dressed=True)


def _copy_of(page: Page, head: str, *, is_dressed: bool) -> PageCopy:
    body = open_body(page)
    if isinstance(body, HtmlBody):
        copy = page_copy(body.document, page.url, head=head, is_dressed=is_dressed)
        return replace(copy, title=page_name(body))
    text = body.text()
    markup = f"<!DOCTYPE html><html><head>{head}</head><body><pre>{_text(text[:_MOST_PLAIN])}</pre>"
    return PageCopy(markup=markup, elements=0, is_cut=len(text) > _MOST_PLAIN)


def page_copy(document: Document, url: str, *, head: str = "", is_dressed: bool = False) -> PageCopy:
    """
    Return the page to look at: at most 60,000 elements and 8,000,000 characters of it.

    Args:
        url: of the page: the base of what it fetches.
        head: markup of our own that stands first in the copy's head.
        is_dressed: with the addresses of its pictures and sheets, for a browser to fetch.
    """
    writer = _Writer(document, document.base_url(url) if is_dressed else None)
    body = "".join(writer.body())
    return PageCopy(
        markup=f"{writer.doctype()}{writer.root()}<head>{head}{writer.sheets()}</head>{body}",
        elements=writer.count,
        is_cut=writer.is_cut,
    )


class _Writer:
    """Writes one page, element by element, in its order."""

    def __init__(self, document: Document, base: str | None) -> None:
        self._document = document
        self._base = base
        self._places = {element: place for place, element in enumerate(document.elements())}
        self._styles = _MOST_STYLES
        self._known: dict[str, str] = {}
        self.count = 0
        self.is_cut = False

    def doctype(self) -> str:
        """Return what decides on the mode in which browsers show the page (HTML §13.2.6.4.1)."""
        found = next((node for node in self._document.top() if isinstance(node, Doctype)), None)
        if found is None:
            return ""
        name, public, system = (text or "" for text in (found.name, found.public_id, found.system_id))
        if not all(_SIMPLE.fullmatch(text) for text in (name, public, system) if text):
            return "<!DOCTYPE html>"
        if public:
            also = f' "{system}"' if system else ""
            return f'<!DOCTYPE {name} PUBLIC "{public}"{also}>'
        return f"<!DOCTYPE {name}>"

    def root(self) -> str:
        """Return the start of the root element."""
        root = next((node for node in self._document.top() if isinstance(node, Element)), None)
        return "<html>" if root is None else f"<html{self._attributes(root)}>"

    def sheets(self) -> str:
        """Return the styles of the page's head, and the addresses of its sheets where they are wanted."""
        written: list[str] = []
        for element in islice(self._document.select(_SHEETS), _MOST_SHEETS):
            if element.tag == "style":
                written.append(self._style(element))
            elif address := self._address(element.attr("href")):
                written.append(f'<link rel="stylesheet" href="{escape(address)}"{_media(element)}>')
        return "".join(written)

    def body(self) -> Iterator[str]:
        """Yield the markup of what the root holds but its head; the end of the body is left out."""
        root = next((node for node in self._document.top() if isinstance(node, Element)), None)
        outer = [] if root is None else [node for node in root.children if isinstance(node, Element)]
        bodies = [node for node in outer if node.tag in ("body", "frameset")]
        yield f"<body{self._attributes(bodies[0])}>" if bodies else "<body>"
        left = 0
        for piece in self._written([node for one in bodies for node in one.children]):
            left += len(piece)
            yield piece
            if left > MOST_CHARACTERS:
                self.is_cut = True

    def _written(self, nodes: list[Node]) -> Iterator[str]:
        """Yield the markup of these nodes; by a list of what is still to do, for pages nest without end."""
        waiting: list[tuple[Node | str, int]] = [(node, 0) for node in reversed(nodes)]
        while waiting:
            node, depth = waiting.pop()
            match node:
                case str():
                    yield node
                case Text():
                    yield _text(node.data)
                case Element() if not self.is_cut:
                    start, children, end = self._element(node, depth)
                    yield start
                    waiting.append((end, depth))
                    waiting.extend((child, depth + 1) for child in reversed(children))

    def _element(self, element: Element, depth: int) -> tuple[str, list[Node], str]:
        """Return the start, what is written within, and the end of an element."""
        tag = element.tag.lower()
        self.count += 1
        self.is_cut = self.is_cut or self.count > MOST_ELEMENTS
        if tag in _ABSENT or self.is_cut:
            return "", [], ""
        if tag == "style":
            return self._style(element), [], ""
        if tag == "input":
            return self._field(element), [], ""
        name = _name_of(tag)
        attributes = self._attributes(element)
        if _is_box(element, tag, depth):
            what = _text(_said(element, tag))
            return f'<span{attributes} data-box="{what}">{_text(_inner(element))}</span>', [], ""
        if name in _VOID:
            return f"<{name}{attributes}>", [], ""
        return f"<{name}{attributes}>", list(element.children), f"</{name}>"

    def _field(self, element: Element) -> str:
        kind = (element.attr("type") or "").lower()
        if kind == "hidden":
            return ""
        words = (element.attr("value") or element.attr("placeholder") or "") if kind in _FIELDS else ""
        return f'<span{self._attributes(element)} data-box="{_text(words[:_MOST_VALUE])}"></span>'

    def _style(self, element: Element) -> str:
        text = "".join(node.data for node in element.children if isinstance(node, Text))
        css = harmless_css(text) if len(text) <= self._styles else ""
        self._styles -= len(css)
        return f"<style{_media(element)}>{css}</style>" if css else ""

    def _attributes(self, element: Element) -> str:
        written = [f' {NUMBER}="{self._places[element]}"']
        for key in element.attrs:
            if key in _KEPT:
                written.append(f' {key}="{_text((element.attr(key) or "")[:_MOST_VALUE])}"')
            elif key == "style" and (css := self._declarations(element.attr(key) or "")):
                written.append(f' style="{_text(css)}"')
        if element.tag == "img" and (address := self._address(element.attr("src"))):
            written.append(f' src="{escape(address)}"')
        return "".join(written)

    def _declarations(self, style: str) -> str:
        """Return what an element says of its looks; pages repeat the same."""
        if style not in self._known:
            self._known[style] = harmless_css(style[:_MOST_VALUE])
        return self._known[style]

    def _address(self, target: str | None) -> str | None:
        """Return what a browser shall fetch; None where nothing is wanted, or it is no address of the web."""
        if self._base is None or not target or len(target) > _MOST_VALUE:
            return None
        try:
            address = urljoin(self._base, target.strip())
        except ValueError:
            return None
        return address if is_web_url(address) and not _UNWRITABLE.search(address) else None


def _name_of(tag: str) -> str:
    return _RENAMED.get(tag, tag) if _NAME.fullmatch(tag) and tag not in ("html", "body") else "span"


def _is_box(element: Element, tag: str, depth: int) -> bool:
    return tag in _BOXES or depth > _MOST_DEPTH or element.namespace is not Namespace.HTML


def _said(element: Element, tag: str) -> str:
    """Return what a box says: what stood there and where from."""
    source = element.attr("src") or element.attr("data") or ""
    return f"{tag} {source[:200]}".strip()


def _media(element: Element) -> str:
    """Return for which screens or for which paper a sheet is."""
    media = element.attr("media") or ""
    return f' media="{escape(media)}"' if _MEDIA.fullmatch(media) else ""


def _text(text: str) -> str:
    """Return a text as markup, without what no file of UTF-8 can hold."""
    return escape(_UNWRITABLE.sub("\ufffd", text))


def _inner(element: Element) -> str:
    """Return the text of what is written as a box; scripts and styles have none."""
    if element.tag in ("iframe", "object", "embed", "canvas", "video", "audio", "applet"):
        return ""
    return " ".join(element.text.split())[:_MOST_VALUE]
