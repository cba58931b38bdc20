"""Where subscribers are reached."""

from __future__ import annotations

from contextlib import suppress

import pytest

from tests.push.builders import a_reader
from watcher.core.channels import AddressDraft, ChannelName, Preferences
from watcher.errors import RefusedError
from watcher.push.addresses import MAX_ADDRESSES
from watcher.push.service import PushService


async def _channels(service: PushService, uid: str) -> list[ChannelName]:
    reader = await service.subscribers.of_uid(uid)
    assert reader is not None
    return [address.channel for address in await service.addresses.of(reader)]


async def test_the_same_address_again_is_renewed_and_not_doubled(service: PushService) -> None:
    reader = await a_reader(service)

    await service.addresses.add(
        reader, AddressDraft(channel=ChannelName.WEB_PUSH, fingerprint="f", value="old", label="Phone")
    )
    await service.addresses.add(
        reader, AddressDraft(channel=ChannelName.WEB_PUSH, fingerprint="f", value="new", label="Phone")
    )

    [address] = await service.addresses.of(reader)
    assert address.value == "new"


async def test_a_browser_that_another_subscriber_used_belongs_to_the_last_one(service: PushService) -> None:
    first, second = await a_reader(service), await a_reader(service)
    await service.addresses.add(first, AddressDraft(channel=ChannelName.WEB_PUSH, fingerprint="f", value="v"))

    await service.addresses.add(second, AddressDraft(channel=ChannelName.WEB_PUSH, fingerprint="f", value="v"))

    assert await service.addresses.of(first) == []
    assert len(await service.addresses.of(second)) == 1


async def test_who_knows_where_a_browser_is_reached_but_not_its_secrets_takes_it_from_nobody(
    service: PushService,
) -> None:
    reader, attacker = await a_reader(service), await a_reader(service)
    await service.addresses.add(
        reader, AddressDraft(channel=ChannelName.WEB_PUSH, fingerprint="f", value="endpoint and keys")
    )

    with suppress(RefusedError):
        await service.addresses.add(
            attacker, AddressDraft(channel=ChannelName.WEB_PUSH, fingerprint="f", value="endpoint and others")
        )

    [address] = await service.addresses.of(reader)
    assert address.value == "endpoint and keys"
    assert await service.addresses.of(attacker) == []


async def test_one_subscriber_has_so_many_addresses_and_no_more(service: PushService) -> None:
    reader = await a_reader(service)

    for number in range(MAX_ADDRESSES + 3):
        await service.addresses.add(
            reader, AddressDraft(channel=ChannelName.WEB_PUSH, fingerprint=str(number), value=str(number))
        )

    kept = [address.value for address in await service.addresses.of(reader)]
    assert kept == [str(number) for number in range(3, MAX_ADDRESSES + 3)]


async def test_nobody_removes_the_address_of_another(service: PushService) -> None:
    reader, stranger = await a_reader(service), await a_reader(service)
    address = await service.addresses.add(
        reader, AddressDraft(channel=ChannelName.EMAIL, fingerprint="f", value="a@b.example")
    )

    with pytest.raises(RefusedError):
        await service.addresses.remove(stranger, address.id)
    await service.addresses.remove(reader, address.id)

    assert await service.addresses.of(reader) == []


async def test_addresses_are_tried_in_the_order_that_their_subscriber_says(service: PushService) -> None:
    reader = await a_reader(service)
    await service.addresses.add(reader, AddressDraft(channel=ChannelName.EMAIL, fingerprint="e", value="a@b.example"))
    await service.addresses.add(reader, AddressDraft(channel=ChannelName.WEB_PUSH, fingerprint="w", value="w"))
    assert await _channels(service, reader.uid) == [ChannelName.WEB_PUSH, ChannelName.EMAIL]

    await service.preferences.change(reader, lambda _: Preferences(order=[ChannelName.EMAIL]))
    await service.addresses.add(reader, AddressDraft(channel=ChannelName.WECHAT, fingerprint="c", value="c"))

    assert await _channels(service, reader.uid) == [ChannelName.EMAIL, ChannelName.WEB_PUSH, ChannelName.WECHAT]


async def test_browsers_that_subscribed_with_another_key_are_known_and_can_be_forgotten(service: PushService) -> None:
    reader = await a_reader(service)
    for fingerprint, key in (("f", "old key"), ("g", "new key")):
        await service.addresses.add(
            reader, AddressDraft(channel=ChannelName.WEB_PUSH, fingerprint=fingerprint, value="v", bound_to=key)
        )
    assert await service.addresses.count_bound_elsewhere(ChannelName.WEB_PUSH, "new key") == 1

    assert await service.addresses.forget_channel(ChannelName.WEB_PUSH) == 2

    assert await service.addresses.count_bound_elsewhere(ChannelName.WEB_PUSH, "new key") == 0
