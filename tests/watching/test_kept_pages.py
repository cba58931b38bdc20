"""The page of a check of note is kept, of which watches, without what is secret; and what comes of it."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.watching.shop import Shop, checked, watch_of
from watcher.config import parse
from watcher.core.check import Verdict, WatchState
from watcher.core.kept_page import MOST_BYTES
from watcher.core.watch import Secrets
from watcher.store.kept_pages import PAGES, KeptPages
from watcher.watching.check import CheckTools
from watcher.watching.keeping import KeptPageWriter


@pytest.fixture
def tools(tools: CheckTools, pages: KeptPages) -> CheckTools:
    return replace(tools, pages=KeptPageWriter(pages))


async def test_a_page_is_kept_at_the_baseline_at_a_change_and_at_a_failure_of_a_new_kind(
    shop: Shop, tools: CheckTools, pages: KeptPages
) -> None:
    watch, state, seen = watch_of(shop), WatchState(), []
    for html in (
        "<p class=price>1</p>",
        "<p class=price>1</p><i>ad</i>",
        "<p class=price>2</p>",
        "<p>gone</p>",
        "<p>gone, too</p>",
    ):
        shop.show("/dune", html)
        state = (await checked(tools, watch, state)).state
        page = pages.page("dune")
        assert page is not None
        seen.append((page.text, page.verdict))
    assert seen == [
        ("<p class=price>1</p>", Verdict.BASELINE),
        ("<p class=price>1</p>", Verdict.BASELINE),
        ("<p class=price>2</p>", Verdict.CHANGED),
        ("<p>gone</p>", Verdict.FAILED),
        ("<p>gone, too</p>", Verdict.FAILED),  # a lost value is looked for in the newest
    ]


async def test_nobody_else_can_read_it(shop: Shop, tools: CheckTools, tmp_path: Path) -> None:
    shop.price("/dune", "1")
    await checked(tools, watch_of(shop))
    (file,) = (tmp_path / PAGES).iterdir()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (file.parent, file)] == [0o700, 0o600]


@pytest.mark.faults
async def test_no_page_has_what_the_environment_filled_in(shop: Shop, tools: CheckTools, pages: KeptPages) -> None:
    watch = watch_of(shop)
    secrets = Secrets(values=(("KEY", "hunter2secret"),), url=watch.request.url)
    shop.show("/dune", f"<p class=price>1</p>{'x' * 1_000}hunter2secret{'<b>hunter2secret</b>' * 40_000}")
    await checked(tools, replace(watch, request=replace(watch.request, secrets=secrets)))
    page = pages.page("dune")
    assert page is not None
    assert "hunter2" not in page.text
    assert "***" in page.text
    assert page.is_cut


async def test_of_a_long_page_the_beginning_is_kept(shop: Shop, tools: CheckTools, pages: KeptPages) -> None:
    shop.show("/dune", "<p class=price>1</p>" + "价" * 300_000)
    await checked(tools, watch_of(shop))
    page = pages.page("dune")
    assert page is not None
    assert MOST_BYTES - 3 < len(page.text.encode()) <= MOST_BYTES
    assert page.is_cut


@pytest.mark.parametrize(
    ("keys", "is_kept"),
    [
        ("", True),
        ("keep_page: false", False),
        ("cookies: {session: x}", False),
        ("headers: {authorization: x}", False),
        ("headers: {X-Api-Key: x}", False),
        ("headers: {Accept: x, X-Requested-With: XMLHttpRequest}", True),
        ("headers: {Authorization: x}\n    keep_page: true", True),
        ("allow_private: true", False),
        ("allow_private: true\n    keep_page: true", True),
    ],
)
def test_a_page_behind_a_login_or_of_a_private_network_is_kept_only_where_that_is_asked(
    keys: str, is_kept: bool
) -> None:
    text = f"watches:\n  dune:\n    url: https://shop.example\n    topic: deals\n    {keys}\n"
    assert parse(text, file="x", environ={}).watches["dune"].keep_page is is_kept


def test_defaults_may_keep_none() -> None:
    text = "defaults: {keep_page: false}\nwatches:\n  dune: {url: 'https://shop.example', topic: deals}\n"
    assert not parse(text, file="x", environ={}).watches["dune"].keep_page


async def test_a_watch_that_keeps_none_has_none(shop: Shop, tools: CheckTools, pages: KeptPages) -> None:
    shop.price("/dune", "1")
    await checked(tools, replace(watch_of(shop), keep_page=False))
    assert pages.page("dune") is None


async def test_a_disk_that_takes_none_costs_a_line_in_the_log(
    shop: Shop, tools: CheckTools, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / PAGES).write_text("in the way", encoding="utf-8")
    shop.price("/dune", "1")
    with caplog.at_level(logging.WARNING):
        state = (await checked(tools, watch_of(shop))).state
    assert state.snapshot is not None
    assert "the page of dune is not kept" in caplog.text


async def test_pages_go_with_their_watches(shop: Shop, tools: CheckTools, pages: KeptPages, tmp_path: Path) -> None:
    for name in ("dune", "emma"):
        shop.price(f"/{name}", "1")
        await checked(tools, watch_of(shop, name))
    (tmp_path / PAGES / ".x.draft").write_text("left by a kill", encoding="utf-8")
    pages.keep_only({"emma"})
    assert pages.page("dune") is None
    assert pages.page("emma") is not None
    assert len([*(tmp_path / PAGES).iterdir()]) == 1


def test_what_is_no_page_is_none(pages: KeptPages, tmp_path: Path) -> None:
    (tmp_path / PAGES).mkdir()
    path = pages._path("dune")
    for text in ("", "{}", '{"page": 1}', "\0"):
        path.write_text(text, encoding="utf-8")
        assert pages.page("dune") is None
