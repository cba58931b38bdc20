"""Processes that share duties, in one event loop: who begins, who leaves, and the tables of the job queue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from functools import partial

import pytest
from procrastinate.manager import JobManager

from tests import postgresql as server
from tests.push.relays import until
from tests.running import meanwhile
from watcher.cluster.duties import run_duties
from watcher.cluster.jobs import job_tables
from watcher.cluster.leases import Duty, Lease
from watcher.errors import ConfigError, StoreError
from watcher.runtime.serving.duties import run_shards
from watcher.store.cluster.schema import JobTables, make_schemas

TTL = timedelta(seconds=30)
_END_SECONDS = 60
"""Much longer than a duty is given back within; else a process went on until it was told a second time."""
NAMES = ("callbacks", "deliverer", "fan-out")
_JOBS = "SELECT queue_name, status::text, lock, scheduled_at FROM procrastinate.procrastinate_jobs ORDER BY queue_name"
_LISTENERS = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"
_BREAK_OFF_AT_THE_END_OF_A_JOB = """
CREATE SEQUENCE public.ends;
CREATE FUNCTION public.break_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM nextval('public.ends'); PERFORM pg_terminate_backend(pg_backend_pid()); RETURN OLD; END $$;
CREATE TRIGGER break_off BEFORE DELETE ON procrastinate.procrastinate_jobs
FOR EACH ROW EXECUTE FUNCTION public.break_off()
"""
_REMOVE_JOBS = "SET search_path = procrastinate; DELETE FROM procrastinate_jobs"


class Doing:
    """Who does what: pairs of a process and a duty."""

    def __init__(self) -> None:
        self.now: set[tuple[str, str]] = set()
        self.epochs: list[tuple[str, int]] = []

    def of(self, process: str, names: Sequence[str] = NAMES) -> dict[str, Duty]:
        """Return the duties of a process."""
        return {name: partial(self._do, process) for name in names}

    async def _do(self, process: str, lease: Lease) -> None:
        self.epochs.append((lease.name, lease.epoch))
        self.now.add((process, lease.name))
        try:
            await asyncio.Event().wait()
        finally:
            self.now.remove((process, lease.name))

    @property
    def names(self) -> Sequence[str]:
        """Which duties are done, once for each who does them."""
        return sorted(name for _, name in self.now)


async def test_each_duty_is_done_by_one_process(cluster_url: str, postgresql_server: server.Server) -> None:
    doing = Doing()
    async with AsyncExitStack() as stack:
        for process in ("one", "two", "three"):
            await stack.enter_async_context(meanwhile(run_duties(cluster_url, doing.of(process), ttl=TTL)))
        await until(lambda: postgresql_server.ask(_LISTENERS) == [(3,)])
        await until(lambda: len(doing.now) == len(NAMES))
        assert doing.names == sorted(NAMES)
    assert sorted(set(doing.epochs)) == sorted(doing.epochs), "no epoch was given twice"


async def test_what_a_process_leaves_another_does_at_once(cluster_url: str, postgresql_server: server.Server) -> None:
    """Long before any lease is over, and before anybody looks for duties that nobody does."""
    doing, ttl = Doing(), timedelta(hours=1)
    async with AsyncExitStack() as stack:
        async with meanwhile(run_duties(cluster_url, doing.of("one"), ttl=ttl)):
            await until(lambda: len(doing.now) == len(NAMES))
            await stack.enter_async_context(meanwhile(run_duties(cluster_url, doing.of("two"), ttl=ttl)))
            await until(lambda: postgresql_server.ask(_LISTENERS) == [(2,)])
            assert {process for process, _ in doing.now} == {"one"}
        await until(lambda: doing.now == {("two", name) for name in NAMES})


@pytest.mark.faults
async def test_a_process_that_is_to_end_while_postgresql_is_away_ends(
    cluster_url: str, postgresql_server: server.Server
) -> None:
    doing = Doing()
    process = asyncio.create_task(run_shards(cluster_url, doing.of("one"), max_shards=64))
    await until(lambda: len(doing.now) == len(NAMES))
    postgresql_server.kill()
    try:
        process.cancel()
        _, going_on = await asyncio.wait([process], timeout=_END_SECONDS)
        assert not going_on
        assert process.cancelled()
    finally:
        process.cancel()
        await asyncio.to_thread(postgresql_server.start)


@pytest.mark.parametrize("step", ["get_stalled_jobs", "register_worker"])
async def test_a_process_ends_though_a_library_loses_that_it_is_cancelled(
    cluster_url: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`asyncio.wait_for` of Python 3.11 does, where the answer of the database comes at the same moment."""
    original, doing = getattr(JobManager, step), Doing()

    async def lose_that_it_is_cancelled(*of: object, **given: object) -> object:
        process.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(_END_SECONDS)
        return await original(*of, **given)

    monkeypatch.setattr(JobManager, step, lose_that_it_is_cancelled)
    process = asyncio.create_task(run_duties(cluster_url, doing.of("one"), ttl=TTL))
    _, going_on = await asyncio.wait([process], timeout=_END_SECONDS)
    process.cancel()
    assert not going_on


