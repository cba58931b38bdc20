"""Commands of the push service: serve, messages, apps, topics, subscribers, qr, send."""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
import sys
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar
from urllib.parse import urlsplit

import typer

from watcher.cli import options
from watcher.cli.help import Command
from watcher.cli.options import (
    BaseUrlOption,
    CallLimitOption,
    ConfigOption,
    DailyLimitOption,
    DataOption,
    HostOption,
    JsonOption,
    KeepMessagesOption,
    PortOption,
)
from watcher.cli.output import counted, print_json, print_listing, time_json, time_text
from watcher.core.values import Json
from watcher.errors import UsageError

if TYPE_CHECKING:
    from watcher.core.push import (
        App,
        MessageReport,
        NewSubscriber,
        PushTopic,
        Subscriber,
        Subscription,
        TargetResult,
    )
    from watcher.push.service import PushService
    from watcher.runtime import Settings

_T = TypeVar("_T")
_PROGRESS = ("queued", "sent", "shown", "failed")
TopicArgument = Annotated[str, typer.Argument(metavar="TOPIC", help="A topic's key, number or name.")]
AppArgument = Annotated[int, typer.Argument(metavar="APP", help="An application's number.")]
UidArgument = Annotated[str, typer.Argument(metavar="UID", help="Of a subscriber.")]
ToTopicOption = Annotated[str | None, typer.Option("--topic", metavar="TOPIC", help="What this subscriber follows.")]
ToAppOption = Annotated[int | None, typer.Option("--app", metavar="APP", help="What this subscriber follows.")]


class ModeChoice(StrEnum):
    """The choices of `--mode`: who may follow a topic."""

    OPEN = "open"
    APPROVAL = "approval"
    CLOSED = "closed"


ModeOption = Annotated[
    ModeChoice | None,
    typer.Option("--mode", help="Who may follow it: anyone with the link, whom you approve, or nobody any more."),
]
_EVERYTHING = 1_000_000
"""Subscriptions that one listing shows."""


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (serve, messages, qr, send):
        app.command(cls=Command)(command)
    _register_noun(
        app,
        "apps",
        "Show the applications, or change them.",
        list_apps,
        {"add": add_app, "edit": edit_app, "qr": show_app_qr, "reset-token": reset_token, "reset-key": reset_key},
    )
    _register_noun(
        app,
        "topics",
        "Show the topics with their links, or change them.",
        list_topics,
        {"add": add_topic, "edit": edit_topic, "rotate": rotate_topic},
    )
    _register_noun(
        app,
        "subscribers",
        "Show the subscribers and what they follow, or change that.",
        list_subscribers,
        {
            "add": add_subscriber,
            "approve": approve_subscriber,
            "remove": remove_subscriber,
            "reject": reject_subscriber,
        },
    )


def _register_noun(
    app: typer.Typer, name: str, text: str, listing: Callable[..., None], verbs: Mapping[str, Callable[..., None]]
) -> None:
    """Add `watcher NOUN` and `watcher NOUN list`, which list, and `watcher NOUN VERB` for each verb."""
    noun = typer.Typer(help=text, invoke_without_command=True, rich_markup_mode=None)
    noun.callback()(listing)
    for verb, command in {"list": listing, **verbs}.items():
        noun.command(name=verb, cls=Command)(command)
    app.add_typer(noun, name=name)


def serve(
    data: DataOption = options.DATA,
    host: HostOption = options.HOST,
    port: PortOption = options.PORT,
    base_url: BaseUrlOption = None,
    call_limit: CallLimitOption = options.CALL_LIMIT,
    daily_limit: DailyLimitOption = None,
    keep_messages: KeepMessagesOption = None,
) -> None:
    """Run the push service alone.

    It serves inboxes, subscribe pages and WxPusher's API.
    """
    from watcher import runtime

    settings = runtime.Settings(
        data=data,
        host=host,
        port=port,
        base_url=options.check_base_url(base_url),
        call_limit=call_limit,
        daily_limit=daily_limit,
        keep_messages=options.keep_messages(keep_messages),
    )

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


