"""`watcher topics`."""

from __future__ import annotations

import asyncio
import os
import pty
import sys

import pytest

from tests.cli.command import SECONDS, Command
from tests.push.emulators.bark import KEY, a_bark_server

SALES = "watches: {a: {url: 'https://shop.example/', topic: sales, extract: h1}}"


async def test_a_topic_is_closed_and_its_code_changed(watcher: Command) -> None:
    topic = (await watcher("topics", "add", "Deals", "--mode", "approval", "--json")).record
    number = str(topic["topic_id"])
    edited = (await watcher("topics", "edit", "Deals", "--name", "Offers", "--mode", "closed", "--json")).record
    assert (edited["name"], edited["mode"], edited["link"]) == ("Offers", "closed", topic["link"])
    rotated = (await watcher("topics", "rotate", number, "--json")).record
    assert rotated["link"] != topic["link"]
    assert [listed["link"] for listed in (await watcher("topics", "list", "--json")).records] == [rotated["link"]]


@pytest.mark.faults
@pytest.mark.parametrize("noun", ["topics", "apps"])
async def test_what_is_named_by_number_is_opened_and_closed(watcher: Command, noun: str) -> None:
    made = (await watcher(noun, "add", "Deals", "--json")).record
    number = str(made["topic_id" if noun == "topics" else "app_id"])
    for option, by_number in (("--by-number", True), ("--no-by-number", False)):
        edited = (await watcher(noun, "edit", number, option, "--json")).record
        assert (edited["name"], edited["by_number"]) == ("Deals", by_number)
        [listed] = [each for each in (await watcher(noun, "list", "--json")).records if each["name"] == "Deals"]
        assert listed["by_number"] is by_number
    assert (await watcher(noun, "edit", number)).status == 2


async def test_a_code_of_a_wrong_topic_or_for_a_wrong_place_is_one_line(watcher: Command) -> None:
    await watcher("topics", "add", "Deals")
    assert (await watcher("qr", "x")).err == "watcher: there is no topic x; topics: 1 Deals\n"
    nowhere = await watcher("qr", "Deals", "--png", "no/code.png")
    assert (nowhere.status, nowhere.err) == (2, "watcher: cannot write no/code.png: No such file or directory\n")


@pytest.mark.faults
async def test_a_name_that_leads_to_a_topic_of_the_application_is_given_to_no_other_one(watcher: Command) -> None:
    await watcher("apps", "add", "Shop")
    number = (await watcher("topics", "add", "Deals", "--json")).record["topic_id"]
    taken = f"watcher: name: Deals is topic {number} already; choose another name\n"
    assert (await watcher("topics", "add", "Offers")).status == 0
    for again in (("add", "Deals"), ("add", " Deals "), ("edit", "Offers", "--name", "Deals")):
        refused = await watcher("topics", *again)
        assert (refused.status, refused.out, refused.err) == (2, "", taken)
    assert (await watcher("topics", "edit", "Deals", "--name", "Deals", "--mode", "closed")).status == 0
    assert (await watcher("topics", "add", "Deals", "--app", "2")).status == 0
    assert len((await watcher("topics", "--json")).records) == 3


@pytest.mark.faults
async def test_a_key_of_the_file_and_the_name_of_a_merged_topic_are_taken(watcher: Command) -> None:
    watcher.write(SALES)
    await watcher("topics", "add", "Offers")
    [sales] = [each for each in (await watcher("topics", "--json")).records if each["key"] == "sales"]
    await watcher("topics", "merge", "Offers", "sales", "--yes")
    for name in ("sales", "Offers"):
        assert f"{name} is topic {sales['topic_id']} already" in (await watcher("topics", "add", name)).err


@pytest.mark.faults
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rotate", "x"], "there is no topic x; topics: none yet"),
        (["edit", "x"], "nothing to change"),
        (["add", "Deals", "--app", "99"], "there is no application 99"),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_line(watcher: Command, arguments: list[str], said: str) -> None:
    await watcher("apps", "add", "Shop")
    result = await watcher("topics", *arguments)
    assert result.status != 0
    assert said in result.err
    assert len(result.err.splitlines()) == 1


