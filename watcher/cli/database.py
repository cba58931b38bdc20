"""The command `database`: where the push service keeps what it knows."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.declaring import group
from watcher.cli.options import DatabaseOption, DataOption, JsonOption
from watcher.cli.output import print_json
from watcher.core.settings import Settings


def show_database(
    data: DataOption = options.DATA, database: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """Show where subscribers and messages are kept, and which tables are there."""
    found = asyncio.run(runtime.tables(_settings(data, database)))
    if as_json:
        print_json({"place": found.place, "revision": found.revision, "newest": found.newest})
    elif found.revision is None:
        click.echo(f"{found.place} has no tables yet; a start, or `watcher database upgrade`, makes them")
    elif found.revision == found.newest:
        click.echo(f"{found.place} is up to date: revision {found.revision}")
    else:
        click.echo(f"{found.place} has revision {found.revision}; this version of watcher makes {found.newest}")


def upgrade_database(data: DataOption = options.DATA, database: DatabaseOption = None) -> None:
    """Create the tables or bring them up to date now, as the next start would.

    With a role that may create and alter tables, where the one that serves may not.
    """
    before = asyncio.run(runtime.upgrade_tables(_settings(data, database)))
    if before.revision == before.newest:
        click.echo(f"{before.place} was up to date: revision {before.newest}")
    else:
        was = "had no tables" if before.revision is None else f"had revision {before.revision}"
        click.echo(f"{before.place} {was}, and has revision {before.newest} now")


database = group(
    "database",
    "Show where subscribers and messages are kept, or bring its tables up to date.",
    show_database,
    {"upgrade": upgrade_database},
)


def _settings(data: Path, database: str | None) -> Settings:
    return Settings(data=data, database=options.check_database(database))
