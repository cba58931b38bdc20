"""What the documents show is right: their YAML loads, and their commands and options exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.docs.markdown import DOCUMENTS, commands, fences, name_of
from watcher.cli.app import app
from watcher.config import parse

OURS = [
    pytest.param(fence.text, id=f"{name_of(document)}-{number}")
    for document in DOCUMENTS
    for number, fence in enumerate(fences(document.read_text(encoding="utf-8")))
    # The YAML of other programs stands in blocks of `yml`.
    if fence.language == "yaml" and re.search("^watches:", fence.text, re.MULTILINE)
]


def shown(text: str) -> Iterator[list[str]]:
    """Yield the arguments of each `watcher …` that the text shows, in blocks and in sentences."""
    for line in [*commands(text), *re.findall(r"`(watcher [^`\n]+)`", text)]:
        match = re.search(r"(?:^|[\s/(])(?:(?:pagewatcher|watcher|as_watcher) )+([a-z].*)", line)
        if match and not line.startswith("sudo"):
            yield shlex.split(match[1].replace("…", "X").partition("|")[0], comments=True)


def unknown(arguments: list[str]) -> list[str]:
    """Return what of a command line does not exist: its command, or options of it."""
    command: click.Command = app
    names = list(arguments)
    while isinstance(command, click.Group) and names and not names[0].startswith("-"):
        name = names.pop(0)
        if name not in command.commands and any(isinstance(each, click.Argument) for each in command.params):
            break  # `watcher import FILE`, beside `watcher import wxpusher`
        if name not in command.commands:
            return [name]
        command = command.commands[name]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return [one for one in names if re.match(r"--[a-z]", one) and one.partition("=")[0] not in {*known, "--help"}]


@pytest.mark.parametrize("example", OURS)
def test_an_example_loads(example: str) -> None:
    names = set(re.findall(r"\$\{(\w+)\}", example))
    assert parse(example, file="example", environ=dict.fromkeys(names, "a-secret")).watches is not None


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_a_command_exists_with_its_options(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert [(line, unknown(line)) for line in shown(text) if unknown(line)] == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("watcher chek", ["chek"]),
        ("watcher check --rapid", ["--rapid"]),
        ("watcher topics ad News", ["ad"]),
        ("watcher topics add News --ap 2", ["--ap"]),
        ("watcher check --json books", []),
    ],
)
def test_what_does_not_exist_is_found(line: str, what: list[str]) -> None:
    assert [unknown(arguments) for arguments in shown(f"```sh\n{line}\n```\n")] == [what]
