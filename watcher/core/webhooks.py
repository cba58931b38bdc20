"""
Webhooks: what programs elsewhere are told of, signed by Standard Webhooks (github.com/standard-webhooks, v1).

| an attempt | what becomes of the delivery | and of the endpoint |
|---|---|---|
| answered 2xx | delivered | it works |
| answered 410 | given up | disabled: its owner wants no more (the specification, "Responses") |
| anything else | tried again after DELAYS, then given up | disabled when nothing has worked for DISABLE_AFTER |

A delivery that fails holds back no other: those behind it are tried meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.backoff import Chance
from watcher.core.callbacks import LONGEST_WEBHOOK_WAIT, Callback, CallbackAnswer, CallbackState

DELAYS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    LONGEST_WEBHOOK_WAIT,
)
"""As the specification recommends; a random fifth is taken off, so that many do not come back together."""
DISABLE_AFTER: Final = timedelta(days=3)
GRACE: Final = timedelta(hours=24)
"""For so long a secret that was replaced signs as well."""
MOST: Final = 20
"""Endpoints of one application."""
_GONE: Final = 410


class WebhookEvent(StrEnum):
    """What an endpoint may be told of."""

    MESSAGE_SENT = "message.sent"
    """a message was sent to a topic, or to people"""
    CHANGE = "change"
    """a watch found other values, or an entry of it told some"""


TEST: Final = "test"
"""The type of what is sent because its owner asked for it."""


class Webhook(Struct, frozen=True, kw_only=True):
    """
    An endpoint that is told what happens.

    Attributes:
        topic_id: of this topic of the application alone; None: of all of it.
        failing_since: when the first attempt failed after which none succeeded.
        disabled: why it is told nothing more; empty: it is.
        old_secret_until: for how long the secret before the last one signs as well.
    """

    id: int
    app_id: int
    topic_id: int | None
    url: str
    events: Collection[WebhookEvent]
    created_at: datetime
    failing_since: datetime | None = None
    disabled: str = ""
    old_secret_until: datetime | None = None

    @property
    def is_enabled(self) -> bool:
        """Whether it is told what happens."""
        return not self.disabled


def after_delivery(delivery: Callback, answer: CallbackAnswer, *, now: datetime, chance: Chance) -> Callback:
    """Return how a delivery stands after an attempt, as the table says."""
    tried = replace(delivery, attempts=delivery.attempts + 1, status=answer.status, reason=answer.reason)
    if not answer.reason:
        return replace(tried, state=CallbackState.DELIVERED)
    if answer.status == _GONE:
        return replace(tried, state=CallbackState.DEAD)
    if tried.attempts > len(DELAYS):
        return replace(tried, state=CallbackState.DEAD, reason=f"given up after {tried.attempts} tries: {tried.reason}")
    return replace(tried, due_at=now + DELAYS[tried.attempts - 1] * (1 - chance / 5), tried_at=now)


def after_answer(webhook: Webhook, settled: Callback, *, now: datetime) -> Webhook:
    """Return how an endpoint stands after an attempt that left a delivery so, as the table says."""
    if settled.state is CallbackState.DELIVERED:
        return replace(webhook, failing_since=None)
    failing = replace(webhook, failing_since=webhook.failing_since or now)
    if settled.status == _GONE:
        return replace(failing, disabled="the endpoint answered 410: it wants no more")
    is_long = failing.failing_since is not None and now - failing.failing_since >= DISABLE_AFTER
    if is_long and settled.attempts >= len(DELAYS):
        return replace(failing, disabled=f"nothing was taken for {DISABLE_AFTER.days} days: {settled.reason}")
    return failing
