"""Commands of the watcher: run, check, validate, status, history, outbox."""

from __future__ import annotations

import asyncio
import difflib
import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from watcher.cli import options
from watcher.cli.options import (
    AppTokenOption,
    BaseUrlOption,
    ConfigOption,
    DataOption,
    HostOption,
    JsonOption,
    PortOption,
    PushOption,
)
from watcher.cli.output import failure_json, print_json, print_table, time_json, time_text, values_json, values_text
from watcher.cli.progress import progress
from watcher.core.check import Decision, Verdict, WatchState
from watcher.core.values import SINGLE, Rows
from watcher.errors import UsageError

if TYPE_CHECKING:
    from watcher.core.push import PushTopic
    from watcher.core.watch import WatchFile
    from watcher.runtime import Settings

_EMPTY = WatchState()
IdsArgument = Annotated[list[str] | None, typer.Argument(metavar="ID", help="Watches; none named: all.")]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="A watch.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (run, check, validate, status, history, outbox):
        app.command()(command)


def run(
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    host: HostOption = options.HOST,
    port: PortOption = options.PORT,
    base_url: BaseUrlOption = None,
    push: PushOption = None,
    app_token: AppTokenOption = None,
) -> None:
    """Watch the pages and serve the subscribers, until stopped."""
    from watcher import runtime

    file = options.load_file(config)
    settings = runtime.Settings(
        data=data, host=host, port=port, base_url=options.check_base_url(base_url), push=push, app_token=app_token
    )

    logging.getLogger("watcher.watching").setLevel(logging.INFO)  # what is told to whom is worth a line

    def on_ready(ready: Settings, unheard: Sequence[PushTopic]) -> None:
        where = f"pushing to {push}" if push else f"inbox at {ready.public_url}/inbox"
        typer.echo(f"watching {len(file.watches)} pages from {config}; {where}")
        _print_unheard(ready, unheard)

    asyncio.run(runtime.run(settings, file, on_ready=on_ready))


def check(
    ids: IdsArgument = None,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    push: PushOption = None,
    app_token: AppTokenOption = None,
    drain_timeout: Annotated[
        int, typer.Option("--drain-timeout", metavar="SECONDS", min=0, help="How long to deliver before giving up.")
    ] = 30,
    as_json: JsonOption = False,
) -> None:
    """Check each watch once and deliver; for cron.

    Ends with 1 when a check failed or a message is undelivered.
    """
    from watcher import runtime

    file = options.load_file(config)
    wanted = chosen(file, ids)
    settings = runtime.Settings(data=data, push=push, app_token=app_token)
    verdicts: Counter[str] = Counter()
    with progress(len(wanted), "checking", is_quiet=as_json) as advance:

        def on_decision(decision: Decision) -> None:
            advance()
            verdicts[decision.verdict.replace("_", " ")] += 1
            (_print_decision_json if as_json else _print_decision)(decision)

        report = asyncio.run(
            runtime.check(
                settings, file, wanted, drain_timeout=timedelta(seconds=drain_timeout), on_decision=on_decision
            )
        )
    if not as_json:
        typer.echo(", ".join(f"{count} {verdict}" for verdict, count in verdicts.items()) or "nothing to check")
    if report.undelivered:
        typer.echo(f"{report.undelivered} messages are not delivered yet; `watcher outbox` shows them", err=True)
    if report.failed or report.undelivered:
        raise typer.Exit(1)


def validate(
    config: ConfigOption = options.CONFIG, data: DataOption = options.DATA, base_url: BaseUrlOption = None
) -> None:
    """Report every mistake in the configuration.

    Also says which topics nobody listens to, and which hosts cannot be asked as often as their watches want.
    """
    from watcher.config import warnings

    file = options.load_file(config)
    typer.echo(f"{config}: {len(file.watches)} watches, {len(file.topics)} topics, no mistakes")
    for warning in warnings(file):
        typer.echo(f"{config}: {warning}", err=True)
    settings = options.link_settings(data, base_url)
    _print_unheard(settings, asyncio.run(_unheard(settings, file)))


