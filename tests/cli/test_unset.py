"""A `${NAME}` that is not set stops the watches that need it, and no others."""

from __future__ import annotations

import pytest

from tests.cli.command import Command, eventually
from tests.cli.test_live import HEAD, asked, daemon, show, stop, watches
from tests.site import Site

NEEDS_KEY = "  secret: {{url: {url}/secret, headers: {{X-Key: '${{KEY}}'}}, extract: h1}}\n"


@pytest.fixture
def files(watcher: Command, site: Site) -> Command:
    """Two watches, one of which needs `${KEY}`."""
    show(site, "plain", "secret")
    watcher.write(watches(site, "plain") + NEEDS_KEY.format(url=site.url))
    return watcher


@pytest.mark.faults
async def test_only_the_watch_that_needs_it_fails_and_its_page_is_not_asked(files: Command, site: Site) -> None:
    checked = await files("check", "--json")
    errors = {each["watch"]: each["error"] for each in checked.records}
    assert (checked.status, errors["plain"]) == (1, None), checked.err
    assert errors["secret"] == {
        "kind": "unset",
        "text": "${KEY} is not set in the environment, which is read at a start",
    }
    assert (site.requests["/plain"], site.requests["/secret"]) == (1, 0)
    told = [each["summary"] for each in (await files("messages", "--json")).records]
    assert len(told) == 1, told
    assert told[0].startswith("⚠ secret: ${KEY} is not set"), told

    again = await files("check", "--json", KEY="0123456789")
    assert (again.status, site.requests["/secret"]) == (0, 1), again.err


async def test_validate_still_calls_it_a_mistake_and_names_the_place(files: Command) -> None:
    result = await files("validate")
    assert (result.status, "headers.X-Key: ${KEY} is not set in the environment" in result.err) == (2, True)


async def test_its_page_is_not_tried_either_and_another_can_be_removed(files: Command, site: Site) -> None:
    tried = await files("try", "secret", "--json")
    assert (tried.status, tried.record["error"]["kind"], site.requests["/secret"]) == (1, "unset", 0)
    removed = await files("remove", "plain", "--yes")
    assert removed.status == 0, removed.err


@pytest.mark.faults
async def test_a_file_with_one_is_taken_into_use_while_the_watcher_runs(watcher: Command, site: Site) -> None:
    show(site, "first", "second", "secret")
    watcher.write(watches(site, "first"))
    async with daemon(watcher) as process:
        await asked(site, "/first")
        watcher.write(watches(site, "first", "second") + NEEDS_KEY.format(url=site.url))
        await asked(site, "/second")

        async def told() -> bool:
            records = (await watcher("messages", "--json")).records
            return any("${KEY}" in each["summary"] for each in records)

        await eventually(told, seconds=0.3)
        assert "cannot be used" not in await stop(process)
    assert site.requests["/secret"] == 0


@pytest.mark.faults
async def test_once_it_is_set_a_start_checks_at_once(watcher: Command, site: Site) -> None:
    show(site, "secret")
    watcher.write(HEAD.replace("every: 2s", "every: 1h") + NEEDS_KEY.format(url=site.url))
    assert (await watcher("check")).status == 1
    async with watcher.running("run", "--port", "0", KEY="0123456789"):
        await asked(site, "/secret")