def list_apps(
    context: typer.Context,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the applications with the links that follow them."""
    if context.invoked_subcommand:
        return

    from watcher.runtime import utc_now

    settings = options.link_settings(data, base_url)

    async def ask(service: PushService) -> Sequence[App]:
        return await service.apps()

    now = utc_now()
    print_listing(
        _with_service(data, ask),
        as_json=as_json,
        record=lambda app: _app_json(app, settings),
        headings=("id", "name", "contact", "made", "link"),
        cells=lambda app: (
            *(str(app.id), app.profile.name, app.profile.contact, time_text(app.created_at, now=now)),
            _app_link(app, settings),
        ),
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
        print_json({"app_id": app.id, "app_token": token, "signing_key": app.signing_key})
    else:
        typer.echo(f"application {app.id}\ntoken {token}\nsigning key {app.signing_key}\nNeither is shown again.")


def edit_app(
    app: AppArgument,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME")] = None,
    contact: Annotated[str | None, typer.Option("--contact", metavar="TEXT", help="Whom people may ask.")] = None,
    description: Annotated[
        str | None, typer.Option("--description", metavar="TEXT", help="Shown on its follow page.")
    ] = None,
    callback_url: Annotated[
        str | None, typer.Option("--callback-url", metavar="URL", help="Told who follows it.")
    ] = None,
    settings_url: Annotated[
        str | None, typer.Option("--settings-url", metavar="URL", help="Its own settings page.")
    ] = None,
    follow_prompt: Annotated[
        str | None,
        typer.Option("--follow-prompt", metavar="TEXT", help="Said to whoever follows it; {UID} is filled in."),
    ] = None,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change what an application says of itself; "" empties a field."""
    given = {
        "name": name,
        "contact": contact,
        "description": description,
        "callback_url": callback_url,
        "settings_url": settings_url,
        "follow_prompt": follow_prompt,
    }
    changes = {field: text for field, text in given.items() if text is not None}
    _need_a_change(changes)

    async def ask(service: PushService) -> App:
        return await service.edit_app(app, **changes)

    edited = _with_service(data, ask)
    if as_json:
        print_json(_app_json(edited, options.link_settings(data, base_url)))
    else:
        typer.echo(f"application {edited.id}: {', '.join(changes)} changed")


def show_app_qr(app: AppArgument, data: DataOption = options.DATA, base_url: BaseUrlOption = None) -> None:
    """Show the QR code that follows an application."""
    from watcher.push import qr as codes

    settings = options.link_settings(data, base_url)

    async def ask(service: PushService) -> App:
        return await _app(service, app)

    link = _app_link(_with_service(data, ask), settings)
    typer.echo(codes.qr_text(f"{link}?scan"))
    typer.echo(link)
    _warn_of_private_address(settings.public_url)


def reset_token(
    app: AppArgument,
    grace: Annotated[
        str | None, typer.Option("--grace", metavar="TIME", help="How long the old token goes on: 30m, 1d.")
    ] = None,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Give an application another token; the old one dies at once, or after --grace."""
    left = options.duration("--grace", grace) if grace is not None else None
    if left is not None and not timedelta(0) < left <= timedelta(days=366):
        raise UsageError(f"--grace {grace}: more than nothing, and a year at most")

    async def ask(service: PushService) -> str:
        return await service.reset_token(app, grace=left)

    token = _with_service(data, ask)
    if as_json:
        print_json({"app_id": app, "app_token": token})
    else:
        ends = "no longer good" if grace is None else f"good for another {grace}"
        typer.echo(f"token {token}\nThe old one is {ends}. This one is not shown again.")


def reset_key(app: AppArgument, data: DataOption = options.DATA, as_json: JsonOption = False) -> None:
    """Give an application another key, which signs callbacks and settings links."""

    async def ask(service: PushService) -> str:
        return await service.reset_signing_key(app)

    key = _with_service(data, ask)
    if as_json:
        print_json({"app_id": app, "signing_key": key})
    else:
        typer.echo(f"signing key {key}\nThe old one signs nothing any more. This one is not shown again.")


def list_topics(
    context: typer.Context,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the topics with their links."""
    if context.invoked_subcommand:
        return

    settings = options.link_settings(data, base_url)

    async def ask(service: PushService) -> Sequence[PushTopic]:
        return await service.topics()

    print_listing(
        _with_service(data, ask, config),
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
    name: Annotated[str, typer.Argument(metavar="NAME")],
    app: Annotated[int | None, typer.Option("--app", metavar="ID", help="Its application; default: ours.")] = None,
    description: Annotated[
        str, typer.Option("--description", metavar="TEXT", help="Shown on its subscribe page.")
    ] = "",
    mode: ModeOption = None,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a topic by hand; those in watches.yaml come by themselves."""
    from watcher.core.push import TopicMode

    chosen = TopicMode(mode) if mode else TopicMode.OPEN
    settings = options.link_settings(data, base_url)

    async def ask(service: PushService) -> PushTopic:
        return await service.add_topic(name, app_id=app, description=description, mode=chosen)

    topic = _with_service(data, ask)
    if as_json:
        print_json({"topic_id": topic.id, "link": settings.topic_link(topic)})
    else:
        typer.echo(f"topic {topic.id}: {settings.topic_link(topic)}")


def edit_topic(
    topic: TopicArgument,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME")] = None,
    description: Annotated[
        str | None, typer.Option("--description", metavar="TEXT", help="Shown on its subscribe page.")
    ] = None,
    mode: ModeOption = None,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change a topic; whoever follows it goes on."""
    from watcher.core.push import TopicMode

    _need_a_change([given for given in (name, description, mode) if given is not None])

    async def ask(service: PushService) -> PushTopic:
        found = await _topic(service, topic)
        chosen = TopicMode(mode) if mode else None
        return await service.edit_topic(found.id, name=name, description=description, mode=chosen)

    edited = _with_service(data, ask, config)
    if as_json:
        print_json(_topic_json(edited, options.link_settings(data, base_url)))
    else:
        typer.echo(f"topic {edited.id}: {edited.name}, {edited.mode}")


def rotate_topic(
    topic: TopicArgument,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a topic another link and QR code; the old ones lead nowhere, its subscribers stay."""
    settings = options.link_settings(data, base_url)

    async def ask(service: PushService) -> PushTopic:
        return await service.rotate_topic((await _topic(service, topic)).id)

    rotated = _with_service(data, ask, config)
    if as_json:
        print_json(_topic_json(rotated, settings))
    else:
        typer.echo(f"topic {rotated.id}: {settings.topic_link(rotated)}")


def list_subscribers(context: typer.Context, data: DataOption = options.DATA, as_json: JsonOption = False) -> None:
    """Show the subscribers and what they follow, who waits for approval, and who is rejected."""
    if context.invoked_subcommand:
        return

    from watcher.runtime import utc_now

    async def ask(service: PushService) -> Sequence[tuple[Subscriber, Sequence[Subscription]]]:
        theirs: dict[int, list[Subscription]] = {}
        for subscription in (await service.subscriptions(page_size=_EVERYTHING)).subscriptions:
            theirs.setdefault(subscription.subscriber.id, []).append(subscription)
        return [(one, theirs.get(one.id, [])) for one, _, _ in await service.subscribers()]

    now = utc_now()
    print_listing(
        _with_service(data, ask),
        as_json=as_json,
        record=lambda each: _subscriber_json(*each),
        headings=("uid", "since", "follows"),
        cells=lambda each: (
            each[0].uid,
            time_text(each[0].created_at, now=now),
            ", ".join(_place_text(subscription) for subscription in each[1]),
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
        topic_ids = [found.id for found in topics]
        return await service.add_subscriber(app_ids=app or (), topic_ids=topic_ids, is_approved=True)

    new = _with_service(data, ask, config)
    if as_json:
        print_json({"uid": new.subscriber.uid, "spt": new.spt})
    else:
        typer.echo(f"subscriber {new.subscriber.uid}\nsimple push token {new.spt}\nThe token is not shown again.")


def approve_subscriber(
    uid: UidArgument,
    topic: ToTopicOption = None,
    app: ToAppOption = None,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Let a subscriber who waits for approval follow."""

    async def ask(service: PushService) -> Subscription:
        return await service.approve_subscription((await _subscription(service, uid, topic, app)).id)

    _tell_subscription(_with_service(data, ask), "follows", as_json=as_json)


def reject_subscriber(
    uid: UidArgument,
    topic: ToTopicOption = None,
    app: ToAppOption = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take it back.")] = False,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Reject a subscriber, who then gets nothing and cannot follow again."""

    async def ask(service: PushService) -> Subscription:
        found = await _subscription(service, uid, topic, app)
        return await service.reject_subscription(found.id, is_rejected=not undo)

    _tell_subscription(_with_service(data, ask), "follows" if undo else "is kept from", as_json=as_json)


def remove_subscriber(
    uid: UidArgument,
    topic: ToTopicOption = None,
    app: ToAppOption = None,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """End a subscription; the subscriber may follow again."""

    async def ask(service: PushService) -> Subscription:
        return await service.remove_subscription((await _subscription(service, uid, topic, app)).id)

    _tell_subscription(_with_service(data, ask), "no longer follows", as_json=as_json)


def _app_json(app: App, settings: Settings) -> dict[str, Json]:
    profile = app.profile
    return {
        "app_id": app.id,
        "name": profile.name,
        "contact": profile.contact,
        "description": profile.description,
        "follow_prompt": profile.follow_prompt,
        "callback_url": profile.callback_url,
        "settings_url": profile.settings_url,
        "slug": app.slug,
        "link": _app_link(app, settings),
    }


def _app_link(app: App, settings: Settings) -> str:
    return f"{settings.public_url}/a/{app.slug}"


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
    }


def _subscriber_json(subscriber: Subscriber, theirs: Sequence[Subscription]) -> dict[str, Json]:
    followed = [one for one in theirs if one.state.value == "following"]
    return {
        "uid": subscriber.uid,
        "nickname": subscriber.nickname,
        "receiving": subscriber.is_receiving,
        "topics": [one.topic_id for one in followed if one.topic_id is not None],
        "apps": [one.app_id for one in followed if one.app_id is not None],
        "subscriptions": [_subscription_json(one) for one in theirs],
        "created_at": time_json(subscriber.created_at),
    }


def _subscription_json(subscription: Subscription) -> dict[str, Json]:
    return {
        "id": subscription.id,
        "topic_id": subscription.topic_id,
        "app_id": subscription.app_id,
        "name": subscription.place,
        "state": subscription.state.value,
        "receiving": subscription.is_receiving,
        "rejected_at": time_json(subscription.rejected_at),
    }


def _place_text(subscription: Subscription) -> str:
    state = subscription.state.value
    return subscription.place if state == "following" else f"{subscription.place} ({state})"


def _tell_subscription(subscription: Subscription, does: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"uid": subscription.subscriber.uid, **_subscription_json(subscription)})
    else:
        typer.echo(f"{subscription.subscriber.uid} {does} {subscription.place}")


def _need_a_change(given: Collection[object]) -> None:
    if not given:
        raise UsageError("nothing to change; --help shows what can be")


async def _app(service: PushService, app_id: int) -> App:
    apps = await service.apps()
    for app in apps:
        if app.id == app_id:
            return app
    known = ", ".join(f"{app.id} {app.profile.name}" for app in apps)
    raise UsageError(f"there is no application {app_id}; applications: {known}")


async def _subscription(service: PushService, uid: str, topic: str | None, app: int | None) -> Subscription:
    """Return the one of this subscriber to this topic or application. Raises UsageError."""
    if (topic is None) == (app is None):
        raise UsageError("say what the subscriber follows: --topic or --app, one of them")
    subscriber = await service.subscriber_of_uid(uid)
    if subscriber is None:
        raise UsageError(f"there is no subscriber {uid}; `watcher subscribers` lists them")
    topic_id = None if topic is None else (await _topic(service, topic)).id
    found = await service.subscription(subscriber, topic_id=topic_id, app_id=app)
    if found is None:
        raise UsageError(f"{uid} does not follow {f'application {app}' if topic is None else topic}")
    return found


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
