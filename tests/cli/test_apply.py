"""`watcher apply`: a file becomes what the workers of a cluster watch, and what differs is shown."""

from __future__ import annotations

import os
from asyncio.subprocess import Process
from contextlib import AbstractAsyncContextManager, aclosing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.cli.command import Command, Result
from tests.cli.terminal import at_terminal, heard
from tests.store.cluster.tables import make_watch_tables
from watcher.config import load
from watcher.config.declared import Reader
from watcher.core.shards import HOST_SHARDS
from watcher.store.cluster.declarations import DeclarationStore

FILE = """\
defaults: {{topic: deals}}
topics: {{deals: {{name: Deals}}}}
watches:
  shop: {{for_each: [{shops}], url: "https://{{each}}.example/?k=${{KEY}}"}}
  news: {{url: "https://news.example/", every: {every}}}
"""


class Cluster:
    """A database with the tables of a cluster, and the command that declares to it."""

    def __init__(self, watcher: Command, url: str) -> None:
        self._watcher = watcher
        self._url = url

    async def apply(self, *arguments: str) -> Result:
        return await self._watcher("apply", *arguments, WATCHER_DATABASE=self._url)

    def apply_at_terminal(self) -> AbstractAsyncContextManager[tuple[Process, int]]:
        return at_terminal(self._watcher, "apply", "--database", self._url)

    @property
    def file(self) -> Path:
        return self._watcher.directory / "watches.yaml"

    def write(self, shops: str = "a, b", every: str = "1h") -> None:
        self.file.write_text(FILE.format(shops=shops, every=every))

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._url) as connection:
            return connection.execute(question.encode()).fetchall()


@pytest.fixture
def cluster(watcher: Command, postgresql_url: str) -> Cluster:
    made = Cluster(watcher, postgresql_url)
    make_watch_tables(postgresql_url)
    made.write()
    return made


@pytest.mark.faults
async def test_what_differs_is_shown_and_becomes_rows(cluster: Cluster) -> None:
    first = await cluster.apply()
    assert (first.status, first.out) == (
        0,
        "+ news\n+ shop.a\n+ shop.b\ngeneration 1: 3 added; 3 watches in all\n",
    )
    assert first.err == "watches.yaml: ${KEY} is not set here; the workers need it\n"
    cluster.write(shops="b, c", every="2h")
    assert (await cluster.apply()).out == (
        "+ shop.c\n~ news\n- shop.a\ngeneration 2: 1 added, 1 changed, 1 removed; 3 watches in all\n"
    )
    assert (await cluster.apply()).out == "nothing changed: 3 watches, generation 2\n"
    bodies = dict(cluster.ask("SELECT watch, body FROM watcher.declaration WHERE NOT is_gone"))
    assert bodies["shop.c"] == '{"url":"https://c.example/?k=${KEY}"}'


@pytest.mark.faults
async def test_a_worker_reads_what_the_file_says_in_its_environment(cluster: Cluster, postgresql_url: str) -> None:
    await cluster.apply()
    environ = {"KEY": "a-secret"}
    async with aclosing(DeclarationStore(postgresql_url)) as store:
        shards = [await store.of_shard(shard) for shard in range(HOST_SHARDS)]
    readers = {frame: Reader(frame, environ) for shard in shards for frame in shard.frames.values()}
    read = [
        readers[shard.frames[origin]].read(bodies).file.watches
        for shard in shards
        for origin, bodies in shard.bodies.items()
    ]
    said = load(cluster.file, environ).watches
    assert {id_: watch for watches in read for id_, watch in watches.items()} == said
    assert len(read) == 3  # each host is in a shard of its own


@pytest.mark.faults
async def test_topics_are_declared_to_the_push_service_too(cluster: Cluster) -> None:
    await cluster.apply("--dry-run")
    assert cluster.ask("SELECT to_regclass('push.topics')") == [(None,)]
    await cluster.apply()
    assert ("deals", "Deals") in cluster.ask("SELECT key, name FROM push.topics")


async def test_a_dry_run_changes_nothing(cluster: Cluster) -> None:
    dry = await cluster.apply("--dry-run")
    assert dry.out.endswith("+ shop.b\nwould be 3 added; 3 watches in all; nothing was changed\n")
    assert cluster.ask("SELECT * FROM watcher.declaration") == []


