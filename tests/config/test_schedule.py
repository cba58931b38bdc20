"""When a watch is checked, and what the operator is told besides."""

from __future__ import annotations

from datetime import UTC, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from tests.config.files import mistake, mistakes, read, watch
from watcher.config import parse
from watcher.core.watch import ActiveHours, AllWell, OnError

SHANGHAI = ZoneInfo("Asia/Shanghai")

GAPS = {
    "* * * * *": timedelta(minutes=1),
    "*/5 9-18 * * mon-fri": timedelta(minutes=5),
    "0 9,10,18 * * *": timedelta(hours=1),
    "0 0 29 2 *": timedelta(days=365),
    "0 12 1 * *": timedelta(days=28),
}


@pytest.mark.parametrize("cron", GAPS)
def test_with_cron_the_interval_is_its_shortest(cron: str) -> None:
    found = watch(f"cron: '{cron}'")
    assert found.cron == cron
    assert found.every == GAPS[cron]


def test_a_watchs_own_schedule_is_in_place_of_either_default() -> None:
    by_cron = read(
        "defaults: {topic: t, cron: '0 9 * * *'}\nwatches:\n"
        "  a: {url: 'https://x.example/'}\n  b: {url: 'https://x.example/', every: 5m}"
    ).watches
    assert (by_cron["a"].cron, by_cron["a"].every) == ("0 9 * * *", timedelta(days=1))
    assert (by_cron["b"].cron, by_cron["b"].every) == (None, timedelta(minutes=5))
    by_interval = read(
        "defaults: {topic: t, every: 5m}\nwatches: {a: {url: 'https://x.example/', cron: '0 9 * * *'}}"
    ).watches
    assert (by_interval["a"].cron, by_interval["a"].every) == ("0 9 * * *", timedelta(days=1))


@pytest.mark.parametrize("cron", ["0 */5 * * * *", "* * * *", "@daily"])
def test_a_cron_expression_has_five_fields(cron: str) -> None:
    told = mistake(f"cron: '{cron}'")
    assert f"must have five fields: minute, hour, day of month, month, day of week; got '{cron}'" in told


def hours(written: str) -> ActiveHours | None:
    return watch(f"active_hours: {written}").active_hours


def test_active_hours_are_times_of_the_day_with_or_without_quotes() -> None:
    expected = ActiveHours(start=time(7), end=time(1, 30))
    assert hours('{from: "07:00", to: "01:30"}') == expected
    assert hours("{from: 07:00, to: 1:30}") == expected
    assert hours("{from: 07:00, to: 24:00}") == ActiveHours(start=time(7), end=time())


DAYS = {
    "mon-sun": {0, 1, 2, 3, 4, 5, 6},
    "mon-fri": {0, 1, 2, 3, 4},
    "sat-sun": {5, 6},
    "fri-mon": {4, 5, 6, 0},
    "'mon, wed'": {0, 2},
    "[mon-tue, SUN]": {0, 1, 6},
    "wed": {2},
}


@pytest.mark.parametrize("written", DAYS)
def test_days_are_names_and_spans_that_may_go_round(written: str) -> None:
    assert hours(f"{{days: {written}}}") == ActiveHours(start=time(), end=time(), days=frozenset(DAYS[written]))


def test_without_a_timezone_it_is_that_of_the_machine() -> None:
    text = "watches: {w: {url: 'https://x.example/', topic: t}}"
    machine = timezone(timedelta(hours=5))
    assert parse(text, file="f", environ={}).watches["w"].timezone is UTC
    assert parse(text, file="f", environ={}, timezone=machine).watches["w"].timezone is machine


def test_the_nearest_timezone_counts_and_that_of_the_hours_is_the_watchs() -> None:
    file = read(
        """
        defaults: {topic: t, timezone: Europe/Paris}
        watches:
          a: {url: "https://x.example/"}
          b: {url: "https://x.example/", timezone: UTC}
          c: {url: "https://x.example/", active_hours: {from: 07:00, timezone: Asia/Shanghai}}
          d: {url: "https://x.example/", active_hours: {timezone: Asia/Shanghai}}
        """
    )
    zones = {key: str(watch.timezone) for key, watch in file.watches.items()}
    assert zones == {"a": "Europe/Paris", "b": "UTC", "c": "Asia/Shanghai", "d": "Asia/Shanghai"}
    assert file.watches["d"].active_hours is None


def test_active_hours_and_on_error_are_merged_with_the_defaults_key_by_key() -> None:
    found = read(
        """
        defaults:
          topic: t
          active_hours: {from: 07:00, to: 22:00}
          on_error: {after: 10, topic: helpers}
        watches:
          w: {url: "https://x.example/", active_hours: {days: sat-sun}, on_error: {after: never}}
        """
    )
    assert found.watches["w"].active_hours == ActiveHours(start=time(7), end=time(22), days=frozenset({5, 6}))
    assert found.watches["w"].on_error == OnError(after=None, topics=("helpers",))
    assert "helpers" in found.topics


