"""The command `subscribers`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.asking import ask_service, find_topic
from watcher.cli.declaring import Argument, Option, group
from watcher.cli.options import BaseUrlOption, ConfigOption, DataOption, JsonOption, LimitOption
from watcher.cli.output import counted, named, print_json, print_listing, time_json, time_text
from watcher.cli.qr import warn_of_private_address
from watcher.core.channels import ChannelName
from watcher.core.moves import Invited
from watcher.core.push import NewSubscriber, Slice, Subscriber, Subscription
from watcher.core.settings import Settings
from watcher.core.values import Json
from watcher.errors import UsageError

if TYPE_CHECKING:
    from watcher.push.service import PushService

UidArgument = Annotated[str, Argument(metavar="UID", help="The UID of a subscriber.")]
ToTopicOption = Annotated[str | None, Option("--topic", metavar="TOPIC", help="The topic of the subscription.")]
ToAppOption = Annotated[int | None, Option("--app", metavar="APP", help="The application of the subscription.")]

_MOST_OF_ONE = 10_000
"""Subscriptions of one subscriber that a listing shows."""


def list_subscribers(
    limit: LimitOption = options.LIMIT,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Show the subscribers, oldest first: what they follow, who waits for approval, and who is rejected."""

    async def ask(service: PushService) -> Sequence[tuple[Subscriber, Sequence[Subscription]]]:
        found = await service.subscribers.slice(Slice(limit=limit + 1))
        return [(one, await _subscriptions(service, one)) for one in found]

    now, found = runtime.utc_now(), ask_service(data, ask)
    print_listing(
        found[:limit],
        has_more=len(found) > limit,
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
    app: Annotated[list[int] | None, Option("--app", metavar="ID", help="Follow this application.")] = None,
    topic: Annotated[
        list[str] | None, Option("--topic", metavar="TOPIC", help="Follow this topic, by key or number.")
    ] = None,
    uid: Annotated[
        str | None, Option("--uid", metavar="UID", help="The UID that it had elsewhere. Default: a new one.")
    ] = None,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Add a subscriber without a device, for scripts and tests."""

    async def ask(service: PushService) -> NewSubscriber:
        topics = [await find_topic(service, wanted) for wanted in topic or ()]
        topic_ids = [found.id for found in topics]
        return await service.subscribers.add(app_ids=app or (), topic_ids=topic_ids, is_approved=True, uid=uid)

    new = ask_service(data, ask, config, may_begin=True)
    if as_json:
        print_json({"uid": new.subscriber.uid, "spt": new.spt})
    else:
        click.echo(f"subscriber {new.subscriber.uid}\nsimple push token {new.spt}\nThe token is not shown again.")


def invite_subscribers(
    app: Annotated[
        list[int] | None, Option("--app", metavar="ID", help="Followers of this application. Default: all that moved.")
    ] = None,
    topics: Annotated[
        bool, Option("--topics", help="Also send each topic's link to all who follow it there, once for each call.")
    ] = False,
    dry_run: Annotated[bool, Option("--dry-run", help="Show who would be invited, and send nothing.")] = False,
    limit: LimitOption = 10_000,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Invite those who came from WxPusher to get their messages here.

    Each gets a link through WxPusher, good once and for 3 days, by which a phone gets the messages of this UID.
    Whose link is over without being used is invited again.
    """
    settings = options.link_settings(data, base_url)
    warn_of_private_address(settings.public_url)

    app_ids = app or None

    async def ask(service: PushService) -> int:
        found = await runtime.invitable(service, settings, app_ids, limit)
        if dry_run:
            for each in found:
                _tell_invited(each, None, as_json=as_json, would=True)
        if not found and not as_json:
            click.echo("there is nobody to invite now: all have claimed their UIDs, or have a link that is good")
        failed = 0
        if topics and not dry_run:
            failed += await _invite_topics(service, settings, app_ids, as_json=as_json)
        async for each, why in runtime.invite(service, settings, () if dry_run else found):
            _tell_invited(each, why, as_json=as_json)
            failed += why is not None
        return failed

    if ask_service(data, ask):
        raise UsageError("not all could be invited; what is said above says why")


async def _invite_topics(service: PushService, settings: Settings, app: Sequence[int] | None, *, as_json: bool) -> int:
    """Send the topics' links; return how many could not be sent."""
    failed = 0
    for topic in await runtime.moved_topics(service, settings, app):
        why = await runtime.invite_topic(settings, topic)
        failed += why is not None
        if as_json:
            print_json({"topic_id": topic.id, "app_id": topic.app_id, "is_sent": why is None, "reason": why})
        else:
            click.echo(f"topic {topic.id} {topic.name}: {'its link was sent' if why is None else why}")
    return failed


def _tell_invited(invited: Invited, why: str | None, *, as_json: bool, would: bool = False) -> None:
    if as_json:
        is_sent = why is None and not would
        print_json({"uid": invited.uid, "app_id": invited.app_id, "is_sent": is_sent, "reason": why})
    else:
        done = "would be invited" if would else "invited"
        click.echo(f"{invited.uid} of {invited.app_name}: {done if why is None else why}")


def approve_subscriber(
    uid: UidArgument,
    topic: ToTopicOption = None,
    app: ToAppOption = None,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Approve a subscriber who waits for it."""

    async def ask(service: PushService) -> Subscription:
        return await service.subscriptions.approve((await _subscription(service, uid, topic, app)).id)

    _tell_subscription(ask_service(data, ask), "follows", as_json=as_json)


def reject_subscriber(
    uid: UidArgument,
    topic: ToTopicOption = None,
    app: ToAppOption = None,
    undo: Annotated[bool, Option("--undo", help="Undo the rejection.")] = False,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Reject a subscriber, who then gets nothing and cannot follow again."""

    async def ask(service: PushService) -> Subscription:
        found = await _subscription(service, uid, topic, app)
        return await service.subscriptions.reject(found.id, is_rejected=not undo)

    _tell_subscription(ask_service(data, ask), "follows" if undo else "is kept from", as_json=as_json)


def remove_subscriber(
    uid: UidArgument,
    topic: ToTopicOption = None,
    app: ToAppOption = None,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """End a subscription; the subscriber may follow again."""

    async def ask(service: PushService) -> Subscription:
        return await service.subscriptions.remove((await _subscription(service, uid, topic, app)).id)

    _tell_subscription(ask_service(data, ask), "no longer follows", as_json=as_json)


def forget_browsers(data: DataOption = options.DATA, as_json: JsonOption = False) -> None:
    """Remove all browsers' subscriptions to notifications; none of them works once vapid.pem was lost."""
    forgotten = ask_service(data, lambda service: service.addresses.forget_channel(ChannelName.WEB_PUSH))
    if as_json:
        print_json({"forgotten": forgotten})
    else:
        click.echo(f"{counted(forgotten, 'browser')} forgotten; each asks anew when its owner opens the page.")


subscribers = group(
    "subscribers",
    "Show the subscribers and what they follow, or change that.",
    list_subscribers,
    {
        "add": add_subscriber,
        "invite": invite_subscribers,
        "approve": approve_subscriber,
        "remove": remove_subscriber,
        "reject": reject_subscriber,
        "forget-browsers": forget_browsers,
    },
)


async def _subscriptions(service: PushService, subscriber: Subscriber) -> Sequence[Subscription]:
    return (await service.subscriptions.page(uid=subscriber.uid, page_size=_MOST_OF_ONE)).subscriptions


async def _subscription(service: PushService, uid: str, topic: str | None, app: int | None) -> Subscription:
    """Return the one of this subscriber to this topic or application. Raises UsageError."""
    if (topic is None) == (app is None):
        raise UsageError("say what the subscriber follows: --topic or --app, one of them")
    subscriber = await service.subscribers.of_uid(uid)
    if subscriber is None:
        raise UsageError(f"there is no subscriber {uid}; `watcher subscribers` lists them")
    topic_id = None if topic is None else (await find_topic(service, topic)).id
    found = await service.subscriptions.find(subscriber, topic_id=topic_id, app_id=app)
    if found is None:
        raise UsageError(f"{uid} does not follow {f'application {app}' if topic is None else topic}")
    return found


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
        "topic_key": subscription.topic_key,
        "state": subscription.state.value,
        "receiving": subscription.is_receiving,
        "rejected_at": time_json(subscription.rejected_at),
    }


def _place_text(subscription: Subscription) -> str:
    state = subscription.state.value
    place = named(subscription.place, subscription.topic_key)
    return place if state == "following" else f"{place} ({state})"


def _tell_subscription(subscription: Subscription, does: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"uid": subscription.subscriber.uid, **_subscription_json(subscription)})
    else:
        click.echo(f"{subscription.subscriber.uid} {does} {subscription.place}")
