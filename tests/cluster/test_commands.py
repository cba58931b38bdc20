"""What commands show of the watches of a cluster, and what they let its workers do."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace

from tests.cli.command import Command, Result
from tests.cluster.asked_worker import FILE, AskedWorker, a_worker, declare
from tests.site import Site, serve_site
from tests.store.cluster.tables import ask
from watcher.core.check import CheckFailure, Suspect
from watcher.core.findings import Check
from watcher.core.settings import Settings
from watcher.net import Sessions
from watcher.runtime.diagnosing import look_at_server

_LEASES_OF_A_DEAD_WORKER: Final = """
INSERT INTO watcher.lease (name, epoch, owner, since, renewed)
SELECT 'hosts:' || number, 1, 'the dead one', now(), now() - interval '1 minute' FROM generate_series(0, 63) AS number
"""

_A_WORKER_WITH_A_PART: Final = """
INSERT INTO watcher.worker (name, max_shards, since, renewed) VALUES ('small', 20, now(), now() + interval '1 hour');
INSERT INTO watcher.lease (name, epoch, owner, since, renewed)
SELECT name, 1, 'small', now(), now() + interval '1 hour' FROM (
    SELECT 'hosts:' || number AS name FROM generate_series(44, 63) AS number
    UNION ALL SELECT 'topics:' || number FROM generate_series(0, 15) AS number
) AS leases
"""


class Cluster:
    """A cluster with two watches, and the command in a directory without a file of watches."""

    def __init__(self, command: Command, url: str) -> None:
        self.url = url
        self._command = command

    async def __call__(self, *arguments: str, **environment: str) -> Result:
        return await self._command(*arguments, WATCHER_DATABASE=self.url, **environment)


@pytest.fixture
async def cluster(cluster_url: str, tmp_path: Path) -> Cluster:
    await declare(cluster_url, tmp_path)
    return Cluster(Command(tmp_path), cluster_url)


@pytest.fixture
async def worker(cluster: Cluster) -> AsyncIterator[AskedWorker]:
    async with a_worker(cluster.url, "dune", "tent") as worker:
        yield worker


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serve_site() as served:
        yield served


@pytest.mark.faults
async def test_watches_are_checked_by_workers(cluster: Cluster, worker: AskedWorker) -> None:
    before = worker.states["dune"].sequence
    done = await cluster("check", "dune")
    said = "asked to check now: the workers of the cluster\n1 unchanged\n"
    assert (done.status, done.out, done.err) == (0, said, "")
    assert worker.states["dune"].sequence == before + 1


async def test_what_a_dead_worker_had_is_shown_as_nobodys(cluster: Cluster) -> None:
    ask(cluster.url, _LEASES_OF_A_DEAD_WORKER)
    shown = (await cluster("cluster", "status")).out
    assert "64 shards of hosts held by nobody, with 2 watches: start `watcher worker`\n" in shown
    assert "16 shards of topics held by nobody, with 0 messages: start `watcher worker`\n" in shown
    assert "the dead one" not in shown


async def test_what_workers_that_live_have_no_room_for_is_shown(cluster: Cluster) -> None:
    ask(cluster.url, _A_WORKER_WITH_A_PART)
    shown = (await cluster("cluster", "status")).out
    assert "worker small: 20 shards of hosts, 16 of topics, at most 20\n" in shown
    assert "44 shards of hosts held by nobody, with 2 watches: start one more `watcher worker`, or raise" in shown
    assert "of topics held by nobody" not in shown
    assert len(re.findall("^hosts:", shown, re.MULTILINE)) == 2, "those with watches"
    assert (await cluster("cluster", "status", "--json")).record["unheld"] == {"hosts": 44, "topics": 0}


@pytest.mark.faults
async def test_watches_are_named_by_tag_without_a_file(cluster: Cluster, worker: AskedWorker) -> None:
    done = await cluster("pause", "--tag", "books", "--for", "2h", "--json")
    assert [(each["watch"], each["done"]) for each in done.records] == [("dune", True)]
    assert worker.states["dune"].paused_until is not None
    assert worker.states["tent"].paused_until is None
    shown = (await cluster("status", "--json")).records
    assert [(each["watch"], each["paused_until"] is not None) for each in shown] == [("dune", True), ("tent", False)]
    assert (await cluster("resume", "dune")).out == "dune: resumed\n"
    assert (await cluster("pause", "nobody")).err == "watcher: there is no watch nobody; watches: dune, tent\n"


@pytest.mark.usefixtures("worker")
async def test_status_shows_names_and_values(cluster: Cluster) -> None:
    (dune, tent) = (await cluster("status", "--json")).records
    assert (dune["name"], dune["url"], dune["tags"]) == ("Dune", "https://books.example/dune", ["books"])
    assert dune["values"] == {"price": 9}
    assert tent["next_check_at"] is not None
    assert "nothing checks" not in (await cluster("status")).out


@pytest.mark.faults
async def test_what_is_suspicious_is_accepted_by_a_worker(cluster: Cluster, worker: AskedWorker) -> None:
    done = await cluster("accept", "dune")
    assert (done.status, done.err) == (
        2,
        "watcher: dune: there is nothing to accept; its last check saw nothing suspicious\n",
    )
    state = worker.states["dune"]
    odd = CheckFailure(kind="suspicious", text="half of it is gone")
    await worker.save("dune", replace(state, failures=1, failure=odd, suspect=Suspect(odd="x", checks=1)))
    assert "dune: accepted; the watch goes on" in (await cluster("accept", "dune")).out
    assert worker.accepted == [("dune", "command")]


async def test_a_worker_that_has_just_died_is_shown_as_silent(cluster: Cluster) -> None:
    ask(cluster.url, _A_WORKER_WITH_A_PART)
    ask(cluster.url, "UPDATE watcher.worker SET renewed = clock_timestamp() - interval '15 seconds'")
    assert re.search(r"worker small: .*, at most 20, silent for 1\d s\n", (await cluster("cluster", "status")).out)


@pytest.mark.faults
async def test_a_watch_that_its_worker_does_not_check_is_named(cluster: Cluster, worker: AskedWorker) -> None:
    due_at = datetime.now(UTC) - timedelta(minutes=10)
    await worker.save("dune", replace(worker.states["dune"], next_check_at=due_at))
    del worker.watches["dune"]
    said = "1 watch overdue (dune); `watcher cluster status` shows who has it, and that worker's log why\n"
    assert said in (await cluster("status")).out
    done = await cluster("check", "dune")
    assert done.status == 1
    assert "its worker cannot read it, as where a `${NAME}` is not set there" in done.err


@pytest.mark.faults
async def test_without_workers_each_command_says_so(cluster: Cluster) -> None:
    done = await cluster("pause", "dune")
    assert done.status == 1
    assert re.fullmatch(r"watcher: no worker has hosts:\d+; start one with `watcher worker`\n", done.err)
    assert "nothing checks these watches now; start `watcher worker`" in (await cluster("status")).out


async def test_nothing_was_declared(cluster_url: str, tmp_path: Path) -> None:
    said = await Command(tmp_path)("pause", "dune", WATCHER_DATABASE=cluster_url)
    assert "no watches were declared in this database yet; `watcher apply` declares those of a file" in said.err


async def test_a_topic_that_was_declared_is_not_removed_without_a_file(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "watches.yaml").write_text(FILE, encoding="utf-8")
    assert (await cluster("apply")).status == 0
    (tmp_path / "watches.yaml").unlink()
    refused = await cluster("topics", "remove", "deals", "--yes")
    assert refused.err == ("watcher: what was declared names the topic deals; take it out of the file and apply that\n")


@pytest.mark.faults
@pytest.mark.usefixtures("worker")
async def test_a_file_beside_the_database_need_not_know_the_secrets(cluster: Cluster, tmp_path: Path) -> None:
    said = FILE.replace("{name: Dune,", "{name: Other, cookies: {session: '${SESSION}'},")
    (tmp_path / "watches.yaml").write_text(said, encoding="utf-8")
    assert (await cluster("pause", "dune", "--for", "2h")).status == 0
    shown = await cluster("status", "--json")
    assert (shown.err, shown.records[0]["name"]) == ("", "Dune")
    assert not [each for each in (await cluster("doctor", "--json")).records if each["check"] == "config"]
    assert (await cluster("messages")).err == ""
    assert (await cluster("subscribers")).err == ""


@pytest.mark.faults
async def test_a_watch_of_the_database_is_tried_where_its_secrets_are(
    cluster: Cluster, site: Site, tmp_path: Path
) -> None:
    site.show("/dune", "<p class=price>9</p>")
    said = FILE.replace('"https://books.example/dune"', f"'{site.url}/dune', allow_private: true")
    await declare(cluster.url, tmp_path, said.replace("{name: Dune,", "{name: Dune, cookies: {session: '${SESSION}'},"))
    for command in (["try", "dune", "--once"], ["suggest", "dune"]):
        refused = await cluster(*command)
        assert refused.status == 2
        assert "${SESSION} is not set in the environment; the workers have it" in refused.err
    tried = await cluster("try", "dune", "--once", "--json", SESSION="secret")
    assert (tried.status, tried.record["values"]) == (0, {"price": "9"})
    assert (await cluster("suggest", "dune", SESSION="secret")).out == "dune: works; nothing to suggest\n"


@pytest.mark.faults
async def test_where_a_lost_value_is_now_is_read_from_the_database(
    cluster: Cluster, worker: AskedWorker, site: Site, tmp_path: Path
) -> None:
    site.show("/dune", "<p>nothing</p>")
    said = FILE.replace('"https://books.example/dune"', f"'{site.url}/dune', allow_private: true")
    await declare(cluster.url, tmp_path, said)
    lost = CheckFailure(kind="missing", text="it finds nothing")
    await worker.save("dune", replace(worker.states["dune"], failures=3, failure=lost))
    found = await cluster("suggest", "--failing")
    assert found.status == 1
    assert "no good check has remembered what is around its values" in found.out
    refused = await cluster("suggest", "--failing", "--write")
    assert "--write is for where the file of the watches is" in refused.err


@pytest.mark.faults
@pytest.mark.parametrize("command", [["status"], ["history", "dune"], ["pause", "dune"], ["events"], ["outbox"]])
async def test_a_database_without_tables_says_what_makes_them(
    command: list[str], postgresql_url: str, tmp_path: Path
) -> None:
    said = await Command(tmp_path)(*command, WATCHER_DATABASE=postgresql_url)
    assert said.status == 1
    assert "`watcher database upgrade` makes them, and `watcher apply` does and declares your watches" in said.err


async def test_doctor_says_who_checks_which_watches_fail_and_nothing_of_files(
    cluster: Cluster, worker: AskedWorker
) -> None:
    broken = CheckFailure(kind="status", text="HTTP 500")
    await worker.save("dune", replace(worker.states["dune"], failures=3, failure=broken))
    found = (await cluster("doctor", "--json")).records
    said = {(each["check"], each["state"]): each["text"] for each in found}
    assert said["server", "error"] == "no server of this database runs, here or elsewhere"
    assert "2 watches checked by 1 worker" in [each["text"] for each in found]
    assert said["watches", "warning"] == "1 of 2 fail: dune (3 × status)"
    assert {"data", "private", "space", "growth"}.isdisjoint(each["check"] for each in found), "there is no directory"
    assert not [each["text"] for each in found if ".db" in each["text"] or "records" in each["text"]]


async def test_doctor_says_that_nobody_checks(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / ".watcher").mkdir()
    found = (await cluster("doctor", "--json")).records
    [said] = [each for each in found if each["check"] == "watcher"]
    assert (said["state"], said["text"]) == ("warning", "no worker checks the watches at this moment (2 of them)")
    assert not [each["text"] for each in found if "cache.db" in each["text"] or "records" in each["text"]]


async def test_a_server_that_is_looked_at_says_who_checks_the_watches(cluster: Cluster, tmp_path: Path) -> None:
    ask(cluster.url, _A_WORKER_WITH_A_PART)
    async with Sessions() as sessions:
        findings = await look_at_server(Settings(data=tmp_path, database=cluster.url), sessions, {}, seconds=20)
    said = [each.text for each in findings if each.check in (Check.DATABASE, Check.WATCHER)]
    assert [text for text in said if "by 0 servers and 1 worker of ours" in text]
    assert "no worker checks the watches at this moment (2 of them)" in said, "it has other shards"
