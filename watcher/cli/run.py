"""The command `run`."""

from __future__ import annotations

import logging
import os
from datetime import tzinfo
from functools import partial
from pathlib import Path

import click
from click.core import ParameterSource
from msgspec.structs import replace

from watcher import runtime
from watcher.cli import options
from watcher.cli.asking import print_unheard
from watcher.cli.declaring import command
from watcher.cli.init import bare_starter_files
from watcher.cli.operator_name import ask_operator_name
from watcher.cli.options import AppTokenOption, ConfigOption, PushOption
from watcher.cli.output import counted
from watcher.cli.password import say_first_password
from watcher.cli.qr import print_code
from watcher.cli.server_options import takes_server_options, warn_of_loopback
from watcher.cli.watch_file import local_timezone, none_yet, refuse_foreign_topics, refuse_missing_file
from watcher.config.declared import DeclaredFile, declared_of
from watcher.config.load import Loader
from watcher.config.reading import FOLDER
from watcher.config.request import StandIns
from watcher.config.writing import Writer
from watcher.core.settings import Settings
from watcher.core.urls import without_login
from watcher.core.watch import WatchFile
from watcher.errors import ConfigError
from watcher.push.listeners import Listeners
from watcher.watching.freed_memory import give_back_large_pieces


@command
@takes_server_options
def run(
    settings: Settings,
    config: ConfigOption = options.CONFIG,
    push: PushOption = None,
    app_token: AppTokenOption = None,
) -> None:
    """Watch the pages and serve the subscribers, until stopped.

    Where there is no watches.yaml yet it starts without watches: they are made in the console or by `watcher add`.
    """
    give_back_large_pieces()
    is_named = click.get_current_context().get_parameter_source("config") is not ParameterSource.DEFAULT
    timezone = local_timezone()
    loader = Loader(config, StandIns(os.environ), timezone=timezone)
    watches = _Watches(config, loader, timezone, may_come=not is_named and _is_new(config, settings))
    file = watches.read()
    settings = replace(settings, push=push, app_token=app_token)
    options.check_push_url(push)
    refuse_foreign_topics(file, push)
    logging.getLogger("watcher.watching").setLevel(logging.INFO)  # what is told to whom is worth a line

    def on_ready(ready: Settings, found: Listeners) -> None:
        where = f"pushing to {without_login(push)}" if push else f"inbox at {ready.public_url}/inbox"
        enabled = sum(watch.is_enabled for watch in file.watches.values())
        click.echo(f"watching {counted(enabled, 'page')} from {config}; {where}")
        if watches.are_to_come:
            console = "" if push else f"make watches in the console, {ready.public_url}/console/watches, or "
            click.echo(f"there is no {config} yet: {console}write one by `watcher add URL`")
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
            read=watches.read,
            declared=watches.declared,
            timezone=timezone,
            writer=Writer(
                config, os.environ, timezone=timezone, beginning=partial(bare_starter_files, config), loader=loader
            ),
        )
    )


class _Watches:
    """The file of watches, which may be one that is written only once the first watch is made."""

    def __init__(self, config: Path, loader: Loader, timezone: tzinfo | None, *, may_come: bool) -> None:
        self._config = config
        self._timezone = timezone
        self._loader = loader
        self.are_to_come = may_come

    def read(self) -> WatchFile:
        """Return what it says: nothing, before it was there. One that has gone is an error. Raises ConfigError."""
        if self.are_to_come and not _is_there(self._config):
            return none_yet(self._config)
        self.are_to_come = False
        refuse_missing_file(self._config)
        return self._loader.load()

    def declared(self) -> DeclaredFile | None:
        """Return what it declares to a cluster; None before it was there. Raises ConfigError."""
        if self.are_to_come and not _is_there(self._config):
            return None
        refuse_missing_file(self._config)
        return declared_of(self._config, os.environ, timezone=self._timezone)


def _is_new(config: Path, settings: Settings) -> bool:
    """
    Return whether nothing was ever watched here: no file, and nothing that one would know of.

    Raises:
        ConfigError: the file is gone, as it seems; to go on without it would leave its watches unchecked.
    """
    if _is_there(config):
        return False
    if (config.parent / FOLDER).exists():
        raise ConfigError(f"there is no {config}, and {config.parent / FOLDER} is there; {_bring_back(settings)}")
    known = [watch for watch, _ in runtime.reader(settings).each_state()] if settings.data.exists() else []
    if known:
        raise ConfigError(
            f"there is no {config}, and {settings.data} has what is known of {counted(len(known), 'watch')}; "
            f"{_bring_back(settings)}"
        )
    return True


def _bring_back(settings: Settings) -> str:
    where = runtime.known_watches_file(settings.data)
    return f"put the file back{f', which was {where}' if where else ''}, or let `watcher init` write a new one"


def _is_there(config: Path) -> bool:
    return config.exists() or config.is_symlink()


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
