"""`status` and `check` beside a watcher that runs, which alone knows the newest times and may check."""

from __future__ import annotations

import asyncio

import pytest

from tests.cli.command import Command
from tests.site import Site
from watcher import runtime
from watcher.core.settings import Settings
from watcher.store.lock import RoleLock

WATCHES = """
defaults: {{topic: deals, allow_private: true, every: 1h, per_host: {{min_delay: 0s}}}}
watches:
  dune: {{name: The book, url: '{site}/dune', extract: h1}}
  emma: {{url: '{site}/emma', extract: h1}}
"""


@pytest.mark.faults
async def test_a_check_is_made_by_the_watcher_that_runs_and_its_times_are_shown_at_once(
    watcher: Command, site: Site
) -> None:
    watcher.write(WATCHES.format(site=site.url))
    for page in ("/dune", "/emma"):
        site.show(page, "<h1>first</h1>")
    await watcher("check")
    settings = Settings(data=watcher.directory / ".watcher")
    async with watcher.running("run", "--port", "0") as (process, _):
        unchanged = await watcher("check", "dune", "--json")
        assert (unchanged.status, unchanged.record["outcome"]) == (0, "not_modified"), unchanged.err
        on_disk = runtime.reader(settings).state("dune")
        live = (await asyncio.to_thread(runtime.live_watches, settings))["dune"]
        assert on_disk is not None
        assert on_disk.checked_at is not None
        assert live.checked_at is not None
        assert live.checked_at > on_disk.checked_at
        site.show("/dune", "<h1>second</h1>")
        changed = await watcher("check")
        assert changed.status == 0, changed.err
        assert f"asked to check now: `watcher run`, process {process.pid}" in changed.out
        assert "dune: changed: second\n  telling deals: The book: first → second" in changed.out
        assert [message["summary"] for message in (await watcher("messages", "--json")).records] == [
            "The book: first → second"
        ]
        shown = {record["watch"]: record for record in (await watcher("status", "--json")).records}
        assert (shown["dune"]["name"], shown["dune"]["url"]) == ("The book", f"{site.url}/dune")
        watcher.write("watches: [")
        known = {record["watch"]: record for record in (await watcher("status", "--json")).records}
        assert (known["dune"]["name"], known["dune"]["values"]) == ("The book", {"value": "second"})
    assert list((settings.data / "requests").iterdir()) == []


async def test_a_failure_and_a_watch_that_the_other_does_not_know_end_with_1(watcher: Command, site: Site) -> None:
    watcher.write(WATCHES.format(site=site.url))
    site.show("/emma", "<h1>first</h1>")
    async with watcher.running("run", "--port", "0"):
        failed = await watcher("check", "--json")
        outcomes = {record["watch"]: record["outcome"] == "failed" for record in failed.records}
        assert (failed.status, outcomes) == (1, {"dune": True, "emma": False})
        other = WATCHES.format(site=site.url) + f"  more: {{url: '{site.url}/more', extract: h1}}\n"
        (watcher.directory / "other.yaml").write_text(other)
        ended = await watcher("check", "more", "--config", "other.yaml")
        assert (ended.status, ended.err.partition(";")[0]) == (1, "no result yet: more")


@pytest.mark.faults
async def test_a_watcher_that_does_not_answer_leaves_status_with_what_is_on_the_disk(
    watcher: Command, site: Site
) -> None:
    watcher.write(WATCHES.format(site=site.url))
    await watcher("check")
    with RoleLock(watcher.directory / ".watcher", "watcher", "watcher run"):
        shown = await watcher("status", "--json")
    assert (shown.status, len(shown.records)) == (0, 2)
    assert "the times are those on the disk" in shown.err
    assert "did not answer within 3 s" in shown.err
