"""The command `password`, and how the first one is told."""

from __future__ import annotations

import sys
from typing import Annotated

import click

from watcher.cli import options
from watcher.cli.asking import ask_service
from watcher.cli.declaring import Option, command
from watcher.cli.options import DataOption
from watcher.core.settings import Settings
from watcher.push.ids import new_password


@command
def password(
    generate: Annotated[bool, Option("--generate", help="Make a random password, and show it once.")] = False,
    data: DataOption = options.DATA,
) -> None:
    """Set the password of the operator's console.

    All sessions end. On a terminal the password is asked for twice; otherwise it is the first line of standard input.
    """
    chosen = new_password() if generate else _typed()
    ask_service(data, lambda service: service.operator.set_password(chosen), may_begin=True)
    click.echo(f"{chosen}\nIt is not shown again." if generate else "the password is set; all sessions have ended")


def say_first_password(ready: Settings, first: str) -> None:
    """Print the operator's first password, and where it opens what. Printed, never logged."""
    click.echo(f"the console is at {ready.public_url}/console; its password, not shown again: {first}")


def _typed() -> str:
    """Return a password that was typed without an echo, or piped in."""
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt="The same again")
        return typed
    return sys.stdin.readline().rstrip("\r\n")
