"""`watcher messages` and `watcher send`."""

from __future__ import annotations

import re

import pytest

from tests.cli.command import Command


@pytest.mark.faults
async def test_the_newest_are_shown_oldest_first_and_that_there_are_more_is_said(watcher: Command) -> None:
    await watcher("topics", "add", "Deals")
    for text in ("one", "two", "three"):
        assert (await watcher("send", "Deals", text)).out == "sent to Deals: 0 subscribers\n"
    shown = await watcher("messages", "--limit", "2", "--json")
    assert [record["content"] for record in shown.records] == ["two", "three"]
    assert shown.err == "there are more than 2; --limit shows others too\n"
    assert (await watcher("messages", "--json")).err == ""
    table = (await watcher("messages")).out
    headings = re.findall(r"[a-z]+", next(line for line in table.splitlines() if "summary" in line))
    assert "sent" in headings
    assert len(headings) == len(set(headings))
