"""Webhooks: the endpoints of an application and of its topics, each one's page with its secret once and its log."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Final

from aiohttp import web

from watcher.core.push import App, PushTopic, Slice
from watcher.core.urls import host_of
from watcher.core.webhooks import Webhook, WebhookEvent
from watcher.errors import RefusedError
from watcher.translations import text
from watcher.web.addresses import known, number, number_in
from watcher.web.console.apps import path_of
from watcher.web.console.callbacks import Line, line_of
from watcher.web.console.confirming import require_recent
from watcher.web.console.kept import SECRETS
from watcher.web.console.paging import page_of
from watcher.web.console.scope import own_app
from watcher.web.console.shell import Room, Said, ask, done, render_room
from watcher.web.forms import form_texts
from watcher.web.keys import SERVICE, SETTINGS
from watcher.web.pages.language import language_of
from watcher.web.sessions.account import CONSOLE

WEBHOOKS: Final = f"{CONSOLE}/webhooks"
_WRONG: Final = {"url": "app_wrong_url", "events": "webhook_wrong_events", "app_id": "webhook_wrong_full"}
"""What is wrong with a field that was refused; of any other: the topic is gone."""


async def show_webhooks(request: web.Request) -> web.Response:
    """`GET /console/apps/{app}/webhooks?before=&after=`: newest first."""
    app = await own_app(request)
    webhooks = request.app[SERVICE].webhooks
    page = await page_of(request, partial(webhooks.slice, app_id=app.id), lambda one: one.id)
    topics = await _topics_of(request, page.items)
    return render_room(request, "webhooks.html", Room.APPS, app=app, page=page, topics=topics)


async def show_new_webhook(request: web.Request) -> web.Response:
    """`GET /console/apps/{app}/webhooks/new?topic=`: the form, for one topic where the address names one."""
    app = await own_app(request)
    topic = await _topic_in(request, app, request.query.get("topic", ""))
    await require_recent(request, back=_form_path(app, topic))
    return _form(request, app, topic, events=[WebhookEvent.MESSAGE_SENT])


async def make_webhook(request: web.Request) -> web.Response:
    """`POST /console/apps/{app}/webhooks/new`: leads to the new one's page, which shows its secret once."""
    app, form = await own_app(request), await form_texts(request)
    topic = await _topic_in(request, app, form.get("topic", ""))
    await require_recent(request, back=_form_path(app, topic))
    url, events = form.get("url", "").strip(), [event for event in WebhookEvent if f"event-{event}" in form]
    try:
        made, secret = await request.app[SERVICE].webhooks.add(
            app.id, url, events, topic_id=topic.id if topic else None
        )
    except RefusedError as error:
        return _form(request, app, topic, url=url, events=events, error=error)
    request.app[SECRETS].put(request, _kept(made), secret)
    return done(_path(made), Said.WEBHOOK_MADE)


async def show_webhook(request: web.Request) -> web.Response:
    """`GET /console/webhooks/{webhook}?before=&after=`: what it is, a new secret once, and what it answered."""
    app, webhook = await _own_webhook(request)
    return await _page(request, app, webhook)


async def test_webhook(request: web.Request) -> web.Response:
    """`POST /console/webhooks/{webhook}/test`: what tells nothing else is sent as everything is."""
    app, webhook = await _own_webhook(request)
    try:
        await request.app[SERVICE].webhooks.send_test(webhook.id)
    except RefusedError:
        return await _page(request, app, webhook, refused=True)
    return done(_path(webhook), Said.CALLBACK_TESTED)


async def enable_webhook(request: web.Request) -> web.Response:
    """`POST /console/webhooks/{webhook}/enable`: it is told again what happens."""
    _, webhook = await _own_webhook(request)
    await request.app[SERVICE].webhooks.enable(webhook.id)
    return done(_path(webhook), Said.WEBHOOK_ENABLED)


async def ask_for_secret(request: web.Request) -> web.Response:
    """`GET /console/webhooks/{webhook}/secret`: whether it is to be replaced."""
    _, webhook = await _own_webhook(request)
    await require_recent(request, back=f"{_path(webhook)}/secret")
    say = partial(text, language_of(request))
    return ask(
        request,
        Room.APPS,
        question=say("webhook_secret_question", host=host_of(webhook.url)),
        what=[say("webhook_secret_grace")],
        label=say("webhook_secret_renew"),
        back=_path(webhook),
        is_final=False,
    )


