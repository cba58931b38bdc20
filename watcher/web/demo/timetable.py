"""
What the demo's pages show at each tick. A pure function of the tick, so that a run can be told in advance.

One round is 20 ticks of 2 s; a reader hears of something about every 6 s:

    tick   page                                          told
     0     Dune 12.00 · no seats in CS101 · no tickets
     2     Dune falls below 10                            Dune 12.00 → 8.50 (−29.2%)
     5     seats in CS101                                 CS101: seats 0 → 2
     8     the buy button appears                         Buy tickets
    10     Dune rises, the course rows change places      –
    11     a new course                                   a new course
    13     the buy button is gone                         –
    14     Dune falls below 10 again                      Dune 11.00 → 9.20 (−16.4%)
    16     CS205 is gone                                  –
    18     Dune 12.00, CS205 is back, the new one is gone  CS205
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

TICK = timedelta(seconds=2)
TICKS_PER_ROUND = 20

_LOW_PRICES = tuple(map(Decimal, ("8.50", "7.90", "8.20")))
_FULL, _HIGH, _REDUCED = Decimal("12.00"), Decimal("11.00"), Decimal("9.20")


class Course(Struct, frozen=True, kw_only=True):
    """A row of the course table."""

    code: str
    title: str
    seats: int


_CS101 = Course(code="CS101", title="Programming for Everyone", seats=0)
_CS205 = Course(code="CS205", title="Algorithms", seats=3)
_OTHERS = (
    Course(code="CS220", title="Databases", seats=6),
    Course(code="CS240", title="Operating Systems", seats=1),
    Course(code="MA150", title="Discrete Mathematics", seats=14),
)
_NEW_COURSES = (
    Course(code="CS350", title="Compilers", seats=12),
    Course(code="CS412", title="Distributed Systems", seats=8),
    Course(code="CS377", title="Computer Graphics", seats=5),
)


class Scene(Struct, frozen=True, kw_only=True):
    """All three pages at one tick."""

    price: Decimal
    in_stock: int
    courses: tuple[Course, ...]
    is_on_sale: bool


def scene_at(tick: int) -> Scene:
    """Return the scene at this tick (≥ 0); rounds differ in the low price and in the new course."""
    number, at = divmod(tick, TICKS_PER_ROUND)
    return Scene(
        price=_price(at, _LOW_PRICES[number % len(_LOW_PRICES)]),
        in_stock=9 - at // 3,
        courses=_courses(at, _NEW_COURSES[number % len(_NEW_COURSES)]),
        is_on_sale=8 <= at < 13,
    )


def _price(at: int, low: Decimal) -> Decimal:
    if 2 <= at < 10:
        return low
    if 10 <= at < 14:
        return _HIGH
    return _REDUCED if 14 <= at < 18 else _FULL


def _courses(at: int, new: Course) -> tuple[Course, ...]:
    """Return at least four of five rows: half of a list lost at once would be an error."""
    open_cs101 = replace(_CS101, seats=2)
    if at < 5 or at >= 18:
        return (_CS101, _CS205, *_OTHERS)
    if at < 10:
        return (open_cs101, _CS205, *_OTHERS)
    if at < 11:
        return (_CS205, open_cs101, *_OTHERS)
    return (*([_CS205] if at < 16 else []), open_cs101, *_OTHERS, new)
