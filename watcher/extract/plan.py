"""
What a snapshot answers: which extraction, and by which engine.

Asked at each check, even where the page is not read, so it imports neither engine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.metadata import version

from watcher.core.watch import (
    WHOLE_PAGE,
    Extraction,
    Items,
    NextPages,
    NumberedPages,
    Pages,
    Pick,
    Scope,
    Selector,
    Values,
)

READING = 22
"""Version of our own reading of text and values; raise it where values are read in another way (`core.rereading`)."""
ENGINE = ", ".join(
    [*(f"{name} {version(name)}" for name in ("turbohtml", "soupsieve", "python-jsonpath")), f"reading {READING}"]
)
"""Name and version of what reads pages."""


def plan(extraction: Extraction, link: str | Selector | None, scope: Scope = WHOLE_PAGE) -> str:
    """
    Return a fingerprint of what is extracted, the same in every process.

    The order of values, `optional`, `max_step`, `empty_when`, `rolling` and how many pages a list may have do not
    change what a value is, so they do not count; nor does saying `pick: first` where the first is read anyway.
    """
    match extraction:
        case Values(selectors=selectors):
            parts = ["values", *_signatures(selectors)]
        case Items(query=query, key=key, fields=fields, where=where, pages=pages):
            parts = ["items", repr(query), _signature(key), *_signatures(fields), "where", *map(repr, where)]
            parts += _pages_parts(pages)
    if isinstance(link, Selector):
        parts += ["link", _signature(link)]
    if scope != WHOLE_PAGE:
        parts += ["scope", _scope_signature(scope)]
    return hashlib.blake2b("\0".join(parts).encode(errors="surrogatepass"), digest_size=12).hexdigest()


def _scope_signature(scope: Scope) -> str:
    """Return the scope; as it was written before there was `json_in`, where it has none, so that no plan changes."""
    return repr(scope) if scope.json_in is not None else repr(scope).replace(", json_in=None)", ")")


def _signatures(selectors: Mapping[str, Selector]) -> list[str]:
    return sorted(f"{name}\0{_signature(selector)}" for name, selector in selectors.items())


def _pages_parts(pages: Pages | None) -> list[str]:
    match pages:
        case None:
            return []
        case NextPages(link=link):
            return ["next", _signature(link)]
        case NumberedPages(param=param, first=first):
            return ["numbered", param, str(first)]


def _signature(selector: Selector) -> str:
    pick = selector.pick or Pick.FIRST
    found = (selector.query, selector.attr, selector.regex, pick, selector.mapping)
    others: tuple[str, ...] = () if selector.default is None else (selector.default,)
    others += () if selector.currency is None else ("in", selector.currency)
    return repr((*found, selector.type.value, selector.scale, *others))
