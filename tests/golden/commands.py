"""The commands with their options, and what is read from the environment."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import click

from watcher.cli.app import app

_ROOT: Final = Path(__file__).parents[2]
_VARIABLE: Final = re.compile(r"\b(?:WATCHER|WATCHDOG|NOTIFY)_[A-Z][A-Z_]*[A-Z]\b")


async def freeze(_: Path) -> Mapping[str, str]:
    """Return the commands, and the names of the environment."""
    return {"commands.txt": "\n".join(_command(app, "watcher")) + "\n", "commands.environment.txt": _environment()}


def _command(command: click.Command, name: str) -> Iterator[str]:
    yield name
    arguments = [each for each in command.params if isinstance(each, click.Argument)]
    options = [each for each in command.params if isinstance(each, click.Option)]
    yield from (f"  {_parameter(each)}" for each in arguments)
    yield from sorted(f"  {_parameter(each)}" for each in options)
    if isinstance(command, click.Group):
        yield f"  runs without a command: {'yes' if command.invoke_without_command else 'no'}"
        for each in sorted(command.commands):
            yield from _command(command.commands[each], f"{name} {each}")


def _parameter(parameter: click.Parameter) -> str:
    """Return `--limit N · integer 1..1000000 · default 100`."""
    said = [f"{'/'.join([*parameter.opts, *parameter.secondary_opts])} {parameter.metavar or ''}".strip()]
    if isinstance(parameter, click.Argument):
        said[0] = f"argument {parameter.metavar}"
    said.append("flag" if getattr(parameter, "is_flag", False) else _type(parameter.type))
    if parameter.required:
        said.append("required")
    if parameter.multiple or parameter.nargs != 1:
        said.append("any number")
    default = parameter.to_info_dict()["default"]
    if default or parameter.secondary_opts:
        said.append(f"default {parameter.default}")
    if parameter.envvar:
        said.append(f"${parameter.envvar}")
    return " · ".join(said)


def _type(kind: click.ParamType[object]) -> str:
    match kind:
        case click.Choice():
            return f"one of {', '.join(map(str, kind.choices))}"
        case click.IntRange():
            return f"integer {kind.min}..{'' if kind.max is None else kind.max}"
    return str(kind.name)


def _environment() -> str:
    """Return the names that the options, the strings of the source and the guides have."""
    options = dict.fromkeys(_of_options(app), "option")
    others = dict.fromkeys(_in_source(), "read")
    documented = {
        name for guide in (_ROOT / "docs").glob("*.md") for name in _VARIABLE.findall(guide.read_text(encoding="utf-8"))
    }
    assert options.keys() | others.keys() >= documented
    return "".join(f"{name} · {how}\n" for name, how in sorted((others | options).items()))


def _of_options(command: click.Command) -> Iterator[str]:
    yield from (str(parameter.envvar) for parameter in command.params if parameter.envvar)
    if isinstance(command, click.Group):
        for each in command.commands.values():
            yield from _of_options(each)


def _in_source() -> Iterator[str]:
    """Yield what any string of the source names."""
    for module in (_ROOT / "watcher").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from _VARIABLE.findall(node.value)
