"""Dumps of what a PostgreSQL has: whole, put back whole, and refused where they do not fit."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from tests import postgresql
from tests.core.builders import play, price, watch
from tests.push.builders import NOON, tell_news
from tests.store.cluster.places import HELD, declare, holding, opened
from watcher.cluster.jobs import job_tables
from watcher.core.databases import ClusterDatabase
from watcher.errors import LockedError, StoreError, UsageError
from watcher.push.opening import open_push_service
from watcher.store.cluster.backups import note_backup
from watcher.store.cluster.dumps import Dump, put_back, require_restricted
from watcher.store.cluster.schema import make_schemas
from watcher.store.cluster.watch_reader import ClusterWatchReader
from watcher.store.postgresql import programs
from watcher.store.postgresql.programs import DEBIAN, address_of, programs_for
from watcher.store.postgresql.urls import parse
from watcher.store.push.dialect import LOCKS, SERVER_LOCK
from watcher.store.push.schema import HEAD

EPOCH = 4711
SECRET = "elephants%20never%40forget"


async def topics(place: ClusterDatabase, *more: str) -> list[str]:
    """Add topics, and return what all are called."""
    service = await open_push_service(place, now=lambda: NOON)
    try:
        for name in more:
            await service.topics.add(name)
        return [topic.name for topic in await service.topics.all()]
    finally:
        await service.close()


@pytest.fixture
def other_url(postgresql_server: postgresql.Server) -> Iterator[str]:
    """Where another empty database is."""
    name = postgresql_server.new_database()
    yield postgresql_server.url(name)
    postgresql_server.remove_database(name)


def database_of(url: str) -> str:
    """Return the name of a database."""
    return url.rpartition("/")[2]


def schemas(server: postgresql.Server, url: str) -> list[str]:
    """Return those that are not PostgreSQL's own."""
    found = server.ask(
        "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema|public)' ORDER BY 1",
        database=database_of(url),
    )
    return [name for (name,) in found]


@pytest.mark.faults
async def test_it_is_put_into_an_empty_database_in_a_new_epoch(
    postgresql_place: ClusterDatabase, other_url: str, tmp_path: Path
) -> None:
    assert await topics(postgresql_place, "News", "Deals") == ["News", "Deals"]
    await asyncio.to_thread(Dump(postgresql_place.url), tmp_path / "dump")
    assert (tmp_path / "dump").stat().st_mode & 0o777 == 0o600
    done = await asyncio.to_thread(
        lambda: put_back(other_url, tmp_path / "dump", epoch=EPOCH, stamp="now", may_replace=False)
    )
    assert (done.shown, done.aside) == (other_url, [])
    (tmp_path / "elsewhere").mkdir()
    assert await topics(ClusterDatabase(url=other_url, data=tmp_path / "elsewhere"), "Later") == [
        "News",
        "Deals",
        "Later",
    ]
    assert (tmp_path / "elsewhere" / "postgresql.epoch").read_text(encoding="utf-8") == f"{EPOCH}\n"


async def test_postgresql_knows_how_much_was_restored_at_once(
    postgresql_place: ClusterDatabase, other_url: str, postgresql_server: postgresql.Server, tmp_path: Path
) -> None:
    await topics(postgresql_place, "News", "Deals")
    await asyncio.to_thread(Dump(postgresql_place.url), tmp_path / "dump")
    put_back(other_url, tmp_path / "dump", epoch=EPOCH, stamp="now", may_replace=False)
    counted = "SELECT reltuples::int FROM pg_class WHERE oid = 'push.topics'::regclass"
    assert postgresql_server.ask(counted, database=database_of(other_url)) == [(2,)]


@pytest.mark.faults
async def test_what_is_there_is_refused_or_moved_aside(
    postgresql_place: ClusterDatabase, postgresql_server: postgresql.Server, tmp_path: Path
) -> None:
    url = postgresql_place.url
    service = await open_push_service(postgresql_place, now=lambda: NOON)
    await service.subscribers.add()
    await service.close()
    dump = Dump(url)
    dump.note(datetime(2026, 11, 28, tzinfo=UTC), "here:kept.tar")
    dump(tmp_path / "dump")
    postgresql_server.ask(
        "CREATE TABLE watcher.lease (name text PRIMARY KEY, epoch bigint, owner text, since timestamptz, renewed "
        "timestamptz); INSERT INTO watcher.lease VALUES ('deliverer', 7, 'me', now(), now())",
        database=database_of(url),
    )
    with pytest.raises(UsageError, match=r"has 1 subscribers: name an empty database, or say --replace"):
        put_back(url, tmp_path / "dump", epoch=EPOCH, stamp="now", may_replace=False)
    done = put_back(url, tmp_path / "dump", epoch=EPOCH, stamp="T1Z", may_replace=True)
    assert done.aside == ["push_before_restore_t1z", "watcher_before_restore_t1z"]
    assert schemas(postgresql_server, url) == sorted([*done.aside, "push", "watcher"])
    leases = postgresql_server.ask("SELECT name, epoch, owner FROM watcher.lease", database=database_of(url))
    assert leases == [("deliverer", 8, None)]  # whoever still believes that it has it is refused


