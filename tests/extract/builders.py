"""Pages and watches for these tests, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import thread_time

from watcher.core.check import Observation
from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Page
from watcher.core.values import SINGLE, Row, ValueType
from watcher.core.watch import (
    Condition,
    Items,
    Language,
    Pick,
    Query,
    Request,
    Rule,
    Selector,
    Values,
    Watch,
)
from watcher.extract.observe import look, merge

URL = "https://shop.example/deals/list"


def page(
    body: str | bytes,
    *,
    media_type: str | None = "text/html",
    charset: str | None = None,
    encoding: str | None = None,
) -> Page:
    sent = body.encode() if isinstance(body, str) else body
    return Page(url=URL, body=sent, media_type=media_type, charset=charset, encoding=encoding)


def css(selector: str | None, type: ValueType = ValueType.TEXT, attr: str | None = None) -> Selector:  # noqa: A002
    return Selector(query=Query.css(selector) if selector else None, type=type, attr=attr)


def asked(
    language: Language,
    expression: str,
    type: ValueType = ValueType.TEXT,  # noqa: A002
    *,
    regex: str | None = None,
    pick: Pick | None = None,
    optional: bool = False,
) -> Selector:
    """Return a selector in any language."""
    query = Query(language, expression)
    return Selector(query=query, type=type, regex=regex, pick=pick, optional=optional)


def xpath(expression: str, type: ValueType = ValueType.TEXT) -> Selector:  # noqa: A002
    return asked(Language.XPATH, expression, type)


def jsonpath(expression: str, type: ValueType = ValueType.TEXT) -> Selector:  # noqa: A002
    return asked(Language.JSONPATH, expression, type)


def feed_list(*parts: str) -> Items:
    """Return the entries of a feed, with these parts."""
    return Items(
        query=Query(Language.FEED, ""),
        key=asked(Language.FEED, "id"),
        fields={part: asked(Language.FEED, part, optional=True) for part in parts},
    )


def items(
    rows: str = "tr",
    key: str = "td",
    *,
    fields: Mapping[str, Selector] | None = None,
    where: Sequence[Condition] = (),
    empty_when: str | None = None,
) -> Items:
    return Items(
        query=Query.css(rows),
        key=css(key),
        fields=fields or {},
        where=tuple(where),
        empty_when=Query.css(empty_when) if empty_when else None,
    )


def watch(
    extraction: Values | Items,
    *,
    must_contain: Sequence[str] = (),
    must_not_contain: Sequence[str] = (),
    link: str | Selector | None = None,
) -> Watch:
    """Return a watch of the page at `URL`."""
    return Watch(
        id="w",
        name="w",
        request=Request(url=URL),
        topics=("t",),
        extraction=extraction,
        rules=(Rule(conditions=()),),
        page_must_contain=tuple(must_contain),
        page_must_not_contain=tuple(must_not_contain),
        link=link,
    )


def single(body: str | bytes | Page, **selectors: Selector | str) -> Row:
    """Return the single values that these selectors find."""
    wanted = {name: each if isinstance(each, Selector) else css(each) for name, each in selectors.items()}
    return seen(body, Values(selectors=wanted)).rows[SINGLE]


def seen(body: str | bytes | Page, extraction: Values | Items, *, must_contain: Sequence[str] = ()) -> Observation:
    """Return what a watch sees on a page."""
    where = body if isinstance(body, Page) else page(body)
    return merge([look(where, watch(extraction, must_contain=must_contain), CpuBudget(thread_time, regex_seconds=2))])
