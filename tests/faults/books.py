"""Comparing what a subscriber got with what it should have got."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from tests.faults.driver import Errand
from tests.faults.outside import Outside

_DELIVERED = (
    "SELECT messages.summary FROM deliveries JOIN messages ON messages.id = deliveries.message_id"
    " WHERE deliveries.channel = 'inbox' AND deliveries.state = 'sent' ORDER BY deliveries.id"
)


def complaints(errand: Errand, outside: Outside) -> list[str]:
    """Return what is wrong after an errand that was done, in words: lost, invented, twice, or out of order."""
    told = outside.told if errand.is_remote else in_the_inbox(errand.data / "push.db")
    return [*_about_story(errand, told), *_about_databases(errand.data)]


def in_the_inbox(database: Path) -> list[str]:
    """Return the summaries of what was delivered, in order."""
    with closing(sqlite3.connect(database)) as connection:
        return [summary for (summary,) in connection.execute(_DELIVERED)]


def story(errand: Errand, name: str) -> list[str]:
    """Return what is to be told of one page."""
    return [f"{name}: step {step} → step {step + 1}" for step in range(errand.steps)]


def _about_story(errand: Errand, told: Sequence[str]) -> Iterator[str]:
    expected = [summary for name in errand.names for summary in story(errand, name)]
    counts = Counter(told)
    yield from (f"lost: {summary}" for summary in expected if not counts[summary])
    yield from (f"invented: {summary}" for summary in counts if summary not in expected)
    yield from (f"{count} times: {summary}" for summary, count in counts.items() if count > 1)
    for name in errand.names:
        of_page = [summary for summary in dict.fromkeys(told) if summary in story(errand, name)]
        if of_page != sorted(of_page, key=story(errand, name).index):
            yield f"out of order: {of_page}"


def _about_databases(data: Path) -> Iterator[str]:
    for path in data.rglob("*.db"):
        with closing(sqlite3.connect(path)) as connection:
            if (found := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                yield f"{path.name} is damaged: {found}"
