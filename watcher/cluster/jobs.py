"""
Who does a duty is decided by Procrastinate: each duty is one job, which lasts as long as somebody does it.

| of a job | |
|---|---|
| queue | its duty's name: a process takes those of the duties that it can do |
| lock | none: a killed process would hold it, and a job that waits for one is found late |
| queueing lock | its duty's name: one waits at most |
| future | none: who ends one defers the next as the last act |

The job queue is not trusted with more than the decision: whoever gets a job takes the duty's lease, or leaves it to who
has it. Each process looks for jobs whose process is silent, ends them, and defers one for each duty that has none: so
nothing is lost by a kill between two statements, and two processes that look at once do it once.

All that knows Procrastinate is here, and its tables are in a schema of its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
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

from watcher.cluster.leases import Duty, LeaseHolder
from watcher.errors import LeaseLostError, StoreError
from watcher.store.cluster.schema import JobTables
from watcher.store.postgresql.connections import NETWORK, AsyncConnection, conninfo_of
from watcher.store.postgresql.errors import said
from watcher.store.postgresql.urls import parse
from watcher.workers.loop import PAUSE_SECONDS

_TASK: Final = "duty"
_BEATS: Final = 6
_TURN_SECONDS: Final = 2.0
"""How long a statement waits for a connection: where the pool has given up, the next statement lets it try again."""
_RECONNECT_SECONDS: Final = 1.0
"""After so long the pool gives an attempt to connect up, and begins another; else it would wait up to 128 s."""
_AGAIN_SECONDS: Final = 1.0
"""A worker that ended begins again after so long."""
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


class DutyWorker:
    """Does the duties that fall to this process, for ever (`run`). Used from one event loop."""

    def __init__(self, url: str, holder: LeaseHolder, duties: Mapping[str, Duty], *, ttl: timedelta) -> None:
        """
        `ttl`: a process that was silent for so long does no duty any more.

        Raises ConfigError: the URL names no database.
        """
        self._holder = holder
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
        self._app.job_manager = self._jobs = _LastingJobManager(connector)
        self._app.task(name=_TASK, queue=_TASK)(self._do)

    async def run(self) -> None:
        """Do what falls to this process, until cancelled; then other processes have it at once. Raises StoreError."""
        try:
            async with self._app.open_async():
                await self._look()  # before the worker, which then finds them at its first look
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._look_for_ever())
                    tasks.create_task(self._work_for_ever())
        except (ConnectorException, psycopg.Error) as error:
            raise StoreError(f"the job queue cannot be used: {said(error.__cause__ or error)}") from error

    async def _work_for_ever(self) -> None:
        while True:
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
                # Others took this process for dead, and what they removed is made anew.
                _log.warning("the worker of the job queue begins again: %s", said(error.__cause__ or error))
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _do(self, name: str) -> None:
        """Do one duty while its lease lasts, as a job; the last act is to let somebody else do it."""
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
            await asyncio.sleep(self._seconds / _BEATS)
            try:
                await self._look()
            except ConnectorException as error:
                _log.warning("cannot look for duties that nobody does: %s", said(error.__cause__ or error))

    async def _look(self) -> None:
        """End the jobs of processes that are silent, and our own that are over; let each duty have a job."""
        stalled = await self._jobs.get_stalled_jobs(task_name=_TASK, seconds_since_heartbeat=self._seconds)
        for job in (*self._jobs.take_unended(), *stalled):
            await self._jobs.finish_job(job, Status.FAILED, delete_job=True)
        for name in sorted(self._duties.keys() - await self._known()):
            await self._defer(name)

    async def _known(self) -> Collection[str]:
        statuses = (Status.TODO.value, Status.DOING.value)
        found = [await self._jobs.list_jobs_async(task=_TASK, status=status) for status in statuses]
        return {job.queue for jobs in found for job in jobs}

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

    def __init__(self, connector: PsycopgConnector) -> None:
        super().__init__(connector)
        self._unended: list[Job] = []

    def take_unended(self) -> Sequence[Job]:
        """Return the jobs that are over, and could not be ended while the database was away."""
        taken, self._unended = self._unended, []
        return taken

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

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        job, news = None, -1
        try:
            while job is None and news != self._news:  # the worker forgets what it hears amid a fetch
                news = self._news
                job = await super().fetch_job(queues, worker_id)
        except ConnectorException as error:
            if not isinstance(error.__cause__, psycopg.OperationalError):
                raise
            _log.warning("no duty is taken on: %s", said(error.__cause__))
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


def job_tables() -> JobTables:
    """Return the tables of the job queue, and its migrations of all releases."""
    folder = resources.files("procrastinate.sql").joinpath("migrations")
    scripts = [each for each in folder.iterdir() if each.name.endswith(".sql")]
    return JobTables(
        schema=SchemaManager.get_schema(),
        migrations={script.name: script.read_text(encoding="utf-8") for script in scripts},
    )