@pytest.mark.faults
@pytest.mark.parametrize(("typed", "status", "left"), [(b"y\n", 0, 3), (b"n\n", 1, 9), (b"\n", 1, 9)])
async def test_on_a_terminal_somebody_is_asked_whether_many_are_to_be_removed(
    cluster: Cluster, typed: bytes, status: int, left: int
) -> None:
    cluster.write(shops=", ".join("abcdefgh"))
    await cluster.apply()
    cluster.write(shops="a, b")
    async with cluster.apply_at_terminal() as (process, terminal):
        said = b""
        while b"[y/N]: " not in said:
            said += await heard(terminal)
        os.write(terminal, typed)
        assert await process.wait() == status
    assert b"- shop.c\r\n" in said
    assert b"remove 6 of the 9 watches of the origin `files`? " in said
    assert cluster.ask("SELECT count(*) FROM watcher.declaration WHERE NOT is_gone") == [(left,)]


@pytest.mark.faults
async def test_what_somebody_else_declares_before_the_answer_is_not_removed(cluster: Cluster) -> None:
    cluster.write(shops=", ".join("abcdefgh"))
    await cluster.apply()
    cluster.write(shops="a, b")
    async with cluster.apply_at_terminal() as (process, terminal):
        while b"[y/N]: " not in await heard(terminal):
            pass
        cluster.write(shops=", ".join("abcdefghijkl"))
        assert (await cluster.apply()).status == 0
        os.write(terminal, b"y\n")
        assert await process.wait() == 1
    assert cluster.ask("SELECT count(*) FROM watcher.declaration WHERE NOT is_gone") == [(13,)]


@pytest.mark.faults
async def test_many_are_removed_only_when_that_is_meant(cluster: Cluster) -> None:
    cluster.write(shops=", ".join("abcdefgh"))
    await cluster.apply()
    cluster.write(shops="a, b")
    refused = await cluster.apply()
    assert (refused.status, refused.out) == (2, "")
    assert refused.err == (
        "watcher: this removes 6 of the 9 watches of the origin `files` (shop.c, shop.d, shop.e, …), and nothing was "
        "changed: --dry-run names more, --delete-missing says that it is meant, and --origin says whose watches a file "
        "has\n"
    )
    dry = await cluster.apply("--dry-run")
    assert dry.out.endswith("without --delete-missing it would ask, or be refused, for it removes more than a fifth\n")
    meant = await cluster.apply("--delete-missing", "--json")
    assert meant.record == {
        "file": "watches.yaml",
        "origin": "files",
        "is_dry_run": False,
        "generation": 2,
        "watches": 3,
        "added": {"number": 0, "first": []},
        "changed": {"number": 0, "first": []},
        "removed": {"number": 6, "first": [f"shop.{each}" for each in "cdefgh"]},
        "renamed": {"number": 0, "first": []},
        "is_frame_changed": False,
        "needs_delete_missing": True,
        "not_set": ["KEY"],
    }


@pytest.mark.faults
async def test_many_ids_are_cut(cluster: Cluster) -> None:
    cluster.write(shops=", ".join(f"s{number:03}" for number in range(100)))
    assert (await cluster.apply()).out.splitlines()[-2:] == [
        "+ and 81 more",
        "generation 1: 101 added; 101 watches in all",
    ]


@pytest.mark.faults
async def test_another_default_is_told(cluster: Cluster) -> None:
    await cluster.apply()
    cluster.file.write_text(cluster.file.read_text().replace("{topic: deals}", "{topic: deals, every: 3h}"))
    assert (await cluster.apply()).out == (
        "generation 2: `defaults`, `topics` or `all_well` changed; 3 watches in all\n"
    )


async def test_a_file_with_mistakes_changes_nothing(cluster: Cluster) -> None:
    cluster.write(every="1")
    refused = await cluster.apply()
    assert refused.status == 2
    assert refused.err.startswith("watches.yaml:5:")
    assert cluster.ask("SELECT * FROM watcher.declaration") == []


@pytest.mark.faults
@pytest.mark.parametrize("origin", ["console", "a b", ""])
async def test_an_origin_that_is_none_is_refused(cluster: Cluster, origin: str) -> None:
    assert "--origin is a name of" in (await cluster.apply("--origin", origin)).err


async def test_whoever_names_no_database_is_told_how(watcher: Command) -> None:
    (watcher.directory / "watches.yaml").write_text("watches: {}")
    refused = await watcher("apply")
    assert (refused.status, refused.err) == (
        2,
        "watcher: name the database of the cluster, with --database or WATCHER_DATABASE\n",
    )
