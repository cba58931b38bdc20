"""What owners do with those who follow them, and what subscribers switch on and off."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from msgspec.structs import replace

from watcher.core.instants import epoch_milliseconds
from watcher.core.push import App, Subscriber, Subscription, SubscriptionState
from watcher.errors import RefusedError
from watcher.store.push.records import Place

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction


def known_subscription(tx: Transaction, subscription_id: int, *, app_id: int | None) -> Subscription:
    """Return the one with this id; with `app_id` one of that application only. Raises RefusedError."""
    found = tx.subscriptions.of_id(subscription_id, app_id=app_id)
    if found is None:
        raise RefusedError(f"id: 关注关系[{subscription_id}]不存在 · there is no such subscription")
    return found


def remove(tx: Transaction, subscription_id: int, *, app_id: int | None) -> Subscription:
    """End a subscription in its owner's name, a rejected one too; it may be begun again. Raises RefusedError."""
    found = known_subscription(tx, subscription_id, app_id=app_id)
    tx.subscriptions.remove(found.id)
    return found


def reject(
    tx: Transaction, subscription_id: int, *, app_id: int | None, is_rejected: bool, now: datetime
) -> Subscription:
    """Reject a subscriber or take that back, which is a yes to one who had waited; return how it stands."""
    found = known_subscription(tx, subscription_id, app_id=app_id)
    state = SubscriptionState.REJECTED if is_rejected else SubscriptionState.FOLLOWING
    if (found.state is SubscriptionState.REJECTED) == is_rejected:
        return found
    return _stand(tx, found, state, rejected_at=now if is_rejected else None)


def approve(tx: Transaction, subscription_id: int, *, app_id: int | None) -> Subscription:
    """Say yes to a subscriber who waits. Raises RefusedError for one who is rejected."""
    found = known_subscription(tx, subscription_id, app_id=app_id)
    if found.state is SubscriptionState.REJECTED:
        raise RefusedError(f"id: subscription {subscription_id} is rejected; take that back first")
    return _stand(tx, found, SubscriptionState.FOLLOWING, rejected_at=None)


def set_receiving(tx: Transaction, subscriber_id: int, place: Place, *, is_receiving: bool) -> None:
    """Switch one subscription on or off. Raises RefusedError where there is none."""
    found = tx.subscriptions.find(subscriber_id, place)
    if found is None:
        raise RefusedError("未关注 · there is no such subscription")
    tx.subscriptions.set_receiving(found.id, is_receiving)


def settings_link(app: App, subscriber: Subscriber, *, now: datetime, nonce: str) -> str | None:
    """
    Return the address of the application's own settings page for one subscriber; None when it has none.

    With a signing key it carries `uid`, `ts` (ms), `nonce`, `sv=1` and `sign`, the lowercase hex HMAC-SHA256 of the
    other four in key order, `k=v` joined by `&`. The nonce is fresh each time.
    """
    if not app.profile.settings_url:
        return None
    given = {"uid": subscriber.uid}
    if app.signing_key is not None:
        given |= {"ts": str(epoch_milliseconds(now)), "nonce": nonce, "sv": "1"}
        signed = "&".join(f"{name}={given[name]}" for name in sorted(given))
        given["sign"] = hmac.digest(app.signing_key.encode(), signed.encode(), "sha256").hex()
    parts = urlsplit(app.profile.settings_url)
    query = "&".join(f"{name}={quote(value)}" for name, value in given.items())
    return parts._replace(query=f"{parts.query}&{query}" if parts.query else query).geturl()


def _stand(
    tx: Transaction, subscription: Subscription, state: SubscriptionState, *, rejected_at: datetime | None
) -> Subscription:
    tx.subscriptions.set_state(subscription.id, state, rejected_at=rejected_at)
    return replace(subscription, state=state, rejected_at=rejected_at)