@pytest.mark.faults
async def test_a_topic_that_the_file_names_is_not_removed_and_one_with_subscribers_asks(watcher: Command) -> None:
    watcher.write(SALES)
    await watcher("subscribers", "add", "--topic", "sales")
    for topic, why in (("sales", "watches.yaml names the topic sales"), ("admin", "it cannot be removed")):
        refused = await watcher("topics", "remove", topic, "--yes")
        assert (refused.status, refused.out, len(refused.err.splitlines())) == (2, "", 1)
        assert why in refused.err
    watcher.write(SALES.replace("sales", "deals"))
    refused = await watcher("topics", "remove", "sales")
    assert (refused.status, len(refused.err.splitlines())) == (2, 1)
    assert refused.err.startswith("watcher: sales has 1 subscriber; pass --yes to remove it and end the subscription")
    removed = await watcher("topics", "remove", "sales", "--yes")
    assert (removed.status, removed.out.partition(" removed")[1:]) == (0, (" removed", "; it had 1 subscriber\n"))
    keys = [topic["key"] for topic in (await watcher("topics", "--json")).records]
    assert sorted(keys) == ["admin", "deals"]


@pytest.mark.faults
async def test_a_merged_topic_keeps_its_link_its_subscribers_and_its_key(watcher: Command) -> None:
    watcher.write(SALES)
    link = (await watcher("qr", "sales", "--png", "code.png")).out
    await watcher("subscribers", "add", "--topic", "sales")
    await watcher("topics", "add", "Deals")
    for topic, into, why in (
        ("sales", "sales", "sales is merged into itself"),
        ("admin", "Deals", "admin is where you"),
    ):
        refused = await watcher("topics", "merge", topic, into)
        assert refused.err.startswith(f"watcher: {why}"), refused.err
    empty = await watcher("send", "sales", " ")
    assert (empty.status, empty.err) == (2, "watcher: the message is empty; write a text\n")
    renamed = await watcher("topics", "edit", "sales", "--name", "Sales")
    assert renamed.err.startswith("watcher: write `topics: {sales: {name: …}}` in watches.yaml")
    refused = await watcher("topics", "merge", "sales", "Deals")
    assert (refused.status, len(refused.err.splitlines())) == (2, 1)
    merged = (await watcher("topics", "merge", "sales", "Deals", "--yes", "--json")).record
    assert (merged["moved"], merged["subscribers"]) == (1, 1)
    assert [topic["name"] for topic in (await watcher("topics", "--json")).records] == [
        "Alerts to the operator",
        "Deals",
    ]
    assert [each["topic"] for each in (await watcher("validate", "--json")).record["unheard"]] == ["admin"]
    assert (await watcher("qr", "sales", "--png", "code.png")).out != link
    assert (await watcher("send", "sales", "hello")).out == "sent to Deals: 1 subscriber\n"
    for name in ("sales", "Deals"):
        refused = await watcher("topics", "remove", name, "--yes")
        assert (refused.status, len(refused.err.splitlines())) == (2, 1)
        assert "watches.yaml names the topic sales" in refused.err


@pytest.mark.faults
async def test_a_topic_is_told_by_its_application_from_another_one_with_its_key(watcher: Command) -> None:
    watcher.write(SALES)
    await watcher("apps", "add", "Shop")
    await watcher("topics", "--json")
    await watcher("topics", "add", "sales", "--app", "2")
    watcher.write(SALES + "\ntopics:\n  sales: {app: Shop}\n")
    listed = (await watcher("topics", "--json")).records
    number = {topic["app_id"]: str(topic["topic_id"]) for topic in listed if topic["name"] == "sales"}
    assert "watches.yaml names the topic sales" in (await watcher("topics", "remove", number[2], "--yes")).err
    assert (await watcher("topics", "remove", number[1], "--yes")).status == 0


