"""
The command line, and what errors become: 0 fine, 1 a check failed or something is undelivered, 2 wrong use.

Of the commands only the one that was asked for is imported (`table`).
"""

from __future__ import annotations

import os
import re
import sys
from typing import Annotated

import click

import watcher
from watcher.cli.declaring import Option, parameters
from watcher.cli.logs import LogFormat, set_up_logs
from watcher.cli.table import Commands
from watcher.cli.wrong_use import line_of
from watcher.errors import ConfigError, LockedError, PushError, UsageError, WatcherError

_FIELD = re.compile(r"^(?:topic|app)_id: ")
"""What the API calls the parameter that is wrong; the sentence says it again."""
_WRONG_USE = (ConfigError, UsageError, LockedError, PushError)


def root(
    verbose: Annotated[bool, Option("--verbose", "-v", help="Log what happens, not only what goes wrong.")] = False,
    log_format: Annotated[
        LogFormat,
        Option(
            "--log-format", envvar="WATCHER_LOG_FORMAT", help="Write the log as text, or as one JSON object a line."
        ),
    ] = LogFormat.TEXT,
) -> None:
    """Set up what all commands share."""
    set_up_logs(log_format, is_verbose=verbose)


app = click.version_option(
    watcher.__version__, prog_name="watcher", message="%(prog)s %(version)s", help="Show the version and exit."
)(
    Commands(
        "watcher",
        callback=root,
        params=parameters(root),
        help="Know the minute the page changes. Friends join by scanning a code.",
        epilog="Start with `watcher demo`, or with `watcher add URL` and `watcher run`.",
        no_args_is_help=True,
    )
)


def main() -> None:
    """Run the command line and exit."""
    try:
        sys.exit(app(standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(line_of(error), err=True)
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("Aborted!", err=True)
        sys.exit(1)
    except WatcherError as error:
        click.echo(_text(error), err=True)
        sys.exit(2 if isinstance(error, _WRONG_USE) else 1)
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does; Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _text(error: WatcherError) -> str:
    """Return problems as they are, for editors that jump to file:line:column, and anything else as one line."""
    if isinstance(error, ConfigError) and error.problems:
        return str(error)
    return f"watcher: {_FIELD.sub('', str(error))}"
