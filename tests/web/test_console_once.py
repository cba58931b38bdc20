"""What is shown once: to whom, for how long, and how much is kept."""

from __future__ import annotations

from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from tests.web.site import NOW
from watcher.core.accounts import Session
from watcher.web.console.once import KEPT_SECONDS, MOST, Secrets
from watcher.web.keys import SESSION


def _by(session_id: int) -> web.Request:
    request = make_mocked_request("GET", "/console/apps/1")
    request[SESSION] = Session(id=session_id, account_id=None, kind="", created_at=NOW, seen_at=NOW, confirmed_at=None)
    return request


def test_a_secret_is_taken_once_and_by_the_session_that_it_was_kept_for() -> None:
    secrets = Secrets(clock=lambda: 0)
    secrets.keep(_by(1), "app 1", "AT_1")
    assert secrets.take(_by(2), "app 1") == ""
    assert secrets.take(_by(1), "app 2") == ""
    assert secrets.take(_by(1), "app 1") == "AT_1"
    assert secrets.take(_by(1), "app 1") == ""


def test_a_secret_that_nobody_came_for_is_forgotten() -> None:
    now = [0.0]
    secrets = Secrets(clock=lambda: now[0])
    secrets.keep(_by(1), "app 1", "AT_1")
    now[0] = KEPT_SECONDS + 1
    assert secrets.take(_by(1), "app 1") == ""


def test_the_oldest_makes_room_for_the_newest() -> None:
    secrets = Secrets(clock=lambda: 0)
    asked = _by(1)
    for number in range(MOST + 1):
        secrets.keep(asked, f"app {number}", f"AT_{number}")
    taken = [secrets.take(asked, f"app {number}") for number in (0, 1, MOST)]
    assert taken == ["", "AT_1", f"AT_{MOST}"]
