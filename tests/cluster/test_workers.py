"""Workers of a cluster, as real processes: what is declared is checked by one of them, and told."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from tests import postgresql
from tests.cli.command import SECONDS, Command, eventually, line_with
from tests.cli.press import Process
from tests.faults.link import a_link
from tests.watching.shop import Shop, open_shop
from watcher.cluster.leases import TTL
from watcher.core.shards import HOST_SHARDS, TOPIC_SHARDS, hosts_lease, shard_of
from watcher.runtime.workers.working import STOP_SECONDS
from watcher.store.notices import notice_file, notice_text

_OWNERS: Final = "SELECT name, owner FROM watcher.lease WHERE owner IS NOT NULL AND name LIKE 'hosts:%'"
_LEASES: Final = "SELECT count(*) FROM watcher.lease WHERE owner IS NOT NULL"
_TOLD: Final = "SELECT summary FROM push.messages ORDER BY id"
_STATES: Final = "SELECT watch FROM watcher.state ORDER BY watch"
_EPOCH: Final = "SELECT epoch FROM watcher.cluster"
_PAGES: Final = "SELECT watch FROM watcher.page"
_COUNTED_LATE_SECONDS: Final = 12
_REST_SECONDS: Final = 30
_KILLED_SECONDS: Final = 30
"""After a signal, by units and pods."""
_MOST_A_SECOND: Final = 4.0
_FEW: Final = 4
_LONG_AGO: Final = r"""
UPDATE watcher.checked SET record = regexp_replace(record, '"next_check_at":"[0-9]{4}', '"next_check_at":"2020')
WHERE watch = 'dune'
"""
_FILE: Final = """\
defaults: {{topic: deals, every: 1s, allow_private: true, per_host: {{min_delay: 0s}}}}
topics: {{deals: {{name: Deals}}}}
watches:
{watches}
"""


class Cluster:
    """Workers on one database, and the site that they watch."""

    def __init__(
        self, server: postgresql.Server, name: str, directory: Path, shop: Shop, stack: AsyncExitStack
    ) -> None:
        self.server = server
        self._name = name
        self._directory = directory
        self._stack = stack
        self.shop = shop
        self.environment = {"WATCHER_DATABASE": server.url(name)}
        self.command = Command(directory)

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        return self.server.ask(statement, database=self._name)

    def write(self, *names: str, more: str = "") -> None:
        """Write a file of watches of these pages."""
        lines = [
            f"  {name}: {{url: '{self.shop.base}/{name}', extract: {{price: {{css: .price, type: number}}}}{more}}}"
            for name in names
        ]
        (self._directory / "watches.yaml").write_text(_FILE.format(watches="\n".join(lines)))

    async def apply(self, *names: str, more: str = "") -> None:
        """Declare watches of these pages."""
        self.write(*names, more=more)
        result = await self.command("apply", "--delete-missing", **self.environment)
        assert result.status == 0, result.err

    async def start(self, *options: str, **environment: str) -> Process:
        """Start a worker, and return when it works."""
        process, _ = await self._stack.enter_async_context(
            self.command.running("worker", *options, **{**self.environment, **environment})
        )
        return process

    async def status(self) -> dict[str, Any]:
        """Return what `cluster status` says."""
        result = await self.command("cluster", "status", "--json", **self.environment)
        assert (result.status, result.err) == (0, "")
        return result.record

    @property
    def lease(self) -> str:
        """Of the shard that the site's host is in."""
        return hosts_lease(shard_of("127.0.0.1", HOST_SHARDS))

    async def until_all_held(self) -> None:
        """Return when somebody has each lease."""

        async def look() -> bool | None:
            return True if self.ask(_LEASES) == [(HOST_SHARDS + TOPIC_SHARDS + 1,)] else None

        await eventually(look)

    def commits(self) -> int:
        """Return how many transactions there were, as PostgreSQL has counted them by now."""
        [(number,)] = self.server.ask(f"SELECT xact_commit FROM pg_stat_database WHERE datname = '{self._name}'")
        return int(number)

    def owners(self) -> Mapping[str, int]:
        """Return which process has each shard of hosts."""
        return {name: int(owner.split(":")[-2]) for name, owner in self.ask(_OWNERS)}

    async def until_held_by(self, *processes: Process) -> None:
        """Return when these hold all shards of hosts, each its quota."""
        wanted = {process.pid for process in processes}

        async def look() -> bool | None:
            quotas = Counter(self.owners().values())
            is_even = quotas.keys() == wanted and max(quotas.values()) - min(quotas.values()) <= 1
            return True if is_even and quotas.total() == HOST_SHARDS else None

        await eventually(look)

    async def until_told(self, *summaries: str) -> None:
        """Return when these were told, in this order and nothing else."""
        told: list[str] = []

        async def look() -> bool | None:
            told[:] = [summary for (summary,) in self.ask(_TOLD)]
            return True if told == [*summaries] else None

        try:
            await eventually(look)
        except TimeoutError:
            assert told == [*summaries]

    async def until_asked_no_more(self, path: str) -> None:
        """Return when a page was not asked for while another one was, several times."""
        shop = self.shop

        async def look() -> bool | None:
            return True if len(shop.asked) > _FEW and path not in shop.asked[-_FEW:] else None

        await eventually(look)

    async def until_known(self, *names: str) -> None:
        """Return when each was checked."""

        async def look() -> bool | None:
            return True if [watch for (watch,) in self.ask(_STATES)] == [*names] else None

        await eventually(look)


