"""Commands of the push service: serve, messages, apps, topics, subscribers, qr, send."""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar
from urllib.parse import urlsplit

import typer

from watcher.cli import options
from watcher.cli.help import Command
from watcher.cli.options import BaseUrlOption, ConfigOption, DataOption, HostOption, JsonOption, PortOption
from watcher.cli.output import counted, print_json, print_listing, time_json, time_text
from watcher.core.values import Json
from watcher.errors import UsageError

if TYPE_CHECKING:
    from watcher.core.push import App, MessageReport, NewSubscriber, PushTopic, Subscriber, TargetResult
    from watcher.push.service import PushService
    from watcher.runtime import Settings

_T = TypeVar("_T")
_PROGRESS = ("queued", "sent", "shown", "failed")
TopicArgument = Annotated[str, typer.Argument(metavar="TOPIC", help="A topic's key, number or name.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (serve, messages, qr, send):
        app.command(cls=Command)(command)
    _register_noun(app, "apps", "Show the applications, or add one.", list_apps, add_app)
    _register_noun(app, "topics", "Show the topics with their links, or add one.", list_topics, add_topic)
    _register_noun(
        app, "subscribers", "Show the subscribers and what they follow, or add one.", list_subscribers, add_subscriber
    )


def _register_noun(
    app: typer.Typer, name: str, text: str, listing: Callable[..., None], add: Callable[..., None]
) -> None:
    """Add `watcher NOUN`, which lists, and `watcher NOUN add`."""
    noun = typer.Typer(help=text, invoke_without_command=True, rich_markup_mode=None)
    noun.callback()(listing)
    noun.command(name="add", cls=Command)(add)
    app.add_typer(noun, name=name)


def serve(
    data: DataOption = options.DATA,
    host: HostOption = options.HOST,
    port: PortOption = options.PORT,
    base_url: BaseUrlOption = None,
) -> None:
    """Run the push service alone.

    It serves inboxes, subscribe pages and WxPusher's API.
    """
    from watcher import runtime

    settings = runtime.Settings(data=data, host=host, port=port, base_url=options.check_base_url(base_url))

    def on_ready(ready: Settings) -> None:
        typer.echo(f"serving {ready.public_url}; the API is at {ready.public_url}/api/send/message")

    asyncio.run(runtime.serve(settings, on_ready=on_ready))


def messages(data: DataOption = options.DATA, as_json: JsonOption = False) -> None:
    """Show what was sent, oldest first, and how far it has come."""
    from watcher.runtime import utc_now

    async def ask(service: PushService) -> Sequence[MessageReport]:
        return await service.reports()

    now = utc_now()
    print_listing(
        _with_service(data, ask),
        as_json=as_json,
        record=_report_json,
        headings=("id", "sent", "topic", "summary", *_PROGRESS),
        cells=lambda report: (
            str(report.message.id),
            time_text(report.message.created_at, now=now),
            report.message.topic or "–",
            report.message.draft.summary,
            *map(str, _progress(report).values()),
        ),
        folding=("summary",),
        empty="nothing was sent yet",
    )


def _report_json(report: MessageReport) -> dict[str, Json]:
    message = report.message
    return {
        "id": message.id,
        "app": message.app_name,
        "topic": message.topic,
        "summary": message.draft.summary,
        "content": message.draft.content,
        "url": message.draft.url,
        "created_at": time_json(message.created_at),
        "deliveries": _progress(report),
    }


def _progress(report: MessageReport) -> dict[str, Json]:
    """Return how many of a message's deliveries have come how far."""
    return {name: getattr(report.deliveries, name) for name in _PROGRESS}


def qr(
    topic: TopicArgument,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Write it as SVG.")] = None,
    png: Annotated[Path | None, typer.Option("--png", metavar="FILE", help="Write it as PNG.")] = None,
) -> None:
    """Show the QR code that subscribes to a topic."""
    from watcher.push import qr as codes

    settings = options.link_settings(data, base_url)

    async def ask(service: PushService) -> PushTopic:
        return await _topic(service, topic)

    link = settings.topic_link(_with_service(data, ask, config))
    if svg:
        _write(svg, codes.qr_svg(link).encode())
    if png:
        _write(png, codes.qr_png(link))
    if not svg and not png:
        typer.echo(codes.qr_text(link))
    typer.echo(link)
    _warn_of_private_address(settings.public_url)


def send(
    topic: TopicArgument,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What to say; - reads it from the standard input.")],
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    summary: Annotated[
        str | None, typer.Option("--summary", metavar="TEXT", help="One line for the list; default: the text.")
    ] = None,
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help="What the message links to.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Send a message to a topic."""
    from watcher.push.draft import make_draft

    draft = make_draft(sys.stdin.read() if text == "-" else text, summary=summary, url=url)

    async def ask(service: PushService) -> tuple[PushTopic, TargetResult]:
        found = await _topic(service, topic)
        owner = next(app for app in await service.apps() if app.id == found.app_id)
        key = secrets.token_hex(16)
        (result,) = await service.send(owner, draft, topic_ids=[found.id], idempotency_key=key)
        return found, result

    found, result = _with_service(data, ask, config)
    if result.code != 1000:
        raise UsageError(result.status)
    if as_json:
        print_json({"message_id": result.message_id, "send_record_id": result.send_record_id})
    else:
        typer.echo(f"sent to {found.name}: {counted(found.subscribers, 'subscriber')}")


def list_apps(context: typer.Context, data: DataOption = options.DATA, as_json: JsonOption = False) -> None:
    """Show the applications, or add one."""
    if context.invoked_subcommand:
        return

    from watcher.runtime import utc_now

    async def ask(service: PushService) -> Sequence[App]:
        return await service.apps()

    now = utc_now()
    print_listing(
        _with_service(data, ask),
        as_json=as_json,
        record=lambda app: {
            "app_id": app.id,
            "name": app.profile.name,
            "contact": app.profile.contact,
            "slug": app.slug,
        },
        headings=("id", "name", "contact", "made"),
        cells=lambda app: (str(app.id), app.profile.name, app.profile.contact, time_text(app.created_at, now=now)),
        folding=("name", "contact"),
        empty="no applications",
    )


def add_app(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    contact: Annotated[str, typer.Option("--contact", metavar="TEXT", help="Whom its subscribers may ask.")] = "",
    description: Annotated[str, typer.Option("--description", metavar="TEXT", help="Shown on its follow page.")] = "",
    callback_url: Annotated[str, typer.Option("--callback-url", metavar="URL", help="Told who follows it.")] = "",
    settings_url: Annotated[str, typer.Option("--settings-url", metavar="URL", help="Its own settings page.")] = "",
    follow_prompt: Annotated[
        str, typer.Option("--follow-prompt", metavar="TEXT", help="Said to whoever follows it; {UID} is filled in.")
    ] = "",
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Add an application; its token is shown once."""
    from watcher.core.push import AppProfile

    profile = AppProfile(
        name=name,
        contact=contact,
        description=description,
        callback_url=callback_url,
        settings_url=settings_url,
        follow_prompt=follow_prompt,
    )

    async def ask(service: PushService) -> tuple[App, str]:
        return await service.add_app(profile)

    app, token = _with_service(data, ask)
    if as_json:
        print_json({"app_id": app.id, "app_token": token})
    else:
        typer.echo(f"application {app.id}\ntoken {token}\nThe token is not shown again.")


def list_topics(
    context: typer.Context,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the topics with their links, or add one."""
    if context.invoked_subcommand:
        return

    settings = options.link_settings(data, base_url)

    async def ask(service: PushService) -> Sequence[PushTopic]:
        return await service.topics()

    print_listing(
        _with_service(data, ask, config),
        as_json=as_json,
        record=lambda topic: {
            "topic_id": topic.id,
            "key": topic.key,
            "name": topic.name,
            "app_id": topic.app_id,
            "subscribers": topic.subscribers,
            "link": settings.topic_link(topic),
        },
        headings=("id", "key", "name", "subscribers", "link"),
        cells=lambda topic: (
            *(str(topic.id), topic.key or "–", topic.name, str(topic.subscribers)),
            settings.topic_link(topic),
        ),
        folding=("name",),
        empty="no topics",
    )


def add_topic(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    app: Annotated[int | None, typer.Option("--app", metavar="ID", help="Its application; default: ours.")] = None,
    description: Annotated[
        str, typer.Option("--description", metavar="TEXT", help="Shown on its subscribe page.")
    ] = "",
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a topic by hand; those in watches.yaml come by themselves."""

    settings = options.link_settings(data, base_url)

    async def ask(service: PushService) -> PushTopic:
        return await service.add_topic(name, app_id=app, description=description)

    topic = _with_service(data, ask)
    if as_json:
        print_json({"topic_id": topic.id, "link": settings.topic_link(topic)})
    else:
        typer.echo(f"topic {topic.id}: {settings.topic_link(topic)}")


def list_subscribers(context: typer.Context, data: DataOption = options.DATA, as_json: JsonOption = False) -> None:
    """Show the subscribers and what they follow, or add one."""
    if context.invoked_subcommand:
        return

    from watcher.runtime import utc_now

    async def ask(service: PushService) -> Sequence[tuple[Subscriber, Sequence[PushTopic], Sequence[App]]]:
        return await service.subscribers()

    now = utc_now()
    print_listing(
        _with_service(data, ask),
        as_json=as_json,
        record=lambda each: {
            "uid": each[0].uid,
            "topics": [topic.id for topic in each[1]],
            "apps": [app.id for app in each[2]],
            "created_at": time_json(each[0].created_at),
        },
        headings=("uid", "since", "follows"),
        cells=lambda each: (
            each[0].uid,
            time_text(each[0].created_at, now=now),
            ", ".join([*(topic.name for topic in each[1]), *(app.profile.name for app in each[2])]),
        ),
        folding=("follows",),
        empty="no subscribers yet; `watcher qr TOPIC` shows a code to scan",
    )


def add_subscriber(
    app: Annotated[list[int] | None, typer.Option("--app", metavar="ID", help="Follow this application.")] = None,
    topic: Annotated[
        list[str] | None, typer.Option("--topic", metavar="TOPIC", help="Follow this topic, by key or number.")
    ] = None,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Add a subscriber without a device, for scripts and tests."""

    async def ask(service: PushService) -> NewSubscriber:
        topics = [await _topic(service, wanted) for wanted in topic or ()]
        return await service.add_subscriber(app_ids=app or (), topic_ids=[found.id for found in topics])

    new = _with_service(data, ask, config)
    if as_json:
        print_json({"uid": new.subscriber.uid, "spt": new.spt})
    else:
        typer.echo(f"subscriber {new.subscriber.uid}\nsimple push token {new.spt}\nThe token is not shown again.")


def _with_service(data: Path, ask: Callable[[PushService], Awaitable[_T]], config: Path | None = None) -> _T:
    """Ask the push service of a data directory; the topics of watches.yaml, if given and there, exist then."""
    from watcher import runtime

    file = options.load_file_if_any(config) if config else None

    async def work() -> _T:
        topics = file.topics.values() if file else ()
        async with runtime.push_service(runtime.Settings(data=data), topics) as service:
            return await ask(service)

    return asyncio.run(work())


async def _topic(service: PushService, wanted: str) -> PushTopic:
    """
    Return the topic with this key, number or name, in this order: one of another application has no key.

    Raises UsageError, naming those that exist, when there is none or several have the name.
    """
    topics = await service.topics()
    found = next((topic for topic in topics if topic.key == wanted), None)
    found = found or next((topic for topic in topics if str(topic.id) == wanted), None)
    named = [topic for topic in topics if topic.name == wanted]
    if found is None and len(named) > 1:
        raise UsageError(f"{len(named)} topics are called {wanted}: {', '.join(str(topic.id) for topic in named)}")
    found = found or next(iter(named), None)
    if found is None:
        known = ", ".join(topic.key or str(topic.id) for topic in topics) or "none yet"
        raise UsageError(f"there is no topic {wanted}; topics: {known}")
    return found


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error


def _warn_of_private_address(base_url: str) -> None:
    """A printed poster outlives a DHCP lease."""
    host = urlsplit(base_url).hostname or ""
    try:
        is_private = not ipaddress.ip_address(host).is_global
    except ValueError:
        is_private = host == "localhost" or "." not in host
    if is_private:
        typer.echo(f"{host} is reachable from here or from this network only; set --base-url before printing", err=True)
