"""The watches of a cluster, as whoever shows them reads them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from pathlib import Path

import pytest

from watcher.config.declared import declared_of
from watcher.errors import ConfigError, StoreError
from watcher.runtime.cluster.catalog import Catalog, cluster_catalog
from watcher.store.cluster.declarations import DeclarationStore, DeclaredRows
from watcher.store.cluster.declaring import WantedRows

WATCHES = """\
defaults: {every: 1h, tags: [books], topic: deals}
topics: {deals: {name: Bargains}}
watches:
  dune: {url: "https://books.example/dune", cookies: {session: "${SESSION}"}, extract: {price: ".price"}}
  tent: {url: "https://tents.example/", extract: {price: ".price"}}
"""


@pytest.fixture
async def store(cluster_url: str) -> AsyncIterator[DeclarationStore]:
    async with aclosing(DeclarationStore(cluster_url)) as opened_store:
        yield opened_store


async def apply(store: DeclarationStore, folder: Path, text: str, origin: str = "files") -> None:
    file = folder / "watches.yaml"
    file.write_text(text, encoding="utf-8")
    declared = declared_of(file, {})
    declaring = WantedRows(
        origin=origin,
        frame=declared.frame,
        watches=declared.watches,
        digest=declared.digest,
        applied_by="a test",
    )
    await store.apply(declaring, may_delete=True)


def tags(watches: Catalog) -> Mapping[str, tuple[str, ...]]:
    return {id_: watch.tags for id_, watch in watches.file.watches.items()}


async def test_what_was_declared_since_is_read_alone(store: DeclarationStore, tmp_path: Path) -> None:
    watches = Catalog(store, {})
    await watches.refresh()
    assert (watches.generation, tags(watches)) == (0, {})
    await apply(store, tmp_path, WATCHES)
    await watches.refresh()
    assert tags(watches) == {"dune": ("books",), "tent": ("books",)}
    assert watches.file.topics["deals"].name == "Bargains"
    kept = watches.file.watches["tent"]
    await apply(store, tmp_path, WATCHES.replace("books.example/dune", "books.example/dune2"))
    await watches.refresh()
    assert watches.file.watches["tent"] is kept
    assert watches.file.watches["dune"].request.url.endswith("dune2")


async def test_a_frame_that_changed_concerns_all_of_its_watches(store: DeclarationStore, tmp_path: Path) -> None:
    watches = Catalog(store, {})
    await apply(store, tmp_path, WATCHES)
    await watches.refresh()
    await apply(store, tmp_path, WATCHES.replace("[books]", "[paper]"))
    await watches.refresh()
    assert tags(watches) == {"dune": ("paper",), "tent": ("paper",)}


async def test_each_origin_has_its_own_and_what_is_gone_is_gone(store: DeclarationStore, tmp_path: Path) -> None:
    watches = Catalog(store, {})
    await apply(store, tmp_path, WATCHES)
    await apply(
        store,
        tmp_path,
        'watches: {sea: {url: "https://sea.example/", topic: deals, extract: {title: h1}}}',
        origin="second",
    )
    await watches.refresh()
    assert tags(watches) == {"dune": ("books",), "sea": (), "tent": ("books",)}
    await apply(store, tmp_path, "".join(WATCHES.splitlines(keepends=True)[:-1]))
    await watches.refresh()
    assert list(tags(watches)) == ["dune", "sea"]


async def test_a_command_says_that_nothing_was_declared(
    store: DeclarationStore, cluster_url: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="`watcher apply` declares"):
        await asyncio.to_thread(cluster_catalog, cluster_url, {})
    await apply(store, tmp_path, WATCHES)
    assert list((await asyncio.to_thread(cluster_catalog, cluster_url, {})).file.watches) == ["dune", "tent"]


class Failing(DeclarationStore):
    """One whose database refuses once, amid a look."""

    is_refusing = False

    async def of_origin(self, origin: str) -> DeclaredRows:
        if self.is_refusing:
            self.is_refusing = False
            raise StoreError("the connection was lost")
        return await super().of_origin(origin)


async def test_a_look_that_failed_is_made_whole_by_the_next_one(
    store: DeclarationStore, cluster_url: str, tmp_path: Path
) -> None:
    async with aclosing(Failing(cluster_url)) as failing:
        watches = Catalog(failing, {})
        await apply(store, tmp_path, WATCHES)
        await watches.refresh()
        await apply(store, tmp_path, WATCHES.replace("[books]", "[paper]"))
        failing.is_refusing = True
        with pytest.raises(StoreError):
            await watches.refresh()
        await watches.refresh()
        assert tags(watches) == {"dune": ("paper",), "tent": ("paper",)}


@pytest.mark.parametrize(("environ", "lacking"), [({}, ["dune"]), ({"SESSION": "secret"}, [])], ids=["not", "set"])
async def test_what_lacks_its_secrets_here_is_known(
    store: DeclarationStore, tmp_path: Path, environ: Mapping[str, str], lacking: list[str]
) -> None:
    watches = Catalog(store, environ)
    await apply(store, tmp_path, WATCHES)
    await watches.refresh()
    assert (list(watches.file.watches), [*watches.lacking]) == (["dune", "tent"], lacking)
    assert all("${SESSION} is not set in the environment" in problem for problem in watches.lacking.values())
