"""
A page's bytes → something to ask: HTML, XML, JSON or plain text, each in the languages that fit it.

| body | css | xpath | jsonpath | feed | product |
|---|---|---|---|---|---|
| HTML | yes | yes | – | – | yes |
| XML | plain ones | yes | – | yes | – |
| JSON | – | – | yes | yes | – |
| text | – | – | – | – | – |

–: a PageError that says what the page is and what to use.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TypeAlias

from turbohtml import Document as Tree
from turbohtml import Element

from watcher.core.page import Page
from watcher.core.values import Json, Stock, ValueType
from watcher.core.watch import WHOLE_PAGE, Language, Query, Scope, Selector
from watcher.core.wording import worded
from watcher.errors import MissingError, PageError
from watcher.extract.charset import decode, decode_start
from watcher.extract.document import Document, Outline
from watcher.extract.feeds import Entry, json_entries, xml_entries
from watcher.extract.json_values import (
    JsonNode,
    JsonNumber,
    find_json,
    json_text,
    parse_assigned_json,
    parse_json,
    unambiguous,
)
from watcher.extract.product import EACH, linked_values, product_values, schema_values, stock_of
from watcher.extract.scope import elements, scoped
from watcher.extract.selectors import native_in_xml
from watcher.extract.shown_attributes import shown_attribute
from watcher.extract.text import Budget, clean
from watcher.extract.xml import parse_tree, xml_text
from watcher.extract.xpath import PREFIX, find_xpath
from watcher.extract.xpath_cost import Shape, shape_of

Node: TypeAlias = Element | str | JsonNode | Entry
"""What a query finds, and what a row is."""

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_SNIFFED_TYPES = frozenset({"text/plain", "application/octet-stream"})  # servers say these when they do not know
_SCRIPT_TYPES = frozenset({"text/javascript", "application/javascript", "application/x-javascript"})
_JSON_TYPE = re.compile(r"(?:application|text)/(?:[\w.+-]+\+)?(?:x-)?json")
_XML_TYPE = re.compile(r"(?:application|text|image)/(?:[\w.+-]+\+)?xml")
_XML_START = re.compile(
    r"\s*(?:<\?xml(?![^<]*<(?:!doctype\s+)?html)|<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>])", re.IGNORECASE
)
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_CSS_PREFIX = re.compile(r""""[^"]*"|'[^']*'|(?P<prefix>[\w-]+)\|(?P<name>[\w-]+)""")
_SHELL_CHARS = 200  # a page with scripts and less text than this is filled by them
_CALLED = {
    Language.CSS: ("HTML", "CSS selector"),
    Language.XPATH: ("HTML", "XPath"),
    Language.JSONPATH: ("JSON", "JSONPath"),
    Language.FEED: ("a feed", "entry"),
    Language.PRODUCT: ("HTML", "product's"),
}


class Body(ABC):
    """An open page, which several watches may read one after the other."""

    def begin(self) -> None:  # noqa: B027  where nothing is counted
        """Count what is read from 0 again: each watch may read so much of a page, and no more."""

    @abstractmethod
    def select(self, query: Query, within: Node | None = None) -> Sequence[Node]:
        """
        Return what the query finds, in the order of the page.

        Args:
            within: a node that an earlier query found; None is the whole page.

        Raises:
            PageError: the language does not fit the page, or the page is not what its type says.
        """

    def read(self, node: Node, selector: Selector) -> str | None:
        """Return the text, or the attribute, that the selector reads of a node; None for an attribute it lacks."""
        return _read_text(node, selector)

    @abstractmethod
    def text(self) -> str:
        """Return the whole text in lines, none of them blank."""

    def base_url(self, url: str) -> str:
        """Return what the page's links are relative to."""
        return url

    def language(self) -> str:
        """Return the language that the page says it is in, as it writes it; empty when it says none."""
        return ""

    def is_shell(self) -> bool:
        """Return whether the page is filled by its scripts."""
        return False

    def stock(self) -> Stock | None:
        """Return what the page tells machines of its stock (schema.org), None if that is not one thing."""
        return None