async def test_a_process_does_those_alone_that_it_can(cluster_url: str) -> None:
    doing = Doing()
    async with (
        meanwhile(run_duties(cluster_url, doing.of("one", ["callbacks"]), ttl=TTL)),
        meanwhile(run_duties(cluster_url, doing.of("two", ["deliverer"]), ttl=TTL)),
    ):
        await until(lambda: doing.now == {("one", "callbacks"), ("two", "deliverer")})


async def test_a_duty_that_ends_is_begun_again(cluster_url: str) -> None:
    """Long before anybody looks for duties that nobody does."""
    epochs: list[int] = []

    async def work(lease: Lease) -> None:
        epochs.append(lease.epoch)

    async with meanwhile(run_duties(cluster_url, {"deliverer": work}, ttl=timedelta(hours=1))):
        await until(lambda: len(epochs) > 2)
    assert epochs == sorted(set(epochs))


async def test_a_duty_whose_job_could_not_be_ended_goes_on(
    cluster_url: str, cluster_database: str, postgresql_server: server.Server
) -> None:
    """As when the database was away: the job queue believes that it is done here, and so does everybody who looks."""
    ask, doing = partial(postgresql_server.ask, database=cluster_database), Doing()
    async with meanwhile(run_duties(cluster_url, doing.of("one"), ttl=timedelta(seconds=3))):
        await until(lambda: len(doing.now) == len(NAMES))
        ask(_BREAK_OFF_AT_THE_END_OF_A_JOB)
        ask("UPDATE watcher.lease SET epoch = epoch + 1, owner = NULL")
        await until(lambda: not doing.now and ask("SELECT 1 FROM public.ends WHERE is_called") == [(1,)])
        ask("DROP FUNCTION public.break_off() CASCADE")
        await until(lambda: len(doing.now) == len(NAMES))


async def test_no_job_has_a_lock_or_waits_for_its_time(
    cluster_url: str, cluster_database: str, postgresql_server: server.Server
) -> None:
    """A killed process would hold the lock, and what waits is found late."""
    doing = Doing()
    async with (
        meanwhile(run_duties(cluster_url, doing.of("one"), ttl=TTL)),
        meanwhile(run_duties(cluster_url, doing.of("two"), ttl=TTL)),
    ):
        await until(lambda: len(doing.now) == len(NAMES))
        jobs = postgresql_server.ask(_JOBS, database=cluster_database)
    assert [name for name, status, *_ in jobs if status == "doing"] == [*NAMES]
    assert {(lock, due) for _, _, lock, due in jobs} == {(None, None)}


