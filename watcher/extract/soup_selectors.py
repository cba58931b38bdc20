"""
CSS selectors by soupsieve: whether one is valid, and whether turbohtml is known to answer it alike.

A module of its own, for soupsieve imports Beautiful Soup: 60 ms that plain selectors do not need.
"""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Final

import soupsieve
from soupsieve import SoupSieve, css_types
from soupsieve.css_types import Selector, SelectorList, SelectorNull

# Reads `:has(td > a)` as browsers do. soupsieve 2, the last for Python before 3.11.5, has no such flag and needs none.
_FLAGS: Final = getattr(soupsieve, "NOSTRICT", 0)


@lru_cache(maxsize=1_000)
def compiled(css: str) -> SoupSieve:
    """Return soupsieve's compiled selector. Raises ValueError with the reason in one line."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # `:contains` is an old name, and a good one
            return soupsieve.compile(css, flags=_FLAGS)
    except (ValueError, NotImplementedError, soupsieve.SelectorSyntaxError) as error:
        raise ValueError(_reason(css, str(error))) from error


def is_read_alike(selectors: SelectorList, *, in_has: bool = False) -> bool:
    """Return whether both engines are known to give the same answers to all of these."""
    return not selectors.is_html and all(_is_compound_read_alike(selector, in_has=in_has) for selector in selectors)


def _reason(css: str, text: str) -> str:
    """Return soupsieve's reason without its picture of the selector, and what to write where that is known."""
    reason = text.partition("\n")[0]
    if css.lstrip()[:1] in set(">+~"):
        return f"{reason}; write `:scope {css.strip()}` to start at the row"
    if css.lstrip().startswith(("/", "@")):
        return f"{reason}; this looks like XPath, and CSS is wanted"
    if "::" in css:
        return f"{reason}; CSS selects elements: use `attr:` for an attribute, and the text comes by itself"
    return reason


def _is_compound_read_alike(selector: Selector | SelectorNull, *, in_has: bool) -> bool:
    if not isinstance(selector, css_types.Selector):  # the null selector of `:is()` or `:hover`
        return False
    # Within `:has`, soupsieve takes `:scope` for nothing that is outside of it.
    flags = selector.flags if in_has else selector.flags & ~css_types.SEL_SCOPE
    plain = not (flags or selector.contains or selector.lang)
    tag_is_plain = selector.tag is None or selector.tag.prefix in (None, "*")
    attributes_are_plain = all(attribute.prefix == "" for attribute in selector.attributes)
    is_relative = any(str(each.rel_type).startswith(":") for each in selector.relation if each is not css_types.Null)
    inner = (*selector.selectors, selector.relation, *(nth.selectors for nth in selector.nth))
    return (
        plain
        and tag_is_plain
        and attributes_are_plain
        and all(is_read_alike(each, in_has=in_has or is_relative) for each in inner)
    )
