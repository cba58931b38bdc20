"""`watcher add`: a watch of a page, chosen from what the page offers and written down."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.declaring import Argument, Option, command
from watcher.cli.init import write_bare_starter
from watcher.cli.new_watch import Asking, Given, settled
from watcher.cli.options import ConfigOption, JsonOption
from watcher.cli.output import print_json
from watcher.cli.page import AuthOption, CookieOption, HeaderOption, login_keys, refuse_bare_host
from watcher.cli.progress import waiting
from watcher.cli.second_look_output import print_second_look, second_look_json
from watcher.cli.suggestions import found_suggestions
from watcher.cli.watch_file import load_file, writer_of
from watcher.config.suggested_watch import stiller, watch_of, yaml_of
from watcher.config.writing import PATTERN, Added
from watcher.core.urls import looks_like_web_url
from watcher.core.values import Json
from watcher.errors import UsageError

if TYPE_CHECKING:
    from watcher.extract.noise import SecondLook


@command
def add(
    url: Annotated[str, Argument(metavar="URL", help="The URL of a page.")],
    value: Annotated[
        str | None, Option("--value", metavar="TEXT", help="Offer only what shows this text, such as 1299.")
    ] = None,
    pick: Annotated[
        int | None, Option("--pick", metavar="N", low=1, high=100, help="Which suggestion, from 1.")
    ] = None,
    topic: Annotated[str | None, Option("--topic", metavar="TOPIC", help="The topic that is told.")] = None,
    when: Annotated[
        str | None,
        Option(
            "--when",
            metavar="CONDITION",
            help="When to tell: `changes`, `price below 10`. Default: any change; of a list, what opens or is new.",
        ),
    ] = None,
    every: Annotated[
        str | None, Option("--every", metavar="TIME", help="How often it is checked, such as 10m or 1h.")
    ] = None,
    watch_id: Annotated[str | None, Option("--id", metavar="ID", help="The id of the watch.")] = None,
    auth: AuthOption = None,
    header: HeaderOption = None,
    cookie: CookieOption = None,
    yes: Annotated[bool, Option("--yes", "-y", help="Ask nothing: take the defaults.")] = False,
    config: ConfigOption = options.CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Write a watch of a page, after a few questions.

    It looks at the page, then asks what to watch, which topic to tell, when, and how often to check. Enter takes the
    default. It looks again, and offers to leave out what moved by itself. The watch goes into watches.d/added.yaml;
    everything else there stays as it is.
    """
    if not looks_like_web_url(url):
        refuse_bare_host(url, config)
        raise UsageError(f"{url} is no URL; write https://…")
    if as_json and not yes:
        raise UsageError("--json asks nothing; it goes with --yes")
    asking, login = Asking(is_quiet=yes), login_keys(auth, header, cookie)
    try:
        _add(url, Given(value, pick, topic, when, every, watch_id, login), config, asking, as_json=as_json)
    except click.Abort:
        click.echo("\nnothing was written", err=True)
        raise click.exceptions.Exit(1) from None


def _add(url: str, given: Given, config: Path, asking: Asking, *, as_json: bool) -> None:
    file = load_file(config) if config.exists() else None
    if file is None and not asking.whether(f"there is no {config}; write one?"):
        raise click.Abort
    ask_for_value = asking.for_value if not asking.is_quiet and sys.stdin.isatty() else None
    suggestions = found_suggestions(url, given.value, given.login, as_json=as_json, ask_for_value=ask_for_value)
    watch, chosen = settled(suggestions, url, given, asking, file, writer_of(config) if file else None)
    body, second = _stilled(chosen, asking, as_json=as_json)
    if file is None:
        write_bare_starter(config)
    writer = writer_of(config)
    if writer.needs_include() and not asking.whether(f"{config} does not include {PATTERN} yet; add that line?"):
        click.echo(f"nothing was written; by hand this goes below `watches:`\n\n{yaml_of(watch, body)}")
        return
    added = writer.add(watch, body, is_exact=given.watch_id is not None)
    _print(added, body, config, second, is_new=file is None, as_json=as_json)


def _stilled(body: dict[str, Json], asking: Asking, *, as_json: bool) -> tuple[dict[str, Json], SecondLook]:
    """Return the watch without what moves by itself, if that is agreed to, and what a second look showed."""
    watch = watch_of(body, os.environ)
    with waiting("looking again", is_quiet=as_json):
        second = asyncio.run(runtime.second_look(watch))
    still = stiller(body, watch, second)
    if not as_json and (second.movements or second.problem or still != body):
        print_second_look(second, is_left_out=still != body)
    return (still if still == body or asking.whether("leave that out?") else body), second


def _print(
    added: Added, body: dict[str, Json], config: Path, second: SecondLook, *, is_new: bool, as_json: bool
) -> None:
    if as_json:
        print_json(
            {
                "id": added.watch,
                "file": str(added.path),
                "included_by": str(added.included_by) if added.included_by else None,
                "is_new": is_new,
                "watch": body,
                "second_look": second_look_json(second),
            }
        )
        return
    also = f", which {added.included_by} includes now" if added.included_by else ""
    also = f", and {config}, which includes it" if is_new else also
    click.echo(f"\nwrote {added.watch} to {added.path}{also}\n\n{yaml_of(added.watch, body)}\n")
    click.echo("a running `watcher run` picks it up by itself")
    click.echo(f"`watcher qr {body['topic']}` prints the QR code to subscribe; `watcher try {added.watch}` looks now")
