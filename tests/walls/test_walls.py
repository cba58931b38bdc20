"""What is measured by `python -m tests.walls`: in short here, and in full in `make faults`."""

from __future__ import annotations

from itertools import cycle

import pytest

from tests.walls import held_out
from tests.walls.good import GOOD
from tests.walls.shells import SITES, Site
from tests.walls.trial import GOOD_WATCHES, WALL_WATCHES, Trial, failure_of_good, told_of_wall, wall_table
from tests.walls.walls import WALLS

KNOWN = {"closed, zh"}
"""A page in the look of its site that says something new of its own, and of which nothing says that it is none."""


def test_nothing_is_told_of_a_wall() -> None:
    pairs = cycle([(site, watch) for site in SITES for watch in WALL_WATCHES.values()])
    walls = {name: wall for name, wall in {**WALLS, **held_out.WALLS}.items() if name not in KNOWN}
    told = {
        name: told_of_wall(watch, site, wall) for (name, wall), (site, watch) in zip(walls.items(), pairs, strict=False)
    }
    assert {name: what for name, what in told.items() if what} == {}


@pytest.mark.parametrize("name", GOOD_WATCHES)
def test_a_good_page_is_believed_and_told(name: str) -> None:
    wrong = {page: failure_of_good(name, good) for page, good in GOOD.items()}
    assert {page: why for page, why in wrong.items() if why} == {}


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
@pytest.mark.parametrize("name", WALL_WATCHES)
def test_what_changes_on_the_page_itself_is_told(site: Site, name: str) -> None:
    trial = Trial(WALL_WATCHES[name])
    pages = [site.page(), site.changed()]
    assert [bool(trial.check(page).messages) for page in pages] == [False, True]


@pytest.mark.faults
@pytest.mark.parametrize("walls", [WALLS, held_out.WALLS], ids=["taught", "held out"])
def test_nothing_is_told_of_any_wall_before_any_site_with_any_watch(walls: dict[str, str]) -> None:
    known = {name: wall for name, wall in walls.items() if name not in KNOWN}
    assert wall_table(known, SITES) == {name: [] for name in WALL_WATCHES}


def test_there_are_enough_of_each() -> None:
    assert len(WALLS) + len(held_out.WALLS) >= 150
    assert len(GOOD) + len(held_out.GOOD) >= 120
