"""
A page as a tree: parsed once, selected from by two engines.

Parsing costs 6 to 9 ms for a million characters; the few kinds of page that make it slower are told from their bytes
(`bounds.py`). The soup costs 50 times that, and only pages whose watch has a selector that needs it have one.
Everything here is a function of the page, so it may run in any process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, cast

import turbohtml
from msgspec import Struct
from turbohtml import Element, Node, Text

from watcher.extract.selectors import as_native, native
from watcher.extract.text import Budget, clean, text_of
from watcher.extract.xpath import find_xpath
from watcher.extract.xpath_cost import Shape, shape_of

if TYPE_CHECKING:
    from watcher.extract.soup import Twin

_MOST_PROBED = 500
_UNSEEN = ("script", "style", "noscript")


class Outline(Struct, frozen=True, kw_only=True):
    """What a page is made of: its pieces of text, the targets of its links, the values of its `class`, each once."""

    texts: tuple[str, ...]
    links: tuple[str, ...]
    classes: tuple[str, ...]


class Document:
    """
    One page, parsed as a browser parses it (WHATWG), so that a selector from its developer tools matches.

    What is within `<template>` is no part of a page until a script puts it there; it is cut off.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._budget = Budget(len(text))
        self._probed: dict[str, Sequence[Element]] = {}
        self._tree = turbohtml.parse(text)
        for template in self._tree.find_all("template"):
            template.clear()

    def renewed(self) -> Document:
        """Return this page as it stands now, after something was cut out of its tree."""
        return Document(self._tree.html)

    def top(self) -> Sequence[Node]:
        """Return what the page consists of: its doctype, comments and the root element."""
        return self._tree.children

    def elements(self) -> Iterator[Element]:
        """Yield all elements, in the order of the page."""
        return iter(self._tree.iter_elements())

    def texts(self) -> Iterator[Text]:
        """Yield all nodes of text, in the order of the page."""
        return (node for node in self._tree.descendants if isinstance(node, Text))

    def occurrences(self, word: str) -> int:
        """Return how often a word stands in the texts, those of scripts among them."""
        return self._all_text.count(word)

    def has_once(self, word: str) -> bool:
        """Return whether a word stands in them once; of one that comes again, no more is read than up to there."""
        text = self._all_text
        at = text.find(word)
        return at >= 0 and text.find(word, at + len(word)) < 0

    @property
    def length(self) -> int:
        """How many characters its source has."""
        return len(self._text)

    def bytes_of(self, characters: int) -> int:
        """Return how many bytes so many characters of its source are in UTF-8, the first ones."""
        return len(self._text[:characters].encode(errors="surrogatepass"))

    def begin_of(self, element: Element) -> int | None:
        """
        Return where in the source an element begins, in characters; None of one that has no tag there.

        Of a page with lines that end in a carriage return alone, as none is written any more, it is farther, or None:
        to look for these takes ten times as long.
        """
        if element.source_line is None or element.source_col is None:
            return None
        lines = self._text.split("\n", element.source_line - 1)
        if len(lines) < element.source_line:
            return None
        return len(self._text) - len(lines[-1]) + element.source_col

    def end_of(self, element: Element) -> int | None:
        """Return about where it ends."""
        begin = self.begin_of(element)
        return None if begin is None else begin + len(element.html)

    def order(self) -> dict[Element, int]:
        """Return the place of each element in the page."""
        return {element: place for place, element in enumerate(self.elements())}

    def select(self, css: str, within: Element | None = None) -> Sequence[Element]:
        """
        Return the matching elements in document order, each once.

        Args:
            within: only its descendants; ancestors of it may still match the left parts of the selector, and
                `:scope` is itself.

        Raises:
            ValueError: the selector is invalid.
        """
        plain = native(css)
        if plain is None:
            return self._twin.select(css, within)
        if within is not None:
            return within.select(plain)
        # Of a page, soupsieve's `:scope` is the first of its outermost elements. There is but one, `<html>`, unless a
        # `</template>` within an SVG's template has turbohtml close everything (1.15).
        return self._tree.select(plain.replace(":scope", ":scope:is(html)"))

    def probe(self, css: str, within: Element | None = None) -> Sequence[Element]:
        """
        Return the same for a selector that was made of what a page says, and is known to be plain.

        It is not checked, and is remembered no longer than the page.
        """
        if within is not None:
            return within.select(as_native(css))
        if len(self._probed) >= _MOST_PROBED:
            self._probed.clear()
        found = self._probed.get(css)
        if found is None:
            found = self._probed[css] = self._tree.select(as_native(css))
        return found

    def xpath(self, expression: str, within: Element | None = None) -> Sequence[Element | str]:
        """Return the elements and texts that the XPath finds, relative to `within`. Raises PageError."""
        return find_xpath(expression, within or self._tree, shape=lambda: self._shape)

    def begin(self) -> None:
        """Count anew what is read: another watch begins."""
        self._budget.renew()

    def text(self) -> str:
        """Return the text of the page's body as a reader sees it, a line per block."""
        return self._whole

    def text_of(self, element: Element) -> str:
        """Return the text of an element. Raises PageError when too much of the page was read too often."""
        return text_of(element, self._budget.spend)

    def outline(self) -> Outline:
        """Return what the page is made of, roughly and quickly: no markup is written for it."""
        body = self._tree.select_one("body, frameset")
        if body is None:
            return Outline(texts=(), links=(), classes=())
        unseen = {element.text.strip() for name in _UNSEEN for element in body.find_all(name)}
        # Twice as fast as attributes of elements, one after the other.
        links = cast("list[str]", body.xpath("descendant::a/@href"))
        classes = cast("list[str]", body.xpath("descendant::*/@class"))
        return Outline(
            texts=tuple([text for text in body.stripped_strings if text not in unseen]),
            links=tuple([link for link in links if link[:1] != "#"]),
            classes=tuple(dict.fromkeys(classes)),
        )

    def price_text_of(self, element: Element, offered: Callable[[], Sequence[str]] = tuple) -> str:
        """Return the text of an element as that of a price, one `offered` if need be. Raises PageError as `text_of`."""
        self._budget.spend(len(element.inner_html))
        from watcher.extract.price_stated import with_stated  # for watches of money; both take 20 ms
        from watcher.extract.price_text import price_text_of

        return with_stated(price_text_of(element), element, self.language, offered)

    @cached_property
    def language(self) -> str:
        """The language that the page says it is in, as it writes it; empty when it says none."""
        root = self._tree.select_one("html")
        return "" if root is None else root.attr("lang") or root.attr("xml:lang") or ""

    def stock_text_of(self, element: Element) -> str:
        """Return the text that says of an element's stock. Raises PageError as `text_of`."""
        from watcher.extract.stock_text import stock_text  # for few watches

        return clean(stock_text(element, self._budget.spend))

    def base_url(self, url: str) -> str:
        """Return what the page's links are relative to: its `<base href>`, else `url`."""
        return self._tree.base_url(url)

    @cached_property
    def _whole(self) -> str:
        body = self._tree.select_one("body, frameset")
        return text_of(body) if body is not None else ""

    @cached_property
    def _all_text(self) -> str:
        return self._tree.text

    @cached_property
    def _shape(self) -> Shape:
        return shape_of(self._tree, len(self._text))

    @cached_property
    def _twin(self) -> Twin:
        from watcher.extract.soup import Twin  # it takes 90 ms, and plain selectors never need it

        return Twin(self._text, self._tree.iter_elements())
