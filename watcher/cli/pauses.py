"""What `pause`, `mute` and `resume` have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import click

from watcher import runtime
from watcher.cli.choosing import chosen
from watcher.cli.declaring import Argument, Option
from watcher.cli.output import print_json, time_json, time_text
from watcher.cli.watch_file import duration, load_watches
from watcher.core.pausing import LONGEST_PAUSE, PauseAct
from watcher.core.settings import Settings
from watcher.errors import UsageError

WatchesArgument = Annotated[list[str] | None, Argument(metavar="ID", help="Ids of watches.")]
ForOption = Annotated[str, Option("--for", metavar="TIME", help="For how long, as 1h or 7d.")]
_DONE: Final = {PauseAct.PAUSE: "paused", PauseAct.MUTE: "muted", PauseAct.RESUME: "resumed"}


def do(
    act: PauseAct,
    watches: Sequence[str] | None,
    tag: str | None,
    *,
    config: Path,
    settings: Settings,
    as_json: bool,
    lasting: str | None = None,
) -> None:
    """Do this with the watches that are named, and print a line for each. `lasting`: for how long."""
    if not watches and tag is None:
        raise UsageError(f"name the watches to {act}, or --tag")
    file = load_watches(config, settings)
    wanted = chosen(file, watches, tag)
    until = None if lasting is None else _end(lasting)
    done = {*runtime.pause(settings, file, wanted, act, until)}
    for watch in wanted:
        if as_json:
            print_json({"watch": watch, "done": watch in done, "until": time_json(until)})
        else:
            click.echo(f"{watch}: {_words(act, until) if watch in done else _why_not(act)}")


def _end(lasting: str) -> datetime:
    length = duration("--for", lasting)
    if not 0 < length.total_seconds() <= LONGEST_PAUSE.total_seconds():
        raise UsageError(f"--for takes more than 0s and up to {LONGEST_PAUSE.days} days; got {lasting}")
    return runtime.utc_now() + length


def _words(act: PauseAct, until: datetime | None) -> str:
    return _DONE[act] if until is None else f"{_DONE[act]} until {time_text(until, now=runtime.utc_now())}"


def _why_not(act: PauseAct) -> str:
    if act is PauseAct.RESUME:
        return "neither paused nor muted"
    return "not enabled, or not known to the watcher that runs"
