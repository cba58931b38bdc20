"""`watcher events`: what happened, and what happens."""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.cli.command import Command, eventually
from tests.site import Site

DUNE = """
watches:
  dune:
    url: {site}/dune
    topic: deals
    allow_private: true
    every: 1s
    per_host: {{min_delay: 0s}}
    extract:
      price: {{css: .price, type: money}}
"""


async def checked(watcher: Command, site: Site, *prices: str) -> None:
    """Let the page show prices, one after the other; `-`: it is gone."""
    watcher.write(DUNE.format(site=site.url))
    for price in prices:
        if price == "-":
            site.pages.pop("/dune", None)
        else:
            site.show("/dune", f"<p class=price>€ {price}</p>")
        await watcher("check")


async def records(watcher: Command, *arguments: str) -> list[dict[str, Any]]:
    """The events as JSON."""
    shown = await watcher("events", "--json", *arguments)
    assert shown.status == 0, shown.err
    return shown.records


async def is_noted(watcher: Command, stream: str, number: int) -> bool:
    """Whether the cursor says that so many events of a stream were written."""
    positions = json.loads((watcher.directory / "cursor").read_text())["positions"]
    return bool(positions.get(stream, {}).get("number") == number)


async def test_changes_failures_and_messages_are_shown_and_nothing_of_what_is_as_it_was(
    watcher: Command, site: Site
) -> None:
    await watcher("topics", "add", "elsewhere")
    await checked(watcher, site, "12", "12", "8", "-", "8")
    changed, message, failing, recovered = await records(watcher)
    [announced] = changed["messages"]
    assert changed | {"at": None, "messages": None} == {
        "kind": "changed",
        "at": None,
        "watch": "dune",
        "messages": None,
        "sequence": 2,
        "old": {"price": {"amount": "12", "currency": "€", "code": "EUR"}},
        "new": {"price": {"amount": "8", "currency": "€", "code": "EUR"}},
    }
    assert (message["kind"], message["idempotency_key"], message["topic"]) == (
        "message",
        announced["id"],
        announced["topic"],
    )
    assert (message["inboxes"], message["summary"]) == (0, announced["summary"])
    assert (failing["kind"], failing["failures"], failing["error"]["kind"]) == ("failing", 1, "status")
    assert (recovered["kind"], recovered["failures"]) == ("recovered", 1)
    lines = (await watcher("events")).out.splitlines()
    assert [line.split()[1] for line in lines] == ["changed", "message", "failing", "recovered"]
    assert lines[0].endswith("dune: €12 → €8 (−33.3%); tells deals")
    assert lines[1].endswith("to nobody: no subscribers")


async def test_an_empty_directory_stays_empty(watcher: Command) -> None:
    shown = await watcher("events")
    assert (shown.status, shown.out, shown.err) == (0, "", "nothing happened yet\n")
    assert list(watcher.directory.iterdir()) == []


@pytest.mark.faults
async def test_since_shows_what_came_then(watcher: Command, site: Site) -> None:
    await checked(watcher, site, "12", "8")
    assert len(await records(watcher, "--since", "1h")) == 2
    assert len(await records(watcher, "--since", "2020-01-01")) == 2
    assert await records(watcher, "--since", "2999-01-01T00:00") == []
    refused = (await watcher("events", "--since", "soon")).err
    assert "--since: soon is not a length of time, such as 1h, or a time, such as 2026-01-31T08:00" in refused


@pytest.mark.parametrize("text", ["0001-01-01", "999999999d"])
async def test_a_time_that_no_clock_has_is_one_line(watcher: Command, text: str) -> None:
    shown = await watcher("events", "--since", text)
    assert (shown.status, shown.out, len(shown.err.splitlines())) == (2, "", 1)
    assert f"--since: {text} is not" in shown.err


async def test_a_cursor_goes_on_where_the_last_call_ended(watcher: Command, site: Site) -> None:
    await checked(watcher, site, "12", "8")
    here = ["--cursor-file", "cursor"]
    assert [event["kind"] for event in await records(watcher, *here)] == ["changed", "message"]
    assert await records(watcher, *here) == []
    await checked(watcher, site, "9")
    assert [event["kind"] for event in await records(watcher, *here)] == ["changed", "message"]
    (watcher.directory / "cursor").unlink()
    assert len(await records(watcher, *here)) == 4