def open_body(page: Page, scope: Scope = WHOLE_PAGE) -> Body:
    """
    Return the page's body for one watch to read; it is parsed once for all that read this part of this page.

    Args:
        scope: what is left of a page of HTML; of others nothing is excluded.

    Raises:
        BodyError: it is binary, or in an encoding that does not exist.
        PageError: the scope is a range, and that is not on the page, or the page is not HTML.
    """
    body = page.kept.of(("body", scope), lambda: _opened(page, scope))
    body.begin()
    return body


def _opened(page: Page, scope: Scope) -> Body:
    body = _whole(page)
    if scope == WHOLE_PAGE:
        return body
    if scope.json_in is not None:
        return _embedded(body, scope.json_in, page.url)
    if isinstance(body, HtmlBody):
        return body.within(scope)
    if scope.start is not None or scope.end is not None:
        raise PageError(
            worded(
                "error_no_html_range",
                "the page is not HTML, so it has no elements at which `start_…` or `end_…` could find a range",
            )
        )
    return body


def _embedded(body: Body, query: Query, url: str) -> JsonBody:
    """Return the JSON that stands in an element of the page. Raises MissingError: the element is not there."""
    if not isinstance(body, HtmlBody):
        raise PageError(
            worded("error_no_html_json", "the page is not HTML, so it has no element that `json_in` could find")
        )
    found = elements(body.document, query)
    if not found:
        raise MissingError(
            worded("error_no_range", "`{key}`: {query} is not on the page", key="json_in", query=repr(str(query)))
        )
    text = found[0].text
    return JsonBody(text, f"JSON in {str(query)!r}", url, parse_assigned_json(text))


def html_start(page: Page, end: int) -> str | None:
    """
    Return the source of a page of HTML that begins with a tag, up to so many bytes; None of any other.

    Args:
        end: is behind a `>`, as of `charset.decode_start`.

    Raises BodyError.
    """
    text = decode_start(page, end)
    is_html = text is not None and (page.media_type or "text/html") in _HTML_TYPES | _SNIFFED_TYPES
    if text is None or not is_html or text[:200].lstrip()[:1] != "<":
        return None
    return None if _XML_START.match(text[:2_000]) else text


def _whole(page: Page) -> Body:
    text = decode(page).text
    kind = page.media_type or "text/html"
    if _JSON_TYPE.fullmatch(kind):
        return JsonBody(text, kind, page.url)
    if kind != "application/xhtml+xml" and _XML_TYPE.fullmatch(kind):
        return XmlBody(text, kind, page.url)
    if kind in _HTML_TYPES or kind in _SNIFFED_TYPES:
        return _sniffed(text, kind, page.url)
    if kind in _SCRIPT_TYPES and (found := _json_in(text)) is not None:
        return JsonBody(text, f"JSON (sent as {kind})", page.url, found)
    return PlainBody(text, kind)


def _sniffed(text: str, kind: str, url: str) -> Body:
    """Return the body by its first characters: servers call JSON and feeds HTML or text."""
    start = text.lstrip()[:1]
    if start in ("{", "[") and (found := _json_in(text)) is not None:
        return JsonBody(text, f"JSON (sent as {kind})", url, found)
    if _XML_START.match(text[:2_000]):
        return XmlBody(text, f"XML (sent as {kind})", url)
    return HtmlBody(Document(text)) if kind in _HTML_TYPES or start == "<" else PlainBody(text, kind)


def _json_in(text: str) -> Json:
    try:
        return parse_json(text)
    except PageError:
        return None


