"""What commands of the push side share: they open the push service, and ask it one thing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import click

from watcher import runtime
from watcher.cli.declaring import Argument, Option
from watcher.cli.options import database_of_environment, require_data
from watcher.core.push import App, PushTopic
from watcher.core.settings import Settings
from watcher.core.watch import Topic, WatchFile
from watcher.errors import StoreError, UsageError

if TYPE_CHECKING:
    from watcher.push.listeners import Listeners, Unheard
    from watcher.push.service import PushService

_T = TypeVar("_T")
TopicArgument = Annotated[str, Argument(metavar="TOPIC", help="A topic's key, number or name.")]
AppArgument = Annotated[int, Argument(metavar="APP", help="An application's number.")]
ByNumberOption = Annotated[
    bool | None,
    Option(
        "--by-number/--no-by-number",
        help="Whether WxPusher's old link, /wxuser/?type=1&id=APP or ?type=2&id=TOPIC, leads to its page; "
        "note that numbers are easy to guess.",
    ),
]


def ask_service(
    data: Path,
    ask: Callable[[PushService], Awaitable[_T]],
    config: Path | None = None,
    *,
    may_begin: bool = False,
    database: str | None = None,
) -> _T:
    """
    Ask the push service of a data directory, or of a database, as the one that WATCHER_DATABASE names.

    The topics of watches.yaml, if given, there and sound, exist then; where a database has the watches, those that
    are declared there do.

    Args:
        may_begin: the directory is made when it is missing. Else that raises UsageError.
    """
    database = database or database_of_environment()
    if not may_begin and database is None:
        require_data(data)
    settings = Settings(data=data, database=database)
    topics = _declared_topics(config) if config and runtime.watches_database(settings) is None else ()

    async def work() -> _T:
        async with runtime.push_service(settings, topics) as service:
            return await ask(service)

    return asyncio.run(work())


def _declared_topics(config: Path) -> Collection[Topic]:
    from watcher.cli.watch_file import load_sound_file  # and with it YAML: half of these commands read no such file

    file = load_sound_file(config)
    return file.topics.values() if file else ()


def ask_of_app(data: Path, app_id: int, ask: Callable[[PushService], Awaitable[_T]]) -> _T:
    """Ask the push service something of an application. Raises UsageError, naming those that exist, without it."""

    async def work(service: PushService) -> _T:
        await find_app(service, app_id)
        return await ask(service)

    return ask_service(data, work)


def grace_of(text: str | None) -> timedelta | None:
    """Return the length of time that --grace gives, a year at most; None without it. Raises UsageError."""
    if text is None:
        return None
    from watcher.cli.watch_file import duration  # and with it YAML, which no other command of these reads

    grace = duration("--grace", text)
    if not timedelta(0) < grace <= timedelta(days=366):
        raise UsageError(f"--grace {text}: more than nothing, and a year at most")
    return grace


def need_a_change(given: Collection[object]) -> None:
    """Raise UsageError when nothing was given to change."""
    if not given:
        raise UsageError("nothing to change; --help shows what can be")


async def find_topic(service: PushService, wanted: str) -> PushTopic:
    """
    Return the topic with this key, number or name, in this order: one of another application has no key.

    Raises UsageError, naming those that exist, when there is none or several have the name.
    """
    topics = await service.topics.all()
    found = (await service.topics.told_by_key()).get(wanted)
    found = found or next((topic for topic in topics if str(topic.id) == wanted), None)
    named = [topic for topic in topics if topic.name == wanted]
    if found is None and len(named) > 1:
        raise UsageError(f"{len(named)} topics are called {wanted}: {', '.join(str(topic.id) for topic in named)}")
    found = found or next(iter(named), None)
    if found is None:
        known = ", ".join(topic.key or f"{topic.id} {topic.name}" for topic in topics) or "none yet"
        raise UsageError(f"there is no topic {wanted}; topics: {known}")
    return found


async def find_app(service: PushService, app_id: int) -> App:
    """Return the application with this number. Raises UsageError, naming those that exist."""
    apps = await service.apps.all()
    for app in apps:
        if app.id == app_id:
            return app
    known = ", ".join(f"{app.id} {app.profile.name}" for app in apps)
    raise UsageError(f"there is no application {app_id}; applications: {known}")


def known_listeners(settings: Settings, file: WatchFile) -> Listeners | None:
    """
    Return whom a file of watches tells in vain, without making or changing anything.

    None, which the error stream explains, where that cannot be read. Raises ConfigError.
    """
    try:
        return runtime.look_for_listeners(settings, file)
    except StoreError as error:
        click.echo(f"who listens is not known: {error}", err=True)
        return None


def print_unheard(settings: Settings, unheard: Sequence[Unheard]) -> None:
    """Say of each topic how to listen to it."""
    for each in unheard:
        why = ", where you are told when a watch stops working" if each.is_admin else ""
        link = f": {settings.topic_link(each.topic)}" if each.topic else ""
        click.echo(f"nobody listens to {each.called}{why}; scan the code that `watcher qr {each.key}` prints{link}")
