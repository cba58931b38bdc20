"""A file of watches, from its text to the core's entities, with all its mistakes at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, tzinfo
from pathlib import Path

from watcher.config import yaml_reader
from watcher.config.document import Document, Mistake, Plain
from watcher.config.each import first_instances
from watcher.config.explain import MAX_MISTAKES, mistakes_of
from watcher.config.keys import MistakenError
from watcher.config.models import FileModel
from watcher.config.reading import Files, read_files
from watcher.config.report import Report
from watcher.config.salvage import sound_parts
from watcher.config.scalars import shown
from watcher.config.watches import Surroundings, declared
from watcher.core.watch import WatchFile
from watcher.errors import ConfigError, Problem


def load(path: Path, environ: Mapping[str, str], *, timezone: tzinfo | None = None) -> WatchFile:
    """
    Read a file of watches, and the files that it includes.

    Args:
        environ: where `${NAME}` comes from.
        timezone: of watches that name none; UTC, when left out.

    Raises:
        ConfigError: the file cannot be read, or has mistakes; each names file, line, column and key.
    """
    with _paused_collector():
        files = read_files(path)
        found = _declared(files, Surroundings(environ=environ, timezone=timezone or UTC))
    return replace(found, files=tuple(files.paths))


def parse(text: str, *, file: str, environ: Mapping[str, str], timezone: tzinfo | None = None) -> WatchFile:
    """
    Return what the text of a file of watches declares. It cannot include others, for it stands nowhere.

    Args:
        file: its name, for messages.
        environ: where `${NAME}` comes from.
        timezone: of watches that name none; UTC, when left out.

    Raises:
        ConfigError: with all mistakes, in the order of the file.
    """
    with _paused_collector():
        read = yaml_reader.read(text, file=file)
        files = Files(read, [], list(read.mistakes))
        if isinstance(read.value, dict) and "include" in read.value:
            told = "other files are included by a file on the disk only"
            files.mistakes.append((("include",), read.problem(("include",), told, at_key=True)))
        return _declared(files, Surroundings(environ=environ, timezone=timezone or UTC))


@contextmanager
def _paused_collector() -> Iterator[None]:
    """Pause the collector: what is built here holds no cycles, and walking over it took half of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _declared(files: Files, surroundings: Surroundings) -> WatchFile:
    read, mistakes = files.document, files.mistakes
    if not isinstance(read.value, dict):
        got = f"the file must be a mapping with `watches`; got {shown(read.value)}"
        raise _config_error([*mistakes, ((), read.problem((), got))])
    value, expansions = first_instances(read.value, read, mistakes)
    model = _validated(value, read, mistakes)
    if not {"watches", "include"} & value.keys() and all(path != ("watches",) for path, _ in mistakes):
        mistakes.append((("watches",), read.problem(("watches",), "is missing")))
    watch_file = declared(model, expansions, surroundings, Report(document=read, mistakes=mistakes))
    if mistakes:
        raise _config_error(mistakes)
    return watch_file


def _validated(value: dict[str, Plain], read: Document, mistakes: list[Mistake]) -> FileModel:
    """Return the model of the file; of one with mistakes, that of its sound parts, to look for more."""
    try:
        model = FileModel.read(value)
    except MistakenError as error:
        mistakes += mistakes_of(error, read)
        if len(error.parts) > MAX_MISTAKES:
            raise _config_error(mistakes) from error
    else:
        if not mistakes:
            return model
    return FileModel.read(sound_parts(value, [path for path, _ in mistakes]))


def _config_error(mistakes: Sequence[Mistake]) -> ConfigError:
    """Return the first problem of each key, in the order of the file, and MAX_MISTAKES at most."""
    first: dict[tuple[str, str], Problem] = {}
    for _, problem in mistakes:
        first.setdefault((problem.file, problem.key), problem)
    return ConfigError(sorted(first.values())[:MAX_MISTAKES])
