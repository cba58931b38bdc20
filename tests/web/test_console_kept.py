"""What a session comes back to: whose it is, for how long, and how much is kept."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from tests.web.site import NOW
from watcher.core.accounts import Session
from watcher.web.console.kept import Kept
from watcher.web.keys import SESSION

MINUTE = timedelta(minutes=1)


class _Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def _by(session_id: int) -> web.Request:
    request = make_mocked_request("GET", "/console/apps/1")
    request[SESSION] = Session(id=session_id, account_id=None, kind="", created_at=NOW, seen_at=NOW, confirmed_at=None)
    return request


def _kept(clock: _Clock, *, most: int = 10, most_size: int = 1_000) -> Kept[str]:
    return Kept(most, MINUTE, size_of=len, most_size=most_size, clock=clock)


def test_a_thing_is_taken_once_and_by_the_session_that_it_was_kept_for() -> None:
    kept = _kept(_Clock())
    kept.put(_by(1), "app 1", "AT_1")
    assert kept.pop(_by(2), "app 1") is None
    assert kept.pop(_by(1), "app 2") is None
    assert kept.pop(_by(1), "app 1") == "AT_1"
    assert kept.pop(_by(1), "app 1") is None


def test_a_thing_is_found_until_it_is_let_go_by_its_session_alone() -> None:
    kept = _kept(_Clock())
    name = kept.add(_by(1), "an edit")
    assert kept.add(_by(1), "another") != name
    assert kept.get(_by(2), name) is None
    assert kept.get(_by(1), name) == "an edit"
    kept.pop(_by(1), name)
    assert kept.get(_by(1), name) is None


def test_a_thing_is_gone_after_its_time() -> None:
    clock = _Clock()
    kept = _kept(clock)
    kept.put(_by(1), "app 1", "AT_1")
    clock.seconds = MINUTE.total_seconds()
    assert kept.get(_by(1), "app 1") == "AT_1"
    clock.seconds += 1
    assert kept.get(_by(1), "app 1") is None
    assert kept.pop(_by(1), "app 1") is None


def test_the_oldest_makes_room_for_the_newest() -> None:
    kept = _kept(_Clock())
    for number in range(11):
        kept.put(_by(1), f"app {number}", f"AT_{number}")
    assert [kept.get(_by(1), f"app {number}") for number in (0, 1, 10)] == [None, "AT_1", "AT_10"]


def test_the_oldest_go_where_all_are_too_large_together_and_the_newest_stays() -> None:
    kept = _kept(_Clock(), most_size=100)
    kept.put(_by(1), "first", "x" * 60)
    kept.put(_by(1), "second", "x" * 60)
    assert [kept.get(_by(1), name) is None for name in ("first", "second")] == [True, False]
    kept.put(_by(1), "third", "x" * 600)
    assert [kept.get(_by(1), name) is None for name in ("second", "third")] == [True, False]
