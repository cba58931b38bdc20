"""Whom a server names as its operator: asked at the first start on a terminal."""

from __future__ import annotations

import sys

import click
from msgspec.structs import replace

from watcher import runtime
from watcher.core.settings import Settings
from watcher.errors import UsageError


def with_operator_name(settings: Settings) -> Settings:
    """Return the settings with the operator's name: the one that was given, or kept, or is asked for now."""
    if settings.operator_name is not None:
        return settings
    name = runtime.kept_operator_name(settings.data)
    if name is None and sys.stdin.isatty() and sys.stdout.isatty():
        name = click.prompt(
            "Who runs this server? Subscribers see this name (Enter: none is shown)",
            default="",
            show_default=False,
            value_proc=_checked,
        )
        runtime.keep_operator_name(settings.data, name)
    return replace(settings, operator_name=name)


def _checked(typed: str) -> str:
    try:
        return runtime.checked_operator_name(typed)
    except UsageError as error:
        raise click.BadParameter(str(error)) from error  # it is asked again
