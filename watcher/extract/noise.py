"""
What moves between two looks at a page, and the line of watches.yaml that leaves it out.

A line is only offered when it was tried: with it, both versions give the same values, and none that had something
has become empty. First come elements that hold little but what moves (`exclude`), then expressions for numbers,
times and the like that change within a line (`ignore_text`), then elements with more around them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace
from turbohtml import Element, Text

from watcher.core.ages import is_age
from watcher.core.cpu_budget import CpuBudget
from watcher.core.likeness import Likeness
from watcher.core.page import Page
from watcher.core.values import Rows, show
from watcher.core.watch import Language, Query, Watch
from watcher.errors import CheckError
from watcher.extract.body import HtmlBody, open_body
from watcher.extract.element_names import names_of
from watcher.extract.moving_text import expressions
from watcher.extract.nesting import outermost
from watcher.extract.observe import look
from watcher.extract.text import clean

MAX_ENTRIES = 6
"""So many lines somebody still reads before they put them into a file; each expression is tried without the others."""
_SHOWN_LINES = 5
_SAMPLE_ROWS = 40
_MOST_ELEMENTS = 200
"""So many elements that moved are looked at; where more did, the page is another one."""
_ANCESTORS = 4
"""What stands further out is a column or the page, which hold more than what moves."""
_LITTLE_CHARS = 40
"""An element may hold so much that stays, besides what moves, to be cut out before expressions are tried."""
_MUCH_CHARS = 400
"""A paragraph: so much an element may hold that stays, where nothing smaller, and no expression, is enough."""
_SHARE = 5
"""At most a fifth of the page's text that stays may be cut out."""
_LARGE = ("body", "html", "main")
"""Never cut out."""


class Movement(Struct, frozen=True, kw_only=True):
    """A value that was not the same at two looks: the lines that went and that came, a few of each."""

    name: str
    went: tuple[str, ...]
    came: tuple[str, ...]


class Remedy(Struct, frozen=True, kw_only=True):
    """What leaves out all that moved, and nothing else is needed: all entries of `exclude`, or of `ignore_text`."""

    key: str
    entries: tuple[str, ...]


class SecondLook(Struct, frozen=True, kw_only=True):
    """
    What another look at the same page showed.

    Attributes:
        movements: what was not the same; none where nothing moved.
        remedy: what leaves all of that out; None where nothing does.
        problem: why there is no second look to speak of; one line.
        ages: the names of values that tell how long ago something was: they move soon.
    """

    movements: tuple[Movement, ...] = ()
    ages: tuple[str, ...] = ()
    remedy: Remedy | None = None
    problem: str | None = None


def movements(watch: Watch, before: Rows, after: Rows, budget: CpuBudget) -> tuple[Movement, ...]:
    """Return what is not the same, for each value; a row that came or went is a line of `rows`."""
    aligned = Likeness(watch, budget).rows(before, after)
    moved: dict[str, tuple[list[str], list[str]]] = {}
    for key in {**aligned, **after}:
        old, new = aligned.get(key), after.get(key)
        if old is None or new is None:
            moved.setdefault("rows", ([], []))[0 if new is None else 1].append(key)
            continue
        for name in {**old, **new}:
            went, came = lines_apart(show(old.get(name)), show(new.get(name)))
            if went or came:
                known = moved.setdefault(name, ([], []))
                known[0].extend(went)
                known[1].extend(came)
    return tuple(
        Movement(name=name, went=tuple(went[:_SHOWN_LINES]), came=tuple(came[:_SHOWN_LINES]))
        for name, (went, came) in moved.items()
    )


def ages_in(rows: Rows) -> tuple[str, ...]:
    """Return the names of the texts that tell, in most of the first rows, how long ago something was."""
    seen = list(islice(rows.values(), _SAMPLE_ROWS))
    counts = Counter(name for row in seen for name, value in row.items() if isinstance(value, str) and is_age(value))
    return tuple(name for name, count in counts.items() if 2 * count > len(seen))


