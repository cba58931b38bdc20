"""What channels answer, and what follows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from watcher.core.channels import Address, ChannelName, Retry, Strikes, is_struck_out, place_of, retry_at

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ADDRESS = Address(id=1, subscriber_id=1, channel=ChannelName.WEB_PUSH, value="…", created_at=NOW)


@pytest.mark.parametrize(
    ("attempts", "after", "seconds"),
    [(1, None, 1), (2, None, 5), (3, None, 30), (9, None, 1800), (1, 90, 90), (9, 90, 1800)],
)
def test_each_retry_waits_longer_and_never_less_than_was_asked(attempts: int, after: int | None, seconds: int) -> None:
    answer = Retry(reason="busy", after=None if after is None else timedelta(seconds=after))

    assert retry_at(attempts, answer, now=NOW, chance=0) == NOW + timedelta(seconds=seconds)
    assert retry_at(attempts, answer, now=NOW, chance=0.99) <= NOW + timedelta(seconds=seconds * 1.2)


def test_an_address_is_dropped_at_the_last_strike() -> None:
    struck = replace(ADDRESS, strikes=2, struck_at=NOW - timedelta(days=30))

    assert is_struck_out(struck, Strikes(most=3), now=NOW)
    assert not is_struck_out(replace(struck, strikes=1), Strikes(most=3), now=NOW)


def test_a_strike_of_long_ago_does_not_count_where_a_time_is_given() -> None:
    within = Strikes(most=2, within=timedelta(days=1))

    assert is_struck_out(replace(ADDRESS, strikes=1, struck_at=NOW - timedelta(hours=23)), within, now=NOW)
    assert not is_struck_out(replace(ADDRESS, strikes=1, struck_at=NOW - timedelta(hours=25)), within, now=NOW)


def test_channels_that_a_subscriber_did_not_order_follow_in_their_usual_order() -> None:
    order = [ChannelName.EMAIL]

    names = (ChannelName.EMAIL, ChannelName.WEB_PUSH, ChannelName.NTFY, ChannelName.WECHAT)
    assert [place_of(name, order) for name in names] == [0, 1, 2, 3]
    assert place_of(ChannelName.WEB_PUSH, ()) == 0
