from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from watcher.core.dates import dated

NOW = datetime(2026, 1, 31, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "filled"),
    [
        ("{today}", "2026-01-31"),
        ("{today+0d}", "2026-01-31"),
        ("{today+14d}", "2026-02-14"),
        ("{today-1d:%d.%m.%y}", "30.01.26"),
        ("{today+2w}", "2026-02-14"),
        ("{today+1m}", "2026-02-28"),
        ("{today-2m}", "2025-11-30"),
        ("{today-1m:%Y-%m}", "2025-12"),
        ("{today+25m}", "2028-02-29"),
        ("{today+1y}", "2027-01-31"),
        ("{today:%A %a %B %b %j %H%%}", "Saturday Sat January Jan 031 22%"),
        ("{today:plain}", "plain"),
        ("d={today:%d}&m={today+1m:%m}#x", "d=31&m=02#x"),
        ("{other}", "{other}"),
        ("%7Btoday%7D", "%7Btoday%7D"),
    ],
)
def test_dates_are_filled_in(written: str, filled: str) -> None:
    assert dated(f"https://x.example/{written}", NOW, UTC) == f"https://x.example/{filled}"


def test_a_leap_day_and_a_year_is_the_last_of_february() -> None:
    assert dated("{today+1y}", datetime(2028, 2, 29, tzinfo=UTC), UTC) == "2029-02-28"


def test_today_is_that_of_the_watch() -> None:
    assert dated("{today}", NOW, ZoneInfo("Asia/Shanghai")) == "2026-02-01"
    assert dated("{today:%H}", NOW, ZoneInfo("America/New_York")) == "17"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("{today+14}", "write {today}"),
        ("{today +14d}", "write {today}"),
        ("{today+14h}", "write {today}"),
        ("{today+d}", "write {today}"),
        ("{todays}", "write {today}"),
        ("{today", "write {today}"),
        ("{today:}", "has no format"),
        ("{today:%Q}", "%Q is no part of a date here: write %Y, %y"),
        ("{today:%}", "% is no part of a date"),
        ("{today+99999y}", "outside of the calendar"),
        ("{today-99999m}", "outside of the calendar"),
        ("{today+٣d}", "write {today}"),
    ],
)
def test_what_is_no_date_says_what_to_write(written: str, text: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011  the text is looked at below
        dated(f"https://x.example/{written}", NOW, UTC)
    assert text in str(raised.value)
    assert "x.example" not in str(raised.value)
