"""
Which commands there are, in the README's order.

The module of a command is imported when the command is asked for: all of them would be a third of the start of a pass.
"""

from __future__ import annotations

from collections import UserDict
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from itertools import takewhile
from keyword import iskeyword
from typing import Any, Final

import click

from watcher.cli.declaring import Group

_NAMES: Final = (
    *("demo", "init", "schema"),
    *("run", "serve"),
    *("check", "try", "validate", "accept"),
    *("status", "history", "replay", "messages", "outbox", "doctor"),
    *("backup", "restore", "losses"),
    *("topics", "subscribers", "apps", "tokens", "qr", "send"),
    "password",
)
"""Each stands in the module beside this one that has its name, whose `register` adds it."""
_MODULES: Final = {name: f"watcher.cli.{name}_" if iskeyword(name) else f"watcher.cli.{name}" for name in _NAMES}


class Commands(Group):
    """All commands, in the order of the README's table."""

    def __init__(self, name: str, **attributes: Any) -> None:
        super().__init__(name, **attributes)
        self.commands = _Commands()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
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
def _commands_of(module: str) -> Mapping[str, click.Command]:
    """Return the commands that a module registers."""
    some = click.Group()
    import_module(module).register(some)
    return some.commands
