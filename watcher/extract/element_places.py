"""
Where an element stands, as steps of a selector that count siblings of its tag.

| counted | where | for |
|---|---|---|
| from the nearer end | among up to 12 | `dd:nth-last-of-type(2)`: less can come in between |
| from both ends | a text among up to four unlike ones | one more or less, and it finds nothing |
| from both ends | among up to 12, a row with a name between rows of its kind, which holds the element | likewise |
| from the beginning | all else | `li:nth-of-type(3)` |

Where it would find its neighbour in silence, it had better find nothing: that is noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise
from math import inf
from typing import Final

from msgspec import Struct
from turbohtml import Element

from watcher.extract.element_names import PER_CHAR, Part, names_of, tag_of
from watcher.extract.selectors import as_native

_FEW: Final = 12
_UNLIKE: Final = 4
_TEXTS: Final = frozenset({"span", "b", "em", "strong", "i", "a", "p"})
_PLACE_COST: Final = 4.0
_TAG_COST: Final = 2.0
_CHILD_COST: Final = 1.0
_CHILDREN_COST: Final = 5.0
_MOST_LEVELS: Final = 24
_MOST_ROOTS: Final = 50


class Step(Struct, frozen=True):
    """A step of a path, and what it costs."""

    css: str
    cost: float


class Path(Struct, frozen=True):
    """
    What finds an element within another one, and what it costs.

    Attributes:
        distance: so many levels lie between the other one and what its first step finds.
        is_alone: it finds nothing else on the page.
    """

    css: str
    cost: float
    distance: int = 0
    is_alone: bool = False

    @property
    def rank(self) -> float:
        """Return what to sort by, the best first."""
        return self.cost + PER_CHAR * len(self.css)


class Places:
    """Makes steps and paths, for elements of one page that stays as it is."""

    def __init__(self, find: Callable[[str], Sequence[Element]], *, in_row: bool = False) -> None:
        """
        Args:
            find: selects from all that is looked at.
            in_row: for fields of a row, which are counted from one end.
        """
        self._find = find
        self._in_row = in_row
        self._steps: dict[Element, str] = {}

    def step(self, element: Element) -> str:
        """Return the element's step in a path of children, with its place where there are several of its tag."""
        if element not in self._steps:
            self._steps[element] = self._made_step(element)
        return self._steps[element]

    def named_step(self, element: Element) -> Step:
        """Return the element's step with its place, by a class or an attribute where one is likely to stay."""
        step = self.step(element)
        cost = _PLACE_COST if ":" in step else 0
        name = next((name for name in names_of(element) if name.css[0] in ".["), None)
        if name is None or tag_of(element) is None:
            return Step(step, cost + _TAG_COST)
        place = self._place(element)
        if place.count(":") == 1 and not self._in_row and _is_between_alike(element):
            place = _from_both_ends(element)
        return Step(name.css + place, cost + name.cost)

    def step_beside(self, element: Element) -> Step:
        """Return the named step where no sibling has it as well, of another tag with the same name; else the step."""
        named, step = self.named_step(element), self.step(element)
        parent = element.parent
        found = parent.select(as_native(named.css)) if isinstance(parent, Element) else []
        if sum(one.parent == parent for one in found) == 1:
            return named
        return Step(step, _TAG_COST + (_PLACE_COST if ":" in step else 0))

    def short_paths(self, short: Part, chain: Sequence[Element], *, most_cost: float = inf) -> list[Path]:
        """
        Return how to find the first of a chain of elements within each further one, with the steps that are needed.

        Args:
            short: what stands for the element itself.
            chain: an element, what it lies in, what that lies in, and so on.
            most_cost: what costs as much is left out.
        """
        steps, cost, distance, is_alone = [short.css], short.cost, 0, False
        found: list[Path] = []
        for one, parent in islice(pairwise(chain), _MOST_LEVELS):
            distance += 1
            if not is_alone and _count_within(parent.select(as_native(steps[0])), steps[1:]) > 1:
                distance = 0
                cost += self._put_before(steps, one, is_own=one == chain[0])
                if cost >= most_cost or _count_within(parent.select(as_native(steps[0])), steps[1:]) != 1:
                    break
                is_alone = _count_within(self._find(steps[0]), steps[1:]) == 1
            found.append(Path(" ".join(steps), cost, distance, is_alone))
        return found

    def _put_before(self, steps: list[str], one: Element, *, is_own: bool) -> float:
        """Put a step with its place before the others, or the place to the element's own; return what it costs."""
        if is_own:
            steps[0] += self._place(one)
            return _PLACE_COST
        step = self.named_step(one)
        steps.insert(0, step.css)
        return step.cost

    def child_paths(self, chain: Sequence[Element]) -> Iterator[Path]:
        """Yield the same with all steps."""
        css, cost = "", _CHILDREN_COST
        for one in chain[:-1]:
            step = self.step(one)
            css, cost = f"> {step} {css}".rstrip(), cost + (_PLACE_COST if ":" in step else 0) + _CHILD_COST
            yield Path(css, cost)

    def _place(self, element: Element) -> str:
        return self.step(element).removeprefix(element.tag)

    def _made_step(self, element: Element) -> str:
        kind = element.tag if tag_of(element) else ""
        before, after = _count(element.previous_siblings, kind), _count(element.next_siblings, kind)
        if not before and not after:
            return kind or ":only-child"
        if not kind:
            return f":nth-child({before + 1})"
        first, last = _first(before), _last(after)
        if kind in _TEXTS and not self._in_row and _is_unlike(element, before + after):
            return kind + first + last
        return kind + (last if after < before < _FEW else first)


def _first(before: int) -> str:
    return f":nth-of-type({before + 1})"


def _last(after: int) -> str:
    return f":nth-last-of-type({after + 1})"


def _from_both_ends(element: Element) -> str:
    before, after = _count(element.previous_siblings, element.tag), _count(element.next_siblings, element.tag)
    return _first(before) + _last(after)


def _is_between_alike(element: Element) -> bool:
    """Return whether the nearest elements of its tag on both sides have its classes: it is a row of a short list."""
    if _count(element.previous_siblings, element.tag) + _count(element.next_siblings, element.tag) >= _FEW:
        return False
    classes = element.attr("class")
    beside = (_nearest(element.previous_siblings, element.tag), _nearest(element.next_siblings, element.tag))
    return all(one is not None and one.attr("class") == classes for one in beside)


def _nearest(siblings: Iterator[object], tag: str) -> Element | None:
    return next((one for one in siblings if isinstance(one, Element) and one.tag == tag), None)


def place_of(element: Element) -> str:
    """Return the element's place among all of its siblings."""
    return f":nth-child({1 + _count(element.previous_siblings, '')})"


def _count_within(found: Sequence[Element], steps: Sequence[str]) -> int:
    """
    Return how many elements the steps find within these, one step after the other; of too many, their number.

    The engine counts the places of all ancestors of all that the last step finds, which a long list makes quadratic.
    """
    for step in steps:
        if len(found) > _MOST_ROOTS:
            break
        native = as_native(step)
        found = list(dict.fromkeys(inner for one in found for inner in one.select(native)))
    return len(found)


def _count(siblings: Iterator[object], kind: str) -> int:
    return sum(isinstance(one, Element) and (not kind or one.tag == kind) for one in siblings)


def _is_unlike(element: Element, others: int) -> bool:
    """Return whether the element is one of a few that each have another class."""
    parent = element.parent
    if parent is None or others >= _UNLIKE:
        return False
    alike = [one for one in parent.children if isinstance(one, Element) and one.tag == element.tag]
    return len({one.attr("class") for one in alike}) == len(alike)
