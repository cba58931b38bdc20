"""
Which commands there are, and how `--help` reads: in the README's order, with names of values instead of Python's types.

The module of a command is imported when the command is asked for: all of them would be a third of the start of a pass.
"""

from __future__ import annotations

from collections import UserDict
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from itertools import takewhile
from typing import Any, Final

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup
from typer.main import get_group

_MODULES: Final = {
    **dict.fromkeys(("demo", "init", "schema"), "start"),
    "run": "pages",
    "serve": "serving",
    "check": "checking",
    "try": "trying",
    "validate": "validating",
    **dict.fromkeys(("accept", "status", "history"), "pages"),
    "replay": "replaying",
    "messages": "messages",
    "outbox": "pages",
    "doctor": "doctor",
    **dict.fromkeys(("backup", "restore"), "backups"),
    "topics": "topics",
    "subscribers": "subscribers",
    "apps": "apps",
    "tokens": "tokens",
    "qr": "codes",
    "send": "messages",
    "password": "password",
}
"""Each command, and the module beside this one whose `register` adds it."""

# Typer's own class of contexts is private; it is `Any` here.


class Command(TyperCommand):
    """A command whose help names its arguments without their types, `ID` and not `ID <str>`."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments and the options."""
        arguments, others = [], []
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record and isinstance(parameter, TyperArgument):
                arguments.append((parameter.display_name_raw + ("…" if parameter.nargs != 1 else ""), record[1]))
            elif record:
                others.append(record)
        for title, records in (("Arguments", arguments), ("Options", others)):
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


class Commands(TyperGroup):
    """All commands, in the order of the README's table."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands()

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - they are the same everywhere
        """Return the names as they are listed."""
        return list(self.commands)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the options before the command. Says of any other where it goes."""
        own = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        for argument in takewhile(lambda argument: argument.startswith("--"), args):
            option = argument.partition("=")[0]
            if option not in (*own, "--"):
                ctx.fail(f"options go after the command: watcher COMMAND {option} …")
        return super().parse_args(ctx, args)


class _Commands(UserDict[str, Any]):
    """The commands by name, each imported when it is asked for."""

    def __init__(self) -> None:
        super().__init__(_MODULES)

    def __getitem__(self, name: str) -> Any:
        return _commands_of(super().__getitem__(name))[name]


@cache
def _commands_of(module: str) -> Mapping[str, Any]:
    """Return the commands that a module registers."""
    some = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    import_module(f"watcher.cli.{module}").register(some)
    return get_group(some).commands
