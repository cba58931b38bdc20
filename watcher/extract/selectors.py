"""
CSS selectors: whether one is valid, and which engine answers it.

soupsieve is the judge of both: what it refuses is refused, and a selector runs on turbohtml only where the
two are known to agree (a property test holds them together). By far the most selectors are plain: `PLAIN`
below is a subset of that common ground, so they need no soupsieve, whose import costs as much as a pass
over a hundred pages.
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soupsieve import SoupSieve
    from soupsieve.css_types import Selector, SelectorList

MAX_SELECTOR_CHARS = 1_000

_NAME = r"-?[^\W\d][\w-]*"
_VALUE = rf"""(?:"[^"\\\x00-\x1f]*"|'[^'\\\x00-\x1f]*'|{_NAME})"""
_ATTRIBUTE = rf"\[[ ]*{_NAME}[ ]*(?:[~^$*|]?=[ ]*{_VALUE}[ ]*(?:[ ][is])?[ ]*)?\]"
_NTH = r":nth-(?:last-)?(?:child|of-type)\([ ]*(?:odd|even|[0-9]{1,6}|[0-9]{0,6}n(?:[ ]*[+-][ ]*[0-9]{1,6})?)[ ]*\)"
_POSITION = r":(?:first|last|only)-(?:child|of-type)"
_SIMPLE = rf"(?:\#{_NAME}|\.{_NAME}|{_ATTRIBUTE}|{_NTH}|{_POSITION})"
_COMPOUND = rf"(?:(?:{_NAME}|\*){_SIMPLE}*|{_SIMPLE}+)"
_COMPLEX = rf"{_COMPOUND}(?:(?:[ ]*[>+~][ ]*|[ ]+){_COMPOUND})*"
_PLAIN = re.compile(rf"{_COMPLEX}(?:[ ]*,[ ]*{_COMPLEX})*")

# In quirks mode (a page without a doctype) turbohtml compares classes and ids without case, as browsers do;
# soupsieve never does. Strings come first, so that what looks like a class in them is passed over.
_CLASS_OR_ID = re.compile(r""""[^"]*"|'[^']*'|\#(?P<id>(?:[-\w]|[^\x00-\x7f])+)|\.(?P<cls>(?:[-\w]|[^\x00-\x7f])+)""")
# What soupsieve's parse keeps no trace of, or the rewriting below does not read.
_UNTRANSLATED = re.compile(r"""[\\\x00]|/\*|!=|:matches\(""", re.IGNORECASE)


def check_selector(css: str) -> None:
    """
    Return when `css` is a selector that a watch may use.

    Raises:
        ValueError: with the reason in one line. Also for more than `MAX_SELECTOR_CHARS` characters.
    """
    if len(css) > MAX_SELECTOR_CHARS:
        raise ValueError(f"the selector has {len(css):,} characters, more than {MAX_SELECTOR_CHARS:,}")
    if not _PLAIN.fullmatch(css):
        compiled(css)


def is_native(css: str) -> bool:
    """Return whether turbohtml answers the selector; else Beautiful Soup does. Raises ValueError when it is invalid."""
    return native(css) is not None


@lru_cache(maxsize=10_000)
def native(css: str) -> str | None:
    """
    Return the selector as turbohtml must be asked to answer like soupsieve, or None when it cannot.

    Native are type, class, id, attributes, combinators, `:nth-*`, `:first-…`, `:last-…` and `:only-…`, and
    `:not`, `:is`, `:where`, `:has` and `:scope` over these. Decided on soupsieve's parse, once per selector and
    never per page.

    Raises:
        ValueError: the selector is invalid.
    """
    if _PLAIN.fullmatch(css) or (not _UNTRANSLATED.search(css) and _agreed(compiled(css).selectors)):
        return _CLASS_OR_ID.sub(_with_case, css)
    return None


@lru_cache(maxsize=1_000)
def compiled(css: str) -> SoupSieve:
    """Return soupsieve's compiled selector. Raises ValueError with the reason in one line."""
    import soupsieve  # it imports Beautiful Soup: 60 ms that plain selectors do not need

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # `:contains` is an old name, and a good one
            # NOSTRICT: `:has(td > a)` too, as in browsers
            return soupsieve.compile(css, flags=soupsieve.NOSTRICT)
    except (ValueError, NotImplementedError, soupsieve.SelectorSyntaxError) as error:
        raise ValueError(_reason(css, str(error))) from error


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


def _with_case(match: re.Match[str]) -> str:
    """Return a class or an id as a comparison of an attribute, which is made with case in every mode."""
    if match["id"]:
        return f'[id="{match["id"]}"]'
    return f'[class~="{match["cls"]}"]' if match["cls"] else match[0]


def _agreed(selectors: SelectorList) -> bool:
    """Return whether both engines are known to give the same answers to all of these."""
    return not selectors.is_html and all(map(_agreed_compound, selectors.selectors))


def _agreed_compound(selector: Selector | object) -> bool:
    from soupsieve import css_types  # see `compiled`

    if not isinstance(selector, css_types.Selector):  # the null selector of `:is()` or `:hover`
        return False
    plain = not (selector.flags & ~css_types.SEL_SCOPE or selector.contains or selector.lang)
    tag_is_plain = selector.tag is None or selector.tag.prefix in (None, "*")
    attributes_are_plain = all(attribute.prefix == "" for attribute in selector.attributes)
    inner = (*selector.selectors, selector.relation, *(nth.selectors for nth in selector.nth))
    return plain and tag_is_plain and attributes_are_plain and all(map(_agreed, inner))
