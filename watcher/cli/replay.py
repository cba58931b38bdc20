"""`watcher replay`: what rules would have told about the changes that are stored. Keeps nothing and tells nobody."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from time import thread_time
from typing import Annotated, Any

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.choosing import chosen
from watcher.cli.declaring import Argument, Option, command
from watcher.cli.options import ClusterOption, ConfigOption, DataOption, JsonOption
from watcher.cli.output import counted, print_json, time_json
from watcher.cli.watch_file import duration, load_watches, writer_of
from watcher.config import load
from watcher.config.yaml_reader import read
from watcher.core.check import Change, WatchState
from watcher.core.redaction import redacted_change, redacted_state
from watcher.core.replaying import Replayed, replay_changes
from watcher.core.values import Rows
from watcher.core.watch import Watch
from watcher.errors import ConfigError, PageError, UsageError


@command
def replay(
    watch: Annotated[str, Argument(metavar="ID", help="The id of a watch.")],
    rules: Annotated[
        Path | None,
        Option("--rules", metavar="FILE", help="Other rules: `notify_when: …`, or a file with this watch."),
    ] = None,
    since: Annotated[
        str | None, Option("--since", metavar="TIME", help="Only messages of this last time, such as 30d or 12h.")
    ] = None,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    database: ClusterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show which messages rules would have sent for a watch's history.

    The stored changes are judged again, by the rules in watches.yaml or by other ones. Nothing is saved or sent.
    A watch without changes yet, or without a check, has none to judge: exit status 0.
    """
    settings = options.watch_settings(data, database)
    file = load_watches(config, settings)
    judged = file.watches[chosen(file, [watch])[0]]
    if rules is not None:
        judged = _with_rules(judged, rules, config)
    start = None if since is None else runtime.utc_now() - duration("--since", since)
    reader = runtime.reader(settings)
    secrets = judged.request.secrets
    changes = [redacted_change(change, secrets) for change in reader.changes(watch)]
    if not changes:
        click.echo(f"no change of {watch} was seen yet: there is nothing to replay", err=True)
        return
    _print_notes(judged)
    snapshot = redacted_state(reader.state(watch) or WatchState(), secrets).snapshot
    played = _played(judged, changes, snapshot.observation.rows if snapshot else {})
    told = [each for each in played if start is None or each.at >= start]
    for each in told:
        if as_json:
            _print_record(watch, each)
        else:
            click.echo(_line(judged, each))
    if not as_json:
        click.echo(_summary(told, changes, start))


def _summary(told: Sequence[Replayed], changes: Sequence[Change], start: datetime | None) -> str:
    """Return `3 messages in 41 changes since 2026-10-25 08:00`."""
    seen = [change for change in changes if not change.is_baseline]
    looked_at = [change for change in seen if start is None or change.changed_at >= start]
    since = _time(start or changes[0].changed_at)
    return f"{counted(len(told), 'message')} in {counted(len(looked_at), 'change')} since {since}"


def _played(watch: Watch, changes: Sequence[Change], rows_now: Rows) -> Sequence[Replayed]:
    """Return what would have been told. Raises UsageError."""
    try:
        return replay_changes(watch, changes, rows_now, clock=thread_time).messages
    except PageError as error:
        raise UsageError(f"{watch.id}: {error}") from error


def _print_notes(watch: Watch) -> None:
    unstored = "checks in which nothing changed are not stored"
    if watch.confirm > 1:
        click.echo(f"note: `confirm: {watch.confirm}` is taken as 1: {unstored}", err=True)
    if watch.remind_every is not None:
        click.echo(f"note: `remind_every` is left out: {unstored}", err=True)


def _line(watch: Watch, each: Replayed) -> str:
    """Return a message as one line: `2026-11-02 09:30  Dune €12 → €9 — price below 10`."""
    topics = f" [{', '.join(each.told.topics)}]" if each.told.topics != watch.topics else ""
    reasons = f" — {'; '.join(map(str, each.fired))}" if each.fired else ""
    return f"{_time(each.at)}  {each.told.summary}{reasons}{topics}"


def _print_record(watch: str, each: Replayed) -> None:
    rules = [str(rule) for rule in each.fired]
    print_json({"watch": watch, "at": time_json(each.at), "rules": [*rules], **each.told.record})


def _time(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


# Other rules


def _with_rules(watch: Watch, path: Path, config: Path) -> Watch:
    """Return the watch as this file has it: whole, or with some of its keys. Raises ConfigError, UsageError."""
    keys = _plain(path)
    if "watches" not in keys:
        return writer_of(config).with_keys(watch.id, keys, file=str(path))
    other = load(path, os.environ).watches
    if watch.id not in other:
        raise UsageError(f"{path} has no watch {watch.id}; or write only `notify_when:` there")
    return other[watch.id]


def _plain(path: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file; what its keys are for is judged later. Raises ConfigError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {getattr(error, 'strerror', 'it is no UTF-8')}") from error
    document = read(text, file=str(path))
    if document.mistakes:
        raise ConfigError([problem for _, problem in document.mistakes])
    if not isinstance(document.value, dict):
        raise ConfigError(f"{path}: must hold `notify_when:`, or a whole file of watches")
    return document.value