async def test_watches_are_put_back_in_a_new_epoch(
    postgresql_place: ClusterDatabase, other_url: str, postgresql_server: postgresql.Server, tmp_path: Path
) -> None:
    url, decisions = postgresql_place.url, play(watch(), price(1), price(2))
    make_schemas(url, job_tables())
    postgresql_server.ask(HELD + declare(["dune"]) + _ASKED, database=database_of(url))
    async with opened(url, holding(["dune"])) as store:
        await store.commit(decisions)
        await asyncio.to_thread(Dump(url), tmp_path / "dump")
        with pytest.raises(UsageError, match="has the states of 1 watches: name an empty database, or say --replace"):
            put_back(url, tmp_path / "dump", epoch=EPOCH, stamp="now", may_replace=False)
        put_back(url, tmp_path / "dump", epoch=EPOCH, stamp="now", may_replace=True)
        postgresql_server.ask("UPDATE watcher.lease SET epoch = 1, owner = 'one'", database=database_of(url))
        with pytest.raises(
            StoreError, match="the database was restored, or replaced, since this process took its leases"
        ):
            await store.commit(play(watch(), price(1), price(2), price(3))[2:])
    put_back(other_url, tmp_path / "dump", epoch=EPOCH, stamp="now", may_replace=False)
    readers = [ClusterWatchReader(each) for each in (url, other_url)]
    assert len({store.epoch, *(reader.epoch() for reader in readers)}) == 3
    for reader in readers:
        assert reader.state("dune") == decisions[-1].state
        assert [each.message for each in reader.outbox()] == [*decisions[-1].messages]
    left = "SELECT (SELECT count(*) FROM watcher.page), (SELECT count(*) FROM watcher.request)"
    assert postgresql_server.ask(left, database=database_of(other_url)) == [(0, 0)]
    next_place = "SELECT nextval('watcher.outbox_place_seq')"
    assert postgresql_server.ask(next_place, database=database_of(other_url)) == [(2,)]


_ASKED = """;
INSERT INTO watcher.page VALUES ('dune', '');
INSERT INTO watcher.request (lease, question, is_lasting, asked_at) VALUES ('hosts:0', '{}', false, now())
"""


@pytest.mark.faults
async def test_watches_of_a_newer_release_are_not_put_back(
    postgresql_place: ClusterDatabase, other_url: str, postgresql_server: postgresql.Server, tmp_path: Path
) -> None:
    make_schemas(postgresql_place.url, job_tables())
    newer = "UPDATE watcher.cluster SET works_since = '9999'"
    postgresql_server.ask(newer, database=database_of(postgresql_place.url))
    Dump(postgresql_place.url)(tmp_path / "dump")
    with pytest.raises(StoreError, match=r"nothing was restored: .*watches in the backup are of a newer watcher"):
        put_back(other_url, tmp_path / "dump", epoch=EPOCH, stamp="now", may_replace=False)
    assert schemas(postgresql_server, other_url) == []


def test_a_role_with_limited_rights_has_them_after_a_restore_too(
    postgresql_place: ClusterDatabase, postgresql_server: postgresql.Server, tmp_path: Path
) -> None:
    url = postgresql_place.url
    note_backup(parse(url), datetime(2026, 11, 28, tzinfo=UTC), "here:kept.tar")  # which makes the schema `watcher`
    postgresql_server.ask(
        f"GRANT USAGE ON SCHEMA push, watcher TO {postgresql.GUARDED}; GRANT USAGE ON SCHEMA push TO PUBLIC; "
        f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA push, watcher TO {postgresql.GUARDED}; "
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA push TO {postgresql.GUARDED} WITH GRANT OPTION",
        database=database_of(url),
    )
    before = postgresql_server.ask(_GRANTED, database=database_of(url))
    Dump(url)(tmp_path / "dump")
    put_back(url, tmp_path / "dump", epoch=EPOCH, stamp="now", may_replace=True)
    assert postgresql_server.ask(_GRANTED, database=database_of(url)) == before
    assert len(before) > 20


_GRANTED = """
SELECT object, grantee, privilege_type, is_grantable FROM (
    SELECT nspname AS object, nspacl AS acl, nspowner AS owner FROM pg_namespace WHERE nspname IN ('push', 'watcher')
    UNION ALL SELECT oid::regclass::text, relacl, relowner FROM pg_class
    WHERE relnamespace IN ('push'::regnamespace, 'watcher'::regnamespace)
) AS ours, aclexplode(acl) WHERE grantee <> owner ORDER BY 1, 2, 3
"""


