"""`extract` and `items` → what is read from a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from msgspec.structs import replace

from watcher.config.explain import did_you_mean
from watcher.config.models import (
    ENTRY_SETTINGS,
    OPERATORS,
    ItemsModel,
    PagesModel,
    QueryModel,
    SelectorModel,
    WatchModel,
)
from watcher.config.names import NAME, WRONG_NAME
from watcher.config.queries import checked, query_of
from watcher.config.report import Report
from watcher.config.request import check_link
from watcher.config.rules import KEY, NUMERIC, implied_types, where_of
from watcher.config.scalars import shown
from watcher.core.urls import looks_like_web_url
from watcher.core.values import SINGLE_VALUE, Stock, ValueType
from watcher.core.watch import (
    Extraction,
    Items,
    Language,
    NextPages,
    NumberedPages,
    Pages,
    Query,
    Selector,
    Step,
    Values,
)
from watcher.extract.queries import FEED_PARTS

MAX_SELECTORS = 50

_RESERVED = OPERATORS | ENTRY_SETTINGS | {KEY}
_LANGUAGES = ("css", "xpath", "jsonpath")
_STOCK_WORDS = frozenset(Stock)
_PRODUCT_TYPES = {"price": ValueType.MONEY, "availability": ValueType.STOCK}
_PART_TYPES = {"link": ValueType.URL, "published": ValueType.DATE, "updated": ValueType.DATE}
_E = TypeVar("_E", Values, Items)
_READS_ITSELF = re.compile(r"@[\w:.-]+\)*\s*$|\btext\(\)\s*$|^\s*(?:string|concat|normalize-space)\(")
"""Such an XPath expression yields a text, not an element whose `href` could be read."""


def extraction_of(model: WatchModel, report: Report) -> Extraction:
    """Return what is read from the page. Mistakes go into the report."""
    if model.items is not None:
        if model.extract is not None:
            report.add("a watch has `extract` or `items`, not both", "extract", at_key=True)
        return _items(model.items, model, report)
    for key in ("where", "empty_when", "pages"):
        if key in model.given:
            report.add("is for pages with `items`", key, at_key=True)
    types = implied_types(model)
    if model.extract is None:
        whole = Selector(type=types.get(SINGLE_VALUE, ValueType.TEXT))
        return _with_step(Values(selectors={SINGLE_VALUE: whole}), model.max_step)
    selectors = _selectors(model.extract, Language.CSS, types, report.at("extract"), in_row=False)
    return _with_step(Values(selectors=selectors), model.max_step)


def link_of(model: WatchModel, report: Report) -> str | Selector | None:
    """Return what messages link to; a selector of a link reads `href` where it names no attribute."""
    match model.link:
        case None:
            return None
        case str() as text if looks_like_web_url(text):
            check_link(text, report)
            return text
        case written:
            return _link(written, _language(model.items), report.at("link"))


def _items(listed: ItemsModel, model: WatchModel, report: Report) -> Items:
    at = report.at("items")
    language, expression = _rows_of(listed, at)
    is_feed = language is Language.FEED
    types = implied_types(model)
    where, where_at = _either("where", listed, model, report)
    empty_when, empty_at = _either("empty_when", listed, model, report)
    pages, pages_at = _either("pages", listed, model, report)
    query = checked(language, expression, at, "" if is_feed else language.value, in_row=False)
    key = _key(listed, language, types, at)
    fields = {**({"title": "title", "link": "link"} if is_feed else {}), **listed.fields}
    items = Items(
        query=query,
        key=key,
        fields=_selectors(fields, language, types, at.at("fields"), in_row=True),
        empty_when=_query(empty_when, language, empty_at) if isinstance(empty_when, str | QueryModel) else None,
        rolling=is_feed if listed.rolling is None else listed.rolling,
        pages=_pages(pages, language, pages_at) if isinstance(pages, PagesModel) else None,
    )
    stepped = _with_step(items, model.max_step)
    return replace(stepped, where=where_of(where, stepped, where_at)) if isinstance(where, Mapping) else stepped


def _either(key: str, listed: ItemsModel, model: WatchModel, report: Report) -> tuple[object, Report]:
    """Return what stands within `items` or beside it, and its report."""
    if key not in listed.given:
        return getattr(model, key), report.at(key)
    if key in model.given:
        report.add(f"stands in `items` already; write `{key}` once", key, at_key=True)
    return getattr(listed, key), report.at("items", key)


def _rows_of(listed: ItemsModel, report: Report) -> tuple[Language, str]:
    given = [(Language(key), text) for key in _LANGUAGES if (text := getattr(listed, key)) is not None]
    given += [(Language.FEED, "")] if listed.feed else []
    if not given:
        report.add("must have one of `css`, `xpath`, `jsonpath` and `feed: true`", at_key=True)
        return Language.CSS, "*"
    if len(given) > 1:
        report.add(f"finds its rows by `{given[0][0]}` already", given[1][0], at_key=True)
    return given[0]


def _language(listed: ItemsModel | None) -> Language:
    if listed is None:
        return Language.CSS
    if listed.feed:
        return Language.FEED
    return next((Language(key) for key in _LANGUAGES if getattr(listed, key) is not None), Language.CSS)


def _key(listed: ItemsModel, language: Language, types: Mapping[str, ValueType], report: Report) -> Selector:
    if listed.key is None and language is not Language.FEED:
        if not listed.feed:
            report.add("is missing", "key")
        return Selector()
    written = "id" if listed.key is None else listed.key
    key = _selector(written, language, types.get(KEY), report.at("key"), in_row=True)
    if key.optional:
        report.add("a row without its key has no identity; remove this", "key", "optional")
    return key


def _selectors(
    models: Mapping[str, str | SelectorModel],
    language: Language,
    types: Mapping[str, ValueType],
    report: Report,
    *,
    in_row: bool,
) -> dict[str, Selector]:
    if len(models) > MAX_SELECTORS:
        report.add(f"has {len(models)} selectors, more than {MAX_SELECTORS}")
    for name in models:
        if name in _RESERVED:
            report.add(f"`{name}` has a meaning in conditions; call the value otherwise", name, at_key=True)
        elif not NAME.fullmatch(name):
            report.add(WRONG_NAME, name, at_key=True)
    return {
        name: _selector(model, language, types.get(name), report.at(name), in_row=in_row)
        for name, model in models.items()
    }


def _selector(
    written: str | SelectorModel, language: Language, implied: ValueType | None, report: Report, *, in_row: bool
) -> Selector:
    if isinstance(written, str):
        bare = _bare(written, language, report, in_row=in_row)
        return Selector(query=bare, type=implied or _type_of(bare))
    query = _query_of(written, language, report, in_row=in_row)
    selector = Selector(
        query=query,
        attr=written.attr,
        regex=written.regex,
        pick=written.pick,
        mapping=tuple(written.map.items()),
        default=written.default,
        type=written.type or (ValueType.MONEY if written.currency else implied) or _type_meant(written, query),
        scale=written.scale,
        currency=written.currency,
        optional=written.optional,
        max_step=written.max_step,
    )
    _check_steps(selector, written, report)
    return selector


def _bare(text: str, language: Language, report: Report, *, in_row: bool) -> Query:
    """Return the query of a text without a mapping."""
    if language is Language.FEED and not in_row:
        report.add("a feed has no selectors of its own; write a mapping with `css`, `xpath` or `jsonpath`")
        return Query(Language.FEED, "")
    return _part(text, report) if language is Language.FEED else checked(language, text, report, in_row=in_row)


def _part(name: str, report: Report, *parts: str) -> Query:
    if name not in FEED_PARTS:
        known = f"must be a part of an entry of a feed: {', '.join(FEED_PARTS)}"
        report.add(f"{known}; got {shown(name)}{did_you_mean(name, FEED_PARTS)}", *parts)
    return query_of(Language.FEED, name)


def _query_of(model: SelectorModel, language: Language, report: Report, *, in_row: bool) -> Query | None:
    """Return what finds the nodes; None where a regular expression searches the whole text."""
    given = [(key, text) for key in (*_LANGUAGES, "product", "part") if (text := getattr(model, key)) is not None]
    if not given:
        if model.regex is None:
            wanted = "`css`, `xpath`, `jsonpath`, `regex` or `product`"
            report.add(f"must say how the value is found: by one of {wanted}", at_key=True)
        return None
    if len(given) > 1:
        report.add(f"the value is found by `{given[0][0]}` already", given[1][0], at_key=True)
    key, text = given[0]
    if key != "part":
        return checked(Language(key), text, report, key, in_row=in_row)
    if not (in_row and language is Language.FEED):
        report.add("is for the fields of a list with `feed: true`", "part", at_key=True)
        return None
    return _part(text, report, "part")


def _type_of(query: Query | None) -> ValueType:
    """Return the type that a query leaves as the one choice; else text."""
    if query is None:
        return ValueType.TEXT
    if query.language is Language.PRODUCT:
        return _PRODUCT_TYPES.get(query.expression, ValueType.TEXT)
    return _PART_TYPES.get(query.expression, ValueType.TEXT) if query.language is Language.FEED else ValueType.TEXT


def _type_meant(model: SelectorModel, query: Query | None) -> ValueType:
    meant = [*model.map.values(), *([] if model.default is None else [model.default])]
    if model.map and all(word in _STOCK_WORDS for word in meant):
        return ValueType.STOCK
    by_query = _type_of(query)
    if by_query is ValueType.TEXT and (model.scale is not None or model.max_step is not None):
        return ValueType.NUMBER
    return by_query


def _check_steps(selector: Selector, written: SelectorModel, report: Report) -> None:
    if selector.type not in NUMERIC:
        for key in ("scale", "max_step"):
            if getattr(written, key) is not None:
                report.add(f"is for numbers and money, and this is a {selector.type}", key, at_key=True)
    if written.default is not None and not written.map:
        report.add("says what all other texts mean, so it goes with `map`", "default", at_key=True)
    if written.currency is not None and selector.type is not ValueType.MONEY:
        report.add(f"is for money, and this is a {selector.type}", "currency", at_key=True)
    is_text = (
        written.css is None and written.xpath is None and (selector.query is not None or selector.regex is not None)
    )
    if selector.attr is not None and is_text:
        report.add("reads an attribute of an element; it goes with `css` or `xpath`", "attr", at_key=True)


def _with_step(extraction: _E, step: Step | None) -> _E:
    """Return the extraction, the watch's `max_step` given to all numbers and amounts that have none."""
    if step is None:
        return extraction
    if isinstance(extraction, Items):
        return replace(extraction, fields={name: _stepped(field, step) for name, field in extraction.fields.items()})
    return replace(extraction, selectors={name: _stepped(value, step) for name, value in extraction.selectors.items()})


