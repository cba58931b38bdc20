"""Pages of a cluster's watches: one of each, the newest, for as long as the watch is declared."""

from __future__ import annotations

import logging
from contextlib import closing

import pytest
from msgspec.structs import replace

from tests import postgresql
from tests.core.builders import NOON
from watcher.core.check import Verdict
from watcher.core.kept_page import KeptPage
from watcher.store.cluster.kept_pages import ClusterKeptPages

PAGE = KeptPage(
    watch="dune",
    at=NOON,
    verdict=Verdict.CHANGED,
    url="https://example.org/",
    media_type="text/html",
    text="<p>\0 店 1</p>",
    is_cut=False,
)


def test_the_newest_page_of_a_watch_is_kept(lone_url: str) -> None:
    with closing(ClusterKeptPages(lone_url)) as pages:
        assert pages.page("dune") is None
        pages.keep(PAGE)
        pages.keep(replace(PAGE, text="later"))
        pages.keep(replace(PAGE, watch="other"))
        assert pages.page("dune") == replace(PAGE, text="later")
        pages.forget("dune")
        assert (pages.page("dune"), pages.page("other")) == (None, replace(PAGE, watch="other"))


def test_pages_go_with_the_declarations_of_their_watches_whoever_has_them(
    lone_url: str, postgresql_server: postgresql.Server
) -> None:
    with closing(ClusterKeptPages(lone_url)) as pages:
        for watch in ("dune", "other", "unknown"):
            pages.keep(replace(PAGE, watch=watch))
        gone = "UPDATE watcher.declaration SET is_gone = true WHERE watch = 'other'"
        postgresql_server.ask(gone, database=lone_url.rpartition("/")[2])
        pages.keep_declared()
        assert [pages.page(watch) is None for watch in ("dune", "other", "unknown")] == [False, True, True]


def test_a_page_that_is_not_taken_is_a_line_in_the_log(lone_url: str, caplog: pytest.LogCaptureFixture) -> None:
    nowhere = lone_url.rpartition("/")[0] + "/nowhere"
    with closing(ClusterKeptPages(nowhere)) as pages, caplog.at_level(logging.WARNING):
        pages.keep(PAGE)
        assert pages.page("dune") is None
    assert "the page of dune is not kept" in caplog.text
