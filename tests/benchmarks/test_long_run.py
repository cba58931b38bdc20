from __future__ import annotations

from benchmarks.long_run import Load, Marginal
from benchmarks.pages import Phase

PHASES = (Phase.NOT_MODIFIED, Phase.PARSED)
LOAD = Load(
    name="a load",
    watches=5,
    every_seconds=1,
    checks=dict.fromkeys(PHASES, 5),
    phases=PHASES,
    targets={Phase.NOT_MODIFIED: 1.5, Phase.PARSED: 1.6},
)
MARGINAL = Marginal(
    load=LOAD,
    ours=[{Phase.NOT_MODIFIED: 0.2, Phase.PARSED: 2}, {Phase.NOT_MODIFIED: 0.4, Phase.PARSED: 4}],
    floor=[{Phase.NOT_MODIFIED: 0.2, Phase.PARSED: 1}, {Phase.NOT_MODIFIED: 0.2, Phase.PARSED: 1}],
)


def test_one_more_check_is_compared_with_the_floor_turn_by_turn() -> None:
    assert MARGINAL.rows() == [
        ["CPU ms a check, a load", "0.300", "–", "3.000", "–"],
        ["the floor, a load", "0.200", "–", "1.000", "–"],
        ["a check costs times the floor", "1.50", "–", "3.00", "–"],
        ["wanted", "≤ 1.5", "–", "≤ 1.6", "–"],
        ["reached", "ok", "–", "**short**", "–"],
    ]


def test_its_figures_are_named_with_their_load() -> None:
    figures = MARGINAL.figures()
    assert figures["marginal a load parsed floor ratio"] == 3
    assert figures["marginal a load 304 floor cpu_ms"] == 0.2
