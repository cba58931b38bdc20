"""A test message to one subscriber, followed until a device has shown it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from watcher.core.findings import Check, Finding, doubtful, fine, wrong
from watcher.core.push import SEEN_STATES, Delivery, DeliveryState, Slice
from watcher.core.settings import Settings
from watcher.errors import UsageError
from watcher.push.draft import make_draft
from watcher.runtime.serving.service import push_service

LOOK_SECONDS: Final = 0.25
_MAX_DELIVERIES: Final = 100
"""One for the inbox and one for each channel that is tried."""


async def send_test(settings: Settings, uid: str, *, wait: timedelta, tell: Callable[[Finding], None]) -> None:
    """
    Send a test message to a subscriber and tell each step that it takes, until a device has shown it.

    The server that runs on this data directory hands it to the channels.

    Args:
        wait: how long to look for it.
        tell: takes each step, the last one says whether it was shown.

    Raises:
        UsageError: there is no such subscriber.
        StoreError: the database refuses.
    """
    draft = make_draft("If you read this, messages reach you here.", summary="A test of watcher")
    async with push_service(settings) as service:
        subscriber = await service.subscribers.of_uid(uid)
        if subscriber is None:
            raise UsageError(f"there is no subscriber {uid}; `watcher subscribers` lists them")
        sent = await service.messages.send_test(subscriber, draft)
        if sent.message_id is None:
            tell(
                wrong(
                    Check.SEND_TEST,
                    f"not sent: {sent.status}",
                    "the subscriber switched messages off, at /subscriptions",
                )
            )
            return
        tell(fine(Check.SEND_TEST, f"queued: message {sent.message_id} to {uid}"))
        trial, begun_at, cut = _Trial(tell), time.monotonic(), Slice(limit=_MAX_DELIVERIES)
        while not trial.is_over(await service.deliveries.slice(sent.message_id, cut)):
            if time.monotonic() - begun_at > wait.total_seconds():
                tell(_never_shown(settings, wait))
                return
            await asyncio.sleep(LOOK_SECONDS)


class _Trial:
    """Tells each step once."""

    def __init__(self, tell: Callable[[Finding], None]) -> None:
        self._tell = tell
        self._told: set[tuple[str, DeliveryState]] = set()

    def is_over(self, deliveries: Sequence[Delivery]) -> bool:
        """Tell what is new; return whether a device has shown the message."""
        for delivery in deliveries:
            if (delivery.channel, delivery.state) not in self._told:
                self._told.add((delivery.channel, delivery.state))
                self._tell(_step(delivery))
        return any(delivery.state in SEEN_STATES for delivery in deliveries)


def _step(delivery: Delivery) -> Finding:
    text = f"{delivery.state} over {delivery.channel}"
    if delivery.state is DeliveryState.FAILED:
        advice = "the next channel takes over; `watcher doctor` without --send-test looks at each"
        return doubtful(Check.SEND_TEST, f"{text}: {delivery.reason or 'no reason was given'}", advice)
    return fine(Check.SEND_TEST, text)


def _never_shown(settings: Settings, wait: timedelta) -> Finding:
    return wrong(
        Check.SEND_TEST,
        f"no device has shown it within {wait.total_seconds():g} s",
        f"open {settings.public_url}/inbox on the subscriber's device; do the server and its channels work?",
    )
