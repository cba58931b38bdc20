"""Tables on a terminal, in which no cell is cut."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import click
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

_FOLDED_CHARACTERS: Final = 12
"""The least that a folding column is narrowed to."""
_BETWEEN_COLUMNS: Final = 2


def draw_table(headings: Sequence[str], rows: Sequence[Sequence[str]], folding: Collection[str]) -> None:
    """
    Print a table; the columns named in `folding` fold where a terminal ends, and nowhere in a file or a pipe.

    On a terminal that is too small for that, each row is a paragraph with a line for each cell that is not empty.
    """
    console = Console(highlight=False, emoji=False, markup=False)
    needed = _needed_width([headings, *rows], folding if console.is_terminal else ())
    if console.is_terminal and needed > console.width:
        click.echo("\n\n".join(_paragraph(headings, row) for row in rows))
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True)
    for heading in headings:
        table.add_column(heading, no_wrap=heading not in folding, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.width = max(console.width, needed)
    console.print(table)


def _paragraph(headings: Sequence[str], row: Sequence[str]) -> str:
    width = max(map(cell_len, headings)) + _BETWEEN_COLUMNS
    return "\n".join(f"{heading:{width}}{cell}" for heading, cell in zip(headings, row, strict=True) if cell)


def _needed_width(lines: Sequence[Sequence[str]], folding: Collection[str]) -> int:
    """Return how wide a table must be for its columns not to be cut; the headings are the first line."""
    widths = []
    for heading, *cells in zip(*lines, strict=True):
        width = max(map(cell_len, (heading, *cells)))
        widths.append(min(width, _FOLDED_CHARACTERS) if heading in folding else width)
    return sum(widths) + _BETWEEN_COLUMNS * (len(widths) - 1)
