"""What docs/cluster.md shows of the job queue is what an operator finds there."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import pytest

from tests import postgresql
from tests.docs.markdown import DOCS, Fence, fences
from watcher.cluster.jobs import DutyRunner
from watcher.cluster.leases import Lease, LeaseHolder
from watcher.store.cluster.leases import LeaseStore

_TTL = timedelta(seconds=20)
_SHOWN: list[Fence] = fences((DOCS / "cluster.md").read_text(encoding="utf-8").partition("## What the engine shows")[2])


async def test_the_statements_and_the_shell_of_the_guide_show_the_job_of_a_lease(
    postgresql_server: postgresql.Server, cluster_database: str, cluster_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (statements,) = [fence.text for fence in _SHOWN if fence.language == "sql"]
    (program,) = [fence.text for fence in _SHOWN if fence.language == "python"]
    monkeypatch.setenv("WATCHER_DATABASE", cluster_url)
    engine: dict[str, Any] = {}
    exec(program, engine)
    begun = asyncio.Event()

    async def duty(_: Lease) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with aclosing(LeaseStore(cluster_url, ttl=_TTL)) as leases, engine["app"].open_async() as app:
        holder = LeaseHolder(leases, owner="worker-7:1843:9fbdaea0", ttl=_TTL)
        working = asyncio.create_task(DutyRunner(cluster_url, holder, {"hosts:0": duty}, ttl=_TTL).run())
        await asyncio.wait([working, asyncio.create_task(begun.wait())], return_when=asyncio.FIRST_COMPLETED)
        counts, jobs, owners, connections = (
            postgresql_server.ask(each, database=cluster_database) for each in statements.split(";") if each.strip()
        )
        queues = [(queue["name"], queue["doing"]) for queue in await app.job_manager.list_queues_async()]
        working.cancel()
        await asyncio.wait([working])
    assert counts == [("doing", 1)]
    assert [(queue, status) for queue, status, _ in jobs] == [("hosts:0", "doing")]
    assert [(name, owner) for name, owner, _, _ in owners] == [("hosts:0", "worker-7:1843:9fbdaea0")]
    assert {name for name, _, _ in connections} >= {"watcher", "watcher duties"}
    assert queues == [("hosts:0", 1)]