@pytest.mark.faults
@pytest.mark.parametrize(("typed", "is_left"), [(b"n\n", True), (b"y\n", False)])
async def test_on_a_terminal_the_answer_decides(watcher: Command, typed: bytes, is_left: bool) -> None:
    await watcher("topics", "add", "Deals")
    await watcher("subscribers", "add", "--topic", "Deals")
    ours, theirs = pty.openpty()
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "watcher", "topics", "remove", "Deals"),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=watcher.directory,
        )
        os.write(ours, typed)
        async with asyncio.timeout(SECONDS):
            status = await process.wait()
    finally:
        os.close(ours)
        os.close(theirs)
    assert (status == 0) is not is_left
    assert bool((await watcher("topics", "--json")).records) is is_left


@pytest.mark.faults
async def test_a_topics_feed_is_made_shown_and_ended(watcher: Command) -> None:
    await watcher("topics", "add", "Deals")
    assert (await watcher("topics", "feed", "Deals")).out == "Deals has no feed; --new makes one\n"
    made = (await watcher("topics", "feed", "Deals", "--new", "--json")).record
    shown = (await watcher("topics", "feed", "Deals")).out
    assert shown == f"Atom       {made['atom']}\nJSON Feed  {made['json_feed']}\n"
    assert (await watcher("topics", "feed", "Deals", "--new", "--end")).status == 2
    assert (await watcher("topics", "feed", "Deals", "--end")).out == "Deals has no feed\n"


@pytest.mark.faults
async def test_a_topic_is_posted_into_a_group_whose_webhook_is_read_and_not_shown(watcher: Command) -> None:
    await watcher("topics", "add", "Deals")
    webhook = "https://oapi.dingtalk.com/robot/send?access_token=" + "5" * 60 + "beef"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "watcher", "topics", "mirror", "Deals", "Buyers", "--keyword", "deal", "--json"),
        cwd=watcher.directory,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(SECONDS):
        out, err = await process.communicate(f"{webhook}\nSECf00dfeedf00dfeed\n".encode())
    assert (process.returncode, err) == (0, b"")
    assert b"5555" not in out
    [listed] = (await watcher("topics", "mirrors", "Deals", "--json")).records
    assert (listed["name"], listed["channel"], listed["address"]) == (
        "Buyers",
        "dingtalk",
        "oapi.dingtalk.com …beef",
    )
    assert "oapi.dingtalk.com …beef" in (await watcher("topics", "mirrors", "Deals")).out
    wrong = await watcher("topics", "unmirror", "Deals", "BOT_x")
    assert (wrong.status, "Buyers" in wrong.err) == (2, True)
    assert (await watcher("topics", "unmirror", "Deals", listed["id"])).status == 0
    assert (await watcher("topics", "mirrors", "Deals")).out == "the topic is posted into no group\n"


@pytest.mark.faults
async def test_a_test_says_whether_a_groups_robot_works(watcher: Command) -> None:
    await watcher("topics", "add", "Deals")
    async with a_bark_server() as bark:
        (watcher.directory / "robot").write_text(f"{bark.url}/{KEY}\n", encoding="utf-8")
        trusted = {"WATCHER_BARK_URL": bark.url}
        made = await watcher("topics", "mirror", "Deals", "Buyers", "--from", "robot", "--json", **trusted)
        group = made.record["id"]
        taken = await watcher("topics", "test-mirror", "Deals", group, **trusted)
        assert (taken.status, taken.out, taken.err) == (0, "Buyers: the robot took the test\n", "")
        assert [push["title"] for push in bark.pushes] == ["Deals · Test"]
        bark.keys.clear()
        gone = await watcher("topics", "test-mirror", "Deals", group, **trusted)
        assert (gone.status, gone.out) == (1, "")
        assert gone.err.startswith("Buyers: the test was not taken: ")
        assert gone.err.count("\n") == 1
    away = await watcher("topics", "test-mirror", "Deals", group, "--json", **trusted)
    assert (away.status, away.record["is_taken"], bool(away.record["reason"])) == (1, False, True)
    wrong = await watcher("topics", "test-mirror", "Deals", "BOT_x")
    assert (wrong.status, "Buyers" in wrong.err) == (2, True)
    assert not (await watcher("topics", "mirrors", "Deals", "--json")).record["last"]
