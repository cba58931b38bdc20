"""How `--help` reads: the commands in the README's order, and names of values instead of Python's types."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup

_ORDER = (
    *("demo", "init", "schema"),
    *("run", "serve"),
    *("check", "try", "validate", "accept"),
    *("status", "history", "replay", "messages", "outbox", "doctor"),
    *("backup", "restore"),
    *("topics", "subscribers", "apps", "tokens", "qr", "send"),
    *("password",),
)

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

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names as they are listed."""
        return sorted(super().list_commands(ctx), key=_ORDER.index)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the options before the command. Says of any other where it goes."""
        own = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        for argument in takewhile(lambda argument: argument.startswith("--"), args):
            option = argument.partition("=")[0]
            if option not in (*own, "--"):
                ctx.fail(f"options go after the command: watcher COMMAND {option} …")
        return super().parse_args(ctx, args)
