"""The doctor's look at Web Push: whether push services know whom to ask, and browsers our key."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from watcher.core.findings import Check, Finding, doubtful, fine, wrong
from watcher.core.settings import Settings
from watcher.core.wording import said_by, worded
from watcher.errors import ConfigError, StoreError
from watcher.push.channels.looks import GUIDE
from watcher.push.channels.offered import Deployment
from watcher.push.channels.webpush.settings import push_subject
from watcher.push.ids import key_mark
from watcher.store.inspection import browsers_subscribed

CHECK: Final = Check.WEB_PUSH


async def look(deployment: Deployment, *, seconds: float) -> Sequence[Finding]:  # noqa: ARG001 - it asks nobody
    """Read the key and who has subscribed with it."""
    return await asyncio.to_thread(_looks, deployment.settings)


def _looks(settings: Settings) -> Sequence[Finding]:
    found: list[Finding] = []
    for look in (_contact, _key):
        try:
            found.extend(look(settings))
        except (ConfigError, StoreError) as error:
            found.append(wrong(CHECK, said_by(error), GUIDE))
    return found


def _contact(settings: Settings) -> Sequence[Finding]:
    subject = push_subject(settings)
    if subject is not None:
        text = worded(
            "doctor_push_contact", "push services are told to ask {contact} when something is wrong", contact=subject
        )
        return [fine(CHECK, text)]
    if not settings.public_url.startswith("https:"):
        return []  # said of the base URL: no https, no Web Push
    text = worded("doctor_push_off", "it is off: push services would not know whom to ask")
    advice = worded("doctor_set_contact", "set WATCHER_VAPID_SUBJECT to mailto:you@your.domain")
    return [doubtful(CHECK, text, advice)]


def _key(settings: Settings) -> Sequence[Finding]:
    from watcher.push.channels.webpush.keys import KEY_FILE, keys_of

    path = settings.data / KEY_FILE
    if settings.database is not None:
        return _key_alone(settings)
    subscribed = browsers_subscribed(settings.data / "push.db")
    if not path.exists():
        return _no_key(path, sum(subscribed.values()))
    ours = key_mark(keys_of(settings.data).public)
    strangers = sum(count for mark, count in subscribed.items() if mark != ours)
    if strangers:
        text = worded(
            "doctor_push_other_key",
            "browsers that have subscribed with another key than the one in {path}: {number}",
            path=path,
            number=strangers,
        )
        return [wrong(CHECK, text, worded("doctor_restore_key", "restore that file from a backup"))]
    text = worded(
        "doctor_push_key",
        "{path} is private; browsers that have subscribed: {number}",
        path=path,
        number=subscribed.get(ours, 0),
    )
    return [fine(CHECK, text)]


def _key_alone(settings: Settings) -> Sequence[Finding]:
    """Say of the key what can be said without those who have subscribed. Raises ConfigError, StoreError."""
    from watcher.push.channels.webpush.keys import KEY_FILE, keys_of

    path = settings.data / KEY_FILE
    if not path.exists():
        return []
    keys_of(settings.data)
    return [fine(CHECK, worded("doctor_push_key_alone", "{path} is private", path=path))]


def _no_key(path: Path, subscribed: int) -> Sequence[Finding]:
    if not subscribed:
        return []  # the server makes it when it is needed
    text = worded(
        "doctor_push_no_key",
        "{path} is missing; browsers that are reached with that key alone: {number}",
        path=path,
        number=subscribed,
    )
    advice = worded(
        "doctor_push_restore", "restore it from a backup; with a new one each has to switch notifications on again"
    )
    return [wrong(CHECK, text, advice)]
