"""
XML as a tree of elements without namespaces: `<dc:title>` is a `title` whose prefix is remembered.

Entities of a document's own are never expanded and nothing is loaded, so bombs and references to files are harmless.
What is not well-formed in the ways that feeds are not (`&nbsp;`, a bare `&`, control characters) is mended.
"""

from __future__ import annotations

import html
import re

from turbohtml import Document, Element, HTMLParseError, parse_xml

from watcher.core.wording import worded
from watcher.core.xml_characters import NOT_IN_XML
from watcher.errors import PageError
from watcher.extract.text import clean
from watcher.extract.xpath import PREFIX

_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)
_AMPERSAND = re.compile(
    r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)(?:([A-Za-z][A-Za-z0-9]{1,31});)?"
)


def parse_tree(text: str) -> Document:
    """Return the tree. Raises PageError: it is not well-formed, beyond mending."""
    # The engine's own texts leave CDATA out.
    plain = _CDATA.sub(lambda section: html.escape(section[1], quote=False), text.strip())
    try:
        tree = parse_xml(plain)
    except HTMLParseError:
        tree = _parsed(_AMPERSAND.sub(_mended, NOT_IN_XML.sub("", plain)))
    for element in tree.iter_elements():
        prefix, colon, name = element.tag.rpartition(":")
        if colon and name:
            element.tag = name
            element.attrs[PREFIX] = prefix
    return tree


def xml_text(element: Element) -> str:
    """Return the text of an element, a line for each text within."""
    return clean("\n".join(element.strings))


def local_children(element: Element, name: str, prefix: str) -> list[Element]:
    """Return the children of that local name, written with that prefix."""
    return [
        child
        for child in element
        if isinstance(child, Element) and child.tag == name and (child.attr(PREFIX) or "") == prefix
    ]


def _parsed(text: str) -> Document:
    try:
        return parse_xml(text)
    except HTMLParseError as error:
        raise PageError(worded("error_no_xml", "the page is no well-formed XML: {reason}", reason=error)) from error


def _mended(match: re.Match[str]) -> str:
    """Return what an ampersand that XML does not know stands for: a character of HTML, else itself."""
    character = html.unescape(match[0]) if match[1] else match[0]
    return html.escape(character, quote=False)