def lines_apart(old: str, new: str) -> tuple[list[str], list[str]]:
    """Return the lines that are in the one text and not in the other."""
    before, after = Counter(old.splitlines()), Counter(new.splitlines())
    return list((before - after).elements()), list((after - before).elements())


def remedy(watch: Watch, first: Page, second: Page, budget: CpuBudget) -> Remedy | None:
    """
    Return what leaves out all that moved between two versions of a page; None when nothing does, or nothing moved.

    Raises:
        CheckError: one of the pages cannot be read.
    """
    trial = _Trial(watch, first, second, budget)
    if trial.is_silent(watch):
        return None
    return (
        trial.by_elements(_LITTLE_CHARS)
        or trial.by_expressions()
        or trial.by_elements(_MUCH_CHARS)
        or trial.by_elements(_MUCH_CHARS, by_place=True)
    )


class _Trial:
    """Tries remedies on both versions of a page."""

    def __init__(self, watch: Watch, first: Page, second: Page, budget: CpuBudget) -> None:
        self._watch = watch
        self._pages = (first, second)
        self._budget = budget
        self._rows = [look(page, watch, budget).rows for page in self._pages]

    def is_silent(self, watch: Watch) -> bool:
        """Return whether this watch sees no difference between the versions, and still sees all values."""
        try:
            seen = [look(page, watch, self._budget).rows for page in self._pages]
            is_same = Likeness(watch, self._budget).rows(*seen) is seen[1]
        except CheckError:
            return False
        return is_same and all(_is_filled(now, known) for now, known in zip(seen, self._rows, strict=True))

    def by_elements(self, most_chars: int, *, by_place: bool = False) -> Remedy | None:
        """
        Return elements to cut out, each with at most so many characters that stay.

        Args:
            by_place: those without a name of their own are found by their place among their siblings.
        """
        bodies = [open_body(page, self._watch.scope) for page in self._pages]
        versions = [body for body in bodies if isinstance(body, HtmlBody)]
        if len(versions) < len(bodies):
            return None
        chosen = _Choice(versions, self._changed_lines(), most_chars, by_place=by_place).selectors()
        if not chosen:
            return None
        own = self._watch.scope
        queries = tuple(map(Query.css, chosen))
        tried = replace(self._watch, scope=replace(own, exclude=(*own.exclude, *queries)))
        if not self.is_silent(tried):
            return None
        kept = [str(query) for query in own.exclude if query.language is Language.CSS]
        return Remedy(key="exclude", entries=tuple(dict.fromkeys((*kept, *chosen))))

    def by_expressions(self) -> Remedy | None:
        """Return expressions that cut out what moves within lines."""
        known = self._watch.ignore_text
        found = list(islice(expressions(*self._changed_lines()), MAX_ENTRIES))
        if not found or not self.is_silent(replace(self._watch, ignore_text=(*known, *found))):
            return None
        needed = list(found)
        for each in found:
            fewer = [one for one in needed if one != each]
            if fewer and self.is_silent(replace(self._watch, ignore_text=(*known, *fewer))):
                needed = fewer
        return Remedy(key="ignore_text", entries=tuple(dict.fromkeys((*known, *needed))))

    def _changed_lines(self) -> tuple[list[str], list[str]]:
        old, new = self._rows
        went: list[str] = []
        came: list[str] = []
        for key in old.keys() & new.keys():
            for name, value in new[key].items():
                gone, fresh = lines_apart(show(old[key].get(name)), show(value))
                went += gone
                came += fresh
        for rows, others, lines in ((old, new, went), (new, old, came)):
            lines += [show(value) for key, row in rows.items() if key not in others for value in (key, *row.values())]
        return went, came


def _is_filled(rows: Rows, known: Rows) -> bool:
    """Return whether all rows are there, and no value is empty that had something."""
    return rows.keys() >= known.keys() and all(
        row.get(name) not in (None, "")
        for key, row in rows.items()
        for name, value in known.get(key, {}).items()
        if value
    )


