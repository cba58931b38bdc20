"""docs/examples.md, executed: each watch sees its page change, and its readers get just the messages named here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.command import Command
from tests.examples.pages import book, card, courses, feed, trains
from tests.site import Site
from tests.sizes import some_now

TEXT = (Path(__file__).parents[2] / "docs" / "examples.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
FILES = {re.findall(r"^  (\w+):$", block, re.MULTILINE)[0]: block for block in BLOCKS}

Versions = list[dict[str, str]]
"""For each look: path → body."""

STORIES: dict[str, tuple[Versions, list[str]]] = {
    "dune": (
        [{"/dune": book(price)} for price in ("12.00", "11.60", "11.30", "11.30", "13.00", "10.80")],
        ["Dune £12.00 → £11.30 (−5.8%)", "Dune £13.00 → £10.80 (−16.9%)"],
    ),
    "trains": (
        [
            {"/trains": trains(rows)}
            for rows in (
                {"G2": "候补", "G4": "候补", "G6": "无票"},
                {"G2": "候补", "G4": "有票", "G6": "无票"},
                {"G2": "有票", "G4": "有票", "G6": "无票"},
                {"G2": "候补", "G4": "有票", "G6": "余票 3"},
                {"G6": "余票 2", "G4": "有票", "G2": "候补"},
            )
        ],
        ["To Beijing on Christmas Eve: G6: second out of stock → in stock"],
    ),
    "courses": (
        [
            {"/courses": courses(first, following="/courses/2"), "/courses/2": courses(second)}
            for first, second in (
                ({"CS1": 0, "CS2": 0}, {"CS3": 0, "CS4": 3}),
                ({"CS1": 0, "CS2": 0, "CS3": 0}, {"CS4": 3}),
                ({"CS1": 0, "CS2": 2, "CS3": 0}, {"CS4": 3, "CS5": 0}),
            )
        ],
        ["Computer science: 1 new (CS5 Course CS5), 1 changed (CS2 Course CS2)"],
    ),
    "card": (
        [
            {"/api/items/5090": card(*offer)}
            for offer in ((199_900, 1), (159_900, 0), (159_900, 1), (155_000, 1), (189_900, 1))
        ],
        ["Graphics card: stock out of stock → in stock"],
    ),
    "releases": (
        [
            {"/feed.xml": feed(titles)}
            for titles in (
                ["Release 1", "Holidays"],
                ["A review", "Release 1", "Holidays"],
                ["Release 2", "A review", "Release 1"],
                ["A review", "Release 1", "Holidays"],
                ["Release 2", "A review", "Release 1"],
            )
        ],
        ["Releases: + Release 2"],
    ),
}

_MOST_CHECKS = 20


def on(site: Site, text: str) -> str:
    """Return the file of watches with the test's own site for its hosts, at any hour, every second."""
    local = re.sub(r"https://\w+\.example", site.url, text)
    local = re.sub(r"^    active_hours:.*\n", "", local, flags=re.MULTILINE)
    local = re.sub(r"^    every:.*\n", "", local, flags=re.MULTILINE)
    return f"defaults: {{every: 1s, allow_private: true, per_host: {{min_delay: 0s}}}}\n{local}"


async def checked(watcher: Command) -> None:
    """Check all pages once."""
    done = await watcher("check")
    assert done.status == 0, done.err


@pytest.mark.parametrize("name", some_now([*STORIES], number=1))
async def test_an_example_tells_what_it_says(watcher: Command, site: Site, name: str) -> None:
    versions, summaries = STORIES[name]
    watcher.write(on(site, FILES[name]))
    site.content_types |= {"/api/items/5090": "application/json", "/feed.xml": "application/rss+xml"}
    for version in versions:
        for path, body in version.items():
            site.show(path, body)
        await checked(watcher)
    # What is confirmed is so after half a second: the last page stands until then.
    for _ in range(_MOST_CHECKS):
        told = (await watcher("messages", "--json")).records
        if len(told) >= len(summaries):
            break
        await checked(watcher)
    assert sorted(message["summary"] for message in told) == sorted(summaries)


def test_every_example_has_its_story() -> None:
    assert FILES.keys() == STORIES.keys()
