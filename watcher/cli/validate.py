"""`watcher validate`: every mistake of the configuration, and what is well-formed and yet not what anyone wants."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.asking import known_listeners, print_unheard
from watcher.cli.declaring import command
from watcher.cli.options import BaseUrlOption, ConfigOption, DataOption, JsonOption
from watcher.cli.output import counted, print_json
from watcher.cli.watch_file import load_file
from watcher.config.advice import warnings
from watcher.config.secrecy import KeptOut, kept_out
from watcher.core.settings import Settings
from watcher.core.values import Json
from watcher.core.watch import Watch, WatchFile
from watcher.errors import CheckError, ConfigError
from watcher.push.listeners import Listeners

_SHOWN_KEPT_OUT = 20


@command
def validate(
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Report every mistake in the configuration.

    It also reports topics without subscribers and topics without a watch, hosts that cannot be asked as often as their
    watches want, and what messages link to where a secret is left out of the link. It writes nothing.
    """
    settings = options.link_settings(data, base_url)
    try:
        file = load_file(config, os.environ)
        found = known_listeners(options.watch_settings(data, options.database_of_environment()), file) or Listeners()
    except ConfigError as error:
        if not as_json:
            raise
        print_json(_record(config, None, error, [], [], settings, Listeners()))
        raise click.exceptions.Exit(2) from error
    advice = [str(warning) for warning in [*warnings(file), *found.unmet]]
    kept = _kept_out(file)
    if as_json:
        print_json(_record(config, file, None, advice, kept, settings, found))
        return
    click.echo(f"{config}: {_summary(file)}, no mistakes")
    for each in kept[:_SHOWN_KEPT_OUT]:
        click.echo(f"{config}: {each}")
    if len(kept) > _SHOWN_KEPT_OUT:
        click.echo(f"{config}: and of {counted(len(kept) - _SHOWN_KEPT_OUT, 'more watch')}; --json names all")
    for warning in advice:
        click.echo(f"{config}: {warning}", err=True)
    print_unheard(settings, found.unheard)
    for line in found.untold_lines:
        click.echo(line)


def _kept_out(file: WatchFile) -> Sequence[KeptOut]:
    from watcher.watching.check import as_of  # and with it HTTP, which no mistake in the file waits for

    now = runtime.utc_now()

    def as_of_now(watch: Watch) -> Watch:
        try:
            return as_of(watch, now)
        except CheckError:  # a date outside of the calendar, which each check says
            return watch

    return list(kept_out(file.watches.values(), as_of_now))


def _summary(file: WatchFile) -> str:
    """Return what the file holds: `3 watches, 1 of them disabled, 2 topics`."""
    disabled = sum(not watch.is_enabled for watch in file.watches.values())
    said = f", {disabled} of them disabled" if disabled else ""
    return f"{counted(len(file.watches), 'watch')}{said}, {counted(len(_topics(file)), 'topic')}"


def _topics(file: WatchFile) -> set[str]:
    """Return what watches tell by themselves or their entries, and what stands under `topics:`."""
    told = {topic for watch in file.watches.values() for topic in watch.topics}
    told |= {topic for watch in file.watches.values() for rule in watch.rules for topic in rule.topics}
    return told | {key for key, topic in file.topics.items() if topic.is_declared}


def _record(
    config: Path,
    file: WatchFile | None,
    error: ConfigError | None,
    advice: Sequence[str],
    kept: Sequence[KeptOut],
    settings: Settings,
    found: Listeners,
) -> dict[str, Json]:
    """Return the line of `--json`. Without a file there are problems, and no counts."""
    return {
        "file": str(config),
        "watches": len(file.watches) if file else None,
        "disabled": sum(not watch.is_enabled for watch in file.watches.values()) if file else None,
        "topics": len(_topics(file)) if file else None,
        "problems": _problems(config, error) if error else [],
        "warnings": [*advice],
        "kept_out": [{"watch": each.watch, "secrets": [*each.names], "link": each.link} for each in kept],
        "unheard": [
            {"topic": each.key, "link": settings.topic_link(each.topic) if each.topic else None}
            for each in found.unheard
        ],
        "untold": [{"topic": topic.key, "subscribers": topic.subscribers} for topic in found.untold],
    }


def _problems(config: Path, error: ConfigError) -> list[Json]:
    """Return each problem with its place; one that has none is of the file as a whole."""
    if not error.problems:
        return [{"file": str(config), "line": None, "column": None, "key": "", "text": str(error)}]
    return [
        {
            "file": problem.file,
            "line": problem.line,
            "column": problem.column,
            "key": problem.key,
            "text": problem.text,
        }
        for problem in error.problems
    ]