class _Choice:
    """Chooses selectors for the elements that are not the same in two versions of a page."""

    def __init__(
        self,
        versions: Sequence[HtmlBody],
        lines: tuple[Sequence[str], Sequence[str]],
        most_chars: int,
        *,
        by_place: bool,
    ) -> None:
        self._versions = versions
        self._most_chars = most_chars
        self._by_place = by_place
        kinds = [Counter(map(_kind, body.elements())) for body in versions]
        self._moved = [
            [element for element in _moved(body, own - other) if _is_in(element, changed)]
            for body, own, other, changed in zip(versions, kinds, reversed(kinds), lines, strict=True)
        ]
        self._all = {element for moved in self._moved for element in moved}

    def selectors(self) -> list[str]:
        """Return selectors that cut out all of them; none when some cannot be."""
        chosen: list[str] = []
        if len(self._all) > _MOST_ELEMENTS:
            return []
        for element in (element for moved in self._moved for element in moved):
            if any(element.closest(selector) is not None for selector in chosen):
                continue
            best = self._best(element)
            if best is None or len(chosen) == MAX_ENTRIES:
                return []
            chosen.append(best)
        return chosen

    def _best(self, element: Element) -> str | None:
        """Return the selector of the element, or of one that it stands in, that cuts out least of what stays."""
        best: tuple[int, int, str] | None = None
        chain = [element, *islice((one for one in element.ancestors if isinstance(one, Element)), _ANCESTORS)]
        for depth, one in enumerate(chain):
            if one.tag in _LARGE:
                break
            for selector in _selectors(one):
                cost = self._staying_chars(selector)
                if cost is not None and cost <= self._most_chars and (best is None or (cost, depth) < best[:2]):
                    best = (cost, depth, selector)
        if best is None and self._by_place:
            place = _place(element)
            return place if place and self._staying_chars(place) == 0 else None
        return best[2] if best else None

    def _staying_chars(self, selector: str) -> int | None:
        """Return how much that stays it cuts out at most; None when too much, or when a version has no such thing."""
        most = 0
        for body in self._versions:
            found = [one for one in body.select(Query.css(selector)) if isinstance(one, Element)]
            staying = sum(self._chars_besides(one) for one in outermost(found))
            if not found or staying * _SHARE > len(body.text()):
                return None
            most = max(most, staying)
        return most

    def _chars_besides(self, element: Element) -> int:
        inner = (one for one in (element, *element.descendants) if isinstance(one, Element))
        return sum(len(_own_text(one)) for one in inner if one not in self._all)


def _place(element: Element) -> str | None:
    """Return `main > p:nth-of-type(2)`; None where what it stands in has no name either."""
    parent = element.parent
    if not isinstance(parent, Element):
        return None
    names = _selectors(parent)
    if not names and parent.tag not in _LARGE:
        return None
    above = names[0] if names else parent.tag
    number = 1 + sum(isinstance(one, Element) and one.tag == element.tag for one in element.previous_siblings)
    return f"{above} > {element.tag}:nth-of-type({number})"


def _kind(element: Element) -> tuple[str, str]:
    return element.tag, _own_text(element)


def _own_text(element: Element) -> str:
    return " ".join(" ".join(child.data for child in element.children if isinstance(child, Text)).split())


def _moved(body: HtmlBody, fewer: Counter[tuple[str, str]]) -> Iterator[Element]:
    """Yield the elements with a text that the other version does not have, or has less often."""
    left = dict(fewer)
    for element in body.elements():
        kind = _kind(element)
        if kind[1] and left.get(kind, 0) > 0:
            left[kind] -= 1
            yield element


def _is_in(element: Element, lines: Iterable[str]) -> bool:
    text = clean(_own_text(element))
    return any(text in line or any(part in line for part in text.split("  ")) for line in lines) or any(
        line in text for line in lines if line
    )


def _selectors(element: Element) -> list[str]:
    """Return simple selectors by names that are likely to stay; by the tag last, for it may find more."""
    return sorted((name.css for name in names_of(element)), key=str.isalpha)
