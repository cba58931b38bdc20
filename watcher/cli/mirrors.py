"""What `topics` does about the groups that a topic is posted into."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.asking import TopicArgument, ask_service, find_topic
from watcher.cli.declaring import Argument, Option
from watcher.cli.options import BaseUrlOption, ConfigOption, DataOption, JsonOption
from watcher.cli.output import print_json, print_listing, time_json
from watcher.core.channels import SendResult, Sent
from watcher.core.locale import Locale
from watcher.core.mirrors import Mirror
from watcher.core.push import PushTopic
from watcher.core.values import Json
from watcher.core.words import one_line
from watcher.errors import UsageError
from watcher.push.channels.apprise.settings import allowed_schemes
from watcher.push.channels.places import read_place

if TYPE_CHECKING:
    from watcher.push.service import PushService

MirrorArgument = Annotated[str, Argument(metavar="ID", help="As `watcher topics mirrors TOPIC` shows it.")]
_MOST_READ: Final = 2_000
"""Characters of a line; a webhook has at most 500."""


def list_mirrors(
    topic: TopicArgument,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Show the groups that a topic is posted into, and what became of the newest message there."""

    async def ask(service: PushService) -> Sequence[Mirror]:
        return await service.mirrors.of(await find_topic(service, topic))

    print_listing(
        ask_service(data, ask, config),
        as_json=as_json,
        record=_json,
        headings=("id", "name", "robot", "last"),
        cells=lambda mirror: (mirror.uid, mirror.name, _robot(mirror), _last(mirror)),
        folding=("last",),
        empty="the topic is posted into no group",
    )


def add_mirror(
    topic: TopicArgument,
    name: Annotated[str, Argument(metavar="NAME", help="What the group is called.")],
    keyword: Annotated[
        str, Option("--keyword", metavar="WORD", help="Put before each message, for a robot that asks for it.")
    ] = "",
    file: Annotated[
        Path | None,
        Option("--from", metavar="FILE", help="Holds the webhook address and the secret, a line each."),
    ] = None,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Post a topic into a group of WeCom, Feishu, Lark or DingTalk too, by the group's robot, or to a phone with Bark.

    The robot's webhook address and its signing secret, if it has one, are asked for on a terminal; otherwise they are
    the first two lines of standard input.
    """
    webhook, secret = _typed() if file is None else _lines_of(file)
    place = read_place(webhook, secret=secret, keyword=keyword, schemes=allowed_schemes(os.environ))

    async def ask(service: PushService) -> Mirror:
        found = await find_topic(service, topic)
        lang = (found.language or Locale.ENGLISH).value
        return await service.mirrors.add(found.id, place, name, lang=lang)

    made = ask_service(data, ask, config)
    if as_json:
        print_json(_json(made))
    else:
        click.echo(f"{made.uid}: posted into {made.name} by {place.label} from now on")


def post_test(
    topic: TopicArgument,
    mirror: MirrorArgument,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Post a test into a group now, and say what the robot's service answers; exit status 1: it did not take it."""
    settings = options.link_settings(data, base_url)

    async def ask(service: PushService) -> tuple[Mirror, SendResult]:
        found = await find_topic(service, topic)
        known = await _find_mirror(service, found, mirror)
        return known, await runtime.post_test(service, settings, found, known)

    tested, answer = ask_service(data, ask, config)
    reason = None if isinstance(answer, Sent) else answer.reason
    if as_json:
        print_json({"id": tested.uid, "name": tested.name, "is_taken": reason is None, "reason": reason})
    elif reason is None:
        click.echo(f"{tested.name}: the robot took the test")
    else:
        click.echo(f"{tested.name}: the test was not taken: {one_line(reason)}", err=True)
    if reason is not None:
        raise click.exceptions.Exit(1)


def remove_mirror(
    topic: TopicArgument,
    mirror: MirrorArgument,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Post a topic into a group no more, what waits neither, and forget the robot."""

    async def ask(service: PushService) -> Mirror:
        found = await find_topic(service, topic)
        await _find_mirror(service, found, mirror)
        return await service.mirrors.remove(found.id, mirror)

    removed = ask_service(data, ask, config)
    if as_json:
        print_json({"id": removed.uid, "name": removed.name})
    else:
        click.echo(f"{removed.name} gets nothing any more")


async def _find_mirror(service: PushService, topic: PushTopic, uid: str) -> Mirror:
    """Return the group with this id that the topic is posted into. Raises UsageError, naming those that there are."""
    found = await service.mirrors.find(topic, uid)
    if found is None:
        known = ", ".join(f"{each.uid} {each.name}" for each in await service.mirrors.of(topic)) or "none"
        raise UsageError(f"{topic.name} is not posted into {uid}; groups: {known}")
    return found


def _typed() -> tuple[str, str]:
    """Return a webhook and a secret that were typed without an echo, or piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip(), sys.stdin.readline().strip()
    webhook: str = click.prompt("Webhook address", hide_input=True)
    secret: str = click.prompt("Signing secret (empty: none)", hide_input=True, default="", show_default=False)
    return webhook, secret


def _lines_of(file: Path) -> tuple[str, str]:
    try:
        with file.open(encoding="utf-8") as lines:
            return lines.readline(_MOST_READ).strip(), lines.readline(_MOST_READ).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror if isinstance(error, OSError) else 'no UTF-8'}"
        ) from error


def _json(mirror: Mirror) -> dict[str, Json]:
    last = mirror.last
    return {
        "id": mirror.uid,
        "name": mirror.name,
        "channel": None if mirror.address is None else mirror.address.channel.value,
        "address": "" if mirror.address is None else mirror.address.label,
        "last": None
        if last is None
        else {
            "message_id": last.message_id,
            "state": last.state.value,
            "reason": last.reason,
            "at": time_json(last.at),
        },
    }


def _robot(mirror: Mirror) -> str:
    return "gone" if mirror.address is None else mirror.address.label


def _last(mirror: Mirror) -> str:
    if mirror.last is None:
        return "–"
    return mirror.last.state.value + (f": {mirror.last.reason}" if mirror.last.reason else "")
