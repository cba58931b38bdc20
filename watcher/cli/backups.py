"""The commands `backup` and `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import click

from watcher.cli import options
from watcher.cli.declaring import Argument, Option, command
from watcher.cli.options import DataOption, JsonOption
from watcher.cli.output import print_json, time_json


def register(app: click.Group) -> None:
    """Add these commands."""
    for function in (backup, restore):
        app.add_command(command(function))


def backup(
    to: Annotated[
        Path | None,
        Option(
            "--to", metavar="FILE", help="A file, which is replaced, or a directory. Default: DIR/backups/ of --data."
        ),
    ] = None,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Save the data directory into one archive.

    It holds subscribers, topics, messages, what the watches know and what is not told yet, and the key of Web Push.
    Nothing need be stopped. The copies are checked before the archive takes its name; whoever reads it reads all
    messages, so it is private (0600).
    watches.yaml and the environment are not in it.
    """
    from watcher import runtime

    path, size_bytes = runtime.backup(runtime.Settings(data=data), to)
    if as_json:
        print_json({"file": str(path), "bytes": size_bytes})
    else:
        click.echo(f"wrote {path} ({size_bytes / 1e6:.1f} MB)")


def restore(
    file: Annotated[Path, Argument(metavar="FILE", help="What `watcher backup`, or a day, has made.")],
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Put the state in a backup in the place of the present one.

    Stop `watcher run` and `watcher serve` first. The present state is moved aside, into before-restore-…, and never
    deleted. A kill leaves the old state or the new one, whole.
    Pages that have changed since the backup are told again.
    """
    from watcher import runtime

    manifest, aside = runtime.restore(runtime.Settings(data=data), file)
    if as_json:
        print_json(
            {"file": str(file), "created_at": time_json(manifest.created_at), "aside": str(aside) if aside else None}
        )
        return
    click.echo(f"{data} is as it was at {manifest.created_at.astimezone():%Y-%m-%d %H:%M:%S}")
    if aside:
        click.echo(f"the state before is in {aside}; remove it when all is well")