@pytest.mark.faults
async def test_what_is_gone_is_said(watcher: Command, site: Site) -> None:
    await checked(watcher, site, "12", "8", "9", "10", "11")
    await records(watcher, "--cursor-file", "cursor")
    cursor = watcher.directory / "cursor"
    known = json.loads(cursor.read_text())
    known["positions"]["watches"]["number"] = 1
    known["positions"]["messages"]["epoch"] = "another"
    cursor.write_text(json.dumps(known))
    with closing(sqlite3.connect(watcher.directory / ".watcher" / "watches" / "cache.db")) as connection, connection:
        connection.execute("DELETE FROM Cache WHERE key < 'event/000000000004' AND key > 'event/'")
    found = await records(watcher, "--cursor-file", "cursor")
    dropped = [(event["stream"], event["count"]) for event in found if event["kind"] == "dropped"]
    assert sorted(dropped, key=str) == [("messages", None), ("watches", 2)]
    assert [event["kind"] for event in found].count("changed") == 1
    assert [event["kind"] for event in found].count("message") == 4


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("cursor", b"x", "is no cursor of this command; remove it to begin anew"),
        ("cursor", b'{"positions": {"weather": {}}}', "is no cursor of this command"),
        ("cursor", b'{"positions": {"watches": {"epoch": "\xff"}}}', "is no cursor of this command"),
        ("nowhere/cursor", None, "cannot be written: No such file or directory"),
    ],
    ids=["no JSON", "no stream", "no UTF-8", "no directory"],
)
async def test_a_cursor_that_cannot_be_used_is_one_line(
    watcher: Command, file: str, content: bytes | None, says: str
) -> None:
    if content is not None:
        (watcher.directory / file).write_bytes(content)
    shown = await watcher("events", "--cursor-file", file)
    assert (shown.status, shown.out, len(shown.err.splitlines())) == (2, "", 1)
    assert says in shown.err


@pytest.mark.faults
async def test_another_process_follows_a_watcher_that_runs_and_goes_on_after_a_kill(
    watcher: Command, site: Site
) -> None:
    await checked(watcher, site, "12")
    follow = ["events", "--follow", "--json", "--cursor-file", "cursor"]
    async with watcher.running("run", "--port", "0"):
        site.show("/dune", "<p class=price>€ 8</p>")
        async with watcher.running(*follow) as (process, first):
            assert json.loads(first)["kind"] == "changed"
            async with asyncio.timeout(30):
                assert json.loads(await process.stdout.readline())["kind"] == "message"
            await eventually(lambda: is_noted(watcher, "messages", 1))
            process.kill()
            await process.wait()
        site.show("/dune", "<p class=price>€ 9</p>")
        async with watcher.running(*follow) as (process, first):
            event = json.loads(first)
            assert (event["kind"], event["new"]["price"]["amount"]) == ("changed", "9")
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0


@pytest.mark.faults
async def test_who_follows_is_told_once_that_nothing_can_be_read_and_reads_on_later(
    watcher: Command, site: Site
) -> None:
    await checked(watcher, site, "12", "8")
    database = watcher.directory / ".watcher" / "push.db"
    async with watcher.running("events", "--follow", "--json") as (process, first):
        assert json.loads(first)["kind"] == "changed"
        async with asyncio.timeout(30):
            assert json.loads(await process.stdout.readline())["kind"] == "message"
            database.rename(watcher.directory / "aside")
            database.write_bytes(b"no database" * 1_000)
            warning = (await process.stderr.readline()).decode()
            assert "cannot be read now, and is read later" in warning
            (watcher.directory / "aside").replace(database)
            await checked(watcher, site, "9")
            kinds = [json.loads(await process.stdout.readline())["kind"] for _ in range(2)]
            assert kinds == ["changed", "message"]
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
        assert await process.stderr.read() == b""


@pytest.mark.faults
async def test_a_message_that_is_being_brought_to_its_readers_is_not_to_nobody(watcher: Command, site: Site) -> None:
    await checked(watcher, site, "12", "8")
    with closing(sqlite3.connect(watcher.directory / ".watcher" / "push.db")) as connection, connection:
        connection.execute("INSERT INTO fan_outs (message_id) SELECT id FROM messages")
    _, message = await records(watcher)
    assert message["inboxes"] is None
    assert (await watcher("events")).out.endswith(", being brought to its readers\n")
    assert (await watcher("history", "dune", "--json")).record["told"] == "waiting"


@pytest.mark.faults
async def test_what_people_did_and_a_new_baseline_are_shown(watcher: Command, site: Site) -> None:
    await checked(watcher, site, "12")
    for act in (["mute", "dune", "--for", "8h"], ["resume", "dune"], ["pause", "dune"], ["resume", "dune"]):
        await watcher(*act)
    watcher.write(DUNE.format(site=site.url).replace(".price", "p"))
    site.show("/dune", "<p class=price>€ 9</p>")
    await watcher("check")
    muted, resumed, *_, baseline = [each for each in await records(watcher) if "watch" in each]
    assert (muted["kind"], muted["by"], muted["until"] is None) == ("muted", "command", False)
    assert (resumed["kind"], resumed["until"]) == ("resumed", None)
    assert (baseline["kind"], baseline["messages"]) == ("baseline", [])
    assert baseline["new"]["price"]["amount"] == "9"
    shown = (await watcher("events")).out
    assert "dune: by command" in shown
    assert "baseline" in shown
    [change] = (await watcher("history", "dune", "--json")).records
    assert (change["baseline"], change["told"]) == (True, None)
    assert "baseline" in (await watcher("history", "dune")).out
    assert "0 messages in 0 changes" in (await watcher("replay", "dune")).out
