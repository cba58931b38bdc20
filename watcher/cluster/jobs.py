"""
Who does a duty is decided by Procrastinate: each duty is one job, which lasts as long as somebody does it.

| of a job | |
|---|---|
| queue | its duty's name: a process takes those of the duties that it can do |
| lock | none: a killed process would hold it, and a job that waits for one is found late |
| queueing lock | its duty's name: one waits at most |
| future | none: who ends one defers the next as the last act |

A worker of shards takes jobs on while it has fewer than its quota (`cluster/quotas.py`). What it has above that, since
another one came, it gives back one after another.

The job queue is not trusted with more than the decision: whoever gets a job takes the duty's lease, or leaves it to who
has it. Each process looks for jobs whose process is silent, ends them, and defers one for each duty that has none: so
nothing is lost by a kill between two statements, and two processes that look at once do it once.

All that knows Procrastinate is here, and its tables are in a schema of its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from importlib import resources
from typing import Any, Final

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import DeleteJobCondition, Job, Notification, Status
from procrastinate.manager import JobManager, NotificationCallback
from procrastinate.schema import SchemaManager

from watcher.background.loop import PAUSE_SECONDS, is_cancelled
from watcher.cluster.leases import Duty, LeaseHolder
from watcher.cluster.quotas import Quotas
from watcher.errors import LeaseLostError, StoreError
from watcher.store.cluster.schema import JobTables
from watcher.store.postgresql.connections import NETWORK, AsyncConnection, conninfo_of
from watcher.store.postgresql.errors import said
from watcher.store.postgresql.urls import parse

_TASK: Final = "duty"
_BEATS: Final = 6
_TURN_SECONDS: Final = 2.0
"""How long a statement waits for a connection: where the pool has given up, the next statement lets it try again."""
_RECONNECT_SECONDS: Final = 1.0
"""After so long the pool gives an attempt to connect up, and begins another; else it would wait up to 128 s."""
_AGAIN_SECONDS: Final = 1.0
"""A worker that ended begins again after so long."""
_HEAR_SECONDS: Final = 1.0
"""So often the other workers are looked for, at most, when there is news of jobs."""
_QUEUES: Final = """
SELECT DISTINCT queue_name FROM procrastinate_jobs WHERE task_name = %(task)s AND status IN ('todo', 'doing')
"""
_CONNECTION: Final[Mapping[str, Any]] = {
    # A job that a process was frozen amid taking on is passed over by all others until its transaction ends.
    "options": "-c search_path=procrastinate -c lock_timeout=5s -c idle_in_transaction_session_timeout=3s",
    "application_name": "watcher duties",
    **NETWORK,
}
_ANSWER_SECONDS: Final = 10.0
"""Longer than a lock is waited for; a duty that nobody renews goes on for half of its lease's time."""
_log = logging.getLogger(__name__)


class _JobConnection(AsyncConnection):
    answer_seconds = _ANSWER_SECONDS


