"""The command `qr`, and QR codes as the terminal shows them."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated

import click

from watcher.cli import options
from watcher.cli.asking import TopicArgument, ask_service, find_topic
from watcher.cli.declaring import Option, command
from watcher.cli.options import BaseUrlOption, ConfigOption, DataOption
from watcher.core.urls import host_of
from watcher.errors import UsageError
from watcher.push import qr as codes
from watcher.push.qr import qr_text


@command
def qr(
    topic: TopicArgument,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    svg: Annotated[Path | None, Option("--svg", metavar="FILE", help="Write it to this file, as SVG.")] = None,
    png: Annotated[Path | None, Option("--png", metavar="FILE", help="Write it to this file, as PNG.")] = None,
) -> None:
    """Show the QR code by which people subscribe to a topic."""
    settings = options.link_settings(data, base_url)
    link = settings.topic_link(ask_service(data, lambda service: find_topic(service, topic), config))
    if svg:
        _write(svg, codes.qr_svg(link).encode())
    if png:
        _write(png, codes.qr_png(link))
    if svg or png:
        click.echo(link)
    else:
        print_code(link)
    warn_of_private_address(settings.public_url)


def print_code(link: str, *, carried: str | None = None) -> None:
    """Print the QR code of a link, and the link below; what the code itself carries may be another."""
    click.echo(qr_text(carried or link))
    click.echo(link)


def warn_of_private_address(base_url: str) -> None:
    """Warn that others cannot reach this URL: a printed poster outlives a DHCP lease."""
    host = host_of(base_url)
    try:
        is_private = not ipaddress.ip_address(host).is_global
    except ValueError:
        is_private = host == "localhost" or "." not in host
    if is_private:
        click.echo(f"only this machine or its network reaches {host}; a code for others needs --base-url", err=True)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
