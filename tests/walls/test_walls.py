"""What is measured by `python -m tests.walls`: in short here, and in full in `make faults`."""

from __future__ import annotations

from itertools import cycle

import pytest

from tests.walls import first_looks, held_out
from tests.walls.good import GOOD
from tests.walls.shells import SITES, Site, within
from tests.walls.trial import (
    GOOD_WATCHES,
    STOCK_OF_HEADING,
    WALL_WATCHES,
    Trial,
    accused_at_first,
    failure_of_good,
    is_taken,
    told_of_wall,
    wall_table,
)
from tests.walls.walls import WALLS
from watcher.core.check import Verdict
from watcher.core.page import Page
from watcher.core.suspicion import accepted, is_suspicious
from watcher.extract.body import open_body
from watcher.extract.suggesting.problems import wall_before

KNOWN = {"closed, zh"}
"""A page in the look of its site that says something new of its own, and of which nothing says that it is none."""

KNOWN_AT_FIRST = {*KNOWN, "API Gateway", "an empty body", "a script alone"}
"""Pages of which one look cannot tell: a JSON document of one word, and what shows nothing at all."""
FIRST_WALLS = {**first_looks.WALLS, **WALLS, **held_out.WALLS}
LOOKS = {**{name: WALL_WATCHES[name] for name in ("h1", "body", "page")}, "stock": STOCK_OF_HEADING}


def test_nothing_is_told_of_a_wall() -> None:
    pairs = cycle([(site, watch) for site in SITES for watch in WALL_WATCHES.values()])
    walls = {name: wall for name, wall in {**WALLS, **held_out.WALLS}.items() if name not in KNOWN}
    told = {
        name: told_of_wall(watch, site, wall) for (name, wall), (site, watch) in zip(walls.items(), pairs, strict=False)
    }
    assert {name: what for name, what in told.items() if what} == {}


def test_no_wall_is_taken_as_the_first_page() -> None:
    pairs = cycle([(site, watch) for site in SITES for watch in LOOKS.values()])
    walls = {name: wall for name, wall in FIRST_WALLS.items() if name not in KNOWN_AT_FIRST}
    taken = [
        name for (name, wall), (site, watch) in zip(walls.items(), pairs, strict=False) if is_taken(watch, site, wall)
    ]
    assert taken == []


@pytest.mark.faults
@pytest.mark.parametrize("name", LOOKS)
def test_no_wall_is_taken_as_the_first_page_before_any_site(name: str) -> None:
    walls = {name: wall for name, wall in FIRST_WALLS.items() if name not in KNOWN_AT_FIRST}
    taken = [
        f"{wall} / {site.name}" for site in SITES for wall, page in walls.items() if is_taken(LOOKS[name], site, page)
    ]
    assert taken == []


def test_a_page_comes_after_a_wall_at_the_first_look() -> None:
    trial = Trial(WALL_WATCHES["h1"])
    wall, page = trial.check(WALLS["nginx 502"]), trial.check(SITES[0].page())
    assert (wall.verdict, wall.state.failure and wall.state.failure.kind) == (Verdict.FAILED, "unexpected")
    assert (page.verdict, page.state.suspect) == (Verdict.BASELINE, None)


def test_a_first_look_at_what_seems_a_wall_waits_for_the_operator() -> None:
    trial = Trial(WALL_WATCHES["h1"])
    looks = [trial.check(WALLS["nginx 502"]) for _ in range(5)]
    assert {look.verdict for look in looks} == {Verdict.FAILED}
    assert "502 Bad Gateway" in str(trial.state.failure)
    assert "watcher accept w" in str(trial.state.failure)
    assert is_suspicious(trial.state)
    believed = accepted(trial.state)
    assert believed is not None
    trial.state = believed
    assert trial.check(WALLS["nginx 502"]).verdict is Verdict.BASELINE
    assert trial.check(WALLS["nginx 502"]).verdict is Verdict.UNCHANGED


@pytest.mark.parametrize("name", ["nginx 502", "login, en", "maintenance, zh", "a parked domain", "age gate"])
def test_a_check_and_a_suggestion_say_the_same_of_a_page(name: str) -> None:
    wall = within(SITES[0], {**WALLS, **held_out.WALLS}[name])
    page = Page(url="https://shop.example/", body=wall.encode(), media_type="text/html")
    seen = Trial(WALL_WATCHES["body"]).check(wall).state.failure
    said = wall_before(page, open_body(page))
    assert seen is not None
    assert said is not None
    assert seen.text.startswith(said)


def test_a_good_page_that_looks_like_a_wall_is_taken_at_first() -> None:
    accused = {name: watches for name, page in first_looks.GOOD.items() if (watches := accused_at_first(page))}
    assert accused == {}


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