def status(
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show each watch's values, next check and errors."""
    from watcher import runtime

    file = options.load_file(config)
    settings = options.link_settings(data, base_url)
    states = runtime.reader(settings).states()
    rows = [(watch, states.get(watch, _EMPTY)) for watch in file.watches]
    if as_json:
        for watch, state in rows:
            print_json(
                {
                    "watch": watch,
                    "checked_at": time_json(state.checked_at),
                    "next_check_at": time_json(state.next_check_at),
                    "values": values_json(_rows(state)) if state.snapshot else None,
                    "failures": state.failures,
                    "error": failure_json(state.failure),
                }
            )
        return
    print_table(
        ("watch", "values", "checked", "next", "wrong"),
        [
            (
                watch,
                values_text(_rows(state)) if state.snapshot else "–",
                time_text(state.checked_at),
                time_text(state.next_check_at),
                f"{state.failures} × {state.failure.kind}: {state.failure.text}" if state.failure else "",
            )
            for watch, state in rows
        ],
        empty="no watches",
    )
    _print_unheard(settings, asyncio.run(_unheard(settings, file)))


def history(watch: IdArgument, data: DataOption = options.DATA, as_json: JsonOption = False) -> None:
    """Show what changed on a watch's page, oldest first."""
    from watcher import runtime

    reader = runtime.reader(runtime.Settings(data=data))
    changes = reader.changes(watch)
    if not changes and reader.state(watch) is None:
        _refuse_unknown(watch, reader.states())
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
    print_table(
        ("changed", "before", "after", "told"),
        [
            (time_text(change.changed_at), _side(change.old), _side(change.new), "yes" if change.messages else "")
            for change in changes
        ],
        empty=f"{watch} has not changed since its baseline",
    )


def outbox(data: DataOption = options.DATA, as_json: JsonOption = False) -> None:
    """Show the messages that are not delivered yet.

    A dead one was refused for good, or waited for three days; it stays here for you to see.
    """
    from watcher import runtime

    entries = runtime.reader(runtime.Settings(data=data)).outbox()
    if as_json:
        for entry in entries:
            print_json(
                {
                    "id": entry.message.id,
                    "topic": entry.message.topic,
                    "attempts": entry.attempts,
                    "due_at": time_json(entry.due_at),
                    "dead": entry.dead,
                }
            )
        return
    print_table(
        ("message", "topic", "summary", "attempts", "next try", "dead"),
        [
            (
                entry.message.id[:8],
                entry.message.topic,
                entry.message.summary,
                str(entry.attempts),
                "never" if entry.dead else time_text(entry.due_at),
                entry.dead or "",
            )
            for entry in entries
        ],
        empty="everything is delivered",
    )


def chosen(file: WatchFile, ids: Sequence[str] | None) -> Sequence[str]:
    for watch in ids or ():
        if watch not in file.watches:
            _refuse_unknown(watch, file.watches)
    return list(dict.fromkeys(ids)) if ids else list(file.watches)


def _refuse_unknown(watch: str, known: Iterable[str]) -> None:
    close = difflib.get_close_matches(watch, list(known), n=1)
    raise UsageError(f"there is no watch {watch}" + (f"; did you mean {close[0]}?" if close else ""))


def _print_decision_json(decision: Decision) -> None:
    state = decision.state
    print_json(
        {
            "watch": decision.watch,
            "outcome": decision.verdict.value,
            "values": values_json(_rows(state)) if state.snapshot else None,
            "messages": [message.id for message in decision.messages],
            "error": failure_json(state.failure),
        }
    )


def _print_decision(decision: Decision) -> None:
    """Print what is worth a line: not that nothing is new."""
    if decision.state.failure:
        typer.echo(f"{decision.watch}: {decision.state.failure.kind}: {decision.state.failure.text}")
    elif decision.verdict in (Verdict.BASELINE, Verdict.CHANGED):
        typer.echo(f"{decision.watch}: {decision.verdict}: {values_text(_rows(decision.state))}")
    for message in decision.messages:
        typer.echo(f"  telling {message.topic}: {message.summary}")


def _rows(state: WatchState) -> Rows:
    return state.snapshot.observation.rows if state.snapshot else {}


def _side(rows: Rows) -> str:
    """Return one side of a change in a few words; for a list, its rows by key."""
    return values_text(rows) if SINGLE in rows else ", ".join(rows) or "–"


async def _unheard(settings: Settings, file: WatchFile) -> Sequence[PushTopic]:
    from watcher import runtime

    async with runtime.push_service(settings, file.topics.values()) as service:
        return await runtime.unheard_topics(service, file)


def _print_unheard(settings: Settings, topics: Sequence[PushTopic]) -> None:
    for topic in topics:
        typer.echo(f"nobody listens to {topic.name}; scan `watcher qr {topic.key}`: {settings.topic_link(topic)}")