@pytest.mark.parametrize(("written", "after"), [("5", 5), ("1h", timedelta(hours=1)), ("never", None)])
def test_the_operator_is_patient_for_checks_or_for_a_time(written: str, after: object) -> None:
    assert watch(f"on_error: {{after: {written}}}").on_error == OnError(after=after, topics=("admin",))  # type: ignore[arg-type]  # a table of three types


def test_the_rest_of_what_a_watch_says_of_time() -> None:
    found = watch(
        """
        extract: p
        notify_when: {value: {contains: a}}
        remind_every: 6h
        accept_after: 7
        stale_after: 2d
        group_within: 30m
        """
    )
    assert found.remind_every == timedelta(hours=6)
    assert found.accept_after == 7
    assert found.stale_after == timedelta(days=2)
    assert found.group_within == timedelta(minutes=30)
    assert watch("group_within: 0s").group_within is None


def test_a_default_reminder_is_no_mistake_of_a_watch_without_a_state() -> None:
    file = read(
        "defaults: {topic: t, remind_every: 1h}\nwatches:\n"
        "  a: {url: 'https://x.example/'}\n  b: {url: 'https://x.example/', remind_every: never}"
    )
    assert file.watches["b"].remind_every is None


def test_all_is_well_at_a_time_of_the_day() -> None:
    short = read("all_well: 09:00\ndefaults: {timezone: Asia/Shanghai}\nwatches: {}")
    assert short.all_well == AllWell(at=time(9), timezone=SHANGHAI, topics=("admin",))
    long = read("all_well: {at: '21:30', timezone: Asia/Shanghai, topic: [ops, ops]}\nwatches: {}")
    assert long.all_well == AllWell(at=time(21, 30), timezone=SHANGHAI, topics=("ops",))
    assert "ops" in long.topics
    assert read("watches: {}").all_well is None


WRONG = {
    "every and cron": ("every: 5m\ncron: '* * * * *'", "6:5: watches.w.cron: a watch has `every` or `cron`, not both"),
    "cron that is none": (
        "cron: '* * * * x'",
        "must be a cron expression such as `*/5 9-18 * * mon-fri`; got '* * * * x'",
    ),
    "cron that never comes": ("cron: '0 0 31 4 *'", "must be a cron expression"),
    "a long cron": (f"cron: '{'1,' * 200}1 * * * *'", "at most 200 characters"),
    "an hour that is none": ("active_hours: {from: '25:00'}", "must be a time of day such as 07:00 or 23:30"),
    "an hour without minutes": ("active_hours: {from: 7}", "must be a time of day such as 07:00 or 23:30; got 7"),
    "a minute after midnight": ("active_hours: {to: '24:01'}", "must be a time of day"),
    "a day that is none": ("active_hours: {days: mon-fry}", "must be days such as mon-fri or sat,sun; got 'mon-fry'"),
    "no days": ("active_hours: {days: []}", "must name at least one day"),
    "a timezone that is none": ("timezone: Mars/Base", "must be a timezone such as Asia/Shanghai or UTC"),
    "a timezone outside of all": ("timezone: ../../etc/passwd", "must be a timezone such as Asia/Shanghai or UTC"),
    "two timezones": ("timezone: UTC\nactive_hours: {timezone: Asia/Shanghai}", "differs from `timezone: UTC`"),
    "a reminder of an event": ("remind_every: 1h", "reminds of what stays true"),
    "no patience": ("on_error: {after: 0}", "must be from 1 to 1,000; got 0"),
    "patience in words": ("on_error: {after: [1]}", "must be a number of checks, a duration such as 1h, or never"),
    "nothing accepted": ("accept_after: 0", "must be from 1 to 100"),
    "a group of a week": ("group_within: 7d", "must be from 0s to 1d"),
    "a tag with blanks": ("tags: [a b]", "tags[0]: must be a name of letters"),
    "a topic of errors with blanks": ("on_error: {topic: a b}", "on_error.topic: must be a name of letters"),
}


@pytest.mark.parametrize(("body", "told"), WRONG.values(), ids=WRONG)
def test_a_schedule_that_makes_no_sense_is_an_error(body: str, told: str) -> None:
    assert told in mistake(body)


@pytest.mark.parametrize("text", ["defaults: {every: 1m, cron: '* * * * *'}", "all_well: {at: 9}", "all_well: noon"])
def test_a_mistake_outside_of_the_watches_is_told_once(text: str) -> None:
    assert len(mistakes(f"{text}\nwatches: {{w: {{url: 'https://x.example/', topic: t}}}}")) == 1
