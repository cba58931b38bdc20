"""The command `serve`."""

from __future__ import annotations

import click

from watcher import runtime
from watcher.cli.declaring import command
from watcher.cli.operator_name import ask_operator_name
from watcher.cli.password import say_first_password
from watcher.cli.server_options import takes_server_options, warn_of_loopback
from watcher.cli.watch_file import local_timezone
from watcher.core.settings import Settings


@command
@takes_server_options
def serve(settings: Settings) -> None:
    """Run the push service alone.

    It serves inboxes, subscribe pages, WxPusher's API and, at /console, the operator's console.
    """
    runtime.on_loop(
        runtime.serve(
            settings,
            on_ready=_say_what_is_next,
            on_password=say_first_password,
            ask_name=ask_operator_name,
            timezone=local_timezone(),
        )
    )


def _say_what_is_next(ready: Settings) -> None:
    click.echo(f"serving {ready.public_url}; the API is at {ready.public_url}/api/send/message")
    click.echo(
        "`watcher apps add NAME` prints a token to send with, `watcher topics add NAME --app ID` a link to follow"
    )
    warn_of_loopback(ready)
    click.echo("Ctrl-C stops it")
