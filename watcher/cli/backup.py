"""The command `backup`: the data directory as one archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.declaring import Option, command
from watcher.cli.options import DataOption, JsonOption
from watcher.cli.output import print_json
from watcher.core.settings import Settings


@command
def backup(
    to: Annotated[
        Path | None,
        Option("--to", metavar="FILE", help="A file, which is replaced, or a directory. Default: backups/ in --data."),
    ] = None,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Save the data directory into one archive.

    It holds subscribers, topics, messages, the state of the watches, undelivered messages and the key of Web Push.
    Nothing has to be stopped. The copies are checked before the archive gets its name. Only its owner may read it
    (0600), for it contains all messages.
    watches.yaml and the environment are not in it, nor what a PostgreSQL has in place of the data directory.
    """
    elsewhere = options.shared_database(data)
    path, size_bytes = runtime.backup(Settings(data=data), to)
    if elsewhere is not None:
        click.echo(f"subscribers and messages are not in it: save {elsewhere.shown}, as with `pg_dump`", err=True)
    if as_json:
        print_json({"file": str(path), "bytes": size_bytes})
    else:
        click.echo(f"wrote {path} ({size_bytes / 1e6:.1f} MB)")
