"""A watch as somebody writes it, in YAML: what it says, and what is wrong with it, line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from textwrap import dedent
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from watcher.config import yaml_reader
from watcher.config.document import Plain
from watcher.config.load import parse
from watcher.config.yaml_text import Writable, block, flow, scalar
from watcher.core.values import Json
from watcher.errors import ConfigError, Problem

MAX_CHARACTERS: Final = 50_000
_FORM: Final = "write one watch: its id and a colon, as `dune:`, and below it what it says, indented"


class Written(Struct, frozen=True, kw_only=True):
    """
    One watch.

    Attributes:
        text: as it was written, beginning at the margin.
        body: what it says, aliases spelled out.
    """

    watch: str
    text: str
    body: Plain


def read_written(text: str) -> Written:
    """
    Return the watch that somebody wrote.

    Raises:
        ConfigError: it is no YAML, or not one watch; each problem has its line in this text, and no file.
    """
    if len(text) > MAX_CHARACTERS:
        raise _wrong(f"is longer than {MAX_CHARACTERS:,} characters")
    lines = dedent(text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n") + "\n"
    if not lines.strip():
        raise _wrong(_FORM)
    document = yaml_reader.read(lines, file="")
    if document.mistakes:
        raise ConfigError(sorted(problem for _, problem in document.mistakes))
    value = document.value
    if not isinstance(value, dict) or len(value) != 1:
        raise _wrong(_FORM)
    [(watch, body)] = value.items()
    return Written(watch=watch, text=lines, body=body)


def mistakes_in(written: Written, defaults: Plain = None) -> Sequence[Problem]:
    """
    Return what the loader has to say of a watch, each with its line in what was written.

    Args:
        defaults: of the main file; what is wrong in them is left out, and what the environment fills in, too.
    """
    lines = "".join(f"  {line}\n" if line.strip() else "\n" for line in written.text.removesuffix("\n").split("\n"))
    frame = f"watches:\n{lines}defaults: {flow(as_json(defaults))}\n" if defaults else f"watches:\n{lines}"
    try:
        parse(frame, file="", environ={})
    except ConfigError as error:
        return [_moved(problem) for problem in error.problems if problem.key.startswith("watches.")]
    return ()


def text_of(watch: str, body: Mapping[str, Writable]) -> str:
    """Return a watch as the tools write it, beginning at the margin."""
    return "\n".join([f"{scalar(watch)}:", *block(body, 2), ""])


def as_json(value: Plain) -> Json:
    """Return what a file says without decimals; one that a float would change becomes a text."""
    match value:
        case dict():
            return {key: as_json(part) for key, part in value.items()}
        case list():
            return [as_json(part) for part in value]
        case Decimal():
            return float(value) if Decimal(repr(float(value))) == value else str(value)
        case _:
            return value


def _moved(problem: Problem) -> Problem:
    """Return a problem of the frame as one of the text: a line higher, and two columns to the left."""
    return replace(problem, line=problem.line - 1, column=max(1, problem.column - 2))


def _wrong(text: str) -> ConfigError:
    return ConfigError([Problem(file="", line=1, column=1, key="", text=text)])
