"""Claims: another device reads the same inbox."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.push.builders import NOON, a_reader
from watcher.core.databases import DatabasePlace
from watcher.errors import RefusedError
from watcher.push.claims import CLAIM_LIFE
from watcher.push.opening import open_push_service
from watcher.push.service import PushService


async def test_a_claim_makes_one_more_device_of_the_same_subscriber_and_only_one(service: PushService) -> None:
    reader = await a_reader(service)
    claim = await service.claims.add(reader)
    assert await service.claims.inbox_of(claim)

    device = await service.claims.take(claim)

    assert await service.devices.owner(device) == reader
    assert not await service.claims.inbox_of(claim)
    with pytest.raises(RefusedError, match="used already"):
        await service.claims.take(claim)


async def test_a_claim_expires(place: DatabasePlace) -> None:
    at: list[datetime] = [NOON]
    service = await open_push_service(place, now=lambda: at[0])
    try:
        claim = await service.claims.add(await a_reader(service))
        at[0] = NOON + CLAIM_LIFE + timedelta(seconds=1)

        assert not await service.claims.inbox_of(claim)
        with pytest.raises(RefusedError, match="expired"):
            await service.claims.take(claim)
    finally:
        await service.close()
