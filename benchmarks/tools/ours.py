"""watcher: `check`, with the push service embedded, and one subscriber whose inbox gets every change."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from benchmarks.costs import Command, run
from benchmarks.pages import PRICE, ROWS, Layout, Phase
from benchmarks.report import UnverifiedError
from benchmarks.tools.tool import CONCURRENCY, Place, Said

_CHECKOUT: Final = Path(__file__).parents[2]
_SECONDS: Final = 60


@dataclass(slots=True, kw_only=True)
class Watcher:
    """
    A checkout's watcher, by the Python that runs the benchmarks.

    Attributes:
        every: of its watches.
        checkout: whose code runs; this one's, unless another is named.
    """

    name: ClassVar = "watcher"
    # A page that no longer sends an ETag is a state of its own, written once.
    settles_in: ClassVar = frozenset({Phase.SAME})
    place: Place
    every: str = "10m"
    checkout: Path = _CHECKOUT
    _seen: int = 0

    async def prepare(self) -> None:
        """Write watches.yaml, and add a subscriber of the topic."""
        (self.place.directory / "watches.yaml").write_text(_watches_yaml(self.place, self.every), encoding="utf-8")
        adding = self.command("subscribers", "add", "--topic", "prices")
        if (await run(adding, limit_seconds=_SECONDS)).status != 0:
            raise UnverifiedError(f"watcher: no subscriber could be added: {adding.last_words()}")

    def one_pass(self) -> Command:
        """Return `watcher check`."""
        return self.command("check")

    def long_run(self) -> Command:
        """Return `watcher run`, with its push service."""
        return self.command("run", "--port", "0")

    def command(self, *words: str) -> Command:
        """Return any command of watcher."""
        return watcher_command(self.place.directory, *words, checkout=self.checkout)

    def said(self, output: str) -> Said:
        """Return how many watches told something that is in the inbox now. A check that failed is its exit status."""
        del output
        before, self._seen = self._seen, self.delivered()
        return Said(changed=self._seen - before, failed=0)

    def delivered(self) -> int:
        """Return how many different messages the inbox holds."""
        place = f"file:{self.place.directory}/.watcher/push.db?mode=ro"
        with closing(sqlite3.connect(place, uri=True)) as database:
            (number,) = database.execute(_DELIVERED).fetchone()
        return int(number)


def watcher_command(directory: Path, *words: str, checkout: Path = _CHECKOUT) -> Command:
    """Return a command of watcher that runs in a directory, with the file of watches and the data that are there."""
    return Command(
        line=(sys.executable, "-m", "watcher", *words),
        directory=directory,
        environment={"PYTHONPATH": str(checkout)},
    )


_DELIVERED: Final = """
    SELECT count(DISTINCT messages.summary) FROM deliveries JOIN messages ON messages.id = deliveries.message_id
    WHERE deliveries.channel = 'inbox' AND deliveries.state = 'sent'
"""


_PRICE: Final = f"extract: {json.dumps(PRICE)}"
_TABLE: Final = f"items: {{css: {json.dumps(ROWS)}, key: .code, fields: {{name: .name, price: .price}}}}"
_WATCHED: Final = {Layout.EARLY: _PRICE, Layout.LATE: _PRICE, Layout.ROWS: _TABLE}


def _watches_yaml(place: Place, every: str) -> str:
    lines = [
        "defaults:",
        "  topic: prices",
        f"  every: {every}",
        "  allow_private: true",
        f"  per_host: {{concurrency: {CONCURRENCY}, min_delay: 0s}}",
        *([] if place.is_believed else ["  verify: false"]),
        "watches:",
    ]
    for number, url in enumerate(place.urls):
        lines += [f"  w{number}:", f"    url: {url}", f"    {_WATCHED[place.layout]}"]
    return "\n".join([*lines, ""])
