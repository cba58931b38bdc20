"""What the doctor says of a PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from msgspec.structs import replace

from tests import postgresql
from tests.pooler import pooled
from tests.push.relays import until
from watcher.cluster.leases import TTL
from watcher.core.databases import ClusterDatabase
from watcher.core.findings import Check, Finding
from watcher.core.settings import Settings
from watcher.runtime.databases import Tables
from watcher.runtime.diagnosing import diagnose
from watcher.runtime.diagnosing.database import (
    archiver_findings,
    clock_finding,
    connections_finding,
    pooler_findings,
    rights_findings,
    saved_finding,
    watch_tables_findings,
)
from watcher.runtime.diagnosing.one_look import OneLook
from watcher.runtime.settings import utc_now
from watcher.store.cluster.backups import SavedDatabase, note_backup
from watcher.store.cluster.inspection import Archiver, Facts, Rights, is_pooled, look_at
from watcher.store.postgresql.urls import parse
from watcher.store.push.dialect import LOCKS, SERVER_LOCK

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
OFF = Archiver(is_on=False, archived_at=None, failed_at=None)
ALL = Rights(create=True, write=True, migrate=True)
FACTS = Facts(
    ahead=timedelta(0),
    connections=97,
    used=14,
    servers=1,
    workers=0,
    is_made=True,
    archiver=OFF,
    rights=ALL,
    saved=None,
    is_pooled=False,
    missing_programs=None,
)


def said(finding: Finding) -> tuple[str, str]:
    return finding.state.value, f"{finding.text}; {finding.advice}"


@pytest.mark.parametrize(
    ("revision", "advice"),
    [(None, ""), ("0002", ""), ("0001", "`watcher database upgrade` now"), ("0003", "update this one as well")],
)
def test_tables_of_watches_of_another_release_are_said(revision: str | None, advice: str) -> None:
    found = watch_tables_findings(Tables(place="there", revision=revision, newest="0002"))
    assert [each.advice.endswith(advice) for each in found] == [True] * bool(advice)
    assert watch_tables_findings(None) == []


@pytest.mark.parametrize(
    ("ahead", "state", "words"),
    [
        (timedelta(seconds=4), "ok", "agrees"),
        (timedelta(seconds=-5), "ok", "agrees"),
        (timedelta(seconds=6), "warning", "6 s ahead of this machine's"),
        (timedelta(minutes=-2), "warning", "120 s behind this machine's"),
    ],
)
def test_a_clock_that_is_more_than_five_seconds_off_is_said(ahead: timedelta, state: str, words: str) -> None:
    found = said(clock_finding(ahead))
    assert (found[0], words in found[1]) == (state, True), found


@pytest.mark.parametrize(
    ("running", "used", "connections", "state", "words"),
    [
        ((2, 0), 30, 97, "ok", "30 of 97 connections are in use, by 2 servers and 0 workers of ours and others"),
        ((1, 1), 30, 97, "ok", "by 1 server and 1 worker of ours"),
        ((1, 0), 90, 97, "warning", "a server that starts may be refused"),
        ((2, 0), 20, 30, "warning", "no room for one more server once all are busy; raise max_connections"),
        ((2, 2), 30, 97, "warning", "(or the role's limit) to 133 or more: a server takes 28, a worker 23"),
    ],
)
def test_connections_that_do_not_suffice_for_one_more_server_are_said(
    running: tuple[int, int], used: int, connections: int, state: str, words: str
) -> None:
    servers, workers = running
    facts = replace(FACTS, servers=servers, workers=workers, used=used, connections=connections)
    found = said(connections_finding(facts))
    assert (found[0], words in found[1]) == (state, True), found


@pytest.mark.parametrize(
    ("rights", "is_made", "states", "words"),
    [
        (ALL, False, [], ""),
        (replace(ALL, write=False), True, ["error"], "may not read and write every table"),
        (replace(ALL, create=False), False, ["error"], "GRANT CREATE ON DATABASE"),
        (replace(ALL, create=False), True, ["ok"], "say `watcher database upgrade`"),
        (replace(ALL, migrate=False), True, ["ok"], "with the role that owns the tables"),
    ],
)
def test_rights_that_are_missing_are_said(rights: Rights, is_made: bool, states: list[str], words: str) -> None:
    found = [said(each) for each in rights_findings(rights, is_made=is_made)]
    assert ([state for state, _ in found], words in str(found)) == (states, True), found


@pytest.mark.parametrize(
    ("archiver", "states", "words"),
    [
        (OFF, [], ""),
        (Archiver(is_on=True, archived_at=NOW, failed_at=None), ["ok"], "the newest at 2026-11-28 12:00 UTC"),
        (Archiver(is_on=True, archived_at=NOW, failed_at=NOW - timedelta(hours=1)), ["ok"], "archives"),
        (
            Archiver(is_on=True, archived_at=NOW, failed_at=NOW + timedelta(hours=1)),
            ["error"],
            "since 2026-11-28 13:00",
        ),
        (Archiver(is_on=True, archived_at=None, failed_at=NOW), ["error"], "look at its log and at archive_command"),
    ],
)
def test_an_archive_of_wal_that_fails_is_an_error(archiver: Archiver, states: list[str], words: str) -> None:
    found = [said(each) for each in archiver_findings(archiver)]
    assert ([state for state, _ in found], words in str(found)) == (states, True), found


@pytest.mark.parametrize(
    ("facts", "is_missing", "state", "words"),
    [
        (FACTS, False, "ok", "was not saved by watcher yet"),
        (FACTS, True, "warning", "look at the servers' logs"),
        (replace(FACTS, missing_programs="apt-get install it"), True, "warning", "apt-get install it"),
        (replace(FACTS, archiver=replace(OFF, is_on=True)), True, "ok", "was not saved by watcher yet"),
        (
            replace(FACTS, saved=SavedDatabase(made_at=NOW - timedelta(hours=30), place="m:f")),
            False,
            "ok",
            "30 hours ago",
        ),
        (replace(FACTS, saved=SavedDatabase(made_at=NOW - timedelta(days=3), place="m:f")), False, "warning", "m:f"),
    ],
)
def test_a_backup_that_is_old_or_missing_is_said(facts: Facts, is_missing: bool, state: str, words: str) -> None:
    found = said(saved_finding(facts, now=NOW, is_missing=is_missing))
    assert (found[0], words in found[1]) == (state, True), found


def test_a_database_is_looked_at_as_it_is(
    postgresql_place: ClusterDatabase, postgresql_server: postgresql.Server
) -> None:
    note_backup(parse(postgresql_place.url), NOW, "here:kept.tar")
    with psycopg.connect(postgresql_place.url, autocommit=True) as server:
        server.execute(f"SELECT pg_try_advisory_lock_shared({LOCKS}, {SERVER_LOCK})".encode())
        found = look_at(postgresql_place.url, now=utc_now, seconds=8, ttl=TTL)
    assert abs(found.ahead) < timedelta(seconds=5)
    assert (found.servers, found.connections, found.used > 0) == (1, 97, True)
    assert (found.rights, found.archiver.is_on, found.is_pooled, found.missing_programs) == (ALL, False, False, None)
    assert found.saved == SavedDatabase(made_at=NOW, place="here:kept.tar")
    assert not found.is_made  # no job queue yet
    name = postgresql_place.url.rpartition("/")[2]
    guest = postgresql_server.url(name, role=postgresql.GUARDED, password=postgresql.PASSWORD)
    assert look_at(guest, now=utc_now, seconds=8, ttl=TTL).rights == Rights(create=False, write=False, migrate=False)


@pytest.mark.faults
async def test_looks_at_a_database_that_lets_nobody_in_end_in_time_with_their_threads(
    postgresql_place: ClusterDatabase, postgresql_server: postgresql.Server
) -> None:
    """Else a few views of the page take all threads of a server."""
    settings = Settings(data=postgresql_place.data, database=postgresql_place.url)
    with postgresql_server.letting_nobody_in():
        async with asyncio.timeout(30):
            found = await diagnose(settings, None, {}, seconds=4)
            await asyncio.get_running_loop().shutdown_default_executor()
    assert "timeout" in next(each.text for each in found if each.check is Check.DATABASE)


async def test_who_asks_while_a_look_is_under_way_gets_what_that_finds() -> None:
    begun: list[asyncio.Future[Sequence[Finding]]] = []

    def look() -> asyncio.Future[Sequence[Finding]]:
        begun.append(asyncio.get_running_loop().create_future())
        return begun[-1]

    one_look = OneLook(look)
    first, second, third = (asyncio.ensure_future(one_look()) for _ in range(3))
    await until(lambda: len(begun) == 1)
    second.cancel()
    begun[0].set_result([clock_finding(timedelta(0))])
    assert await first == await third == begun[0].result()
    again = asyncio.ensure_future(one_look())
    await until(lambda: len(begun) == 2)
    begun[1].set_result([])
    assert await again == []


def test_a_pooler_is_known_by_what_it_does(
    postgresql_place: ClusterDatabase, postgresql_server: postgresql.Server
) -> None:
    name = postgresql_place.url.rpartition("/")[2]
    for mode, is_one in (("transaction", True), ("session", False)):
        with pooled(postgresql_server, name, mode=mode) as url:
            assert is_pooled(parse(url)) is is_one, mode
    (found,) = pooler_findings(True)
    assert said(found)[0] == "error"
    assert "give PostgreSQL's own address" in found.advice
