"""
Which commands there are, in the README's order.

The module of a command is imported when the command is asked for: it may import at its top what the command needs, and
no other command waits for that. It has the command's name, and so has the command in it; where Python has the name for
something else, with a `_` behind it (`try_`, `list_`).
"""

from __future__ import annotations

import builtins
from collections import UserDict
from importlib import import_module
from itertools import takewhile
from keyword import iskeyword
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

from watcher.cli.declaring import Group

_COMMANDS: Final = {
    "demo": "See it work on pages that change by themselves.",
    "init": "Write a commented file of watches to start with.",
    "suggest": "Show what can be watched on a page, or where a watch's lost values are now.",
    "add": "Write a watch of a page, after a few questions.",
    "import": "Write the jobs of urlwatch, webchanges or changedetection.io, feeds or URLs as watches.",
    "schema": "Print the JSON Schema of watches.yaml, for editors.",
    "run": "Watch the pages and serve the subscribers, until stopped.",
    "serve": "Run the push service alone.",
    "check": "Check each watch once and deliver the messages; for cron.",
    "try": "Fetch a page and explain what is found; fetch it again a second later and show what moved.",
    "validate": "Report every mistake in the configuration.",
    "apply": "Declare the watches of a file to the workers of a cluster.",
    "worker": "Check the watches of a cluster, together with others.",
    "cluster": "Show the workers of a cluster, and what each checks.",
    "list": "Show the watches of the files: what each asks, how often, whom it tells, and where it stands.",
    "edit": "Open the lines of a watch in $EDITOR, and write them into its file once nothing is wrong with them.",
    "rename": "Give a watch another id, in its file; `was`, which is written there, lets its history go along.",
    "remove": "Take a watch out of its file, after it has shown the lines that go.",
    "export": "Print the watches of all files as one file, which includes none; secrets stay `${NAME}`.",
    "accept": "Accept a change that was held back as suspicious.",
    "pause": "Stop checking watches for a while.",
    "mute": "Send no messages about watches for a while.",
    "resume": "End a pause or a mute now.",
    "status": "Show each watch's values, next check and errors.",
    "history": "Show what changed on a watch's page, oldest first, and whether anybody was told.",
    "replay": "Show which messages rules would have sent for a watch's history.",
    "messages": "Show the messages that were sent last, oldest first, and how far each was delivered.",
    "events": "Show what happened: changes, failing watches, messages and deliveries.",
    "outbox": "Show the messages that are not delivered yet.",
    "doctor": "Find what is wrong with this installation, and say what to do about it.",
    "healthcheck": "Ask the server that runs on this machine whether it is ready; for containers and scripts.",
    "backup": "Save the data directory into one archive.",
    "restore": "Replace the data directory's state by that of a backup.",
    "losses": "Show which data was lost.",
    "database": "Show where subscribers, messages and watches are kept, or change that.",
    "topics": "Show the topics with their links, or change them.",
    "subscribers": "Show the subscribers and what they follow, or change that.",
    "apps": "Show the applications, or change them.",
    "tokens": "Show the API's tokens, or change them.",
    "webhooks": "Show the webhooks that tell programs what happens, or change them.",
    "accounts": "Show the accounts of owners, or change them.",
    "qr": "Show the QR code by which people subscribe to a topic.",
    "send": "Send a message to a topic.",
    "password": "Set the password of the operator's console.",
    "completions": "Print the script by which a shell completes commands and options.",
    "man": "Print this program's manual page.",
}
"""What each is for, as the help of its own begins: for a list of them none is imported."""

_MODULES: Final = {"rename": "edit", "remove": "edit", "export": "list_"}
"""Commands that stand in the module of another one, with which they have most in common."""


class Commands(Group):
    """All commands, in the order of the README's table."""

    def __init__(self, name: str, **attributes: Any) -> None:
        super().__init__(name, **attributes)
        self.commands = _Commands()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write what each command is for."""
        with formatter.section("Commands"):
            formatter.write_dl([*_COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return what a word may become; no command is imported for that."""
        names = [CompletionItem(name, help=text) for name, text in _COMMANDS.items() if name.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options before the command. Says of any other where it goes."""
        own = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        for argument in takewhile(lambda argument: argument.startswith("--") and not ctx.resilient_parsing, args):
            option = argument.partition("=")[0]
            if option not in (*own, "--"):
                ctx.fail(f"options go after the command: watcher COMMAND {option} …")
        return super().parse_args(ctx, args)


class _Commands(UserDict[str, Any]):
    """The commands by name, each imported when it is asked for."""

    def __init__(self) -> None:
        super().__init__(_COMMANDS)

    def __getitem__(self, name: str) -> Any:
        if name not in self:
            raise KeyError(name)
        known = f"{name}_" if iskeyword(name) or hasattr(builtins, name) else name
        return getattr(import_module(f"watcher.cli.{_MODULES.get(name, known)}"), known)
