"""Cases: a page of ours, and the same page after some months, with the truth of one place on both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from random import Random
from typing import Final

from msgspec import Struct

from tests.extract.mutated.frames import Template
from tests.extract.mutated.mutators import MUTATORS, Mutator, counts, other_values, values
from tests.extract.mutated.tree import Node, read, written

_QUIET: Final = tuple(each for each in MUTATORS if each.is_quiet)
_LOUD: Final = tuple(each for each in MUTATORS if not each.is_quiet)
_QUIET_SHARE: Final = 0.3
"""Of the cases, in which nothing but values and texts change."""
_LAST: Final = ("sold out",)
_TRIES: Final = 40


class Case(Struct, frozen=True, kw_only=True):
    """
    Two versions of a page.

    Attributes:
        place: what is watched, a name of the template's places.
        mutators: the names of those that made the one of the other, in this order.
        marked_before, marked_after: the same with the truth in an attribute (`tree.TRUTH`).
    """

    number: int
    template: Template
    place: str
    mutators: tuple[str, ...]
    before: str
    after: str
    marked_before: str
    marked_after: str

    @property
    def is_quiet(self) -> bool:
        """Whether nothing but values and texts around them changed."""
        return set(self.mutators) <= {each.name for each in _QUIET}


def cases(templates: Sequence[Template], count: int, seed: int = 0) -> Iterator[Case]:
    """Yield cases, each template as often as the others; the same for the same seed."""
    for number in range(count):
        template = templates[number % len(templates)]
        yield _case(template, number, Random(f"{seed}/{template.name}/{number}"))


def _case(template: Template, number: int, rng: Random) -> Case:
    page = _tree(template.source).copy()
    place = rng.choice(list(template.places))
    for act in (values, other_values, counts):
        if act is values or rng.random() < 0.5:
            act(page, _focus(page, place), rng)
    before, marked_before = written(page), written(page, has_truth=True)
    applied = _mutate(page, place, rng)
    return Case(
        number=number,
        template=template,
        place=place,
        mutators=tuple(applied),
        before=before,
        after=written(page),
        marked_before=marked_before,
        marked_after=written(page, has_truth=True),
    )


@lru_cache(maxsize=100)
def _tree(source: str) -> Node:
    return read(source)


def _focus(page: Node, place: str) -> Node:
    return next(each for each in page.elements() if each.mark("t") == place)


def _mutate(page: Node, place: str, rng: Random) -> list[str]:
    """Change the page in one to four ways, values and texts first; return the names of the mutators."""
    if rng.random() < _QUIET_SHARE:
        quiet, loud = rng.randint(1, 3), 0
    else:
        quiet, loud = rng.choice((0, 1, 1, 2)), rng.choice((1, 1, 1, 2, 2, 3))
    applied = _applied(page, place, _QUIET, quiet, rng)
    return applied + _applied(page, place, _LOUD, loud, rng)


def _applied(page: Node, place: str, among: Sequence[Mutator], count: int, rng: Random) -> list[str]:
    focus, applied = _focus(page, place), list[str]()
    weights = [each.weight for each in among]
    for _ in range(_TRIES):
        if len(applied) == count or (applied and applied[-1] in _LAST):
            break
        (mutator,) = rng.choices(among, weights)
        if mutator.name not in applied and mutator.act(page, focus, rng):
            applied.append(mutator.name)
    return applied
