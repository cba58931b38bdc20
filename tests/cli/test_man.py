"""The manual page and the completions are made from the commands, and are what man and a shell read."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.cli.command import Command
from watcher.cli.app import app

SCRIPT = Path(sys.executable).parent / "watcher"
needs_groff = pytest.mark.skipif(shutil.which("groff") is None, reason="there is no groff: the page was not set")
needs_bash = pytest.mark.skipif(shutil.which("bash") is None or not SCRIPT.exists(), reason="no bash, or not installed")


def said_by(*line: str | Path, stdin: str = "") -> str:
    """Return what a program says; it complains of nothing."""
    done = subprocess.run(line, input=stdin, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def of_all_commands(group: click.Group, name: str) -> dict[str, click.Command]:
    """Return each command by how it is called."""
    found: dict[str, click.Command] = {}
    for each, command in group.commands.items():
        found[f"{name} {each}"] = command
        if isinstance(command, click.Group):
            found |= of_all_commands(command, f"{name} {each}")
    return found


async def test_the_page_names_every_command_and_option(watcher: Command) -> None:
    printed = await watcher("man")
    assert (printed.status, printed.err) == (0, "")
    page = printed.out.replace("\\-", "-")
    sections = {heading: body for heading, _, body in (each.partition("\n") for each in page.split("\n.SS "))}
    for name, command in of_all_commands(app, "watcher").items():
        (body,) = (text for heading, text in sections.items() if heading.startswith(f"{name} [OPTIONS]"))
        shown = [each for each in command.params if not getattr(each, "hidden", False)]
        assert [option for each in shown for option in each.opts if option[0] == "-" and option not in body] == []
    assert "\n.B WATCHER_BASE_URL\n" in page


@needs_groff
async def test_the_page_is_set_without_a_complaint(watcher: Command) -> None:
    assert "NAME" in said_by("groff", "-K", "utf8", "-man", "-Tutf8", "-ww", stdin=(await watcher("man")).out)


@pytest.mark.faults
@needs_bash
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("watcher heal", ["healthcheck"]),
        ("watcher healthcheck --tls", ["--tls-cert", "--tls-key"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bash_completes_commands_and_options(words: str, offered: list[str]) -> None:
    last = len(words.split()) - 1
    line = f"""
        source <({SCRIPT} completions bash)
        COMP_WORDS=({words}); COMP_CWORD={last}
        _watcher_completion {SCRIPT}
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    assert said_by("bash", "-c", line).split() == offered


@pytest.mark.parametrize(("shell", "first"), [("zsh", "#compdef watcher"), ("fish", "function _watcher_completion;")])
async def test_other_shells_get_their_own(shell: str, first: str, watcher: Command) -> None:
    printed = await watcher("completions", shell)
    assert (printed.status, printed.err) == (0, "")
    assert printed.out.startswith(first)


async def test_a_shell_that_is_not_known_is_refused(watcher: Command) -> None:
    printed = await watcher("completions", "csh")
    assert (printed.status, printed.out) == (2, "")
