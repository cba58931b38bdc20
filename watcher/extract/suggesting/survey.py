"""
A page as it is looked at for what it suggests: its elements with their texts, and which parts are no content.

An element has a *path*: what it lies in up to the root, by tag and first class, or by what the site's tests call it.
Elements of one path are the rows of something, or the same cell of each row. Navigation, footers, asides, cookie
banners, filters and related products are out: by their tag, their role or a word of their names (`region_words.py`), or
by the heading that stands before them. A box at the side in which one bids, or which says how far something is, is
content.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct
from turbohtml import Element, Text

from watcher.extract.document import Document
from watcher.extract.numbers import with_plain_digits
from watcher.extract.suggesting.amount_words import names_present
from watcher.extract.suggesting.region_words import (
    is_heading_of_others,
    is_of_comments,
    is_out_by_name,
    is_state_name,
)
from watcher.extract.suggesting.unwatched_words import is_heading_of_unwatched
from watcher.extract.text import clean

MOST_ELEMENTS = 40_000
"""So many are looked at, from the page's beginning."""
_MOST_DEPTH = 200
_PARAGRAPH_CHARACTERS = 80
_READ_CHARACTERS = 800
_MIXED_CHARACTERS = 200
_OWN_CHARACTERS = 400
"""Of an element's own text so much is kept; a value is shorter."""
_NO_TEXT = frozenset({"script", "style", "noscript", "iframe", "head", "title", "svg", "math", "select", "datalist"})
_OUT_TAGS = frozenset({"nav", "footer", "aside", "head", "script", "style", "noscript", "iframe"})
_OUT_ROLES = frozenset({"navigation", "contentinfo", "complementary", "search", "menu", "menubar", "toolbar"})
_LEADS_ELSEWHERE = "a[href], input:not([type=hidden]), select, textarea"
_DIALOGS = frozenset({"dialog", "alertdialog"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "legend", "caption", "summary"})
_MAIN_NAMES = frozenset({"main", "content", "maincontent", "main-content", "page-content", "primary", "inhalt"})
_MAIN_SHARE = 0.6
"""What holds more of the page's text than this is its content, whatever it is called."""
_HEADER_LINKS = 0.5
"""A page's header has so much of its text in links, one of an article has not."""
_LINKED_SHARE = 0.75
"""Navigation has more of its text in links than a board that is called `boardnav`."""
_BOX_CHARACTERS = 300
_OFFER_CHARACTERS = 1_000
_OFFER_LINKS = 2
"""A box with more of them shows other lots."""
_NAMES_CHARACTERS = 1_000
_MOST_WRAPPERS = 3
"""A heading may lie in so many elements of its own, beside what it stands before."""
_COUNTED = re.compile(r"\d")
_CELL_NAME = re.compile(r"(?:c|col|cell|column|td|field|f)[-_]?\d{1,2}", re.IGNORECASE)
"""The number of a column says what stands there, that of a row does not."""
_DIGITS = re.compile(r"\d+$")
_RAISED = re.compile(r"(?<=\d[.,]) (?=\d\d(?!\w))")
"""Between a price and its cents, which stand higher: `69.<sup>99</sup>`."""


class Spot(Struct, eq=False, kw_only=True, gc=False):
    """
    An element of the page.

    Attributes:
        place: in the order of the page; its descendants stand from `place + 1` up to `end`.
        parent: the place of its parent, -1 of the root.
        name: what the site's tests call it, or the class that says what it is, without a number; empty when none does.
        role: as ARIA has it, in lower case; empty when it has none.
        has_attributes: it has any; most cells of large tables have none.
        own: the text that stands in it directly, on one line, its digits as ASCII has them.
        path: the number of its path; equal for elements of one path.
        chars, link_chars: of all text within it, and of that within links.
        has_main: it is, or holds, the page's `main` or its `h1`.
    """

    element: Element
    place: int
    parent: int
    tag: str
    names: tuple[str, ...]
    name: str
    role: str
    has_attributes: bool
    path: int
    depth: int
    own: str = ""
    end: int = 0
    chars: int = 0
    link_chars: int = 0
    has_main: bool = False
    is_out: bool = False


