"""The commands `backup`, `restore` and `losses`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import click

from watcher.cli import options
from watcher.cli.declaring import Argument, Option, command
from watcher.cli.options import DataOption, JsonOption
from watcher.cli.output import print_json, print_listing, time_json, time_text
from watcher.core.settings import Settings
from watcher.errors import UsageError


def register(app: click.Group) -> None:
    """Add these commands."""
    for function in (backup, restore, losses):
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

    path, size_bytes = runtime.backup(Settings(data=data), to)
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

    manifest, aside = runtime.restore(Settings(data=data), file)
    if as_json:
        print_json(
            {"file": str(file), "created_at": time_json(manifest.created_at), "aside": str(aside) if aside else None}
        )
        return
    click.echo(f"{data} is as it was at {manifest.created_at.astimezone():%Y-%m-%d %H:%M:%S}")
    if aside:
        click.echo(f"the state before is in {aside}; remove it when all is well")


def losses(
    accept: Annotated[
        bool, Option("--accept", help="Go on with what is left; what was lost is no warning any more.")
    ] = False,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Show what was lost of the data directory.

    A database that is damaged or gone, or lacks changes that it has had (its write-ahead log is lost), goes on with
    what is left or with the newest backup. The admin topic is told, and it stands here, and in `watcher doctor`, until
    you accept it. What was found is kept beside it; `watcher restore FILE` puts any backup in its place.
    Where neither `run` nor `serve` was started since, --accept does what their start would do.
    """
    from watcher import runtime

    if not data.is_dir():
        raise UsageError(f"there is no data directory {data}; name it with --data")
    print_listing(
        runtime.accept_losses(Settings(data=data), is_accepted=accept),
        as_json=as_json,
        record=lambda loss: {
            "created_at": time_json(loss.created_at),
            "summary": loss.summary,
            "content": loss.content,
            "accepted": accept,
        },
        headings=("found", "accepted" if accept else "lost"),
        cells=lambda loss: (time_text(loss.created_at, now=runtime.utc_now()), loss.content),
        folding=("accepted" if accept else "lost",),
        empty="nothing was lost",
    )
