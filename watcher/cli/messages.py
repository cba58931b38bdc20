"""The command `messages`: what was sent last."""

from __future__ import annotations

from watcher import runtime
from watcher.cli import options
from watcher.cli.asking import ask_service
from watcher.cli.declaring import command
from watcher.cli.options import ConfigOption, DataOption, JsonOption, LimitOption
from watcher.cli.output import named, print_listing, time_json, time_text
from watcher.cli.watch_file import load_sound_file
from watcher.core.push import MessageReport
from watcher.core.values import Json

_PROGRESS = ("queued", "sent", "shown", "opened", "failed")


@command
def messages(
    limit: LimitOption = options.LIMIT,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Show the messages that were sent last, oldest first, and how far each was delivered."""
    if options.database_of_environment() is None:
        load_sound_file(config)
    now, found = runtime.utc_now(), ask_service(data, lambda service: service.messages.reports(limit=limit + 1))
    print_listing(
        found[-limit:],
        has_more=len(found) > limit,
        as_json=as_json,
        record=_report_json,
        headings=("id", "time", "topic", "summary", *_PROGRESS),
        cells=lambda report: (
            str(report.message.id),
            time_text(report.message.created_at, now=now),
            named(report.message.topic, report.message.topic_key),
            report.message.draft.summary,
            *map(str, _progress(report).values()),
        ),
        folding=("topic", "summary"),
        empty="nothing was sent yet",
    )


def _report_json(report: MessageReport) -> dict[str, Json]:
    message = report.message
    return {
        "id": message.id,
        "app": message.app_name,
        "topic": message.topic,
        "topic_key": message.topic_key,
        "summary": message.draft.summary,
        "content": message.draft.content,
        "url": message.draft.url,
        "created_at": time_json(message.created_at),
        "deliveries": _progress(report),
    }


def _progress(report: MessageReport) -> dict[str, Json]:
    """Return how many of a message's deliveries have come how far."""
    return {name: getattr(report.deliveries, name) for name in _PROGRESS}
