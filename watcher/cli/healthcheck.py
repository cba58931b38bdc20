"""The command `healthcheck`: whether the server that runs here is ready."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import click
from click.core import ParameterSource

from watcher.cli import options
from watcher.cli.declaring import Option, command
from watcher.cli.options import DataOption
from watcher.cli.server_options import health_address, tls_files
from watcher.core.settings import Settings
from watcher.runtime.healthcheck import asked_url, is_running, why_not_ready
from watcher.runtime.settings import known_local_url

_DEFAULT = Settings(data=options.DATA)
_ADDRESS = ("host", "port", "health", "tls_cert", "tls_key")
"""Options that say where the server listens."""


@command
def healthcheck(
    data: DataOption = options.DATA,
    host: Annotated[
        str, Option("--host", envvar="WATCHER_HOST", metavar="ADDRESS", help="The address that the server listens on.")
    ] = _DEFAULT.host,
    port: Annotated[
        int, Option("--port", envvar="WATCHER_PORT", metavar="PORT", help="Its port.", low=0, high=65535)
    ] = options.PORT,
    health: Annotated[
        str | None,
        Option("--health", envvar="WATCHER_HEALTH", metavar="[ADDRESS:]PORT", help="Its address of its own for that."),
    ] = None,
    tls_cert: Annotated[
        Path | None,
        Option("--tls-cert", envvar="WATCHER_TLS_CERT", metavar="FILE", help="Ask over https, as it serves."),
    ] = None,
    tls_key: Annotated[
        Path | None, Option("--tls-key", envvar="WATCHER_TLS_KEY", metavar="FILE", help="The key of --tls-cert.")
    ] = None,
) -> None:
    """Ask the server that runs on this machine whether it is ready; for containers and scripts.

    The server of --data is asked where it noted that it listens, unless these options or the environment say where; a
    worker where --health says. For 5 s at most. The exit status is 0 when it is ready and 1 when it is not; one line
    says which address answered, or what is wrong.
    """
    if health is None and data.is_dir() and not is_running(data):
        _refuse(f"no server runs on {data}")
    url = None if _is_given() else known_local_url(data)
    url = url or asked_url(
        Settings(data=data, host=host, port=port, health=health_address(health), tls=tls_files(tls_cert, tls_key))
    )
    if why := asyncio.run(why_not_ready(url)):
        _refuse(why)
    click.echo(f"ready: {url}")


def _is_given() -> bool:
    """Return whether the command line or the environment says where the server listens."""
    context = click.get_current_context()
    told = (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT)
    return any(context.get_parameter_source(name) in told for name in _ADDRESS)


def _refuse(why: str) -> None:
    click.echo(f"not ready: {why}", err=True)
    raise click.exceptions.Exit(1)
