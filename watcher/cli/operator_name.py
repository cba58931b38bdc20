"""Whom a server names as its operator: asked at the first start on a terminal."""

from __future__ import annotations

import os
import select
import sys
import time
from typing import Final

import click

from watcher import runtime
from watcher.errors import UsageError

ANSWER_SECONDS: Final = 60.0
"""How long the first start waits for the name: nobody may sit at the terminal, as with `docker run -itd`."""
_MOST_BYTES: Final = 4_096
"""Of a line that is typed, as Linux has it."""


def ask_operator_name(*, seconds: float = ANSWER_SECONDS) -> str | None:
    """Return the name that is typed, empty where none is wanted or nobody answers; None without a terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    ends_at = time.monotonic() + seconds
    while True:
        click.echo("Who runs this server? Subscribers see this name (press Enter to show none): ", nl=False)
        typed = _line(ends_at - time.monotonic())
        if typed is None:
            click.echo(f"\nnobody answered within {seconds:g} s, so no name is shown; --operator-name sets one")
            return ""
        try:
            return runtime.checked_operator_name(typed)
        except UsageError as error:
            click.echo(f"{error}", err=True)  # it is asked again


def _line(seconds: float) -> str | None:
    """Return the next line of the terminal, empty at its end; None when none comes in time."""
    terminal = sys.stdin.fileno()
    is_there, _, _ = select.select([terminal], [], [], max(0.0, seconds))
    return os.read(terminal, _MOST_BYTES).decode(errors="replace") if is_there else None
