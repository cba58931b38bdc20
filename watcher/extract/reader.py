"""Reads values and rows out of one open page, and says what to do when they are not there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Context, Decimal
from functools import cached_property, partial
from itertools import islice
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.conditions import holds
from watcher.core.cpu_budget import CpuBudget
from watcher.core.values import Money, Row, Rows, Stock, Value, ValueType, show
from watcher.core.watch import Items, Language, Pick, Query, Selector
from watcher.core.wording import Worded, said_by, worded
from watcher.core.words import cut
from watcher.errors import MissingError, PageError, SlowPageError, UnparsableError
from watcher.extract.body import Body, Node
from watcher.extract.feeds import Entry
from watcher.extract.json_values import JsonNode
from watcher.extract.numbers import quoted
from watcher.extract.text import bounded, one_line
from watcher.extract.values import Origin, typed

MAX_ROWS = 10_000
_KEY_CHARACTERS = 60
"""Of a key in a message; a key itself may be as long as any text."""
_EXACT = Context(prec=100)  # a number has 38 digits at most and a scale 60, so no product is rounded
_STOCK_WORDS = frozenset(state.value for state in Stock)
_MARKUP = (Language.CSS, Language.XPATH)
_ANYWHERE = Origin()
_TITLE = Query(Language.FEED, "title")
_UNTOLD_CURRENCY = (
    "is the sign of several currencies, and the page does not tell which; write `currency:`, as `currency: {}`"
)


class Found(Struct, frozen=True, kw_only=True):
    """
    What a selector found.

    Attributes:
        matched: the number of nodes that it matches; those that `regex` does not match are none.
        raw: the text, or the attribute, of the one that counts; None when there is none.
        is_ambiguous: nothing says which one counts, and their texts differ.
    """

    matched: int
    raw: str | None
    is_ambiguous: bool = False


class Listing(Struct, frozen=True, kw_only=True):
    """The rows of interest by key, in the order of the page, and the number of all of them."""

    rows: Rows
    row_count: int


class Reader:
    """Reads one page. Where nothing else is said, methods raise what `look` raises. `budget`: what that may take."""

    def __init__(self, body: Body, url: str, budget: CpuBudget) -> None:
        self._body = body
        self._url = url
        self.budget = budget
        self._notes: dict[str, str] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What the operator should know of what was read so far: a line for each value."""
        return tuple(self._notes.values())

    def value(
        self, name: str, selector: Selector, *, row: Node | None = None, where: Callable[[], str] = lambda: "the page"
    ) -> Value:
        """
        Return the value that the selector finds on the page, or in a row, where a text is on one line.

        Args:
            where: says which row it is; asked only where that is told, for a list may have thousands.
        """
        found = self.find(selector, row)
        if found.is_ambiguous:
            self._notes.setdefault(name, note(name, selector, found.matched, "" if row is None else where()))
        raw = None if found.raw is None else _mapped(selector, found.raw)
        if selector.optional and (raw is None or (raw == "" and selector.type is not ValueType.TEXT)):
            return None
        if raw is None:
            raise MissingError(self._missing(name, selector, row, where))
        try:
            told = self._told_stock(name, raw) if selector.type is ValueType.STOCK and row is None else None
            value = told or scaled(self._typed(raw, selector), selector.scale)
        except UnparsableError as error:
            raise UnparsableError(
                worded("error_of_value", "{name}: {problem}", name=name, problem=said_by(error))
            ) from error
        if isinstance(value, Money) and value.currency and value.code is None:
            untold = _UNTOLD_CURRENCY.format("CNY` or `currency: JPY" if value.currency == "¥" else "USD")
            self._notes.setdefault(f"currency of {name}", f"{name}: {value.currency} {untold}")
        return value

    def listing(self, items: Items, nodes: Sequence[Node]) -> Listing:
        """Return the rows of a list, which are these nodes."""
        rows: dict[str, Row] = {}
        key_selector = replace(items.key, optional=True)  # a row without one has its own error
        entries: dict[str, Entry] = {}
        for number, node in enumerate(self._in_time(nodes), 1):
            key = self._key(key_selector, node, number)
            if key in rows and isinstance(node, Entry) and node.repeats(entries[key]):
                continue  # feeds repeat entries, and the first is the newest
            if key in rows:
                raise PageError(
                    worded(
                        "error_same_key",
                        "two rows have the key {key}; choose a `key:` that only one row has",
                        key=quoted(key),
                    )
                )
            if isinstance(node, Entry):
                entries[key] = node
            where = partial(_said_row, number, key)
            rows[key] = {name: self.value(name, field, row=node, where=where) for name, field in items.fields.items()}
        wanted = {key: row for key, row in rows.items() if self._is_of_interest(items, key, row)}
        return Listing(rows=wanted, row_count=len(rows))

    def link(self, selector: Selector, name: str = "link") -> str | None:
        """Return the URL that the selector finds."""
        value = self.value(name, replace(selector, type=ValueType.URL))
        return value if isinstance(value, str) else None

    def find(self, selector: Selector, row: Node | None = None) -> Found:
        """Return what the selector finds on the page or in the row; one without a query finds all of it."""
        texts = self._found(selector, row)
        picked = _picked(selector.pick, texts)
        return Found(
            matched=len(texts),
            raw=None if picked is None else bounded(picked),
            is_ambiguous=selector.pick is None and len(texts) > 1 and len(set(texts)) > 1,
        )

    def matches(self, selector: Selector, row: Node | None = None, *, most: int) -> Sequence[Value]:
        """Return the first values that the selector could read, at most so many; what is no value as its text."""
        texts = (bounded(text) for text in self._found(selector, row) if text is not None)
        return [self._value_or_text(selector, text) for text in islice(texts, most)]

    def value_of(self, node: Node, selector: Selector) -> Value:
        """Return the value that the selector would read of this node; None where that is none of its type."""
        text = self._body.read(node, selector)
        if text is not None and selector.regex is not None:
            text = self._narrowed(selector.regex, text)
        if not text:
            return None
        try:
            return scaled(self._typed(_mapped(selector, bounded(text)), selector), selector.scale)
        except UnparsableError:
            return None

    def nodes(self, query: Query) -> Sequence[Node]:
        """Return what the query finds on the page."""
        return self._body.select(query)

    def row_nodes(self, items: Items, is_end: Callable[[], bool] = lambda: False) -> Sequence[Node]:
        """Return the nodes of the list's rows; none only when the page says so, or ends a list that has some."""
        nodes = self._body.select(items.query)
        if len(nodes) > MAX_ROWS:
            raise PageError(
                worded(
                    "error_many_rows",
                    "the list {query} has {rows} rows, more than {most}",
                    query=repr(str(items.query)),
                    rows=f"{len(nodes):,}",
                    most=f"{MAX_ROWS:,}",
                )
            )
        if len(nodes) == 1 and isinstance(node := nodes[0], JsonNode) and isinstance(node.value, list):
            rows = f"{items.query}[*]"
            raise PageError(
                worded(
                    "error_array",
                    "the list {query} is one array and not its rows; write {rows}",
                    query=repr(str(items.query)),
                    rows=repr(rows),
                )
            )
        if not nodes and not (items.empty_when and self._body.select(items.empty_when)) and not is_end():
            raise MissingError(self._empty_list(items))
        return nodes

    def _texts(self, selector: Selector, row: Node | None) -> list[str | None]:
        """Return what is read of each node; None for one that lacks the attribute."""
        if selector.query is None and row is None:
            text = self._body.text()
            return [text] if text else []
        nodes = self._within(selector.query, row)
        is_one_of_row = row is not None and len(nodes) == 1  # then the time was looked at for the row
        texts = [self._body.read(node, selector) for node in (nodes if is_one_of_row else self._in_time(nodes))]
        if row is None or selector.type is ValueType.STOCK:
            return texts
        return [None if text is None else one_line(text) for text in texts]

    def _found(self, selector: Selector, row: Node | None) -> list[str | None]:
        """Return the texts, as `regex` narrows them."""
        texts = self._texts(selector, row)
        if selector.regex is None:
            return texts
        narrowed = (self._narrowed(selector.regex, text) for text in texts if text is not None)
        return [text for text in narrowed if text is not None]

    def _value_or_text(self, selector: Selector, text: str) -> Value:
        try:
            return scaled(self._typed(_mapped(selector, text), selector), selector.scale)
        except UnparsableError:
            return text

    def _narrowed(self, pattern: str, text: str) -> str | None:
        """Return the first group of the first match, or all of it; None without a match."""
        match = self.budget.search(pattern, text)
        if match is None:
            return None
        found = match[1] if match.re.groups else match[0]
        return found.strip() if isinstance(found, str) else None

    def _is_of_interest(self, items: Items, key: str, row: Row) -> bool:
        return not items.where or all(holds(each, {**row, "key": key}, self.budget) for each in items.where)

    def _in_time(self, nodes: Iterable[Node]) -> Iterator[Node]:
        """Yield the nodes, as long as there is time to read them. Raises SlowPageError."""
        for node in nodes:
            if self.budget.is_spent:
                raise SlowPageError(worded("error_slow_page", "the page takes too long to read here"))
            yield node

    def _within(self, query: Query | None, row: Node | None) -> Sequence[Node]:
        if query is None:
            return [] if row is None else [row]
        return [] if isinstance(row, str) else self._body.select(query, row)  # nothing is within a text

    def _typed(self, text: str, selector: Selector) -> Value:
        match selector.type:
            case ValueType.STOCK if text in _STOCK_WORDS:
                return text
            case ValueType.URL:
                return typed(text, selector.type, Origin(base_url=self._base_url))
            case ValueType.MONEY:
                is_prose = selector.attr is None and (selector.query is None or selector.query.language in _MARKUP)
                language = self._body.language() or (self._language if {"¥", "￥"}.intersection(text) else "")
                origin = Origin(language=language, host=self._host, is_prose=is_prose)
                return typed(text, selector.type, origin, currency=selector.currency)
            case _:
                return typed(text, selector.type, _ANYWHERE)

    @cached_property
    def _language(self) -> str:
        """That of a page that names none: Japanese where it has kana, Chinese where it has few beside its Han."""
        kana, han = (len(re.findall(f"[{each}]", self._body.text()[:50_000])) for each in ("ぁ-ゖァ-ヺ", "一-鿿"))
        return "ja" if kana * 10 > han else "zh" if han else ""

    @cached_property
    def _host(self) -> str:
        return urlsplit(self._url).hostname or ""

    def _told_stock(self, name: str, text: str) -> Stock | None:
        """Return what the page tells machines where the text says several things, or nothing, of the stock."""
        if not text or text in _STOCK_WORDS:
            return None
        from watcher.extract.stock import is_split, said  # 20 ms, and few watches read stock

        states = said(text).states
        told = self._body.stock() if len(states) != 1 and not is_split(text) else None
        if told is None or (states and told not in states):
            return None
        problem = "says several things" if states else "is no state of stock that a watch knows"
        self._notes.setdefault(
            name,
            f"{name}: {quoted(one_line(text))} {problem}; the page's product data (schema.org) says {show(told)}, "
            "which is read",
        )
        return told

    @cached_property
    def _base_url(self) -> str:  # looking for `<base>` takes 30 µs for 100 kB, and most watches read no link
        return self._body.base_url(self._url)

    def _key(self, selector: Selector, row: Node, number: int) -> str:
        value = self.value(
            "key", selector, row=row, where=lambda: worded("error_row_number", "row {number}", number=number)
        )
        if value is None or value == "":
            raise MissingError(
                worded(
                    "error_no_key",
                    "row {number} has no key ({what}); "
                    "let the list match only rows that have one, as `css: tr:has(td.code)` does",
                    number=number,
                    what=described(selector),
                )
            )
        return show(value)

    def _missing(self, name: str, selector: Selector, row: Node | None, where: Callable[[], str]) -> Worded:
        """Return why a value is missing; of a page that scripts fill, what to do."""
        what = described(selector)
        if row is not None:
            problem = worded("error_not_in_row", "{name}: {what} is not on {row}", name=name, what=what, row=where())
            has_summary = isinstance(row, Entry) and selector.query == _TITLE and row.part("summary") is not None
            return _with_summary(problem, name) if has_summary else problem
        return self._as_shell(worded("error_not_on_page", "{name}: {what} is not on the page", name=name, what=what))

    def _empty_list(self, items: Items) -> Worded:
        query = repr(str(items.query))
        if items.empty_when:
            shown = repr(str(items.empty_when))
            return self._as_shell(
                worded(
                    "error_empty_list_said",
                    "the list {query} is empty, and {shown} does not say that it may be",
                    query=query,
                    shown=shown,
                )
            )
        empty = worded("error_empty_list", "the list {query} is empty", query=query)
        if self._body.is_shell():
            return self._as_shell(empty)
        return worded(
            "error_empty_when",
            "{problem}; if it may be empty, set `empty_when:` to what the page shows then",
            problem=empty,
        )

    def _as_shell(self, problem: Worded) -> Worded:
        """Return a problem with what to do about a page that scripts fill, when this is one."""
        if not self._body.is_shell():
            return problem
        return worded(
            "error_shell", "{problem}; this page is filled by JavaScript: look for its JSON request", problem=problem
        )


