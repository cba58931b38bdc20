from __future__ import annotations

from benchmarks.costs import Cost
from benchmarks.pages import Phase
from benchmarks.tables import Trial


def costs(*cpu_seconds: float) -> list[Cost]:
    return [Cost(status=0, seconds=2, cpu_seconds=each, memory_bytes=50_000_000) for each in cpu_seconds]


TRIAL = Trial(
    name="whole",
    watches=1_000,
    turns={
        ("watcher", Phase.NOT_MODIFIED): costs(0.3, 0.2, 0.4),
        ("urlwatch", Phase.NOT_MODIFIED): costs(1.5, 1.2, 1.6),
        ("watcher", Phase.SAME): costs(0.5),
        ("urlwatch", Phase.SAME): costs(5.5),
    },
    targets={Phase.NOT_MODIFIED: 5, Phase.SAME: 12, Phase.PARSED: 5},
)


def test_a_table_compares_pair_by_pair_with_what_is_wanted() -> None:
    assert TRIAL.cpu_table("A title").rows == [
        ["watcher, CPU ms a check", "0.30", "0.50", "–", "–"],
        ["urlwatch, CPU ms a check", "1.50", "5.50", "–", "–"],
        ["urlwatch costs times ours", "5.0 (4.0 to 6.0)", "11.0", "–", "–"],
        ["wanted", "≥ 5", "≥ 12", "", ""],
        ["reached", "ok", "**short**", "", ""],
    ]


def test_rates_are_by_the_clock_and_memory_is_the_most_of_all_passes() -> None:
    assert TRIAL.rates()[0] == ["watcher, 1,000 watches", "500", "500", "–", "–"]
    assert TRIAL.memory()[1] == ["urlwatch, 1,000 watches", "50", "50", "–", "–"]


def test_figures_are_named_with_their_unit() -> None:
    figures = TRIAL.figures()
    assert figures["whole 1000 304 urlwatch ratio"] == 5
    assert figures["whole 1000 same watcher cpu_ms"] == 0.5


def test_a_chart_leaves_out_what_was_not_measured() -> None:
    assert TRIAL.chart("x", "X").series == {"watcher": [0.3, 0.5, None, None], "urlwatch": [1.5, 5.5, None, None]}
