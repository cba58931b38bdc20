"""Every operation of the API, noun by noun. One of a module without a line here does not exist."""

from __future__ import annotations

from typing import Final

from watcher.web.api.v1 import (
    apps,
    changes,
    endpoints,
    feeds,
    messages,
    mirrors,
    subscribers,
    subscriptions,
    topics,
    watches,
)
from watcher.web.api.v1.inbox import INBOX
from watcher.web.api.v1.operation import Operation

OPERATIONS: Final[tuple[Operation, ...]] = (
    *apps.operations,
    *topics.operations,
    *feeds.operations,
    *mirrors.operations,
    *subscribers.operations,
    *subscriptions.operations,
    *messages.operations,
    *watches.operations,
    *changes.operations,
    *endpoints.operations,
)
DOCUMENTED: Final = (*OPERATIONS, INBOX)
