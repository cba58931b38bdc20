"""Where and how subscribers want to be reached."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.push.builders import NOON, a_reader
from tests.push.prepared import place_tables
from watcher.core.channels import ChannelName, Preferences
from watcher.core.quiet import parse_quiet_hours
from watcher.errors import RefusedError
from watcher.push.addresses import MAX_ADDRESSES
from watcher.push.claims import CLAIM_LIFE
from watcher.push.opening import open_push_service
from watcher.push.service import PushService


async def _channels(service: PushService, uid: str) -> list[ChannelName]:
    reader = await service.subscribers.of_uid(uid)
    assert reader is not None
    return [address.channel for address in await service.addresses.of(reader)]


async def test_the_same_address_again_is_renewed_and_not_doubled(service: PushService) -> None:
    reader = await a_reader(service)

    await service.addresses.add(reader, ChannelName.WEB_PUSH, fingerprint="f", value="old", label="Phone")
    await service.addresses.add(reader, ChannelName.WEB_PUSH, fingerprint="f", value="new", label="Phone")

    [address] = await service.addresses.of(reader)
    assert address.value == "new"


async def test_a_browser_that_another_subscriber_used_belongs_to_the_last_one(service: PushService) -> None:
    first, second = await a_reader(service), await a_reader(service)
    await service.addresses.add(first, ChannelName.WEB_PUSH, fingerprint="f", value="v")

    await service.addresses.add(second, ChannelName.WEB_PUSH, fingerprint="f", value="v")

    assert await service.addresses.of(first) == []
    assert len(await service.addresses.of(second)) == 1


async def test_who_knows_where_a_browser_is_reached_but_not_its_secrets_takes_it_from_nobody(
    service: PushService,
) -> None:
    reader, attacker = await a_reader(service), await a_reader(service)
    await service.addresses.add(reader, ChannelName.WEB_PUSH, fingerprint="f", value="endpoint and keys")

    with suppress(RefusedError):
        await service.addresses.add(attacker, ChannelName.WEB_PUSH, fingerprint="f", value="endpoint and others")

    [address] = await service.addresses.of(reader)
    assert address.value == "endpoint and keys"
    assert await service.addresses.of(attacker) == []


async def test_one_subscriber_has_so_many_addresses_and_no_more(service: PushService) -> None:
    reader = await a_reader(service)

    for number in range(MAX_ADDRESSES + 3):
        await service.addresses.add(reader, ChannelName.WEB_PUSH, fingerprint=str(number), value=str(number))

    kept = [address.value for address in await service.addresses.of(reader)]
    assert kept == [str(number) for number in range(3, MAX_ADDRESSES + 3)]


async def test_nobody_removes_the_address_of_another(service: PushService) -> None:
    reader, stranger = await a_reader(service), await a_reader(service)
    address = await service.addresses.add(reader, ChannelName.EMAIL, fingerprint="f", value="a@b.example")

    with pytest.raises(RefusedError):
        await service.addresses.remove(stranger, address.id)
    await service.addresses.remove(reader, address.id)

    assert await service.addresses.of(reader) == []


async def test_addresses_are_tried_in_the_order_that_their_subscriber_says(service: PushService) -> None:
    reader = await a_reader(service)
    await service.addresses.add(reader, ChannelName.EMAIL, fingerprint="e", value="a@b.example")
    await service.addresses.add(reader, ChannelName.WEB_PUSH, fingerprint="w", value="w")
    assert await _channels(service, reader.uid) == [ChannelName.WEB_PUSH, ChannelName.EMAIL]

    await service.preferences.change(reader, lambda _: Preferences(order=[ChannelName.EMAIL]))
    await service.addresses.add(reader, ChannelName.WECHAT, fingerprint="c", value="c")

    assert await _channels(service, reader.uid) == [ChannelName.EMAIL, ChannelName.WEB_PUSH, ChannelName.WECHAT]


async def test_browsers_that_subscribed_with_another_key_are_known_and_can_be_forgotten(service: PushService) -> None:
    reader = await a_reader(service)
    for fingerprint, key in (("f", "old key"), ("g", "new key")):
        await service.addresses.add(reader, ChannelName.WEB_PUSH, fingerprint=fingerprint, value="v", bound_to=key)
    assert await service.addresses.count_bound_elsewhere(ChannelName.WEB_PUSH, "new key") == 1

    assert await service.addresses.forget_channel(ChannelName.WEB_PUSH) == 2

    assert await service.addresses.count_bound_elsewhere(ChannelName.WEB_PUSH, "new key") == 0


async def test_wishes_are_kept_as_they_were_given(service: PushService) -> None:
    reader = await a_reader(service)
    wished = Preferences(order=[ChannelName.EMAIL], quiet=parse_quiet_hours("22:00-07:00 Asia/Shanghai"), lang="zh")

    await service.preferences.change(reader, lambda _: wished)
    await service.preferences.note_language(reader, "en")

    kept = await service.preferences.of(reader)
    assert (kept.order, kept.quiet, kept.lang) == (wished.order, wished.quiet, "en")


async def test_of_two_wishes_at_once_both_hold(service: PushService) -> None:
    reader, quiet = await a_reader(service), parse_quiet_hours("22:00-07:00 Asia/Shanghai")
    await asyncio.gather(
        service.preferences.note_language(reader, "zh"),
        service.preferences.change(reader, lambda wanted: replace(wanted, quiet=quiet)),
        service.preferences.change(reader, lambda wanted: replace(wanted, order=[ChannelName.EMAIL])),
    )
    kept = await service.preferences.of(reader)
    assert (kept.order, kept.quiet, kept.lang) == ([ChannelName.EMAIL], quiet, "zh")


async def test_a_claim_makes_one_more_device_of_the_same_subscriber_and_only_one(service: PushService) -> None:
    reader = await a_reader(service)
    claim = await service.claims.add(reader)
    assert await service.claims.inbox_of(claim)

    device = await service.claims.take(claim)

    assert await service.devices.owner(device) == reader
    assert not await service.claims.inbox_of(claim)
    with pytest.raises(RefusedError, match="used already"):
        await service.claims.take(claim)


async def test_a_claim_expires(tmp_path: Path) -> None:
    at: list[datetime] = [NOON]
    service = await open_push_service(await place_tables(tmp_path / "push.db"), now=lambda: at[0])
    try:
        claim = await service.claims.add(await a_reader(service))
        at[0] = NOON + CLAIM_LIFE + timedelta(seconds=1)

        assert not await service.claims.inbox_of(claim)
        with pytest.raises(RefusedError, match="expired"):
            await service.claims.take(claim)
    finally:
        await service.close()
