"""A database that cannot be used: one line that says what to do, and nothing is made or changed there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import pytest
from msgspec.structs import replace

from tests import postgresql
from tests.cli.command import Command, Result
from tests.pooler import pooled
from watcher.cluster.leases import TTL
from watcher.runtime.settings import utc_now
from watcher.store.cluster.inspection import Rights, look_at
from watcher.store.push.schema import HEAD
from watcher.store.schemas import GRANT_ADVICE, GRANTS

_ALL = "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace ORDER BY 1, 2"
_SECRETS = ("elephants", "forget")


class Database:
    """An empty database, and what is in it."""

    def __init__(self, server: postgresql.Server) -> None:
        self.server = server
        self.name = server.new_database()
        self.url = server.url(self.name)

    def as_guest(self, password: str) -> str:
        """Return where it is for a role that has no rights."""
        return self.server.url(self.name, role=postgresql.GUARDED, password=password)

    def run(self, statement: str) -> None:
        self.server.ask(statement, database=self.name)

    def content(self) -> list[tuple[str, str]]:
        return [(schema, table) for schema, table in self.server.ask(_ALL, database=self.name)]


@pytest.fixture
def database(postgresql_server: postgresql.Server) -> Iterator[Database]:
    made = Database(postgresql_server)
    yield made
    postgresql_server.remove_database(made.name)


def require_one_line(result: Result, *words: str) -> None:
    assert result.status in {1, 2}
    assert len(result.err.splitlines()) == 1, result.err
    assert not [word for word in words if word not in result.err], result.err
    assert not [word for word in _SECRETS if word in result.err], result.err


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://watcher@127.0.0.1/watcher", ["--database names a PostgreSQL", "postgresql://user:password@host"]),
        ("postgresql://watcher:elephants@127.0.0.1", ["is named like postgresql://user:password@host:5432/name"]),
        ("postgresql://watcher:elephants@never@127.0.0.1/x", ["write `@` as `%40`"]),
        ("postgresql://watcher:elephants@127.0.0.1:port/x", ["is named like postgresql://"]),
        (
            "postgresql://watcher:elephants@127.0.0.1:1/x",
            ["watcher@127.0.0.1:1/x", "Connection refused", "start PostgreSQL there"],
        ),
        ("postgresql://watcher:elephants@nowhere.invalid/x", ["postgresql://watcher@nowhere.invalid/x", "host"]),
    ],
)
async def test_a_url_that_leads_nowhere_is_said(watcher: Command, url: str, words: list[str]) -> None:
    require_one_line(await watcher("serve", "--port", "0", "--database", url), *words)


async def test_a_role_that_may_not_come_in_is_said(watcher: Command, database: Database) -> None:
    for url, words in (
        (database.as_guest("elephants"), "password authentication failed"),
        (database.as_guest(""), "the URL lacks the password"),
        (database.server.url("nothing"), 'database "nothing" does not exist; create it first, or correct the URL'),
        (database.server.url(database.name, role="nobody"), 'role "nobody" does not exist'),
    ):
        require_one_line(await watcher("apps", WATCHER_DATABASE=url), words)


@pytest.mark.faults
async def test_a_role_without_rights_is_told_what_to_grant_and_makes_nothing(
    watcher: Command, database: Database
) -> None:
    before = database.content()
    guest = database.as_guest(postgresql.PASSWORD)
    refused = await watcher("serve", "--port", "0", "--database", guest)
    require_one_line(refused, "permission denied", "GRANT CREATE, CONNECT ON DATABASE")
    assert database.content() == before
    assert (await watcher("database", "upgrade", WATCHER_DATABASE=database.url)).status == 0
    made = database.content()
    require_one_line(await watcher("apps", WATCHER_DATABASE=guest), "permission denied", GRANT_ADVICE)
    assert database.content() == made


@pytest.mark.faults
async def test_tables_of_a_newer_release_and_a_database_of_another_epoch_are_left_as_they_are(
    watcher: Command, database: Database
) -> None:
    environment = {"WATCHER_DATABASE": database.url}
    await watcher("apps", "add", "Shop", **environment)
    made = database.content()
    database.run("UPDATE push.alembic_version SET version_num = '9999'")
    require_one_line(
        await watcher("apps", **environment), f"9999, which this version of watcher does not know (it knows {HEAD})"
    )
    database.run(f"UPDATE push.alembic_version SET version_num = '{HEAD}'; UPDATE push.epoch SET number = number + 1")
    require_one_line(await watcher("apps", **environment), "is another database than the one", "postgresql.epoch")
    assert database.content() == made


@pytest.mark.faults
async def test_a_role_that_may_not_migrate_older_tables_is_told_who_may(watcher: Command, database: Database) -> None:
    await watcher("apps", WATCHER_DATABASE=database.url)
    for what in ("USAGE ON SCHEMA push", "ALL ON ALL TABLES IN SCHEMA push", "ALL ON ALL SEQUENCES IN SCHEMA push"):
        database.run(f"GRANT {what} TO {postgresql.GUARDED}")
    guest = {"WATCHER_DATABASE": database.as_guest(postgresql.PASSWORD)}
    assert (await watcher("apps", **guest)).status == 0
    database.run("UPDATE push.alembic_version SET version_num = '0016'")
    made = database.content()
    require_one_line(await watcher("apps", **guest), "`watcher database upgrade` with the role that owns them")
    assert database.content() == made


@pytest.mark.faults
async def test_a_role_that_may_make_nothing_serves_once_the_owner_made_the_tables(
    watcher: Command, database: Database
) -> None:
    guest = await _granted(watcher, database, GRANTS)
    async with watcher.running("serve", "--port", "0", "--database", guest) as (_, first):
        assert "http://" in first
    made = database.content()
    database.run("UPDATE watcher.engine SET migration = '00.00.00_01_initial.sql'")
    refused = await watcher("serve", "--port", "0", "--database", guest)
    require_one_line(
        refused, "leases, watches and jobs", "`watcher database upgrade` with the role that owns the database"
    )
    assert database.content() == made


@pytest.mark.faults
async def test_the_advised_grants_suffice_and_each_is_missed(watcher: Command, database: Database) -> None:
    *others, of_sequences = GRANTS
    guest = await _granted(watcher, database, others)
    refused = await watcher("apps", "add", "Shop", WATCHER_DATABASE=guest)
    require_one_line(refused, "permission denied for sequence", GRANT_ADVICE)
    lacking = Rights(create=False, write=False, migrate=False)
    assert look_at(guest, now=utc_now, seconds=8, ttl=TTL).rights == lacking
    await _granted(watcher, database, [of_sequences])
    assert look_at(guest, now=utc_now, seconds=8, ttl=TTL).rights == replace(lacking, write=True)
    watcher.write("watches: {shop: {url: 'https://shop.example/', topic: deals}}")
    for command in (("apps", "add", "Shop"), ("apply",), ("backup", "--to", "all.tar")):
        assert (await watcher(*command, WATCHER_DATABASE=guest)).status == 0


async def _granted(watcher: Command, database: Database, grants: Sequence[str]) -> str:
    """Return where the database is for a role that was granted this, once the owner made the tables."""
    assert (await watcher("database", "upgrade", WATCHER_DATABASE=database.url)).status == 0
    for grant in grants:
        database.run(grant.replace("this role", postgresql.GUARDED))
    return database.as_guest(postgresql.PASSWORD)


async def test_a_pooler_that_hands_out_transactions_is_named(watcher: Command, database: Database) -> None:
    before = database.content()
    with ExitStack() as stack:
        for ignored in ("", "options"):
            url = stack.enter_context(pooled(database.server, database.name, ignored=ignored))
            refused = await watcher("serve", "--port", "0", "--database", url)
            require_one_line(refused, "pooler that hands out connections by transaction: give PostgreSQL's own address")
    assert database.content() == before
