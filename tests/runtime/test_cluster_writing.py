"""What the console writes for all servers: rows of its own, and a folder of files that follows them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.config.test_declared import written
from tests.store.cluster.tables import make_watch_tables
from watcher.cluster.duties import make_tables
from watcher.config.declared import declared_of
from watcher.core.databases import ClusterDatabase
from watcher.core.settings import Settings
from watcher.core.watch import Topic
from watcher.errors import UsageError
from watcher.runtime.cluster.writing import ClusterWriter, cluster_writer
from watcher.runtime.serving.service import push_service
from watcher.store.cluster.declarations import Declarations
from watcher.store.cluster.declaring import CONSOLE, FILES, WantedRows

MAIN = """
defaults: {topic: deals, headers: {X: '${TOKEN}'}}
topics: {deals: {name: Deals}}
watches: {a: {url: 'https://a.example/'}}
"""
DUNE = "dune:\n  url: https://shop.example/dune  # the first edition\n  extract: {price: {css: .price, scale: 1.50}}\n"
BODY = '{"url":"https://shop.example/dune","extract":{"price":{"css":".price","scale":1.50}}}'


class Servers:
    """Servers of a cluster, with a console."""

    def __init__(self, url: str, directory: Path) -> None:
        self.declarations = Declarations(url)
        self.topics: list[str] = []
        self._directory = directory
        self.apply(MAIN)

    def apply(self, text: str) -> int:
        declared = declared_of(written(self._directory, text), {})
        return self.declarations.apply(
            WantedRows(
                origin=FILES,
                frame=declared.frame,
                watches=declared.watches,
                digest=declared.digest,
                applied_by="somebody",
            ),
            may_delete=True,
        ).generation

    def writer(self, name: str) -> ClusterWriter:
        made = ClusterWriter(self._directory / name, self.declarations, {}, declare_topics=self._declare)
        made.refresh()
        return made

    def rows(self) -> dict[str, str]:
        return dict(self.declarations.of_origin(CONSOLE).bodies.get(CONSOLE, {}))

    def _declare(self, topics: Iterable[Topic]) -> None:
        self.topics += [topic.key for topic in topics]


@pytest.fixture
def servers(postgresql_url: str, tmp_path: Path) -> Iterator[Servers]:
    make_watch_tables(postgresql_url)
    made = Servers(postgresql_url, tmp_path)
    yield made
    made.declarations.close()


def test_a_watch_of_the_console_is_a_row_of_its_own_that_others_read(servers: Servers) -> None:
    one, two = servers.writer("one"), servers.writer("two")
    one.write(one.adding("dune", DUNE))
    assert servers.rows() == {"dune": BODY}
    assert servers.declarations.of_origin(FILES).bodies == {FILES: {"a": '{"url":"https://a.example/"}'}}
    two.refresh()
    assert "scale: 1.50" in two.written("dune").text
    two.write(two.changing("dune", DUNE.replace("scale: 1.50", "type: money")))
    one.refresh()
    one.write(one.removing("dune"))
    assert servers.rows() == {}


def test_the_lines_stay_as_they_were_written_where_they_were_written(servers: Servers) -> None:
    one = servers.writer("one")
    one.write(one.adding("dune", DUNE))
    servers.apply(MAIN.replace("a.example", "b.example"))
    one.refresh()
    assert one.written("dune").text == DUNE
    assert servers.writer("one").written("dune").text == DUNE  # of a server that starts anew


def test_an_edit_can_be_taken_back(servers: Servers) -> None:
    one = servers.writer("one")
    edit = one.adding("dune", DUNE)
    one.write(edit)
    one.write(one.undoing(edit))
    assert servers.rows() == {}


def test_a_change_of_something_else_is_no_hindrance(servers: Servers) -> None:
    one = servers.writer("one")
    edit = one.adding("dune", DUNE)
    servers.apply(MAIN.replace("a.example", "b.example"))
    one.write(edit)
    assert servers.rows() == {"dune": BODY}


def test_what_another_server_changed_meanwhile_stays(servers: Servers) -> None:
    one, two = servers.writer("one"), servers.writer("two")
    edit = one.adding("dune", DUNE)
    two.write(two.adding("emma", DUNE.replace("dune", "emma")))
    with pytest.raises(UsageError, match="changed meanwhile"):
        one.write(edit)
    assert servers.rows().keys() == {"emma"}
    one.write(one.adding("dune", DUNE))
    assert servers.rows().keys() == {"dune", "emma"}


def test_a_watch_of_the_files_is_refused_and_nothing_is_written(servers: Servers) -> None:
    one = servers.writer("one")
    with pytest.raises(UsageError, match=r"already declared by another origin: a \(files\)"):
        one.write(one.adding("a", DUNE.replace("dune:", "a:")))
    with pytest.raises(UsageError, match="there is no watch a in the files"):
        one.changing("a", DUNE)
    assert servers.rows() == {}
    one.write(one.adding("dune", DUNE))


def test_its_topics_are_made_before_it_tells_them(servers: Servers) -> None:
    one = servers.writer("one")
    one.write(one.adding("dune", f"{DUNE}  topic: books\n"))
    assert {"deals", "books"} <= {*servers.topics}


def test_other_rules_are_tried_on_a_watch_of_the_files(servers: Servers) -> None:
    found = servers.writer("one").with_keys("a", {"notify_when": "changes", "name": "A"}, file="rules")
    assert (found.name, found.topics) == ("A", ("deals",))
    with pytest.raises(UsageError, match="there is no watch nowhere"):
        servers.writer("one").with_keys("nowhere", {}, file="rules")


def test_the_defaults_of_the_files_count(servers: Servers) -> None:
    one = servers.writer("one")
    assert one.default("topic") == "deals"
    assert [each.key for each in one.adding("dune", DUNE).out_of_reach] == ["headers"]
    servers.apply(MAIN.replace("topic: deals", "topic: news"))
    one.refresh()
    assert one.default("topic") == "news"


def test_it_knows_what_others_declare_after_a_look(servers: Servers) -> None:
    one, two = servers.writer("one"), servers.writer("two")
    one.write(one.adding("dune", DUNE))
    assert not knows(two, "dune")
    two.refresh()
    assert knows(two, "dune")


async def test_a_server_opens_it_with_the_topics_of_its_push_service(postgresql_place: ClusterDatabase) -> None:
    await make_tables(postgresql_place.url)
    settings = Settings(data=postgresql_place.data, database=postgresql_place.url)
    async with push_service(settings) as service, cluster_writer(settings, service, {}) as writer:
        edit = await asyncio.to_thread(writer.adding, "dune", f"{DUNE}  topic: books\n")
        await asyncio.to_thread(writer.write, edit)
        assert "books" in {topic.key for topic in await service.topics.all()}
        assert knows(writer, "dune")


def knows(writer: ClusterWriter, watch: str) -> bool:
    try:
        return writer.written(watch).body is not None
    except UsageError:
        return False
