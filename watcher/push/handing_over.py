"""
What ends as an application comes to another owner: all by which the former one reads it, writes to it or hears of it.

docs/accounts.md has the table; the log of the new owner says what ended, and the application's page says it once.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from watcher.core.acts import BY_HAND_OVER, Act, Actor
from watcher.core.push import App, SubscriptionState
from watcher.core.urls import host_of
from watcher.push.ids import new_secret
from watcher.push.mirrors import end_mirror
from watcher.push.webhooks import ALL, named

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction


def hand_over_app(tx: Transaction, app: App, to: int | None, *, now: datetime, token_until: datetime | None) -> None:
    """End what the owner of an application has of it, and note that for who gets it; None is the operator."""
    note = partial(tx.acts.add, Actor(account_id=to, by=BY_HAND_OVER), app_id=app.id, at=now)
    name, until = app.profile.name, "" if token_until is None else f" · {token_until:%F %R} UTC"
    note(Act.APP_RECEIVED, name)
    note(Act.APP_TOKEN_ENDED, name + until)
    note(Act.APP_KEY_RENEWED, name)
    for url in filter(None, (app.profile.callback_url, app.profile.settings_url)):
        note(Act.APP_URL_REMOVED, host_of(url))
    for webhook in tx.webhooks.slice(ALL, app_id=app.id):
        tx.webhooks.remove(webhook.id)
        note(Act.WEBHOOK_REMOVED, named(webhook))
    for topic in tx.topics.of_app(app.id):
        if topic.feed_slug is not None:
            note(Act.FEED_ENDED, topic.name)
        for mirror in tx.mirrors.of_topic(topic.id, tuple(SubscriptionState)):
            end_mirror(tx, topic, mirror)
            note(Act.MIRROR_REMOVED, f"{topic.name} → {mirror.name}")
    for token in tx.tokens.of_account(app.account_id or 0):
        if token.app_id == app.id:
            tx.tokens.remove(token.id)
            note(Act.TOKEN_REMOVED, token.name)
    tx.apps.end_former(app, signing_key=new_secret(), now=now, token_until=token_until)
