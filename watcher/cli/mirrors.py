"""What `topics` does about the groups that a topic is posted into."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import click

from watcher.cli import options
from watcher.cli.asking import TopicArgument, ask_service, find_topic
from watcher.cli.declaring import Argument, Option
from watcher.cli.options import ConfigOption, DataOption, JsonOption
from watcher.cli.output import print_json, print_listing, time_json
from watcher.core.locale import Locale
from watcher.core.mirrors import Mirror
from watcher.core.values import Json
from watcher.errors import UsageError
from watcher.push.channels.apprise.settings import allowed_schemes
from watcher.push.channels.places import read_place

if TYPE_CHECKING:
    from watcher.push.service import PushService

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
        Path | None, Option("--from", metavar="FILE", help="Holds the webhook address and the secret, a line each.")
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


def remove_mirror(
    topic: TopicArgument,
    mirror: Annotated[str, Argument(metavar="ID", help="As `watcher topics mirrors TOPIC` shows it.")],
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Post a topic into a group no more, what waits neither, and forget the robot."""

    async def ask(service: PushService) -> Mirror:
        found = await find_topic(service, topic)
        if await service.mirrors.find(found, mirror) is None:
            known = ", ".join(f"{each.uid} {each.name}" for each in await service.mirrors.of(found)) or "none"
            raise UsageError(f"{found.name} is not posted into {mirror}; groups: {known}")
        return await service.mirrors.remove(found.id, mirror)

    removed = ask_service(data, ask, config)
    if as_json:
        print_json({"id": removed.uid, "name": removed.name})
    else:
        click.echo(f"{removed.name} gets nothing any more")


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
