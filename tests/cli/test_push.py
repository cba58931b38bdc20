"""A watcher here, a push service there: two data directories, two processes, WxPusher's API between them."""

from __future__ import annotations

from pathlib import Path

import aiohttp
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
    assert message["deliveries"] == {"queued": 0, "sent": 1, "shown": 0, "failed": 0}


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


async def test_an_application_is_edited_and_its_token_changed_with_grace(watcher: Command) -> None:
    made = (await watcher("apps", "add", "Shop", "--json")).record
    number = str(made["app_id"])
    edited = await watcher("apps", "edit", number, "--name", "Store", "--follow-prompt", "Hello {UID}", "--json")
    assert (edited.record["name"], edited.record["follow_prompt"]) == ("Store", "Hello {UID}")
    assert edited.record["link"].endswith(f"/a/{edited.record['slug']}")
    reset = await watcher("apps", "reset-token", number, "--grace", "1h")
    assert "good for another 1h" in reset.out
    assert made["app_token"] not in reset.out
    token = (await watcher("apps", "reset-token", number, "--json")).record["app_token"]
    assert token.startswith("AT_")
    assert (await watcher("apps", "reset-key", number, "--json")).record["signing_key"] != made["signing_key"]
    assert "/a/" in (await watcher("apps", "qr", number)).out
    listed = (await watcher("apps", "list", "--json")).records
    assert [app["name"] for app in listed] == ["watcher", "Store"]
    assert (await watcher("apps", "--json")).records == listed


async def test_a_topic_is_closed_and_its_code_changed(watcher: Command) -> None:
    topic = (await watcher("topics", "add", "Deals", "--mode", "approval", "--json")).record
    number = str(topic["topic_id"])
    edited = (await watcher("topics", "edit", "Deals", "--name", "Offers", "--mode", "closed", "--json")).record
    assert (edited["name"], edited["mode"], edited["link"]) == ("Offers", "closed", topic["link"])
    rotated = (await watcher("topics", "rotate", number, "--json")).record
    assert rotated["link"] != topic["link"]
    assert [listed["link"] for listed in (await watcher("topics", "list", "--json")).records] == [rotated["link"]]


async def test_a_subscriber_is_rejected_taken_back_and_removed(watcher: Command) -> None:
    await watcher("topics", "add", "Deals", "--mode", "closed")
    uid = (await watcher("subscribers", "add", "--topic", "Deals", "--json")).record["uid"]
    rejected = (await watcher("subscribers", "reject", uid, "--topic", "Deals", "--json")).record
    assert (rejected["uid"], rejected["state"], rejected["name"]) == (uid, "rejected", "Deals")
    assert "Deals (rejected)" in (await watcher("subscribers")).out
    refused = await watcher("subscribers", "approve", uid, "--topic", "Deals")
    assert (refused.status, "is rejected" in refused.err) == (1, True)
    assert f"{uid} follows Deals" in (await watcher("subscribers", "reject", uid, "--topic", "Deals", "--undo")).out
    (listed,) = (await watcher("subscribers", "list", "--json")).records
    assert [one["state"] for one in listed["subscriptions"]] == ["following"]
    assert "no longer follows" in (await watcher("subscribers", "remove", uid, "--topic", "Deals")).out
    assert (await watcher("subscribers", "--json")).record["subscriptions"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["apps", "edit", "1"], "nothing to change"),
        (["apps", "edit", "99", "--name", "x"], "there is no application 99"),
        (["apps", "edit", "1", "--callback-url", "ftp://x"], "callback_url: 'ftp://x' is no http"),
        (["apps", "reset-token", "1"], "publishes from inside"),
        (["apps", "reset-token", "1", "--grace", "9000d"], "a year at most"),
        (["apps", "qr", "99"], "there is no application 99; applications: 1 watcher"),
        (["topics", "rotate", "x"], "there is no topic x"),
        (["subscribers", "reject", "UID_x"], "--topic or --app"),
        (["subscribers", "reject", "UID_x", "--app", "1"], "there is no subscriber UID_x"),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_line(watcher: Command, arguments: list[str], said: str) -> None:
    result = await watcher(*arguments)
    assert result.status != 0
    assert said in result.err
    assert len(result.err.splitlines()) == 1


async def test_messages_are_kept_for_a_week_at_least(watcher: Command) -> None:
    refused = await watcher("serve", "--port", "0", "--keep-messages", "3d")
    assert (refused.status, refused.err) == (
        2,
        "watcher: --keep-messages 3d: at least 7d, for that long a repeated message is recognised\n",
    )


async def test_the_limits_of_the_server_are_the_operators(watcher: Command) -> None:
    token = (await watcher("apps", "add", "Job", "--json")).record["app_token"]
    uid = (await watcher("subscribers", "add", "--app", "2", "--json")).record["uid"]
    async with (
        watcher.running("serve", "--port", "0", "--call-limit", "2", "--daily-limit", "1") as (_, first),
        aiohttp.ClientSession() as session,
    ):
        base = first.split()[1].rstrip(";")
        answers = []
        for number in range(3):
            body = {"appToken": token, "content": f"news {number}", "uids": [uid]}
            async with session.post(f"{base}/api/send/message", json=body) as answer:
                answers.append(await answer.json())
    assert [answer["code"] for answer in answers] == [1000, 1000, 1001]
    assert [target["code"] for answer in answers[:2] for target in answer["data"]] == [1000, 1001]