async def renew_secret(request: web.Request) -> web.Response:
    """`POST /console/webhooks/{webhook}/secret`: leads to its page, which shows the new one once."""
    _, webhook = await _own_webhook(request)
    await require_recent(request, back=f"{_path(webhook)}/secret")
    secret = await request.app[SERVICE].webhooks.renew_secret(webhook.id)
    request.app[SECRETS].put(request, _kept(webhook), secret)
    return done(_path(webhook), Said.WEBHOOK_SECRET_RENEWED)


async def ask_to_remove_webhook(request: web.Request) -> web.Response:
    """`GET /console/webhooks/{webhook}/remove`: what ends with it."""
    app, webhook = await _own_webhook(request)
    await require_recent(request, back=f"{_path(webhook)}/remove")
    say = partial(text, language_of(request))
    return ask(
        request,
        Room.APPS,
        question=say("webhook_remove_question", host=host_of(webhook.url), name=app.profile.name),
        what=[say("webhook_remove_ends")],
        label=say("webhook_remove"),
        back=_path(webhook),
    )


async def remove_webhook(request: web.Request) -> web.Response:
    """`POST /console/webhooks/{webhook}/remove`: what waits for it is not sent any more."""
    app, webhook = await _own_webhook(request)
    await require_recent(request, back=f"{_path(webhook)}/remove")
    await request.app[SERVICE].webhooks.remove(webhook.id)
    return done(f"{path_of(app)}/webhooks", Said.WEBHOOK_REMOVED)


async def _page(request: web.Request, app: App, webhook: Webhook, *, refused: bool = False) -> web.Response:
    """Return its page; `refused`: no test was sent, for it is disabled or too many deliveries wait."""

    async def read(stretch: Slice) -> Sequence[Line]:
        found = await request.app[SERVICE].webhooks.deliveries(webhook.id, stretch)
        return [line_of(each, "type") for each in found]

    return render_room(
        request,
        "webhook.html",
        Room.APPS,
        status=422 if refused else 200,
        app=app,
        webhook=webhook,
        topic=(await _topics_of(request, [webhook])).get(webhook.topic_id or 0),
        page=await page_of(request, read, lambda line: line.id),
        secret=request.app[SECRETS].pop(request, _kept(webhook)),
        refused=refused,
        has_private_callbacks=app.account_id is None and request.app[SETTINGS].private_callbacks,
    )


def _form(
    request: web.Request,
    app: App,
    topic: PushTopic | None,
    *,
    url: str = "",
    events: Collection[WebhookEvent],
    error: RefusedError | None = None,
) -> web.Response:
    is_own = app.id == request.app[SERVICE].webhooks.own_app_id
    return render_room(
        request,
        "webhook-new.html",
        Room.APPS,
        status=422 if error else 200,
        app=app,
        topic=topic,
        url=url,
        events=events,
        offered=[event for event in WebhookEvent if is_own or event is not WebhookEvent.CHANGE],
        wrong=error.field if error else "",
        why=_WRONG.get(error.field, "webhook_wrong_topic") if error else "",
    )


async def _topics_of(request: web.Request, webhooks: Sequence[Webhook]) -> Mapping[int, PushTopic]:
    topics = request.app[SERVICE].topics
    ids = {each.topic_id for each in webhooks if each.topic_id is not None}
    found = [await topics.of_id(topic_id) for topic_id in ids]
    return {topic.id: topic for topic in found if topic is not None}


async def _topic_in(request: web.Request, app: App, given: str) -> PushTopic | None:
    """Return the topic of the application that is named by number; None without one. Raises HTTPNotFound."""
    if not given:
        return None
    return known(await request.app[SERVICE].topics.of_id(number(given) or 0, app_id=app.id))


async def _own_webhook(request: web.Request) -> tuple[App, Webhook]:
    """Return the webhook that the address names, with its application. Raises HTTPNotFound for a foreign one."""
    webhook = known(await request.app[SERVICE].webhooks.of_id(number_in(request, "webhook")))
    return await own_app(request, webhook.app_id), webhook


def _form_path(app: App, topic: PushTopic | None) -> str:
    return f"{path_of(app)}/webhooks/new" + (f"?topic={topic.id}" if topic else "")


def _path(webhook: Webhook) -> str:
    return f"{WEBHOOKS}/{webhook.id}"


def _kept(webhook: Webhook) -> str:
    return f"webhook {webhook.id}"