def _with_summary(problem: Worded, name: str) -> Worded:
    return worded(
        "error_no_title",
        "{problem}; posts without titles have a summary: write `fields: {{{name}: summary}}`",
        problem=problem,
        name=name,
    )


def _said_row(number: int, key: str) -> Worded:
    return worded("error_row", "row {number} ({key})", number=number, key=cut(key, _KEY_CHARACTERS))


def note(name: str, selector: Selector, matched: int, where: str = "") -> str:
    """Return the line that says that the first of several matches is read."""
    of_row = f" in {where}" if where else ""
    return (
        f"{name}: {described(selector)} matches {matched:,} elements{of_row}, the first is read; "
        "say `pick: first` if that is meant"
    )


def described(selector: Selector) -> str:
    """Return what the selector looks for, in words."""
    match selector.query:
        case None:
            what: str = worded("error_the_text", "the text")
        case Query(language=Language.FEED):
            what = worded("error_of_entry", "the entry's {part}", part=selector.query)
        case Query(language=Language.PRODUCT):
            what = worded("error_of_product", "the product's {part}", part=selector.query)
        case _:
            what = repr(str(selector.query))
    if selector.regex is not None:
        what = worded("error_regex_in", "`regex` {regex} in {what}", regex=repr(selector.regex), what=what)
    return worded("error_attr_of", "`{attr}` of {what}", attr=selector.attr, what=what) if selector.attr else what


