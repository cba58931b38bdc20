"""The command `accept`: what looks suspicious is true."""

from __future__ import annotations

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.choosing import chosen
from watcher.cli.declaring import command
from watcher.cli.options import ClusterOption, ConfigOption, DataOption, IdArgument, JsonOption
from watcher.cli.output import print_json
from watcher.cli.watch_file import load_watches


@command
def accept(
    watch: IdArgument,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    database: ClusterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Accept a change that was held back as suspicious.

    A list that lost half of its rows, or a number that jumped over `max_step`, is an error until a few checks agree.
    A text that is empty now, or a page that lost half of itself or is another one, is one until you accept it.
    After this command the next check accepts it.
    """
    settings = options.watch_settings(data, database)
    file = load_watches(config, settings)
    chosen(file, [watch])
    said = runtime.accept(settings, file, watch)
    if as_json:
        print_json({"watch": watch, "accepted": said})
    else:
        click.echo(said)
