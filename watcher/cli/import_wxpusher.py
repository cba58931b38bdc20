"""`watcher import wxpusher`: an application of the hosted WxPusher, as one of ours."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.asking import ask_service
from watcher.cli.declaring import Option
from watcher.cli.options import DataOption, JsonOption, read_secret
from watcher.cli.output import counted, print_json
from watcher.cli.progress import waiting
from watcher.core.moves import Move, MoveReport
from watcher.core.values import Json
from watcher.errors import UsageError
from watcher.push.channels.upstream.settings import UpstreamSettings, upstream_settings
from watcher.push.foreign_ids import checked_app_token

_MOST_TOPICS: Final = 1_000


def import_wxpusher(
    app_token: Annotated[
        str,
        Option("--app-token", metavar="AT_…", help="The application's token; `-`: the first line of the input."),
    ],
    app_id: Annotated[
        int | None, Option("--app-id", metavar="N", help="Its number, where nobody follows it, so that no list has it.")
    ] = None,
    name: Annotated[str | None, Option("--name", metavar="NAME", help="Its name. Default: as its list has it.")] = None,
    topic: Annotated[
        list[str] | None,
        Option("--topic", metavar="ID=NAME", help="A topic that nobody follows yet, so that no list has it."),
    ] = None,
    url: Annotated[
        str | None,
        Option("--url", envvar="WATCHER_UPSTREAM_URL", metavar="URL", help="Its server. Default: the public service."),
    ] = None,
    dry_run: Annotated[bool, Option("--dry-run", help="Show what would be written, and write nothing.")] = False,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Move an application here from the hosted WxPusher: its token, number, topics and UIDs stay as they are.

    Nothing changes there, and messages that are sent here go on through it, to the same people, until these claim their
    UIDs (`watcher subscribers invite`).
    What is taken here already is listed, and then nothing is written. Again it adds who came since.
    """
    token = checked_app_token("app-token", read_secret(app_token))
    account = upstream_settings(token, url or "")
    topics = topics_of(topic or ())
    with waiting(f"reading who follows it at {account.host}", is_quiet=as_json):
        move = asyncio.run(_read(account, app_id, name, topics))
    report = _look(data, move, account) if dry_run else _write(data, move, account)
    if as_json:
        print_json(_json(move, report, is_written=not (dry_run or report.taken)))
    if report.taken:
        for line in report.taken:
            click.echo(line, err=True)
        raise UsageError("what is listed here is taken, so nothing was written")
    if not as_json:
        _print(move, report, dry_run=dry_run)


async def _read(account: UpstreamSettings, app_id: int | None, name: str | None, topics: Mapping[int, str]) -> Move:
    from watcher.push.hosted import move_of  # and with it aiohttp: an import of a file needs none of it

    async with runtime.hosted_app(account) as app:
        records = await app.followers()
    return move_of(records, app_id=app_id, name=name, topics=topics, now=runtime.utc_now())


def _write(data: Path, move: Move, account: UpstreamSettings) -> MoveReport:
    return ask_service(data, lambda service: runtime.move_here(service, data, move, account), may_begin=True)


def _look(data: Path, move: Move, account: UpstreamSettings) -> MoveReport:
    """Return what would be written; where there is no data directory yet, none is made."""
    with tempfile.TemporaryDirectory(prefix="watcher-") as empty:
        place = data if data.is_dir() else Path(empty)
        return ask_service(place, lambda service: service.moving.look(move, account))


def topics_of(given: Sequence[str]) -> Mapping[int, str]:
    """Return topics by number, as `ID=NAME` says them. Raises UsageError."""
    if len(given) > _MOST_TOPICS:
        raise UsageError(f"--topic: {len(given)}; at most {_MOST_TOPICS:,}")
    topics = {}
    for each in given:
        number, sign, name = each.partition("=")
        if not (sign and number.isascii() and number.isdecimal() and name.strip()):
            raise UsageError(f"--topic {each}: write its number and its name, as 40211=Deals")
        topics[int(number[:20])] = name.strip()
    return topics


def _print(move: Move, report: MoveReport, *, dry_run: bool) -> None:
    if report.is_nothing:
        click.echo(f"application {move.app_id} {move.name} is here already, with all that follow it; nothing changed")
        return
    uids = {each.uid for each in move.followers}
    click.echo(f"application {move.app_id} {move.name}{': new' if report.is_new else ', which is here already'}")
    click.echo(f"{counted(len(move.topics), 'topic')}, {len(report.topic_ids)} of them new")
    click.echo(
        f"{counted(len(uids), 'subscriber')}, {report.subscribers} of them new; "
        f"{counted(report.subscriptions, 'new subscription')}"
    )
    if report.by_topic_alone:
        click.echo(f"{report.by_topic_alone} of them follow topics alone: they are told by the topic there")
    if dry_run:
        click.echo("nothing was written (--dry-run)")
    else:
        click.echo(
            "scripts may change their host now: what they send here goes on through WxPusher, to the same people"
        )


def _json(move: Move, report: MoveReport, *, is_written: bool) -> dict[str, Json]:
    return {
        "app_id": move.app_id,
        "name": move.name,
        "is_new": report.is_new,
        "topics": [
            {"topic_id": topic_id, "name": name, "is_new": topic_id in report.topic_ids}
            for topic_id, name in sorted(move.topics.items())
        ],
        "subscribers": len({each.uid for each in move.followers}),
        "new_subscribers": report.subscribers,
        "new_subscriptions": report.subscriptions,
        "by_topic_alone": report.by_topic_alone,
        "taken": list(report.taken),
        "is_written": is_written and not report.is_nothing,
    }
