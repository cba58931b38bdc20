from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from watcher.web.demo.timetable import TICK, TICKS_PER_ROUND, scene_at

_ROUND = [scene_at(tick) for tick in range(TICKS_PER_ROUND + 1)]


def test_the_same_tick_is_the_same_scene() -> None:
    assert scene_at(7) == scene_at(7)


def test_something_changes_every_ten_seconds() -> None:
    changed_at = [at for at in range(1, len(_ROUND)) if _ROUND[at] != _ROUND[at - 1]]
    gaps = [later - earlier for earlier, later in pairwise([0, *changed_at])]
    assert max(gaps) * TICK.total_seconds() <= 10


def test_each_story_is_told_within_thirty_seconds() -> None:
    first = _ROUND[: int(30 / TICK.total_seconds())]
    assert any(scene.price < 10 for scene in first)
    assert any(scene.is_on_sale for scene in first)
    assert any(len(scene.courses) == 6 for scene in first)


def test_every_state_stands_long_enough_to_be_seen() -> None:
    """A watch looks every 2 s, so a state of one tick may be missed."""
    for name in ("price", "courses", "is_on_sale"):
        values = [getattr(scene, name) for scene in _ROUND]
        changes = [at for at in range(1, len(values)) if values[at] != values[at - 1]]
        gaps = [later - earlier for earlier, later in pairwise(changes)]
        assert min(gaps) >= (1 if name == "courses" else 2), name


def test_the_price_falls_below_ten_and_rises_again_twice_a_round() -> None:
    below = [scene.price < 10 for scene in _ROUND]
    assert sum(now and not before for before, now in pairwise(below)) == 2
    assert (_ROUND[0].price, _ROUND[2].price) == (Decimal("12.00"), Decimal("8.50"))


def test_rows_change_places_without_changing() -> None:
    assert _ROUND[9].courses != _ROUND[10].courses
    assert set(_ROUND[9].courses) == set(_ROUND[10].courses)


def test_the_course_list_never_loses_most_of_its_rows() -> None:
    """Half of a list lost at once is an error, in the demo as well."""
    codes = [{course.code for course in scene.courses} for scene in _ROUND]
    lost = [len(before - now) for before, now in pairwise(codes)]
    assert max(lost) == 1
    assert min(map(len, codes)) >= 5


def test_rounds_differ() -> None:
    assert scene_at(2).price != scene_at(2 + TICKS_PER_ROUND).price
