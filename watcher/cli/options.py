"""Options that several commands share."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import click

from watcher import runtime
from watcher.cli.declaring import Argument, Option
from watcher.core.settings import Settings
from watcher.core.urls import UrlFault, read_base_url, read_web_url
from watcher.errors import ConfigError, UsageError

ConfigOption = Annotated[
    Path, Option("--config", envvar="WATCHER_CONFIG", metavar="FILE", help="The file that declares the watches.")
]
DatabaseOption = Annotated[
    str | None,
    Option(
        "--database",
        envvar="WATCHER_DATABASE",
        metavar="URL",
        help="Keep subscribers, messages and watches in this PostgreSQL (postgresql://…), which others may share.",
    ),
]
ClusterOption = Annotated[
    str | None,
    Option(
        "--database",
        envvar="WATCHER_DATABASE",
        metavar="URL",
        help="The PostgreSQL (postgresql://…) of the cluster.",
    ),
]
DataOption = Annotated[
    Path, Option("--data", envvar="WATCHER_DATA", metavar="DIR", help="The data directory.", is_directory=True)
]
BaseUrlOption = Annotated[
    str | None,
    Option(
        "--base-url",
        envvar="WATCHER_BASE_URL",
        metavar="URL",
        help="Where people reach the server; links and QR codes lead there. Default: http(s)://HOST:PORT.",
    ),
]
PushOption = Annotated[
    str | None,
    Option(
        "--push", envvar="WATCHER_PUSH", metavar="URL", help="Send to this server (WxPusher's API), not to our own."
    ),
]
AppTokenOption = Annotated[
    str | None,
    Option(
        "--app-token",
        envvar="WATCHER_APP_TOKEN",
        metavar="TOKEN",
        help="The token of an application on the server of --push. Better set in the environment than here.",
    ),
]
JsonOption = Annotated[bool, Option("--json", help="Print one JSON object a line, for scripts.")]
IdsArgument = Annotated[list[str] | None, Argument(metavar="ID", help="Ids of watches. Default: all that are enabled.")]
IdArgument = Annotated[str, Argument(metavar="ID", help="The id of a watch.")]
TagOption = Annotated[str | None, Option("--tag", metavar="TAG", help="Only watches with this tag.")]
LimitOption = Annotated[int, Option("--limit", metavar="N", low=1, high=1_000_000, help="How many to show at most.")]

CONFIG = Path("watches.yaml")
DATA = Path(".watcher")
PORT = 8400
LIMIT = 100
_MAX_SECRET_CHARACTERS = 1_000


def check_push_url(url: str | None) -> None:
    """Raise ConfigError, with what to write, unless it is a server's URL; a login is for what stands before it."""
    judged = read_web_url(url) if url is not None else None
    if isinstance(judged, UrlFault) or (judged is not None and (judged.query or judged.fragment)):
        # Not quoted: it may hold a password.
        raise ConfigError("--push: write the server's address, like https://wxpusher.zjiecode.com")


def require_database(url: str | None) -> str:
    """Return the URL of the cluster's database. Raises UsageError: there is none, or it is no such URL."""
    checked = check_database(url)
    if checked is None:
        raise UsageError("name the database of the cluster, with --database or WATCHER_DATABASE")
    return checked


def check_database(url: str | None) -> str | None:
    """Return where `--database` leads, as it was given. Raises UsageError: it names no database of PostgreSQL."""
    if url is not None and not url.startswith(("postgresql://", "postgres://")):
        raise UsageError("--database names a PostgreSQL, like postgresql://user:password@host:5432/name")
    return url


def database_of_environment() -> str | None:
    """Return the database of the cluster that commands are about; None: in the data directory. Raises UsageError."""
    return check_database(os.environ.get("WATCHER_DATABASE") or None)


def watch_settings(data: Path, database: str | None) -> Settings:
    """Return the settings of a command that asks of watches, here or in a database. Raises UsageError."""
    return Settings(data=data, database=check_database(database))


def require_watches(settings: Settings) -> None:
    """Raise UsageError, with advice, where neither a database nor a data directory has watch states."""
    if runtime.watches_database(settings) is None:
        require_data(settings.data)


def require_data(data: Path) -> None:
    """Raise UsageError, with advice, when there is no such data directory: a command that reads makes none."""
    if not data.is_dir():
        raise UsageError(f"there is no data in {data}; `watcher run` or `check` creates it, --data names another")


def read_secret(given: str) -> str:
    """Return a secret: what was given, or for `-` what is typed without an echo or piped in, off the process list."""
    if given != "-":
        return given
    if sys.stdin.isatty():
        typed: str = click.prompt("Token", hide_input=True)
        return typed.strip()
    return sys.stdin.readline(_MAX_SECRET_CHARACTERS).strip()


def link_settings(data: Path, base_url: str | None) -> Settings:
    """Return the settings of a command that shows links: given by flag, known from the server, or the default."""
    return runtime.with_known_url(Settings(data=data, base_url=check_base_url(base_url)))


def check_base_url(url: str | None) -> str | None:
    """
    Return the URL with its scheme in small letters.

    Raises ConfigError, with what to write, unless it is a server's, maybe with a path.
    """
    if url is None:
        return None
    match read_base_url(url):
        case UrlFault.LOGIN:  # not quoted: it holds a password
            raise ConfigError("--base-url: every link carries it, so it has no login; write https://watch.example.org")
        case UrlFault():
            given = "--base-url" if "@" in url else f"--base-url {url}"  # a password may stand before the @
            raise ConfigError(f"{given}: write it as https://watch.example.org")
        case judged:
            return judged.scheme + url[len(judged.scheme) :]
