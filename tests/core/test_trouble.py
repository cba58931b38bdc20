"""What the operator is told of a watch that does not work."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from msgspec.structs import replace

from tests.core.builders import BROKEN, NOON, NOT_MODIFIED, play, price, summaries, told, watch
from watcher.core.check import CheckFailure, CheckOutcome, Verdict, WatchState
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.judge import judge, stale
from watcher.core.watch import OnError, Watch

WALL = CheckFailure(kind="blocked", text="a captcha of Cloudflare")
NO_NAME = CheckFailure(kind="network", text="no such host: shop.example")
LATE = CheckFailure(kind="timeout", text="no answer within 20 s")


def told_after(after: int | timedelta | None, *topics: str) -> Watch:
    return replace(watch(), on_error=OnError(after=after, topics=topics or ("admin",)))


@pytest.mark.parametrize(
    ("after", "outcomes", "expected"),
    [
        pytest.param(3, [price(1), BROKEN, BROKEN], [], id="too few failures"),
        pytest.param(3, [price(1), BROKEN, BROKEN, BROKEN, BROKEN], [3], id="once, when there are enough"),
        pytest.param(3, [BROKEN, BROKEN, BROKEN], [2], id="of a watch that has never worked, too"),
        pytest.param(3, [price(1), BROKEN, BROKEN, price(1), BROKEN, BROKEN], [], id="a good check starts anew"),
        pytest.param(2, [price(1), BROKEN, BROKEN, price(1)], [2, 3], id="that it works again"),
        pytest.param(2, [price(1), BROKEN, BROKEN, NOT_MODIFIED], [2, 3], id="an answer without news is good"),
        pytest.param(2, [price(1), BROKEN, price(1), price(1)], [], id="what was not told does not work again"),
        pytest.param(1, [BROKEN, price(1), BROKEN, price(1)], [0, 1, 2, 3], id="each time"),
        pytest.param(timedelta(minutes=20), [BROKEN, BROKEN, BROKEN, BROKEN], [2], id="after a time"),
        pytest.param(5, [price(1), WALL, WALL], [1], id="a wall at once"),
        pytest.param(5, [price(1), BROKEN, WALL], [2], id="a wall later"),
        pytest.param(timedelta(days=1), [WALL], [0], id="a wall in spite of a time"),
        pytest.param(None, [WALL, BROKEN, BROKEN, price(1)], [], id="never"),
    ],
)
def test_when_the_operator_is_told(
    after: int | timedelta | None, outcomes: list[CheckOutcome], expected: list[int]
) -> None:
    assert told(play(told_after(after), *outcomes)) == expected


@pytest.mark.parametrize(
    ("every", "asked", "is_told"),
    [
        pytest.param(timedelta(minutes=10), timedelta(minutes=100), False, id="ten intervals"),
        pytest.param(timedelta(minutes=10), timedelta(minutes=101), True, id="more than ten intervals"),
        pytest.param(timedelta(seconds=30), timedelta(hours=1), False, id="an hour, of a short interval"),
        pytest.param(timedelta(seconds=30), timedelta(minutes=61), True, id="more than an hour"),
        pytest.param(timedelta(hours=2), timedelta(hours=6), False, id="six hours, of a long interval"),
        pytest.param(timedelta(hours=2), timedelta(hours=7), True, id="more than six hours"),
        pytest.param(timedelta(days=1), timedelta(days=1), False, id="no longer than the interval"),
        pytest.param(timedelta(days=1), timedelta(hours=25), True, id="longer than a long interval"),
    ],
)
def test_a_wait_that_a_server_asks_for_is_told_at_once_when_it_is_long(
    every: timedelta, asked: timedelta, is_told: bool
) -> None:
    busy = CheckFailure(kind="status", text="429; it asks to wait", retry_after=asked)
    watched = replace(told_after(5), every=every)
    assert told(play(watched, price(1), busy, busy, price(1))) == ([1, 3] if is_told else [])
    assert told(play(replace(watched, on_error=OnError(after=None)), price(1), busy)) == []


def test_what_the_operator_is_told() -> None:
    local = replace(told_after(2), timezone=timezone(timedelta(hours=8)))
    decisions = play(local, price(1), BROKEN, BROKEN, BROKEN, price(1))
    broken, recovered = (message for decision in decisions for message in decision.messages)
    assert (broken.topic, broken.url) == ("admin", "https://shop.example/dune")
    assert broken.summary == "⚠ Dune: a captcha page"
    assert broken.content == (
        "2 failed checks in a row, since 24 Nov 2026, 20:10 (UTC+8).\n"
        "Nothing is told about this page until it works again."
    )
    assert recovered.summary == "Dune works again (after 3 failed checks, since 20:10)"
    assert recovered.content == (
        "Every check failed from 24 Nov 2026, 20:10 (UTC+8) until just now.\n"
        "The last failure: a captcha page\n"
        "Changes of this page are told again."
    )


def test_a_recovery_and_a_change_come_in_one_check() -> None:
    decisions = play(told_after(1), price(1), BROKEN, price(2))
    assert [message.topic for message in decisions[-1].messages] == ["deals", "admin"]
    assert decisions[-1].change is not None
    assert decisions[-1].change.messages == (decisions[-1].messages[0].id,)


def test_every_topic_for_trouble_is_told_with_an_id_of_its_own() -> None:
    decisions = play(told_after(1, "admin", "deals"), price(1), BROKEN, price(2))
    messages = [message for decision in decisions for message in decision.messages]
    assert [message.topic for message in messages] == ["admin", "deals", "deals", "admin", "deals"]
    assert len({message.id for message in messages}) == 5


def test_a_failure_is_told_in_one_line_of_100_characters() -> None:
    failure = CheckFailure(kind="missing", text="`.price` matches\n\x1b" + "x" * 200)
    assert summaries(play(told_after(1), failure)) == ["⚠ Dune: `.price` matches " + "x" * 74 + "…"]


@pytest.mark.parametrize("failure", [NO_NAME, LATE], ids=["network", "timeout"])
def test_while_the_network_is_down_its_failures_are_counted_and_told_later(failure: CheckFailure) -> None:
    watched = told_after(2)
    state = play(watched, price(1), failure, failure, failure, is_outage=True)[-1].state
    assert (state.failures, state.is_error_told) == (3, False)
    again = judge(watched, state, failure, epoch="epoch", budget=UNLIMITED, now=NOON)
    assert [message.summary for message in again.messages] == [f"⚠ Dune: {failure.text}"]


def test_while_the_network_is_down_other_failures_are_told() -> None:
    assert told(play(told_after(1), price(1), BROKEN, is_outage=True)) == [1]


def test_a_failed_check_keeps_when_the_first_of_its_row_was_and_when_the_last_good_one() -> None:
    states = [decision.state for decision in play(watch(), price(1), BROKEN, BROKEN, price(1), price(1))]
    minutes = [timedelta(minutes=10) * place for place in range(5)]
    since = [state.failing_since and state.failing_since - NOON for state in states]
    assert since == [None, minutes[1], minutes[1], None, None]
    good = [state.good_at and state.good_at - NOON for state in states]
    assert good == [minutes[0], minutes[0], minutes[0], minutes[3], minutes[4]]


def test_a_watch_without_a_good_check_is_told_once_and_that_it_works_again() -> None:
    state = play(watch(), price(1))[-1].state
    decision = stale(watch(), state, epoch="epoch", now=NOON + timedelta(days=1))
    assert decision is not None
    assert (decision.state.sequence, decision.state.is_error_told) == (state.sequence + 1, True)
    assert decision.verdict is Verdict.FAILED
    (message,) = decision.messages
    assert message.summary == "⚠ Dune: no good check since 24 Nov 2026, 12:00 (UTC)"
    assert "It was last checked on 24 Nov 2026, 12:00 (UTC)." in message.content
    assert stale(watch(), decision.state, epoch="epoch", now=NOON) is None
    again = judge(watch(), decision.state, NOT_MODIFIED, epoch="epoch", budget=UNLIMITED, now=NOON + timedelta(days=2))
    assert [message.summary for message in again.messages] == ["Dune works again (failed since 12:00)"]
    assert not again.state.is_error_told


def test_a_watch_that_was_never_checked_is_stale_as_well() -> None:
    decision = stale(watch(), WatchState(), epoch="epoch", now=NOON)
    assert decision is not None
    assert [message.summary for message in decision.messages] == ["⚠ Dune: no good check so far"]


def test_who_wants_to_hear_of_no_trouble_hears_of_silence_only_when_they_say_so() -> None:
    quiet = told_after(None)
    assert stale(quiet, WatchState(), epoch="epoch", now=NOON) is None
    assert stale(replace(quiet, stale_after=timedelta(days=1)), WatchState(), epoch="epoch", now=NOON) is not None
