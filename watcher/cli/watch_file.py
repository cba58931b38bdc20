"""The file of watches, as commands read it, and lengths of time, written as there."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from datetime import UTC, timedelta, tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import click
from msgspec import Struct
from msgspec.structs import replace
from tzlocal import get_localzone

from watcher import runtime
from watcher.config import load, parse, scalars
from watcher.config.reading import FOLDER
from watcher.config.request import StandIns
from watcher.core.databases import ANSWER_SECONDS
from watcher.core.settings import Settings
from watcher.core.watch import WatchFile
from watcher.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from watcher.config.writing import Writer

_log = logging.getLogger(__name__)


def load_file(config: Path, environ: Mapping[str, str] | None = None) -> WatchFile:
    """
    Read the watches, in the machine's timezone where they name none. Raises ConfigError, with advice.

    Args:
        environ: None: ours, in which a `${NAME}` may be missing; then only the checks of its watches fail.
    """
    refuse_missing_file(config)
    return load(config, StandIns(os.environ) if environ is None else environ, timezone=local_timezone())


def writer_of(config: Path) -> Writer:
    """Return what writes the files of watches. Raises ConfigError, with advice, where there are none."""
    from watcher.config.writing import Writer  # and with it what compares texts, which few commands need

    refuse_missing_file(config)
    return Writer(config, os.environ, timezone=local_timezone())


def none_yet(config: Path) -> WatchFile:
    """Return a file of watches without any, where none was written yet; what comes there is looked for."""
    nothing = parse("watches: {}", file=str(config), environ={})
    return replace(nothing, files=(config,), folders=(config.parent / FOLDER,))


def refuse_missing_file(config: Path) -> None:
    """Raise ConfigError, with advice, when there is no such file."""
    if not config.exists():
        raise ConfigError(f"there is no {config}; `watcher init` writes one to start with, --config names another")


def load_file_if_any(config: Path) -> WatchFile | None:
    """Read the watches, or return None when there is no such file."""
    return load_file(config) if config.exists() else None


class KnownWatches(Struct, frozen=True, kw_only=True):
    """
    The watches that a command is about.

    Attributes:
        lacking: of each whose `${NAME}` is set on the workers and not here, what is wrong; its secrets are made up.
    """

    file: WatchFile
    lacking: Mapping[str, str] = MappingProxyType({})

    def refuse_lacking(self, watch: str) -> None:
        """Raise UsageError where this process cannot ask for the page of a watch."""
        if (problem := self.lacking.get(watch)) is not None:
            raise UsageError(f"{watch}: {problem}; the workers have it, and what asks for the page itself needs it too")


def load_known_watches(config: Path, settings: Settings, *, answer_seconds: float = ANSWER_SECONDS) -> KnownWatches:
    """
    Read the watches that are declared to the cluster; where there is none, those of the file.

    A file beside a database may say something else than was declared, and need not know the secrets.
    `answer_seconds`: how long a database may take to answer at all.

    Raises ConfigError, with advice; StoreError.
    """
    if (url := runtime.watches_database(settings)) is None:
        return KnownWatches(file=load_file(config))
    found = runtime.cluster_catalog(url, os.environ, timezone=local_timezone(), answer_seconds=answer_seconds)
    return KnownWatches(file=found.file, lacking=found.lacking)


def load_watches(config: Path, settings: Settings, *, answer_seconds: float = ANSWER_SECONDS) -> WatchFile:
    """Read the same, for who asks for no page. Raises ConfigError, with advice; StoreError."""
    return load_known_watches(config, settings, answer_seconds=answer_seconds).file


def load_sound_file(config: Path, settings: Settings | None = None) -> WatchFile | None:
    """
    Read the watches for a command that has something to say without them; with settings as `load_watches` does.

    Return None when there is no such file, and when it is broken, which the error stream says in one line.
    """
    if settings is not None and runtime.watches_database(settings) is not None:
        return _declared_if_any(config, settings)
    try:
        return load_file_if_any(config)
    except ConfigError as error:
        first = str(error.problems[0]) if error.problems else str(error)
        more = f" (and {len(error.problems) - 1} more)" if len(error.problems) > 1 else ""
        click.echo(f"{first}{more}; continuing without {config}, `watcher validate` shows every mistake", err=True)
        return None


def _declared_if_any(config: Path, settings: Settings) -> WatchFile | None:
    try:
        return load_watches(config, settings)
    except ConfigError as error:
        runtime.reader(settings).epoch()  # where all was moved elsewhere, it says so, and that is the answer
        click.echo(str(error), err=True)
        return None


def local_timezone() -> tzinfo:
    """Return the machine's timezone; UTC, with a warning, where it has none that has a name."""
    try:
        return get_localzone()
    except (ValueError, KeyError) as error:
        _log.warning("the machine's timezone is unknown, so UTC is meant: %s", str(error).strip("'").splitlines()[0])
        return UTC


def refuse_foreign_topics(file: WatchFile, push: str | None) -> None:
    """Raise ConfigError for a topic of an application here, when messages go to a push server elsewhere."""
    for topic in file.topics.values() if push else ():
        if topic.app is not None and topic.id is None:
            raise ConfigError(
                f"topics: {topic.key}: `app: {topic.app}` is an application of our own push service; "
                f"with --push write the topic's number there, `{topic.key}: {{id: 103}}`"
            )


def duration(option: str, text: str) -> timedelta:
    """Return a length of time: `30s` or `2m` as in watches.yaml, or plain seconds. Raises UsageError."""
    try:
        return scalars.duration(f"{text}s" if text.isascii() and text.isdigit() else text)
    except ValueError as error:
        raise UsageError(f"{option} {error}") from error
