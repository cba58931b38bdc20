"""Subscribers: shown and made."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, Final

from pydantic import FailFast, Field

from watcher.core import push
from watcher.core.access import Scope
from watcher.core.caps import Made
from watcher.core.push import Slice
from watcher.web.api.v1.models import IN_PATH, Id, Request, Response, Uid, example, shown
from watcher.web.api.v1.operation import Call, Operations
from watcher.web.api.v1.pagination import AppPageParams, Page, page_of
from watcher.web.api.v1.problem import known, missing_in, wrong_member

operations: Final = Operations()


class SubscriberPath(Request):
    """Which subscriber."""

    uid: Annotated[Uid, IN_PATH, Field(description="Its UID.")]


class SubscriberListParams(AppPageParams):
    """Which subscribers."""

    uid: Annotated[Uid | None, Field(description="Only this subscriber.")] = None


class SubscriberDraft(Request):
    """A subscriber to create, such as a script that reads its inbox. It follows these at once, even closed ones."""

    model_config = example(app_ids=[2], topic_ids=[1])

    app_ids: Annotated[list[Id], FailFast()] = Field(default=[], max_length=20)
    topic_ids: Annotated[list[Id], FailFast()] = Field(default=[], max_length=20)


class Subscriber(Response):
    """Someone who gets messages."""

    model_config = example(
        uid="UID_x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1Fs0Ga",
        nickname="",
        is_receiving=True,
        created_at="2026-11-24T09:30:00Z",
    )

    uid: str
    nickname: str
    is_receiving: Annotated[
        bool | None,
        Field(description="The subscriber's own switch for all messages; null to an owner of applications."),
    ]
    created_at: Annotated[datetime | None, Field(description="Null to an owner of applications.")]


class NewSubscriber(Subscriber):
    """A new subscriber with its secrets, which are shown only here."""

    model_config = example(
        uid="UID_x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1Fs0Ga",
        nickname="",
        is_receiving=True,
        created_at="2026-11-24T09:30:00Z",
        spt="SPT_x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1Fs0Ga",
        device_token="x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1Fs0Ga",  # noqa: S106  an example
    )

    spt: Annotated[str, Field(description="Simple push token: whoever has it may send to this subscriber.")]
    device_token: Annotated[str, Field(description="Value of the cookie `watcher_device`, which opens the inbox.")]


@operations.add("GET", "/subscribers", Scope.SUBSCRIBERS_READ, may_miss=True)
async def list_subscribers(call: Call, params: SubscriberListParams) -> Page[Subscriber]:
    """Oldest first. Of one application: those who follow it or a topic of it, wait for approval, or are rejected."""
    found = await call.service.subscribers.slice(params.slice(), app_id=call.app_id(params.app), uid=params.uid)
    return page_of(
        call, Page[Subscriber], found, params.limit, partial(_subscriber, call), lambda subscriber: subscriber.id
    )


@operations.add("POST", "/subscribers", Scope.SUBSCRIBERS_WRITE, may_miss=True, location="/subscribers/{uid}")
async def add_subscriber(call: Call, body: SubscriberDraft) -> NewSubscriber:
    """Its secrets are shown once. With a token of one application, name that application or a topic of it."""
    await _check_places(call, body)
    owner = call.caller.account_id
    if owner is not None:
        call.count_making(Made.SUBSCRIBERS)
    made = await call.service.subscribers.add(
        app_ids=body.app_ids, topic_ids=body.topic_ids, is_approved=True, account_id=owner
    )
    return shown(NewSubscriber, made.subscriber, spt=made.spt, device_token=made.device_token)


@operations.add("GET", "/subscribers/{uid}", Scope.SUBSCRIBERS_READ)
async def show_subscriber(call: Call, params: SubscriberPath) -> Subscriber:
    """One subscriber."""
    found = await call.service.subscribers.slice(Slice(limit=1), app_id=call.caller.app_id, uid=params.uid)
    return _subscriber(call, known(next(iter(found), None)))


@operations.add("DELETE", "/subscribers/{uid}", Scope.SUBSCRIBERS_WRITE, is_global=True)
async def remove_subscriber(call: Call, params: SubscriberPath) -> None:
    """
    For good, with devices, addresses, subscriptions, the inbox, and messages that were sent to this subscriber alone.

    What is on its way is not delivered; callbacks that name the UID are deleted, sent or not. The senders' idempotency
    keys stay in use. Whoever owns one application ends subscriptions instead: a subscriber may follow others.
    """
    await call.service.subscribers.forget(known(await call.service.subscribers.of_uid(params.uid)))


async def _check_places(call: Call, body: SubscriberDraft) -> None:
    """Raise ProblemError unless the caller sees each application and topic, and names one if its token is of one."""
    own = call.caller.app_id
    if own is not None and not (body.app_ids or body.topic_ids):
        raise wrong_member(
            "#/topic_ids", f"name something of application {own} to follow, for the token is for that alone"
        )
    for place, app_id in enumerate(body.app_ids):
        await call.app(app_id, f"#/app_ids/{place}")
    for place, topic_id in enumerate(body.topic_ids):
        if await call.service.topics.of_id(topic_id, app_id=own) is None:
            raise missing_in(f"#/topic_ids/{place}", f"topic {topic_id}")


def _subscriber(call: Call, found: push.Subscriber) -> Subscriber:
    """Return what is known of one: to an owner the UID, for the rest is about everything that they get here."""
    own = {"is_receiving": None, "created_at": None} if call.is_owners else {}
    return shown(Subscriber, found, **own)
