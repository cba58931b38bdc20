"""What is handed to the store to be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from watcher.core.push import Draft

GOOD: Final = 1000
"""The code of a target that got the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What can be followed: a topic, or an application. Raises ValueError unless exactly one is given."""

    topic_id: int | None = None
    app_id: int | None = None

    def __post_init__(self) -> None:
        if (self.topic_id is None) == (self.app_id is None):
            raise ValueError("a subscription is to exactly one of topic_id and app_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTarget:
    """One target of a message, judged already: `code` is `GOOD` or that of its failure."""

    uid: str | None = None
    topic_id: int | None = None
    code: int
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message to be stored; at least one of its targets is good."""

    slug: str
    idempotency_key: str | None
    draft: Draft
    targets: Sequence[NewTarget]
