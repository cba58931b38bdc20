"""What readers by a cursor see of a PostgreSQL that was put back to an older state by its own means."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import postgresql
from tests.push.builders import NOON, a_draft, a_reader, an_app
from watcher.core.databases import ClusterDatabase
from watcher.core.push import App, InboxItem, PushTopic, Subscriber
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.store.damage import POSTGRESQL_POSITION
from watcher.store.notices import untold_notices
from watcher.store.push.high_water import RENEWED, SKIPPED, renew_at

LOST = 5


class Shop:
    """A service over a database of PostgreSQL, an application with one topic, and one reader of it."""

    def __init__(self, server: postgresql.Server, place: ClusterDatabase) -> None:
        self.server = server
        self.place = place
        self.service: PushService
        self.app: App
        self.topic: PushTopic
        self.reader: Subscriber
        self._snapshot = ""

    @property
    def _database(self) -> str:
        return self.place.url.rpartition("/")[2]

    async def open(self) -> None:
        """Start the service and let it look once, as a server does each second."""
        self.service = await open_push_service(self.place, now=lambda: NOON)

    async def send(self, number: int = 1) -> None:
        """Send so many messages, and look."""
        for _ in range(number):
            await self.service.messages.send(self.app, a_draft(), topic_ids=[self.topic.id])
        await self.service.foreign_commit()

    async def items(self, *, after: int = 0) -> list[int]:
        """Return the ids that the reader finds after a cursor."""
        found: list[InboxItem] = [*await self.service.inbox.items(self.reader, after=after)]
        return [item.id for item in found]

    def save(self) -> None:
        """Copy the database as it is; nobody is connected to it meanwhile."""
        self._end_connections()
        self._snapshot = self.server.new_database(like=self._database)

    def put_back(self) -> None:
        """Put that copy in the place of the database, while the service runs."""
        self._end_connections()
        self.server.remove_database(self._database)
        self.server.ask(f'ALTER DATABASE "{self._snapshot}" RENAME TO "{self._database}"')

    def _end_connections(self) -> None:
        self.server.ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self._database}'")


@pytest.fixture
async def shop(postgresql_server: postgresql.Server, postgresql_place: ClusterDatabase) -> AsyncIterator[Shop]:
    """A shop that has sent three messages, and was saved then."""
    shop = Shop(postgresql_server, postgresql_place)
    await shop.open()
    shop.app = await an_app(shop.service)
    shop.topic = await shop.service.topics.add("news", app_id=shop.app.id)
    shop.reader = await a_reader(shop.service, topics=(shop.topic.id,))
    await shop.send(3)
    shop.save()
    yield shop
    await shop.service.close()


async def test_a_reader_misses_nothing_that_is_sent_after_the_database_was_put_back(shop: Shop) -> None:
    await shop.send(LOST)
    cursor = (await shop.items())[-1]
    shop.put_back()

    await shop.send(LOST)

    assert len(await shop.items(after=cursor)) == LOST
    assert (await shop.items(after=cursor))[0] > cursor + SKIPPED


async def test_a_server_that_was_stopped_meanwhile_remembers_it_in_its_data_directory(shop: Shop) -> None:
    await shop.send(LOST)
    cursor = (await shop.items())[-1]
    await shop.service.close()
    shop.put_back()
    await shop.open()

    await shop.send(LOST)

    assert len(await shop.items(after=cursor)) == LOST


@pytest.mark.faults
async def test_where_nobody_remembers_readers_miss_what_is_sent_until_somebody_renews_the_numbers(shop: Shop) -> None:
    await shop.send(LOST)
    cursor = (await shop.items())[-1]
    await shop.service.close()
    shop.put_back()
    (shop.place.data / POSTGRESQL_POSITION).unlink()
    await shop.open()

    await shop.send(LOST)
    assert await shop.items(after=cursor) == []  # so the other tests can fail

    renew_at(shop.place.url)
    await shop.send()
    (id_,) = await shop.items(after=cursor)
    assert id_ > RENEWED


async def test_the_operator_is_told_once_how_much_is_gone(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    await shop.send(LOST)
    shop.put_back()

    await shop.send(2)

    (notice,) = untold_notices(shop.place.data)
    assert notice.summary == "The database was put back to an older state"
    assert "3 instead of 8 messages" in notice.content
    assert "3 instead of 8 deliveries" in notice.content
    assert caplog.messages[-1].startswith("The database was put back")


async def test_a_database_that_stays_as_it_is_goes_on_with_the_next_number(shop: Shop) -> None:
    await shop.send()
    shop.save()
    before = await shop.items()
    await shop.service.close()
    await shop.open()

    await shop.send()

    assert (await shop.items(after=before[-1])) == [before[-1] + 1]
    assert not untold_notices(shop.place.data)


async def test_after_a_start_of_postgresql_numbers_are_skipped_that_nobody_may_remember(shop: Shop) -> None:
    file = shop.place.data / POSTGRESQL_POSITION
    await shop.send()
    before = await shop.items()
    await shop.service.close()
    _pretend_earlier_start(file)
    await shop.open()

    await shop.send(2)

    first, second = await shop.items(after=before[-1])
    assert (first, second) == (before[-1] + SKIPPED + 1, first + 1)
    assert not untold_notices(shop.place.data)


async def test_a_file_that_cannot_be_read_is_told_and_keeps_nobody_from_starting(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    await shop.service.close()
    (shop.place.data / POSTGRESQL_POSITION).write_text('{"started": 5}', encoding="utf-8")

    await shop.open()
    await shop.send()

    assert len(await shop.items()) == 4
    assert "numbers that were given before are not known" in caplog.text


def _pretend_earlier_start(file: Path) -> None:
    said = file.read_text(encoding="utf-8")
    assert '"started":"' in said
    file.write_text(said.replace('"started":"', '"started":"1'), encoding="utf-8")
