"""The command `topics`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.asking import ByNumberOption, TopicArgument, ask_service, find_topic, need_a_change
from watcher.cli.declaring import Argument, Option, group
from watcher.cli.mirrors import add_mirror, list_mirrors, post_test, remove_mirror
from watcher.cli.options import BaseUrlOption, ConfigOption, DataOption, JsonOption
from watcher.cli.output import counted, print_json, print_listing
from watcher.cli.watch_file import load_file_if_any, load_sound_file
from watcher.core.push import PushTopic, TopicMode
from watcher.core.settings import Settings
from watcher.core.values import Json
from watcher.core.watch import ADMIN_TOPIC
from watcher.errors import RefusedError, UsageError
from watcher.push.merging import check_mergeable

if TYPE_CHECKING:
    from watcher.push.service import PushService


YesOption = Annotated[bool, Option("--yes", help="Do not ask, even if it has subscribers.")]
ModeOption = Annotated[
    TopicMode | None,
    Option("--mode", help="Who may follow it: anyone with the link, only those you approve, or nobody new."),
]


def list_topics(
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the topics with their links."""
    settings = options.link_settings(data, base_url)

    print_listing(
        ask_service(data, lambda service: service.topics.all(), config),
        as_json=as_json,
        record=lambda topic: _topic_json(topic, settings),
        headings=("id", "key", "name", "mode", "subscribers", "link"),
        cells=lambda topic: (
            *(
                str(topic.id),
                topic.key or "–",
                "" if topic.name == topic.key else topic.name,
                topic.mode.value,
                str(topic.subscribers),
            ),
            settings.topic_link(topic),
        ),
        folding=("name",),
        empty="no topics",
    )


