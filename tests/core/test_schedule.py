"""When a watch is due."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON, watch
from watcher.core.schedule import (
    earliness,
    first_check_at,
    first_wait,
    has_same_schedule,
    is_active,
    next_check_at,
    next_opening,
    start_spread,
    wait_until_next,
)
from watcher.core.watch import EVERY_DAY, ActiveHours, Watch

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TEN = replace(watch(), every=10 * MINUTE, jitter=0.1)


@pytest.mark.parametrize(
    ("every", "failures", "expected"),
    [
        (10 * MINUTE, 0, 10 * MINUTE),
        (10 * MINUTE, 1, 20 * MINUTE),
        (10 * MINUTE, 2, 40 * MINUTE),
        (10 * MINUTE, 3, HOUR),
        (10 * MINUTE, 10_000, HOUR),
        (0.5 * MINUTE, 10_000, HOUR),
        (6 * HOUR, 1, 6 * HOUR),
    ],
)
def test_failures_in_a_row_double_the_interval_up_to_an_hour(
    every: timedelta, failures: int, expected: timedelta
) -> None:
    assert wait_until_next(replace(TEN, every=every), failures=failures, chance=0) == expected


@pytest.mark.parametrize(("chance", "expected"), [(0.0, 10 * MINUTE), (0.5, 10.5 * MINUTE), (0.999_999, 11 * MINUTE)])
def test_chance_lengthens_a_wait_by_up_to_the_jitter(chance: float, expected: timedelta) -> None:
    assert abs(wait_until_next(TEN, chance=chance) - expected) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("every", "expected"),
    [(10 * MINUTE, 2 * MINUTE), (timedelta(seconds=10), timedelta(seconds=5)), (timedelta(seconds=3),) * 2],
)
def test_what_awaits_its_confirmation_is_looked_at_sooner(every: timedelta, expected: timedelta) -> None:
    assert wait_until_next(replace(TEN, every=every), is_confirming=True, chance=0) == expected


@pytest.mark.parametrize(
    ("watched", "expected"),
    [
        pytest.param(replace(TEN, jitter=0.0), MINUTE, id="a tenth"),
        pytest.param(replace(TEN, jitter=0.3), 3 * MINUTE, id="as much as its jitter"),
        pytest.param(replace(TEN, cron="0 9 * * *"), timedelta(0), id="a time of cron is meant"),
    ],
)
def test_how_much_earlier_a_watch_may_be_checked_in_company(watched: Watch, expected: timedelta) -> None:
    assert earliness(watched) == expected


def test_a_failing_page_is_not_asked_sooner_for_a_confirmation() -> None:
    assert wait_until_next(TEN, failures=1, is_confirming=True, chance=0) == 20 * MINUTE


def test_what_the_server_asks_for_is_never_undercut() -> None:
    assert wait_until_next(TEN, failures=1, retry_after=5 * HOUR, chance=0.9) == 5 * HOUR
    assert wait_until_next(TEN, failures=1, retry_after=MINUTE, chance=0) == 20 * MINUTE


@pytest.mark.parametrize(
    ("since_planned", "expected"),
    [
        pytest.param(-4 * MINUTE, 4 * MINUTE, id="planned for later: then"),
        pytest.param(-HOUR, 11 * MINUTE, id="planned for much later, perhaps by a wrong clock: within its interval"),
        pytest.param(4 * HOUR, MINUTE / 2, id="overdue: within a minute"),
        pytest.param(timedelta(0), MINUTE / 2, id="due now: within a minute"),
        pytest.param(None, MINUTE / 2, id="new: within a minute"),
    ],
)
def test_the_first_wait_after_a_start(since_planned: timedelta | None, expected: timedelta) -> None:
    assert first_wait(TEN, since_planned=since_planned, chance=0.5) == expected


@pytest.mark.parametrize(("watches", "spread"), [(1, 0.02), (500, 10), (3_000, 60), (20_000, 60), (100_000, 300)])
def test_a_start_spreads_many_checks_and_no_more_than_a_machine_can_do(watches: int, spread: float) -> None:
    assert start_spread(watches) == timedelta(seconds=spread)
    assert first_wait(TEN, since_planned=None, chance=0.5, spread=start_spread(watches)).total_seconds() == spread / 2


def test_a_new_watch_with_a_short_interval_is_spread_over_that() -> None:
    assert first_wait(replace(TEN, every=timedelta(seconds=4)), since_planned=None, chance=0.5) == timedelta(seconds=2)


BERLIN, NEW_YORK, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")
LORD_HOWE, CAIRO = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Africa/Cairo")
WEEKDAYS = frozenset(range(5))
SUNDAY = frozenset({6})


def clock(text: str) -> time:
    return time.fromisoformat(text)


def open_in(zone: ZoneInfo, start: str, end: str, days: frozenset[int] = EVERY_DAY) -> Watch:
    """A watch with these active hours, looked at every 10 min without jitter."""
    hours = ActiveHours(start=clock(start), end=clock(end), days=days)
    return replace(TEN, jitter=0, active_hours=hours, timezone=zone)


def cron_in(zone: ZoneInfo, cron: str, every: timedelta = 5 * MINUTE) -> Watch:
    """A watch that is looked at by cron."""
    return replace(TEN, cron=cron, every=every, timezone=zone)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("watched", "at", "expected"),
    [
        pytest.param(TEN, "2026-11-24T03:00", True, id="no hours: always"),
        pytest.param(open_in(BERLIN, "07:00", "19:00"), "2026-11-24T05:59:59", False, id="a second before they begin"),
        pytest.param(open_in(BERLIN, "07:00", "19:00"), "2026-11-24T06:00", True, id="their beginning is among them"),
        pytest.param(open_in(BERLIN, "07:00", "19:00"), "2026-11-24T18:00", False, id="their end is not"),
        pytest.param(open_in(BERLIN, "22:00", "06:00"), "2026-11-23T23:30", True, id="over midnight: at 00:30"),
        pytest.param(open_in(BERLIN, "22:00", "06:00"), "2026-11-23T20:30", False, id="over midnight: at 21:30"),
        pytest.param(
            open_in(BERLIN, "22:00", "06:00", frozenset({0})),
            "2026-11-24T02:00",
            True,
            id="the day is that of the start",
        ),
        pytest.param(open_in(BERLIN, "22:00", "06:00", frozenset({1})), "2026-11-24T02:00", False, id="and only that"),
        pytest.param(open_in(BERLIN, "22:00", "06:00", SUNDAY), "2026-11-23T02:00", True, id="Sunday night is Monday"),
        pytest.param(open_in(BERLIN, "09:00", "09:00"), "2026-11-24T03:00", True, id="the same time twice: all day"),
        pytest.param(
            open_in(BERLIN, "09:00", "09:00", frozenset({0})),
            "2026-11-24T03:00",
            True,
            id="all day, till 9 the day after",
        ),
        pytest.param(
            open_in(BERLIN, "09:00", "09:00", frozenset({0})), "2026-11-24T08:00", False, id="all day, and no longer"
        ),
        pytest.param(open_in(BERLIN, "09:00", "17:00", WEEKDAYS), "2026-11-28T10:00", False, id="not on a Saturday"),
        pytest.param(open_in(KOLKATA, "09:00", "17:00"), "2026-11-24T03:30", True, id="half-hour zone: begins"),
        pytest.param(open_in(KOLKATA, "09:00", "17:00"), "2026-11-24T03:29", False, id="half-hour zone: not yet"),
        pytest.param(open_in(BERLIN, "02:15", "02:45"), "2026-10-25T00:30", True, id="Berlin, the first 2:30 of two"),
        pytest.param(open_in(BERLIN, "02:15", "02:45"), "2026-10-25T01:30", True, id="Berlin, the second"),
        pytest.param(open_in(BERLIN, "02:15", "02:45"), "2026-10-25T01:05", False, id="Berlin, 2:05 again in between"),
        pytest.param(
            open_in(BERLIN, "02:15", "02:45"), "2026-03-29T01:10", False, id="Berlin, 3:10 after skipped hours"
        ),
        pytest.param(open_in(NEW_YORK, "22:00", "02:30"), "2026-11-01T06:15", True, id="New York, the second 1:15"),
        pytest.param(open_in(NEW_YORK, "22:00", "02:30"), "2026-03-08T07:00", False, id="New York, 3:00 after the gap"),
    ],
)
def test_active_hours(watched: Watch, at: str, expected: bool) -> None:
    assert is_active(watched, utc(at)) is expected


@pytest.mark.parametrize(
    ("watched", "at", "expected"),
    [
        pytest.param(TEN, "2026-11-24T03:00", "2026-11-24T03:00", id="no hours: at once"),
        pytest.param(open_in(BERLIN, "07:00", "19:00"), "2026-11-24T10:00", "2026-11-24T10:00", id="open"),
        pytest.param(open_in(BERLIN, "07:00", "19:00"), "2026-11-24T03:00", "2026-11-24T06:00", id="later today"),
        pytest.param(open_in(BERLIN, "07:00", "19:00"), "2026-11-24T18:00", "2026-11-25T06:00", id="tomorrow"),
        pytest.param(
            open_in(BERLIN, "09:00", "17:00", WEEKDAYS), "2026-11-27T16:00", "2026-11-30T08:00", id="after the weekend"
        ),
        pytest.param(open_in(BERLIN, "22:00", "06:00"), "2026-11-24T05:00", "2026-11-24T21:00", id="over midnight"),
        pytest.param(open_in(KOLKATA, "09:00", "17:00"), "2026-11-24T12:00", "2026-11-25T03:30", id="half-hour zone"),
        pytest.param(
            open_in(BERLIN, "07:00", "19:00"), "2026-03-28T20:00", "2026-03-29T05:00", id="Berlin, summer begins"
        ),
        pytest.param(
            open_in(BERLIN, "07:00", "19:00"), "2026-10-24T20:00", "2026-10-25T06:00", id="Berlin, summer ends"
        ),
        pytest.param(
            open_in(BERLIN, "02:30", "05:00"), "2026-03-28T20:00", "2026-03-29T01:00", id="Berlin, 2:30 is skipped"
        ),
        pytest.param(
            open_in(BERLIN, "02:15", "02:45"), "2026-03-28T20:00", "2026-03-30T00:15", id="Berlin, all of it is"
        ),
        pytest.param(
            open_in(BERLIN, "02:15", "02:45"), "2026-10-25T00:50", "2026-10-25T01:15", id="Berlin, 2:15 again"
        ),
        pytest.param(
            open_in(BERLIN, "02:15", "02:45", SUNDAY),
            "2026-03-28T20:00",
            "2026-04-05T00:15",
            id="Berlin, the week after",
        ),
        pytest.param(
            open_in(NEW_YORK, "02:30", "05:00"), "2026-03-07T20:00", "2026-03-08T07:00", id="New York, 2:30 is skipped"
        ),
        pytest.param(
            open_in(LORD_HOWE, "02:15", "05:00"),
            "2026-10-03T12:00",
            "2026-10-03T15:30",
            id="Lord Howe skips half an hour",
        ),
        pytest.param(
            open_in(CAIRO, "00:00", "06:00"), "2026-04-23T12:00", "2026-04-23T22:00", id="Cairo skips midnight"
        ),
    ],
)
def test_the_next_opening(watched: Watch, at: str, expected: str) -> None:
    opening = next_opening(watched, utc(at))
    assert opening == utc(expected)
    assert is_active(watched, opening)


def test_a_check_that_would_come_outside_of_the_hours_waits_for_the_next_opening_and_a_little() -> None:
    watched = open_in(BERLIN, "07:00", "19:00")
    assert next_check_at(watched, now=utc("2026-11-24T17:49"), chance=0.5) == utc("2026-11-24T17:59")
    assert next_check_at(watched, now=utc("2026-11-24T17:50"), chance=0.5) == utc("2026-11-25T06:00:30")


def test_what_the_server_asks_for_is_not_undercut_by_an_opening() -> None:
    watched = open_in(BERLIN, "07:00", "19:00")
    at = next_check_at(watched, failures=1, retry_after=13 * HOUR, now=utc("2026-11-24T17:50"), chance=0)
    assert at == utc("2026-11-25T06:50")


def test_the_spread_after_an_opening_stays_within_the_shortest_hours() -> None:
    watched = replace(open_in(BERLIN, "07:00:00", "07:00:10"), every=HOUR)
    assert next_check_at(watched, now=NOON, chance=0.9) == utc("2026-11-25T06:00")


@pytest.mark.parametrize(
    ("cron", "zone", "now", "expected"),
    [
        pytest.param("*/5 * * * *", BERLIN, "2026-11-24T12:01", "2026-11-24T12:05", id="the next of its times"),
        pytest.param("*/5 * * * *", BERLIN, "2026-11-24T12:05", "2026-11-24T12:10", id="not the one that is now"),
        pytest.param("*/5 * * * *", BERLIN, "2026-11-24T12:05:00.5", "2026-11-24T12:10", id="nor that of this second"),
        pytest.param("0 9 * * *", BERLIN, "2026-11-24T12:00", "2026-11-25T08:00", id="in the watch's timezone"),
        pytest.param("0 9 * * *", KOLKATA, "2026-11-24T12:00", "2026-11-25T03:30", id="in a half-hour zone"),
        pytest.param("0 9 * * mon-fri", BERLIN, "2026-11-27T12:00", "2026-11-30T08:00", id="after the weekend"),
        pytest.param("0 9 * * *", BERLIN, "2026-03-28T12:00", "2026-03-29T07:00", id="Berlin, summer begins"),
        pytest.param("0 9 * * *", BERLIN, "2026-10-24T12:00", "2026-10-25T08:00", id="Berlin, summer ends"),
        pytest.param("30 2 * * *", BERLIN, "2026-03-28T12:00", "2026-03-29T01:00", id="Berlin, 2:30 is skipped"),
        pytest.param("30 2 * * *", BERLIN, "2026-10-24T12:00", "2026-10-25T00:30", id="Berlin, the first 2:30"),
        pytest.param("30 2 * * *", BERLIN, "2026-10-25T00:30", "2026-10-26T01:30", id="Berlin, and not the second"),
        pytest.param(
            "30 2 * * *", BERLIN, "2026-10-25T01:10", "2026-10-26T01:30", id="Berlin, 2:10 again: none is left"
        ),
        pytest.param(
            "*/30 * * * *", BERLIN, "2026-10-25T00:30", "2026-10-25T01:00", id="Berlin, `*` follows the clock"
        ),
        pytest.param("30 2 * * *", NEW_YORK, "2026-03-07T12:00", "2026-03-08T07:00", id="New York, 2:30 is skipped"),
        pytest.param("30 1 * * *", NEW_YORK, "2026-11-01T05:30", "2026-11-02T06:30", id="New York, 1:30 comes once"),
    ],
)
def test_cron(cron: str, zone: ZoneInfo, now: str, expected: str) -> None:
    assert next_check_at(cron_in(zone, cron), now=utc(now), chance=0) == utc(expected)


@pytest.mark.parametrize(
    ("every", "jitter", "seconds"),
    [
        pytest.param(5 * MINUTE, 0.1, 15, id="half of 10 % of the time between two"),
        pytest.param(5 * MINUTE, 0.5, 15, id="10 % at most"),
        pytest.param(24 * HOUR, 0.1, 30, id="a minute at most: nine o'clock is not noon"),
        pytest.param(5 * MINUTE, 0.0, 0, id="none"),
    ],
)
def test_a_time_of_cron_may_come_a_little_late_and_never_early(every: timedelta, jitter: float, seconds: int) -> None:
    watched = replace(cron_in(BERLIN, "0 9 * * *", every), jitter=jitter)
    assert next_check_at(watched, now=NOON, chance=0.5) == utc("2026-11-25T08:00") + timedelta(seconds=seconds)


MORNINGS = ActiveHours(start=clock("10:00"), end=clock("11:01"), days=WEEKDAYS)


def test_a_time_of_cron_outside_of_the_hours_is_passed_over() -> None:
    watched = replace(cron_in(BERLIN, "0 */5 * * *", 5 * HOUR), active_hours=MORNINGS)
    assert next_check_at(watched, now=utc("2026-11-27T12:00"), chance=0) == utc("2026-11-30T09:00")


def test_a_cron_that_never_meets_the_hours_is_put_off_and_not_looked_for_for_ever() -> None:
    watched = replace(cron_in(BERLIN, "0 3 * * *", 24 * HOUR), active_hours=MORNINGS)
    assert next_check_at(watched, now=NOON, chance=0) > NOON + timedelta(days=366)


def test_jitter_does_not_lead_out_of_the_hours() -> None:
    hours = ActiveHours(start=clock("09:00"), end=clock("09:00:10"))
    watched = replace(cron_in(BERLIN, "0 9 * * *"), active_hours=hours)
    assert next_check_at(watched, now=NOON, chance=0.9) == utc("2026-11-25T08:00")


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 5), (1, 10), (2, 20), (3, 40), (10, 60)], ids=lambda number: str(number)
)
def test_a_failing_watch_passes_over_times_of_cron(failures: int, minutes: int) -> None:
    at = next_check_at(cron_in(BERLIN, "*/5 * * * *"), failures=failures, now=NOON + timedelta(seconds=2), chance=0)
    assert at == NOON + minutes * MINUTE


def test_a_retry_after_is_not_undercut_by_cron() -> None:
    watched = cron_in(BERLIN, "*/5 * * * *")
    assert next_check_at(watched, failures=1, retry_after=HOUR, now=NOON, chance=0) == NOON + 65 * MINUTE


def test_what_awaits_its_confirmation_does_not_wait_for_cron() -> None:
    watched = cron_in(BERLIN, "*/5 * * * *")
    assert next_check_at(watched, is_confirming=True, now=NOON, chance=0) == NOON + MINUTE
    assert next_check_at(watched, is_confirming=True, now=NOON + 4.5 * MINUTE, chance=0) == NOON + 5 * MINUTE


HOURLY = cron_in(BERLIN, "0 * * * *", HOUR)


@pytest.mark.parametrize(
    ("watched", "planned_at", "expected"),
    [
        pytest.param(HOURLY, None, NOON + HOUR, id="cron, new: at its time"),
        pytest.param(HOURLY, NOON - MINUTE, NOON + MINUTE / 2, id="cron, overdue: made up for"),
        pytest.param(HOURLY, NOON + MINUTE / 4, NOON + MINUTE / 4, id="cron, its time came, its jitter is not over"),
        pytest.param(HOURLY, NOON + 9 * HOUR, NOON + HOUR, id="cron, planned by a wrong clock"),
        pytest.param(
            open_in(BERLIN, "07:00", "12:00"), None, utc("2026-11-25T06:00:30"), id="hours, new: at the opening"
        ),
        pytest.param(open_in(BERLIN, "07:00", "19:00"), None, NOON + MINUTE / 2, id="hours, new and open: at once"),
        pytest.param(
            open_in(BERLIN, "07:00", "12:00"),
            utc("2026-11-25T06:00:10"),
            utc("2026-11-25T06:00:30"),
            id="hours, planned for the opening",
        ),
    ],
)
def test_the_first_check_after_a_start(watched: Watch, planned_at: datetime | None, expected: datetime) -> None:
    watched = replace(watched, jitter=0)
    assert first_check_at(watched, planned_at=planned_at, now=NOON, chance=0.5) == expected


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        pytest.param(replace(TEN, name="other", topics=("news",)), True, id="name and topic"),
        pytest.param(replace(TEN, timezone=BERLIN), True, id="a timezone that nothing is read in"),
        pytest.param(replace(TEN, every=MINUTE), False, id="every"),
        pytest.param(replace(TEN, cron="* * * * *"), False, id="cron"),
        pytest.param(replace(TEN, is_enabled=False), False, id="enabled"),
        pytest.param(open_in(BERLIN, "07:00", "19:00"), False, id="active hours"),
    ],
)
def test_whether_two_watches_have_the_same_schedule(other: Watch, is_same: bool) -> None:
    assert has_same_schedule(TEN, other) is is_same
