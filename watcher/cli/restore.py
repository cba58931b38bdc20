"""The command `restore`: a backup in the place of the present state."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.declaring import Argument, Option, command
from watcher.cli.options import DatabaseOption, DataOption, JsonOption
from watcher.cli.output import print_json, time_json
from watcher.core.settings import Settings
from watcher.core.values import Json

if TYPE_CHECKING:
    from watcher.runtime.backups import Restored
    from watcher.store.cluster.dumps import PutBack


@command
def restore(
    file: Annotated[Path, Argument(metavar="FILE", help="An archive of `watcher backup`, or a daily one.")],
    data: DataOption = options.DATA,
    database: DatabaseOption = None,
    may_replace: Annotated[
        bool, Option("--replace", help="Also where that PostgreSQL has subscribers or messages: they are moved aside.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Replace the data directory's state by that of a backup.

    Stop `watcher run` and `watcher serve` first. The present state is moved aside, into before-restore-…, and never
    deleted. Should this command be killed, the old state or the new one is there as a whole.
    Changes of pages since the backup are told again.
    What the backup has of a PostgreSQL is put into the one that --database names, in one transaction.
    """
    settings = Settings(data=data, database=options.check_database(database))
    done = runtime.restore(settings, file, may_replace=may_replace)
    if as_json:
        print_json(_json(file, done))
        return
    made_at = f"{done.manifest.created_at.astimezone():%Y-%m-%d %H:%M:%S}"
    click.echo(f"{data} is as it was at {made_at}")
    if (where := runtime.known_watches_file(data)) is not None:
        click.echo(f"its file of watches was {where}, which no backup has")
    if done.aside:
        click.echo(f"the state before is in {done.aside}; remove it when all is well")
    if done.put_back is not None:
        _show_database(done.put_back, made_at)
    elif settings.database is not None:
        click.echo("the backup has nothing of a database: subscribers and messages stay as they are", err=True)


def _json(file: Path, done: Restored) -> dict[str, Json]:
    schemas: list[Json] = [*done.put_back.aside] if done.put_back else []
    return {
        "file": str(file),
        "created_at": time_json(done.manifest.created_at),
        "aside": str(done.aside) if done.aside else None,
        "database": done.put_back.shown if done.put_back else None,
        "schemas_aside": schemas,
    }


def _show_database(put_back: PutBack, made_at: str) -> None:
    click.echo(f"{put_back.shown} is as it was at {made_at}")
    if put_back.aside:
        click.echo(f"what was there is in its schemas {' and '.join(put_back.aside)}; drop them when all is well")
    click.echo("servers with other data directories refuse until the file postgresql.epoch in each is removed")
