from __future__ import annotations

import random
import tracemalloc
from collections import defaultdict
from collections.abc import Hashable
from datetime import timedelta

import pytest
from aiohttp.test_utils import make_mocked_request

from watcher.core.pace import RateLimit
from watcher.web.middleware.limits import MOST_CALLERS, Charge, Limiter, Refusal, charges_of_address

SECONDS = timedelta(seconds=10)
THREE = RateLimit(calls=3, per=SECONDS)


class _Callers:
    """A limiter under a clock that is set."""

    def __init__(self, *, most: int = MOST_CALLERS) -> None:
        self.now = 0.0
        self.limiter = Limiter(seconds=lambda: self.now, most=most)

    def wait(self, caller: Hashable, limit: RateLimit = THREE, purpose: str = "test") -> float:
        """Call; return for how long to wait, 0 when the call was taken."""
        refusal = self.limiter.take(Charge(purpose, caller, limit))
        return 0 if refusal is None else refusal.seconds


def test_a_call_over_the_limit_waits_until_the_oldest_is_out_of_the_window() -> None:
    callers = _Callers()
    for at in (0.0, 4.0, 8.0):
        callers.now = at
        assert callers.wait("a") == 0
    callers.now = 9.0
    assert callers.wait("a") == 1
    assert callers.wait("b") == 0
    callers.now = 10.0
    assert callers.wait("a") == 0
    assert callers.wait("a") == 4


def test_a_refused_call_does_not_lengthen_the_wait() -> None:
    callers = _Callers()
    for _ in range(50):
        callers.wait("a")
    callers.now = 10.0
    assert callers.wait("a") == 0


def test_a_limit_of_none_lets_nobody_in() -> None:
    assert _Callers().wait("a", RateLimit(calls=0, per=timedelta(seconds=5))) == 5


def test_a_call_counts_for_all_it_is_charged_to_or_for_none() -> None:
    limiter = Limiter(seconds=lambda: 0.0)
    once, twice = RateLimit(calls=1, per=SECONDS), RateLimit(calls=2, per=SECONDS)
    assert limiter.take(Charge("of one", "a", once), Charge("of all", "", twice)) is None
    assert limiter.take(Charge("of one", "a", once), Charge("of all", "", twice)) == Refusal(10, once)
    assert limiter.take(Charge("of one", "b", once), Charge("of all", "", twice)) is None
    assert limiter.take(Charge("of one", "c", once), Charge("of all", "", twice)) == Refusal(10, twice)
    assert limiter.take(Charge("of one", "c", once)) is None


def test_a_call_that_is_given_back_was_none() -> None:
    limiter = Limiter(seconds=lambda: 0.0)
    charge = Charge("test", "a", RateLimit(calls=1, per=SECONDS))
    for _ in range(3):
        assert limiter.take(charge) is None
        limiter.give_back(charge)
    limiter.give_back(charge)
    assert limiter.take(charge) is None
    assert limiter.take(charge) is not None


def test_nobody_gets_rid_of_a_limit_by_sending_others_ahead() -> None:
    callers = _Callers(most=100)
    for _ in range(3):
        callers.wait("known before the crowd")
    for number in range(1_000):
        callers.wait(number)
    for _ in range(3):
        callers.wait("came with the crowd")
    for number in range(1_000, 2_000):
        callers.wait(number)
    assert callers.wait("known before the crowd") > 0
    assert callers.wait("came with the crowd") > 0
    assert callers.wait(("of another purpose",), purpose="else") == 0


def test_who_came_with_a_crowd_does_not_begin_anew_when_there_is_room() -> None:
    callers = _Callers(most=10)
    for number in range(10):
        callers.wait(number)
    callers.now = 5.0
    for _ in range(3):
        assert callers.wait("late") == 0
    callers.now = 11.0
    # The ten are out of the window by now, the three calls are not.
    assert callers.wait("late") > 0
    callers.now = 20.0
    assert callers.wait("late") == 0


def test_a_crowd_is_counted_together_at_worst_and_never_too_little() -> None:
    chance, callers, taken = random.Random(1), _Callers(most=50), defaultdict[int, list[float]](list)
    for _ in range(20_000):
        callers.now += chance.expovariate(200)
        caller = min(int(chance.paretovariate(0.5)), 5_000)
        if callers.wait(caller) == 0:
            taken[caller].append(callers.now)
    for times in taken.values():
        for first, fourth in zip(times, times[3:], strict=False):
            assert fourth - first >= 10


@pytest.mark.faults
def test_a_stranger_is_not_refused_for_a_crowd_of_tens_of_thousands() -> None:
    callers, limit = _Callers(), RateLimit(calls=30, per=timedelta(hours=1))
    for number in range(30_000):
        callers.wait(number, limit)
    refused = [name for name in range(1_000) for _ in range(5) if callers.wait(f"stranger {name}", limit)]
    assert refused == []


@pytest.mark.faults
def test_callers_without_end_fill_no_memory() -> None:
    callers = _Callers()
    tracemalloc.start()
    for number in range(MOST_CALLERS + 2_000):
        callers.wait(f"2001:db8:{number:x}::/64")
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size < 8_000_000


def test_callers_of_yesterday_take_no_memory() -> None:
    callers = _Callers()
    for _ in range(20):
        for number in range(1_000):
            callers.wait((callers.now, number))
        callers.now += 10
    assert len(callers.limiter._tables["test"]._calls) <= 2_000


@pytest.mark.parametrize(
    ("remote", "counted"),
    [
        ("203.0.113.9", {"203.0.113.9": 3}),
        ("2001:db8:1:2:3:4:5:6", {"20010db800010002/64": 3, "20010db8000100/56": 6, "20010db80001/48": 12}),
        ("fe80::1%eth0", {"fe80000000000000/64": 3, "fe800000000000/56": 6, "fe8000000000/48": 12}),
        ("::ffff:203.0.113.9", {"203.0.113.9": 3}),
        ("", {"": 3}),
    ],
)
def test_an_address_of_ipv6_counts_as_its_networks(remote: str, counted: dict[str, int]) -> None:
    request = make_mocked_request("GET", "/").clone(remote=remote)
    charges = charges_of_address(request, "test", THREE)
    assert {charge.caller: charge.limit.calls for charge in charges} == counted
