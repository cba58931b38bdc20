"""The command `demo`: see it work on pages that change by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.declaring import Option, command
from watcher.cli.event_output import event_line
from watcher.cli.options import BaseUrlOption
from watcher.core.event_streams import Event
from watcher.core.push import MessageEvent, PushTopic
from watcher.core.settings import Settings
from watcher.errors import UsageError
from watcher.push.qr import qr_text
from watcher.web.transport.server import open_socket

_ADVICE = (
    "Nothing loads? A firewall, a guest Wi-Fi, WSL or Docker may be in between: "
    "`watcher demo --base-url http://ADDRESS:PORT` names the address that the phone can reach."
)


@command
def demo(
    host: Annotated[
        str, Option("--host", envvar="WATCHER_HOST", metavar="ADDRESS", help="The address to listen on.")
    ] = "0.0.0.0",  # noqa: S104 - phones on the same Wi-Fi are the point
    port: Annotated[
        int | None,
        Option(
            "--port",
            envvar="WATCHER_PORT",
            metavar="PORT",
            low=0,
            high=65535,
            help="The port to listen on. Default: 8400, or a free one.",
        ),
    ] = None,
    base_url: BaseUrlOption = None,
) -> None:
    """See it work on pages that change by themselves.

    A small shop, a course table and a ticket page are watched for real, and whoever scans the code is told of each
    change. It needs no network and keeps no data.
    """
    port = _free_port(host) if port is None else port
    settings = Settings(data=options.DATA, host=host, port=port, base_url=options.check_base_url(base_url))

    def on_ready(ready: Settings, topics: Sequence[PushTopic]) -> None:
        for topic in topics:
            _print_invitation(ready, topic)

    runtime.on_loop(
        runtime.demo(
            settings,
            on_ready=on_ready,
            on_password=_print_way_into_the_console,
            on_event=_print_event,
        )
    )


def _print_invitation(ready: Settings, topic: PushTopic) -> None:
    link = ready.topic_link(topic)
    click.echo(qr_text(link))
    click.echo(f"Scan on the same Wi-Fi: {link}")
    click.echo(f"On this machine:        {ready.local_url}/t/{topic.slug}")
    click.echo("Press the button there; the first message comes within half a minute. Ctrl-C ends the demo.")
    click.echo(_ADVICE)


def _print_event(event: Event) -> None:
    """Print what happens; a message to nobody is left out, for the demo begins without subscribers."""
    if not isinstance(event, MessageEvent) or event.inboxes != 0:
        click.echo(event_line(event, now=runtime.utc_now()))


def _print_way_into_the_console(ready: Settings, password: str) -> None:
    click.echo(f"The operator's console: {ready.local_url}/console with the password {password}")
    click.echo("What happens is told here:")


def _free_port(host: str) -> int:
    """Return the usual port, or a free one when another demo or server has it. Raises UsageError."""
    try:
        probe = open_socket(host, options.PORT)
    except UsageError:
        probe = open_socket(host, 0)
    with probe:
        port: int = probe.getsockname()[1]
        return port
