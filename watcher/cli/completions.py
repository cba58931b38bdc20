"""The command `completions`: what a shell needs to complete commands and options."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from watcher.cli.declaring import Argument, command


class Shell(StrEnum):
    """Those that Click knows."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


_KINDS: Final[Mapping[Shell, type[ShellComplete]]] = {
    Shell.BASH: BashComplete,
    Shell.ZSH: ZshComplete,
    Shell.FISH: FishComplete,
}


@command
def completions(shell: Annotated[Shell, Argument(metavar="bash|zsh|fish")]) -> None:
    """Print the script by which a shell completes commands and options.

    bash reads it from ~/.local/share/bash-completion/completions/watcher, fish from
    ~/.config/fish/completions/watcher.fish, zsh from a file _watcher in a directory of its $fpath.
    """
    script = _KINDS[shell](click.get_current_context().find_root().command, {}, "watcher", "_WATCHER_COMPLETE")
    # Not its own `source`: that of bash starts a bash, to see whether it is too old.
    click.echo(ShellComplete.source(script))
