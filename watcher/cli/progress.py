"""Progress of long work, on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from msgspec import Struct


class Progress(Struct, frozen=True, kw_only=True):
    """
    Work that goes on.

    Attributes:
        advance: one more piece of it is done.
        say: print a line; above the bar, when there is one on the same terminal.
    """

    advance: Callable[[], None] = lambda: None
    say: Callable[[str], None] = click.echo


@contextmanager
def progress(total: int, label: str, *, is_quiet: bool) -> Iterator[Progress]:
    """Show a bar on the error stream while the work goes on; what is logged meanwhile appears above it."""
    if is_quiet or not sys.stderr.isatty():
        yield Progress()
        return
    from rich import progress as rich
    from rich.console import Console

    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    bar = rich.Progress(*rich.Progress.get_default_columns(), console=console, transient=True, redirect_stdout=False)
    with bar:
        task = bar.add_task(label, total=total)

        def say(line: str) -> None:
            console.print(line, soft_wrap=True)

        # An output that goes to a file or a pipe is no business of the terminal's.
        yield Progress(advance=lambda: bar.advance(task), say=say if sys.stdout.isatty() else click.echo)


@contextmanager
def waiting(label: str, *, is_quiet: bool) -> Iterator[None]:
    """Show on the error stream that something is waited for, while it is."""
    if is_quiet or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True, highlight=False, markup=False, emoji=False).status(label):
        yield
