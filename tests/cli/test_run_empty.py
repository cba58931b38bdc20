"""`watcher run` where no file of watches was written yet: a newcomer's first start, and the file that was lost."""

from __future__ import annotations

import pytest

from tests.cli.command import Command, line_with
from tests.cli.test_live import asked, daemon, show, stop, watches
from tests.site import Site


async def test_it_starts_without_watches_and_says_how_they_are_made(watcher: Command) -> None:
    async with watcher.running("run", "--port", "0") as (process, first):
        second = (await process.stdout.readline()).decode()
    assert first.startswith("watching 0 pages")
    assert second.startswith("there is no watches.yaml yet: make watches in the console, http://127.0.0.1:")
    assert second.endswith("/console/watches, or write one by `watcher add URL`\n")


@pytest.mark.faults
async def test_the_first_watch_is_taken_into_use_and_its_file_is_missed_from_then_on(
    watcher: Command, site: Site
) -> None:
    show(site, "a")
    async with daemon(watcher) as process:
        watcher.write(watches(site, "a"))
        await asked(site, "/a")
        (watcher.directory / "watches.yaml").unlink()
        await line_with(process.stderr, "there is no watches.yaml")
        assert "1 added" not in await stop(process)
    again = await watcher("run", "--port", "0")
    assert (again.status, again.err.count("\n")) == (2, 1)
    assert "there is no watches.yaml, and .watcher has what is known of 1 watch; " in again.err
    assert f"put the file back, which was {watcher.directory}/watches.yaml, or let" in again.err


@pytest.mark.faults
async def test_a_first_watch_that_the_tools_write_is_taken_into_use(watcher: Command, site: Site) -> None:
    site.show("/dune", "<title>Dune</title><h1>Dune</h1><p class=price>€12.00</p>")
    async with daemon(watcher):
        added = await watcher("add", f"{site.url}/dune", "--yes", "--every", "2s")
        assert added.status == 0, added.err
        site.requests.clear()  # `add` itself has looked
        await asked(site, "/dune")


@pytest.mark.parametrize("named", ["watches.yaml", "others.yaml"])
async def test_a_file_that_was_named_must_be_there(watcher: Command, named: str) -> None:
    by_flag = await watcher("run", "--port", "0", "--config", named)
    by_environment = await watcher("run", "--port", "0", WATCHER_CONFIG=named)
    for ended in (by_flag, by_environment):
        assert (ended.status, ended.out) == (2, "")
        assert f"there is no {named}; `watcher init` writes one" in ended.err
    assert not (watcher.directory / ".watcher").exists()


async def test_watches_without_their_main_file_are_not_passed_over(watcher: Command) -> None:
    (watcher.directory / "watches.d").mkdir()
    (watcher.directory / "watches.d" / "added.yaml").write_text("watches: {}\n")
    ended = await watcher("run", "--port", "0")
    assert (ended.status, ended.out) == (2, "")
    assert "there is no watches.yaml, and watches.d is there; put the file back" in ended.err


async def test_a_link_that_leads_nowhere_is_no_new_directory(watcher: Command) -> None:
    (watcher.directory / "watches.yaml").symlink_to("gone.yaml")
    ended = await watcher("run", "--port", "0")
    assert (ended.status, ended.out) == (2, "")
    assert not (watcher.directory / ".watcher").exists()
