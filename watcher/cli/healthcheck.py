"""The command `healthcheck`: whether the server that runs here is ready."""

from __future__ import annotations

import asyncio

import click

from watcher.cli import options
from watcher.cli.declaring import command
from watcher.cli.server_options import (
    HealthOption,
    HostOption,
    PortOption,
    TlsCertOption,
    TlsKeyOption,
    health_address,
    tls_files,
)
from watcher.core.settings import Settings
from watcher.runtime.healthcheck import why_not_ready

_DEFAULT = Settings(data=options.DATA)


@command
def healthcheck(
    host: HostOption = _DEFAULT.host,
    port: PortOption = options.PORT,
    health: HealthOption = None,
    tls_cert: TlsCertOption = None,
    tls_key: TlsKeyOption = None,
) -> None:
    """Ask the server that runs on this machine whether it is ready; for containers and scripts.

    It is asked where these options, or the same environment, say that it listens; for 5 s at most.
    The exit status is 0 when it is ready and 1 when it is not; one line says why.
    """
    settings = Settings(
        data=options.DATA, host=host, port=port, health=health_address(health), tls=tls_files(tls_cert, tls_key)
    )
    if why := asyncio.run(why_not_ready(settings)):
        click.echo(f"not ready: {why}", err=True)
        raise click.exceptions.Exit(1)
    click.echo("ready")
