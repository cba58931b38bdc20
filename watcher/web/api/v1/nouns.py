"""The push service's nouns as the API shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import BaseModel

from watcher.core.callbacks import Callback, CallbackState
from watcher.core.push import (
    App,
    ContentType,
    Delivery,
    MessageReport,
    PushTopic,
    Subscriber,
    Subscription,
    TargetResult,
)
from watcher.store.push.records import GOOD
from watcher.web.api.v1 import shapes as give
from watcher.web.api.v1.operation import B, Call, P
from watcher.web.settings import WebSettings

N = TypeVar("N")
S = TypeVar("S", bound=BaseModel)


def page_of(
    call: Call[P, B],
    model: type[give.Page[S]],
    found: Sequence[N],
    limit: int,
    show: Callable[[N], S],
    cursor: Callable[[N], int | str],
) -> give.Page[S]:
    """Return a page of what was found, asked for one more than the page holds: that one says that there is a next."""
    shown = found[:limit]
    following = call.link_after(cursor(shown[-1])) if len(found) > limit else None
    return model(items=[show(one) for one in shown], next=following)


def application(app: App, settings: WebSettings) -> give.Application:
    """Return an application."""
    profile = app.profile
    return give.Application(
        id=app.id,
        name=profile.name,
        contact=profile.contact,
        description=profile.description,
        follow_prompt=profile.follow_prompt,
        callback_url=profile.callback_url,
        settings_url=profile.settings_url,
        link=settings.link(f"/a/{app.slug}"),
        by_number=app.by_number,
        created_at=app.created_at,
    )


def callback(found: Callback) -> give.Callback:
    """Return a callback."""
    return give.Callback(
        id=found.id,
        state=found.state,
        body=found.body,
        attempts=found.attempts,
        status=found.status,
        reason=found.reason or None,
        due_at=found.due_at if found.state is CallbackState.PENDING else None,
        created_at=found.created_at,
    )


def topic(found: PushTopic, settings: WebSettings) -> give.Topic:
    """Return a topic."""
    return give.Topic(
        id=found.id,
        app_id=found.app_id,
        key=found.key,
        name=found.name,
        description=found.description,
        mode=found.mode,
        subscribers=found.subscribers,
        link=settings.link(f"/t/{found.slug}"),
        by_number=found.by_number,
        created_at=found.created_at,
    )


def subscriber(found: Subscriber) -> give.Subscriber:
    """Return a subscriber."""
    return give.Subscriber(
        uid=found.uid, nickname=found.nickname, is_receiving=found.is_receiving, created_at=found.created_at
    )


def subscription(found: Subscription) -> give.Subscription:
    """Return a subscription."""
    return give.Subscription(
        id=found.id,
        uid=found.subscriber.uid,
        nickname=found.subscriber.nickname,
        app_id=found.app_id,
        topic_id=found.topic_id,
        place=found.place,
        state=found.state,
        is_receiving=found.is_enabled,
        created_at=found.created_at,
    )


def message(report: MessageReport, settings: WebSettings) -> give.Message:
    """Return a message with its delivery counts."""
    sent, draft, counts = report.message, report.message.draft, report.deliveries
    return give.Message(
        id=sent.id,
        app_id=sent.app_id,
        topic=sent.topic,
        summary=draft.summary,
        content=draft.content,
        content_type=content_type_name(draft.content_type),
        url=draft.url,
        page=settings.link(f"/m/{sent.slug}"),
        created_at=sent.created_at,
        deliveries=give.Counts(
            queued=counts.queued, sent=counts.sent, shown=counts.shown, opened=counts.opened, failed=counts.failed
        ),
    )


def content_type_name(kind: ContentType) -> str:
    """Return the word for it: `text`, `html`, `markdown`."""
    return kind.name.lower()


def target(result: TargetResult) -> give.Target:
    """Return what became of one target of a send."""
    is_sent = result.code == GOOD
    return give.Target(
        uid=result.uid,
        topic_id=result.topic_id,
        is_sent=is_sent,
        send_record_id=result.send_record_id,
        reason=None if is_sent else result.status,
    )


def delivery(found: Delivery) -> give.Delivery:
    """Return a delivery."""
    return give.Delivery(
        id=found.id,
        uid=found.uid,
        channel=found.channel,
        state=found.state,
        reason=found.reason,
        sent_at=found.sent_at,
        shown_at=found.shown_at,
        opened_at=found.opened_at,
    )
