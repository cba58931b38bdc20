"""The command `init`: a file of watches to start with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import click

from watcher.cli import options
from watcher.cli.declaring import command
from watcher.cli.options import ConfigOption
from watcher.cli.schema import schema_text
from watcher.config.starter import bare_starter_file, starter_file
from watcher.core.locale import Locale
from watcher.errors import UsageError

_SCHEMA_FILE = "watches.schema.json"
_SCHEMA_LINE = f"# yaml-language-server: $schema=./{_SCHEMA_FILE}"
"""What tells an editor's YAML support where the schema is."""


@command
def init(config: ConfigOption = options.CONFIG) -> None:
    """Write a commented file of watches to start with.

    The JSON Schema of such files is written beside it, so that an editor knows every key. Existing files are never
    overwritten. In a Chinese locale (LANG=zh_CN.UTF-8) messages are in Chinese.
    """
    wrote = write_starter(config, starter_file(_language(os.environ)))
    if wrote is None:
        raise UsageError(
            f"{config} is there already, and nothing was written; go into a directory of your own, "
            "or name another file with --config"
        )
    click.echo(f"wrote {wrote}; edit it, then `watcher validate` and `watcher run`")


def write_bare_starter(config: Path) -> None:
    """Write a file without any watch, for `watcher add`. Raises UsageError, also where one is there by now."""
    if write_starter(config, bare_starter_file(_language(os.environ))) is None:
        raise UsageError(f"{config} was made meanwhile, and nothing was written; try again")


def bare_starter_files(config: Path) -> dict[Path, str]:
    """Return the text of each file that `write_bare_starter` writes, without those that are there."""
    texts = {config: f"{_SCHEMA_LINE}\n{bare_starter_file(_language(os.environ))}"}
    texts[config.with_name(_SCHEMA_FILE)] = schema_text()
    return {path: text for path, text in texts.items() if not path.exists()}


def write_starter(config: Path, starter: str) -> str | None:
    """Write a file of watches and the schema beside it. Return what was written; None: it is there already."""
    if not _write_new(config, f"{_SCHEMA_LINE}\n{starter}"):
        return None
    beside = config.with_name(_SCHEMA_FILE)
    return f"{config} and {beside}" if _write_new(beside, schema_text()) else f"{config} (kept {beside})"


def _language(environment: Mapping[str, str]) -> Locale:
    """Return the language of the locale (POSIX: the first of these that is set counts); none of ours is English."""
    locale = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return Locale.CHINESE if locale.startswith("zh") else Locale.ENGLISH


def _write_new(path: Path, text: str) -> bool:
    """Write a file that is not there yet; return whether it was. Raises UsageError."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return False
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
    return True
