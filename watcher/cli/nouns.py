"""`watcher NOUN` and `watcher NOUN VERB`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import typer

from watcher.cli.help import Command
from watcher.errors import UsageError


def add_noun(
    app: typer.Typer, name: str, text: str, listing: Callable[..., None], verbs: Mapping[str, Callable[..., None]]
) -> None:
    """Add `watcher NOUN` and `watcher NOUN list`, which list, and `watcher NOUN VERB` for each verb."""
    noun = typer.Typer(help=text, invoke_without_command=True, rich_markup_mode=None)
    noun.callback()(listing)
    for verb, command in {"list": listing, **verbs}.items():
        noun.command(name=verb, cls=Command)(command)
    app.add_typer(noun, name=name)


def need_a_change(given: Collection[object]) -> None:
    """Raise UsageError when nothing was given to change."""
    if not given:
        raise UsageError("nothing to change; --help shows what can be")
