"""
The only place that builds things: it opens what a command needs, runs it under one TaskGroup, and closes it.

A data directory holds:

    watches/       watch states, history and outbox (diskcache), one writer: the holder of `watcher.lock`
    push.db        the push service's database (SQLite), many writers
    push.epoch, watches/epoch  what remembers that there is a database; one that is gone is lost, never new
    watches.epoch, watches/push.epoch  the same beside the other one, for when all that was beside it is gone, too
    postgresql.epoch  which PostgreSQL it was used with, so that another one is not taken for it
    postgresql.position  how far the numbers of that had come, so that none is given again after it was put back
    pages/         the page of each watch as it was read last; of a cluster, in the database
    upstream.json  tokens, on another server, of applications that moved here from it
    vapid.pem      the key that browsers subscribe with
    push.moved     where subscribers and messages went, when they were copied to a PostgreSQL
    watches.moved  the same of watches
    push.commits, watches/commits  how many commits it has had; one that has fewer has lost its log
    backups/       daily ones, and those made before a migration
    moves.json, .staged/       a restore that a kill broke off; the next process finishes it
    untold/        what the operator has to hear of the directory itself
    losses/        what was lost of it, until the operator accepts that
    operator_name  who runs the server, as was typed at the first start; empty: nobody is named
    declared/      in a cluster: what is declared, as files for the console; a copy, which may go
    watches_file   where the main file of watches is
    public_url     where people reach the server, as it was last started; commands make their links from it
    requests/      what commands ask of the watcher that runs: `accept-…`, one file each, gone when carried out;
                   questions `ask-…` and their answers `answer-…`, gone when read
    *.lock         who runs
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watcher.runtime.accepting import accept as accept
    from watcher.runtime.applying import apply as apply
    from watcher.runtime.asking import check_elsewhere as check_elsewhere
    from watcher.runtime.asking import is_watched as is_watched
    from watcher.runtime.asking import live_watches as live_watches
    from watcher.runtime.asking import running_watcher as running_watcher
    from watcher.runtime.backups import backup as backup
    from watcher.runtime.backups import restore as restore
    from watcher.runtime.check_once import check as check
    from watcher.runtime.cluster.catalog import cluster_catalog as cluster_catalog
    from watcher.runtime.cluster.status import cluster_status as cluster_status
    from watcher.runtime.copying.console_files import Written as Written
    from watcher.runtime.copying.database import console_move as console_move
    from watcher.runtime.copying.database import copy_database as copy_database
    from watcher.runtime.copying.database import left_beside as left_beside
    from watcher.runtime.copying.database import plan_copy as plan_copy
    from watcher.runtime.databases import renew as renew
    from watcher.runtime.databases import reseal as reseal
    from watcher.runtime.databases import tables as tables
    from watcher.runtime.databases import upgrade_tables as upgrade_tables
    from watcher.runtime.demonstrating import demo as demo
    from watcher.runtime.following import EventFollower as EventFollower
    from watcher.runtime.looking.preview import look_at as look_at
    from watcher.runtime.looking.preview import read_page as read_page
    from watcher.runtime.looking.preview import second_look as second_look
    from watcher.runtime.looking.relocating import relocated as relocated
    from watcher.runtime.looking.suggesting import suggestions_of_page as suggestions_of_page
    from watcher.runtime.mending import accept_losses as accept_losses
    from watcher.runtime.pausing import pause as pause
    from watcher.runtime.process.loop import on_loop as on_loop
    from watcher.runtime.running import run as run
    from watcher.runtime.serving.channels import post_test as post_test
    from watcher.runtime.serving.moving import hosted_app as hosted_app
    from watcher.runtime.serving.moving import invitable as invitable
    from watcher.runtime.serving.moving import invite as invite
    from watcher.runtime.serving.moving import invite_topic as invite_topic
    from watcher.runtime.serving.moving import move_here as move_here
    from watcher.runtime.serving.moving import moved_topics as moved_topics
    from watcher.runtime.serving.operator_name import checked_operator_name as checked_operator_name
    from watcher.runtime.serving.server import serve as serve
    from watcher.runtime.serving.service import look_for_listeners as look_for_listeners
    from watcher.runtime.serving.service import push_service as push_service
    from watcher.runtime.settings import known_watches_file as known_watches_file
    from watcher.runtime.settings import reader as reader
    from watcher.runtime.settings import utc_now as utc_now
    from watcher.runtime.settings import watches_database as watches_database
    from watcher.runtime.settings import with_known_url as with_known_url
    from watcher.runtime.workers.worker import work as work

_HOMES = {
    "EventFollower": "following",
    "accept": "accepting",
    "accept_losses": "mending",
    "apply": "applying",
    "backup": "backups",
    "check": "check_once",
    "cluster_status": "cluster.status",
    "check_elsewhere": "asking",
    "checked_operator_name": "serving.operator_name",
    "cluster_catalog": "cluster.catalog",
    "demo": "demonstrating",
    "hosted_app": "serving.moving",
    "invitable": "serving.moving",
    "invite": "serving.moving",
    "invite_topic": "serving.moving",
    "is_watched": "asking",
    "known_watches_file": "settings",
    "live_watches": "asking",
    "look_for_listeners": "serving.service",
    "look_at": "looking.preview",
    "move_here": "serving.moving",
    "moved_topics": "serving.moving",
    "suggestions_of_page": "looking.suggesting",
    "on_loop": "process.loop",
    "pause": "pausing",
    "post_test": "serving.channels",
    "push_service": "serving.service",
    "read_page": "looking.preview",
    "reader": "settings",
    "relocated": "looking.relocating",
    "second_look": "looking.preview",
    "restore": "backups",
    "run": "running",
    "running_watcher": "asking",
    "serve": "serving.server",
    "console_move": "copying.database",
    "copy_database": "copying.database",
    "Written": "copying.console_files",
    "left_beside": "copying.database",
    "plan_copy": "copying.database",
    "renew": "databases",
    "reseal": "databases",
    "tables": "databases",
    "upgrade_tables": "databases",
    "utc_now": "settings",
    "watches_database": "settings",
    "with_known_url": "settings",
    "work": "workers.worker",
}
"""What this package offers, and the module that has it."""

if not TYPE_CHECKING:  # where it would make a type of every misspelled name

    def __getattr__(name: str) -> object:
        """Import what is asked for when it is (PEP 562): a pass needs a third of it, and the rest costs 30 ms."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
