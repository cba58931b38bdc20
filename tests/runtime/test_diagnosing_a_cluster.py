"""What `watcher doctor` says of a cluster, by how it stands."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from tests.core.builders import NOON
from watcher.core.findings import Check, Finding, State
from watcher.core.settings import Settings
from watcher.core.wording import wording_of
from watcher.net import Sessions
from watcher.runtime.diagnosing import diagnose, look_at_server
from watcher.runtime.diagnosing.cluster import servers_finding, workers_findings
from watcher.store.cluster.leases import LeaseRow
from watcher.store.cluster.status import ClusterStatus, Generation, MessageCounts, OverdueWatch, WatchCounts
from watcher.translations import Locale, reworded

ALL = {"hosts:1": "one", "hosts:2": "two", "topics:0": "one"}


def status(owners: Mapping[str, str], *, late: timedelta | None = None, waiting: int = 0) -> ClusterStatus:
    """Return how a cluster stands that has watches in two shards."""
    return ClusterStatus(
        now=NOON,
        generation=Generation(number=1),
        host_shards=64,
        topic_shards=16,
        leases={
            name: LeaseRow(name=name, epoch=1, owner=owner, since=NOON, renewed=NOON) for name, owner in owners.items()
        },
        workers=[],
        watches={1: WatchCounts(watches=1_000), 2: WatchCounts(watches=1)},
        overdue={} if late is None else {2: OverdueWatch(watch="dune", due_at=NOON - late)},
        messages={0: MessageCounts(waiting=waiting)},
    )


def said(*findings: Finding) -> list[tuple[State, str]]:
    return [(each.state, each.text) for each in findings]


@pytest.mark.parametrize(
    ("servers", "expected"),
    [
        (0, (State.ERROR, "no server of this database runs, here or elsewhere")),
        (1, (State.OK, "1 of this database runs elsewhere, and none on this data directory")),
        (2, (State.OK, "2 of this database run elsewhere, and none on this data directory")),
    ],
)
def test_a_machine_without_a_server_is_fine_while_others_have_one(servers: int, expected: tuple[State, str]) -> None:
    assert said(servers_finding(servers)) == [expected]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(status(ALL), (State.OK, "1,001 watches checked by 2 workers"), id="all held"),
        pytest.param(
            status({"hosts:1": "one", "topics:0": "one"}),
            (State.WARNING, "1 shard of hosts has no worker: 1 watch is not checked"),
            id="one given back",
        ),
        pytest.param(
            status({"hosts:1": "one"}, waiting=3),
            (State.WARNING, "1 shard of topics has no worker, and 3 messages wait there"),
            id="nobody publishes",
        ),
        pytest.param(
            status({"topics:0": "one"}),
            (State.WARNING, "no worker checks the watches at this moment (1,001 of them)"),
            id="nobody checks",
        ),
        pytest.param(
            status(ALL, late=timedelta(minutes=4)),
            (State.OK, "the watch that is due for longest, dune, is overdue by 4 min"),
            id="a little late",
        ),
        pytest.param(
            status(ALL, late=timedelta(hours=3)),
            (State.WARNING, "the watch that is due for longest, dune, is overdue by 180 min"),
            id="late",
        ),
    ],
)
def test_who_checks_and_what_is_late_is_said(found: ClusterStatus, expected: tuple[State, str]) -> None:
    assert expected in said(*workers_findings(found))


@pytest.mark.parametrize("look", ["doctor", "page"])
async def test_a_database_that_does_not_answer_is_said_once(look: str, tmp_path: Path) -> None:
    with socket.socket() as taken:  # and it does not listen
        taken.bind(("127.0.0.1", 0))
        settings = Settings(data=tmp_path, database=f"postgresql://w@127.0.0.1:{taken.getsockname()[1]}/w")
        if look == "doctor":
            found = await diagnose(settings, None, {})
        else:
            async with Sessions() as sessions:
                found = await look_at_server(settings, sessions, {})
    assert [each.check for each in found if "Connection refused" in each.text] == [Check.DATABASE]
    skipped = {each.check for each in found if each.state is State.SKIPPED}
    assert (
        skipped
        == {
            "doctor": {Check.BACKUPS, Check.SERVER, Check.WATCHES, Check.TOPICS, Check.OUTBOX, Check.STRANGERS},
            "page": {Check.BACKUPS, Check.WATCHER, Check.STRANGERS},
        }[look]
    )
    assert {each.text for each in found if each.check in skipped} == {"not looked at, for the database does not answer"}


def test_every_warning_says_what_to_do() -> None:
    found = workers_findings(status({"hosts:1": "one"}, late=timedelta(hours=3), waiting=3))
    assert all(each.advice for each in found)
    assert len(found) == 3


def test_what_is_found_of_workers_is_said_in_chinese_too() -> None:
    stands = (
        status(ALL),
        status({}),
        status({"hosts:1": "one"}, late=timedelta(hours=3), waiting=3),
        status({"hosts:1": "one", "hosts:2": "two"}, late=timedelta(minutes=2)),
    )
    said = [words for each in stands for found in workers_findings(each) for words in (found.text, found.advice)]
    assert [words for words in said if words and wording_of(words) is None] == []
    assert reworded(Locale.CHINESE, said[0]) == "2 个工作进程正在检查 1,001 个监控项"
