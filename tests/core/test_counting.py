"""The table at the head of `watcher.core.counting`, and what comes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.core.builders import BROKEN, NOON, event_rule, measured, price, seats, state_rule, step, watch
from watcher.core.check import CheckOutcome, Decision, WatchState
from watcher.core.counting import is_counted
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.judge import judge
from watcher.core.unsettled import UNSETTLED_ROUNDS
from watcher.core.watch import OnError, Operator, Query, Rule, Selector, Values, Watch

HOURLY = replace(watch(), every=timedelta(hours=1))
STATE = WatchState(counted_at=NOON)


def jumpy(accept_after: int = 3) -> Watch:
    """A price, read every hour, that moves by 3 at most."""
    selector = Selector(query=Query.css(".price"), max_step=step("3"))
    return replace(HOURLY, extraction=Values(selectors={"price": selector}), accept_after=accept_after)


def confirmed(watched: Watch) -> Watch:
    """The same, told once two good checks agree; the second is due after 12 minutes."""
    return replace(watched, every=timedelta(hours=1), confirm=2)


def at_minutes(watched: Watch, *checks: tuple[float, CheckOutcome]) -> list[Decision]:
    """Judge checks at these minutes after noon."""
    state, decisions = WatchState(), []
    for minutes, outcome in checks:
        now = NOON + timedelta(minutes=minutes)
        decisions.append(judge(watched, state, outcome, epoch="epoch", budget=UNLIMITED, now=now))
        state = decisions[-1].state
    return decisions


def told_at(watched: Watch, *checks: tuple[float, CheckOutcome]) -> list[float]:
    """Return at which of these minutes somebody is told."""
    decisions = at_minutes(watched, *checks)
    return [minutes for (minutes, _), decision in zip(checks, decisions, strict=True) if decision.messages]


@pytest.mark.parametrize(
    ("state", "minutes", "is_good", "expected"),
    [
        pytest.param(WatchState(), 0, False, True, id="the first one"),
        pytest.param(STATE, 29, False, False, id="within half of the interval"),
        pytest.param(STATE, 30, False, True, id="after half of it"),
        pytest.param(STATE, 5, True, False, id="good, within half of the wait for a confirmation"),
        pytest.param(STATE, 6, True, True, id="good, after half of that wait"),
        pytest.param(STATE, -1, False, True, id="after the clock was set back"),
    ],
)
def test_which_checks_count(state: WatchState, minutes: int, is_good: bool, expected: bool) -> None:
    assert is_counted(HOURLY, state, NOON + timedelta(minutes=minutes), is_good=is_good) is expected


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        pytest.param([60, 60.1, 60.2, 60.3], [], id="clicks are not believed"),
        pytest.param([60, 180, 300], [300], id="checks as they are due are"),
        pytest.param([60, 60.1, 180, 180.1, 300], [300], id="clicks hinder nothing"),
        pytest.param([60, 80, 100, 120, 140, 160, 180], [140], id="many checks count twice in an hour"),
    ],
)
def test_what_is_suspicious_is_believed_only_over_time(checks: list[float], expected: list[float]) -> None:
    assert told_at(jumpy(), (0, price(12)), *[(at, price(99)) for at in checks])[:1] == expected


def test_other_suspicions_begin_a_count_of_their_own() -> None:
    checks = [(60, price(99)), (75, price(98)), (91, price(98)), (106, price(98))]
    assert told_at(jumpy(accept_after=2), (0, price(12)), *checks) == [106]


def test_clicks_on_a_broken_page_are_one_failure() -> None:
    watched = replace(HOURLY, on_error=OnError(after=3))
    assert told_at(watched, *[(second / 60, BROKEN) for second in range(6)]) == []
    assert told_at(watched, (0, BROKEN), (0.1, BROKEN), (120, BROKEN), (360, BROKEN)) == [360]
    assert at_minutes(watched, (0, BROKEN), (0.1, BROKEN))[-1].state.failures == 1


@pytest.mark.parametrize(
    "rule", [event_rule(Operator.CHANGES), state_rule("price", Operator.BELOW, 10)], ids=["an event", "a state"]
)
@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        pytest.param([60, 60.1, 60.2], [], id="clicks confirm nothing"),
        pytest.param([60, 72], [72], id="the sooner second check does"),
        pytest.param([60, 60.1, 72.2], [72.2], id="so it does after a click"),
        pytest.param([60, 62, 64, 66], [66], id="many checks confirm in their time"),
    ],
)
def test_what_awaits_its_confirmation_is_told_only_over_time(
    rule: Rule, checks: list[float], expected: list[float]
) -> None:
    watched = confirmed(watch(rule))
    assert told_at(watched, (0, price(12)), *[(at, price(9)) for at in checks]) == expected


def test_a_row_that_is_gone_for_some_clicks_was_never_gone() -> None:
    watched = confirmed(watch(event_rule(Operator.REMOVED), is_list=True))
    both, one = seats({"A": 1, "B": 1}), seats({"A": 1})
    assert told_at(watched, (0, both), (60, one), (60.1, one), (60.2, both)) == []


def test_clicks_are_no_confirmation_in_vain() -> None:
    clicks = [(60 + click / 10, price(9)) for click in range(UNSETTLED_ROUNDS + 3)]
    assert at_minutes(confirmed(watch()), (0, price(12)), *clicks)[-1].state.unsettled == 0


def test_a_number_that_stood_for_some_clicks_is_still_fresh() -> None:
    watched = confirmed(watch(measured(Operator.DROPS_BY, "5%")))
    decisions = at_minutes(watched, (0, price(5)), (60, price(9)), (60.1, price(9)), (72, price(9)))
    assert [bool(decision.state.fresh) for decision in decisions] == [False, True, True, False]
