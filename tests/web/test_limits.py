from __future__ import annotations

from datetime import timedelta

import pytest
from aiohttp.test_utils import make_mocked_request

from watcher.web.limits import Limiter, RateLimit, address_of

THREE = RateLimit(calls=3, per=timedelta(seconds=10))


def test_a_call_over_the_limit_waits_until_the_oldest_is_out_of_the_window() -> None:
    now = [0.0]
    limiter = Limiter(seconds=lambda: now[0])
    for at in (0.0, 4.0, 8.0):
        now[0] = at
        assert limiter.take("a", THREE) == 0
    now[0] = 9.0
    assert limiter.take("a", THREE) == 1
    assert limiter.take("b", THREE) == 0
    now[0] = 10.0
    assert limiter.take("a", THREE) == 0
    assert limiter.take("a", THREE) == 4


def test_a_refused_call_does_not_lengthen_the_wait() -> None:
    now = [0.0]
    limiter = Limiter(seconds=lambda: now[0])
    for _ in range(50):
        limiter.take("a", THREE)
    now[0] = 10.0
    assert limiter.take("a", THREE) == 0


def test_a_limit_of_none_lets_nobody_in() -> None:
    assert Limiter(seconds=lambda: 0.0).take("a", RateLimit(calls=0, per=timedelta(seconds=5))) == 5


def test_callers_without_end_fill_no_memory() -> None:
    limiter = Limiter(seconds=lambda: 0.0)
    for number in range(10_001):
        limiter.take(number, THREE)
    limiter.take("a", THREE)
    assert len(limiter._calls) == 10_000


@pytest.mark.parametrize(
    ("remote", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", ""),
    ],
)
def test_an_address_of_ipv6_counts_as_its_network(remote: str, counted: str) -> None:
    assert address_of(make_mocked_request("GET", "/").clone(remote=remote)) == counted