_LOST = 'echo "psql: error: the connection was lost" >&2; exit 2'


@pytest.mark.faults
@pytest.mark.parametrize(
    ("psql", "said"),
    [
        pytest.param(f'{{psql}} "$@"; {_LOST}', None, id="after-the-commit"),
        pytest.param(
            f"grep -av '^COMMIT;$' --line-buffered | {{psql}} \"$@\"; {_LOST}", "nothing was restored", id="before"
        ),
        pytest.param(
            f"""{{psql}} "$@"; {{psql}} -qd {{server}} -c "ALTER DATABASE {{name}} ALLOW_CONNECTIONS false"; {_LOST}""",
            "it may have been restored, for now it does not answer: .*the connection was lost",
            id="for-good",
        ),
    ],
)
def test_where_the_answer_to_the_commit_is_lost_the_database_is_asked(
    psql: str,
    said: str | None,
    postgresql_place: ClusterDatabase,
    postgresql_server: postgresql.Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, real = postgresql_place.url, programs_for(parse(postgresql_place.url), 1).directory
    Dump(url)(tmp_path / "dump")
    (tmp_path / "bin").mkdir()
    for name in ("pg_dump", "pg_restore"):
        (tmp_path / "bin" / name).symlink_to(real / name)
    script = psql.format(psql=real / "psql", server=postgresql_server.url("postgres"), name=database_of(url))
    (tmp_path / "bin" / "psql").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (tmp_path / "bin" / "psql").chmod(0o755)
    monkeypatch.setattr(programs, "DEBIAN", str(tmp_path / "bin"))
    with nullcontext() if said is None else pytest.raises(StoreError, match=said):
        done = put_back(url, tmp_path / "dump", epoch=EPOCH, stamp="now", may_replace=True)
        assert done.aside == ["push_before_restore_now"]


@pytest.mark.faults
async def test_a_server_that_runs_and_a_dump_of_a_newer_release_are_refused_and_nothing_is_changed(
    postgresql_place: ClusterDatabase, other_url: str, postgresql_server: postgresql.Server, tmp_path: Path
) -> None:
    Dump(postgresql_place.url)(tmp_path / "good")
    postgresql_server.ask(
        "UPDATE push.alembic_version SET version_num = '9999'", database=database_of(postgresql_place.url)
    )
    Dump(postgresql_place.url)(tmp_path / "newer")
    with pytest.raises(UsageError, match=rf"of a newer watcher \(revision 9999, this one knows {HEAD}\)"):
        put_back(other_url, tmp_path / "newer", epoch=EPOCH, stamp="now", may_replace=False)
    with psycopg.connect(other_url, autocommit=True) as server:
        server.execute(f"SELECT pg_try_advisory_lock_shared({LOCKS}, {SERVER_LOCK})".encode())
        with pytest.raises(LockedError, match="a server uses it now"):
            put_back(other_url, tmp_path / "good", epoch=EPOCH, stamp="now", may_replace=False)
        server.execute("SELECT pg_advisory_unlock_all()")  # the end of a connection is not waited for
    (tmp_path / "cut").write_bytes((tmp_path / "good").read_bytes()[:-20_000])
    with pytest.raises(StoreError, match=r"nothing was restored"):
        put_back(other_url, tmp_path / "cut", epoch=EPOCH, stamp="now", may_replace=False)
    assert schemas(postgresql_server, other_url) == []


@pytest.mark.faults
@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (b"COMMIT; SELECT 1/0;", "division by zero"),
        (b"COMMIT; BEGIN;", "the backup itself has ended the transaction: it is none of ours"),
    ],
    ids=["fails", "goes on"],
)
def test_a_dump_whose_own_sql_commits_is_not_said_to_have_changed_nothing(
    postgresql_place: ClusterDatabase, other_url: str, tmp_path: Path, statement: bytes, says: str
) -> None:
    Dump(postgresql_place.url)(tmp_path / "dump")
    crafted = with_statement((tmp_path / "dump").read_bytes(), statement)
    (tmp_path / "dump").write_bytes(crafted)
    with pytest.raises(StoreError) as refused:
        put_back(other_url, tmp_path / "dump", epoch=EPOCH, stamp="now", may_replace=False)
    outcome = "it failed, but a part was restored; the schemas there are push"
    assert str(refused.value) == f"{other_url}: {outcome}: {says}"


def with_statement(dump: bytes, statement: bytes) -> bytes:
    """Return a dump that has another statement in the place of an index."""
    found = max(re.findall(rb"CREATE INDEX [^;\0]+;\n", dump), key=len)
    return dump.replace(found, statement.ljust(len(found) - 1) + b"\n", 1)


