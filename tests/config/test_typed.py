"""Numbers and lengths of time as people type them into a form."""

from __future__ import annotations

import pytest

from watcher.config.typed import duration_in, number_in, step_in, topics_in


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("90", 90),
        ("90 €", 90),
        ("€90", 90),
        ("eur 9.50", 9.5),
        ("90 kr", 90),
        ("-5", -5),
        ("¥ 90", 90),
        ("1万", 10_000),
        ("1.25 万元", 12_500),
        ("２亿", 200_000_000),
        ("1万5", None),
        ("1,299", None),
        ("9,50 €", None),
        ("90%", None),
        ("1 million", None),
        ("1k", None),
        ("5-10", None),
        ("2026-10-01", None),
        ("cheap", None),
        ("", None),
    ],
)
def test_a_number_is_read_with_its_currency_and_never_guessed(typed: str, number: float | None) -> None:
    assert number_in(typed) == number


@pytest.mark.parametrize(
    ("typed", "step"),
    [
        ("5%", "5%"),
        ("7.5 %", "7.5%"),
        ("10％", "10%"),
        ("20", 20),
        ("9.50 €", 9.5),
        ("0", None),
        ("0%", None),
        ("-5%", None),
        ("5,5%", None),
        ("1000%", None),
        ("5 percent", None),
        ("", None),
    ],
)
def test_a_step_is_a_percentage_or_an_amount(typed: str, step: str | float | None) -> None:
    assert step_in(typed) == step


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("5 min", "5m"),
        ("5 minutes", "5m"),
        ("1 Hour", "1h"),
        ("2 days", "2d"),
        ("5 分钟", "5m"),
        ("1小时", "1h"),
        ("10m", "10m"),
        ("1h30m", "1h30m"),
        ("5 months", "5 months"),
        ("soon", "soon"),
    ],
)
def test_a_length_of_time_is_written_as_files_have_it(typed: str, written: str) -> None:
    assert duration_in(typed) == written


def test_topics_stand_between_commas_of_any_script() -> None:
    assert topics_in("deals, family，  优惠、news,deals,") == ["deals", "family", "优惠", "news"]
    assert topics_in(" , ") == []
