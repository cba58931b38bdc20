"""The command `doctor`: what is wrong with this installation, and what to do about it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import click
from msgspec.structs import replace

from watcher import runtime
from watcher.cli import options
from watcher.cli.declaring import Option, command
from watcher.cli.options import BaseUrlOption, ConfigOption, DatabaseOption, DataOption, JsonOption
from watcher.cli.output import print_json
from watcher.cli.watch_file import duration, load_file_if_any, load_watches
from watcher.core.findings import Check, Finding, State, doubtful, wrong
from watcher.core.settings import Settings
from watcher.core.watch import WatchFile
from watcher.core.words import clean, one_line
from watcher.errors import ConfigError, StoreError, UsageError
from watcher.runtime.diagnosing import diagnose, trial

_MARKS: Mapping[State, str] = {State.OK: "✓", State.WARNING: "!", State.ERROR: "✗", State.SKIPPED: "–"}
_PLAIN_MARKS: Mapping[State, str] = {
    State.OK: "ok",
    State.WARNING: "warning",
    State.ERROR: "error",
    State.SKIPPED: "skipped",
}
"""For terminals and files that cannot have the others."""
_WAIT = "60s"
_ANSWER_SECONDS = 8.0


@command
def doctor(
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    database: DatabaseOption = None,
    base_url: BaseUrlOption = None,
    send_test: Annotated[
        str | None,
        Option("--send-test", metavar="UID", help="Send this subscriber a message, and wait until it is shown."),
    ] = None,
    wait: Annotated[
        str, Option("--wait", metavar="TIME", help="How long --send-test waits, such as 30s or 2m.")
    ] = _WAIT,
    as_json: JsonOption = False,
) -> None:
    """Find what is wrong with this installation, and say what to do about it.

    Run it as the server's user and in the server's environment, which holds the settings of the channels.
    Nothing is changed, and nothing is sent without --send-test.
    The exit status is 1 when there is an error; warnings do not count.
    """
    limit = duration("--wait", wait)
    settings = _settings(data, options.check_database(database), base_url)
    report = _Report(as_json=as_json)
    file = _watches(config, settings, report)
    asyncio.run(_examine(settings, file, report))
    if send_test is not None:
        asyncio.run(trial.send_test(settings, send_test, wait=limit, tell=report.tell))
    if report.has_errors:
        raise click.exceptions.Exit(1)


def _settings(data: Path, database: str | None, base_url: str | None) -> Settings:
    if database is None and not data.is_dir():
        raise UsageError(
            f"there is no data directory {data}; run this where the server runs, or name its directory with --data"
        )
    subject = os.environ.get("WATCHER_VAPID_SUBJECT")
    return replace(options.link_settings(data, base_url), database=database, vapid_subject=subject)


async def _examine(settings: Settings, file: WatchFile | None, report: _Report) -> None:
    for finding in await diagnose(settings, file, os.environ):
        report.tell(finding)


def _watches(config: Path, settings: Settings, report: _Report) -> WatchFile | None:
    """Return the watches, if there are any that can be read."""
    if runtime.watches_database(settings) is not None:
        return _declared_watches(config, settings, report)
    if config != options.CONFIG and not config.exists():
        report.tell(wrong(Check.CONFIG, f"there is no file {config}", "compare --config or WATCHER_CONFIG"))
        return None
    try:
        return load_file_if_any(config)
    except ConfigError as error:
        first = str(error.problems[0]) if error.problems else str(error)
        text = f"{config} cannot be used: {first}"
        report.tell(
            wrong(Check.CONFIG, text, "`watcher validate` shows every mistake; ${NAME} needs the server's environment")
        )
        return None


def _declared_watches(config: Path, settings: Settings, report: _Report) -> WatchFile | None:
    """Return those of the database; that it cannot be reached is found elsewhere."""
    try:
        return load_watches(config, settings, answer_seconds=_ANSWER_SECONDS)
    except ConfigError as error:
        report.tell(doubtful(Check.CONFIG, str(error), "`watcher apply --dry-run` shows what it would declare"))
    except StoreError:
        pass
    return None


class _Report:
    """Prints findings, a line each and one below with what to do, and remembers whether one is an error."""

    def __init__(self, *, as_json: bool) -> None:
        self.has_errors = False
        self._as_json = as_json
        self._encoding = sys.stdout.encoding or "ascii"
        has_signs = _can_have(self._encoding, "".join(_MARKS.values()) + "→")
        self._marks, self._arrow = (_MARKS, "→") if has_signs else (_PLAIN_MARKS, "->")

    def tell(self, finding: Finding) -> None:
        self.has_errors |= finding.state is State.ERROR
        text, advice = one_line(clean(finding.text)), one_line(clean(finding.advice))
        if self._as_json:
            print_json({"check": finding.check, "state": finding.state, "text": text, "advice": advice or None})
            return
        self._print(f"{self._marks[finding.state]} {finding.check}: {text}")
        if advice:
            self._print(f"  {self._arrow} {advice}")

    def _print(self, line: str) -> None:
        click.echo(line.encode(self._encoding, "replace").decode(self._encoding))


def _can_have(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
