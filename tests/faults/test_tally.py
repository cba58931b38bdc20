"""The line that each fault test ends with."""

from __future__ import annotations

from tests.faults.tally import Tally


def test_a_line_says_what_was_tried_how_many_and_how_many_failed() -> None:
    counted = Tally(what="kills between two writes", tried=1_043, failed=0, figures={"worst start": "0.4 s"})
    assert str(counted) == "kills between two writes: 1,043 tried, 0 failed; worst start 0.4 s"


def test_the_line_is_printed_by_every_way_to_run(tally: Tally) -> None:
    tally.what, tally.tried = "lines of this kind", 1
