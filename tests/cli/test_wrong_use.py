"""A command that is called wrongly: one line with what is wrong, what may be meant and where the help is."""

from __future__ import annotations

import click
import pytest

from tests.cli.command import Command
from watcher.cli.app import app
from watcher.cli.wrong_use import line_of
from watcher.errors import UsageError


@pytest.mark.parametrize(
    ("arguments", "said", "helped_by"),
    [
        (["chek"], "there is no command chek; did you mean check or schema?", "watcher"),
        (["zzzz"], "there is no command zzzz", "watcher"),
        (["apps", "ad"], "there is no command ad; did you mean add?", "watcher apps"),
        (["check", "--jsno"], "there is no option --jsno; did you mean --json?", "watcher check"),
        (["history", "--zzzz"], "there is no option --zzzz", "watcher history"),
        (["add"], "URL is missing", "watcher add"),
        (["completions"], "bash|zsh|fish is missing", "watcher completions"),
        (["import", "wxpusher"], "--app-token is missing", "watcher import wxpusher"),
        (["add", "a", "b"], "got unexpected extra argument (b)", "watcher add"),
        (["topics", "--data"], "option '--data' requires an argument", "watcher topics"),
        (["check", "--json=3"], "option '--json' does not take a value", "watcher check"),
        (["apps", "qr", "x"], "APP: 'x' is not a valid integer", "watcher apps qr"),
        (["add", "a", "--pick", "x"], "--pick: 'x' is not a valid number", "watcher add"),
        (["run", "--port", "70000"], "--port: 70000 is not in the range 0<=x<=65535", "watcher run"),
        (["completions", "sh"], "bash|zsh|fish: 'sh' is not one of 'bash', 'zsh', 'fish'", "watcher completions"),
        (["add", "a", "--config", ""], "--config: an empty text is no path; is a variable not set?", "watcher add"),
        (["apps", "--json", "list"], "options go after the verb: watcher apps list --json …", "watcher apps"),
        (["--json", "apps"], "options go after the command: watcher COMMAND --json …", "watcher"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_it_is_said_in_one_line(arguments: list[str], said: str, helped_by: str) -> None:
    with pytest.raises(click.UsageError) as refused:
        app.main(arguments, prog_name="watcher", standalone_mode=False)
    assert line_of(refused.value) == f"watcher: {said} (see `{helped_by} --help`)"


def test_a_wrong_value_of_the_environment_is_said_of_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHER_PORT", "many")
    with pytest.raises(click.UsageError) as refused:
        app.main(["run"], prog_name="watcher", standalone_mode=False)
    assert line_of(refused.value) == "watcher: WATCHER_PORT: 'many' is not a valid number (see `watcher run --help`)"


@pytest.mark.parametrize("command", [["worker"], ["cluster", "status"], ["apply"]], ids=" ".join)
def test_what_works_on_a_cluster_wants_to_know_which(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WATCHER_DATABASE", raising=False)
    with pytest.raises(UsageError, match="name the database of the cluster, with --database or WATCHER_DATABASE"):
        app.main(command, prog_name="watcher", standalone_mode=False)


async def test_the_command_ends_with_2_and_nothing_but_that_line(watcher: Command) -> None:
    wrong = await watcher("status", "--json", "--jsno")
    assert (wrong.status, wrong.out) == (2, "")
    assert wrong.err.startswith("watcher: there is no option --jsno; did you mean --json? (see `")
    assert wrong.err.count("\n") == 1


async def test_what_is_asked_for_and_not_wrong_ends_with_0(watcher: Command) -> None:
    assert (await watcher("--version")).status == 0
    helped = await watcher("check", "--help")
    assert (helped.status, helped.err) == (0, "")


async def test_without_a_command_the_help_of_all_is_shown(watcher: Command) -> None:
    bare = await watcher()
    assert (bare.status, bare.out) == (2, "")
    assert "Commands:" in bare.err
