"""
The names of an element that are likely to stay, each as a simple selector with a cost: how soon it may die.

| cost | name | written as |
|---|---|---|
| 1 | an id, or what the element is by `itemprop`, `data-testid` and the like | `#price`, `[itemprop="price"]` |
| 1.5 | a tag that a page has few of; the type of an item | `h1`, `main`, `[itemtype$="/Product"]` |
| 2 | a class | `.product-price` |
| 2.5 | another attribute whose value is a name; that it has one | `[data-label="Price"]`, `[data-sku]` |
| 3.5 | a class that pages use for anything; a part that people gave | `.content`, `[class*="Price_value__"]` |
| 4 | the tag | `span` |

All are plain (`selectors.py`), so that turbohtml answers them: names that would need an escape stand in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from msgspec import Struct
from turbohtml import Element

from watcher.extract.lasting import MAX_CHARS, is_lasting, is_passing, stem_of
from watcher.extract.selectors import as_native

MOST_NAMES: Final = 8
PER_CHAR: Final = 0.03
"""What a character costs: of two that last as long, the shorter one is better."""
_MOST_CLASSES: Final = 30
_MOST_ATTRIBUTES: Final = 40
_MOST_TEXT_CHARS: Final = 300
_KIND: Final = frozenset(
    {
        *("itemprop", "property", "data-testid", "data-test", "data-test-id", "data-qa", "data-cy", "data-role"),
        *("data-hook", "data-ui", "data-component", "data-element", "data-field", "data-automation-id", "data-auto"),
    }
)
"""Attributes that say what an element is."""
_OTHERS: Final = frozenset(
    {"name", "role", "rel", "for", "headers", "aria-label", "aria-labelledby", "aria-controls", "aria-describedby"}
)
_ROOTS: Final = frozenset({"html", "body", "head"})
_TELLING: Final = frozenset(
    {"main", "article", "h1", "table", "form", "nav", "header", "footer", "aside", "time", "dl", "address", "meter"}
)
_GENERIC: Final = frozenset(
    re.findall(
        r"\w+",
        """
        area block body box button btn card cell col column component container content contents data detail details el
        element entry field footer grid group header holder icon image img info inner item items label layout link links
        list main media module node outer page panel part region root row section text title value view widget wrap
        wrapper
        """,
    )
)
_COMMON_ROLES: Final = frozenset(
    {"presentation", "none", "button", "link", "listitem", "list", "img", "group", "row", "cell", "tab", "heading"}
)
_TAG: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
_DATA: Final = re.compile(r"data-[a-z]+(?:-[a-z]+)*")
_OF_VALUES: Final = re.compile(
    r"price|amount|value|content|stock|avail|stat(?:e|us)|date|time|count|qty|quantity|total|text|href|url|src|img|image"
)
"""Attributes that may hold what is watched: that they are there tells something, and their value nothing."""
_OF_SCRIPTS: Final = re.compile(
    r"data-(?:v|s|n|ng|react|astro|svelte|emotion|styled|radix|headlessui|ved|hveid|aos|wow|bs|toggle|target|dismiss|ride"
    r"|slide|index|idx|pos|position|ga|gtm|track|tracking|analytics|event|ajax|tooltip|placement|lazy|loaded|src|srcset"
    r"|bg|active|open|hover|animate|delay|duration|offset|turbo|controller|action|original|processed|once|server|hydr\w*"
    r"|reactid|reactroot|cf\w*)(?:-.*)?"
)
_WORDS: Final = re.compile(r"[^\W\d_]+(?:[ :.-][^\W\d_]+){0,3}")
_ITEM_TYPE: Final = re.compile(r"https?://schema\.org(/[A-Za-z]+)/?")


class Part(Struct, frozen=True):
    """
    A selector, and what it costs.

    Attributes:
        native: as turbohtml must be asked for it.
    """

    css: str
    cost: float
    native: str

    @property
    def rank(self) -> float:
        """Return what to sort by, the best first."""
        return self.cost + PER_CHAR * len(self.css)


def tag_of(element: Element) -> Part | None:
    """Return the element's tag; None where it cannot be written plainly."""
    return Part(element.tag, 4, element.tag) if _TAG.fullmatch(element.tag) else None


def names_of(element: Element, *, is_target: bool = False) -> list[Part]:
    """
    Return the best names of an element, the best first.

    Args:
        is_target: the selector is for this element: no attribute's value is used that its text has.
    """
    if element.tag in _ROOTS:
        return []
    text = element.text[:_MOST_TEXT_CHARS].lower() if is_target else None
    return sorted(_names(element, text), key=lambda part: part.rank)[:MOST_NAMES]


def _part(css: str, cost: float) -> Part:
    return Part(css, cost, as_native(css))


def _names(element: Element, text: str | None) -> Iterator[Part]:
    tag = tag_of(element)
    if tag and (element.tag in _TELLING or "-" in element.tag):
        yield _part(tag.css, 1.5)
    for attribute, value in islice(element.attrs.items(), _MOST_ATTRIBUTES):
        if attribute == "class":
            yield from _classes(value if isinstance(value, list) else (value or "").split())
        elif isinstance(value, str):
            yield from _id(value) if attribute == "id" else _attribute(attribute, value, text)


def _id(value: str) -> Iterator[Part]:
    if is_lasting(value):
        yield _part(f"#{value}", 1)
    elif len(parts := re.split(r"[:.]", value)) > 1 and all(map(is_lasting, parts)):
        yield _part(f'[id="{value}"]', 1)
    elif stem := stem_of(value):
        yield _part(f'[id*="{stem}"]', 3.5)


def _classes(values: list[str]) -> Iterator[Part]:
    for value in dict.fromkeys(values[:_MOST_CLASSES]):
        if is_lasting(value):
            yield _part(f".{value}", 3.5 if value.lower() in _GENERIC else 2)
        elif stem := stem_of(value):
            yield _part(f'[class*="{stem}"]', 3.5)


def _attribute(name: str, value: str, text: str | None) -> Iterator[Part]:
    if name == "itemtype":
        if kind := _ITEM_TYPE.fullmatch(value):
            yield _part(f'[itemtype$="{kind[1]}"]', 1.5)
        return
    if len(name) > MAX_CHARS:  # turbohtml (1.15) finds no attribute whose name has over 124 characters
        return
    is_kind, is_data = name in _KIND, _DATA.fullmatch(name) is not None
    if not (is_kind or is_data or name in _OTHERS) or _OF_SCRIPTS.fullmatch(name):
        return
    if is_kind or not _OF_VALUES.search(name):
        yield from _value(name, value, text, cost=1 if is_kind else 2.5)
    if is_data and not is_kind:
        yield _part(f"[{name}]", 3)


def _value(name: str, value: str, text: str | None, *, cost: float) -> Iterator[Part]:
    if text is not None and _is_said(value, text):
        return
    if is_lasting(value) or (_WORDS.fullmatch(value) and len(value) <= 40 and not is_passing(value)):
        yield _part(f'[{name}="{value}"]', 3.5 if value in _COMMON_ROLES else cost)
    elif cost == 1 and (stem := stem_of(value)):
        yield _part(f'[{name}*="{stem}"]', 3.5)


def _is_said(value: str, text: str) -> bool:
    """Return whether an element's text says this, or part of it."""
    said = text.strip()
    return bool(said) and (value.lower() in said or said in value.lower())
