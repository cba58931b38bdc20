"""What people did that changes something, as the console's log keeps it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct

BY_COMMAND: Final = "command"
"""From where a command does something (`Actor.by`)."""
BY_HAND_OVER: Final = "hand-over"
"""The same, of what ends as somebody gets an application: it is noted for them."""


class Act(StrEnum):
    """What was done; `act_…` in the translations says it."""

    LOGGED_IN = "logged_in"
    LOGGED_OUT_EVERYWHERE = "logged_out_everywhere"
    LOGGED_OUT_ELSEWHERE = "logged_out_elsewhere"
    SESSION_ENDED = "session_ended"
    PASSWORD_SET = "password_set"  # noqa: S105 the name of an act
    RECOVERY_MADE = "recovery_made"
    APPROVER_ADDED = "approver_added"
    APPROVER_ENDED = "approver_ended"
    ACCOUNT_MADE = "account_made"
    ACCOUNT_ASKED = "account_asked"
    ACCOUNT_APPROVED = "account_approved"
    ACCOUNT_BLOCKED = "account_blocked"
    ACCOUNT_RENAMED = "account_renamed"
    ACCOUNT_LIMITS = "account_limits"
    ACCOUNT_HANDED_OVER = "account_handed_over"
    ACCOUNT_REMOVED = "account_removed"
    APP_MADE = "app_made"
    APP_EDITED = "app_edited"
    APP_TOKEN_RESET = "app_token_reset"  # noqa: S105 as above
    APP_KEY_RENEWED = "app_key_renewed"
    APP_TOKEN_ENDED = "app_token_ended"  # noqa: S105 as above
    APP_URL_REMOVED = "app_url_removed"
    APP_RECEIVED = "app_received"
    APP_REMOVED = "app_removed"
    APP_MOVED = "app_moved"
    TOPIC_MADE = "topic_made"
    TOPIC_EDITED = "topic_edited"
    TOPIC_CODE_CHANGED = "topic_code_changed"
    FEED_MADE = "feed_made"
    FEED_ENDED = "feed_ended"
    TOPIC_MERGED = "topic_merged"
    TOPIC_REMOVED = "topic_removed"
    MIRROR_MADE = "mirror_made"
    MIRROR_TESTED = "mirror_tested"
    MIRROR_REMOVED = "mirror_removed"
    TOKEN_MADE = "token_made"  # noqa: S105 as above
    TOKEN_REMOVED = "token_removed"  # noqa: S105 as above
    CALLBACK_TESTED = "callback_tested"
    CALLBACK_RETRIED = "callback_retried"
    WEBHOOK_MADE = "webhook_made"
    WEBHOOK_SECRET_RENEWED = "webhook_secret_renewed"  # noqa: S105 as above
    WEBHOOK_ENABLED = "webhook_enabled"
    WEBHOOK_TESTED = "webhook_tested"
    WEBHOOK_REMOVED = "webhook_removed"
    SUBSCRIBER_APPROVED = "subscriber_approved"
    SUBSCRIBER_REJECTED = "subscriber_rejected"
    SUBSCRIBER_READMITTED = "subscriber_readmitted"
    SUBSCRIBER_REMOVED = "subscriber_removed"
    REMOVAL_UNDONE = "removal_undone"
    REMARK_SET = "remark_set"
    MESSAGE_SENT = "message_sent"
    MESSAGE_SENT_AGAIN = "message_sent_again"
    MESSAGE_DELETED = "message_deleted"
    WATCH_MADE = "watch_made"
    WATCH_CHANGED = "watch_changed"
    WATCH_REMOVED = "watch_removed"
    WATCH_RESTORED = "watch_restored"
    WATCH_ACCEPTED = "watch_accepted"
    OUTBOX_TRIED = "outbox_tried"
    OUTBOX_DROPPED = "outbox_dropped"
    WATCHES_PAUSED = "watches_paused"
    WATCHES_MUTED = "watches_muted"
    WATCHES_RESUMED = "watches_resumed"


class Actor(Struct, frozen=True, kw_only=True):
    """
    Who does something.

    Attributes:
        account_id: None: the operator.
        by: from where: a browser's kind, `BY_COMMAND`, an API token's name; at most 64 characters.
    """

    account_id: int | None
    by: str


class ActEntry(Struct, frozen=True, kw_only=True):
    """
    One line of the log.

    Attributes:
        app_id: the application that it was done in, if one.
        act: as it was stored; a newer version may have stored one that this one does not know.
        subject: what it was done to, in words that outlive it; at most 500 characters.
    """

    id: int
    at: datetime
    actor: Actor
    app_id: int | None
    act: str
    subject: str