class DutyRunner:
    """Does the duties that fall to this process, for ever (`run`). Used from one event loop."""

    def __init__(
        self,
        url: str,
        holder: LeaseHolder,
        duties: Mapping[str, Duty],
        *,
        ttl: timedelta,
        quotas: Quotas | None = None,
    ) -> None:
        """
        Args:
            ttl: a process that was silent for so long does no duty any more.
            quotas: how many shards fall to this process; None: it takes on whatever there is.

        Raises ConfigError: the URL names no database.
        """
        self._holder = holder
        self._quotas = quotas
        self._heard_at = float("-inf")
        self._doing: dict[str, asyncio.Task[object] | None] = {}
        """What was taken on, by name; None: its job has not begun."""
        self._duties = duties
        self._seconds = ttl.total_seconds()
        connector = PsycopgConnector(
            conninfo=conninfo_of(parse(url)),
            connection_class=_JobConnection,
            kwargs=dict(_CONNECTION),
            min_size=1,
            max_size=3,
            timeout=_TURN_SECONDS,
            reconnect_timeout=_RECONNECT_SECONDS,
        )
        self._app = App(connector=connector)
        self._app.job_manager = self._jobs = _LastingJobManager(connector, self._may_take, self._taken)
        self._app.task(name=_TASK, queue=_TASK)(self._do)

    async def run(self) -> None:
        """Do what falls to this process, until cancelled; then other processes have it at once. Raises StoreError."""
        try:
            async with self._app.open_async():
                if self._quotas is not None:
                    await self._holder.announce(self._quotas.max_shards)
                await self._look()  # before the worker, which then finds them at its first look
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._look_for_ever())
                    tasks.create_task(self._work_for_ever())
                    await self._stay()
        except (ConnectorException, psycopg.Error) as error:
            raise StoreError(f"the job queue cannot be used: {said(error.__cause__ or error)}") from error

    async def _stay(self) -> None:
        """Wait until cancelled; then say that this process leaves, before it gives back anything."""
        try:
            _end_if_cancelled()
            await asyncio.Event().wait()
        finally:
            if self._quotas is not None:
                await self._holder.depart()

    async def _work_for_ever(self) -> None:
        while True:
            self._doing = {name: task for name, task in self._doing.items() if task is not None}
            try:
                await self._app.run_worker_async(
                    queues=sorted(self._duties),
                    concurrency=len(self._duties),
                    delete_jobs=DeleteJobCondition.ALWAYS,
                    update_heartbeat_interval=self._seconds / _BEATS,
                    stalled_worker_timeout=self._seconds,
                    fetch_job_polling_interval=self._seconds / _BEATS,
                    shutdown_graceful_timeout=0,
                    install_signal_handlers=False,
                )
            except ConnectorException as error:
                _end_if_cancelled()  # the worker says good-bye to a database that is away, and raises this in its place
                # Others took this process for dead, and what they removed is made anew.
                _log.warning("the worker of the job queue begins again: %s", said(error.__cause__ or error))
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _do(self, name: str) -> None:
        """Do one duty while its lease lasts, as a job; the last act is to let somebody else do it."""
        self._doing[name] = asyncio.current_task()
        try:
            await self._hold(name)
        finally:
            del self._doing[name]

    async def _hold(self, name: str) -> None:
        try:
            was_free = await self._holder.hold(name, self._duties[name])
        except (LeaseLostError, StoreError) as error:
            _log.warning("%s is not done here any more: %s", name, error)
        except asyncio.CancelledError:
            await self._defer(name)
            raise
        except Exception:
            _log.exception("a defect in watcher: %s ended, and begins again somewhere in %g s", name, PAUSE_SECONDS)
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            if was_free:
                await self._defer(name)

    async def _look_for_ever(self) -> None:
        while True:
            _end_if_cancelled()
            await asyncio.sleep(self._seconds / _BEATS)
            try:
                await self._look()
                await self._give_back()
            except ConnectorException as error:
                _log.warning("cannot look for duties that nobody does: %s", said(error.__cause__ or error))
            except StoreError as error:
                _log.warning("cannot look for other workers: %s", error)

    async def _look(self) -> None:
        """End the jobs of processes that are silent, and our own that are over; let each duty have a job."""
        stalled = await self._jobs.get_stalled_jobs(task_name=_TASK, seconds_since_heartbeat=self._seconds)
        for job in (*self._jobs.take_unended(), *stalled):
            await self._jobs.finish_job(job, Status.FAILED, delete_job=True)
        for name in sorted(self._duties.keys() - await self._jobs.known_queues()):
            await self._defer(name)
        await self._hear()

    # Shards

    async def _hear(self) -> None:
        """Learn which workers live, and reckon anew how many shards fall to this one. Raises StoreError."""
        if self._quotas is None:
            return
        self._heard_at = asyncio.get_running_loop().time()
        self._quotas.hear({each.name: each.max_shards for each in await self._holder.workers()})
        if not self._quotas.is_known:  # it was silent for long, and the others have forgotten it
            await self._holder.announce(self._quotas.max_shards)

    async def _may_take(self) -> list[str]:
        """Return the duties that this process may take on one of; a worker that just left may have left it more."""
        wanted = [name for name in sorted(self._duties) if name not in self._doing]
        if self._quotas is None:
            return wanted
        found = self._quotas.may_take(wanted, self._doing)
        if len(found) < len(wanted) and asyncio.get_running_loop().time() - self._heard_at > _HEAR_SECONDS:
            with suppress(StoreError):
                await self._hear()
            found = self._quotas.may_take(wanted, self._doing)
        return found

    def _taken(self, name: str) -> None:
        self._doing.setdefault(name, None)

    async def _give_back(self) -> None:
        """Give back what is above this process' quota, one after another: each is done somewhere else meanwhile."""
        while self._quotas is not None and (name := self._quotas.too_many(self._holder.begun)) is not None:
            _log.info("this process gives back %s, which falls to another worker", name)
            if (task := self._doing.get(name)) is None:
                return
            task.cancel()
            await asyncio.wait([task])

    async def _defer(self, name: str) -> None:
        with suppress(AlreadyEnqueued):
            job = self._app.configure_task(_TASK, queue=name, queueing_lock=name)
            try:
                await job.defer_async(name=name)
            except ConnectorException as error:
                _log.warning(
                    "cannot hand on %s, others find it by themselves: %s", name, said(error.__cause__ or error)
                )


