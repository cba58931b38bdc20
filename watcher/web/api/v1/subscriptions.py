"""Subscriptions: who follows what, approved, rejected and ended."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field

from watcher.core import push
from watcher.core.access import Scope
from watcher.core.push import SubscriptionFilter, SubscriptionState
from watcher.web.api.v1.models import PathId, Request, Response, example, shown
from watcher.web.api.v1.operation import Call, Operations
from watcher.web.api.v1.pagination import Page, page_of
from watcher.web.api.v1.problem import known
from watcher.web.api.v1.subscribers import SubscriberListParams

operations: Final = Operations()


class SubscriptionPath(Request):
    """Which subscription."""

    subscription_id: Annotated[PathId, Field(description="Its id.")]


class SubscriptionListParams(SubscriberListParams):
    """Which subscriptions."""

    state: Annotated[
        Literal["following", "waiting", "rejected"] | None, Field(description="Only those in this state.")
    ] = None


class SubscriptionChange(Request):
    """The new state of a subscription: `following` approves, `rejected` blocks."""

    model_config = example(state="following")

    state: Literal[SubscriptionState.FOLLOWING, SubscriptionState.REJECTED]


class Subscription(Response):
    """What one subscriber follows, waits for or is rejected by: a topic or an application."""

    model_config = example(
        id=17,
        uid="UID_x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1Fs0Ga",
        nickname="",
        app_id=None,
        topic_id=103,
        place="Nightly backups",
        state="waiting",
        is_receiving=True,
        created_at="2026-11-24T09:30:00Z",
    )

    id: int
    uid: str
    nickname: str
    app_id: Annotated[int | None, Field(description="The application that is followed; null for a topic.")]
    topic_id: Annotated[int | None, Field(description="The topic that is followed; null for an application.")]
    place: Annotated[str, Field(description="The name of that topic or application.")]
    state: SubscriptionState
    is_receiving: Annotated[bool, Field(description="False while the subscriber has switched it off.")]
    created_at: datetime


@operations.add("GET", "/subscriptions", Scope.SUBSCRIBERS_READ, may_miss=True)
async def list_subscriptions(call: Call, params: SubscriptionListParams) -> Page[Subscription]:
    """Sorted by id: who follows what, waits for approval, or is rejected."""
    states = tuple(SubscriptionState) if params.state is None else (SubscriptionState(params.state),)
    only = SubscriptionFilter(app_id=call.app_id(params.app), uid=params.uid, states=states)
    found = await call.service.subscriptions.slice(only, params.slice())
    return page_of(call, Page[Subscription], found, params.limit, _subscription, lambda one: one.id)


@operations.add("PATCH", "/subscriptions/{subscription_id}", Scope.SUBSCRIBERS_WRITE)
async def change_subscription(call: Call, params: SubscriptionPath, body: SubscriptionChange) -> Subscription:
    """Approve a subscriber who waits, reject one who follows, or undo the rejection."""
    found = await _known(call, params)
    is_rejected = body.state is SubscriptionState.REJECTED
    if is_rejected == (found.state is SubscriptionState.REJECTED) and not is_rejected:
        return _subscription(await call.service.subscriptions.approve(found.id, app_id=call.caller.app_id))
    changed = await call.service.subscriptions.reject(found.id, is_rejected=is_rejected, app_id=call.caller.app_id)
    return _subscription(changed)


@operations.add("DELETE", "/subscriptions/{subscription_id}", Scope.SUBSCRIBERS_WRITE)
async def remove_subscription(call: Call, params: SubscriptionPath) -> None:
    """The subscriber may follow again."""
    await call.service.subscriptions.remove((await _known(call, params)).id, app_id=call.caller.app_id)


async def _known(call: Call, params: SubscriptionPath) -> push.Subscription:
    return known(await call.service.subscriptions.of_id(params.subscription_id, app_id=call.caller.app_id))


def _subscription(found: push.Subscription) -> Subscription:
    subscriber = found.subscriber
    return shown(Subscription, found, uid=subscriber.uid, nickname=subscriber.nickname, is_receiving=found.is_enabled)
