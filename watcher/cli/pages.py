"""Commands of the watcher: run, status, history, accept, outbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from watcher.cli import options
from watcher.cli.choosing import chosen, refuse_unknown, tagged
from watcher.cli.declaring import command
from watcher.cli.options import (
    AppTokenOption,
    BaseUrlOption,
    ConfigOption,
    DataOption,
    IdArgument,
    JsonOption,
    PushOption,
    TagOption,
)
from watcher.cli.output import (
    counted,
    failure_json,
    print_json,
    print_listing,
    print_table,
    time_json,
    time_text,
    values_json,
    values_text,
)
from watcher.cli.password import say_first_password
from watcher.cli.server_options import takes_server_options
from watcher.cli.validate import print_unheard
from watcher.core.check import OutboxEntry, WatchState
from watcher.core.message import change_lines
from watcher.core.redaction import redacted_state
from watcher.core.settings import Settings
from watcher.core.suspicion import is_suspicious
from watcher.core.values import Json

if TYPE_CHECKING:
    from watcher.core.push import PushTopic
    from watcher.core.watch import Watch, WatchFile

_EMPTY = WatchState()


def register(app: click.Group) -> None:
    """Add these commands."""
    for function in (run, status, history, accept, outbox):
        app.add_command(command(function))


@takes_server_options
def run(
    settings: Settings,
    config: ConfigOption = options.CONFIG,
    push: PushOption = None,
    app_token: AppTokenOption = None,
) -> None:
    """Watch the pages and serve the subscribers, until stopped."""
    from watcher import runtime

    file = options.load_file(config)
    settings = replace(settings, push=push, app_token=app_token)
    options.refuse_foreign_topics(file, push)
    logging.getLogger("watcher.watching").setLevel(logging.INFO)  # what is told to whom is worth a line

    def on_ready(ready: Settings, unheard: Sequence[PushTopic]) -> None:
        where = f"pushing to {push}" if push else f"inbox at {ready.public_url}/inbox"
        enabled = sum(watch.is_enabled for watch in file.watches.values())
        click.echo(f"watching {counted(enabled, 'page')} from {config}; {where}")
        print_unheard(ready, unheard)

    runtime.on_loop(
        runtime.run(
            settings,
            file,
            on_ready=on_ready,
            on_password=say_first_password,
            read=lambda: options.load_file(config),
        )
    )


def status(
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    tag: TagOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show each watch's values, next check and errors."""
    from watcher import runtime

    file = options.load_file(config)
    settings = options.link_settings(data, base_url)
    states = runtime.reader(settings).states()
    now = runtime.utc_now()
    print_listing(
        [
            (watch, redacted_state(states.get(watch.id, _EMPTY), watch.request.secrets))
            for watch in tagged(file.watches.values(), tag)
        ],
        as_json=as_json,
        record=lambda row: _status_json(*row),
        headings=("watch", "values", "checked", "next", "last good", "wrong", "tags"),
        cells=lambda row: _status_cells(*row, now),
        folding=("values", "wrong", "tags"),
        empty="no watches",
    )
    if not as_json:
        print_unheard(settings, asyncio.run(_unheard(settings, file)))


def _status_json(watch: Watch, state: WatchState) -> dict[str, Json]:
    return {
        "watch": watch.id,
        "enabled": watch.is_enabled,
        "tags": [*watch.tags],
        "checked_at": time_json(state.checked_at),
        "next_check_at": time_json(state.next_check_at) if watch.is_enabled else None,
        "good_at": time_json(state.good_at),
        "values": values_json(state.rows) if state.snapshot else None,
        "failures": state.failures,
        "failing_since": time_json(state.failing_since),
        "error": failure_json(state.failure),
        "suspicious": is_suspicious(state),
    }


def _status_cells(watch: Watch, state: WatchState, now: datetime) -> tuple[str, ...]:
    return (
        watch.id,
        values_text(state.rows) if state.snapshot else "–",
        time_text(state.checked_at, now=now),
        time_text(state.next_check_at, now=now) if watch.is_enabled else "disabled",
        time_text(state.good_at, now=now),
        _wrong_text(state, now),
        ", ".join(watch.tags),
    )


def _wrong_text(state: WatchState, now: datetime) -> str:
    """Return `3 × status: HTTP 404, since 09:30:00`; what is suspicious says itself how to believe it."""
    if state.failure is None:
        return ""
    since = f", since {time_text(state.failing_since, now=now)}" if state.failing_since else ""
    return f"{state.failures} × {state.failure.kind}: {state.failure.text}{since}"


def history(watch: IdArgument, data: DataOption = options.DATA, as_json: JsonOption = False) -> None:
    """Show what changed on a watch's page, oldest first."""
    from watcher import runtime

    reader = runtime.reader(Settings(data=data))
    if reader.state(watch) is None:
        refuse_unknown(watch, reader.states())
    changes = reader.changes(watch)
    if as_json:
        for change in changes:
            print_json(
                {
                    "watch": watch,
                    "changed_at": time_json(change.changed_at),
                    "old": values_json(change.old),
                    "new": values_json(change.new),
                    "messages": list(change.messages),
                }
            )
        return
    now = runtime.utc_now()
    print_table(
        ("changed", "what", "told"),
        [
            (time_text(change.changed_at, now=now), line, "yes" if change.messages else "")
            for change in changes
            for line in change_lines(change.old, change.new)
        ],
        folding=("what",),
        empty=f"no change of {watch} was seen yet",
    )


def accept(
    watch: IdArgument,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Believe what a watch's page shows, though it is suspicious.

    A list that lost half of its rows, or a number that jumped over `max_step`, is an error until a few checks agree.
    This says that it is true; the next check takes it.
    """
    from watcher import runtime

    file = options.load_file(config)
    chosen(file, [watch])
    said = runtime.accept(Settings(data=data), file, watch)
    if as_json:
        print_json({"watch": watch, "accepted": said})
    else:
        click.echo(said)


def outbox(data: DataOption = options.DATA, as_json: JsonOption = False) -> None:
    """Show the messages that are not delivered yet.

    One that is held waits for others of its topic (`group_within`), until the time of its next try.
    A dead one was refused for good, or waited for three days; it stays here for you to see.
    """
    from watcher import runtime

    now = runtime.utc_now()
    print_listing(
        runtime.reader(Settings(data=data)).outbox(),
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
        empty="everything is delivered",
    )


def _due_at(entry: OutboxEntry) -> datetime:
    """Return when the message is tried next: a held one when it waits for no others any more."""
    return entry.message.hold_until or entry.due_at


async def _unheard(settings: Settings, file: WatchFile) -> Sequence[PushTopic]:
    from watcher import runtime

    async with runtime.push_service(settings, file.topics.values()) as service:
        return await runtime.unheard_topics(service, file)
