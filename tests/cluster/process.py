"""
A process of a cluster that writes down what it does, for tests to look at: in a transaction behind the fence, and as
calls over the network are made, behind a look at the lease alone.

    python -m tests.cluster.process URL SECONDS NAME…
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Final

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from tests.faults.altered import alter
from watcher.cluster.duties import run_duties
from watcher.cluster.leases import Lease
from watcher.errors import LeaseLostError
from watcher.store.postgresql.connections import open_engine
from watcher.store.postgresql.urls import parse

STOPS: Final = "stops"
WORK: Final = """\
CREATE TABLE public.work (
    id bigserial PRIMARY KEY, at timestamptz DEFAULT clock_timestamp(), duty text, epoch bigint, pid int, kind text
)"""
_NOTE: Final = text("INSERT INTO public.work (duty, epoch, pid, kind) VALUES (:duty, :epoch, :pid, :kind)")
_EVERY_SECONDS: Final = 0.05
_ATTEMPTS: Final = 9


def note(engine: Engine, lease: Lease, kind: str, *, is_fenced: bool) -> None:
    """Write down one piece of work; who has the first lease of `STOPS` stops amid it."""
    with engine.begin() as connection:
        if is_fenced:
            lease.fence(connection)
        row = {"duty": lease.name, "epoch": lease.epoch, "pid": os.getpid(), "kind": kind}
        connection.execute(_NOTE, row)
        if (lease.name, lease.epoch, kind) == (STOPS, 1, "saved"):
            signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)


async def work(engine: Engine, lease: Lease) -> None:
    """Write it down again and again, and once more at the end, as who has answers to save; a refusal, too."""

    async def note_(kind: str, *, is_fenced: bool) -> None:
        await asyncio.to_thread(note, engine, lease, kind, is_fenced=is_fenced)

    await note_("begun", is_fenced=True)
    try:
        while True:
            lease.check()
            with suppress(DBAPIError):
                await note_("called", is_fenced=False)
                await note_("saved", is_fenced=True)
            await asyncio.sleep(_EVERY_SECONDS)
    finally:
        saving = asyncio.ensure_future(asyncio.to_thread(_save_at_last, engine, lease))
        while not saving.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([saving])


def _save_at_last(engine: Engine, lease: Lease) -> None:
    for _ in range(_ATTEMPTS):  # the first ones may find that a connection was lost
        with suppress(DBAPIError):
            try:
                note(engine, lease, "saved", is_fenced=True)
            except LeaseLostError:
                note(engine, lease, "refused", is_fenced=False)
            return


async def _main(url: str, seconds: float, names: list[str]) -> None:
    engine = open_engine(parse(url), schema="public", connections=4, are_reading=False)
    if (task := asyncio.current_task()) is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    duties = {name: partial(work, engine) for name in names}
    await run_duties(url, duties, ttl=timedelta(seconds=seconds))


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s %(process)d %(name)s: %(message)s")
    alter(os.environ)
    with suppress(asyncio.CancelledError):
        asyncio.run(_main(sys.argv[1], float(sys.argv[2]), sys.argv[3:]))
