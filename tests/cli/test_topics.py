"""`watcher topics`."""

from __future__ import annotations

import pytest

from tests.cli.command import Command


async def test_a_topic_is_closed_and_its_code_changed(watcher: Command) -> None:
    topic = (await watcher("topics", "add", "Deals", "--mode", "approval", "--json")).record
    number = str(topic["topic_id"])
    edited = (await watcher("topics", "edit", "Deals", "--name", "Offers", "--mode", "closed", "--json")).record
    assert (edited["name"], edited["mode"], edited["link"]) == ("Offers", "closed", topic["link"])
    rotated = (await watcher("topics", "rotate", number, "--json")).record
    assert rotated["link"] != topic["link"]
    assert [listed["link"] for listed in (await watcher("topics", "list", "--json")).records] == [rotated["link"]]


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


async def test_a_wrong_topic_is_answered_with_those_there_are(watcher: Command) -> None:
    await watcher("topics", "add", "Deals")
    assert (await watcher("qr", "x")).err == "watcher: there is no topic x; topics: 1 Deals\n"


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
