"""The push store over PostgreSQL: what it does that a file does not, and what it says where it cannot."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from subprocess import PIPE

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from msgspec import structs
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Connection, Text, literal, select, text

from tests import postgresql
from tests.push.builders import NOON, a_declared_topic, a_reader, an_app, to_topic
from tests.sizes import FAULTS
from watcher.core.databases import ClusterDatabase, DatabasePlace
from watcher.core.push import AppProfile, Draft
from watcher.errors import ConfigError, StoreError
from watcher.push.opening import open_push_service
from watcher.store.damage import POSTGRESQL_EPOCH
from watcher.store.postgresql.connections import conninfo_of, looking
from watcher.store.postgresql.urls import parse
from watcher.store.push.dialect import contains
from watcher.store.push.schema import HEAD, revision
from watcher.store.push.server_database import ServerDatabase
from watcher.store.push.store import Transaction, open_database, open_push_store, revision_at
from watcher.store.push.tables import metadata, postgresql_epoch

WRITERS = 3
SECONDS = FAULTS.sized(2, 20)
_SENDS = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from watcher.core.databases import DatabasePlace, ClusterDatabase
from watcher.core.push import Draft
from watcher.push.opening import open_push_service

async def main() -> None:
    place = ClusterDatabase(url=sys.argv[1], data=Path(sys.argv[2]))
    service = await open_push_service(place, now=lambda: datetime.now(UTC))
    app = (await service.apps.all())[-1]
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + float(sys.argv[3])
    sent = 0

    async def send() -> None:
        nonlocal sent
        while loop.time() < ends_at:
            await service.messages.send(app, Draft(summary="s", content="s"), topic_ids=[int(sys.argv[4])])
            sent += 1

    await asyncio.gather(*(send() for _ in range(4)))
    await service.close()
    print(sent, flush=True)

asyncio.run(main())
"""


@pytest.mark.faults
async def test_who_reads_by_a_cursor_misses_nothing_that_several_servers_send(
    postgresql_place: ClusterDatabase, tmp_path: Path
) -> None:
    service = await open_push_service(postgresql_place, now=lambda: NOON)
    app = await an_app(service)
    topic = await service.topics.add("news", app_id=app.id)
    reader = await a_reader(service, topics=(topic.id,))
    arguments = [postgresql_place.url, str(tmp_path), str(SECONDS), str(topic.id)]
    writers = [await _start(_SENDS, *arguments) for _ in range(WRITERS)]
    for writer in writers:
        await _line(writer)
    for writer in writers:
        assert writer.stdin
        writer.stdin.write(b"\n")
    ending = asyncio.gather(*(writer.wait() for writer in writers))
    read: list[int] = []
    last = 0
    while True:
        has_ended = ending.done()  # asked before the look, which is then the last one
        found = await service.inbox.items(reader, after=last)
        read += (item.id for item in found)
        last = max(read, default=0)
        if has_ended and not found:
            break
    sent = sum([int(await _line(writer)) for writer in writers])
    assert sent > WRITERS
    assert len(read) == sent
    assert read == sorted(set(read))
    await service.close()


