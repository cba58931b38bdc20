"""The floor (`benchmarks.floor`), set up over the same pages as a watcher."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from benchmarks.costs import Command
from benchmarks.floor import DATABASE
from benchmarks.pages import PRICE, ROWS, Layout
from benchmarks.tools.tool import Place

_CHECKOUT: Final = Path(__file__).parents[2]
_SELECTED: Final = {Layout.EARLY: PRICE, Layout.LATE: PRICE, Layout.ROWS: ROWS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """Bare aiohttp over so many pages, each every so many seconds."""

    name: ClassVar = "the floor"
    place: Place
    every_seconds: float

    async def prepare(self) -> None:
        """Write its file of URLs."""
        (self.place.directory / "urls.txt").write_text("\n".join(self.place.urls), encoding="utf-8")

    def long_run(self) -> Command:
        """Return the command."""
        options = ("--select", _SELECTED[self.place.layout], "--every", str(self.every_seconds))
        return Command(
            line=(sys.executable, "-P", "-m", "benchmarks.floor", "urls.txt", *options),
            directory=self.place.directory,
            environment={"PYTHONPATH": str(_CHECKOUT)},
        )

    def delivered(self) -> int:
        """Return how many rows it has committed."""
        with closing(sqlite3.connect(f"file:{self.place.directory / DATABASE}?mode=ro", uri=True)) as database:
            (number,) = database.execute("SELECT count(*) FROM changes").fetchone()
        return int(number)
