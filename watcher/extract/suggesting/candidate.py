"""What is suggested, and how a watch that reads it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from watcher.core.values import Json, ValueType
from watcher.core.watch import Extraction, Items, Language, NextPages, NumberedPages, Pages, Query, Selector, Values


class Kind(StrEnum):
    """What a candidate is found in."""

    FEED = "feed"
    PRODUCT = "product"
    JSON = "json"
    TABLE = "table"
    LIST = "list"
    VALUE = "value"


class Candidate(Struct, frozen=True, kw_only=True):
    """
    Something on a page that a watch can follow.

    Attributes:
        why: why it is suggested: a sentence for people.
        texts: what it finds now, as readers are shown it: a line for each value, or for each of the first rows; none
            of a feed at another address, which was not fetched.
        watch: the body of a watch in the words of watches.yaml, without `topic`.
        score: from 0 to 100; the best is first.
    """

    kind: Kind
    why: str
    texts: tuple[str, ...]
    watch: Mapping[str, Json]
    score: float


class Suggestions(Struct, frozen=True, kw_only=True):
    """
    What a page suggests.

    Attributes:
        candidates: the best first; none of which two find the same.
        problem: a sentence on why the page suggests nothing, or less than people see on it; None when all is well.
        title: what a watch of the page is named after; empty where nothing says it.
        is_private: the page stands at an address that is asked only where `allow_private` says so; the candidates do.
    """

    candidates: tuple[Candidate, ...] = ()
    problem: str | None = None
    title: str = ""
    is_private: bool = False


class CandidateDraft(Struct, frozen=True, kw_only=True):
    """
    A candidate that nobody has read yet.

    Attributes:
        plainer: what is suggested where it cannot be read so.
        json_in: the element whose JSON is read, in place of the page.
        is_wanted: it was found by what somebody looks for.
    """

    kind: Kind
    why: str
    extraction: Extraction
    score: float
    plainer: Extraction | None = None
    json_in: Query | None = None
    is_wanted: bool = False


def body_of(
    url: str, extraction: Extraction, json_in: Query | None = None, exclude: Sequence[Query] = ()
) -> dict[str, Json]:
    """Return a watch of this page in the words of watches.yaml, without `topic`."""
    body: dict[str, Json] = {"url": url}
    if exclude:
        body["exclude"] = [_selector(Selector(query=each)) for each in exclude]
    if json_in is not None:
        body["json_in"] = _selector(Selector(query=json_in))
    match extraction:
        case Values(selectors=selectors):
            return body | {"extract": {name: _selector(each) for name, each in selectors.items()}}
        case Items(pages=pages) as items:
            body["items"] = _items(items)
            return body if pages is None else body | {"pages": _pages(pages)}


def _items(items: Items) -> dict[str, Json]:
    if items.query.language is Language.FEED:
        # What each entry has goes without saying.
        told = {name: each for name, each in items.fields.items() if each.query != Query(Language.FEED, name)}
        fields: dict[str, Json] = {name: _selector(each, Language.FEED) for name, each in told.items()}
        return {"feed": True, "fields": fields} if fields else {"feed": True}
    language = items.query.language
    written: dict[str, Json] = {language.value: items.query.expression, "key": _selector(items.key, language)}
    if items.fields:
        written["fields"] = {name: _selector(each, language) for name, each in items.fields.items()}
    return written | ({"rolling": True} if items.rolling else {})


def _pages(pages: Pages) -> dict[str, Json]:
    match pages:
        case NextPages(link=link):
            return {"next": _selector(_without_defaults(link))}
        case NumberedPages(param=param, first=first):
            return {"param": param, "from": first}


def _without_defaults(link: Selector) -> Selector:
    """Return the selector of a link without what is said of every link."""
    return Selector(query=link.query, attr=None if link.attr == "href" else link.attr, regex=link.regex)


def _selector(selector: Selector, usual: Language = Language.CSS) -> Json:
    """Return the selector as it is written: a text where it says nothing but its query in the usual language."""
    written: dict[str, Json] = {}
    if selector.query is not None:
        written[_key(selector.query.language)] = selector.query.expression
    for key, value in (("attr", selector.attr), ("regex", selector.regex), ("pick", selector.pick)):
        if value is not None:
            written[key] = str(value)
    if selector.type is not ValueType.TEXT and not _is_implied(selector):
        written["type"] = selector.type.value
    if selector.currency is not None:
        written["currency"] = selector.currency
    if selector.optional:
        written["optional"] = True
    return written[_key(usual)] if written.keys() == {_key(usual)} else written


def _key(language: Language) -> str:
    return "part" if language is Language.FEED else language.value


def _is_implied(selector: Selector) -> bool:
    """Return whether the type goes without saying."""
    is_product = selector.query is not None and selector.query.language is Language.PRODUCT
    return is_product or (selector.currency is not None and selector.type is ValueType.MONEY)