@pytest.mark.parametrize(
    ("beginning", "is_restricted"),
    [
        (b"--\n-- PostgreSQL database dump\n--\n\n\\restrict aB3\n\n-- Dumped from", True),
        (b"--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version 15.3\n\nSET x = 0;\n", False),
        (b"SELECT 1;\n\\restrict aB3\n", False),
        (b"--\n-- \\restrict aB3\n", False),
    ],
    ids=["it does not", "before 15.14", "after a statement", "in a comment"],
)
def test_a_pg_restore_that_lets_a_dump_have_commands_for_psql_is_refused(
    beginning: bytes, *, is_restricted: bool
) -> None:
    with nullcontext() if is_restricted else pytest.raises(StoreError, match=r"update postgresql-client, to .*15\.14"):
        require_restricted(beginning)


def test_a_database_without_tables_has_nothing_to_save(postgresql_url: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no tables yet: there is nothing to save"):
        Dump(postgresql_url)(tmp_path / "dump")


def test_one_that_is_cancelled_ends(postgresql_place: ClusterDatabase, tmp_path: Path) -> None:
    dump = Dump(postgresql_place.url)
    dump.cancel()
    with pytest.raises(StoreError, match="was not saved: this process ends"):
        dump(tmp_path / "dump")


def test_one_server_at_a_time_saves_a_database_once_a_day(postgresql_place: ClusterDatabase) -> None:
    now, day = datetime(2026, 11, 28, 12, tzinfo=UTC), timedelta(days=1)
    one, other = Dump(postgresql_place.url), Dump(postgresql_place.url)
    with one.turn(now=now, every=day) as is_due, other.turn(now=now, every=day) as is_due_elsewhere:
        assert (is_due, is_due_elsewhere) == (True, False)
    one.note(now, "here:kept.tar")
    for later, is_expected in ((timedelta(hours=23), False), (timedelta(hours=25), True), (timedelta(hours=-1), True)):
        with other.turn(now=now + later, every=day) as is_due:
            assert is_due is is_expected


def test_programs_that_are_too_old_or_missing_are_asked_for_in_one_line() -> None:
    url = parse("postgresql://watcher:elephants@127.0.0.1/name")
    with pytest.raises(StoreError, match=r"is PostgreSQL 99, .* apt-get install postgresql-client-99$") as refused:
        programs_for(url, 99)
    assert "elephants" not in str(refused.value)


def test_of_those_that_fit_the_oldest_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in (13, 15, 17):
        directory = tmp_path / str(version) / "bin"
        directory.mkdir(parents=True)
        for name in ("pg_dump", "pg_restore", "psql"):
            (directory / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}.4'\n", encoding="utf-8")
            (directory / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "17" / "bin"))
    url, debian = parse("postgresql://watcher@127.0.0.1/name"), DEBIAN.replace("/usr/lib/postgresql", str(tmp_path))
    assert programs_for(url, 14, debian=debian).version == 15
    assert programs_for(url, 17, debian=debian).version == 17
    with pytest.raises(StoreError, match="those here are of version 17"):
        programs_for(url, 18, debian=debian)


def test_no_password_is_among_their_arguments() -> None:
    url = parse(f"postgresql://watcher:{SECRET}@127.0.0.1/name?sslmode=prefer")
    named, environment = address_of(url)
    assert "elephants" not in named
    assert "sslmode=prefer" in named
    assert environment["PGPASSWORD"] == "elephants never@forget"


def test_a_password_of_a_key_is_refused_in_one_line_that_does_not_have_it() -> None:
    url = "postgresql://watcher@127.0.0.1/name?sslkey=/k.pem&sslpassword=elephants"
    with pytest.raises(StoreError, match=r"name by sslkey a key without a password, .*chmod 600") as refused:
        programs_for(parse(url), 13)
    assert "elephants" not in str(refused.value)


@pytest.mark.faults
async def test_who_remembers_the_last_number_from_before_a_restore_gets_all_that_comes_after(
    postgresql_place: ClusterDatabase, other_url: str, tmp_path: Path
) -> None:
    await tell_news(postgresql_place, "in the backup")
    await asyncio.to_thread(Dump(postgresql_place.url), tmp_path / "dump")
    seen = await tell_news(postgresql_place, "lost 1", "lost 2")
    put_back(other_url, tmp_path / "dump", epoch=EPOCH, stamp="now", may_replace=False)
    (tmp_path / "elsewhere").mkdir()
    seen_after = await tell_news(ClusterDatabase(url=other_url, data=tmp_path / "elsewhere"), "new 1", "new 2")
    assert [item.message.draft.summary for item in seen_after if item.id > seen[-1].id] == ["new 1", "new 2"]
