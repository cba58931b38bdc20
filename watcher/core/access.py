"""Who may do what over our own API: access tokens and their scopes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Scope(StrEnum):
    """What a caller may do. Writing includes no reading."""

    APPS_READ = "apps:read"
    APPS_WRITE = "apps:write"
    TOPICS_READ = "topics:read"
    TOPICS_WRITE = "topics:write"
    SUBSCRIBERS_READ = "subscribers:read"
    SUBSCRIBERS_WRITE = "subscribers:write"
    MESSAGES_READ = "messages:read"
    MESSAGES_SEND = "messages:send"
    WATCHES_READ = "watches:read"
    METRICS_READ = "metrics:read"


APP_SCOPES = frozenset({Scope.MESSAGES_SEND, Scope.MESSAGES_READ, Scope.TOPICS_READ, Scope.SUBSCRIBERS_READ})
"""What an application's own token `AT_…` opens, of that application."""


class AccessToken(Struct, frozen=True, kw_only=True):
    """
    A token `WT_…` of the API, of which only the hash is kept.

    Attributes:
        name: what it is for.
        app_id: it sees and changes this application alone; None: all of them, and the watches.
        account_id: the owner's, which is for one application of theirs; None: it is the operator's.
    """

    id: int
    name: str
    scopes: Collection[Scope]
    app_id: int | None
    created_at: datetime
    account_id: int | None = None


class Caller(Struct, frozen=True, kw_only=True):
    """
    Who calls, whatever token said so.

    Attributes:
        key: tells callers apart.
        app_id: in this application alone; None: everywhere.
        account_id: whose the token is, for the log; None: the operator's.
    """

    key: str
    scopes: Collection[Scope]
    app_id: int | None
    account_id: int | None = None