class Survey:
    """
    The elements of a page, in its order.

    Attributes:
        is_over: whether the time to look at it is over.
        year: in which it was fetched; 0 where nobody asks what on it is past.
        moments: what says of which day or time it is; None until somebody looks (`moments.py`).
        is_past, is_report, copyright_year: whether the page is of a past year, or an article of a certain day, and
            of which year its copyright is; likewise.
    """

    def __init__(self, document: Document, is_over: Callable[[], bool], *, year: int = 0) -> None:
        self.document = document
        self.is_over = is_over
        self.year = year
        self.spots: list[Spot] = []
        self.moments: Sequence[Spot] | None = None
        self.is_past: bool | None = None
        self.is_report: bool | None = None
        self.copyright_year: int | None = None
        self._names: dict[str, tuple[tuple[str, ...], str]] = {}
        self._paths: dict[tuple[int, str, str], int] = {}
        self._content_chars: int | None = None
        self._main: Spot | None = None
        self._main_chars = 0
        self._collect()
        self._sum_up()
        self._leave_out()

    def within(self, spot: Spot) -> Sequence[Spot]:
        """Return the spot's descendants, in the order of the page."""
        return self.spots[spot.place + 1 : spot.end]

    def children(self, spot: Spot) -> Iterator[Spot]:
        """Yield the elements right within the spot."""
        place = spot.place + 1
        while place < spot.end:
            child = self.spots[place]
            yield child
            place = child.end

    def before(self, spot: Spot) -> Spot | None:
        """Return the element right before the spot in the same parent."""
        if spot.place - 1 <= spot.parent:
            return None
        other = self.spots[spot.place - 1]
        while other.parent != spot.parent:
            other = self.spots[other.parent]
        return other

    def above(self, spot: Spot) -> Iterator[Spot]:
        """Yield what the spot lies in, the nearest first."""
        while spot.parent >= 0:
            spot = self.spots[spot.parent]
            yield spot

    def text(self, spot: Spot) -> str:
        """Return the spot's text on one line, from its own texts and those within; quicker than as it is read."""
        if spot.end == spot.place + 1:
            return spot.own
        if spot.own and spot.chars <= _MIXED_CHARACTERS and spot.chars > len(spot.own):
            return self._mixed_text(spot)
        texts = [spot.own, *(each.own for each in self.within(spot))]
        return " ".join(text for text in texts if text)

    def _mixed_text(self, spot: Spot) -> str:
        """Return a short text in which words stand between elements, in its order: `<b>84</b> of 250 <i>seats</i>`."""
        texts: list[str] = []
        children = self.children(spot)
        for node in spot.element.children:
            if isinstance(node, Text):
                texts += node.data.split()
            elif isinstance(node, Element) and (child := next(children, None)) is not None:
                texts.append(self.text(child))
        return with_plain_digits(_RAISED.sub("", clean(" ".join(text for text in texts if text))))

    def leave_out(self, spot: Spot) -> None:
        """Take what the spot holds for no content."""
        self._content_chars = self._main = None
        for each in self.spots[spot.place : spot.end]:
            each.is_out = True

    def by_path(self) -> dict[int, list[Spot]]:
        """Return the spots of content by path, in the order of the page."""
        found: dict[int, list[Spot]] = defaultdict(list)
        for spot in self.spots:
            if not spot.is_out:
                found[spot.path].append(spot)
        return found

    @property
    def content_chars(self) -> int:
        """How much text the page's content has."""
        if self._content_chars is None:
            self._content_chars = sum([len(spot.own) for spot in self.spots if not spot.is_out])
        return self._content_chars

    def chars_around(self, spot: Spot) -> int:
        """
        Return how much text there is of which what stands here may be the most.

        In the page's main part that is its text without paragraphs, unless these are long: they are there to be read.
        Elsewhere it is all of the page's content.
        """
        if self._main is None:
            self._main = next(filter(_is_main, self.spots), self.spots[0])
            most = _OWN_CHARACTERS if self._main.place == 0 or self.is_read() else _PARAGRAPH_CHARACTERS
            texts = (each.own for each in self.within(self._main) if not each.is_out)
            self._main_chars = sum(len(text) for text in texts if len(text) <= most)
        is_within = self._main.place < spot.place < self._main.end
        return self._main_chars if is_within and self._main.place else self.content_chars

    def is_read(self) -> bool:
        """Return whether the content has long paragraphs, which are there to be read."""
        long = (len(spot.own) for spot in self.spots if not spot.is_out and len(spot.own) > _PARAGRAPH_CHARACTERS)
        return sum(long) > _READ_CHARACTERS

    def _collect(self) -> None:
        known: dict[object, Spot] = {}
        for place, element in enumerate(self.document.elements()):
            if place == MOST_ELEMENTS or (place % 1_000 == 0 and self.is_over()):
                break
            spot = self._spot(place, element, known.get(element.parent))
            known[element] = spot
            self.spots.append(spot)

    def _spot(self, place: int, element: Element, parent: Spot | None) -> Spot:
        tag = element.tag
        has_attributes = bool(element.attrs)
        names, name = self._named(element.attr("class")) if has_attributes else ((), "")
        name = _name_for_tests(element) or name if has_attributes else name
        above = -1 if parent is None else parent.path
        depth = 0 if parent is None else parent.depth + 1
        step = (above, tag, name if depth < _MOST_DEPTH else "")
        return Spot(
            element=element,
            place=place,
            parent=-1 if parent is None else parent.place,
            tag=tag,
            names=names,
            name=name,
            role=(element.attr("role") or "").lower() if has_attributes else "",
            has_attributes=has_attributes,
            path=self._paths.setdefault(step, len(self._paths)),
            depth=depth,
        )

    def _named(self, value: str | None) -> tuple[tuple[str, ...], str]:
        """Return the classes of an element, and the first that says what it is; pages repeat the same ones."""
        if not value:
            return (), ""
        known = self._names.get(value)
        if known is None:
            names = tuple(value[:_NAMES_CHARACTERS].split()[:20])
            known = self._names[value] = (names, _first_name(names))
        return known

    def _sum_up(self) -> None:
        """Sum up, from the last element to the first, what lies within each, and what stands in it directly."""
        for spot in reversed(self.spots):
            is_leaf = spot.end == 0
            spot.end = spot.end or spot.place + 1
            spot.own = "" if spot.tag in _NO_TEXT else _own_text(spot.element, is_leaf=is_leaf)
            spot.chars += len(spot.own)
            spot.link_chars = spot.chars if spot.tag in ("a", "button", "option") else spot.link_chars
            spot.has_main = spot.has_main or spot.tag in ("main", "h1") or spot.role == "main"
            if spot.parent >= 0:
                parent = self.spots[spot.parent]
                parent.end = max(parent.end, spot.end)
                parent.chars += spot.chars
                parent.link_chars += spot.link_chars
                parent.has_main = parent.has_main or spot.has_main

    def _leave_out(self) -> None:
        all_chars = self.spots[0].chars if self.spots else 0
        others: list[Spot] = []
        for spot in self.spots:
            parent = self.spots[spot.parent] if spot.parent >= 0 else None
            spot.is_out = (parent is not None and parent.is_out) or _is_out(spot, all_chars)
            is_title = spot.tag != "h1" and not spot.is_out and not spot.link_chars and _is_heading(spot)
            if is_title and _is_of_others(self.text(spot)):
                others.append(spot)
        for heading in others:
            self._leave_out_behind(heading, all_chars)

    def _leave_out_behind(self, heading: Spot, all_chars: int) -> None:
        """Leave out what a heading such as “Related products” stands before, up to the next one of its rank."""
        parent = self.spots[heading.parent]
        for _ in range(_MOST_WRAPPERS):
            if parent.parent < 0 or parent.end > heading.end:
                break
            heading, parent = parent, self.spots[parent.parent]
        place = heading.end
        while place < parent.end:
            spot = self.spots[place]
            if spot.tag in _HEADINGS or spot.has_main or spot.chars > all_chars * _MAIN_SHARE:
                return
            self.leave_out(spot)
            place = spot.end


