"""What is old goes, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.clock import Clock
from tests.config.test_declared import written
from tests.push.builders import NOON, a_draft, a_reader, an_app, texts
from tests.push.prepared import place_tables
from tests.push.relays import until
from tests.store.cluster.tables import ask
from watcher.cluster.duties import make_tables
from watcher.config.declared import declared_of
from watcher.core.databases import ClusterDatabase
from watcher.core.settings import Settings
from watcher.push.opening import open_push_service
from watcher.runtime.applying import apply
from watcher.runtime.process.health import Health
from watcher.runtime.process.meanwhile import meanwhile
from watcher.runtime.process.systemd import Systemd
from watcher.runtime.serving.housekeeping import Housekeeper
from watcher.runtime.serving.server import listen, serving
from watcher.runtime.serving.service import push_service


@pytest.mark.parametrize(
    ("kept", "left"), [(timedelta(days=30), ["new"]), (None, ["new", "old"])], ids=["30 days", "for ever"]
)
async def test_messages_older_than_the_operator_keeps_are_removed(
    kept: timedelta | None, left: list[str], tmp_path: Path
) -> None:
    clock = Clock(NOON)
    service = await open_push_service(await place_tables(tmp_path / "push.db"), now=clock)
    app = await an_app(service)
    reader = await a_reader(service, apps=(app.id,))
    for text in ("old", "new"):
        await service.messages.send(app, a_draft(text), uids=[reader.uid])
        clock.at += timedelta(days=20)
    await Housekeeper(service, keep_messages=kept).remove_old()
    assert sorted(await texts(service, reader)) == left
    await service.close()


async def test_what_was_removed_from_the_watches_of_a_cluster_goes_a_day_later(
    postgresql_place: ClusterDatabase, tmp_path: Path
) -> None:
    await make_tables(postgresql_place.url)
    settings = Settings(data=tmp_path, database=postgresql_place.url)
    for text in ("{a: {url: 'https://a.example/', topic: t}, b: {url: 'https://b.example/', topic: t}}", "{}"):
        await apply(settings, declared_of(written(tmp_path, f"watches: {text}"), {}), origin="files")
    async with push_service(settings) as service:
        keeper = Housekeeper(service, keep_messages=None, database=postgresql_place.url)
        ask(postgresql_place.url, "INSERT INTO watcher.page (watch, record) VALUES ('a', '')")
        await keeper.remove_old()
        assert ask(postgresql_place.url, "SELECT watch FROM watcher.page") == []
        assert ask(postgresql_place.url, "SELECT watch FROM watcher.declaration WHERE is_gone") == [("a",), ("b",)]
        ask(postgresql_place.url, "UPDATE watcher.generation SET applied_at = applied_at - interval '25 hours'")
        await keeper.remove_old()
    assert ask(postgresql_place.url, "SELECT * FROM watcher.declaration") == []


async def test_a_server_of_a_cluster_removes_the_pages_of_watches_that_are_gone(
    postgresql_place: ClusterDatabase, tmp_path: Path
) -> None:
    await make_tables(postgresql_place.url)
    listening, settings = listen(Settings(data=tmp_path, database=postgresql_place.url, port=0))
    async with (
        push_service(settings, is_served=True) as service,
        serving(settings, service, listening, health=Health(tmp_path, Systemd(None, None))) as duties,
    ):
        ask(postgresql_place.url, "INSERT INTO watcher.page (watch, record) VALUES ('gone', '')")
        async with meanwhile(duties["housekeeping"]()):
            await until(lambda: ask(postgresql_place.url, "SELECT watch FROM watcher.page") == [])
