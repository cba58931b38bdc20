"""`watcher apply`: what a file declares becomes what the workers of a cluster watch."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.declaring import Option, command
from watcher.cli.options import ClusterOption, ConfigOption, DataOption, JsonOption
from watcher.cli.output import print_json
from watcher.cli.watch_file import local_timezone, refuse_missing_file
from watcher.config.declared import DeclaredFile, declared_of
from watcher.config.names import NAME
from watcher.core.settings import Settings
from watcher.core.values import Json
from watcher.errors import RemovesMuchError, UsageError

if TYPE_CHECKING:
    from watcher.store.cluster.declaring import AppliedRows, Named

_SHOWN = 20
"""Of the ids that were added, and so on; --json names more."""


@command
def apply(
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    database: ClusterOption = None,
    origin: Annotated[
        str,
        Option("--origin", metavar="NAME", help="Whose watches the file has: those that it lacks are removed."),
    ] = "files",
    is_dry: Annotated[bool, Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    may_delete: Annotated[
        bool, Option("--delete-missing", help="Remove what the file lacks, though it is more than a fifth.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Declare the watches of a file to the workers of a cluster.

    It shows what is different from what was declared before. What is wrong in the file is reported as `validate` does,
    and nothing is changed. Secrets (`${NAME}`) stay out of the database: the workers fill them in, and here they need
    not be set. Where much would be removed, it asks on a terminal, and refuses elsewhere.
    """
    settings = Settings(data=data, database=options.check_database(database))
    _check_origin(origin)
    refuse_missing_file(config)
    declared = declared_of(config, os.environ, timezone=local_timezone())
    ask = partial(runtime.apply, settings, declared, origin=origin)
    try:
        applied = asyncio.run(ask(is_dry=is_dry, may_delete=may_delete))
    except RemovesMuchError:
        if not sys.stdin.isatty():
            raise
        found = asyncio.run(ask(is_dry=True))
        _confirm(found, origin, as_json=as_json)
        applied = asyncio.run(ask(may_delete=True, expected=found.generation))
    if as_json:
        print_json(_record(config, origin, declared, applied, is_dry=is_dry))
        return
    for line in _lines(declared, applied, is_dry=is_dry):
        click.echo(line)
    if declared.missing:
        click.echo(f"{config}: {_to_be_set(declared.missing)}", err=True)


def _check_origin(origin: str) -> None:
    if not NAME.fullmatch(origin) or origin == "console":
        raise UsageError("--origin is a name of letters, digits, `-`, `_` and `.`; `console` is the console's own")


def _confirm(found: AppliedRows, origin: str, *, as_json: bool) -> None:
    """Ask whether so many are meant to be removed. The standard output of --json stays the record's."""
    for line in _named("-", found.removed):
        click.echo(line, err=as_json)
    question = f"remove {found.removed.number:,} of the {found.before:,} watches of the origin `{origin}`?"
    click.confirm(question, abort=True, err=as_json)


def _lines(declared: DeclaredFile, applied: AppliedRows, *, is_dry: bool) -> Sequence[str]:
    in_all = _watches(len(declared.watches))
    if not applied.is_anything:
        return [f"nothing changed: {in_all}, generation {applied.generation}"]
    difference = [
        line for sign, named in zip("+~->", _parts(applied).values(), strict=True) for line in _named(sign, named)
    ]
    numbers = f"{_numbers(applied)}; {in_all} in all"
    if not is_dry:
        return [*difference, f"generation {applied.generation}: {numbers}"]
    refused = ["without --delete-missing it would ask, or be refused, for it removes more than a fifth"]
    return [*difference, f"would be {numbers}; nothing was changed", *(refused if applied.removes_much else ())]


def _parts(applied: AppliedRows) -> dict[str, Named]:
    return {word: getattr(applied, word) for word in ("added", "changed", "removed", "renamed")}


def _named(sign: str, named: Named) -> Sequence[str]:
    shown = [f"{sign} {watch}" for watch in named.first[:_SHOWN]]
    more = named.number - len(shown)
    return [*shown, f"{sign} and {more:,} more"] if more else shown


def _watches(number: int) -> str:
    return "1 watch" if number == 1 else f"{number:,} watches"


def _numbers(applied: AppliedRows) -> str:
    said = [f"{named.number:,} {word}" for word, named in _parts(applied).items() if named.number]
    return ", ".join([*said, *(["`defaults`, `topics` or `all_well` changed"] if applied.is_framed else ())])


def _to_be_set(names: Sequence[str]) -> str:
    shown = ", ".join(f"${{{name}}}" for name in names)
    is_one = len(names) == 1
    return f"{shown} {'is' if is_one else 'are'} not set here; the workers need {'it' if is_one else 'them'}"


def _record(
    config: Path, origin: str, declared: DeclaredFile, applied: AppliedRows, *, is_dry: bool
) -> dict[str, Json]:
    return {
        "file": str(config),
        "origin": origin,
        "is_dry_run": is_dry,
        "generation": applied.generation,
        "watches": len(declared.watches),
        **{word: {"number": each.number, "first": [*each.first]} for word, each in _parts(applied).items()},
        "is_frame_changed": applied.is_framed,
        "needs_delete_missing": applied.removes_much,
        "not_set": [*declared.missing],
    }
