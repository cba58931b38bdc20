"""The command `backup`: the data directory, and the database in its place, as one archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.declaring import Option, command
from watcher.cli.options import DatabaseOption, DataOption, JsonOption
from watcher.cli.output import print_json
from watcher.core.settings import Settings


@command
def backup(
    to: Annotated[
        Path | None,
        Option("--to", metavar="FILE", help="A file, which is replaced, or a directory. Default: backups/ in --data."),
    ] = None,
    data: DataOption = options.DATA,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Save the data directory into one archive.

    It holds subscribers, topics, messages, the state of the watches, undelivered messages and the key of Web Push.
    Nothing has to be stopped. The copies are checked before the archive gets its name. Only its owner may read it
    (0600), for it contains all messages.
    What a PostgreSQL has in place of the data directory is in it too, by PostgreSQL's own pg_dump.
    watches.yaml and the environment are not in it.
    """
    path, size_bytes = runtime.backup(Settings(data=data, database=options.check_database(database)), to)
    where = runtime.known_watches_file(data)
    if as_json:
        print_json({"file": str(path), "bytes": size_bytes, "watches_file": where})
    else:
        click.echo(f"wrote {path} ({size_bytes / 1e6:.1f} MB)")
        click.echo(
            f"{where or 'the file of watches'} is not in it, nor what that includes; `watcher export` prints all"
        )
