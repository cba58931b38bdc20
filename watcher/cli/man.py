"""
The command `man`: the manual page, made of the help of all commands.

Printed and not packed: so it is that of the version which is installed, and no installer has to know where pages go.
One page for all, in the macros of man(7), where click-man would write one for each of some sixty commands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from inspect import cleandoc
from typing import Final

import click

import watcher
from watcher.cli.declaring import command

_AFTER: Final = """
.SH "EXIT STATUS"
.TP
.B 0
It is fine.
.TP
.B 1
A check failed, something is undelivered, or an error was found.
.TP
.B 2
It was used or configured wrongly, or another process holds the data directory.
.SH FILES
.TP
.I watches.yaml
The watches.
.TP
.I .watcher/
All data.
"""


@command
def man() -> None:
    """Print this program's manual page.

    `watcher man > ~/.local/share/man/man1/watcher.1` puts it where `man watcher` finds it.
    """
    root = click.get_current_context().find_root()
    click.echo("\n".join(_page(root.command)))


def _page(app: click.Command) -> Iterator[str]:
    context = click.Context(app, info_name="watcher")
    yield f'.TH WATCHER 1 "" "watcher {watcher.__version__}"'
    yield from (".SH NAME", f"watcher \\- {_escaped((app.help or '').rstrip('.'))}")
    yield from (".SH SYNOPSIS", ".B watcher", _escaped(" ".join(app.collect_usage_pieces(context))))
    yield from (".SH DESCRIPTION", *_paragraphs(app.epilog or ""))
    yield from (".SH OPTIONS", *_options(app, context))
    yield from (".SH COMMANDS", *_commands(app, context, "watcher"))
    yield from (".SH ENVIRONMENT", *_environment(app))
    yield _AFTER.strip()


def _commands(group: click.Command, context: click.Context, path: str) -> Iterator[str]:
    """Yield each command with its options, and the commands below it; `path`: how the group is called."""
    if not isinstance(group, click.Group):
        return
    for name, each in group.commands.items():
        below = click.Context(each, parent=context, info_name=name)
        yield f".SS {_escaped(f'{path} {name}')} {_escaped(' '.join(each.collect_usage_pieces(below)))}"
        yield from _paragraphs(each.help or "")
        yield from _options(each, below)
        yield from _commands(each, below, f"{path} {name}")


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", cleandoc(text)):
        if paragraph.startswith("\b\n"):  # Click's sign for lines that stay as they are
            yield from (".PP", ".nf", *map(_escaped, paragraph.splitlines()[1:]), ".fi")
            continue
        yield from (".PP", _escaped(" ".join(paragraph.split())))


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and "--help" not in parameter.opts:
            names, text = record
            yield from (".TP", f".B {_escaped(names)}", _escaped(" ".join(text.split())) or "\\&")


def _environment(app: click.Command) -> Iterator[str]:
    """Yield the variables that stand for options, by the alphabet."""
    for variable, options in sorted(_variables(app).items()):
        yield from (".TP", f".B {variable}", f"Stands for {_escaped(' and '.join(options))}.")


def _variables(command: click.Command) -> dict[str, Sequence[str]]:
    """Return variable → the options that it stands for."""
    found = {str(each.envvar): ["/".join(each.opts)] for each in command.params if each.envvar}
    if isinstance(command, click.Group):
        for below in command.commands.values():
            for variable, options in _variables(below).items():
                found[variable] = [*dict.fromkeys([*found.get(variable, ()), *options])]
    return dict(found)


def _escaped(text: str) -> str:
    """Return text as roff has it: no letter of it is an order, and a hyphen is one that can be copied."""
    safe = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{safe}" if safe.startswith((".", "'")) else safe
