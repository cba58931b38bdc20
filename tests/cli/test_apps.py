"""`watcher apps`."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from tests.cli.command import Command


@pytest.mark.faults
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


@pytest.mark.faults
async def test_callbacks_are_listed_newest_first_with_the_next_attempt_while_there_is_one(watcher: Command) -> None:
    made = (await watcher("apps", "add", "Shop", "--callback-url", "http://shop.example/", "--json")).record
    number = str(made["app_id"])
    assert (await watcher("apps", "callbacks", number)).out == "no callbacks in the last 30 days\n"
    uids = [(await watcher("subscribers", "add", "--app", number, "--json")).record["uid"] for _ in range(3)]
    listed = (await watcher("apps", "callbacks", number, "--json")).records
    assert [json.loads(each["body"])["data"]["uid"] for each in listed] == uids[::-1]
    assert {(each["state"], each["attempts"], each["status"], each["reason"]) for each in listed} == {
        ("pending", 0, None, None)
    }
    assert all(each["due_at"] for each in listed)


async def test_why_an_application_has_no_callbacks_is_said(watcher: Command) -> None:
    await watcher("apps", "add", "Shop")
    assert (await watcher("apps", "callbacks", "1")).out.startswith("application 1 has no callback URL")


@pytest.mark.faults
async def test_a_settled_callback_is_not_tried_again_and_the_newest_are_shown(watcher: Command) -> None:
    await watcher("apps", "add", "Shop", "--callback-url", "http://shop.example/")
    for _ in range(3):
        await watcher("subscribers", "add", "--app", "2")
    settle_the_oldest(watcher)
    listed = (await watcher("apps", "callbacks", "2", "--json")).records
    assert [(each["state"], each["status"], each["due_at"] is None) for each in listed] == [
        ("pending", None, False),
        ("pending", None, False),
        ("delivered", 204, True),
    ]
    shown = await watcher("apps", "callbacks", "2", "--limit", "2")
    assert (shown.out.count("app_subscribe"), shown.out.count("delivered")) == (2, 0)
    assert shown.err == "there are more than 2; --limit shows others too\n"


def settle_the_oldest(watcher: Command) -> None:
    """Note that the owner's server took the oldest callback."""
    with closing(sqlite3.connect(watcher.directory / ".watcher" / "push.db")) as connection:
        connection.execute("UPDATE callbacks SET state = 'delivered', status = 204, attempts = 1 WHERE id = 1")
        connection.commit()


@pytest.mark.faults
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["edit", "1"], "nothing to change"),
        (["edit", "99", "--name", "x"], "there is no application 99"),
        (["edit", "1", "--callback-url", "ftp://x"], "callback_url: 'ftp://x' is no http"),
        (["reset-token", "1"], "publishes from inside"),
        (["reset-token", "1", "--grace", "9000d"], "a year at most"),
        (["qr", "99"], "there is no application 99; applications: 1 watcher"),
        (["callbacks", "99"], "there is no application 99; applications: 1 watcher"),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_line(watcher: Command, arguments: list[str], said: str) -> None:
    await watcher("apps", "add", "Shop")
    result = await watcher("apps", *arguments)
    assert result.status != 0
    assert said in result.err
    assert len(result.err.splitlines()) == 1


@pytest.mark.faults
async def test_what_another_server_gave_is_kept_and_what_is_taken_is_said(watcher: Command) -> None:
    token, uid = "AT_" + "m" * 32, "UID_" + "m" * 28
    made = await watcher("apps", "add", "Shop", "--token", token, "--id", "97123")
    assert (made.status, "application 97123" in made.out, token in made.out) == (0, True, False)
    assert (await watcher("apps", "add", "Twin", "--token", token, "--json")).err == (
        "watcher: token: application 97123 has this token: Shop\n"
    )
    assert (await watcher("topics", "add", "Deals", "--app", "97123", "--id", "40211", "--json")).record[
        "topic_id"
    ] == 40211
    arguments = ("subscribers", "add", "--uid", uid, "--topic", "40211", "--json")
    assert (await watcher(*arguments)).record["uid"] == uid
    again = await watcher(*arguments)
    assert (again.status, again.err) == (2, f"watcher: uid: there is a subscriber {uid} already\n")
