"""Commands of the watcher: run, check, validate, status, history, outbox."""

from __future__ import annotations

import asyncio
import difflib
import logging
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from watcher.cli import options
from watcher.cli.help import Command
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
from watcher.cli.output import (
    counted,
    failure_json,
    print_json,
    print_table,
    time_json,
    time_text,
    values_json,
    values_text,
)
from watcher.cli.progress import progress
from watcher.core.check import Decision, Verdict, WatchState
from watcher.core.message import change_lines
from watcher.core.values import Rows
from watcher.errors import UsageError

if TYPE_CHECKING:
    from watcher.core.push import PushTopic
    from watcher.core.watch import WatchFile
    from watcher.runtime import Settings

_EMPTY = WatchState()
_NAMES = 5
"""Watches that an error names."""
IdsArgument = Annotated[list[str] | None, typer.Argument(metavar="ID", help="Watches; none named: all.")]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="A watch.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (run, check, validate, status, history, outbox):
        app.command(cls=Command)(command)


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
        typer.echo(f"watching {counted(len(file.watches), 'page')} from {config}; {where}")
        _print_unheard(ready, unheard)

    asyncio.run(runtime.run(settings, file, on_ready=on_ready))


def check(
    ids: IdsArgument = None,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    push: PushOption = None,
    app_token: AppTokenOption = None,
    drain_timeout: Annotated[
        str,
        typer.Option("--drain-timeout", metavar="TIME", help="How long to deliver before giving up, as 30s or 2m."),
    ] = "30s",
    as_json: JsonOption = False,
) -> None:
    """Check each watch once and deliver; for cron.

    Ends with 1 when a check failed or a message is undelivered.
    """
    from watcher import runtime

    file = options.load_file(config)
    wanted = chosen(file, ids)
    limit = options.duration("--drain-timeout", drain_timeout)
    settings = runtime.Settings(data=data, push=push, app_token=app_token)
    _leave_failures_to_the_output()
    verdicts: Counter[str] = Counter()
    with progress(len(wanted), "checking", is_quiet=as_json) as shown:

        def on_decision(decision: Decision) -> None:
            shown.advance()
            verdicts[decision.verdict.replace("_", " ")] += 1
            if as_json:
                _print_decision_json(decision)
                return
            for line in _decision_lines(decision):
                shown.say(line)

        report = asyncio.run(runtime.check(settings, file, wanted, drain_timeout=limit, on_decision=on_decision))
    if not as_json:
        typer.echo(", ".join(f"{count} {verdict}" for verdict, count in verdicts.items()) or "nothing to check")
    if report.undelivered:
        waiting = counted(report.undelivered, "message")
        typer.echo(f"not delivered yet: {waiting}; see `watcher outbox`", err=True)
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
    topics = {topic for watch in file.watches.values() for topic in watch.topics}
    topics |= {key for key, topic in file.topics.items() if topic.is_declared}
    typer.echo(f"{config}: {counted(len(file.watches), 'watch')}, {counted(len(topics), 'topic')}, no mistakes")
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
    now = runtime.utc_now()
    print_table(
        ("watch", "values", "checked", "next", "wrong"),
        [
            (
                watch,
                values_text(_rows(state)) if state.snapshot else "–",
                time_text(state.checked_at, now=now),
                time_text(state.next_check_at, now=now),
                f"{state.failures} × {state.failure.kind}: {state.failure.text}" if state.failure else "",
            )
            for watch, state in rows
        ],
        folding=("values", "wrong"),
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
    now = runtime.utc_now()
    print_table(
        ("changed", "what", "told"),
        [
            (time_text(change.changed_at, now=now), line, "yes" if change.messages else "")
            for change in changes
            for line in change_lines(change.old, change.new)
        ],
        folding=("what",),
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
    now = runtime.utc_now()
    print_table(
        ("message", "topic", "summary", "attempts", "next try", "dead"),
        [
            (
                entry.message.id,
                entry.message.topic,
                entry.message.summary,
                str(entry.attempts),
                "never" if entry.dead else time_text(entry.due_at, now=now),
                entry.dead or "",
            )
            for entry in entries
        ],
        folding=("summary", "dead"),
        empty="everything is delivered",
    )


def chosen(file: WatchFile, ids: Sequence[str] | None) -> Sequence[str]:
    for watch in ids or ():
        if watch not in file.watches:
            _refuse_unknown(watch, file.watches)
    return list(dict.fromkeys(ids)) if ids else list(file.watches)


def _refuse_unknown(watch: str, known: Collection[str]) -> None:
    close = difflib.get_close_matches(watch, known, n=1)
    names = [*known]
    shown = ", ".join([*names[:_NAMES], *(["…"] if len(names) > _NAMES else [])])
    raise UsageError(f"there is no watch {watch}; " + (f"did you mean {close[0]}?" if close else f"watches: {shown}"))


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


def _decision_lines(decision: Decision) -> Iterator[str]:
    """Yield what is worth a line: not that nothing is new."""
    if decision.state.failure:
        yield f"{decision.watch}: {decision.state.failure.kind}: {decision.state.failure.text}"
    elif decision.verdict in (Verdict.BASELINE, Verdict.CHANGED):
        yield f"{decision.watch}: {decision.verdict}: {values_text(_rows(decision.state))}"
    for message in decision.messages:
        yield f"  telling {message.topic}: {message.summary}"


def _rows(state: WatchState) -> Rows:
    return state.snapshot.observation.rows if state.snapshot else {}


def _leave_failures_to_the_output() -> None:
    """Silence the warnings of failed checks, each of which is a line of the output; `--verbose` shows both."""
    if not logging.getLogger().isEnabledFor(logging.INFO):
        logging.getLogger("watcher.watching.runner").setLevel(logging.ERROR)


async def _unheard(settings: Settings, file: WatchFile) -> Sequence[PushTopic]:
    from watcher import runtime

    async with runtime.push_service(settings, file.topics.values()) as service:
        return await runtime.unheard_topics(service, file)


def _print_unheard(settings: Settings, topics: Sequence[PushTopic]) -> None:
    for topic in topics:
        typer.echo(f"nobody listens to {topic.name}; scan `watcher qr {topic.key}`: {settings.topic_link(topic)}")