def scaled(value: Value, scale: Decimal | None) -> Value:
    """Return a number or an amount multiplied, exactly; an integer may become a decimal number."""
    if scale is None:
        return value
    match value:
        case Money(amount=amount):
            return replace(value, amount=_EXACT.multiply(amount, scale))
        case bool():
            return value
        case int():
            product = _EXACT.multiply(Decimal(value), scale)
            return int(product) if product == product.to_integral_value() else product
        case Decimal():
            return _EXACT.multiply(value, scale)
        case _:
            return value


def _mapped(selector: Selector, text: str) -> str:
    if not selector.mapping and selector.default is None:
        return text  # as nearly every selector has it
    other = text if selector.default is None else selector.default
    mapping = dict(selector.mapping)
    if selector.type is ValueType.STOCK and text not in mapping:
        return mapping.get(one_line(text), other)  # which is how the advice writes it
    return mapping.get(text, other)


def _picked(pick: Pick | None, texts: Sequence[str | None]) -> str | None:
    if not texts:
        return None
    match pick:
        case None | Pick.FIRST:
            return texts[0]
        case Pick.LAST:
            return texts[-1]
        case Pick.ALL:
            return _together(texts, "\n")
        case Pick.JOINED:
            return _together([None if text is None else one_line(text) for text in texts], " ")


def _together(texts: Sequence[str | None], separator: str) -> str | None:
    present = [text for text in texts if text is not None]
    return separator.join(filter(None, present)) if present else None
