"""Quiet hours."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from watcher.core.quiet import QuietHoursError, QuietPart, parse_quiet_hours, quiet_until


@pytest.mark.parametrize(
    ("text", "now", "until"),
    [
        ("22:00-07:00 Asia/Shanghai", "2026-03-01T23:30+08:00", "2026-03-02T07:00+08:00"),
        ("22:00-07:00 Asia/Shanghai", "2026-03-02T06:59+08:00", "2026-03-02T07:00+08:00"),
        ("22:00-07:00 Asia/Shanghai", "2026-03-02T07:00+08:00", None),
        ("22:00-07:00 Asia/Shanghai", "2026-03-01T22:00+08:00", "2026-03-02T07:00+08:00"),
        ("13:00-14:00 UTC", "2026-03-01T13:59:59+00:00", "2026-03-01T14:00+00:00"),
        ("13:00-14:00 UTC", "2026-03-01T12:59:59+00:00", None),
        # The clock goes from 2:00 to 3:00 on 29 March 2026, and from 3:00 to 2:00 on 25 October.
        ("22:00-02:30 Europe/Berlin", "2026-03-29T01:30+01:00", "2026-03-29T03:30+02:00"),
        ("22:00-02:30 Europe/Berlin", "2026-10-25T02:15+02:00", "2026-10-25T02:30+01:00"),
    ],
)
def test_it_is_quiet_until_the_end_on_the_clock_of_the_subscriber(text: str, now: str, until: str | None) -> None:
    quiet = parse_quiet_hours(text)

    found = quiet_until(quiet, now=datetime.fromisoformat(now))

    assert found == (None if until is None else datetime.fromisoformat(until).astimezone(UTC))


@pytest.mark.parametrize("text", ["22:00-07:00 Asia/Shanghai", "00:00-23:59 UTC"])
def test_what_is_written_is_read_again(text: str) -> None:
    assert str(parse_quiet_hours(text)) == text


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no time of day"),
        ("25:00-07:00 UTC", "no time of day"),
        ("22:00 UTC", "no time of day"),
        ("22:00-22:00 UTC", "same time"),
        ("22:00-07:00", "no timezone"),
        ("22:00-07:00 Mars/Olympus", "no timezone"),
        ("22:00-07:00 ../../etc/passwd", "no timezone"),
    ],
)
def test_what_is_no_quiet_hours_is_refused_with_advice(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_quiet_hours(text)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("2200-07:00 UTC", QuietPart.START),
        ("22:00-7 UTC", QuietPart.END),
        ("22:00-22:00 UTC", QuietPart.END),
        ("22:00-07:00 Mars", QuietPart.TIMEZONE),
        ("22:00-07:00", QuietPart.TIMEZONE),
    ],
)
def test_a_complaint_names_the_part_that_is_wrong(text: str, part: QuietPart) -> None:
    with pytest.raises(QuietHoursError) as caught:
        parse_quiet_hours(text)
    assert caught.value.part is part
