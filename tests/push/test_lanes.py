from __future__ import annotations

from datetime import timedelta

import pytest

from tests.push.builders import NOON
from watcher.core.channels import Pause, Retry
from watcher.push.background.lanes import Lanes

MINUTE = timedelta(minutes=1)


def busy(after: timedelta | None = None) -> Retry:
    return Retry(reason="429", after=after, pause=Pause.LANE)


def test_the_lane_with_the_least_under_way_comes_first() -> None:
    lanes = Lanes()
    for address_id, lane in enumerate(("a", "a", "b")):
        lanes.enter(lane, address_id)
    assert lanes.open(["a", "b", "c"], now=NOON) == ["c", "b", "a"]
    lanes.leave(0)
    lanes.leave(1)
    assert lanes.open(["a", "b", "c"], now=NOON) == ["a", "c", "b"]


def test_a_lane_is_left_alone_as_long_as_its_relay_asks_and_no_other_is() -> None:
    lanes = Lanes()
    lanes.pause("a", busy(MINUTE), now=NOON, chance=0)
    assert lanes.open(["a", "b"], now=NOON) == ["b"]
    assert lanes.next_end(now=NOON) == NOON + MINUTE
    assert lanes.open(["a", "b"], now=NOON + MINUTE) == ["a", "b"]
    assert lanes.next_end(now=NOON + MINUTE) is None


def test_it_is_left_alone_longer_each_time_and_a_crowd_of_answers_counts_once() -> None:
    lanes = Lanes()
    now = NOON
    for wait in (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30)):
        for _ in range(50):
            lanes.pause("a", busy(), now=now, chance=0)
        assert lanes.next_end(now=now) == now + wait
        now += wait
    lanes.resume("a", now=now)
    lanes.pause("a", busy(), now=now, chance=0)
    assert lanes.next_end(now=now) == now + timedelta(seconds=1)


def test_what_was_under_way_before_a_pause_does_not_end_it() -> None:
    lanes = Lanes()
    lanes.pause("a", busy(MINUTE), now=NOON, chance=0)
    lanes.resume("a", now=NOON)
    assert lanes.open(["a"], now=NOON) == []


@pytest.mark.parametrize("jump", [timedelta(days=-300), timedelta(hours=-1), timedelta(days=300)])
def test_a_clock_that_jumps_ends_a_pause(jump: timedelta) -> None:
    lanes = Lanes()
    lanes.pause("a", busy(MINUTE), now=NOON, chance=0)
    assert lanes.open(["a"], now=NOON + jump) == ["a"]


def test_notifications_are_counted_in_the_lanes_that_count() -> None:
    lanes = Lanes()
    for address_id, name in enumerate(["ntfy here", "ntfy here", "email mail.example"]):
        lanes.enter(name, address_id)
    assert lanes.count(lambda name: name.startswith("email")) == 1
    lanes.leave(2)
    assert lanes.count(lambda name: name.startswith("email")) == 0