async def hears(systemd: socket.socket, word: str, *, within_seconds: float = SECONDS) -> None:
    """Return when a process has said this to systemd."""
    async with asyncio.timeout(within_seconds):
        while word not in (await asyncio.get_running_loop().sock_recv(systemd, 4096)).decode().split("\n"):
            pass


@pytest.fixture
async def cluster(
    postgresql_server: postgresql.Server, cluster_database: str, tmp_path: Path
) -> AsyncIterator[Cluster]:
    async with AsyncExitStack() as stack, open_shop() as shop:
        for name in ("dune", "solaris"):
            shop.price(f"/{name}", "12")
        yield Cluster(postgresql_server, cluster_database, tmp_path, shop, stack)


async def test_a_worker_checks_what_is_declared_and_tells_what_changes(cluster: Cluster) -> None:
    await cluster.apply("dune")
    cluster.write("solaris")  # which `apply` alone declares
    process = await cluster.start()
    await cluster.until_known("dune")
    cluster.shop.price("/dune", "9")
    await cluster.until_told("dune 12 → 9 (−25%)")
    await cluster.apply("dune", "solaris")  # while it works
    await cluster.until_known("dune", "solaris")
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0
    assert cluster.ask(_LEASES) == [(0,)], "all was given back"


@pytest.mark.faults
async def test_a_worker_goes_on_by_itself_when_the_database_was_put_back(cluster: Cluster) -> None:
    await cluster.apply("dune")
    await cluster.start()
    await cluster.until_known("dune")
    before = cluster.ask(_EPOCH)
    renewed = await cluster.command("database", "renew", **cluster.environment)
    assert renewed.status == 0, renewed.err
    assert cluster.ask(_EPOCH) != before
    cluster.shop.price("/dune", "9")
    await cluster.until_told("dune 12 → 9 (−25%)")


@pytest.mark.faults
async def test_the_page_of_a_watch_is_kept_in_the_database_while_it_is_meant_to_be(cluster: Cluster) -> None:
    await cluster.apply("dune", more=", keep_page: true")
    await cluster.start()
    await cluster.until_known("dune")
    assert cluster.ask(_PAGES) == [("dune",)]
    await cluster.apply("dune", more=", keep_page: false")

    async def look() -> bool | None:
        return True if not cluster.ask(_PAGES) else None

    await eventually(look)


async def test_workers_share_the_hosts_and_one_takes_over_what_another_leaves(cluster: Cluster) -> None:
    await cluster.apply("dune", "solaris")
    one = await cluster.start()
    await cluster.until_held_by(one)
    two = await cluster.start()
    await cluster.until_held_by(one, two)
    one.send_signal(signal.SIGTERM)
    assert await one.wait() == 0
    await cluster.until_held_by(two)
    await cluster.until_known("dune", "solaris")
    cluster.shop.price("/dune", "9")
    await cluster.until_told("dune 12 → 9 (−25%)")


@pytest.mark.faults
@pytest.mark.slow
async def test_a_watch_is_changed_and_removed_while_a_worker_checks_it(cluster: Cluster) -> None:
    await cluster.apply("dune", "solaris")
    await cluster.start()
    await cluster.until_known("dune", "solaris")
    await cluster.apply("solaris", more=", name: Tarkovsky")
    await cluster.until_asked_no_more("/dune")
    cluster.shop.price("/solaris", "9")
    await cluster.until_told("Tarkovsky 12 → 9 (−25%)")


