"""What the benchmarks want of a tool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final, Protocol

from benchmarks.costs import Command
from benchmarks.pages import Layout, Phase

CONCURRENCY: Final = 100
"""How many requests ours has in flight, and so has the floor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """
    Where a tool keeps its files, and what it watches.

    Attributes:
        directory: empty at first, and the tool's home.
        is_believed: false: the pages are on https with a certificate that nobody vouches for.
        layout: of all of its pages.
    """

    directory: Path
    urls: Sequence[str]
    is_believed: bool = True
    layout: Layout = Layout.EARLY


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a tool says that a pass came to, by its own report or in its own state."""

    changed: int
    failed: int


class Tool(Protocol):
    """
    A tool with its watches.

    Attributes:
        settles_in: the phases in which its first pass writes what later ones do not; that one is not measured.
    """

    name: ClassVar[str]
    settles_in: ClassVar[frozenset[Phase]]

    async def prepare(self) -> None:
        """Write its settings and watches into its directory."""

    def one_pass(self) -> Command:
        """Return the command that checks all watches once."""

    def said(self, output: str) -> Said:
        """Return what the last pass came to, of which `output` is all that it printed. Ask once after each pass."""


class LongRunner(Protocol):
    """What is measured while it runs: it checks all of its watches again and again."""

    name: ClassVar[str]

    async def prepare(self) -> None:
        """Write its settings and watches into its directory."""

    def long_run(self) -> Command:
        """Return the command that runs until SIGTERM."""

    def delivered(self) -> int:
        """Return how many changes are where they are kept: in an inbox, or on the disk."""
