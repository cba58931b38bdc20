"""
The command line, and what errors become: 0 fine, 1 a check failed or something is undelivered, 2 wrong use.

Heavy imports stand inside the commands, and of the commands only the one that was asked for is imported (`help`).
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Annotated

import typer

import watcher
from watcher.cli.help import Commands
from watcher.cli.logs import LogFormat, set_up_logs
from watcher.errors import ConfigError, LockedError, UsageError, WatcherError

app = typer.Typer(
    name="watcher",
    cls=Commands,
    help="Know the minute the page changes. Friends join by scanning a code.",
    epilog="Start with `watcher demo`, or with `watcher init` and `watcher run`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_WRONG_USE = (ConfigError, UsageError, LockedError)


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"watcher {watcher.__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[  # noqa: ARG001 - its callback does it, for the body is not reached without a command
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens, not only what is wrong.")] = False,
    log_format: Annotated[
        LogFormat,
        typer.Option("--log-format", envvar="WATCHER_LOG_FORMAT", help="Log lines for people, or for programs."),
    ] = LogFormat.TEXT,
) -> None:
    """Set up what all commands share."""
    set_up_logs(log_format, is_verbose=verbose)


def main() -> None:
    """Run the command line and exit."""
    # Looking through all that start-up makes, again and again, for garbage that is not there is a tenth of a pass.
    gc.set_threshold(50_000, 20, 100)
    try:
        app()
    except WatcherError as error:
        typer.echo(_text(error), err=True)
        sys.exit(2 if isinstance(error, _WRONG_USE) else 1)
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does; Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _text(error: WatcherError) -> str:
    """Return problems as they are, for editors that jump to file:line:column, and anything else as one line."""
    if isinstance(error, ConfigError) and error.problems:
        return str(error)
    return f"watcher: {error}"
