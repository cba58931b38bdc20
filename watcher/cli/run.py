"""The command `run`."""

from __future__ import annotations

import logging
import os

import click
from msgspec.structs import replace

from watcher import runtime
from watcher.cli import options
from watcher.cli.asking import print_unheard
from watcher.cli.declaring import command
from watcher.cli.operator_name import ask_operator_name
from watcher.cli.options import AppTokenOption, ConfigOption, PushOption
from watcher.cli.output import counted
from watcher.cli.password import say_first_password
from watcher.cli.qr import print_code
from watcher.cli.server_options import takes_server_options, warn_of_loopback
from watcher.cli.watch_file import load_file, local_timezone, refuse_foreign_topics
from watcher.config.writing import Writer
from watcher.core.settings import Settings
from watcher.core.urls import without_login
from watcher.push.listeners import Listeners


@command
@takes_server_options
def run(
    settings: Settings,
    config: ConfigOption = options.CONFIG,
    push: PushOption = None,
    app_token: AppTokenOption = None,
) -> None:
    """Watch the pages and serve the subscribers, until stopped."""
    file = load_file(config)
    settings = replace(settings, push=push, app_token=app_token)
    options.check_push_url(push)
    refuse_foreign_topics(file, push)
    logging.getLogger("watcher.watching").setLevel(logging.INFO)  # what is told to whom is worth a line

    def on_ready(ready: Settings, found: Listeners) -> None:
        where = f"pushing to {without_login(push)}" if push else f"inbox at {ready.public_url}/inbox"
        enabled = sum(watch.is_enabled for watch in file.watches.values())
        click.echo(f"watching {counted(enabled, 'page')} from {config}; {where}")
        if not push:
            _invite(ready, found)
            warn_of_loopback(ready)

    runtime.on_loop(
        runtime.run(
            settings,
            file,
            on_ready=on_ready,
            on_password=say_first_password,
            ask_name=ask_operator_name,
            read=lambda: load_file(config),
            writer=Writer(config, os.environ, timezone=local_timezone()),
        )
    )


def _invite(ready: Settings, found: Listeners) -> None:
    """
    Print how to listen to each topic that nobody follows, and the topics that no watch tells.

    The operator's own is printed as a code, for alarms must reach somebody.
    """
    for each in found.unheard:
        if each.is_admin and each.topic is not None:
            print_code(ready.topic_link(each.topic))
            click.echo(f"scan this yourself: {each.key} tells you when a watch stops working")
    print_unheard(ready, [each for each in found.unheard if not each.is_admin])
    for line in found.untold_lines:
        click.echo(line)
