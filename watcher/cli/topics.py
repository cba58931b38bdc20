"""The command `topics`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import click

from watcher.cli import options
from watcher.cli.asking import ByNumberOption, TopicArgument, ask_service, find_topic, need_a_change
from watcher.cli.declaring import Argument, Option, group
from watcher.cli.options import BaseUrlOption, ConfigOption, DataOption, JsonOption
from watcher.cli.output import print_json, print_listing
from watcher.core.push import PushTopic, TopicMode
from watcher.core.settings import Settings
from watcher.core.values import Json

if TYPE_CHECKING:
    from watcher.push.service import PushService


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
            *(str(topic.id), topic.key or "–", topic.name, topic.mode.value, str(topic.subscribers)),
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
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a topic by hand; those in watches.yaml are added automatically."""
    settings = options.link_settings(data, base_url)

    topic = ask_service(
        data,
        lambda service: service.topics.add(name, app_id=app, description=description, mode=mode or TopicMode.OPEN),
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
        return await service.topics.edit(found.id, name=name, description=description, mode=mode, by_number=by_number)

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


topics = group(
    "topics",
    "Show the topics with their links, or change them.",
    list_topics,
    {"add": add_topic, "edit": edit_topic, "rotate": rotate_topic},
)


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