async def test_a_duty_without_a_job_gets_one(
    cluster_url: str, cluster_database: str, postgresql_server: server.Server
) -> None:
    """Somebody was killed between the end of a job and the next one."""
    doing = Doing()
    async with meanwhile(run_duties(cluster_url, doing.of("one"), ttl=timedelta(seconds=3))):
        await until(lambda: len(doing.now) == len(NAMES))
    postgresql_server.ask(_REMOVE_JOBS, database=cluster_database)
    async with meanwhile(run_duties(cluster_url, doing.of("two"), ttl=timedelta(seconds=3))):
        await until(lambda: len(doing.now) == len(NAMES))


async def test_a_lease_is_believed_before_the_engine(
    cluster_url: str, cluster_database: str, postgresql_server: server.Server
) -> None:
    """The job queue gives what is being done to another process as well."""
    doing = Doing()
    async with meanwhile(run_duties(cluster_url, doing.of("one"), ttl=TTL)):
        await until(lambda: len(doing.now) == len(NAMES))
        postgresql_server.ask(_REMOVE_JOBS, database=cluster_database)
        async with meanwhile(run_duties(cluster_url, doing.of("two"), ttl=TTL)):
            gone = "SELECT last_value, (SELECT count(*) FROM procrastinate.procrastinate_jobs) FROM {}"
            asked = gone.format("procrastinate.procrastinate_jobs_id_seq")
            await until(lambda: postgresql_server.ask(asked, database=cluster_database) == [(2 * len(NAMES), 0)])
        assert {process for process, _ in doing.now} == {"one"}
    assert len(doing.epochs) == len(NAMES)


async def test_who_cannot_reach_the_database_says_so_in_one_line() -> None:
    url = "postgresql://watcher:elephants@127.0.0.1:1/watcher"
    with pytest.raises(StoreError) as refused:
        await run_duties(url, {}, ttl=TTL)
    assert "127.0.0.1" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "elephants" not in str(refused.value)


async def test_what_names_no_database_is_refused() -> None:
    with pytest.raises(ConfigError):
        await run_duties("mysql://127.0.0.1/watcher", {}, ttl=TTL)


# The tables


async def test_processes_that_come_at_once_make_the_tables_once(postgresql_url: str) -> None:
    made = [asyncio.to_thread(make_schemas, postgresql_url, job_tables()) for _ in range(5)]
    await asyncio.gather(*made)
    doing = Doing()
    async with meanwhile(run_duties(postgresql_url, doing.of("one"), ttl=TTL)):
        await until(lambda: len(doing.now) == len(NAMES))


def test_migrations_of_the_engine_lead_to_the_same_tables(
    postgresql_url: str, cluster_database: str, postgresql_server: server.Server
) -> None:
    wanted = job_tables()
    first, *_ = sorted(wanted.migrations)
    make_schemas(postgresql_url, JobTables(schema=wanted.migrations[first], migrations={first: ""}))
    make_schemas(postgresql_url, wanted)
    ask: Callable[[str], list[tuple[object, ...]]] = partial(
        postgresql_server.ask, database=postgresql_url.rpartition("/")[2]
    )
    assert ask(_SHAPE) == postgresql_server.ask(_SHAPE, database=cluster_database)


def test_a_newer_release_of_the_engine_is_left_alone(cluster_url: str) -> None:
    wanted = job_tables()
    newer = JobTables(schema="", migrations={**wanted.migrations, "99.00.00_01_pre_change.sql": ""})
    make_schemas(cluster_url, newer)
    with pytest.raises(StoreError, match=r"the migration 99\.00\.00_01_pre_change\.sql, which this release does not"):
        make_schemas(cluster_url, wanted)


_SHAPE = """
SELECT 'column', table_name::text, column_name::text, data_type::text FROM information_schema.columns
WHERE table_schema = 'procrastinate'
UNION ALL
SELECT 'function', p.proname, pg_get_function_arguments(p.oid), '' FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'procrastinate'
UNION ALL
SELECT 'trigger', t.tgname, '', '' FROM pg_trigger t WHERE NOT t.tgisinternal
UNION ALL
SELECT 'index', indexname, '', '' FROM pg_indexes WHERE schemaname = 'procrastinate'
ORDER BY 1, 2, 3, 4
"""
