"""`watcher NOUN` and `watcher NOUN VERB`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Annotated

import click

from watcher.cli.declaring import Option, command, group
from watcher.errors import UsageError

ByNumberOption = Annotated[
    bool | None,
    Option(
        "--by-number/--no-by-number",
        help="Whether WxPusher's old link, /wxuser/?type=1&id=APP or ?type=2&id=TOPIC, leads to its page; "
        "note that numbers are easy to guess.",
    ),
]


def add_noun(
    app: click.Group, name: str, text: str, listing: Callable[..., None], verbs: Mapping[str, Callable[..., None]]
) -> None:
    """Add `watcher NOUN` and `watcher NOUN list`, which list, and `watcher NOUN VERB` for each verb."""
    noun = group(listing, name, text)
    for verb, function in {"list": listing, **verbs}.items():
        noun.add_command(command(function, verb))
    app.add_command(noun)


def need_a_change(given: Collection[object]) -> None:
    """Raise UsageError when nothing was given to change."""
    if not given:
        raise UsageError("nothing to change; --help shows what can be")
