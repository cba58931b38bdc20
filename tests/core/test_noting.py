"""Which events a decision makes: the table of `watcher.core.event_kinds`."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.core.builders import BROKEN, ENGINE, NOON, NOT_MODIFIED, entry, play, price, seen, state_rule, watch
from watcher.core.check import CheckFailure, CheckOutcome, WatchState
from watcher.core.judge import stale
from watcher.core.noting import of_acceptance, of_dead, of_pause
from watcher.core.pausing import PauseAct
from watcher.core.values import SINGLE, Money, Rows, Value
from watcher.core.watch import ADMIN_TOPIC, Already, OnError, Operator

BELOW_10 = replace(state_rule("price", Operator.BELOW, 10), already=Already.NOTIFY)
TWELVE = Money(amount=Decimal(12), currency="€")
OTHER = CheckFailure(kind="network", text="no route")
ODD = price(Money(amount=Decimal(0), currency="€"))


@pytest.mark.parametrize(
    ("outcomes", "kinds"),
    [
        pytest.param([price(12)], [[]], id="a first look"),
        pytest.param([price(9)], [["told"]], id="a first look that is told"),
        pytest.param([price(12), price(12), NOT_MODIFIED], [[], [], []], id="nothing new"),
        pytest.param([price(12), price(11), price(9)], [[], ["changed"], ["changed"]], id="changes"),
        pytest.param([price(12), BROKEN, OTHER, BROKEN], [[], ["failing"], [], []], id="a watch that goes on failing"),
        pytest.param([price(12), BROKEN, price(12)], [[], ["failing"], ["recovered"]], id="recovered"),
        pytest.param([price(12), BROKEN, price(9)], [[], ["failing"], ["recovered", "changed"]], id="with a change"),
        pytest.param(
            [price(TWELVE), ODD, BROKEN, price(TWELVE)], [[], ["suspicious"], ["failing"], ["recovered"]], id="odd"
        ),
        pytest.param([price(TWELVE), ODD, ODD], [[], ["suspicious"], []], id="odd again"),
        pytest.param([BROKEN] * 5, [["failing"], [], [], [], ["failing"]], id="the operator is told"),
    ],
)
def test_the_table(outcomes: list[CheckOutcome], kinds: list[list[str]]) -> None:
    watched = replace(watch(BELOW_10), on_error=OnError(after=5), accept_after=3)
    decisions = play(watched, *outcomes)
    assert [[event.kind for event in decision.events] for decision in decisions] == kinds


def test_an_event_names_its_decision_its_failure_and_its_messages() -> None:
    watched = replace(watch(BELOW_10), on_error=OnError(after=1))
    _, failed, good = play(watched, price(12), BROKEN, price(9))
    [failing] = failed.events
    assert (failing.sequence, failing.failure, failing.failures) == (failed.state.sequence, BROKEN, 1)
    assert [each.id for each in failing.messages] == [each.id for each in failed.messages]
    recovered, changed = good.events
    assert (recovered.failures, [each.topic for each in recovered.messages]) == (1, ["admin"])
    assert [(each.topic, each.summary) for each in changed.messages] == [("deals", good.messages[0].summary)]


def test_a_watch_without_a_good_check_for_too_long_is_stale() -> None:
    watched = replace(watch(), stale_after=timedelta(hours=1))
    decision = stale(watched, WatchState(), epoch="epoch", now=NOON)
    assert decision is not None
    assert [(event.kind, event.at) for event in decision.events] == [("stale", NOON)]


def test_a_message_that_was_given_up_is_undelivered() -> None:
    dead = replace(entry(1), dead="refused", tried_at=NOON)
    [event] = of_dead([entry(2), dead])
    assert (event.kind, event.watch, event.failure) == (
        "undelivered",
        "dune",
        CheckFailure(kind="undelivered", text="refused"),
    )
    assert [each.id for each in event.messages] == [dead.message.id]


def under(plan: str, amount: Value, engine: str = ENGINE) -> CheckOutcome:
    """A page with one price, as another extraction or another engine reads it."""
    rows: Rows = {SINGLE: {"price": amount}}
    return seen(rows, plan=plan, engine=engine, reread=None if engine == ENGINE else rows)


@pytest.mark.parametrize(
    ("after", "kinds"),
    [
        pytest.param(under("plan 2", Decimal(9)), ["baseline"], id="edited, and another value"),
        pytest.param(under("plan 2", Decimal(12)), ["baseline"], id="edited, and the same value"),
        pytest.param(under("plan 1", Decimal(9), "newer"), ["baseline"], id="read by a newer version, another value"),
        pytest.param(under("plan 1", Decimal(12), "newer"), [], id="read by a newer version, and the same value"),
    ],
)
def test_a_new_baseline_is_noted_and_tells_no_subscriber(after: CheckOutcome, kinds: list[str]) -> None:
    _, decision = play(watch(), under("plan 1", Decimal(12)), after)
    assert [event.kind for event in decision.events] == kinds
    assert {message.topic for message in decision.messages} <= {ADMIN_TOPIC}


def test_a_new_baseline_is_in_the_history_as_one_where_it_differs() -> None:
    decisions = play(watch(), under("1", Decimal(12)), under("2", Decimal(9)), under("3", Decimal(9)))
    changes = [decision.change for decision in decisions]
    assert [change and (change.is_baseline, change.old, change.new) for change in changes] == [
        None,
        (True, {SINGLE: {"price": Decimal(12)}}, {SINGLE: {"price": Decimal(9)}}),
        None,
    ]


@pytest.mark.parametrize(
    ("act", "kind"), [(PauseAct.PAUSE, "paused"), (PauseAct.MUTE, "muted"), (PauseAct.RESUME, "resumed")]
)
def test_what_somebody_did_names_who_and_until_when(act: PauseAct, kind: str) -> None:
    event = of_pause("dune", act, WatchState(sequence=4), until=NOON, by="Firefox", now=NOON)
    assert (event.kind, event.sequence, event.until, event.by) == (kind, 4, NOON, "Firefox")


def test_what_was_accepted_says_what_was_odd() -> None:
    event = of_acceptance("dune", WatchState(failure=OTHER), by="command", now=NOON)
    assert (event.kind, event.failure, event.by) == ("accepted", OTHER, "command")
