"""Reads values and rows out of one open page, and says what to do when they are not there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from turbohtml import Element

from watcher.core.conditions import holds
from watcher.core.values import Row, Rows, Value, ValueType, show
from watcher.core.watch import Items, Selector
from watcher.errors import MissingError, PageError, UnparsableError
from watcher.extract.body import Body
from watcher.extract.text import bounded, clean, one_line, text_of
from watcher.extract.values import typed

MAX_ROWS = 10_000
_SHELL_CHARS = 200  # a page with scripts and less text than this is filled by them


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """
    What a selector found.

    Attributes:
        matched: the number of elements that it matches.
        raw: the text, or the attribute, of the first; None when there is none.
    """

    matched: int
    raw: str | None


class Reader:
    """Reads one page. Where nothing else is said, methods raise what `observe` raises."""

    __slots__ = ("_base_url", "_body")

    def __init__(self, body: Body, url: str) -> None:
        self._body = body
        self._base_url = body.base_url(url)

    def value(self, name: str, selector: Selector, *, row: Element | None = None, where: str = "the page") -> Value:
        """Return the value of the first match on the page, or in a row, where a text is on one line."""
        raw = self.find(selector, row).raw
        if selector.optional and (raw is None or (raw == "" and selector.type is not ValueType.TEXT)):
            return None
        if raw is None:
            raise MissingError(f"{name}: {_described(selector)} is not on {where}{self._shell_advice(row)}")
        try:
            return typed(raw if row is None else one_line(raw), selector.type, base_url=self._base_url)
        except UnparsableError as error:
            raise UnparsableError(f"{name}: {error}") from error

    def rows(self, items: Items) -> Rows:
        """Return the rows of interest by key, in the order of the page."""
        rows: dict[str, Row] = {}
        key_selector = replace(items.key, optional=True)  # a row without one has its own error
        for number, element in enumerate(self.row_elements(items), 1):
            key = self._key(key_selector, element, number)
            if key in rows:
                raise PageError(f"two rows have the key {key!r}; choose a `key:` that only one row has")
            where = f"row {number} ({key})"
            rows[key] = {
                name: self.value(name, field, row=element, where=where) for name, field in items.fields.items()
            }
        return {key: row for key, row in rows.items() if _is_of_interest(items, key, row)}

    def link(self, selector: Selector) -> str | None:
        """Return the URL that the selector finds."""
        value = self.value("link", replace(selector, type=ValueType.URL))
        return value if isinstance(value, str) else None

    def find(self, selector: Selector, row: Element | None = None) -> Found:
        """Return what the selector finds on the page or in the row; a CSS-less one finds all of it."""
        if selector.query is None and row is None:
            return Found(matched=1, raw=bounded(self._body.text()) or None)
        elements = self._body.select(selector.query.expression, row) if selector.query else [row] if row else []
        return Found(matched=len(elements), raw=_raw(selector, elements[0]) if elements else None)

    def row_elements(self, items: Items) -> list[Element]:
        """Return the elements of the list's rows; none only when the page says so."""
        elements = list(self._body.select(items.query.expression))
        if len(elements) > MAX_ROWS:
            raise PageError(f"the list {items.query.expression!r} has {len(elements):,} rows, more than {MAX_ROWS:,}")
        if not elements and not (items.empty_when and self._body.select(items.empty_when.expression)):
            raise MissingError(self._empty_list(items))
        return elements

    def _key(self, selector: Selector, row: Element, number: int) -> str:
        value = self.value("key", selector, row=row, where=f"row {number}")
        if value is None or value == "":
            raise MissingError(
                f"row {number} has no key ({_described(selector)}); "
                "let `css:` of the list match only rows that have one, as `tr:has(td.code)` does"
            )
        return show(value)

    def _empty_list(self, items: Items) -> str:
        if items.empty_when:
            return (
                f"the list {items.query.expression!r} is empty, and {items.empty_when.expression!r} does not say that "
                "it may be"
                f"{self._shell_advice(None)}"
            )
        advice = self._shell_advice(None) or "; if it may be empty, set `empty_when:` to what the page shows then"
        return f"the list {items.query.expression!r} is empty{advice}"

    def _shell_advice(self, row: Element | None) -> str:
        """Return what to do about a page that scripts fill, when this is one."""
        is_shell = row is None and len(self._body.text()) < _SHELL_CHARS and self._body.select("script")
        return "; this page is filled by JavaScript: look for its JSON request" if is_shell else ""


def _raw(selector: Selector, element: Element) -> str | None:
    """Return the text or the attribute that the selector reads of an element; None for an attribute it lacks."""
    attribute = selector.attr or _link_attribute(selector, element)
    if attribute is None:
        return bounded(text_of(element))
    found = element.attr(attribute.lower())
    return None if found is None else bounded(clean(found))


def _link_attribute(selector: Selector, element: Element) -> str | None:
    """Return where an element keeps its URL: `type: url` on a link means its target, not its text."""
    if selector.type is not ValueType.URL:
        return None
    return next((name for name in ("href", "src") if element.attr(name) is not None), None)


def _is_of_interest(items: Items, key: str, row: Row) -> bool:
    return not items.where or all(holds(condition, {**row, "key": key}) for condition in items.where)


def _described(selector: Selector) -> str:
    css = "the text" if selector.query is None else repr(selector.query.expression)
    return f"`{selector.attr}` of {css}" if selector.attr else css
