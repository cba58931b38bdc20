"""The changing site of `make moves`, the jobs on it, and the watches of an import, without the tools themselves."""

from __future__ import annotations

import yaml

from benchmarks.moves.jobs import CHANGEDETECTION, URLWATCH, WEBCHANGES, jobs
from benchmarks.moves.site import Site
from tests.config.importing.archive import USUAL, zipped
from watcher.config.importing.source import read
from watcher.config.importing.watches import watches_of


def test_the_site_shows_the_same_at_the_same_step() -> None:
    one, other = Site(), Site()
    paths = [f"/{kind}/{number}" for kind in ("price", "list", "api", "product", "prose") for number in range(5)]
    for step in (0, 1, 7):
        one.step = other.step = step
        assert [one.page(path) for path in paths] == [other.page(path) for path in paths]
    assert one.page("/nothing/1") is None


def test_most_of_its_pages_change_now_and_then() -> None:
    site = Site()
    shown: dict[str, set[object]] = {}
    for site.step in range(21):
        for kind in ("price", "list", "shuffle", "notice", "version", "api", "product", "prose", "state"):
            shown.setdefault(kind, set()).add(site.page(f"/{kind}/1"))
    assert all(len(pages) > 3 for pages in shown.values())


def test_each_kind_of_job_is_among_a_few() -> None:
    for kinds in (URLWATCH, WEBCHANGES, CHANGEDETECTION):
        few = jobs(kinds, sum(kind[0] for kind in kinds), "http://x.example")
        said = [{key: value for key, value in job.items() if key not in ("name", "url")} for job in few]
        assert [kind[2] for kind in kinds if kind[2] not in said] == []


def test_a_watch_is_made_of_each_job_and_none_rests() -> None:
    site = "https://x.example"
    files = [yaml.safe_dump_all(jobs(kinds, 60, site)).encode() for kinds in (URLWATCH, WEBCHANGES)]
    parts = {
        f"{job['url'].rpartition('/')[2]:0>8}-0000-4000-8000-000000000000/watch.json": {**USUAL, **job}
        for job in jobs(CHANGEDETECTION, 60, site)
    }
    for content in (*files, zipped(parts)):
        found = watches_of(read(content), topic="t")
        assert [each.title for each in found if each.id is None or each.body.get("enabled") is False] == []
