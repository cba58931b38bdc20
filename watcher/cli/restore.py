"""The command `restore`: a backup in the place of the present state."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.declaring import Argument, command
from watcher.cli.options import DataOption, JsonOption
from watcher.cli.output import print_json, time_json
from watcher.core.settings import Settings


@command
def restore(
    file: Annotated[Path, Argument(metavar="FILE", help="An archive of `watcher backup`, or a daily one.")],
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Replace the data directory's state by that of a backup.

    Stop `watcher run` and `watcher serve` first. The present state is moved aside, into before-restore-…, and never
    deleted. Should this command be killed, the old state or the new one is there as a whole.
    Changes of pages since the backup are told again.
    """
    elsewhere = options.shared_database(data)
    manifest, aside = runtime.restore(Settings(data=data), file)
    if elsewhere is not None:
        click.echo(
            f"subscribers and messages stay as they are in {elsewhere.shown}; `pg_restore` is for those", err=True
        )
    if as_json:
        print_json(
            {"file": str(file), "created_at": time_json(manifest.created_at), "aside": str(aside) if aside else None}
        )
        return
    click.echo(f"{data} is as it was at {manifest.created_at.astimezone():%Y-%m-%d %H:%M:%S}")
    if aside:
        click.echo(f"the state before is in {aside}; remove it when all is well")
