from __future__ import annotations

import pytest

from watcher.cli.server_options import daily_caps, server_settings
from watcher.core.caps import DailyCaps


@pytest.mark.parametrize(("given", "sends", "questions"), [(1, 1, 100), (100, 100, 100), (500, 500, 500)])
def test_who_may_send_more_may_ask_as_much(given: int, sends: int, questions: int) -> None:
    settings = server_settings(caps=DailyCaps(), call_limit=given)
    assert (settings.app_calls.calls, settings.app_questions.calls) == (sends, questions)


def test_each_cap_has_an_option_of_its_own() -> None:
    caps = daily_caps(
        daily_subscribers=1, daily_questions=2, daily_trials=3, daily_claims=4, daily_codes=5, daily_commands=6
    )
    assert caps == DailyCaps(subscribers=1, questions=2, trials=3, claims=4, codes=5, commands=6)
