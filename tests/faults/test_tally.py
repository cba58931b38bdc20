"""The line that each fault test ends with."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.faults.tally import Tally

_OF_THE_TOOLS: Final = {"test_tally.py", "test_chains.py"}
"""These are about what counts and judges, and make no faults."""


def test_a_line_says_what_was_tried_how_many_and_how_many_failed() -> None:
    counted = Tally(what="kills between two writes", tried=1_043, failed=0, figures={"worst start": "0.4 s"})
    assert str(counted) == "kills between two writes: 1,043 tried, 0 failed; worst start 0.4 s"


def test_the_line_is_printed_by_every_way_to_run(tally: Tally) -> None:
    tally.what, tally.tried = "lines of this kind", 1


def test_each_fault_test_has_a_row_with_its_command() -> None:
    table = (Path(__file__).parents[2] / "docs" / "reliability.md").read_text(encoding="utf-8")
    files = {path.name for path in Path(__file__).parent.glob("test_*.py")} - _OF_THE_TOOLS
    assert {name for name in files if f"tests/faults/{name}" not in table} == set()
