"""`watcher pause`, `mute` and `resume`, beside a watcher that runs and without one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.command import Command, eventually
from tests.cli.test_live import asked, daemon, show, watches
from tests.site import Site


async def test_without_a_watcher_that_runs_the_state_is_written_and_a_pass_obeys_it(
    watcher: Command, site: Site
) -> None:
    watcher.write(watches(site, "dune", "emma"))
    show(site, "dune", "emma")
    await watcher("check")
    paused = await watcher("pause", "dune", "--for", "8h")
    assert paused.out.startswith("dune: paused until ")
    site.show("/dune", "<h1>other</h1>")
    passed = await watcher("check")
    assert site.requests["/dune"] == 1
    assert site.requests["/emma"] == 2
    assert "paused, and not checked: dune" in passed.err
    assert passed.status == 0
    [dune, emma] = (await watcher("status", "--json")).records
    left = datetime.fromisoformat(dune["paused_until"]) - datetime.now(UTC)
    assert timedelta(hours=7, minutes=50) < left <= timedelta(hours=8)
    assert (dune["muted_until"], emma["paused_until"]) == (None, None)
    assert "paused until" in (await watcher("status")).out

    assert (await watcher("resume", "dune", "emma")).out == "dune: resumed\nemma: neither paused nor muted\n"
    told = await watcher("check")
    assert "telling deals: dune: dune → other" in told.out


@pytest.mark.faults
async def test_what_a_muted_watch_shows_is_told_after_it_is_resumed(watcher: Command, site: Site) -> None:
    watcher.write(watches(site, "dune"))
    show(site, "dune")
    await watcher("check")
    [said] = (await watcher("mute", "dune", "--json")).records
    assert (said["watch"], said["done"]) == ("dune", True)
    site.show("/dune", "<h1>other</h1>")
    assert "telling" not in (await watcher("check")).out
    assert "muted until" in (await watcher("status")).out
    await watcher("resume", "dune")
    assert "telling deals: dune: dune → other" in (await watcher("check")).out


@pytest.mark.faults
async def test_the_watcher_that_runs_does_it_and_it_survives_its_end(watcher: Command, site: Site) -> None:
    watcher.write(watches(site, "dune", "emma"))
    show(site, "dune", "emma")
    async with daemon(watcher) as process:
        await asked(site, "/dune")
        assert "dune: paused until" in (await watcher("pause", "dune", "--for", "1d")).out
        process.kill()  # right after the answer
        await process.wait()
    [paused] = [each for each in (await watcher("events", "--json")).records if each["kind"] == "paused"]
    assert (paused["watch"], paused["by"]) == ("dune", "command")
    before = site.requests["/dune"], site.requests["/emma"]
    async with daemon(watcher):

        async def is_checked_again() -> bool:
            return site.requests["/emma"] > before[1] + 1

        await eventually(is_checked_again)
        assert site.requests["/dune"] == before[0]
        passed = await watcher("check", "dune", "emma")
        assert "paused, and not checked: dune" in passed.err
        assert (passed.status, site.requests["/dune"]) == (0, before[0])
        assert (await watcher("resume", "--tag", "none")).status == 2
        assert (await watcher("resume", "dune")).out == "dune: resumed\n"

        async def is_checked() -> bool:
            return site.requests["/dune"] > before[0]

        await eventually(is_checked)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["pause"], "name the watches to pause, or --tag", id="none named"),
        pytest.param(["mute", "nowhere"], "there is no watch nowhere", id="unknown"),
        pytest.param(["pause", "dune", "--for", "soon"], "--for", id="no time"),
        pytest.param(["pause", "dune", "--for", "0"], "--for", id="no time at all"),
        pytest.param(["pause", "dune", "--for", "0s"], "--for takes more than 0s", id="no time, with its unit"),
        pytest.param(["pause", "dune", "--for", "400d"], "up to 366 days", id="too long"),
    ],
)
async def test_wrong_use_is_said(watcher: Command, site: Site, arguments: list[str], said: str) -> None:
    watcher.write(watches(site, "dune"))
    answer = await watcher(*arguments)
    assert answer.status == 2
    assert said in answer.err
