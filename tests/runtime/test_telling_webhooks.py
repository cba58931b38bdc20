"""Webhooks are told what watches find, by the events that another process saves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.core.builders import play, price, watch
from tests.push.builders import NOON
from tests.push.prepared import place_tables
from tests.running import meanwhile
from watcher.core.check import Decision
from watcher.core.push import Slice
from watcher.core.webhooks import Webhook, WebhookEvent
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.runtime.serving.telling_webhooks import ChangeTeller
from watcher.store.watch_reader import DiskWatchReader
from watcher.store.watch_store import open_watch_store


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[PushService]:
    opened = await open_push_service(await place_tables(tmp_path / "push.db"), now=lambda: NOON)
    yield opened
    await opened.close()


async def _commit(directory: Path, *decisions: Decision) -> None:
    store, _ = await open_watch_store(directory)
    await store.commit(decisions)
    await store.close()


async def _hook(service: PushService) -> Webhook:
    hook, _ = await service.webhooks.add(service.webhooks.own_app_id, "https://a.example/", [WebhookEvent.CHANGE])
    return hook


async def _told(service: PushService, hook: Webhook, number: int) -> list[Any]:
    """Return the amounts that an endpoint is told, once there are so many."""
    async with asyncio.timeout(20):
        while True:
            found = await service.webhooks.deliveries(hook.id, Slice())
            if len(found) >= number:
                break
            await asyncio.sleep(0.01)
    return [json.loads(each.body)["data"]["new"][""]["price"] for each in found]


async def test_what_changes_is_told_once_over_restarts_and_what_was_before_is_not(
    service: PushService, tmp_path: Path
) -> None:
    decisions = play(watch(), *map(price, (12, 11, 10, 9)))
    await _commit(tmp_path / "watches", *decisions[:2])
    teller = ChangeTeller(DiskWatchReader(tmp_path / "watches"), service)
    await teller._turn()
    hook = await _hook(service)
    await _commit(tmp_path / "watches", decisions[2])  # before it is looked for the first time
    async with meanwhile(teller.run()):
        assert await _told(service, hook, 1) == [10]
    await _commit(tmp_path / "watches", decisions[3])
    for _ in range(2):
        async with meanwhile(ChangeTeller(DiskWatchReader(tmp_path / "watches"), service).run()):
            assert await _told(service, hook, 2) == [10, 9]


async def test_what_happened_while_nobody_wanted_to_know_is_not_told(service: PushService, tmp_path: Path) -> None:
    decisions = play(watch(), *map(price, (12, 11, 10, 9)))
    teller = ChangeTeller(DiskWatchReader(tmp_path / "watches"), service)
    first = await _hook(service)
    await teller._turn()
    await service.webhooks.remove(first.id)
    await _commit(tmp_path / "watches", *decisions[:3])
    await teller._turn()
    second = await _hook(service)
    await _commit(tmp_path / "watches", decisions[3])
    async with meanwhile(teller.run()):
        assert await _told(service, second, 1) == [9]
