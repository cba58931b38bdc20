"""The command `outbox`: messages that are not delivered yet."""

from __future__ import annotations

from datetime import datetime

from watcher import runtime
from watcher.cli import options
from watcher.cli.declaring import command
from watcher.cli.options import ClusterOption, DataOption, JsonOption
from watcher.cli.output import print_listing, time_json, time_text
from watcher.core.check import OutboxEntry


@command
def outbox(
    data: DataOption = options.DATA,
    database: ClusterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the messages that are not delivered yet.

    A held message waits for others of its topic (`group_within`), until the time of its next try.
    A dead one was refused for good, or could not be delivered for three days; it stays here for you to see.
    """
    settings = options.watch_settings(data, database)
    options.require_watches(settings)
    now = runtime.utc_now()
    print_listing(
        runtime.reader(settings).outbox(),
        as_json=as_json,
        record=lambda entry: {
            "id": entry.message.id,
            "topic": entry.message.topic,
            "attempts": entry.attempts,
            "due_at": time_json(_due_at(entry)),
            "held": entry.message.hold_until is not None,
            "dead": entry.dead,
        },
        headings=("message", "topic", "summary", "attempts", "next try", "dead"),
        cells=lambda entry: (
            entry.message.id,
            entry.message.topic,
            entry.message.summary,
            str(entry.attempts),
            "never" if entry.dead else time_text(_due_at(entry), now=now),
            entry.dead or "",
        ),
        folding=("summary", "dead"),
        empty="nothing is waiting",
    )


def _due_at(entry: OutboxEntry) -> datetime:
    """Return when the message is tried next: a held one when it waits for no others any more."""
    return entry.message.hold_until or entry.due_at
