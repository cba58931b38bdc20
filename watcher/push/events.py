"""
What an application's owner is told, saved in the transaction of what it tells of.

    app_subscribe   someone began to follow the application, or scanned a parametric QR code of it
    send_up_cmd     someone who follows it wrote to it
    test            its owner asked for it, to see whether callbacks arrive

The owner of a paused application is told nothing.
While too many wait for an application (`callbacks`) nothing more is saved for its owner, who has not answered for long:
who writes a command is told so; that someone follows stands in the list of users.

Topics tell nobody. The bodies are WxPusher's; `code`, of a parametric QR code, is an extra key of ours.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import TYPE_CHECKING

from watcher.core.callbacks import Origin
from watcher.core.instants import epoch_milliseconds
from watcher.core.push import App, Subscriber
from watcher.core.values import Json

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

_log = logging.getLogger(__name__)


def tell_subscribed(tx: Transaction, app: App, subscriber: Subscriber, origin: Origin, *, now: datetime) -> None:
    """Tell the owner, if there is a callback URL, who follows, and where from."""
    who: dict[str, Json] = {
        "appId": app.id,
        "appKey": f"AK_{app.slug}",
        "appName": app.profile.name,
        "source": origin.source.value,
        "userName": subscriber.nickname,
        "userHeadImg": "",
        "time": epoch_milliseconds(now),
        "uid": subscriber.uid,
        "extra": origin.extra,
        "code": origin.code,
    }
    _tell(tx, app, "app_subscribe", who, now)


def tell_command(tx: Transaction, app: App, subscriber: Subscriber, text: str, *, now: datetime) -> bool:
    """Tell the owner, if there is a callback URL, what a follower wrote; return whether there was room for it."""
    what: dict[str, Json] = {
        "uid": subscriber.uid,
        "appId": app.id,
        "appName": app.profile.name,
        "time": epoch_milliseconds(now),
        "content": text,
    }
    return _tell(tx, app, "send_up_cmd", what, now)


def tell_test(tx: Transaction, app: App, *, now: datetime) -> bool:
    """Tell the owner nothing but that callbacks arrive; return whether there was room for it."""
    what: dict[str, Json] = {"appId": app.id, "appName": app.profile.name, "time": epoch_milliseconds(now)}
    return _tell(tx, app, "test", what, now)


def _tell(tx: Transaction, app: App, action: str, data: dict[str, Json], now: datetime) -> bool:
    if not app.profile.callback_url or app.is_paused:
        return True
    if not tx.callbacks.has_room(app.id, most=tx.max_callbacks):
        _log.info("application %d: %s is not told, for too many callbacks wait (--max-callbacks)", app.id, action)
        return False
    body = json.dumps({"action": action, "data": data}, ensure_ascii=False, separators=(",", ":"))
    tx.callbacks.add(app.id, body, created_at=now)
    return True