def _stepped(selector: Selector, step: Step) -> Selector:
    return replace(selector, max_step=selector.max_step or step) if selector.type in NUMERIC else selector


def _query(written: str | QueryModel, language: Language, report: Report) -> Query:
    if isinstance(written, str):
        return _bare(written, language, report, in_row=False)
    given = [(key, text) for key in _LANGUAGES if (text := getattr(written, key)) is not None]
    if not given:
        report.add("must have one of `css`, `xpath` and `jsonpath`", at_key=True)
        return Query.css("*")
    if len(given) > 1:
        report.add(f"has `{given[0][0]}` already", given[1][0], at_key=True)
    return checked(Language(given[0][0]), given[0][1], report, given[0][0], in_row=False)


def _pages(model: PagesModel, language: Language, report: Report) -> Pages | None:
    if model.next is not None:
        for key, name in (("param", "param"), ("from", "from_"), ("until", "until")):
            if name in model.given:
                report.add("goes with pages that are counted; there is `next` already", key, at_key=True)
        return NextPages(link=_link(model.next, language, report.at("next")), max_pages=model.max)
    if model.param is None:
        report.add("must have `next`, the selector of the link to the next page, or `param`", at_key=True)
        return None
    return NumberedPages(param=model.param, first=model.from_, max_pages=model.max)


def _link(written: str | SelectorModel, language: Language, report: Report) -> Selector:
    selector = _selector(written, language, ValueType.URL, report, in_row=False)
    if selector.type is not ValueType.URL:
        report.add("is a URL always; remove this", "type")
    return replace(selector, attr=selector.attr or _href(selector.query))


def _href(query: Query | None) -> str | None:
    match query:
        case Query(language=Language.CSS):
            return "href"
        case Query(language=Language.XPATH, expression=text) if not _READS_ITSELF.search(text):
            return "href"
        case _:
            return None
