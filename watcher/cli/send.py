"""The command `send`: a message to a topic."""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING, Annotated

import click

from watcher.cli import options
from watcher.cli.asking import TopicArgument, ask_service, find_topic
from watcher.cli.declaring import Argument, Option, command
from watcher.cli.options import ConfigOption, DataOption, JsonOption
from watcher.cli.output import counted, print_json
from watcher.core.push import PushTopic, TargetResult
from watcher.errors import UsageError
from watcher.push.draft import make_draft, shows_nothing

if TYPE_CHECKING:
    from watcher.push.service import PushService


@command
def send(
    topic: TopicArgument,
    text: Annotated[str, Argument(metavar="TEXT", help="The text of the message; - reads it from standard input.")],
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    summary: Annotated[
        str | None, Option("--summary", metavar="TEXT", help="One line for lists of messages. Default: the text.")
    ] = None,
    url: Annotated[str | None, Option("--url", metavar="URL", help="What the message links to.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Send a message to a topic."""
    text = sys.stdin.read() if text == "-" else text
    if shows_nothing(text):
        raise UsageError("the message is empty; write a text")
    draft = make_draft(text, summary=summary, url=url)

    async def ask(service: PushService) -> tuple[PushTopic, TargetResult]:
        found = await find_topic(service, topic)
        owner = next(app for app in await service.apps.all() if app.id == found.app_id)
        key = secrets.token_hex(16)
        (result,) = await service.messages.send(owner, draft, topic_ids=[found.id], idempotency_key=key)
        return found, result

    found, result = ask_service(data, ask, config)
    if result.code != 1000:
        raise UsageError(result.status)
    if as_json:
        print_json({"message_id": result.message_id, "send_record_id": result.send_record_id})
    else:
        click.echo(f"sent to {found.name}: {counted(found.subscribers, 'subscriber')}")
        if not found.subscribers:
            click.echo(f"`watcher qr {found.key or found.id}` shows the code by which people subscribe", err=True)
