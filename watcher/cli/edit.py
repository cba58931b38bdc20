"""The commands `edit`, `rename` and `remove`: one watch of the files is changed, and all else stays as it is."""

from __future__ import annotations

import sys
from typing import Annotated

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.declaring import Argument, Option, command
from watcher.cli.options import ConfigOption, DataOption, IdArgument
from watcher.cli.watch_file import writer_of
from watcher.config.document import Plain
from watcher.core.settings import Settings
from watcher.errors import ConfigError, UsageError

_IN_USE = "a running `watcher run` picks it up by itself; `watcher apply` declares it to a cluster"


@command
def edit(watch: IdArgument, config: ConfigOption = options.CONFIG) -> None:
    """Open the lines of a watch in $EDITOR, and write them into its file once nothing is wrong with them.

    \b
    EDITOR=nano watcher edit kettle
    """
    writer = writer_of(config)
    before = typed = writer.written(watch).text
    while (typed := click.edit(typed, extension=".yaml") or before) != before:
        try:
            edited = writer.changing(watch, typed, lines=before)
            writer.write(edited)
        except (ConfigError, UsageError) as error:
            click.echo(str(error), err=True)
            if not (sys.stdin.isatty() and click.confirm("edit it again?", default=True)):
                click.echo(typed, nl=False)
                raise UsageError("nothing was written; the standard output has what you typed") from error
        else:
            click.echo(f"{edited.difference}wrote {watch} to {edited.path}\n{_IN_USE}")
            return
    click.echo("nothing was changed")


@command
def rename(
    old: IdArgument,
    new: Annotated[str, Argument(metavar="NEW", help="The id that it gets.")],
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
) -> None:
    """Give a watch another id, in its file; `was`, which is written there, lets its history go along.

    \b
    watcher rename kettle moka-pot
    """
    writer = writer_of(config)
    was = _was(old, writer.written(old).body, options.watch_settings(data, options.database_of_environment()))
    edited = writer.renaming(old, new, was)
    writer.write(edited)
    click.echo(f"{old} is {new} now, in {edited.path}; its history goes along (`was: {was}`)\n{_IN_USE}")


@command
def remove(
    watch: IdArgument,
    yes: Annotated[bool, Option("--yes", "-y", help="Do not ask.")] = False,
    config: ConfigOption = options.CONFIG,
) -> None:
    """Take a watch out of its file, after it has shown the lines that go.

    \b
    watcher remove kettle
    """
    writer = writer_of(config)
    edited = writer.removing(watch)
    click.echo(edited.difference, nl=False)
    if not yes:
        click.confirm(f"remove {watch}?", abort=True)
    writer.write(edited)
    click.echo(f"removed {watch} from {edited.path}\n{_IN_USE}")


def _was(old: str, body: Plain, settings: Settings) -> str:
    """Return the id under which the state of a watch is kept, or will be once its file is read."""
    said = body if isinstance(body, dict) else {}
    each, former = said.get("for_each"), said.get("was")
    if isinstance(each, dict) and not all(isinstance(part, dict) for part in each.values()):
        raise UsageError(f"{old}: `was` cannot name the keys of `for_each`, so it would lose its history")
    if each is not None:
        return f"{old}.{{each}}"
    if not isinstance(former, str) or not (settings.database or settings.data.is_dir()):
        return old
    known = runtime.reader(settings)  # a rename that no process has read yet: the state has the first id
    return former if known.state(old) is None and known.state(former) is not None else old
