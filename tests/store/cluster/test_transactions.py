"""What becomes of a transaction whose connection is lost amid it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import aclosing

import pytest
from sqlalchemy import Connection, event

from tests import postgresql
from watcher.store.cluster.transactions import Transactions

_OTHERS = "INSERT INTO public.kept (whose) VALUES ('another')"


def _add(connection: Connection) -> None:
    connection.exec_driver_sql("INSERT INTO public.kept (whose) VALUES ('mine')")


@pytest.fixture(scope="module")
def server() -> Iterator[postgresql.Server]:
    try:
        with postgresql.running() as running:
            yield running
    except postgresql.NoPostgresqlError as error:
        pytest.skip(str(error))


@pytest.fixture
def database(server: postgresql.Server) -> str:
    name = server.new_database()
    server.ask("CREATE TABLE public.kept (whose text)", database=name)
    return name


def _once(act: Callable[[], None]) -> Callable[[Connection], None]:
    """Return what does something the first time that it is called."""
    acts = [act]
    return lambda _: acts.pop()() if acts else None


@pytest.mark.faults
async def test_what_a_crash_undid_is_done_again_though_another_transaction_has_its_number(
    server: postgresql.Server, database: str
) -> None:
    """A number that no log has seen on the disk is given again: `pg_xact_status` answers for whoever has it now."""

    def crash() -> None:
        server.stop(mode="immediate")
        server.start()
        server.ask(_OTHERS, database=database)

    async with aclosing(Transactions(server.url(database), name="test")) as transactions:
        event.listen(transactions._engine, "commit", _once(crash))
        await transactions.run(_add)
    assert server.ask("SELECT whose FROM public.kept ORDER BY whose", database=database) == [("another",), ("mine",)]


@pytest.mark.faults
async def test_what_a_lost_connection_broke_off_is_done_again_from_its_beginning(
    server: postgresql.Server, database: str
) -> None:
    def lose_the_connection() -> None:
        server.ask(_OTHERS, database=database)
        server.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

    found: list[int] = []

    def count_and_add(connection: Connection) -> None:
        found.append(connection.exec_driver_sql("SELECT count(*) FROM public.kept").scalar_one())
        _add(connection)

    async with aclosing(Transactions(server.url(database), name="test")) as transactions:
        event.listen(transactions._engine, "commit", _once(lose_the_connection))
        await transactions.run(count_and_add)
    assert found == [0, 1]
