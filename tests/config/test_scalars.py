from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from watcher.config import scalars

DURATIONS = {
    "30s": timedelta(seconds=30),
    "10m": timedelta(minutes=10),
    "2h": timedelta(hours=2),
    "1d": timedelta(days=1),
    "1h30m": timedelta(minutes=90),
    "1d2h3m4s5ms": timedelta(days=1, hours=2, minutes=3, seconds=4, milliseconds=5),
    "500ms": timedelta(milliseconds=500),
}


@pytest.mark.parametrize("written", DURATIONS)
def test_a_duration_is_numbers_with_units(written: str) -> None:
    assert scalars.duration(written) == DURATIONS[written]


@pytest.mark.parametrize("written", ["", "m", "10", "30m1h", "1.5h", "-1s", "10 m", "10M", "９s", True, 10, [], None])
def test_what_is_no_duration_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="must be a duration such as 30s, 10m or 2h; got "):
        scalars.duration(written)


@pytest.mark.parametrize(("written", "share"), [("10%", 0.1), ("0%", 0.0), ("12.5 %", 0.125)])
def test_a_percentage_is_a_share(written: str, share: float) -> None:
    assert scalars.share(written) == share


@pytest.mark.parametrize("written", ["10", "%", "-1%", 0.1, 10, True])
def test_what_is_no_percentage_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="must be a percentage such as 10%"):
        scalars.share(written)


def test_a_number_keeps_its_digits() -> None:
    assert str(scalars.number(Decimal("1.50"))) == "1.50"
    assert scalars.text(Decimal("1.50")) == "1.50"


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("15,999", "write 15999"),
        ("1'000.50", "write 1000.50"),
        ("79 元", "write 79"),
        ("€12.50", "write 12.50"),
        ("1万", "write 10000"),
        ("1.2万", "write 12000"),
        ("1.2万元", "write 12000"),
        ("1千元", "write 1000"),
        ("3百", "write 300"),
        ("5千万", "write 50000000"),
        ("1,000元", "write 1000"),
        ("￥1，299", "write 1299"),
        ("¥1,299.00", "write 1299.00"),
        ("-5 件", "write -5"),
        ("12", "without quotes"),
        ("abc", "'abc'"),
        (True, "true"),
    ],
)
def test_what_is_no_number_is_refused_with_advice(written: object, advice: str) -> None:
    with pytest.raises(ValueError, match="must be a number") as caught:
        scalars.number(written)
    assert advice in str(caught.value)


@pytest.mark.parametrize("written", ["1打", "12 GB", "1万5", "3百多", "1.299,00", "约 100 元", "1,00", "10%"])
def test_no_number_is_proposed_where_it_might_be_another(written: str) -> None:
    with pytest.raises(ValueError, match="must be a number") as caught:
        scalars.number(written)
    assert "write" not in str(caught.value)


def test_a_long_text_is_quoted_in_part() -> None:
    assert len(scalars.shown("x" * 10_000)) < 70
