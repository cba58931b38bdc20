"""`--database`: a server, a watcher and commands over a PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from tests import postgresql
from tests.cli.command import Command, eventually, line_with
from tests.cli.test_serve import device, session, url_of
from tests.site import Site
from watcher.core.databases import ClusterDatabase
from watcher.store.cluster import watch_schema
from watcher.store.push.dialect import LOCKS, SERVER_LOCK
from watcher.store.push.schema import HEAD

WATCHES = """
defaults:
  allow_private: true
topics:
  deals: {{name: Deals}}
watches:
  shop:
    url: {url}
    every: 1m
    topic: deals
    extract:
      price: {{css: .price, type: money}}
    notify_when:
      - price: {{below: 10}}
"""


@pytest.mark.faults
async def test_what_was_sent_is_read_and_still_there_after_a_restart(watcher: Command, postgresql_url: str) -> None:
    environment = {"WATCHER_DATABASE": postgresql_url}
    async with watcher.running("serve", "--port", "0", **environment) as (_, first), session() as client:
        app = (await watcher("apps", "add", "Shop", "--json", **environment)).record
        topic = (await watcher("topics", "add", "News", "--app", str(app["app_id"]), "--json", **environment)).record
        link = f"{url_of(first)}/t/{topic['link'].rpartition('/t/')[2]}"
        cookie = await device(client, link)
        body = {"appToken": app["app_token"], "content": "Dune is back", "topicIds": [topic["topic_id"]]}
        async with client.post(f"{url_of(first)}/api/send/message", json=body) as answer:
            assert (await answer.json())["success"]
    async with watcher.running("serve", "--port", "0", "--database", postgresql_url) as (_, first), session() as client:
        async with client.get(f"{url_of(first)}/inbox", headers={"Cookie": cookie}) as page:
            assert "Dune is back" in await page.text()
        [sent] = (await watcher("messages", "--json", **environment)).records
    assert sent["summary"] == "Dune is back"
    assert not (watcher.directory / ".watcher" / "push.db").exists()


@pytest.mark.faults
async def test_where_something_needs_it_without_any_server_one_is_refused_in_one_line(
    watcher: Command, postgresql_url: str
) -> None:
    with psycopg.connect(postgresql_url, autocommit=True) as alone:
        alone.execute(f"SELECT pg_advisory_lock({LOCKS}, {SERVER_LOCK})".encode())
        refused = await watcher("serve", "--port", "0", "--database", postgresql_url)
        assert (await watcher("apps", "--json", WATCHER_DATABASE=postgresql_url)).status == 0
    assert refused.status != 0
    assert "a command needs it without any server" in refused.err
    assert len(refused.err.splitlines()) == 1


@pytest.mark.faults
async def test_what_a_watch_found_is_read_there(watcher: Command, site: Site, postgresql_url: str) -> None:
    environment = {"WATCHER_DATABASE": postgresql_url}
    watcher.write(WATCHES.format(url=f"{site.url}/shop"))
    (watcher.directory / ".watcher" / "watches").mkdir(parents=True)  # it has its own, which no worker checks
    site.show("/shop", "<p class=price>€12.00</p>")
    assert (await watcher("check", **environment)).status == 0
    site.show("/shop", "<p class=price>€8.50</p>")
    await watcher("check", **environment)
    [told] = (await watcher("messages", "--json", **environment)).records
    assert "8.50" in told["summary"]


@pytest.mark.faults
async def test_a_watcher_that_serves_as_well_may_be_one_of_several_servers(
    watcher: Command, site: Site, postgresql_url: str, tmp_path: Path
) -> None:
    watcher.write(WATCHES.format(url=f"{site.url}/shop"))
    site.show("/shop", "<p class=price>€12.00</p>")
    other = Command(tmp_path / "other")
    other.directory.mkdir()
    async with (
        watcher.running("run", "--port", "0", "--database", postgresql_url),
        other.running("serve", "--port", "0", "--database", postgresql_url),
    ):
        listed = await watcher("topics", "--json", WATCHER_DATABASE=postgresql_url)
    assert {topic["key"] for topic in listed.records} == {"admin", "deals"}


@pytest.mark.faults
async def test_a_watcher_that_serves_as_well_has_all_its_duties_as_one_owner(
    watcher: Command, site: Site, postgresql_url: str, postgresql_server: postgresql.Server
) -> None:
    watcher.write(WATCHES.format(url=f"{site.url}/shop"))
    site.show("/shop", "<p class=price>€12.00</p>")
    name = postgresql_url.rpartition("/")[2]

    async def owners() -> set[str] | None:
        leases = dict(postgresql_server.ask("SELECT name, owner FROM watcher.lease WHERE owner <> ''", database=name))
        return {*leases.values()} if {"deliverer", "fan-out", "hosts:0", "topics:0"} <= leases.keys() else None

    async with watcher.running("run", "--port", "0", "--database", postgresql_url):
        assert len(await eventually(owners)) == 1


@pytest.mark.faults
async def test_its_tables_are_made_before_a_start_where_that_is_asked_for(
    watcher: Command, postgresql_url: str
) -> None:
    environment = {"WATCHER_DATABASE": postgresql_url}
    said = [(await watcher("database", *verb, **environment)).out for verb in ((), ("upgrade",), ("upgrade",), ())]
    assert "has no tables yet" in said[0]
    assert f"had no tables, and has revision {HEAD} now" in said[1]
    assert f"for watches it had no tables, and has revision {watch_schema.HEAD} now" in said[1]
    assert f"was up to date: revision {HEAD}" in said[2]
    assert f"for watches it is up to date: revision {watch_schema.HEAD}" in said[3]
    assert (await watcher("database", "--json", **environment)).record == {
        "place": postgresql_url,
        "revision": HEAD,
        "newest": HEAD,
        "watches": {"revision": watch_schema.HEAD, "newest": watch_schema.HEAD},
    }


@pytest.mark.faults
async def test_the_doctor_looks_at_the_database_and_at_no_file_in_its_place(
    watcher: Command, postgresql_place: ClusterDatabase
) -> None:
    (watcher.directory / ".watcher").mkdir(mode=0o700)
    said = await watcher("doctor", "--database", postgresql_place.url)
    assert "answered within" in said.out
    assert f"its tables have revision {HEAD}" in said.out
    assert "backups: the database was not saved by watcher yet" in said.out
    assert "connections are in use, by 0 servers and 0 workers of ours" in said.out
    assert "the database's clock agrees" in said.out
    assert "made by anonymous visitors in the last 24 hours: nothing" in said.out
    assert "nobody listens to admin" in said.out
    assert "push.db is" not in said.out


@pytest.mark.faults
async def test_who_looks_at_an_empty_database_leaves_it_empty(
    watcher: Command, postgresql_url: str, postgresql_server: postgresql.Server
) -> None:
    (watcher.directory / ".watcher").mkdir(mode=0o700)
    assert "has no tables yet" in (await watcher("doctor", "--database", postgresql_url)).out
    assert "has no tables yet" in (await watcher("database", "--database", postgresql_url)).out
    schemas = "SELECT count(*) FROM pg_namespace WHERE nspname = 'push'"
    assert postgresql_server.ask(schemas, database=postgresql_url.rpartition("/")[2]) == [(0,)]


async def test_a_database_that_the_doctor_cannot_reach_is_an_error_in_one_line(watcher: Command) -> None:
    (watcher.directory / ".watcher").mkdir(mode=0o700)
    url = "postgresql://watcher:elephants@127.0.0.1:1/watcher"
    said = await watcher("doctor", "--json", WATCHER_DATABASE=url)
    [found] = [each for each in said.records if each["check"] == "database" and each["state"] == "error"]
    assert said.status == 1
    assert "Connection refused" in found["text"]
    assert "elephants" not in said.out + said.err


async def test_the_tables_of_a_file_are_looked_at_without_making_it(watcher: Command) -> None:
    assert "push.db has no tables yet" in (await watcher("database")).out
    assert not (watcher.directory / ".watcher").exists()
    await watcher("database", "upgrade")
    assert "push.db is up to date" in (await watcher("database")).out


@pytest.mark.faults
async def test_a_server_outlives_a_restart_of_the_database(
    watcher: Command, postgresql_server: postgresql.Server
) -> None:
    name = postgresql_server.new_database()
    url = postgresql_server.url(name)
    async with watcher.running("serve", "--port", "0", "--database", url) as (process, first), session() as client:

        async def is_ready() -> bool:
            async with client.get(f"{url_of(first)}/readyz") as answer:
                return answer.status == 200

        await line_with(process.stdout, "its password")
        assert await eventually(is_ready)
        postgresql_server.kill()
        postgresql_server.start()
        assert await eventually(is_ready)
        assert (await watcher("apps", "add", "Shop", WATCHER_DATABASE=url)).status == 0


async def test_a_url_of_another_kind_is_refused(watcher: Command) -> None:
    refused = await watcher("serve", "--database", "mysql://host/name")
    assert refused.status == 2
    assert "--database names a PostgreSQL" in refused.err
