"""Subscribers, and their subscriptions."""

from __future__ import annotations

from watcher.core.push import Subscription, SubscriptionState
from watcher.store.push.records import Slice, SubscriptionFilter
from watcher.web.api.v1 import nouns
from watcher.web.api.v1 import shapes as give
from watcher.web.api.v1.operation import Call
from watcher.web.api.v1.problem import ProblemError, missing, missing_in
from watcher.web.api.v1.requests import (
    Nothing,
    SubscriberDraft,
    SubscriberPath,
    SubscriberSlicing,
    SubscriptionChange,
    SubscriptionPath,
    SubscriptionSlicing,
)
from watcher.web.api.v1.shapes import FieldProblem


async def list_subscribers(call: Call[SubscriberSlicing, Nothing]) -> give.Page[give.Subscriber]:
    """By age; of an application: who follows, waits for, or is rejected by it or a topic of it."""
    params = call.params
    found = await call.service.catalog.subscribers(
        Slice(after=params.after, limit=params.limit + 1), app_id=call.app_id(params.app), uid=params.uid
    )
    return nouns.page_of(
        call, give.Page[give.Subscriber], found, params.limit, nouns.subscriber, lambda subscriber: subscriber.id
    )


async def add_subscriber(call: Call[Nothing, SubscriberDraft]) -> give.NewSubscriber:
    """Its secrets are shown once. A token of one application needs something of that to follow."""
    body = call.body
    await _check_places(call)
    made = await call.service.add_subscriber(app_ids=body.app_ids, topic_ids=body.topic_ids, is_approved=True)
    shown = nouns.subscriber(made.subscriber).model_dump()
    return give.NewSubscriber(**shown, spt=made.spt, device_token=made.device_token)


async def show_subscriber(call: Call[SubscriberPath, Nothing]) -> give.Subscriber:
    """One subscriber."""
    found = await call.service.catalog.subscribers(Slice(limit=1), app_id=call.caller.app_id, uid=call.params.uid)
    if not found:
        raise missing()
    return nouns.subscriber(found[0])


async def list_subscriptions(call: Call[SubscriptionSlicing, Nothing]) -> give.Page[give.Subscription]:
    """By id: who follows what, waits for it, or is rejected."""
    params = call.params
    states = tuple(SubscriptionState) if params.state is None else (SubscriptionState(params.state),)
    only = SubscriptionFilter(app_id=call.app_id(params.app), uid=params.uid, states=states)
    found = await call.service.catalog.subscriptions(only, Slice(after=params.after, limit=params.limit + 1))
    return nouns.page_of(
        call, give.Page[give.Subscription], found, params.limit, nouns.subscription, lambda one: one.id
    )


async def change_subscription(call: Call[SubscriptionPath, SubscriptionChange]) -> give.Subscription:
    """Say yes to who waits, reject who follows, or take that back."""
    found = await _known(call)
    is_rejected = call.body.state is SubscriptionState.REJECTED
    if is_rejected == (found.state is SubscriptionState.REJECTED) and not is_rejected:
        return nouns.subscription(await call.service.approve_subscription(found.id, app_id=call.caller.app_id))
    changed = await call.service.reject_subscription(found.id, is_rejected=is_rejected, app_id=call.caller.app_id)
    return nouns.subscription(changed)


async def remove_subscription(call: Call[SubscriptionPath, Nothing]) -> None:
    """The subscriber may follow again."""
    await call.service.remove_subscription((await _known(call)).id, app_id=call.caller.app_id)


async def _known(call: Call[SubscriptionPath, Nothing] | Call[SubscriptionPath, SubscriptionChange]) -> Subscription:
    found = await call.service.catalog.subscription(call.params.subscription_id, app_id=call.caller.app_id)
    if found is None:
        raise missing()
    return found


async def _check_places(call: Call[Nothing, SubscriberDraft]) -> None:
    """Raise ProblemError unless the caller sees each application and topic, and names one if its token is of one."""
    body, own = call.body, call.caller.app_id
    if own is not None and not (body.app_ids or body.topic_ids):
        problem = f"name something of application {own} to follow, for the token is for that alone"
        raise ProblemError(422, f"topic_ids: {problem}", errors=[FieldProblem(field="topic_ids", problem=problem)])
    for app_id in body.app_ids:
        call.app_id(app_id, "app_ids")
        if await call.service.catalog.app(app_id) is None:
            raise missing_in("app_ids", f"application {app_id}")
    for topic_id in body.topic_ids:
        if await call.service.catalog.topic(topic_id, app_id=own) is None:
            raise missing_in("topic_ids", f"topic {topic_id}")
