"""What PostgreSQL itself ends, of connections whose process or network is gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import psycopg
import pytest

from tests import postgresql as server
from tests.cluster.test_duties import NAMES, Doing
from tests.push.relays import until
from tests.running import meanwhile
from watcher.cluster import jobs, wakeups
from watcher.cluster.duties import run_duties
from watcher.store.postgresql.connections import NETWORK, driver_of, open_engine
from watcher.store.postgresql.urls import parse

TTL: Final = timedelta(seconds=30)
_WATCHED: Final = ("procrastinate.procrastinate_jobs", "watcher.lease")
_NOTE: Final = """
CREATE TABLE public.limits (written text, lock_timeout text, idle text);
CREATE FUNCTION public.note_limits() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO public.limits VALUES (
        TG_TABLE_NAME, current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout')
    );
    RETURN NULL;
END $$;
"""
_NOTE_OF: Final = "CREATE TRIGGER note_limits AFTER INSERT OR UPDATE ON {} EXECUTE FUNCTION public.note_limits();"


async def test_who_writes_waits_and_rests_no_longer_than_others_can_stand(
    cluster_url: str, cluster_database: str, postgresql_server: server.Server
) -> None:
    """Of a process that is frozen amid a transaction the locks are free after 3 s."""
    triggers = "".join(_NOTE_OF.format(table) for table in _WATCHED)
    postgresql_server.ask(f"{_NOTE}{triggers}", database=cluster_database)
    doing = Doing()
    async with meanwhile(run_duties(cluster_url, doing.of("one"), ttl=TTL)):
        await until(lambda: len(doing.now) == len(NAMES))
    noted = postgresql_server.ask("SELECT DISTINCT * FROM public.limits ORDER BY 1", database=cluster_database)
    assert noted == [("lease", "5s", "3s"), ("procrastinate_jobs", "5s", "3s")]


@pytest.mark.parametrize("are_reading", [False, True], ids=["writing", "reading"])
def test_a_connection_whose_other_end_is_gone_is_noticed(cluster_url: str, are_reading: bool) -> None:
    engine = open_engine(parse(cluster_url), schema="watcher", connections=1, are_reading=are_reading)
    with engine.connect() as connection:
        assert _network_of(driver_of(connection)) == NETWORK
    engine.dispose()


@pytest.mark.parametrize("settings", [jobs._CONNECTION, wakeups._CONNECTION], ids=["jobs", "wake-ups"])
def test_so_is_one_of_the_job_queue_and_of_who_listens(cluster_url: str, settings: dict[str, Any]) -> None:
    with psycopg.connect(cluster_url, **settings) as connection:
        assert _network_of(connection) == NETWORK


def _network_of(connection: psycopg.Connection) -> dict[str, int]:
    said = connection.info.get_parameters()
    return {name: int(said[name]) for name in NETWORK}
