"""What news cost from the judgement to the inbox: counted, for counts are the same on every machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.core.builders import NOON, play, price, watch
from tests.outbox.recording import BOUND_SECONDS
from tests.push.prepared import place_tables
from tests.store.around import Around, AroundOutbox
from watcher.core.check import Decision, OutboxEntry, OutboxMessage
from watcher.core.push import Subscriber
from watcher.core.watch import Topic
from watcher.outbox.dispatch import Dispatcher
from watcher.outbox.embedded import EmbeddedPublisher
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.store.watch_store import DiskWatchStore, open_watch_store
from watcher.watching.committer import GROUP, Committer

DEALS = Topic(key="deals", name="Deals")
STATEMENTS = 7
"""Of one publish whose readers have no other channels, and of which no webhook wants to hear."""


class Transactions(Around):
    """Counts those of the watch store; each is one sync."""

    count = 0

    def __init__(self, store: DiskWatchStore) -> None:
        super().__init__(store)
        self.outbox = Settlements(self)

    async def commit(self, decisions: Sequence[Decision]) -> None:
        self.count += 1
        await super().commit(decisions)


class Settlements(AroundOutbox):
    """Counts those of its outbox with them."""

    def __init__(self, transactions: Transactions) -> None:
        super().__init__(transactions.store.outbox)
        self._transactions = transactions

    async def settle(self, settled: Sequence[str], failed: Sequence[OutboxEntry], new: Sequence[OutboxMessage]) -> None:
        self._transactions.count += 1
        await super().settle(settled, failed, new)


@dataclass
class Cost:
    """What was done in the push database."""

    statements: int = 0
    commits: int = 0


@contextmanager
def counted() -> Iterator[Cost]:
    cost = Cost()

    def note_statement(*_: object) -> None:
        cost.statements += 1

    def note_commit(*_: object) -> None:
        cost.commits += 1

    event.listen(Engine, "before_cursor_execute", note_statement)
    event.listen(Engine, "commit", note_commit)
    try:
        yield cost
    finally:
        event.remove(Engine, "before_cursor_execute", note_statement)
        event.remove(Engine, "commit", note_commit)


@dataclass(frozen=True, kw_only=True)
class House:
    """The way from a decision to the inbox of one who follows the topic."""

    store: Transactions
    committer: Committer
    dispatcher: Dispatcher
    service: PushService
    reader: Subscriber

    async def tell(self, decisions: Sequence[Decision]) -> None:
        """Save decisions that come together, and publish what they say."""
        async with asyncio.timeout(BOUND_SECONDS):
            saving = asyncio.create_task(self.committer.run())
            await asyncio.gather(*(self.committer.save(decision) for decision in decisions))
            saving.cancel()
            await asyncio.wait([saving])
            await self.dispatcher.drain()

    async def inbox(self) -> list[str]:
        return [item.message.draft.summary for item in await self.service.inbox.items(self.reader, limit=10_000)]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    opened, _ = await open_watch_store(tmp_path / "watches")
    service = await open_push_service(await place_tables(tmp_path / "push.db"), now=lambda: NOON)

    async def the_service() -> PushService:
        return service

    await service.topics.declare([DEALS])
    [topic] = await service.topics.all()
    store = Transactions(opened)
    yield House(
        store=store,
        committer=Committer(store, store.outbox, on_messages=lambda: None),
        dispatcher=Dispatcher(
            store.outbox, EmbeddedPublisher(the_service, {"deals": DEALS}), now=lambda: NOON, chance=lambda: 0.0
        ),
        service=service,
        reader=(await service.subscribers.add(topic_ids=[topic.id])).subscriber,
    )
    await service.close()
    await opened.close()


def news(watches: int) -> tuple[list[Decision], list[Decision]]:
    """Return for so many watches what they saw first, and a change that is told."""
    checks = [play(replace(watch(), id=f"w{number}"), price(number), price(number + 1)) for number in range(watches)]
    return [first for first, _ in checks], [second for _, second in checks]


@pytest.mark.parametrize("watches", [1, 10, EmbeddedPublisher.batch])
async def test_news_that_come_together_cost_what_one_costs(house: House, watches: int) -> None:
    seen, changed = news(watches)
    await house.tell(seen)
    house.store.count = 0
    with counted() as cost:
        await house.tell(changed)
    assert len(await house.inbox()) == watches
    assert house.store.count == 2, "the decisions with their messages, and the settlement"
    assert cost.commits == 1
    assert cost.statements == STATEMENTS


async def test_a_pass_over_a_thousand_costs_a_transaction_for_each_full_group(house: House) -> None:
    seen, changed = news(1_000)
    await house.tell(seen)
    house.store.count = 0
    with counted() as cost:
        await house.tell(changed)
    publishes = -(-1_000 // EmbeddedPublisher.batch)
    assert len(await house.inbox()) == 1_000
    assert house.store.count == -(-1_000 // GROUP) + publishes
    assert (cost.commits, cost.statements) == (publishes, publishes * STATEMENTS)
