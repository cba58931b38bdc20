"""
The part of a page of HTML that a watch reads: the first of all steps.

| step | what is cut off |
|---|---|
| `exclude` | each element that one of these selectors finds, with all that is in it; none has to be there |
| `start_at`, `start_after` | what stands before the first element found, for `start_after` that element too |
| `end_at`, `end_before` | what stands behind the first one found that begins after the start; for `end_before` it too |

Elements that the start or the end lies in stay, without what is cut off, so selectors with ancestors match as before.
The page's head is never cut: links and products are read from it, so what is found there is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set

from turbohtml import Element, Node

from watcher.core.watch import Language, Query, Scope
from watcher.core.wording import worded
from watcher.errors import MissingError
from watcher.extract.document import Document

_TOP = frozenset({"html", "body", "frameset"})
_HEAD = Query.css("html > head")


def scoped(document: Document, scope: Scope) -> Document:
    """
    Return the part of the page that the scope leaves; the document itself is cut, and not to be used any more.

    Raises:
        MissingError: the start or the end of the range is not on the page.
        PageError: an XPath is too costly for this page.
    """
    if scope.exclude:
        document = _without(document, scope.exclude)
    if scope.start is None and scope.end is None:
        return document
    return _range(document, scope)


def elements(document: Document, query: Query) -> Sequence[Element]:
    """Return the elements that the query finds."""
    if query.language is Language.XPATH:
        return [found for found in document.xpath(query.expression) if isinstance(found, Element)]
    return document.select(query.expression)


def _without(document: Document, queries: Sequence[Query]) -> Document:
    head = _head(document)
    found = [element for query in queries for element in elements(document, query) if _is_cut(element, head)]
    for element in found:
        element.decompose()
    return document.renewed() if found else document


def _range(document: Document, scope: Scope) -> Document:
    head = _head(document)
    start = end = None
    if scope.start is not None:
        name = "start_after" if scope.is_after_start else "start_at"
        start = _first(document, scope.start, name, lambda one: _is_cut(one, head))
    if scope.end is not None:
        name = "end_before" if scope.is_before_end else "end_at"
        suits = _begins_after(document, start, scope)
        end = _first(document, scope.end, name, lambda one: _is_cut(one, head) and suits(one))
    if end is not None:
        _cut(end, lambda node: node.next_siblings, with_it=scope.is_before_end)
    if start is not None:
        _cut(start, lambda node: node.previous_siblings, with_it=scope.is_after_start)
    return document.renewed()


def _head(document: Document) -> Set[Node]:
    """Return the page's head and all that is in it."""
    return {node for head in elements(document, _HEAD) for node in (head, *head.descendants)}


def _is_cut(element: Element, head: Set[Node]) -> bool:
    """Return whether the element may be cut out, or be where the page is cut."""
    return element.tag not in _TOP and element not in head


def _begins_after(document: Document, start: Element | None, scope: Scope) -> Callable[[Element], bool]:
    """Return what tells whether an element begins after the start: by its place, for elements may be nested deep."""
    if start is None:
        return lambda _: True
    order = document.order()
    inner = start.descendants if scope.is_after_start else ()
    last = max((order[node] for node in inner if isinstance(node, Element)), default=order[start])
    return lambda one: order[one] > last


def _first(document: Document, query: Query, name: str, suits: Callable[[Element], bool]) -> Element:
    found = next((one for one in elements(document, query) if suits(one)), None)
    if found is None:
        if name.startswith("end"):
            raise MissingError(
                worded(
                    "error_no_end",
                    "`{key}`: {query} is not on the page behind the start",
                    key=name,
                    query=repr(str(query)),
                )
            )
        raise MissingError(
            worded("error_no_range", "`{key}`: {query} is not on the page", key=name, query=repr(str(query)))
        )
    return found


def _cut(edge: Element, beside: Callable[[Element], Iterable[Node]], *, with_it: bool) -> None:
    """Cut off what stands beside an element and beside all that it lies in."""
    within: Node | None = edge
    while isinstance(within, Element) and within.tag not in _TOP:
        for node in list(beside(within)):
            node.extract()
        within = within.parent
    if with_it:
        edge.decompose()
