"""The command `worker`."""

from __future__ import annotations

import logging
from typing import Annotated

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.declaring import Option, command
from watcher.cli.options import AppTokenOption, ClusterOption, DataOption, PushOption
from watcher.cli.server_options import HealthOption, health_address
from watcher.cli.watch_file import local_timezone
from watcher.core.settings import Settings
from watcher.core.shards import HOST_SHARDS
from watcher.watching.freed_memory import give_back_large_pieces


@command
def worker(
    data: DataOption = options.DATA,
    database: ClusterOption = None,
    max_shards: Annotated[
        int,
        Option(
            "--max-shards",
            envvar="WATCHER_MAX_SHARDS",
            metavar="N",
            help="How many shards of hosts, and of topics, this worker takes on at most.",
            low=1,
            high=HOST_SHARDS,
        ),
    ] = HOST_SHARDS,
    health: HealthOption = None,
    push: PushOption = None,
    app_token: AppTokenOption = None,
) -> None:
    """Check the watches of a cluster, together with others.

    It runs until stopped. What is to be watched comes by `watcher apply`; `${NAME}` is filled in from the environment
    of each worker. The workers that run divide the hosts among them, and take over from one that is stopped or dies.
    """
    give_back_large_pieces()
    options.check_push_url(push)
    url = options.require_database(database)
    settings = Settings(
        data=data,
        database=url,
        health=health_address(health),
        push=push,
        app_token=app_token,
    )
    logging.getLogger("watcher.watching").setLevel(logging.INFO)  # what is told to whom is worth a line

    def on_ready() -> None:
        click.echo("working; `watcher cluster status` shows at what")

    runtime.on_loop(runtime.work(settings, url, max_shards=max_shards, timezone=local_timezone(), on_ready=on_ready))
