"""`watcher subscribers`."""

from __future__ import annotations

import pytest

from tests.cli.command import Command


@pytest.mark.faults
async def test_a_subscriber_is_rejected_taken_back_and_removed(watcher: Command) -> None:
    await watcher("topics", "add", "Deals", "--mode", "closed")
    uid = (await watcher("subscribers", "add", "--topic", "Deals", "--json")).record["uid"]
    rejected = (await watcher("subscribers", "reject", uid, "--topic", "Deals", "--json")).record
    assert (rejected["uid"], rejected["state"], rejected["name"]) == (uid, "rejected", "Deals")
    assert "Deals (rejected)" in (await watcher("subscribers")).out
    refused = await watcher("subscribers", "approve", uid, "--topic", "Deals")
    assert (refused.status, "is rejected" in refused.err) == (2, True)
    assert f"{uid} follows Deals" in (await watcher("subscribers", "reject", uid, "--topic", "Deals", "--undo")).out
    (listed,) = (await watcher("subscribers", "list", "--json")).records
    assert [one["state"] for one in listed["subscriptions"]] == ["following"]
    assert "no longer follows" in (await watcher("subscribers", "remove", uid, "--topic", "Deals")).out
    assert (await watcher("subscribers", "--json")).record["subscriptions"] == []


async def test_more_than_the_limit_are_not_shown_and_that_is_said(watcher: Command) -> None:
    uids = [(await watcher("subscribers", "add", "--app", "1", "--json")).record["uid"] for _ in range(3)]
    shown = await watcher("subscribers", "--limit", "2", "--json")
    assert [record["uid"] for record in shown.records] == uids[:2]
    assert shown.err == "there are more than 2; --limit shows others too\n"
    everybody = await watcher("subscribers", "--limit", "3", "--json")
    assert [record["uid"] for record in everybody.records] == uids
    assert everybody.err == ""


@pytest.mark.faults
async def test_a_topic_is_shown_with_its_key(watcher: Command) -> None:
    watcher.write(
        "topics: {deals: {name: Price drops}}\nwatches: {a: {url: 'https://shop.example/', topic: deals, extract: h1}}"
    )
    await watcher("subscribers", "add", "--topic", "deals")
    await watcher("send", "deals", "hello")
    for noun in ("subscribers", "messages"):
        assert "Price drops (deals)" in (await watcher(noun)).out
    (subscriber,) = (await watcher("subscribers", "--json")).records
    assert [each["topic_key"] for each in subscriber["subscriptions"]] == ["deals"]
    assert (await watcher("messages", "--json")).record["topic_key"] == "deals"


@pytest.mark.faults
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["reject", "UID_x"], "--topic or --app"),
        (["reject", "UID_x", "--app", "1"], "there is no subscriber UID_x"),
        (["add", "--topic", "x"], "there is no topic x"),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_line(watcher: Command, arguments: list[str], said: str) -> None:
    await watcher("subscribers", "add")
    result = await watcher("subscribers", *arguments)
    assert result.status != 0
    assert said in result.err
    assert len(result.err.splitlines()) == 1