def add_topic(
    name: Annotated[str, Argument(metavar="NAME")],
    app: Annotated[
        int | None, Option("--app", metavar="ID", help="The id of its application. Default: our own.")
    ] = None,
    description: Annotated[str, Option("--description", metavar="TEXT", help="Shown on its subscribe page.")] = "",
    mode: ModeOption = None,
    number: Annotated[
        int | None, Option("--id", metavar="N", help="The number that it had elsewhere. Default: a new one.")
    ] = None,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a topic by hand; those in watches.yaml are added automatically.

    Its name must be free in its application, for commands name topics by it.
    """
    settings = options.link_settings(data, base_url)
    topic = ask_service(
        data,
        lambda service: service.topics.add(
            name,
            app_id=app,
            description=description,
            mode=mode or TopicMode.OPEN,
            topic_id=number,
            is_sole_name=True,
        ),
        may_begin=True,
    )
    if as_json:
        print_json({"topic_id": topic.id, "link": settings.topic_link(topic)})
    else:
        click.echo(f"topic {topic.id}: {settings.topic_link(topic)}")


def edit_topic(
    topic: TopicArgument,
    name: Annotated[str | None, Option("--name", metavar="NAME")] = None,
    description: Annotated[
        str | None, Option("--description", metavar="TEXT", help="Shown on its subscribe page.")
    ] = None,
    mode: ModeOption = None,
    by_number: ByNumberOption = None,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change a topic; its subscribers stay."""
    need_a_change([given for given in (name, description, mode, by_number) if given is not None])

    async def ask(service: PushService) -> PushTopic:
        found = await find_topic(service, topic)
        if found.key is not None and (name is not None or description is not None):
            said = "name" if name is not None else "description"
            raise UsageError(f"write `topics: {{{found.key}: {{{said}: …}}}}` in {config}, which declares this topic")
        return await service.topics.edit(
            found.id, name=name, description=description, mode=mode, by_number=by_number, is_sole_name=True
        )

    edited = ask_service(data, ask, config)
    if as_json:
        print_json(_topic_json(edited, options.link_settings(data, base_url)))
    else:
        click.echo(f"topic {edited.id}: {edited.name}, {edited.mode}")


def rotate_topic(
    topic: TopicArgument,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a topic a new link and QR code; the old ones and its number stop working, its subscribers stay."""
    settings = options.link_settings(data, base_url)

    async def ask(service: PushService) -> PushTopic:
        return await service.topics.rotate((await find_topic(service, topic)).id)

    rotated = ask_service(data, ask, config)
    if as_json:
        print_json(_topic_json(rotated, settings))
    else:
        click.echo(f"topic {rotated.id}: {settings.topic_link(rotated)}")


def feed_of_topic(
    topic: TopicArgument,
    new: Annotated[bool, Option("--new", help="Make a new link; the old one stops working.")] = False,
    end: Annotated[bool, Option("--end", help="End the feed; its link stops working.")] = False,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the secret links of a topic's feed, make new ones, or end it.

    Whoever has a link reads the newest 50 messages, without subscribing.
    """
    settings = options.link_settings(data, base_url)
    if new and end:
        raise UsageError("--new and --end exclude each other")

    async def ask(service: PushService) -> PushTopic:
        found = await find_topic(service, topic)
        if new:
            return await service.feeds.make(found.id)
        return await service.feeds.end(found.id) if end else found

    found = ask_service(data, ask, config)
    atom, json_feed = settings.feed_links(found)
    if as_json:
        print_json({"topic_id": found.id, "atom": atom or None, "json_feed": json_feed or None})
    elif atom:
        click.echo(f"Atom       {atom}\nJSON Feed  {json_feed}")
    else:
        click.echo(f"{found.name} has no feed{'' if end else '; --new makes one'}")


def remove_topic(
    topic: TopicArgument,
    yes: YesOption = False,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Remove a topic that watches.yaml, or what was declared to a cluster, does not name any more.

    Its link and its subscriptions end; its messages stay with those who have them.
    `watcher topics merge` keeps the subscribers.
    """
    settings = Settings(data=data, database=options.database_of_environment())
    is_in_cluster = runtime.watches_database(settings) is not None
    file = load_sound_file(config, settings) if is_in_cluster else load_file_if_any(config)
    declared = () if file is None else file.topics.values()

    async def look(service: PushService) -> tuple[PushTopic, Sequence[str]]:
        found = await find_topic(service, topic)
        return found, await service.topics.naming(found, declared)

    found, keys = ask_service(data, look)
    if ADMIN_TOPIC in (found.key, *keys):
        raise UsageError(f"{ADMIN_TOPIC} is where you are told when a watch stops working; it cannot be removed")
    plural = "" if found.subscribers == 1 else "s"
    if keys:
        named = ", ".join(keys)
        if is_in_cluster:
            raise UsageError(f"what was declared names the topic {named}; take it out of the file and apply that")
        raise UsageError(f"{config} names the topic {named}; take it out there first")
    _confirm(found, f"remove it and end the subscription{plural}", yes=yes)
    removed = ask_service(data, lambda service: service.topics.remove(found.id))
    if as_json:
        print_json({"topic_id": removed.id, "key": removed.key, "subscribers": removed.subscribers})
    else:
        click.echo(f"topic {removed.id} {removed.name} removed; it had {counted(removed.subscribers, 'subscriber')}")


def merge_topic(
    topic: TopicArgument,
    into: Annotated[str, Argument(metavar="INTO", help="The topic that gets its subscribers: key, number or name.")],
    yes: YesOption = False,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Merge a topic into another one, which gets its subscribers, nobody twice.

    Its link and printed code go on working: they lead to the other topic.
    A watch or a program that tells it tells the other one's subscribers, and what is queued still arrives.
    This cannot be undone.
    """
    found, other = ask_service(data, partial(_find_all, wanted=[topic, into]))
    try:
        check_mergeable(found, other)
    except RefusedError as error:  # before a question whose answer would be refused
        raise UsageError(str(error).removeprefix("topic_id: ")) from error
    moved = "it" if found.subscribers == 1 else "them"
    _confirm(found, f"move {moved} to {other.name}, which cannot be undone", yes=yes)
    merged = ask_service(data, lambda service: service.merge_topics(found.id, other.id))
    if as_json:
        print_json({"topic_id": merged.into.id, "moved": merged.moved, "subscribers": merged.into.subscribers})
    else:
        moved, now = counted(merged.moved, "subscriber"), counted(merged.into.subscribers, "subscriber")
        click.echo(f"{moved} moved to {merged.into.name}, which has {now} now; the old link and code lead there")


topics = group(
    "topics",
    "Show the topics with their links, or change them.",
    list_topics,
    {
        "add": add_topic,
        "edit": edit_topic,
        "rotate": rotate_topic,
        "feed": feed_of_topic,
        "remove": remove_topic,
        "merge": merge_topic,
        "mirror": add_mirror,
        "mirrors": list_mirrors,
        "test-mirror": post_test,
        "unmirror": remove_mirror,
    },
)


async def _find_all(service: PushService, wanted: Sequence[str]) -> Sequence[PushTopic]:
    return [await find_topic(service, one) for one in wanted]


def _confirm(topic: PushTopic, what: str, *, yes: bool) -> None:
    """Ask whether to do this to a topic that people follow. Raises UsageError where nobody can answer."""
    if yes or not topic.subscribers:
        return
    has = f"{topic.name} has {counted(topic.subscribers, 'subscriber')}"
    if not sys.stdin.isatty():
        raise UsageError(f"{has}; pass --yes to {what}")
    click.confirm(f"{has}; {what}?", abort=True)


def _topic_json(topic: PushTopic, settings: Settings) -> dict[str, Json]:
    return {
        "topic_id": topic.id,
        "key": topic.key,
        "name": topic.name,
        "description": topic.description,
        "mode": topic.mode.value,
        "app_id": topic.app_id,
        "subscribers": topic.subscribers,
        "link": settings.topic_link(topic),
        "by_number": topic.by_number,
    }
