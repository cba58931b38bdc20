from __future__ import annotations

from benchmarks.report import Section
from benchmarks.summary import summary

FIGURES = {
    "whole 1000 same urlwatch ratio": 10.5,
    "whole 1000 same changedetection.io ratio": 7.0,
    "marginal as many as one core can same floor ratio": 1.7,
    "fresh 1000 304 urlwatch ratio": 3.5,
    "marginal tables of 50 rows parsed floor ratio": 2.0,
}


def lines() -> dict[str, list[str]]:
    (table,) = summary({"all": Section(title="All", tables=[], figures=FIGURES)}).tables
    return {row[0]: list(row[1:]) for row in table.rows}


def test_a_line_names_the_best_peer_and_compares_with_urlwatch_and_the_floor() -> None:
    assert lines()["same bytes"] == ["7.0 (changedetection.io)", "10.5", "≥ 10", "ok", "1.70", "≤ 1.5", "**short**"]


def test_what_was_not_measured_reaches_nothing() -> None:
    assert lines()["304"] == ["–", "–", "≥ 4", "–", "–", "≤ 1.5", "–"]


def test_a_ratio_without_a_target_stands_alone() -> None:
    assert lines()["tables of 50 rows: parsed, unchanged"] == ["–", "–", "", "", "2.00", "", ""]


def test_passes_of_fresh_connections_have_lines_of_their_own() -> None:
    assert lines()["fresh connections: 304"] == ["3.5 (urlwatch)", "3.5", "≥ 3.6", "**short**", "–", "", ""]
