"""A file of watches, from its text to the core's entities, with all its mistakes at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from watcher.config import yaml_reader
from watcher.config.document import Document, Mistake, Plain, Position, problem_at
from watcher.config.explain import MAX_MISTAKES, mistakes_of
from watcher.config.models import FileModel
from watcher.config.report import Report
from watcher.config.salvage import sound_parts
from watcher.config.scalars import shown
from watcher.config.watches import declared
from watcher.core.watch import WatchFile
from watcher.errors import ConfigError, Problem


def load(path: Path, environ: Mapping[str, str]) -> WatchFile:
    """
    Read a file of watches.

    Raises:
        ConfigError: the file cannot be read, or has mistakes; each names file, line, column and key.
    """
    try:
        with path.open("rb") as file:
            read = file.read(yaml_reader.MAX_BYTES + 1)  # one more than is allowed tells, and a device never ends
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        text = read.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(read, error.start, str(path)) from error
    return parse(text, file=str(path), environ=environ)


def parse(text: str, *, file: str, environ: Mapping[str, str]) -> WatchFile:
    """
    Return what the text of a file of watches declares.

    Args:
        file: its name, for messages.
        environ: where `${NAME}` comes from.

    Raises:
        ConfigError: with all mistakes, in the order of the file.
    """
    read = yaml_reader.read(text, file=file)
    if not isinstance(read.value, dict):
        got = f"the file must be a mapping with `watches`; got {shown(read.value)}"
        raise _config_error([*read.mistakes, ((), read.problem((), got))])
    mistakes = list(read.mistakes)
    model = _validated(read.value, read, mistakes)
    watch_file = declared(model, environ, Report(document=read, mistakes=mistakes))
    if mistakes:
        raise _config_error(mistakes)
    return watch_file


def _validated(value: dict[str, Plain], read: Document, mistakes: list[Mistake]) -> FileModel:
    """Return the model of the file; of one with mistakes, that of its sound parts, to look for more."""
    try:
        model = FileModel.model_validate(value)
    except ValidationError as error:
        mistakes += mistakes_of(error, read)
        if error.error_count() > MAX_MISTAKES:
            raise _config_error(mistakes) from error
    else:
        if not mistakes:
            return model
    return FileModel.model_validate(sound_parts(value, [path for path, _ in mistakes]))


def _config_error(mistakes: Sequence[Mistake]) -> ConfigError:
    """Return the first problem of each key, in the order of the file: one mistake is one error."""
    first: dict[str, Problem] = {}
    for _, problem in mistakes:
        first.setdefault(problem.key, problem)
    return ConfigError(sorted(first.values()))


def _not_utf8(read: bytes, offset: int, file: str) -> ConfigError:
    before = read[:offset].decode("utf-8-sig", errors="replace")
    lines = re.split("\r\n|[\n\r]", before)
    mark = Position(line=len(lines) - 1, column=len(lines[-1]))
    return ConfigError(
        [problem_at(file, mark, (), f"the byte 0x{read[offset]:02x} is no UTF-8; save the file as UTF-8")]
    )
