"""What becomes of a delivery, and of its endpoint, by what was answered: each row of the table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from watcher.core.callbacks import Callback, CallbackAnswer, CallbackState, is_due
from watcher.core.webhooks import DELAYS, DISABLE_AFTER, Webhook, WebhookEvent, after_answer, after_delivery

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = CallbackAnswer(status=204)
BAD = CallbackAnswer(status=500, reason="answered 500")
GONE = CallbackAnswer(status=410, reason="answered 410")
HOOK = Webhook(
    id=7, app_id=2, topic_id=None, url="https://a.example/", events=[WebhookEvent.MESSAGE_SENT], created_at=NOON
)


def a_delivery(attempts: int = 0) -> Callback:
    return Callback(
        id=1,
        app_id=2,
        webhook_id=7,
        body="{}",
        created_at=NOON,
        attempts=attempts,
        due_at=NOON,
        state=CallbackState.PENDING,
        status=None,
        reason="",
    )


def test_an_answer_of_2xx_settles_it_and_the_endpoint_works() -> None:
    settled = after_delivery(a_delivery(3), GOOD, now=NOON, chance=0)
    assert (settled.state, settled.status, settled.reason) == (CallbackState.DELIVERED, 204, "")
    assert after_answer(replace(HOOK, failing_since=NOON), settled, now=NOON) == HOOK


@pytest.mark.parametrize("attempts", range(len(DELAYS)))
def test_a_failure_is_tried_again_for_three_days(attempts: int) -> None:
    for chance, share in ((0.0, 1.0), (0.999, 0.8)):
        tried = after_delivery(a_delivery(attempts), BAD, now=NOON, chance=chance)
        assert tried.state is CallbackState.PENDING
        assert share * DELAYS[attempts] <= tried.due_at - NOON <= DELAYS[attempts]
        assert not is_due(tried, now=NOON)
        assert is_due(tried, now=tried.due_at)
    assert timedelta(days=3) < sum(DELAYS, timedelta()) < timedelta(days=4)


def test_after_the_last_try_it_is_given_up_and_an_endpoint_where_nothing_worked_is_disabled() -> None:
    settled = after_delivery(a_delivery(len(DELAYS)), BAD, now=NOON, chance=0)
    assert (settled.state, settled.reason) == (CallbackState.DEAD, "given up after 10 tries: answered 500")
    failing = after_answer(HOOK, settled, now=NOON)
    assert (failing.failing_since, failing.is_enabled) == (NOON, True)  # others were taken not long ago
    disabled = after_answer(replace(HOOK, failing_since=NOON - DISABLE_AFTER), settled, now=NOON)
    assert disabled.disabled.startswith("nothing was taken for 3 days")


def test_a_clock_that_jumps_disables_nothing() -> None:
    tried = after_delivery(a_delivery(1), BAD, now=NOON, chance=0)
    assert after_answer(replace(HOOK, failing_since=NOON - 10 * DISABLE_AFTER), tried, now=NOON).is_enabled


def test_410_ends_the_delivery_and_disables_the_endpoint() -> None:
    settled = after_delivery(a_delivery(), GONE, now=NOON, chance=0)
    assert settled.state is CallbackState.DEAD
    assert "410" in after_answer(HOOK, settled, now=NOON).disabled
