"""
What a snapshot answers: which extraction, and by which engine.

Asked at each check, even where the page is not read, so it imports neither engine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.metadata import version

from watcher.core.watch import Extraction, Items, Selector, Values

READING = 1
"""Version of our own reading of text and values; raise it and every watch takes a new baseline without an alarm."""
ENGINE = f"turbohtml {version('turbohtml')}, soupsieve {version('soupsieve')}, reading {READING}"
"""Name and version of what reads pages."""


def plan(extraction: Extraction, link: str | Selector | None) -> str:
    """
    Return a fingerprint of what is extracted, the same in every process.

    The order of values, `optional`, `max_step`, `empty_when` and `rolling` do not change what a value is, so they do
    not count.
    """
    match extraction:
        case Values(selectors=selectors):
            parts = ["values", *_signatures(selectors)]
        case Items(query=query, key=key, fields=fields, where=where, pages=pages):
            parts = ["items", repr(query), _signature(key), *_signatures(fields), "where", *map(repr, where)]
            parts += ["pages", repr(pages)] if pages else []
    if isinstance(link, Selector):
        parts += ["link", _signature(link)]
    return hashlib.blake2b("\0".join(parts).encode(errors="surrogatepass"), digest_size=12).hexdigest()


def _signatures(selectors: Mapping[str, Selector]) -> list[str]:
    return sorted(f"{name}\0{_signature(selector)}" for name, selector in selectors.items())


def _signature(selector: Selector) -> str:
    return repr(
        (
            selector.query,
            selector.attr,
            selector.regex,
            selector.pick,
            selector.mapping,
            selector.type.value,
            selector.scale,
        )
    )
