from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.push.builders import NOON, a_declared_topic, a_draft, a_reader, an_app, texts, to_topic
from watcher.core.push import DeliveryState
from watcher.core.wakeups import Wakeup
from watcher.push.opening import open_push_service
from watcher.push.service import PushService


async def elsewhere(database: Path, topic: str, count: int) -> None:
    """Publish from another process."""
    command = [sys.executable, "-m", "tests.push.writer", str(database), topic, str(count)]
    process = await asyncio.create_subprocess_exec(*command)
    async with asyncio.timeout(30):
        assert await process.wait() == 0


def test_knowing_the_service_costs_no_library() -> None:
    modules = "watcher.push.service, watcher.push.draft, watcher.push.render, watcher.push.qr"
    heavy = {"sqlalchemy", "alembic", "nh3", "markdown_it", "segno"}
    code = f"import sys, {modules}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], check=True, timeout=30, capture_output=True, text=True)
    assert not heavy & set(run.stdout.split())


@pytest.mark.on_sqlite("opens the file again")
async def test_a_restart_keeps_everything(tmp_path: Path) -> None:
    database = tmp_path / "push.db"
    before = await open_push_service(database, now=lambda: NOON)
    topic = await a_declared_topic(before)
    new = await before.subscribers.add(topic_ids=[topic.id])
    [told] = await before.messages.publish([to_topic("deals", text="kept")])
    await before.close()

    after = await open_push_service(database, now=lambda: NOON)
    assert len(await after.apps.all()) == 1
    reader = await after.devices.owner(new.device_token)
    assert reader == new.subscriber
    assert await texts(after, new.subscriber) == ["kept"]
    assert await after.messages.publish([to_topic("deals", text="again")]) == [told]
    assert await texts(after, new.subscriber) == ["kept"]
    await after.close()


# The inbox


async def test_a_reader_that_lost_its_connection_goes_on_after_the_last_item(service: PushService) -> None:
    topic = await a_declared_topic(service)
    ann = await a_reader(service, topics=(topic.id,))
    await service.messages.publish([to_topic("deals", key=str(number), text=str(number)) for number in range(5)])
    first = await service.inbox.items(ann, limit=2)
    rest = await service.inbox.items(ann, after=first[-1].id)
    assert [item.message.draft.content for item in [*first, *rest]] == ["0", "1", "2", "3", "4"]
    assert [item.id for item in await service.inbox.recent(ann, limit=2)] == [rest[-1].id, rest[-2].id]
    assert await service.inbox.items(ann, after=2**80) == []
    assert len(await service.inbox.items(ann, after=-(2**80))) == 5


async def test_what_came_before_subscribing_is_not_in_the_inbox(service: PushService) -> None:
    topic = await a_declared_topic(service)
    await service.messages.publish([to_topic("deals")])
    ann = await a_reader(service, topics=(topic.id,))
    assert await service.inbox.items(ann) == []


async def test_an_item_is_shown_once_its_own_reader_says_so(service: PushService) -> None:
    topic = await a_declared_topic(service)
    ann, eve = await a_reader(service, topics=(topic.id,)), await a_reader(service, topics=(topic.id,))
    await service.messages.publish([to_topic("deals")])
    [item] = await service.inbox.items(ann)
    await service.inbox.mark_shown(eve, [item.id, 0, -1, 2**80])
    assert (await service.inbox.items(ann))[0].state is DeliveryState.SENT
    await service.inbox.mark_shown(ann, [item.id])
    await service.inbox.mark_shown(ann, [item.id])
    await service.inbox.mark_shown(ann, [])
    assert (await service.inbox.items(ann))[0].state is DeliveryState.SHOWN
    assert (await service.inbox.items(eve))[0].state is DeliveryState.SENT


# Waking


async def test_whoever_has_something_new_is_woken_after_the_commit(service: PushService) -> None:
    topic, app = await a_declared_topic(service), await an_app(service)
    ann = await a_reader(service, topics=(topic.id,), apps=(app.id,))
    bob = await a_reader(service, topics=(topic.id,))
    await a_reader(service)
    woken: list[Sequence[int] | None] = []
    service.wakeups.on(Wakeup.DELIVERY, woken.append)
    await service.messages.publish([to_topic("deals", key="1"), to_topic("deals", key="2")])
    await service.messages.send(app, a_draft(), uids=[ann.uid], idempotency_key="k")
    assert woken == [[ann.id, bob.id], [ann.id]]

    await service.messages.send(app, a_draft(), uids=[ann.uid], idempotency_key="k")
    await service.messages.publish([to_topic("deals", key="1")])
    await service.messages.send(app, a_draft(), uids=["UID_x"])
    assert len(woken) == 2


@pytest.mark.faults
@pytest.mark.on_sqlite("opens the file again")
async def test_a_commit_is_foreign_when_another_process_made_it(service: PushService, tmp_path: Path) -> None:
    topic = await a_declared_topic(service)
    ann = await a_reader(service, topics=(topic.id,))
    assert not await service.foreign_commit()
    await service.messages.publish([to_topic("deals")])
    assert not await service.foreign_commit()

    await elsewhere(tmp_path / "push.db", "deals", 1)
    assert await service.foreign_commit()
    assert not await service.foreign_commit()
    assert len(await service.inbox.items(ann)) == 2


@pytest.mark.faults
@pytest.mark.on_sqlite("opens the file again")
async def test_two_processes_write_at_once_and_nothing_is_lost(service: PushService, tmp_path: Path) -> None:
    topic = await a_declared_topic(service)
    ann = await a_reader(service, topics=(topic.id,))

    async def here() -> None:
        for number in range(60):
            await service.messages.publish([to_topic("deals", key=f"here {number}")])

    async with asyncio.TaskGroup() as group:
        group.create_task(elsewhere(tmp_path / "push.db", "deals", 60))
        group.create_task(elsewhere(tmp_path / "push.db", "deals", 60))
        group.create_task(here())
    items = await service.inbox.items(ann, limit=1000)
    assert len(items) == 180
    assert len({item.message.slug for item in items}) == 180


async def test_many_tasks_write_at_once_and_read_meanwhile(service: PushService) -> None:
    topic = await a_declared_topic(service)
    ann = await a_reader(service, topics=(topic.id,))
    async with asyncio.TaskGroup() as group:
        for number in range(40):
            group.create_task(service.messages.publish([to_topic("deals", key=str(number))]))
            group.create_task(service.inbox.items(ann))
    assert len(await service.inbox.items(ann)) == 40


@pytest.mark.parametrize("turns", range(0, 60, 4))
async def test_a_cancelled_write_leaves_the_service_whole(service: PushService, turns: int) -> None:
    topic = await a_declared_topic(service)
    ann = await a_reader(service, topics=(topic.id,))
    task = asyncio.create_task(service.messages.publish([to_topic("deals", key="cancelled")]))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await service.messages.publish([to_topic("deals", key="cancelled"), to_topic("deals", key="next")])
    assert len(await service.inbox.items(ann)) == 2
