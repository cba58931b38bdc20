"""`--push`: a watcher here, a push service there: two data directories, two processes, WxPusher's API between them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Command
from tests.site import Site

WATCHES = """
topics:
  deals: {{id: {topic}}}
watches:
  page:
    url: {site}/page
    topic: deals
    allow_private: true
    per_host: {{min_delay: 0s}}
    extract: h1
"""


async def test_a_change_reaches_a_push_service_elsewhere_once(watcher: Command, site: Site, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    there = Command(tmp_path / "there")
    async with there.running("serve", "--port", "0") as (_, first):
        server = first.split()[1].removesuffix(";")
        app = (await there("apps", "add", "watcher elsewhere", "--json")).record
        topic = (await there("topics", "add", "Deals", "--app", str(app["app_id"]), "--json")).record
        subscriber = (await there("subscribers", "add", "--topic", str(topic["topic_id"]), "--json")).record
        assert subscriber["uid"].startswith("UID_")
        assert subscriber["spt"].startswith("SPT_")
        watcher.write(WATCHES.format(site=site.url, topic=topic["topic_id"]))
        for heading in ("before", "after", "after"):
            site.show("/page", f"<h1>{heading}</h1>")
            checked = await watcher("check", "--push", server, WATCHER_APP_TOKEN=app["app_token"])
            assert checked.status == 0, checked.err
        (message,) = (await there("messages", "--json")).records
    assert (message["summary"], message["topic"]) == ("page: before → after", "Deals")
    assert message["deliveries"] == {"queued": 0, "sent": 1, "shown": 0, "opened": 0, "failed": 0}


async def test_a_push_service_that_is_away_leaves_the_message_in_the_outbox(watcher: Command, site: Site) -> None:
    watcher.write(WATCHES.format(site=site.url, topic=7))
    for heading in ("before", "after"):
        site.show("/page", f"<h1>{heading}</h1>")
        checked = await watcher(
            "check", "--push", "http://127.0.0.1:1", "--app-token", "AT_secret", "--drain-timeout", "1"
        )
    assert checked.status == 1
    assert "1 message" in checked.err
    assert "AT_secret" not in checked.err + checked.out
    (entry,) = (await watcher("outbox", "--json")).records
    assert (entry["topic"], entry["dead"]) == ("deals", None)
    assert entry["attempts"] >= 1


@pytest.mark.faults
async def test_a_wrong_token_is_a_dead_letter_that_says_so(watcher: Command, site: Site, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    there = Command(tmp_path / "there")
    async with there.running("serve", "--port", "0") as (_, first):
        server = first.split()[1].removesuffix(";")
        watcher.write(WATCHES.format(site=site.url, topic=1))
        for heading in ("before", "after"):
            site.show("/page", f"<h1>{heading}</h1>")
            await watcher("check", "--push", server, "--app-token", "AT_wrong", "--drain-timeout", "1")
    dead = [entry["dead"] for entry in (await watcher("outbox", "--json")).records if entry["topic"] == "deals"]
    assert len(dead) == 1
    assert "appToken" in dead[0]