def _is_main(spot: Spot) -> bool:
    """Return whether an element is the page's main part, by its tag, its role, or its id where it holds the heading."""
    if spot.is_out or not spot.has_main:
        return False
    is_called_so = spot.has_attributes and (spot.element.attr("id") or "").lower() in _MAIN_NAMES
    return spot.tag == "main" or spot.role == "main" or is_called_so


def _own_text(element: Element, *, is_leaf: bool) -> str:
    """Return what stands in an element directly. `is_leaf`: it holds no other, so that is all of its text."""
    whole = element.text if is_leaf else " ".join([one.data for one in element.children if isinstance(one, Text)])
    if not whole:
        return ""
    text = " ".join(whole[: 4 * _OWN_CHARACTERS].split())
    return text if text.isascii() else with_plain_digits(clean(text[:_OWN_CHARACTERS]))


def _name_for_tests(element: Element) -> str:
    """Return what the site's own tests call an element, which says what it is where a tool makes the classes."""
    name = element.attr("data-testid") or ""
    return "" if _COUNTED.search(name) else name[:_NAMES_CHARACTERS]


def _first_name(names: Sequence[str]) -> str:
    """Return the class that says what an element is, without a number; empty when it has none but of states."""
    for name in names:
        if not is_state_name(name):
            return name if _CELL_NAME.fullmatch(name) else _DIGITS.sub("", name)
    return ""


