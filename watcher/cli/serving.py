"""The command `serve`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import typer

from watcher.cli import options
from watcher.cli.help import Command
from watcher.cli.options import (
    BaseUrlOption,
    CallLimitOption,
    DailyLimitOption,
    DataOption,
    HostOption,
    KeepMessagesOption,
    PortOption,
)

if TYPE_CHECKING:
    from watcher.runtime import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(cls=Command)(serve)


def serve(
    data: DataOption = options.DATA,
    host: HostOption = options.HOST,
    port: PortOption = options.PORT,
    base_url: BaseUrlOption = None,
    call_limit: CallLimitOption = options.CALL_LIMIT,
    daily_limit: DailyLimitOption = None,
    keep_messages: KeepMessagesOption = None,
) -> None:
    """Run the push service alone.

    It serves inboxes, subscribe pages and WxPusher's API.
    """
    from watcher import runtime

    settings = runtime.Settings(
        data=data,
        host=host,
        port=port,
        base_url=options.check_base_url(base_url),
        call_limit=call_limit,
        daily_limit=daily_limit,
        keep_messages=options.keep_messages(keep_messages),
    )

    def on_ready(ready: Settings) -> None:
        typer.echo(f"serving {ready.public_url}; the API is at {ready.public_url}/api/send/message")

    asyncio.run(runtime.serve(settings, on_ready=on_ready))
