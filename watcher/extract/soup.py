"""
The second engine: Beautiful Soup with soupsieve, over the tree that turbohtml builds.

It only selects. Each of its elements has the number of its twin in turbohtml's tree (both count in document
order), and what was selected is handed back as the twins, so text and attributes are read in one way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bs4 import BeautifulSoup
from bs4.element import Comment, Doctype, NavigableString, PageElement, ProcessingInstruction, Tag
from turbohtml import Element
from turbohtml.treebuild import parse_into

from watcher.extract.soup_selectors import compiled


class Twin:
    """A soup beside turbohtml's tree of the same text."""

    def __init__(self, text: str, elements: Iterable[Element]) -> None:
        """`elements`: all of turbohtml's tree in document order, less those within templates."""
        builder = _SoupBuilder()
        parse_into(text, builder)
        self._soup = builder.soup
        self._element_of: dict[int, Element] = {}
        self._tag_of: dict[Element, Tag] = {}
        for tag, element in zip(builder.tags, elements, strict=True):
            self._element_of[id(tag)] = element
            self._tag_of[element] = tag

    def select(self, css: str, within: Element | None = None) -> Sequence[Element]:
        """Return what soupsieve selects, in document order; raises ValueError when it refuses the selector."""
        root = self._soup if within is None else self._tag_of[within]
        return [self._element_of[id(tag)] for tag in compiled(css).select(root)]


class _SoupBuilder:
    """
    Makes a soup from turbohtml's parse; see `turbohtml.treebuild.TreeBuilder`.

    Nodes are linked as Beautiful Soup's own parsers leave them, but without its bookkeeping, which a deep page
    makes quadratic. Attributes stay the strings they are: soupsieve splits classes itself. The contents of a
    template are left out: they are no part of the page (HTML §4.12.3).
    """

    def __init__(self) -> None:
        self.tags: list[Tag] = []
        self.soup = BeautifulSoup("", "html.parser")
        self._last: PageElement = self.soup
        self._absent: dict[int, PageElement] = {}  # kept alive, so that no other node takes over an id

    def create_document(self) -> BeautifulSoup:
        return self.soup

    def create_doctype(self, name: str, public_id: str | None, system_id: str | None) -> Doctype:
        return Doctype.for_name_and_ids(name, public_id, system_id)

    def create_element(self, name: str, namespace: str, attrs: tuple[tuple[str, str | None], ...]) -> Tag:
        return Tag(None, None, name, namespace=namespace, attrs={key: value or "" for key, value in attrs})

    def create_text(self, data: str) -> NavigableString:
        return NavigableString(data)

    def create_comment(self, data: str) -> Comment:
        return Comment(data)

    def create_pi(self, target: str, data: str) -> ProcessingInstruction:
        return ProcessingInstruction(f"{target} {data}")

    def append(self, parent: PageElement, child: PageElement) -> None:
        assert isinstance(parent, Tag)  # noqa: S101
        if parent.name == "template" or id(parent) in self._absent:
            self._absent[id(child)] = child
            return
        child.setup(parent, self._last, previous_sibling=parent.contents[-1] if parent.contents else None)
        parent.contents.append(child)
        self._last = child
        if isinstance(child, Tag):
            self.tags.append(child)
