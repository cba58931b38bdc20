"""A word each day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON, watch
from watcher.core.check import CheckFailure, Decision, OutboxMessage, Verdict, WatchState
from watcher.core.watch import AllWell
from watcher.watching.digest import Digest

BERLIN = ZoneInfo("Europe/Berlin")
EIGHT = AllWell(at=time(8), timezone=BERLIN)
EIGHT_TOMORROW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
WATCHES = [replace(watch(), id=name) for name in ("dune", "gpu", "news")]
BLOCKED = WatchState(
    failures=9, failure=CheckFailure(kind="blocked", text="a captcha"), failing_since=NOON, is_error_told=True
)


def said(digest: Digest, at: datetime, **states: WatchState) -> list[OutboxMessage]:
    return digest.due(lambda: WATCHES, states, epoch="epoch", now=at)


def test_all_is_well_once_a_day_with_what_was_done() -> None:
    digest = Digest(EIGHT, now=NOON - timedelta(hours=4, minutes=30))
    for verdict in [Verdict.UNCHANGED] * 1_700 + [Verdict.CHANGED] * 2:
        digest.count(Decision(watch="dune", verdict=verdict, state=WatchState()))
    assert said(digest, EIGHT_TOMORROW - timedelta(seconds=1)) == []
    (message,) = said(digest, EIGHT_TOMORROW)
    assert message.summary == "All well: 3 watches, 2 changes since yesterday"
    assert message.content == "1,702 checks and 2 changes since yesterday."
    assert message.topic == "admin"
    assert said(digest, EIGHT_TOMORROW + timedelta(hours=23)) == []
    (next_one,) = said(digest, EIGHT_TOMORROW + timedelta(hours=24))
    assert next_one.summary == "All well: 3 watches, 0 changes since yesterday"
    assert next_one.id != message.id


def test_the_same_day_is_told_once_whatever_the_process() -> None:
    ids = {said(Digest(EIGHT, now=NOON), EIGHT_TOMORROW + timedelta(minutes=late))[0].id for late in range(3)}
    assert len(ids) == 1


def test_what_does_not_work_is_named() -> None:
    (message,) = said(Digest(EIGHT, now=NOON), EIGHT_TOMORROW, gpu=BLOCKED, news=WatchState(failures=1))
    assert message.summary == "2 of 3 watches work; broken: gpu (blocked since 24 Nov 2026, 13:00)"
    assert "0 checks and 0 changes since 24 Nov 2026, 13:00" in message.content


def test_one_line_names_what_shows_where_several_lost_values_are() -> None:
    lost = replace(BLOCKED, failure=CheckFailure(kind="missing", text="price: .price is not on the page"))
    one, several = (
        said(Digest(EIGHT, now=NOON), EIGHT_TOMORROW, **states)[0].content
        for states in ({"gpu": lost, "news": BLOCKED}, {"gpu": lost, "news": lost})
    )
    assert "watcher suggest" not in one
    assert several.count("`watcher suggest --failing`") == 1


def test_a_watch_that_fell_silent_does_not_work() -> None:
    silent = WatchState(is_error_told=True, good_at=NOON)
    (message,) = said(Digest(EIGHT, now=NOON), EIGHT_TOMORROW, dune=silent)
    assert "dune (silent since 24 Nov 2026, 13:00)" in message.summary


def test_without_the_key_nothing_is_said() -> None:
    digest = Digest(None, now=NOON)
    assert said(digest, EIGHT_TOMORROW) == []
    digest.follow(EIGHT, now=NOON)
    assert len(said(digest, EIGHT_TOMORROW)) == 1


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param("2026-03-28T12:00", "2026-03-29T06:00", id="summer begins"),
        pytest.param("2026-10-24T12:00", "2026-10-25T07:00", id="summer ends"),
    ],
)
def test_the_time_is_that_of_the_clock_on_the_wall(after: str, expected: str) -> None:
    digest = Digest(EIGHT, now=datetime.fromisoformat(after).replace(tzinfo=UTC))
    at = datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert said(digest, at - timedelta(seconds=1)) == []
    assert len(said(digest, at)) == 1


def test_a_clock_that_is_set_back_does_not_silence_it() -> None:
    digest = Digest(EIGHT, now=NOON + timedelta(days=365))
    assert said(digest, NOON) == []
    assert len(said(digest, EIGHT_TOMORROW)) == 1
