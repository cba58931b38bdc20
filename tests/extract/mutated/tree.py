"""
A page as a tree that mutators change, and its two writings: with the truth for whoever counts, without for a reader.

The marks stand in attributes that begin with `x-`, and no reader sees them:

| mark | meaning |
|---|---|
| `x-t` | the truth: a name of a place; of a list its name on each row, and `list.field` on the fields within |
| `x-v` | a value that changes: `digits`, `date`, `version`, or its texts with `|` between them |
| `x-w` | words around values that are reworded: the other texts, with `|` between them |
| `x-is` | what it is for a mutator: `main`, `related`, `item` (a thing of which the page may show others alike) |
| `x-gone` | it goes when the thing is sold out; its value is the text that stands there then |
| `x-fix` | no mutator takes it apart |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from html.parser import HTMLParser
from typing import Final

VOID: Final = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
TRUTH: Final = "data-truth"
"""The attribute that a page has which is written with its truth."""


class Node:
    """An element. Two are never equal: each stands at a place of its own."""

    __slots__ = ("attributes", "children", "parent", "tag")

    def __init__(
        self, tag: str, attributes: Mapping[str, str] | None = None, children: list[Node | str] | None = None
    ) -> None:
        self.tag = tag
        self.attributes = dict(attributes or {})
        self.children: list[Node | str] = []
        self.parent: Node | None = None
        for child in children or []:
            self.append(child)

    def append(self, child: Node | str) -> None:
        """Add a child behind the others."""
        self.insert(len(self.children), child)

    def insert(self, place: int, child: Node | str) -> None:
        """Add a child, which must stand nowhere else."""
        if isinstance(child, Node):
            child.parent = self
        self.children.insert(place, child)

    def place(self) -> int:
        """Return the place among the parent's children."""
        assert self.parent is not None
        return next(place for place, each in enumerate(self.parent.children) if each is self)

    def cut(self) -> None:
        """Take this element, and what is within, off the page."""
        assert self.parent is not None
        del self.parent.children[self.place()]
        self.parent = None

    def before(self, other: Node) -> None:
        """Put another element before this one."""
        assert self.parent is not None
        self.parent.insert(self.place(), other)

    def after(self, other: Node) -> None:
        """Put another element behind this one."""
        assert self.parent is not None
        self.parent.insert(self.place() + 1, other)

    def wrapped(self, by: Node) -> None:
        """Put an empty element around this one."""
        self.before(by)
        self.cut()
        by.append(self)

    def unwrapped(self) -> None:
        """Put the children in place of this element."""
        assert self.parent is not None
        parent, place, children = self.parent, self.place(), self.children
        self.cut()
        for number, child in enumerate(children):
            parent.insert(place + number, child)

    def elements(self) -> Iterator[Node]:
        """Yield this element and those within, in the order of the page."""
        yield self
        for child in self.nodes:
            yield from child.elements()

    def above(self) -> Iterator[Node]:
        """Yield the elements that it stands in, the nearest first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def copy(self) -> Node:
        """Return a copy that stands nowhere."""
        children = [each.copy() if isinstance(each, Node) else each for each in self.children]
        return Node(self.tag, self.attributes, children)

    @property
    def nodes(self) -> list[Node]:
        """The children that are elements."""
        return [each for each in self.children if isinstance(each, Node)]

    @property
    def text(self) -> str:
        return "".join(each.text if isinstance(each, Node) else each for each in self.children)

    @text.setter
    def text(self, text: str) -> None:
        self.children = [text]

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    @classes.setter
    def classes(self, names: list[str]) -> None:
        if names:
            self.attributes["class"] = " ".join(names)
        else:
            self.attributes.pop("class", None)

    def mark(self, name: str) -> str | None:
        """Return one of the marks, without the `x-`; None where there is none."""
        return self.attributes.get(f"x-{name}")


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self.at = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.at.append(node)
        if tag not in VOID:
            self.at = node

    def handle_endtag(self, tag: str) -> None:
        assert self.at.tag == tag, f"</{tag}> closes <{self.at.tag} {self.at.attributes}>"
        assert self.at.parent is not None
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.at.append(" ".join(data.split()) if "\n" in data else data)


def read(source: str) -> Node:
    """Return a page of ours, in which each element is closed, as a tree."""
    builder = _Builder()
    builder.feed(source)
    builder.close()
    assert builder.at is builder.root, f"<{builder.at.tag}> is not closed"
    (html,) = builder.root.nodes
    html.parent = None
    return html


def written(page: Node, *, has_truth: bool = False) -> str:
    """Return the page as HTML; `has_truth`: the places are named by an attribute, TRUTH."""
    parts = ["<!doctype html>"]
    _write(page, parts, has_truth=has_truth)
    return "".join(parts)


def _write(node: Node, parts: list[str], *, has_truth: bool) -> None:
    attributes = [(name, value) for name, value in node.attributes.items() if name[:2] != "x-"]
    if has_truth and (name := node.mark("t")):
        attributes.append((TRUTH, name))
    parts.append(f"<{node.tag}")
    parts += (f' {name}="{escape(value)}"' for name, value in attributes)
    parts.append(">")
    if node.tag in VOID:
        return
    is_raw = node.tag in {"script", "style"}
    is_block = len(node.nodes) > 1
    for child in node.children:
        if isinstance(child, Node):
            parts.append("\n" if is_block else "")
            _write(child, parts, has_truth=has_truth)
        else:
            parts.append(child if is_raw else escape(child, quote=False))
    parts.append(f"</{node.tag}>")
