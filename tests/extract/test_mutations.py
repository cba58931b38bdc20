"""What is measured by `python -m tests.extract.mutations`: in short here, and in full in `make faults`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.extract.mutated.cases import cases
from tests.extract.mutated.frames import Place, Template
from tests.extract.mutated.held_out import HELD_OUT
from tests.extract.mutated.mutators import MUTATORS
from tests.extract.mutated.pages import TAUGHT
from tests.extract.mutated.tree import TRUTH, read, written
from tests.extract.mutations import GROUPS, export, figures, report, results
from tests.sizes import FAULTS
from watcher.extract.document import Document

EVERY = (*TAUGHT, *HELD_OUT)
MOST_WRONG = {"taught": 0.005, "held-out": 0.01}
"""Where all of a page stands twice, in tables without a heading, no sign tells which is which."""


@pytest.mark.parametrize("template", EVERY, ids=lambda each: each.name)
def test_a_selector_by_hand_finds_the_truth_and_nothing_else(template: Template) -> None:
    document = Document(written(read(template.source), has_truth=True))
    for name, place in template.places.items():
        found = document.select(place.css)
        assert {each.attr(TRUTH) for each in found} == {name}
        assert len(found) == 1 or not isinstance(place, Place)


def test_no_reader_sees_the_truth_or_another_mark() -> None:
    for case in cases(EVERY, 36):
        for page in (case.before, case.after):
            document = Document(page)
            assert not [name for each in document.elements() for name in each.attrs if name.startswith(("x-", TRUTH))]


def test_the_same_seed_makes_the_same_cases_and_every_change_comes() -> None:
    found = list(cases(EVERY, 250, seed=2))
    assert [each.after for each in found[:40]] == [each.after for each in cases(EVERY, 40, seed=2)]
    assert {name for each in found for name in each.mutators} == {each.name for each in MUTATORS}
    assert sum(each.is_quiet for each in found) > 50


@pytest.mark.faults
@pytest.mark.sized
@pytest.mark.parametrize("name", GROUPS)
def test_hardly_a_watch_is_silently_wrong_none_is_disturbed_by_texts_and_what_is_lost_is_found(name: str) -> None:
    found = list(results(GROUPS[name], FAULTS.sized(40, 1_500), are_alone=[False]))
    assert report(found).startswith("| selectors | watches | silently wrong | false |")
    (every,) = figures(found, lambda _: ["every"]).values()
    assert every.wrong <= MOST_WRONG[name] * every.count
    assert every.false_alarms <= 0.005 * every.quiet
    assert every.right >= 0.65 * every.there
    assert every.proposed >= 0.9 * every.broken


def test_the_pages_are_written_with_the_truth_beside_them(tmp_path: Path) -> None:
    export(cases(EVERY, 20), tmp_path)
    for row in json.loads((tmp_path / "cases.json").read_bytes()):
        document = Document((tmp_path / f"{row['number']}.before.html").read_text(encoding="utf-8"))
        elements = list(document.elements())
        assert [elements[place] for place in row["before"]] == list(document.select(row["by_hand"]))
