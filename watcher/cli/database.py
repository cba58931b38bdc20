"""The command `database`: where everything that lasts is kept, and taking all of it elsewhere."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.declaring import Option, group
from watcher.cli.options import ConfigOption, DatabaseOption, DataOption, JsonOption
from watcher.cli.output import print_json
from watcher.cli.progress import progress
from watcher.cli.watch_file import local_timezone
from watcher.core.settings import Settings
from watcher.core.values import Json

if TYPE_CHECKING:
    from watcher.runtime.copying.console_files import Move
    from watcher.runtime.databases import Tables
    from watcher.store.push.copying import Plan


def show_database(
    data: DataOption = options.DATA, database: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """Show where subscribers, messages and watches are kept, and which tables are there."""
    found = asyncio.run(runtime.tables(_settings(data, database)))
    if as_json:
        print_json(_record(found))
        return
    click.echo(f"{found.place} {_shown(found)}")
    if found.revision is not None and found.watches is not None:
        click.echo(f"for watches it {_shown(found.watches)}")


def upgrade_database(data: DataOption = options.DATA, database: DatabaseOption = None) -> None:
    """Create the tables or bring them up to date now, as the next start would.

    With a role that may create and alter tables, where the one that serves may not.
    """
    before = asyncio.run(runtime.upgrade_tables(_settings(data, database)))
    click.echo(f"{before.place} {_shown_upgrade(before)}")
    if before.watches is not None:
        click.echo(f"for watches it {_shown_upgrade(before.watches)}")


def reseal_secrets(data: DataOption = options.DATA, database: DatabaseOption = None) -> None:
    """Seal the secrets of the cluster with the first key of WATCHER_SECRET_KEY.

    To replace that key: give all servers the new one and the old one, as `NEW,OLD`, and restart them; run this with
    both in the environment; then take the old one away, and restart them once more.
    """
    number = asyncio.run(runtime.reseal(_settings(data, database), os.environ))
    if number:
        click.echo(f"sealed with the first key: {number} secret{'' if number == 1 else 's'}")
    else:
        click.echo("no secrets are kept there; the first server over https makes the one of Web Push")


def renew_numbers(data: DataOption = options.DATA, database: DatabaseOption = None) -> None:
    """Continue all numbers 100,000,000 higher, after PostgreSQL itself was put back to an older state.

    Servers do so by themselves where their data directory remembers which numbers were given; this is for where none
    does. Readers then see what is sent from now on, however far they had read before. Servers and workers go on.
    """
    asyncio.run(runtime.renew(_settings(data, database)))
    click.echo("numbers go on 100,000,000 above those that are there; workers begin a new epoch")


def copy_database(
    to: Annotated[str, Option("--to", metavar="URL|DIR", help="A PostgreSQL (postgresql://…), or a data directory.")],
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    database: DatabaseOption = None,
    is_dry: Annotated[bool, Option("--dry-run", help="Count what would be copied, and change nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Copy subscribers, messages and watches to a PostgreSQL, or from there to a data directory.

    Everything goes on there: ids, links, tokens and cookies stay, and what watches have seen and have to tell; every
    row is compared, and the old place refuses from then on and says where it went. Stop `run`, `serve` and `worker`
    before. What the console and `watcher add` wrote into files of watches becomes the console's own there, and files
    again on the way back; the files that you wrote are declared by `watcher apply`.
    """
    settings = _settings(data, database)
    plan = runtime.plan_copy(settings, to)
    console = runtime.console_move(
        settings, to, runtime.Written(config=config, environ=os.environ, timezone=local_timezone())
    )
    if not is_dry:
        with progress(plan.slices, "copying", is_quiet=as_json) as bar:
            plan = runtime.copy_database(settings, to, console, advance=bar.advance)
    left = [str(file) for file in runtime.left_beside(settings, to)]
    if as_json:
        rows: dict[str, Json] = dict(plan.rows)
        of_console: dict[str, Json] = {"watches": console.watches, "files": [str(file) for file in console.files]}
        places: dict[str, Json] = {"from": plan.source, "to": plan.target}
        print_json({**places, "is_dry_run": is_dry, "rows": rows, "console": of_console, "left": [*left]})
    else:
        _show_copy(plan, console, left, is_dry=is_dry)


def _record(found: Tables) -> dict[str, Json]:
    record: dict[str, Json] = {"place": found.place, "revision": found.revision, "newest": found.newest}
    if (watches := found.watches) is not None:
        record["watches"] = {"revision": watches.revision, "newest": watches.newest}
    return record


def _shown(found: Tables) -> str:
    if found.revision is None:
        return "has no tables yet; a start, or `watcher database upgrade`, makes them"
    if found.revision == found.newest:
        return f"is up to date: revision {found.revision}"
    return f"has revision {found.revision}; this version of watcher makes {found.newest}"


def _shown_upgrade(before: Tables) -> str:
    if before.revision == before.newest:
        return f"was up to date: revision {before.newest}"
    was = "had no tables" if before.revision is None else f"had revision {before.revision}"
    return f"{was}, and has revision {before.newest} now"


def _show_copy(plan: Plan, console: Move, left: Sequence[str], *, is_dry: bool) -> None:
    for table, number in plan.rows.items():
        if number:
            click.echo(f"{number:>12,}  {table}")
    total = f"{sum(plan.rows.values()):,} rows"
    if is_dry:
        click.echo(f"{total} would be copied from {plan.source} to {plan.target}; nothing was changed")
    else:
        click.echo(f"copied {total} from {plan.source} to {plan.target}, and compared each")
        click.echo(f"{plan.source} refuses from now on")
        _show_watches(plan, console)
    if left:
        click.echo(f"not copied, do that by hand: {', '.join(left)}")


def _show_watches(plan: Plan, console: Move) -> None:
    is_server = "://" in plan.target
    if console.watches:
        files = ", ".join(map(str, console.files))
        where = f"are its own there, and {files} is passed over" if is_server else f"stand in {files}"
        click.echo(f"watches of the console: {console.watches} {where}")
    if is_server and plan.rows.get("state"):
        click.echo("workers check what is declared there: `watcher apply` declares the watches of your files")


database = group(
    "database",
    "Show where subscribers, messages and watches are kept, or change that.",
    show_database,
    {"upgrade": upgrade_database, "copy": copy_database, "renew": renew_numbers, "reseal": reseal_secrets},
)


def _settings(data: Path, database: str | None) -> Settings:
    return Settings(data=data, database=options.check_database(database))
