from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from watcher.core.channels import (
    Address,
    ChannelName,
    Gone,
    Pause,
    Preferences,
    Refused,
    Retry,
    SendResult,
    Sent,
    Strikes,
)
from watcher.core.handovers import (
    WORTH_TELLING,
    GivenUp,
    Handover,
    HandoverOutcome,
    Look,
    Looked,
    Taken,
    Waiting,
    after_answer,
    after_look,
    without_trying,
)
from watcher.core.pace import FAILOVER_AFTER
from watcher.core.push import Draft, Message
from watcher.core.quiet import parse_quiet_hours

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SIESTA = parse_quiet_hours("11:30-13:00 UTC")

ADDRESS = Address(id=5, subscriber_id=7, channel=ChannelName.WEB_PUSH, value="phone", created_at=NOON)
HANDOVER = Handover(
    id=1,
    delivery_id=2,
    subscriber_id=7,
    address=ADDRESS,
    item_id=3,
    message=Message(
        id=4,
        slug="slug",
        app_id=1,
        app_name="shop",
        topic=None,
        draft=Draft(summary="s", content="c"),
        created_at=NOON,
    ),
    collapse_key=None,
    preferences=Preferences(),
    attempts=0,
    sent_at=NOON,
    expires_at=NOON + WORTH_TELLING,
    is_seen=False,
    is_wanted=True,
)


@pytest.mark.parametrize(
    ("handover", "outcome"),
    [
        pytest.param(HANDOVER, None, id="nothing holds"),
        pytest.param(
            replace(HANDOVER, subscriber_id=8),
            GivenUp(reason="the address is another subscriber's by now", goes_on=True),
            id="another's",
        ),
        pytest.param(
            replace(HANDOVER, is_wanted=False),
            GivenUp(reason="the subscriber does not get this any more"),
            id="unwanted",
        ),
        pytest.param(
            replace(HANDOVER, is_muted=True),
            GivenUp(reason="the subscriber had muted this for a time: it is in the inbox alone"),
            id="muted",
        ),
        pytest.param(replace(HANDOVER, expires_at=NOON), GivenUp(reason="expired"), id="expired"),
        pytest.param(replace(HANDOVER, is_seen=True), None, id="seen a moment ago"),
        pytest.param(
            replace(HANDOVER, is_seen=True, sent_at=NOON - HOUR),
            GivenUp(reason="seen in the inbox before it could be sent"),
            id="seen long ago",
        ),
        pytest.param(
            replace(HANDOVER, attempts=2, preferences=Preferences(quiet=SIESTA)),
            Waiting(attempts=2, due_at=NOON + HOUR),
            id="quiet",
        ),
    ],
)
def test_what_becomes_of_it_untried(handover: Handover, outcome: HandoverOutcome | None) -> None:
    assert without_trying(handover, is_set_up=True, now=NOON) == outcome


def test_a_channel_that_is_not_set_up_is_passed_over_first_of_all() -> None:
    assert without_trying(replace(HANDOVER, is_wanted=False), is_set_up=False, now=NOON) == GivenUp(
        reason="this channel is not set up any more", goes_on=True
    )


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        pytest.param(Sent(), Taken(at=NOON, look_at=NOON + FAILOVER_AFTER), id="sent"),
        pytest.param(Retry(reason="503"), Waiting(attempts=1, due_at=NOON + timedelta(seconds=1)), id="retry"),
        pytest.param(
            Retry(reason="429", after=HOUR, pause=Pause.LANE), Waiting(attempts=1, due_at=NOON + HOUR), id="as asked"
        ),
        pytest.param(
            Retry(reason="429", after=timedelta.max),
            GivenUp(reason="expired: 429"),
            id="longer than it is worth telling",
        ),
        pytest.param(Refused(reason="400"), GivenUp(reason="400", goes_on=True), id="refused"),
        pytest.param(
            Refused(reason="404", strikes=Strikes(most=2)),
            GivenUp(reason="404", goes_on=True, strikes=1),
            id="a strike",
        ),
        pytest.param(
            Refused(reason="404", strikes=Strikes(most=1)),
            GivenUp(reason="404", goes_on=True, is_address_gone=True),
            id="the last strike",
        ),
        pytest.param(Gone(reason="410"), GivenUp(reason="410", goes_on=True, is_address_gone=True), id="gone"),
    ],
)
def test_what_an_answer_makes_of_it(answer: SendResult, outcome: HandoverOutcome) -> None:
    assert after_answer(HANDOVER, answer, now=NOON, chance=0, failover_after=FAILOVER_AFTER) == outcome


def test_strikes_that_are_too_far_apart_begin_anew() -> None:
    struck = replace(ADDRESS, strikes=1, struck_at=NOON - 2 * WORTH_TELLING)
    answer = Refused(reason="404", strikes=Strikes(most=2, within=timedelta(days=1)))
    outcome = after_answer(replace(HANDOVER, address=struck), answer, now=NOON, chance=0, failover_after=FAILOVER_AFTER)
    assert outcome == GivenUp(reason="404", goes_on=True, strikes=1)


LOOK = Look(delivery_id=2, message_id=4, subscriber_id=7, is_seen=False, sent_at=NOON - FAILOVER_AFTER, quiet=None)


@pytest.mark.parametrize(
    ("look", "look_at", "goes_on"),
    [
        pytest.param(LOOK, None, True, id="not seen"),
        pytest.param(replace(LOOK, is_seen=True), None, False, id="seen"),
        pytest.param(replace(LOOK, sent_at=NOON - WORTH_TELLING), None, False, id="old"),
        pytest.param(replace(LOOK, sent_at=NOON), NOON + FAILOVER_AFTER, False, id="too early"),
        pytest.param(replace(LOOK, quiet=SIESTA), NOON + HOUR + FAILOVER_AFTER, False, id="quiet"),
    ],
)
def test_when_the_next_channel_takes_over(look: Look, look_at: datetime | None, goes_on: bool) -> None:
    looked = after_look(look, now=NOON, failover_after=FAILOVER_AFTER)
    assert looked == Looked(look=look, look_at=look_at, goes_on=goes_on)


def test_a_subscriber_who_said_no_language_is_told_in_english() -> None:
    notification = HANDOVER.notification("https://push.example/m/slug")
    assert (notification.lang, notification.item_id, notification.link) == ("en", 3, "https://push.example/m/slug")
