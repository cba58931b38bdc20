"""Which devices read, since when, and how they are ended."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.clock import Clock
from tests.push.builders import NOON
from watcher.core.databases import DatabasePlace
from watcher.core.push import Device, DeviceDraft, NewSubscriber
from watcher.push.opening import open_push_service
from watcher.push.service import PushService

PHONE = DeviceDraft(kind="Chrome · Android")


@pytest.fixture
async def service(place: DatabasePlace, clock: Clock) -> AsyncIterator[PushService]:
    service = await open_push_service(place, now=clock)
    yield service
    await service.close()


async def _device(service: PushService, made: NewSubscriber) -> Device:
    known = await service.devices.known(made.device_token)
    assert known is not None
    assert known[0] == made.subscriber
    return known[1]


async def test_a_device_is_known_from_its_first_moment(service: PushService) -> None:
    made = await service.subscribers.add(device=PHONE)
    device = await _device(service, made)
    assert (device.kind, device.created_at, device.seen_at) == (PHONE.kind, NOON, NOON)
    assert await service.devices.of(made.subscriber) == [device]


@pytest.mark.parametrize(
    ("after", "seen_after"),
    [
        (timedelta(minutes=59), timedelta(0)),
        (timedelta(hours=1), timedelta(hours=1)),
        (-timedelta(hours=2), -timedelta(hours=2)),
    ],
    ids=["within the hour", "after it", "after the clock was set back"],
)
async def test_a_visit_is_written_down_once_an_hour(
    service: PushService, clock: Clock, after: timedelta, seen_after: timedelta
) -> None:
    made = await service.subscribers.add(device=PHONE)
    clock.at = came_back_at = NOON + timedelta(minutes=1)
    for step in (timedelta(0), after):
        clock.at += step
        for _ in range(3):
            service.devices.see(await _device(service, made), PHONE)
        await service.devices.write_sightings()
    assert (await _device(service, made)).seen_at == came_back_at + seen_after


async def test_what_a_device_is_called_is_learned_and_not_unlearned(service: PushService) -> None:
    made = await service.subscribers.add()
    for seen in (PHONE, DeviceDraft()):
        service.devices.see(await _device(service, made), seen)
        await service.devices.write_sightings()
    assert (await _device(service, made)).kind == PHONE.kind


async def test_many_visits_are_one_transaction_and_none_is_no_transaction(
    service: PushService, clock: Clock, place: DatabasePlace
) -> None:
    other = await open_push_service(place, now=clock)
    made = [await service.subscribers.add(device=PHONE) for _ in range(5)]
    await other.foreign_commit()
    clock.at += timedelta(days=1)
    await service.devices.write_sightings()
    assert not await other.foreign_commit()
    for one in made:
        service.devices.see(await _device(service, one), PHONE)
    assert not await other.foreign_commit()
    await service.devices.write_sightings()
    assert await other.foreign_commit()
    await service.devices.write_sightings()
    assert not await other.foreign_commit()
    assert {(await _device(service, one)).seen_at for one in made} == {clock.at}
    await other.close()


async def test_who_comes_by_wechat_has_no_device(service: PushService) -> None:
    arrival = await service.followers.arrive("oA-1_b", None)
    assert arrival.subscriber is not None
    assert await service.devices.of(arrival.subscriber) == []
