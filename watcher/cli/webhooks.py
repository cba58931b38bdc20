"""The command `webhooks`: which programs elsewhere are told what happens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.asking import AppArgument, ask_of_app, ask_service, find_topic
from watcher.cli.declaring import Argument, Option, group
from watcher.cli.options import DataOption, JsonOption, LimitOption
from watcher.cli.output import print_json, print_listing, time_json, time_text
from watcher.core.callbacks import Callback, CallbackState
from watcher.core.push import Slice
from watcher.core.values import Json
from watcher.core.webhooks import Webhook, WebhookEvent

if TYPE_CHECKING:
    from watcher.push.service import PushService

WebhookArgument = Annotated[int, Argument(metavar="WEBHOOK", help="A webhook's number.")]
_ALL = Slice(limit=10_000)


def list_webhooks(data: DataOption = options.DATA, as_json: JsonOption = False) -> None:
    """Show the webhooks, without their secrets."""
    now = runtime.utc_now()
    print_listing(
        ask_service(data, lambda service: service.webhooks.slice(_ALL)),
        as_json=as_json,
        record=_webhook_json,
        headings=("id", "app", "topic", "events", "made", "state", "address"),
        cells=lambda each: (
            *(str(each.id), str(each.app_id), str(each.topic_id or "all"), " ".join(sorted(each.events))),
            *(time_text(each.created_at, now=now), _state(each), each.url),
        ),
        folding=("state", "address"),
        empty="no webhooks",
    )


def add_webhook(
    app: AppArgument,
    url: Annotated[str, Argument(metavar="URL", help="Where what happens is sent, as POST.")],
    event: Annotated[
        list[WebhookEvent],
        Option("--event", metavar="EVENT", help=f"What it is told of: {', '.join(WebhookEvent)}. Repeatable."),
    ],
    topic: Annotated[
        str | None, Option("--topic", metavar="TOPIC", help="Only what concerns this topic: key, number or name.")
    ] = None,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Add a webhook to an application; its secret is shown once.

    Changes are of the watcher's own application; `watcher apps` shows its number.
    """

    async def ask(service: PushService) -> tuple[Webhook, str]:
        topic_id = None if topic is None else (await find_topic(service, topic)).id
        return await service.webhooks.add(app, url, event, topic_id=topic_id)

    webhook, secret = ask_of_app(data, app, ask)
    if as_json:
        print_json(_webhook_json(webhook) | {"secret": secret})
    else:
        click.echo(f"webhook {webhook.id}\n{secret}\nIt is not shown again.")


def show_deliveries(
    webhook: WebhookArgument, limit: LimitOption = 20, data: DataOption = options.DATA, as_json: JsonOption = False
) -> None:
    """Show what a webhook was told, newest first, and what it answered."""
    newest, now = Slice(limit=limit + 1, is_newest_first=True), runtime.utc_now()
    found = ask_service(data, lambda service: service.webhooks.deliveries(webhook, newest))
    print_listing(
        found[:limit],
        has_more=len(found) > limit,
        as_json=as_json,
        record=_delivery_json,
        headings=("id", "made", "event", "state", "attempts", "next", "answer"),
        cells=lambda each: (
            *(str(each.id), time_text(each.created_at, now=now), _type(each), each.state.value, str(each.attempts)),
            time_text(each.due_at if each.state is CallbackState.PENDING else None, now=now),
            each.reason or str(each.status or "–"),
        ),
        folding=("answer",),
        empty="nothing in the last 30 days",
    )


def send_test(webhook: WebhookArgument, data: DataOption = options.DATA) -> None:
    """Send a webhook a test; the server that runs sends it, and `watcher webhooks deliveries` shows the answer."""
    ask_service(data, lambda service: service.webhooks.send_test(webhook))
    click.echo(f"a test waits for webhook {webhook}")


def renew_secret(webhook: WebhookArgument, data: DataOption = options.DATA, as_json: JsonOption = False) -> None:
    """Replace a webhook's secret; for 24 hours the present one signs as well."""
    secret = ask_service(data, lambda service: service.webhooks.renew_secret(webhook))
    if as_json:
        print_json({"id": webhook, "secret": secret})
    else:
        click.echo(f"{secret}\nIt is not shown again.")


def enable_webhook(webhook: WebhookArgument, data: DataOption = options.DATA) -> None:
    """Tell a webhook that was disabled again what happens from now on."""
    ask_service(data, lambda service: service.webhooks.enable(webhook))
    click.echo(f"webhook {webhook} is enabled")


def remove_webhook(webhook: WebhookArgument, data: DataOption = options.DATA) -> None:
    """Remove a webhook; what waits for it is not sent any more."""
    ask_service(data, lambda service: service.webhooks.remove(webhook))
    click.echo(f"webhook {webhook} removed")


webhooks = group(
    "webhooks",
    "Show the webhooks that tell programs what happens, or change them.",
    list_webhooks,
    {
        "add": add_webhook,
        "deliveries": show_deliveries,
        "test": send_test,
        "renew": renew_secret,
        "enable": enable_webhook,
        "remove": remove_webhook,
    },
)


def _state(webhook: Webhook) -> str:
    if webhook.disabled:
        return f"disabled: {webhook.disabled}"
    return "failing" if webhook.failing_since else "enabled"


def _type(delivery: Callback) -> str:
    return str(json.loads(delivery.body).get("type", ""))


def _webhook_json(webhook: Webhook) -> dict[str, Json]:
    return {
        "id": webhook.id,
        "app_id": webhook.app_id,
        "topic_id": webhook.topic_id,
        "url": webhook.url,
        "events": [str(event) for event in sorted(webhook.events)],
        "disabled": webhook.disabled or None,
        "failing_since": time_json(webhook.failing_since),
        "created_at": time_json(webhook.created_at),
    }


def _delivery_json(delivery: Callback) -> dict[str, Json]:
    is_pending = delivery.state is CallbackState.PENDING
    return {
        "id": delivery.id,
        "type": _type(delivery),
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "status": delivery.status,
        "reason": delivery.reason or None,
        "created_at": time_json(delivery.created_at),
        "due_at": time_json(delivery.due_at if is_pending else None),
    }
