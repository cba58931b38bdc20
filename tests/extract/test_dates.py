from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from watcher.errors import UnparsableError
from watcher.extract.dates import date_of, names_day

DAY = date(2026, 11, 24)
EVENING = datetime(2026, 11, 24, 19, 30)  # noqa: DTZ001  as the page writes it, without a zone


def zoned(hours: int) -> datetime:
    return EVENING.replace(tzinfo=timezone(timedelta(hours=hours)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24", DAY),
        ("2026/11/24", DAY),
        ("2026.11.24", DAY),
        ("2026. 11. 24.", DAY),
        ("20261124", DAY),
        ("20261124T193000Z", EVENING.replace(tzinfo=UTC)),
        ("2026-11-24 19:30", EVENING),
        ("2026-11-24T19:30:00", EVENING),
        ("2026-11-24T19:30:00.123Z", EVENING.replace(tzinfo=UTC)),
        ("2026-11-24T19:30:00+08:00", zoned(8)),
        ("2026-11-24T19:30-05:00", zoned(-5)),
        ("Tue, 24 Nov 2026 19:30:00 GMT", EVENING.replace(tzinfo=UTC)),
        ("Tue, 24 Nov 2026 19:30:00 -0500", zoned(-5)),
        ("2026-11-24 19:30 UTC+08:00", zoned(8)),
        ("2026-11-24 19:30 GMT+8", zoned(8)),
        ("2026年11月24日", DAY),
        ("２０２６年１１月２４日　１９：３０", EVENING),
        ("2026年11月24日（周二）晚上7点30分", EVENING),
        ("2026年11月24日 19时30分", EVENING),
        ("2026年11月24日 下午7:30 开售", EVENING),
        ("発売日:2026年11月24日", DAY),
        ("2026년 11월 24일 오후 7시 30분", EVENING),
        ("24.11.2026", DAY),
        ("03.04.2026", date(2026, 4, 3)),
        ("24.11.2026, 19:30 Uhr", EVENING),
        ("Dienstag, 24. November 2026 um 19:30 Uhr", EVENING),
        ("24. März 2026", date(2026, 3, 24)),
        ("Nov 24, 2026", DAY),
        ("Nov. 24 2026", DAY),
        ("November 24th, 2026 at 7:30pm", EVENING),
        ("Nov 24, 2026 12:00 AM", datetime(2026, 11, 24)),  # noqa: DTZ001
        ("Nov 24, 2026 7 p.m.", datetime(2026, 11, 24, 19)),  # noqa: DTZ001
        ("24 Nov 2026 7:30 PM EST", EVENING),
        ("24th of November 2026", DAY),
        ("24-Nov-2026", DAY),
        ("mar. 24 novembre 2026 à 19h30", EVENING),
        ("1er décembre 2026", date(2026, 12, 1)),
        ("24 de noviembre de 2026", DAY),
        ("24 novembre 2026", DAY),
        ("24 de novembro de 2026", DAY),
        ("24 listopada 2026", DAY),
        ("24. prosince 2026", date(2026, 12, 24)),
        ("24 ноября 2026 г.", DAY),
        ("13/04/2026", date(2026, 4, 13)),
        ("04/13/2026", date(2026, 4, 13)),
        ("05/05/2026", date(2026, 5, 5)),
        ("24 Nov 2026 19:30–22:00", EVENING),
        ("24 Nov 2026 19:30-22:00", EVENING),
        ("2026-11-24 (Nov 24, 2026)", DAY),
        ("Version 3.0, 2026-11-24", DAY),
    ],
)
def test_a_date_is_read(text: str, expected: date) -> None:
    value = date_of(text)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("03/04/2026", "day 3 of month 4, or day 4 of month 3"),
        ("03-04-2026", "day 3 of month 4, or day 4 of month 3"),
        ("24 Nov", "a day, a month and a year of four digits"),
        ("11月24日", "a year of four digits"),
        ("24.11.26", "a year of four digits"),
        ("10 12 2026", "holds no whole date"),
        ("May 2026", "holds no whole date"),
        ("tomorrow", "holds no whole date"),
        ("3 days ago", "holds no whole date"),
        ("昨天 19:30", "holds no whole date"),
        ("12:30", "holds no whole date"),
        ("", "holds no whole date"),
        ("31 Feb 2026", "day is out of range"),
        ("2026-13-01", "month must be in 1"),
        ("0000-01-01", "holds no date"),
        ("2026-11-24 25:00", "hour must be in 0"),
        ("2026-11-24T19:30:00+99:00", "no zone is"),
        ("2026-11-24 晚上12点", "midnight of one day or another"),
        ("2026-11-24 – 2026-11-26", r"more than one date \(2026-11-24, 2026-11-26\)"),
        ("24 Nov 2026, doors 18:00, show 19:30", "more than one time of day"),
        ("x" * 2_000, "2,000 characters are no date"),
    ],
)
def test_what_is_no_certain_date_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UnparsableError, match=reason):
        date_of(text)


@pytest.mark.parametrize("text", ["27. november", "fredag 27. november", "12 de mayo", "Nov 27", "updated 3 Mar"])
def test_a_day_may_be_named_without_its_year(text: str) -> None:
    assert names_day(text)


@pytest.mark.parametrize("text", ["12 marks", "in 5 minutes", "maybe 27", "3.5 mai", "Nov 2027", "november"])
def test_what_names_no_day_is_not_taken_for_one(text: str) -> None:
    assert not names_day(text)
