"""That a secret in a log is noticed; `tests/conftest.py` looks for one in the time of every test."""

from __future__ import annotations

import logging

import pytest

from tests.faults.tally import Tally
from tests.leaks import LEAKS
from watcher.push.ids import new_access_token, new_app_token, new_secret, new_spt

_log = logging.getLogger("watcher.web.access")


@pytest.mark.parametrize("make", [new_app_token, new_spt, new_access_token, new_secret])
def test_a_secret_in_a_log_is_noticed(make: object, tally: Tally) -> None:
    assert callable(make)
    tally.what, tally.tried = "secrets written to a log, to see that it is noticed", 1
    before = LEAKS.looked_at
    _log.warning("GET %s failed", f"/x?token={make()}&y")
    tally.failed = 1 - len(LEAKS.take())
    assert (LEAKS.looked_at - before, tally.failed) == (1, 0)


def test_one_that_is_masked_is_none() -> None:
    _log.warning("GET /claim/*** and AT_***, topic %s", "a" * 28)
    assert LEAKS.take() == []


def test_one_of_another_process_is_noticed_by_its_form() -> None:
    LEAKS.look_at("stderr", "GET /claim/" + "a" * 32)
    assert len(LEAKS.take()) == 1