class HtmlBody(Body):
    """A page of HTML."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @property
    def document(self) -> Document:
        """The page as a tree."""
        return self._document

    def elements(self) -> Iterator[Element]:
        """Yield all elements, in the order of the page."""
        return self._document.elements()

    def within(self, scope: Scope) -> HtmlBody:
        """Return the part of this page that the scope leaves; this body is not to be used any more."""
        return HtmlBody(scoped(self._document, scope))

    def begin(self) -> None:
        self._document.begin()

    def select(self, query: Query, within: Node | None = None) -> Sequence[Node]:
        match query.language:
            case Language.CSS:
                return self._document.select(query.expression, within if isinstance(within, Element) else None)
            case Language.XPATH:
                return self._document.xpath(query.expression, within if isinstance(within, Element) else None)
            case Language.PRODUCT:
                return product_values(self._document, query.expression)
            case _:
                raise _unfit(
                    query,
                    "text/html",
                    worded("error_use_css", "use `css:` or `xpath:`{more}", more=self._feed_advice(query)),
                )

    def read(self, node: Node, selector: Selector) -> str | None:
        if not isinstance(node, Element):
            return _read_text(node, selector)
        if selector.type is ValueType.STOCK and not selector.attr:
            return self._document.stock_text_of(node)
        attribute = selector.attr or shown_attribute(node, selector.type)
        if attribute is None and selector.type is ValueType.MONEY and selector.regex is None:
            return self._document.price_text_of(node, lambda: self._prices)
        if attribute is None:
            return self._document.text_of(node)
        found = node.attr(attribute.lower())
        return None if found is None else clean(found)

    @cached_property
    def _prices(self) -> Sequence[str]:
        return linked_values(self._document, "price")

    def text(self) -> str:
        return self._document.text()

    def outline(self) -> Outline:
        """Return what the page is made of."""
        return self._document.outline()

    def base_url(self, url: str) -> str:
        return self._document.base_url(url)

    def language(self) -> str:
        return self._document.language

    def stock(self) -> Stock | None:
        words = schema_values(self._document, EACH)
        states = {stock_of(word) for word in words}
        return states.pop() if len(states) == 1 else None

    def is_shell(self) -> bool:
        return len(self.text()) < _SHELL_CHARS and bool(self._document.select("script"))

    def _feed_advice(self, query: Query) -> str:
        links = self._document.select('link[rel~="alternate"][type$="+xml"]')
        if query.language is not Language.FEED or not links:
            return ""
        return f"; its feed is at {clean(links[0].attr('href') or '')[:200]!r}"


class XmlBody(Body):
    """A page of XML. As text it is its source."""

    def __init__(self, text: str, kind: str, url: str) -> None:
        self._text = text
        self._kind = kind
        self._url = url
        self._budget = Budget(len(text))

    def begin(self) -> None:
        self._budget.renew()

    def select(self, query: Query, within: Node | None = None) -> Sequence[Node]:
        source = _source(within)
        root = source if isinstance(source, Element) else self._tree
        match query.language:
            case Language.CSS:
                return root.select(_xml_css(query.expression))
            case Language.XPATH:
                return find_xpath(query.expression, root, shape=lambda: self._shape)
            case Language.FEED:
                return xml_entries(self._tree, self._url) if within is None else _part(query, within)
            case _:
                raise _unfit(
                    query,
                    self._kind,
                    worded("error_use_xpath", "use `xpath:` or plain `css:`, and `feed: true` for a feed"),
                )

    def read(self, node: Node, selector: Selector) -> str | None:
        if not isinstance(node, Element):
            return _read_text(node, selector)
        attribute = selector.attr or _link_attribute(selector, node)
        if attribute is None:
            self._budget.spend(len(node.inner_html))
            return xml_text(node)
        found = node.attr(attribute)
        return None if found is None else clean(found)

    def text(self) -> str:
        return clean(self._text)

    @cached_property
    def _shape(self) -> Shape:
        return shape_of(self._tree, len(self._text))

    @cached_property
    def _tree(self) -> Tree:
        return parse_tree(self._text)


class JsonBody(Body):
    """A page of JSON. As text it is its source, without escapes of readable characters."""

    def __init__(self, text: str, kind: str, url: str, value: Json = None) -> None:
        self._text = text
        self._kind = kind
        self._url = url
        if value is not None:
            self.root = value

    def select(self, query: Query, within: Node | None = None) -> Sequence[Node]:
        match query.language:
            case Language.JSONPATH:
                row = _source(within)
                return find_json(query.expression, row.value if isinstance(row, JsonNode) else self.root)
            case Language.FEED:
                return json_entries(self.root, self._url) if within is None else _part(query, within)
            case _:
                raise _unfit(query, self._kind, worded("error_use_jsonpath", "use `jsonpath:`, as `$.price`"))

    def read(self, node: Node, selector: Selector) -> str | None:
        if not isinstance(node, JsonNode):
            return _read_text(node, selector)
        if selector.attr:
            return None
        text = json_text(node.value)
        is_price = isinstance(node.value, JsonNumber) and selector.type in (ValueType.MONEY, ValueType.INTEGER)
        return unambiguous(text) if is_price else text

    def text(self) -> str:
        return clean(_ESCAPE.sub(_readable, self._text))

    @cached_property
    def root(self) -> Json:
        """All of it. Raises PageError when it is no JSON."""
        return parse_json(self._text)


class PlainBody(Body):
    """A body of plain text, all of which can be watched or searched, and that is all."""

    def __init__(self, text: str, kind: str) -> None:
        self._text = text
        self._kind = kind

    def select(self, query: Query, within: Node | None = None) -> Sequence[Node]:  # noqa: ARG002  as a Body's
        raise _unfit(
            query, self._kind, worded("error_use_regex", "use `regex:`; without `extract:` all of its text is watched")
        )

    def text(self) -> str:
        return clean(self._text)


def _unfit(query: Query, kind: str, advice: str) -> PageError:
    wanted, called = _CALLED[query.language]
    what = f"{called} {query.expression!r}" if query.expression else called
    return PageError(
        worded(
            "error_unfit",
            "the page is {kind}, not {wanted}, so the {what} has nothing to select from; {advice}",
            kind=kind,
            wanted=wanted,
            what=what,
            advice=advice,
        )
    )


def _read_text(node: Node, selector: Selector) -> str | None:
    """Return what is read of a node without attributes: a text, or an entry of a feed."""
    if selector.attr or isinstance(node, (Element, JsonNode)):
        return None
    if isinstance(node, Entry):
        return node.text()
    if selector.query and selector.query.language is Language.PRODUCT and selector.type is ValueType.STOCK:
        return stock_of(node) or node
    return clean(node)


def _part(query: Query, within: Node) -> Sequence[Node]:
    if not isinstance(within, Entry):
        raise PageError(
            worded(
                "error_feed_part",
                "{part} is a part of an entry, and the rows are no entries; use `feed: true` for them",
                part=repr(query.expression),
            )
        )
    text = within.part(query.expression)
    return [] if text is None else [text]


def _source(node: Node | None) -> Element | JsonNode | str | None:
    return node.source if isinstance(node, Entry) else node


def _xml_css(css: str) -> str:
    """Return the selector as it must be asked of XML, where `dc|title` is `title` with that prefix."""
    plain = native_in_xml(_CSS_PREFIX.sub(_without_prefix, css))
    if plain is None:
        raise PageError(
            worded(
                "error_plain_css",
                "{css} is more than plain CSS, which is all that XML takes; use `xpath:`",
                css=repr(css),
            )
        )
    return plain


def _without_prefix(match: re.Match[str]) -> str:
    return f'{match["name"]}[{PREFIX}="{match["prefix"]}"]' if match["name"] else match[0]


def _link_attribute(selector: Selector, element: Element) -> str | None:
    """Return where an element keeps its URL: `type: url` on a link means its target, not its text."""
    if selector.type is not ValueType.URL:
        return None
    return next((name for name in ("href", "src") if element.attr(name) is not None), None)


def _readable(escape: re.Match[str]) -> str:
    """Return the character, unless it is a half of one, or means something in JSON."""
    code = int(escape[1], 16)
    return chr(code) if code >= 0xA0 and not 0xD800 <= code <= 0xDFFF else escape[0]