@pytest.mark.faults
@pytest.mark.slow
async def test_a_watch_that_a_worker_cannot_read_is_told_once_and_the_others_are_checked(cluster: Cluster) -> None:
    await cluster.apply("dune", more=", headers: {X-Key: '${KEY}'}")
    first = await cluster.start()
    told = "Watches are not checked: headers.X-Key: ${KEY} is not set in the environment"
    await cluster.until_told(told)
    await cluster.apply("solaris")
    await cluster.until_known("solaris")
    first.send_signal(signal.SIGTERM)
    assert await first.wait() == 0
    await cluster.start(KEY="one")
    await cluster.apply("dune", "solaris", more=", headers: {X-Key: '${KEY}'}")
    await cluster.until_known("dune", "solaris")
    await cluster.until_told(told)


@pytest.mark.faults
async def test_the_status_of_a_cluster_says_who_has_what_and_what_is_late(cluster: Cluster) -> None:
    unheld = await cluster.command("cluster", **cluster.environment)
    assert (unheld.status, unheld.err) == (0, "")
    await cluster.apply("dune", "solaris")
    process = await cluster.start("--max-shards", "64")
    await cluster.until_held_by(process)
    await cluster.until_known("dune", "solaris")
    status = await cluster.status()
    assert (status["generation"], status["watches"], len(status["workers"])) == (1, 2, 1)
    owners = {shard["worker"].split(":")[-2] for shard in status["hosts"]}
    assert owners == {str(process.pid)}
    assert [shard["watches"] for shard in status["hosts"] if shard["watches"]] == [2]
    cluster.ask(_LONG_AGO)
    status = await cluster.status()
    assert [shard["most_overdue"] for shard in status["hosts"] if shard["most_overdue"]] == ["dune"]
    shown = (await cluster.command("cluster", "status", **cluster.environment)).out
    assert f"64 shards of hosts, 16 of topics, at most {HOST_SHARDS}" in shown


@pytest.mark.faults
async def test_a_worker_that_is_killed_is_taken_over_and_its_hosts_are_left_alone_until_then(cluster: Cluster) -> None:
    await cluster.apply("dune", "solaris")
    one = await cluster.start()
    await cluster.until_held_by(one)
    await cluster.until_known("dune", "solaris")
    two = await cluster.start()
    await cluster.until_held_by(one, two)
    for process in (one, two):
        if process.pid == cluster.owners()[cluster.lease]:
            process.kill()
            left, asked = two if process is one else one, len(cluster.shop.asked)
    began = time.monotonic()
    async with asyncio.timeout(2 * TTL.total_seconds() + 15):
        while len(cluster.shop.asked) == asked:  # noqa: ASYNC110 - another process asks
            await asyncio.sleep(0.1)
    assert time.monotonic() - began > TTL.total_seconds(), "what the dead one had under way has ended by then"
    cluster.shop.price("/dune", "9")
    await cluster.until_told("dune 12 → 9 (−25%)")
    await cluster.until_held_by(left)
    assert max(cluster.shop.most_at_once.values()) == 1


@pytest.mark.faults
async def test_a_worker_is_stopped_in_time_while_the_database_stands_still(cluster: Cluster) -> None:
    await cluster.apply("dune")
    async with a_link(cluster.server.port) as link:
        url = cluster.environment["WATCHER_DATABASE"]
        process = await cluster.start(WATCHER_DATABASE=url.replace(f":{cluster.server.port}/", f":{link.port}/"))
        await cluster.until_known("dune")
        link.stand_still()
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert await process.wait() == 1
        assert time.monotonic() - began < _KILLED_SECONDS


