"""`watcher check`: one pass over watches, for cron. It is started each minute, so it imports little."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Annotated, Final

import click
from msgspec.structs import replace

from watcher import runtime
from watcher.cli import options
from watcher.cli.advice import advice_for_lost
from watcher.cli.choosing import chosen
from watcher.cli.declaring import Option, command
from watcher.cli.options import (
    AppTokenOption,
    ClusterOption,
    ConfigOption,
    DataOption,
    IdsArgument,
    JsonOption,
    PushOption,
    TagOption,
)
from watcher.cli.output import counted, failure_json, print_json, values_json, values_text
from watcher.cli.progress import Progress, progress
from watcher.cli.watch_file import duration, load_watches, refuse_foreign_topics
from watcher.core.check import CheckFailure, Decision, Verdict
from watcher.core.values import Json
from watcher.core.watch import WatchFile
from watcher.runtime.pass_report import PassReport

_WHY_NONE = "its check goes on, or the watcher that runs does not know it: see `watcher status`"
_WHY_NONE_IN_CLUSTER = (
    "its check goes on, or its worker cannot read it, as where a `${NAME}` is not set there: "
    "`watcher cluster status` shows who has it, and that worker's log says why"
)
_NAMES = 5
"""Watches that a line names."""


@command
def check(
    ids: IdsArgument = None,
    tag: TagOption = None,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    database: ClusterOption = None,
    push: PushOption = None,
    app_token: AppTokenOption = None,
    drain_timeout: Annotated[
        str,
        Option("--drain-timeout", metavar="TIME", help="How long to try to deliver, such as 30s or 2m."),
    ] = "30s",
    as_json: JsonOption = False,
) -> None:
    """Check each watch once and deliver the messages; for cron.

    A watch that is not enabled is checked only when it is named. Messages that wait for others of their topic
    (`group_within`) are sent at once, as one. The exit status is 1 when a check failed or a message is undelivered.
    While `watcher run` is up, it makes the checks, as its own file says, and sends the messages as it always does.
    With --database the workers check, and send.
    """
    settings = replace(options.watch_settings(data, database), push=push, app_token=app_token)
    file = load_watches(config, settings)
    wanted = chosen(file, ids, tag)
    limit = duration("--drain-timeout", drain_timeout)
    options.check_push_url(push)
    refuse_foreign_topics(file, push)
    _leave_failures_to_the_output()
    output = _Output(as_json=as_json)
    with progress(len(wanted), "checking", is_quiet=as_json) as shown:
        tell = partial(output.tell, shown)
        if (holder := runtime.running_watcher(settings)) is not None:
            if not as_json:
                shown.say(f"asked to check now: {holder}")
            report = runtime.check_elsewhere(settings, wanted, drain_timeout=limit, on_decision=tell)
        else:
            with_enabled = _with_enabled(file, wanted)
            checking = runtime.check(settings, with_enabled, wanted, drain_timeout=limit, on_decision=tell)
            report = runtime.on_loop(checking)
    output.sum_up(report, is_in_cluster=runtime.watches_database(settings) is not None)
    if report.failed or report.undelivered or report.missing:
        raise click.exceptions.Exit(1)


_OUTCOMES: Final = {Verdict.BASELINE: "first check", Verdict.NOT_MODIFIED: "unchanged"}
"""How the summary calls them; what a page shows is unchanged, whether its server said so or its values."""


class _Output:
    """What is printed of a pass."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._verdicts: Counter[str] = Counter()
        self._failures: list[CheckFailure] = []

    def tell(self, shown: Progress, decision: Decision) -> None:
        shown.advance()
        self._verdicts[_OUTCOMES.get(decision.verdict, decision.verdict)] += 1
        if decision.state.failure is not None:
            self._failures.append(decision.state.failure)
        if self._as_json:
            print_json(_decision_json(decision))
            return
        for line in _decision_lines(decision):
            shown.say(line)

    def sum_up(self, report: PassReport, *, is_in_cluster: bool) -> None:
        if not self._as_json:
            verdicts = ", ".join(f"{count} {verdict}" for verdict, count in self._verdicts.items())
            click.echo(verdicts or "nothing to check")
            if (advice := advice_for_lost(self._failures)) is not None:
                click.echo(advice)
        if report.undelivered:
            waiting = counted(report.undelivered, "message")
            click.echo(f"not delivered yet: {waiting}; see `watcher outbox`", err=True)
        if report.paused:
            click.echo(f"paused, and not checked: {_named(report.paused)}; see `watcher resume --help`", err=True)
        if report.missing:
            named = _named(report.missing)
            click.echo(f"no result yet: {named}; {_WHY_NONE_IN_CLUSTER if is_in_cluster else _WHY_NONE}", err=True)


def _named(watches: Sequence[str]) -> str:
    return ", ".join([*watches[:_NAMES], *(["…"] if len(watches) > _NAMES else [])])


def _with_enabled(file: WatchFile, ids: Iterable[str]) -> WatchFile:
    """Return the file with these watches enabled: one that is not is checked all the same when it is named."""
    off = {watch: replace(file.watches[watch], is_enabled=True) for watch in ids if not file.watches[watch].is_enabled}
    return replace(file, watches={**file.watches, **off}) if off else file


def _decision_json(decision: Decision) -> dict[str, Json]:
    state = decision.state
    return {
        "watch": decision.watch,
        "outcome": decision.verdict.value,
        "values": values_json(state.rows) if state.snapshot else None,
        "messages": [message.id for message in decision.messages],
        "error": failure_json(state.failure),
    }


def _decision_lines(decision: Decision) -> Iterator[str]:
    """Yield what is worth a line: not that nothing is new."""
    if decision.state.failure:
        yield f"{decision.watch}: {decision.state.failure.kind}: {decision.state.failure.text}"
    elif decision.verdict in (Verdict.BASELINE, Verdict.CHANGED):
        outcome = _OUTCOMES.get(decision.verdict, decision.verdict)
        yield f"{decision.watch}: {outcome}: {values_text(decision.state.rows)}"
    for message in decision.messages:
        yield f"  telling {message.topic}: {message.summary}"


def _leave_failures_to_the_output() -> None:
    """Silence the warnings of failed checks, each of which is a line of the output; `--verbose` shows both."""
    if not logging.getLogger().isEnabledFor(logging.INFO):
        logging.getLogger("watcher.watching.runner").setLevel(logging.ERROR)