def _is_of_others(text: str) -> bool:
    return is_heading_of_others(text) or is_heading_of_unwatched(text)


def _is_heading(spot: Spot) -> bool:
    if not spot.own and spot.tag not in _HEADINGS:
        return False
    return spot.tag in _HEADINGS or (bool(spot.names) and _is_titled(spot.names))


@lru_cache(maxsize=2_000)
def _is_titled(names: tuple[str, ...]) -> bool:
    return any("title" in name or "heading" in name for name in map(str.lower, names))


@lru_cache(maxsize=2_000)
def _is_at_side(names: tuple[str, ...]) -> bool:
    return any("side" in name.lower() for name in names)


def _is_out(spot: Spot, all_chars: int) -> bool:
    """Return whether the element begins a part that is no content."""
    if spot.tag in ("html", "body"):
        return False
    is_modal = spot.has_attributes and spot.element.attr("aria-modal") == "true"
    if spot.role in _DIALOGS or spot.tag == "dialog" or is_modal:
        return not spot.element.select("main")
    if spot.has_main or (spot.chars <= _BOX_CHARACTERS and _has_progress(spot)):
        return False
    if spot.tag == "aside" and spot.chars <= _BOX_CHARACTERS and _is_of_action(spot):
        return False
    if spot.chars <= _OFFER_CHARACTERS and _is_of_offer(spot):
        return False
    if spot.tag in _OUT_TAGS or spot.role in _OUT_ROLES:
        return True
    if spot.tag == "header" and spot.link_chars > spot.chars * _HEADER_LINKS:
        return True
    if not spot.has_attributes:
        return False
    is_linked = spot.link_chars > spot.chars * _LINKED_SHARE
    if spot.chars > all_chars * _MAIN_SHARE and not is_linked:
        return False
    is_long = spot.chars > _BOX_CHARACTERS
    name = spot.element.attr("id")
    is_out = bool(spot.names) and _are_out(spot.names, is_linked=is_linked, is_long=is_long)
    return is_out or (bool(name) and _are_out((name or "",), is_linked=is_linked, is_long=is_long))


@lru_cache(maxsize=2_000)
def _are_out(names: tuple[str, ...], *, is_linked: bool, is_long: bool) -> bool:
    """Return whether names are those of no content. `is_long`: of comments, a shorter one says how many there are."""
    return (is_long and is_of_comments(names)) or is_out_by_name(names, is_linked=is_linked)


def _is_of_action(spot: Spot) -> bool:
    """Return whether a box beside the text is of the page's thing: it has figures and a button, and leads nowhere."""
    element = spot.element
    has_figures = any(map(str.isdigit, element.text))
    return has_figures and bool(element.select("button")) and not element.select(_LEADS_ELSEWHERE)


def _is_of_offer(spot: Spot) -> bool:
    """Return whether a box beside the text says what is bid now, or the rent, and takes a bid: it has a button."""
    element = spot.element
    if not _is_beside(spot) or len(element.select("a[href]")) > _OFFER_LINKS:
        return False
    return bool(element.select("button, input[type=submit]")) and names_present(" ".join(element.text.split()))


def _has_progress(spot: Spot) -> bool:
    """Return whether a box beside the text says how far something is: of a petition, or of a collection."""
    return _is_beside(spot) and bool(spot.element.select("progress, meter, [role=progressbar]"))


def _is_beside(spot: Spot) -> bool:
    return spot.tag == "aside" or (bool(spot.names) and _is_at_side(spot.names))
