"""The commands `messages` and `send`: what was sent, and something to send."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import click

from watcher.cli import options
from watcher.cli.asking import TopicArgument, ask_service, find_topic
from watcher.cli.declaring import Argument, Option, command
from watcher.cli.options import ConfigOption, DataOption, JsonOption, LimitOption
from watcher.cli.output import counted, print_json, print_listing, time_json, time_text
from watcher.core.values import Json
from watcher.errors import UsageError

if TYPE_CHECKING:
    from watcher.core.push import MessageReport, PushTopic, TargetResult
    from watcher.push.service import PushService

_PROGRESS = ("queued", "sent", "shown", "opened", "failed")


def register(app: click.Group) -> None:
    """Add the commands of this module."""
    for function in (messages, send):
        app.add_command(command(function))


def messages(limit: LimitOption = options.LIMIT, data: DataOption = options.DATA, as_json: JsonOption = False) -> None:
    """Show what was sent last, oldest first, and how far it has come."""
    from watcher.runtime import utc_now

    async def ask(service: PushService) -> Sequence[MessageReport]:
        return await service.messages.reports(limit=limit + 1)

    now, found = utc_now(), ask_service(data, ask)
    print_listing(
        found[-limit:],
        has_more=len(found) > limit,
        as_json=as_json,
        record=_report_json,
        headings=("id", "sent", "topic", "summary", *_PROGRESS),
        cells=lambda report: (
            str(report.message.id),
            time_text(report.message.created_at, now=now),
            report.message.topic or "–",
            report.message.draft.summary,
            *map(str, _progress(report).values()),
        ),
        folding=("summary",),
        empty="nothing was sent yet",
    )


def send(
    topic: TopicArgument,
    text: Annotated[str, Argument(metavar="TEXT", help="What to say; - reads it from the standard input.")],
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    summary: Annotated[
        str | None, Option("--summary", metavar="TEXT", help="One line for the list; default: the text.")
    ] = None,
    url: Annotated[str | None, Option("--url", metavar="URL", help="What the message links to.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Send a message to a topic."""
    from watcher.push.draft import make_draft

    draft = make_draft(sys.stdin.read() if text == "-" else text, summary=summary, url=url)

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


def _report_json(report: MessageReport) -> dict[str, Json]:
    message = report.message
    return {
        "id": message.id,
        "app": message.app_name,
        "topic": message.topic,
        "summary": message.draft.summary,
        "content": message.draft.content,
        "url": message.draft.url,
        "created_at": time_json(message.created_at),
        "deliveries": _progress(report),
    }


def _progress(report: MessageReport) -> dict[str, Json]:
    """Return how many of a message's deliveries have come how far."""
    return {name: getattr(report.deliveries, name) for name in _PROGRESS}
