"""How the outbox tries again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.core.builders import NOON, entry
from watcher.core.retry import after_failure, due_entries, next_due_at
from watcher.errors import PassingPublishError, PermanentPublishError, PublishError

SECOND = timedelta(seconds=1)
PASSING = PassingPublishError("the server is down")


def due(*waiting: tuple[str, int, int], limit: int = 50) -> list[int]:
    """Return the places of what is due at noon among these (topic, attempts, seconds until due)."""
    entries = [
        entry(place, topic=topic, attempts=attempts, due_at=NOON + seconds * SECOND)
        for place, (topic, attempts, seconds) in enumerate(waiting)
    ]
    return [found.order for found in due_entries(entries, now=NOON, limit=limit)]


def test_what_is_due_comes_in_order() -> None:
    assert due(("a", 0, -5), ("b", 1, 0), ("a", 0, -1)) == [0, 1, 2]


def test_an_entry_that_waits_holds_back_its_own_topic_and_no_other() -> None:
    assert due(("a", 1, 9), ("a", 0, -1), ("b", 0, -1), ("a", 2, -1)) == [2]


def test_no_more_than_asked_for_are_due() -> None:
    assert due(("a", 0, 0), ("b", 0, 0), ("c", 0, 0), limit=2) == [0, 1]


def test_a_clock_that_was_set_back_silences_nothing() -> None:
    year = 365 * 86_400
    assert due(("a", 0, 3600), ("b", 1, year)) == [0, 1]


def test_only_the_head_of_each_topic_says_when_there_is_work() -> None:
    entries = [entry(1, due_at=NOON + 9 * SECOND), entry(2, due_at=NOON), entry(3, topic="b", due_at=NOON + 5 * SECOND)]
    assert next_due_at(entries) == NOON + 5 * SECOND
    assert next_due_at([]) is None


@pytest.mark.parametrize(
    ("attempts", "chance", "seconds"),
    [(0, 0, 1), (1, 0, 2), (5, 0, 32), (10, 0, 900), (10_000, 0, 900), (5, 0.5, 24), (10, 0.999_999, 450)],
)
def test_waits_double_to_a_quarter_of_an_hour_and_lose_up_to_half(attempts: int, chance: float, seconds: float) -> None:
    later = after_failure(entry(1, attempts=attempts), PASSING, now=NOON, chance=chance)
    assert later.attempts == attempts + 1
    assert (later.due_at - NOON).total_seconds() == pytest.approx(seconds, abs=0.01)
    assert later.dead is None


@pytest.mark.parametrize(
    ("asked", "waited"), [(0.5, 1), (40, 40), (86_400 * 900, 86_400)], ids=["shorter", "longer", "more than a day"]
)
def test_the_service_may_ask_for_a_longer_wait_up_to_a_day(asked: float, waited: float) -> None:
    error = PassingPublishError("busy", retry_after=timedelta(seconds=asked))
    assert after_failure(entry(1), error, now=NOON, chance=0).due_at == NOON + waited * SECOND


def test_a_permanent_failure_is_death_at_once() -> None:
    dead = after_failure(entry(1), PermanentPublishError("wrong token"), now=NOON, chance=0)
    assert (dead.dead, dead.attempts) == ("wrong token", 1)


def test_passing_failures_end_after_three_days_of_waits() -> None:
    tried, now = entry(1), NOON
    while tried.dead is None:
        now = tried.due_at
        tried = after_failure(tried, PASSING, now=now, chance=0)
    assert tried.dead == "given up after 3 days: the server is down"
    assert timedelta(days=3) <= now - NOON <= timedelta(days=3, minutes=15)


@pytest.mark.parametrize("attempts", [1, 20, 200])
def test_no_clock_that_jumps_makes_three_days_of_a_moment(attempts: int) -> None:
    tried = entry(1)
    for jumped in range(attempts):
        tried = after_failure(tried, PASSING, now=NOON + timedelta(days=365 * (jumped % 2)), chance=0)
    assert tried.dead is None


def test_after_a_clock_was_set_back_by_less_than_a_day_nothing_waits_for_the_old_time() -> None:
    tried = after_failure(entry(1), PASSING, now=NOON, chance=0)
    assert due_entries([tried], now=NOON + 0.5 * SECOND, limit=9) == []
    assert due_entries([tried], now=NOON - timedelta(hours=1), limit=9) == [tried]


def test_a_publish_error_without_a_kind_is_a_defect() -> None:
    with pytest.raises(TypeError, match="passing or permanent"):
        after_failure(entry(1), PublishError("?"), now=NOON, chance=0)