class _LastingJobManager(JobManager):
    """
    The jobs of a worker that outlives the database.

    A worker whose heartbeat or listener fails stops its jobs, or beats no more. How long a duty may go on without the
    database is for its lease to say.
    """

    _news = 0

    def __init__(
        self, connector: PsycopgConnector, may_take: Callable[[], Awaitable[list[str]]], taken: Callable[[str], None]
    ) -> None:
        """
        Args:
            may_take: returns the queues of which one more job may be taken on.
            taken: told the queue of a job that was taken on, before it begins.
        """
        super().__init__(connector)
        self._may_take = may_take
        self._taken = taken
        self._unended: list[Job] = []

    async def known_queues(self) -> Collection[str]:
        """Return the queues that have a job, which waits or is done."""
        return {row["queue_name"] for row in await self.connector.execute_query_all_async(_QUEUES, task=_TASK)}

    def take_unended(self) -> Sequence[Job]:
        """Return the jobs that are over, and could not be ended while the database was away."""
        taken, self._unended = self._unended, []
        return taken

    async def register_worker(self) -> int:
        worker_id = await super().register_worker()
        _end_if_cancelled()  # else the worker, which begins now, never learns of it
        return worker_id

    async def update_heartbeat(self, worker_id: int) -> None:
        try:
            await super().update_heartbeat(worker_id)
        except ConnectorException as error:
            _log.warning("no heartbeat: %s", said(error.__cause__ or error))

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        async def note(*, channel: str, notification: Notification) -> None:
            self._news += 1
            await on_notification(channel=channel, notification=notification)

        while True:
            with suppress(ConnectorException):  # what is not heard is found by looking
                await super().listen_for_jobs(on_notification=note, queues=queues)
            await asyncio.sleep(PAUSE_SECONDS)

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:  # noqa: ARG002 - its own
        job, news = None, -1
        try:
            while job is None and news != self._news:  # the worker forgets what it hears amid a fetch
                news = self._news
                if wanted := await self._may_take():
                    job = await super().fetch_job(wanted, worker_id)
        except ConnectorException as error:
            if not isinstance(error.__cause__, psycopg.OperationalError):
                raise
            _log.warning("no duty is taken on: %s", said(error.__cause__))
        if job is not None:
            self._taken(job.queue)
        return job

    async def list_jobs_to_abort_async(self, queue: str | None = None) -> Iterable[int]:  # noqa: ARG002
        return ()  # nobody asks for that: a duty ends with its lease

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        try:
            await super().finish_job(job, status, delete_job)
        except ConnectorException as error:
            # Else another process took this one for dead, and has ended it.
            if isinstance(error.__cause__, psycopg.OperationalError):
                self._unended.append(job)  # nobody else ends what a process that is alive has


def _end_if_cancelled() -> None:
    """
    Raise CancelledError where the task that asks was cancelled, and goes on all the same.

    `asyncio.wait_for` of Python 3.11, with which psycopg waits, loses a cancellation that comes with the answer.
    """
    if is_cancelled():
        raise asyncio.CancelledError


def job_tables() -> JobTables:
    """Return the tables of the job queue, and its migrations of all releases."""
    folder = resources.files("procrastinate.sql").joinpath("migrations")
    scripts = [each for each in folder.iterdir() if each.name.endswith(".sql")]
    return JobTables(
        schema=SchemaManager.get_schema(),
        migrations={script.name: script.read_text(encoding="utf-8") for script in scripts},
    )
