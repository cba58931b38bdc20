"""Webhooks: endpoints that are told what happens, and what they answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from watcher.core import callbacks, webhooks
from watcher.core.access import Scope
from watcher.core.callbacks import CallbackState
from watcher.core.webhooks import WebhookEvent
from watcher.push.apps import MAX_NOTE_CHARS
from watcher.push.background.callback_sender import event_id
from watcher.web.api.v1.models import HTTP, Id, Order, PathId, Request, Response, example, shown
from watcher.web.api.v1.operation import Call, Operations
from watcher.web.api.v1.pagination import AppPageParams, Page, PageParams, page_of
from watcher.web.api.v1.problem import known

operations: Final = Operations()


class WebhookPath(Request):
    """Which webhook."""

    webhook_id: Annotated[PathId, Field(description="Its id.")]


class WebhookDraft(Request):
    """A webhook to create."""

    model_config = example(app_id=2, url="https://hooks.example.org/watcher", events=["message.sent"])

    app_id: Annotated[Id | None, Field(description="Default: the token's own application, else the watcher's.")] = None
    topic_id: Annotated[Id | None, Field(description="It is told of this topic of the application alone.")] = None
    url: Annotated[str, Field(min_length=1, max_length=MAX_NOTE_CHARS, pattern=HTTP)]
    events: Annotated[
        list[WebhookEvent],
        Field(min_length=1, max_length=10, description="`change` is of the watcher's own application alone."),
    ]


class Endpoint(Response):
    """An endpoint that is told what happens."""

    model_config = example(
        id=3,
        app_id=2,
        topic_id=None,
        url="https://hooks.example.org/watcher",
        events=["message.sent"],
        is_enabled=False,
        disabled="the endpoint answered 410: it wants no more",
        failing_since="2026-11-24T09:30:00Z",
        old_secret_until=None,
        created_at="2026-11-20T08:00:00Z",
    )

    id: int
    app_id: int
    topic_id: int | None
    url: str
    events: list[WebhookEvent]
    is_enabled: bool
    disabled: Annotated[str | None, Field(description="Why it is told nothing more; null: it is.")]
    failing_since: Annotated[datetime | None, Field(description="The first attempt after which none succeeded.")]
    old_secret_until: Annotated[
        datetime | None, Field(description="Until then the secret before this one signs as well.")
    ]
    created_at: datetime


class NewEndpoint(Endpoint):
    """A webhook that was just made, with its secret."""

    model_config = example(
        id=3,
        app_id=2,
        topic_id=None,
        url="https://hooks.example.org/watcher",
        events=["message.sent"],
        is_enabled=True,
        disabled=None,
        failing_since=None,
        old_secret_until=None,
        created_at="2026-11-20T08:00:00Z",
        secret="whsec_x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1Fs0GaE2uQ4iT6oP8=",  # noqa: S106 an example
    )

    secret: Annotated[str, Field(description="Signs what it is told; it is not shown again.")]


class NewSecret(Response):
    """A secret that takes the place of another one."""

    model_config = example(secret="whsec_x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1Fs0GaE2uQ4iT6oP8=")  # noqa: S106 an example

    secret: Annotated[str, Field(description="It is not shown again. For 24 hours the present one signs as well.")]


class WebhookDeliveryListParams(WebhookPath, PageParams):
    """A webhook, and which page of what it was told."""

    order: Order = "newest"


class WebhookDelivery(Response):
    """What a webhook was told, or is to be. Those that are not pending are kept for 30 days."""

    model_config = example(
        id=5,
        webhook_id="msg_9f86d081884c7d659a2feaa0c55ad015",
        state="pending",
        body='{"type":"test","timestamp":"2026-11-24T09:30:00Z","data":{"webhook_id":3,"app_id":2}}',
        attempts=1,
        status=503,
        reason="answered 503",
        due_at="2026-11-24T09:30:05Z",
        created_at="2026-11-24T09:30:00Z",
    )

    id: int
    webhook_id: Annotated[str, Field(description="The header `webhook-id`, the same at each attempt.")]
    state: CallbackState
    body: Annotated[str, Field(description="The JSON, byte for byte as it is sent.")]
    attempts: int
    status: Annotated[int | None, Field(description="HTTP status of the last answer; null when there was none.")]
    reason: Annotated[str | None, Field(description="Why the last attempt failed.")]
    due_at: Annotated[datetime | None, Field(description="Time of the next attempt; null unless it is pending.")]
    created_at: datetime


@operations.add("GET", "/webhooks", Scope.APPS_READ, may_miss=True)
async def list_webhooks(call: Call, params: AppPageParams) -> Page[Endpoint]:
    """Sorted by id."""
    found = await call.service.webhooks.slice(params.slice(), app_id=call.app_id(params.app))
    return page_of(call, Page[Endpoint], found, params.limit, _endpoint, lambda one: one.id)


@operations.add("POST", "/webhooks", Scope.APPS_WRITE, may_miss=True, location="/webhooks/{id}")
async def add_webhook(call: Call, body: WebhookDraft) -> NewEndpoint:
    """Of an application, or of a topic of it. An application has 20 at most."""
    app_id = call.app_id(body.app_id, "#/app_id")
    if app_id is None:
        app_id = call.service.webhooks.own_app_id
    await call.app(app_id, "#/app_id")
    made, secret = await call.service.webhooks.add(app_id, body.url, body.events, topic_id=body.topic_id)
    return NewEndpoint(**dict(_endpoint(made)), secret=secret)


@operations.add("GET", "/webhooks/{webhook_id}", Scope.APPS_READ)
async def show_webhook(call: Call, params: WebhookPath) -> Endpoint:
    """One webhook, without its secret."""
    return _endpoint(await _known(call, params))


@operations.add("DELETE", "/webhooks/{webhook_id}", Scope.APPS_WRITE)
async def remove_webhook(call: Call, params: WebhookPath) -> None:
    """What waits for it is not sent any more."""
    await call.service.webhooks.remove((await _known(call, params)).id)


@operations.add("POST", "/webhooks/{webhook_id}/secret", Scope.APPS_WRITE)
async def renew_webhook_secret(call: Call, params: WebhookPath) -> NewSecret:
    """For 24 hours there are two signatures: by the new secret, and by the one that it replaces."""
    return NewSecret(secret=await call.service.webhooks.renew_secret((await _known(call, params)).id))


@operations.add("POST", "/webhooks/{webhook_id}/enable", Scope.APPS_WRITE)
async def enable_webhook(call: Call, params: WebhookPath) -> Endpoint:
    """It is told what happens from now on; what was given up is not sent again."""
    return _endpoint(await call.service.webhooks.enable((await _known(call, params)).id))


@operations.add("POST", "/webhooks/{webhook_id}/test", Scope.APPS_WRITE)
async def test_webhook(call: Call, params: WebhookPath) -> None:
    """It is sent a `test`, as everything is; its deliveries say what it answered."""
    await call.service.webhooks.send_test((await _known(call, params)).id)


@operations.add("GET", "/webhooks/{webhook_id}/deliveries", Scope.APPS_READ)
async def list_webhook_deliveries(call: Call, params: WebhookDeliveryListParams) -> Page[WebhookDelivery]:
    """Sorted by id, newest or oldest first: each event, and whether it was taken."""
    webhook = await _known(call, params)
    cut = params.slice(is_newest_first=params.order == "newest")
    found = await call.service.webhooks.deliveries(webhook.id, cut)
    return page_of(call, Page[WebhookDelivery], found, params.limit, _delivery, lambda one: one.id)


async def _known(call: Call, params: WebhookPath) -> webhooks.Webhook:
    return known(await call.service.webhooks.of_id(params.webhook_id, app_id=call.caller.app_id))


def _endpoint(webhook: webhooks.Webhook) -> Endpoint:
    return shown(Endpoint, webhook, events=sorted(webhook.events), disabled=webhook.disabled or None)


def _delivery(found: callbacks.Callback) -> WebhookDelivery:
    due_at = found.due_at if found.state is CallbackState.PENDING else None
    name = f"msg_{event_id(found)}"
    return shown(WebhookDelivery, found, webhook_id=name, reason=found.reason or None, due_at=due_at)