async def _start(code: str, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-c", code, *arguments, stdin=PIPE, stdout=PIPE)


async def _line(process: asyncio.subprocess.Process) -> str:
    assert process.stdout
    async with asyncio.timeout(60):
        return (await process.stdout.readline()).decode()


async def test_the_tables_are_those_of_the_metadata(postgresql_url: str, tmp_path: Path) -> None:
    database = await open_database(ClusterDatabase(url=postgresql_url, data=tmp_path))
    assert await database.read(_differences) == []
    assert await database.read(revision) == HEAD
    await database.close()


async def test_an_index_that_is_for_some_rows_has_those_alone(postgresql_place: ClusterDatabase) -> None:
    query = text("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_deliveries_look_at'")
    database = await open_database(postgresql_place)
    assert "WHERE (look_at IS NOT NULL)" in str(await database.read(lambda connection: connection.scalar(query)))
    await database.close()


@pytest.mark.faults
async def test_servers_that_open_an_empty_database_at_once_make_its_tables_once(
    postgresql_url: str, tmp_path: Path
) -> None:
    code = """
import asyncio, sys
from pathlib import Path
from watcher.core.databases import DatabasePlace, ClusterDatabase
from watcher.store.push.store import open_push_store

async def main() -> None:
    await (await open_push_store(ClusterDatabase(url=sys.argv[1], data=Path(sys.argv[2])))).close()

asyncio.run(main())
"""
    places = [tmp_path / str(number) for number in range(4)]
    for place in places:
        place.mkdir()
    servers = [await _start(code, postgresql_url, str(place)) for place in places]
    assert [await server.wait() for server in servers] == [0] * 4
    assert len({(place / POSTGRESQL_EPOCH).read_text(encoding="utf-8") for place in places}) == 1


async def test_a_key_that_two_servers_take_at_once_is_one_send(postgresql_place: ClusterDatabase) -> None:
    services = [await open_push_service(postgresql_place, now=lambda: NOON) for _ in range(WRITERS)]
    topic = await a_declared_topic(services[0])
    reader = await a_reader(services[0], topics=(topic.id,))
    for number in range(10):
        draft = to_topic(topic.id, key=f"k{number}")
        answers = await asyncio.gather(*(service.messages.publish([draft]) for service in services))
        assert len({answer.message_id for (answer,) in answers}) == 1
    assert len(await services[0].inbox.items(reader)) == 10
    for service in services:
        await service.close()


async def test_who_hears_nothing_looks_whether_anybody_wrote(postgresql_place: ClusterDatabase) -> None:
    ours, other = [await open_push_store(postgresql_place) for _ in range(2)]
    await other.foreign_commit()
    await ours.write(_add_app)
    assert await other.foreign_commit()
    await ours.write(lambda tx: tx.apps.named("nobody"))
    assert not await other.foreign_commit(), "nothing was written"
    other.wakeups.are_heard = True
    await ours.write(lambda tx: tx.apps.add(AppProfile(name="other"), slug="other", created_at=NOON))
    assert not await other.foreign_commit(), "it is heard"
    for store in (ours, other):
        await store.close()


async def test_a_database_that_was_started_anew_is_used_again(postgresql_place: ClusterDatabase) -> None:
    store = await open_push_store(postgresql_place)
    connections = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    killing = await open_database(postgresql_place)
    await store.read(lambda tx: tx.apps.named("nobody"))
    await killing.read(lambda connection: connection.execute(connections).all())
    assert await store.read(lambda tx: tx.apps.named("nobody")) == []
    await store.write(_add_app)
    assert await store.foreign_commit(), "what came meanwhile is not known"
    for each in (store, killing):
        await each.close()


async def test_who_was_refused_among_the_servers_asks_again_over_a_connection_that_is_free(
    postgresql_server: postgresql.Server, postgresql_place: ClusterDatabase
) -> None:
    """Its pool has one connection: who kept it would be waited for."""
    name, function = postgresql_place.url.rpartition("/")[2], "pg_try_advisory_lock_shared(int, int)"
    for granted in ("USAGE ON SCHEMA push", "SELECT ON ALL TABLES IN SCHEMA push"):
        postgresql_server.ask(f"GRANT {granted} TO {postgresql.GUARDED}", database=name)
    postgresql_server.ask(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC", database=name)
    password = postgresql.PASSWORD.replace(" ", "%20")
    url = postgresql_server.url(name, role=postgresql.GUARDED, password=password)
    database = ServerDatabase(parse(url), is_server=True)
    for _ in range(2):
        with pytest.raises(StoreError, match="permission denied for function"):
            await database.foreign_commit()
    postgresql_server.ask(f"GRANT EXECUTE ON FUNCTION {function} TO PUBLIC", database=name)
    assert await database.foreign_commit()
    await database.close()


async def test_capitals_of_a_to_z_alone_do_not_matter(place: DatabasePlace) -> None:
    """Whatever the locale of the database."""
    database = await open_database(place)

    async def look(part: str) -> bool:
        query = select(contains(literal("Äpfel 5%", Text()), part))
        return bool(await database.read(lambda connection: connection.scalar(query)))

    assert [await look(part) for part in ("ÄPFEL", "äpfel", "PFEL 5%", "5_")] == [True, False, True, False]
    await database.close()


@pytest.mark.faults
async def test_who_stands_still_in_a_write_holds_up_nobody_for_long_and_writes_once_it_goes_on(
    postgresql_place: ClusterDatabase,
) -> None:
    still, other = [await open_push_store(postgresql_place) for _ in range(2)]
    has_begun, goes_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def stand(tx: Transaction) -> None:
        _add_app(tx)
        loop.call_soon_threadsafe(has_begun.set)
        assert goes_on.wait(60)

    standing = asyncio.create_task(still.write(stand))
    await has_begun.wait()
    await other.write(lambda tx: tx.apps.add(AppProfile(name="other"), slug="other", created_at=NOON))
    assert len(await other.read(lambda tx: tx.apps.all())) == 1, "nothing of what stands still is saved"
    goes_on.set()
    await standing
    assert len(await other.read(lambda tx: tx.apps.all())) == 2
    for store in (still, other):
        await store.close()


@pytest.mark.faults
async def test_a_server_that_stands_still_is_given_up_and_holds_up_nobody_for_long(
    postgresql_server: postgresql.Server, postgresql_place: ClusterDatabase
) -> None:
    await (await open_push_store(postgresql_place)).close()
    url = parse(postgresql_place.url)
    database = ServerDatabase(url, is_server=False, answer_seconds=2)
    await asyncio.gather(database.write(_nothing), database.read(_nothing), database.foreign_commit())
    async with asyncio.timeout(30):
        with postgresql_server.standing_still(str(url.database)):
            waiting = [database.write(_nothing), database.read(_nothing), database.foreign_commit()]
            ended = await asyncio.gather(*waiting, return_exceptions=True)
            assert [type(each) for each in ended] == [StoreError] * 3
            assert {str(each).rpartition(": ")[2] for each in ended} == {"PostgreSQL did not answer within 2 s"}
            await asyncio.gather(database.write(_nothing), database.read(_nothing), database.foreign_commit())
        await database.close()


@pytest.mark.faults
async def test_who_is_cancelled_waits_for_no_server_that_stands_still(
    postgresql_server: postgresql.Server, postgresql_place: ClusterDatabase
) -> None:
    url = parse(postgresql_place.url)
    database = ServerDatabase(url, is_server=False, answer_seconds=2)
    await database.write(_nothing)
    async with asyncio.timeout(30):
        with postgresql_server.standing_still(str(url.database)):
            writing = asyncio.create_task(database.write(_nothing))
            done, _ = await asyncio.wait([writing], timeout=0.1)
            assert not done
            writing.cancel()
            await asyncio.wait([writing])
            await database.close()


async def test_a_commit_whose_answer_is_lost_may_have_been_saved_and_is_told(
    postgresql_server: postgresql.Server, postgresql_place: ClusterDatabase
) -> None:
    async with _losing_answers(postgresql_server.port) as (port, is_losing):
        url = postgresql_place.url.replace(f"127.0.0.1:{postgresql_server.port}", f"127.0.0.1:{port}")
        store = await open_push_store(structs.replace(postgresql_place, url=url))
        await store.write(lambda tx: tx.apps.named("nobody"))  # which connects
        assert not await store.foreign_commit()
        is_losing.set()
        with pytest.raises(StoreError, match="it may have been saved; repeat it with the same idempotency key"):
            await store.write(_add_app)
        assert await store.foreign_commit(), "who would have been woken is not"
        assert not await store.foreign_commit()
        assert len(await store.read(lambda tx: tx.apps.named("app"))) == 1
        await store.close()


@pytest.mark.parametrize("url", ["postgresql://host", "mysql://host/name", "no URL at all", "postgresql:///"])
async def test_a_url_that_names_no_database_says_how_one_is_named(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="postgresql://user:password@host:5432/name"):
        await open_push_store(ClusterDatabase(url=url, data=tmp_path))


@pytest.mark.parametrize("password", ["a@sec:ret", "sec@ret"])
@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.1:port"])
def test_a_url_whose_password_is_not_escaped_says_how_to_write_it_and_not_what_it_is(
    password: str, address: str
) -> None:
    with pytest.raises(ConfigError, match="in a password write `@` as `%40`") as refused:
        parse(f"postgresql://u:{password}@{address}/db")
    assert not re.search("sec|ret", str(refused.value))
    assert refused.value.__context__ is None or refused.value.__suppress_context__


@pytest.mark.parametrize("password", ["", ":secret", ":sec?ret", ":sec:ret"])
def test_a_url_is_shown_without_its_password_and_settings(password: str) -> None:
    place = ClusterDatabase(url=f"postgresql://u{password}@host/db?sslmode=disable", data=Path())
    assert place.shown == "postgresql://u@host/db"


def test_a_setting_that_the_driver_does_not_know_is_named_without_the_password() -> None:
    with pytest.raises(ConfigError, match=r'postgresql://u@127.0.0.1/db: invalid connection option "foo"'):
        conninfo_of(parse("postgresql://u:secret@127.0.0.1/db?foo=bar"))


@pytest.mark.parametrize("password", ["sec%ret", "p%40ss", "it's 5%25", "+"])
def test_the_driver_reads_the_password_that_was_read(password: str) -> None:
    url = parse(f"postgresql://u:{password}@127.0.0.1:1/db?sslmode=disable")
    assert conninfo_to_dict(conninfo_of(url)) == {
        "host": "127.0.0.1",
        "port": "1",
        "user": "u",
        "password": url.password,
        "dbname": "db",
        "sslmode": "disable",
    }


async def test_a_server_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    await _refuses("postgresql://watcher:secret@127.0.0.1:1/push", tmp_path, "Connection refused")


async def test_what_a_server_refuses_is_one_line_that_says_what_to_do(
    postgresql_server: postgresql.Server, postgresql_url: str, tmp_path: Path
) -> None:
    guarded = postgresql_server.url("postgres", role=postgresql.GUARDED, password="wrong")
    await _refuses(guarded, tmp_path, "correct the password")
    await _refuses(postgresql_server.url("nowhere"), tmp_path, 'database "nowhere" does not exist; create it first')
    limited = postgresql_url.replace(postgresql.ROLE, f"{postgresql.GUARDED}:{postgresql.PASSWORD.replace(' ', '%20')}")
    await _refuses(limited, tmp_path, "GRANT CREATE")
    await _refuses(f"{postgresql_url}?options=-c%20unknown=1", tmp_path, "unknown")


async def test_settings_that_are_lost_on_the_way_mean_a_pooler(
    postgresql_server: postgresql.Server, postgresql_url: str, tmp_path: Path
) -> None:
    """A pooler may be told to pass over what it does not know of how a session begins."""
    async with _pooler(postgresql_server.port) as port:
        address = f"127.0.0.1:{postgresql_server.port}"
        await _refuses(postgresql_url.replace(address, f"127.0.0.1:{port}"), tmp_path, "give PostgreSQL's own address")


async def test_a_database_of_a_newer_version_is_left_as_it_is(postgresql_place: ClusterDatabase) -> None:
    database = await open_database(postgresql_place)
    await database.write(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    await database.close()
    await _refuses(postgresql_place.url, postgresql_place.data, "run the newer version")


async def test_a_database_of_an_older_version_is_migrated(postgresql_place: ClusterDatabase) -> None:
    await _make_older(postgresql_place)
    migrated = await open_database(postgresql_place)
    assert await migrated.read(revision) == HEAD
    assert await migrated.read(_differences) == []
    await migrated.close()


async def test_a_database_of_an_older_version_is_not_migrated_for_a_directory_that_does_not_know_it(
    postgresql_place: ClusterDatabase, tmp_path: Path
) -> None:
    await _make_older(postgresql_place)
    data = tmp_path / "new"
    data.mkdir()
    await _refuses(postgresql_place.url, data, "was not used with them before; if they are yours, migrate them")
    assert await revision_at(postgresql_place) == "0019"
    assert not (data / POSTGRESQL_EPOCH).exists()
    await _use(structs.replace(postgresql_place, data=data, may_migrate=True))
    assert await revision_at(postgresql_place) == HEAD


async def test_a_directory_that_is_new_is_used_with_a_database_that_is_up_to_date(
    postgresql_place: ClusterDatabase, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        await _use(structs.replace(postgresql_place, data=tmp_path / name))


async def test_another_database_than_before_is_not_taken_for_it(
    postgresql_place: ClusterDatabase, postgresql_url: str
) -> None:
    await (await open_push_store(postgresql_place)).close()
    await _refuses(postgresql_url, postgresql_place.data, "is another database than the one")
    assert await revision_at(ClusterDatabase(url=postgresql_url, data=postgresql_place.data)) is None


async def test_another_database_than_before_is_not_migrated_before_it_is_refused(
    postgresql_place: ClusterDatabase, tmp_path: Path
) -> None:
    await _make_older(postgresql_place)
    data = tmp_path / "of another database"
    data.mkdir()
    (data / POSTGRESQL_EPOCH).write_text("1\n", encoding="utf-8")
    await _refuses(postgresql_place.url, data, "is another database than the one")
    assert await revision_at(postgresql_place) == "0019"


async def test_tables_are_not_migrated_under_a_server_of_an_older_version(postgresql_place: ClusterDatabase) -> None:
    await _make_older(postgresql_place)
    older = ServerDatabase(parse(postgresql_place.url), is_server=True)
    await older.remember_version()
    await _refuses(postgresql_place.url, postgresql_place.data, "servers of an older watcher run with this database")
    assert await revision_at(postgresql_place) == "0019"
    await older.close()
    await (await open_push_store(postgresql_place)).close()
    assert await revision_at(postgresql_place) == HEAD


async def test_an_encoding_that_has_not_all_letters_is_refused(
    postgresql_server: postgresql.Server, tmp_path: Path
) -> None:
    name = f"latin_{tmp_path.name}"[:60]
    postgresql_server.ask(f"CREATE DATABASE \"{name}\" ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    await _refuses(postgresql_server.url(name), tmp_path, "ENCODING 'UTF8'")
    postgresql_server.remove_database(name)


async def test_u_0000_is_replaced_for_postgresql_has_no_place_for_it(postgresql_place: ClusterDatabase) -> None:
    service = await open_push_service(postgresql_place, now=lambda: NOON)
    app = await an_app(service)
    topic = await service.topics.add("news", app_id=app.id)
    reader = await a_reader(service, topics=(topic.id,))
    await service.messages.send(app, Draft(summary="a\0b", content="c"), topic_ids=[topic.id])
    [item] = await service.inbox.items(reader)
    assert item.message.draft.summary == "a�b"
    await service.close()


def test_each_text_of_an_array_comes_back_as_it_was_but_for_u_0000(postgresql_url: str) -> None:
    texts = ['{"a": "b\\"c\\\\d"}', "", "NULL", "{}", "a,b", "店\n𝒜", "a\0b"]
    with looking(parse(postgresql_url), schema="public") as connection:
        [(back,)] = connection.exec_driver_sql("SELECT %(texts)s::text[]", {"texts": texts})
        [(nothing,)] = connection.exec_driver_sql("SELECT %(texts)s::text[]", {"texts": []})
    assert (back, nothing) == ([*texts[:-1], "a�b"], [])


@pytest.mark.faults
@pytest.mark.parametrize("module", ["psycopg", "procrastinate", "sqlalchemy.dialects.postgresql"])
def test_without_it_nothing_of_it_is_imported(module: str, tmp_path: Path) -> None:
    code = f"""
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
import watcher.cli.serve, watcher.cli.run
from watcher.push.opening import open_push_service
service = asyncio.run(open_push_service(Path(sys.argv[1]), now=lambda: datetime.now(UTC)))
assert {module!r} not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "push.db")], check=True, timeout=60)


async def _use(place: ClusterDatabase) -> None:
    await (await open_push_store(place)).close()


async def _make_older(place: ClusterDatabase) -> None:
    """Take the newest migration back."""

    def take_back(connection: Connection) -> None:
        for place in ("topic_id", "app_id"):
            connection.execute(text(f"DROP INDEX push.ix_subscriptions_{place}_state_id"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0019'"))

    database = await open_database(place)
    await database.write(take_back)
    await database.close()


def _differences(connection: Connection) -> list[str]:
    """Return what the tables have that is not in the metadata, or lack."""
    context = MigrationContext.configure(connection, opts={"include_object": _is_of_the_metadata})
    return [str(each) for each in compare_metadata(context, metadata)]


def _is_of_the_metadata(_: object, name: str | None, kind: str, *__: object) -> bool:
    """Return whether both databases have it: the table of the epoch is PostgreSQL's alone."""
    return not (kind == "table" and name == postgresql_epoch.name)


def _nothing(connection: Connection) -> None:
    connection.execute(text("SELECT 1"))


def _add_app(tx: Transaction) -> None:
    tx.apps.add(AppProfile(name="app"), slug="app", created_at=NOON)


async def _refuses(url: str, data: Path, said: str) -> None:
    """Look that a database cannot be opened, which is said in one line, without its password."""
    with pytest.raises(StoreError) as refused:
        await open_push_store(ClusterDatabase(url=url, data=data))
    line = str(refused.value)
    assert said in line
    assert "\n" not in line
    assert "secret" not in line
    assert postgresql.PASSWORD not in line


@asynccontextmanager
async def _pooler(port: int) -> AsyncIterator[int]:
    """Stand between a client and a server, and leave out the options of a session."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, further = await asyncio.open_connection("127.0.0.1", port)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            further.write(await _without_options(reader, writer))
            await asyncio.gather(_copy(reader, further), _copy(there, writer))
        await _close(further, writer)

    async with _between(serve) as at:
        yield at


@asynccontextmanager
async def _losing_answers(port: int) -> AsyncIterator[tuple[int, asyncio.Event]]:
    """Stand between a client and a server, and lose the answer to one commit once it is said to."""
    is_losing = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, further = await asyncio.open_connection("127.0.0.1", port)
        is_lost = False

        async def ask() -> None:
            nonlocal is_lost
            while block := await reader.read(65_536):
                if is_losing.is_set() and b"\x0bCOMMIT\0" in block:
                    is_losing.clear()
                    is_lost = True
                further.write(block)
            further.close()

        async def answer() -> None:
            while (block := await there.read(65_536)) and not is_lost:
                writer.write(block)
            writer.close()

        with suppress(ConnectionError):
            await asyncio.gather(ask(), answer())
        await _close(further, writer)

    async with _between(serve) as at:
        yield at, is_losing


@asynccontextmanager
async def _between(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[None, None, None]],
) -> AsyncIterator[int]:
    """Serve at a port of loopback; at the end, wait until those have ended who came."""
    open_now: list[asyncio.Task[None]] = []

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_now.append(asyncio.ensure_future(serve(reader, writer)))

    async with await asyncio.start_server(accept, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
        async with asyncio.timeout(30):
            await asyncio.gather(*open_now)


async def _close(*writers: asyncio.StreamWriter) -> None:
    for each in writers:
        each.close()
        with suppress(ConnectionError):
            await each.wait_closed()


async def _without_options(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """Return how a session begins, without its options (postgresql.org/docs/current/protocol-message-formats.html)."""
    while (size := int.from_bytes(await reader.readexactly(4))) == 8:  # it asks for TLS first
        await reader.readexactly(4)
        writer.write(b"N")
    words = (await reader.readexactly(size - 4))[4:].rstrip(b"\0").split(b"\0")
    kept = [(name, value) for name, value in zip(words[::2], words[1::2], strict=True) if name != b"options"]
    begin = b"\0\3\0\0" + b"".join(name + b"\0" + value + b"\0" for name, value in kept) + b"\0"
    return (len(begin) + 4).to_bytes(4) + begin


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while block := await reader.read(65_536):
        writer.write(block)
    writer.close()
