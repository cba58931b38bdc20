"""Whether the whole network is down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON
from watcher.core.check import CheckFailure, WatchState
from watcher.watching.outage import Network, remembered

MINUTE = timedelta(minutes=1)
HOSTS = {"a1": "a", "a2": "a", "b1": "b", "c1": "c"}


def after(*checks: str, start: Network | None = None, apart: timedelta = MINUTE) -> Network:
    """The network after checks a minute apart, each as `watch kind`; a good one has no kind."""
    network = start or Network()
    for step, check in enumerate(checks):
        watch, _, kind = check.partition(" ")
        kind, _, wall = kind.partition(" ")
        failure = CheckFailure(kind=kind, text=wall) if kind else None
        network = network.seen(watch, HOSTS[watch], failure, at=NOON + apart * step)
    return network


@pytest.mark.parametrize(
    ("checks", "is_down"),
    [
        pytest.param(("a1 network", "b1 timeout", "c1 network"), True, id="three hosts are not reached"),
        pytest.param(("a1 network", "b1 network", "a1 network"), True, id="two hosts, three checks"),
        pytest.param(("a1 network", "b1 network"), False, id="two checks may be chance"),
        pytest.param(
            ("a1 network", "a2 network", "a1 network", "a2 network"), False, id="one host is that host's trouble"
        ),
        pytest.param(("a1 network", "b1 network", "c1", "a1 network"), False, id="one answers in between"),
        pytest.param(("a1 network", "b1 network", "c1 status", "a1 network"), False, id="an error page is an answer"),
        pytest.param(("a1 network", "b1 network", "c1 missing", "a1 network"), False, id="so is another page"),
        pytest.param(
            ("a1 network", "b1 network", "c1 fetch", "b1 network"), True, id="who was not let in says nothing"
        ),
        pytest.param(("a1 network", "b1 network", "c1 denied", "b1 network"), True, id="nor who was refused by us"),
        pytest.param(("a1 files", "b1 files", "c1 files", "a1 files"), False, id="out of files is our own trouble"),
        pytest.param(("a1 network", "b1 network", "c1 files", "b1 network"), True, id="and says nothing"),
        pytest.param(("c1", "a1 network", "b1 network", "a1 network"), True, id="what was good before does not help"),
        pytest.param(("a1 blocked hotel", "b1 blocked hotel", "c1 blocked hotel"), True, id="one wall before all"),
        pytest.param(("a1 blocked hotel", "b1 network", "c1 timeout"), True, id="a portal that lets some time out"),
        pytest.param(
            ("a1 blocked hotel", "b1 blocked hotel", "a2 blocked hotel"), False, id="two hosts may have one captcha"
        ),
        pytest.param(
            ("a1 blocked hotel", "b1 blocked inn", "c1 blocked hotel"), False, id="three walls are the sites' own"
        ),
        pytest.param(("a1 blocked hotel", "b1 blocked hotel", "a2", "c1 blocked hotel"), False, id="a page in between"),
    ],
)
def test_when_the_network_is_down(checks: tuple[str, ...], is_down: bool) -> None:
    assert after(*checks).is_down is is_down


def test_misses_that_are_far_apart_are_no_outage() -> None:
    assert not after("a1 network", "b1 network", "a1 network", apart=timedelta(minutes=8)).is_down


def test_an_outage_counts_its_watches_and_hosts_and_begins_with_the_first_miss() -> None:
    network = after("c1", "a1 network", "b1 network", "a2 network", "a1 network", "c1 timeout")
    assert network.is_down
    assert network.since == NOON + MINUTE
    assert network.watches == {"a1", "a2", "b1", "c1"}
    assert network.hosts == {"a", "b", "c"}


def test_the_first_answer_ends_an_outage() -> None:
    network = after("a1 network", "b1 network", "c1 network", "c1")
    assert not network.is_down
    assert network.since is None


def test_two_dead_hosts_of_many_are_no_outage_each_time_that_the_others_are_not_asked() -> None:
    broken = after("a1 network", "b1 network", "c1")
    network = after("a1 network", "b1 network", "a1 network", "b1 network", start=broken)
    assert not network.is_down


def test_a_host_that_was_broken_counts_again_once_it_has_answered() -> None:
    healed = after("a1 network", "b1 network", "c1", "a1", "b1")
    assert healed == Network()
    assert after("a1 network", "b1 network", "c1 network", start=healed).is_down


def test_the_wall_that_one_host_always_shows_is_no_part_of_an_outage_and_says_that_there_is_none() -> None:
    walled = after("a1 blocked captcha", "c1")
    assert not after("a1 blocked captcha", "b1 network", "c1 network", start=walled).is_down
    assert not after("b1 network", "c1 network", "a1 blocked captcha", "b1 network", start=walled).is_down


def failing(minutes: int, kind: str = "network", failures: int = 3) -> WatchState:
    """A watch that was good at noon and fails since so many minutes later."""
    return WatchState(
        good_at=NOON,
        failing_since=NOON + minutes * MINUTE,
        failure=CheckFailure(kind=kind, text="no route"),
        failures=failures,
    )


def test_an_outage_is_remembered_over_a_restart() -> None:
    network = remembered({"a1": failing(2), "b1": failing(1), "gone": failing(0)}, HOSTS.get)
    assert network.is_down
    assert network.since == NOON + MINUTE


@pytest.mark.parametrize(
    "states",
    [
        pytest.param({}, id="nothing was ever checked"),
        pytest.param({"a1": failing(2), "a2": failing(1)}, id="one host"),
        pytest.param({"a1": failing(2), "b1": failing(1, kind="status")}, id="the other answered"),
        pytest.param(
            {"a1": failing(2), "b1": failing(1), "c1": WatchState(good_at=NOON + 9 * MINUTE)}, id="it was over"
        ),
        pytest.param({"a1": replace(failing(2), failures=0, failure=None, failing_since=None)}, id="all is well"),
    ],
)
def test_what_was_no_outage_is_none_after_a_restart(states: dict[str, WatchState]) -> None:
    assert not remembered(states, HOSTS.get).is_down