@pytest.mark.faults
async def test_systemd_hears_that_a_worker_stops_before_the_database_has_answered(
    cluster: Cluster, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.setblocking(False)
        async with a_link(cluster.server.port) as link:
            url = cluster.environment["WATCHER_DATABASE"].replace(f":{cluster.server.port}/", f":{link.port}/")
            process = await cluster.start(WATCHER_DATABASE=url, NOTIFY_SOCKET=str(tmp_path / "notify"))
            await hears(systemd, "READY=1")
            await cluster.until_all_held()
            link.stand_still()
            process.send_signal(signal.SIGTERM)
            await hears(systemd, "STOPPING=1", within_seconds=STOP_SECONDS / 2)
            process.kill()


@pytest.mark.faults
async def test_a_worker_with_all_shards_at_rest_makes_few_transactions(cluster: Cluster) -> None:
    await cluster.start()
    await cluster.until_all_held()
    await asyncio.sleep(_COUNTED_LATE_SECONDS)
    began, began_at = cluster.commits(), time.monotonic()
    await asyncio.sleep(_REST_SECONDS)
    made = (cluster.commits() - began) / (time.monotonic() - began_at)
    print(f"{made:.1f} transactions a second")
    assert made < _MOST_A_SECOND


@pytest.mark.faults
async def test_one_process_applies_its_file_checks_and_serves(cluster: Cluster) -> None:
    cluster.write("dune")
    async with cluster.command.running("run", "--port", "0", **cluster.environment) as (process, first):
        assert first.startswith("watching 1 page from watches.yaml; inbox at http://127.0.0.1:")
        await cluster.until_known("dune")
        cluster.shop.price("/dune", "9")
        await cluster.until_told("dune 12 → 9 (−25%)")
        cluster.write("dune", "solaris", more=", topic: fresh")
        await line_with(process.stderr, "nobody listens to fresh; `watcher qr fresh` shows the code to scan")
        await cluster.until_known("dune", "solaris")
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert cluster.ask(_LEASES) == [(0,)]


@pytest.mark.faults
async def test_one_process_tells_what_an_earlier_start_noted_for_the_operator(cluster: Cluster, tmp_path: Path) -> None:
    cluster.write("dune")
    noted = tmp_path / ".watcher" / notice_file("push.db", "1")
    noted.parent.mkdir(parents=True)
    noted.write_text(notice_text("Messages were lost", "push.db was damaged", datetime.now(UTC)), encoding="utf-8")
    async with cluster.command.running("run", "--port", "0", **cluster.environment):
        await cluster.until_told("Messages were lost")
        assert not noted.exists()


async def test_one_process_removes_no_more_than_a_fifth_unless_somebody_says_so(cluster: Cluster) -> None:
    await cluster.apply("a", "b", "c", "d", "dune")
    cluster.write("dune")
    refused = await cluster.command("run", "--port", "0", **cluster.environment)
    assert refused.status == 2
    assert "this removes 4 of the 5 watches" in refused.err
    assert "--delete-missing" in refused.err


async def test_a_directory_with_states_of_its_own_is_not_begun_anew_in_a_database(cluster: Cluster) -> None:
    cluster.write("dune")
    assert (await cluster.command("check")).status == 0
    refused = await cluster.command("run", "--port", "0", **cluster.environment)
    assert refused.status == 2
    [line] = refused.err.splitlines()
    assert "`watcher database copy --to URL` takes them to the database" in line


@pytest.mark.faults
async def test_commands_let_workers_check_and_leave_watches_alone(cluster: Cluster) -> None:
    async def said(*arguments: str) -> Any:
        result = await cluster.command(*arguments, "--json", **cluster.environment)
        assert result.err == ""
        return result.records

    await cluster.apply("dune", "solaris", more=", every: 1h")
    first, second = await cluster.start(), await cluster.start()
    await cluster.until_held_by(first, second)
    await cluster.until_known("dune", "solaris")
    (cluster.command.directory / "watches.yaml").unlink()
    cluster.shop.price("/dune", "9")
    checked = await said("check")
    assert {each["watch"]: (each["outcome"], each["values"]) for each in checked} == {
        "dune": ("changed", {"price": 9}),
        "solaris": ("unchanged", {"price": 12}),
    }
    await cluster.until_told("dune 12 → 9 (−25%)")
    assert [(each["new"], each["told"]) for each in await said("history", "dune")] == [({"price": 9}, "nobody")]
    assert [each["done"] for each in await said("pause", "dune")] == [True]
    assert [each["paused_until"] is None for each in await said("status")] == [False, True]
    assert [each["done"] for each in await said("resume", "dune", "solaris")] == [True, False]
    assert [each["kind"] for each in await said("events") if each.get("watch") == "dune"][:2] == ["changed", "paused"]
    assert await said("outbox") == []


@pytest.mark.faults
@pytest.mark.slow
async def test_a_webhook_is_told_what_workers_find(cluster: Cluster) -> None:
    cluster.write("dune")
    async with cluster.command.running("run", "--port", "0", "--private-callbacks", **cluster.environment):
        hook = ("webhooks", "add", "1", f"{cluster.shop.base}/hook", "--event", "change")
        added = await cluster.command(*hook, **cluster.environment)
        assert added.status == 0, added.err
        await cluster.until_known("dune")
        cluster.shop.price("/dune", "9")
        await eventually(lambda: _seen("/hook", cluster.shop))


async def _seen(path: str, shop: Shop) -> bool | None:
    return True if path in shop.asked else None
