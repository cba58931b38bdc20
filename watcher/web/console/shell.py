"""What all pages of the console share: the rooms in the bar, and a word on what was just done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from aiohttp import web
from msgspec import Struct

from watcher.core.accounts import Account
from watcher.web.addresses import id_in
from watcher.web.keys import ACCOUNT
from watcher.web.pages.view import render, see_other
from watcher.web.sessions.account import CONSOLE


class Room(StrEnum):
    """The rooms of the console, in the order of the bar; `room_…` in the translations names each."""

    OVERVIEW = "overview"
    WATCHES = "watches"
    APPS = "apps"
    TOPICS = "topics"
    SUBSCRIBERS = "subscribers"
    MESSAGES = "messages"
    OUTBOX = "outbox"
    TOKENS = "tokens"
    SERVER = "server"
    ACCOUNTS = "accounts"
    ACTS = "acts"
    ME = "me"


class Said(StrEnum):
    """What a page says was done just before; `said_…` in the translations has the sentence."""

    WATCH_RESTORED = "watch_restored"
    MESSAGE_DELETED = "message_deleted"
    MESSAGE_GONE = "message_gone"
    MESSAGE_SENT = "message_sent"
    MESSAGE_SENT_AGAIN = "message_sent_again"
    MESSAGE_REFUSED = "message_refused"
    MESSAGE_AGAIN_NOBODY = "message_again_nobody"
    OUTBOX_TRIED = "outbox_tried"
    OUTBOX_DROPPED = "outbox_dropped"
    OUTBOX_GONE = "outbox_gone"
    OUTBOX_UNANSWERED = "outbox_unanswered"
    APP_MADE = "app_made"
    APP_EDITED = "app_edited"
    APP_NUMBER_OPENED = "app_number_opened"
    APP_NUMBER_CLOSED = "app_number_closed"
    APP_TOKEN_RESET = "app_token_reset"  # noqa: S105 what was done
    APP_KEY_RENEWED = "app_key_renewed"
    APP_REMOVED = "app_removed"
    CALLBACK_TESTED = "callback_tested"
    CALLBACK_RETRIED = "callback_retried"
    WEBHOOK_MADE = "webhook_made"
    WEBHOOK_SECRET_RENEWED = "webhook_secret_renewed"  # noqa: S105 as above
    WEBHOOK_ENABLED = "webhook_enabled"
    WEBHOOK_REMOVED = "webhook_removed"
    TOKEN_MADE = "token_made"  # noqa: S105 as above
    TOKEN_REMOVED = "token_removed"  # noqa: S105 as above
    TOPIC_MADE = "topic_made"
    TOPIC_SAVED = "topic_saved"
    TOPIC_SAVED_OVER = "topic_saved_over"
    TOPIC_CODE_CHANGED = "topic_code_changed"
    FEED_MADE = "feed_made"
    FEED_ENDED = "feed_ended"
    TOPIC_MERGED = "topic_merged"
    TOPIC_REMOVED = "topic_removed"
    MIRROR_MADE = "mirror_made"
    MIRROR_REMOVED = "mirror_removed"
    SUBSCRIBER_APPROVED = "subscriber_approved"
    SUBSCRIBERS_APPROVED = "subscribers_approved"
    SUBSCRIBER_REJECTED = "subscriber_rejected"
    SUBSCRIBER_READMITTED = "subscriber_readmitted"
    SUBSCRIBER_REMOVED = "subscriber_removed"
    REMOVAL_UNDONE = "removal_undone"
    REMOVAL_NOT_UNDONE = "removal_not_undone"
    SUBSCRIBER_GONE = "subscriber_gone"
    REMARK_SAVED = "remark_saved"
    ACCOUNT_APPROVED = "account_approved"
    ACCOUNT_BLOCKED = "account_blocked"
    ACCOUNT_LIMITS = "account_limits"
    ACCOUNT_HANDED_OVER = "account_handed_over"
    ACCOUNT_REMOVED = "account_removed"
    NAME_CHANGED = "name_changed"
    SESSION_ENDED = "session_ended"
    SESSIONS_ENDED = "sessions_ended"
    RECOVERY_MADE = "recovery_made"
    OTHERS_ENDED = "others_ended"
    APPROVER_ADDED = "approver_added"
    APPROVER_ENDED = "approver_ended"
    WATCH_ELSEWHERE = "watch_elsewhere"
    WATCHES_CHECKED = "watches_checked"
    WATCHES_CHECKING = "watches_checking"
    WATCHES_ARE_PAUSED = "watches_are_paused"
    WATCHES_PAUSED = "watches_paused"
    WATCHES_MUTED = "watches_muted"
    WATCHES_RESUMED = "watches_resumed"
    WATCHES_UNDONE = "watches_undone"
    WATCHES_NOT_UNDONE = "watches_not_undone"
    WATCHES_NONE_CHOSEN = "watches_none_chosen"
    WATCHES_NOTHING_DONE = "watches_nothing_done"
    WATCHES_NOT_SAVED = "watches_not_saved"
    WATCHES_UNANSWERED = "watches_unanswered"
    WATCH_PAUSED = "watch_paused"
    WATCH_BASELINE = "watch_baseline"
    WATCH_CHANGED = "watch_changed"
    WATCH_MUTED = "watch_muted"
    WATCH_MUTED_OTHER = "watch_muted_other"
    WATCH_SAME = "watch_same"
    WATCH_FAILED = "watch_failed"
    WATCH_UNDER_WAY = "watch_under_way"
    WATCH_HIDDEN = "watch_hidden"
    WATCH_NO_PAGE = "watch_no_page"
    WATCH_WORKS = "watch_works"
    WATCH_NOTHING_CHOSEN = "watch_nothing_chosen"
    WATCH_FILE_CHANGED = "watch_file_changed"
    WATCH_ACCEPTED = "watch_accepted"
    WATCH_ACCEPTED_LATER = "watch_accepted_later"
    WATCH_ACCEPT_ASKED = "watch_accept_asked"
    WATCH_NOT_SUSPICIOUS = "watch_not_suspicious"


_NOT_DONE: Final = frozenset(
    {
        Said.MESSAGE_GONE,
        Said.MESSAGE_REFUSED,
        Said.MESSAGE_AGAIN_NOBODY,
        Said.OUTBOX_GONE,
        Said.OUTBOX_UNANSWERED,
        Said.REMOVAL_NOT_UNDONE,
        Said.SUBSCRIBER_GONE,
        Said.WATCH_ELSEWHERE,
        Said.WATCHES_ARE_PAUSED,
        Said.WATCHES_NOT_UNDONE,
        Said.WATCHES_NONE_CHOSEN,
        Said.WATCHES_NOTHING_DONE,
        Said.WATCHES_NOT_SAVED,
        Said.WATCHES_UNANSWERED,
        Said.WATCH_PAUSED,
        Said.WATCH_FAILED,
        Said.WATCH_HIDDEN,
        Said.WATCH_NO_PAGE,
        Said.WATCH_NOTHING_CHOSEN,
        Said.WATCH_FILE_CHANGED,
    }
)
"""What says that it came to nothing: it is no success, and does not look like one."""

_PATHS: Final = {
    Room.OVERVIEW: CONSOLE,
    Room.WATCHES: f"{CONSOLE}/watches",
    Room.APPS: f"{CONSOLE}/apps",
    Room.TOPICS: f"{CONSOLE}/topics",
    Room.SUBSCRIBERS: f"{CONSOLE}/subscribers",
    Room.MESSAGES: f"{CONSOLE}/messages",
    Room.OUTBOX: f"{CONSOLE}/outbox",
    Room.TOKENS: f"{CONSOLE}/tokens",
    Room.SERVER: f"{CONSOLE}/server",
    Room.ACCOUNTS: f"{CONSOLE}/accounts",
    Room.ACTS: f"{CONSOLE}/acts",
    Room.ME: f"{CONSOLE}/me",
}
_KEYS: Final = {
    Room.OVERVIEW: "o",
    Room.WATCHES: "w",
    Room.APPS: "a",
    Room.TOPICS: "t",
    Room.SUBSCRIBERS: "s",
    Room.MESSAGES: "m",
    Room.OUTBOX: "b",
    Room.TOKENS: "k",
    Room.SERVER: "v",
    Room.ACCOUNTS: "u",
    Room.ACTS: "l",
    Room.ME: "i",
}
"""The letter that leads to a room, after `g`; `static/keys.js` reads it from the links."""
_OF_OPERATOR: Final = frozenset({Room.WATCHES, Room.OUTBOX, Room.SERVER, Room.ACCOUNTS})
"""Rooms that owners do not have."""


class _Link(Struct, frozen=True, kw_only=True):
    """A room in the bar. `key`: the letter that leads to it; empty: none does."""

    name: str
    path: str
    key: str
    is_here: bool


class Choice(Struct, frozen=True, kw_only=True):
    """
    What the yes to a question goes with: one of several.

    Attributes:
        name: of the field that is POSTed.
        options: pairs of a value and its words; `value` is the one that is chosen at first.
    """

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    value: str
    hint: str = ""


def render_room(
    request: web.Request, template: str, room: Room, *, status: int = 200, **context: object
) -> web.Response:
    """
    Return a page of the console, in a room.

    `?said=` on its address says what was done just before, and `count=` with how many.
    """
    account = request[ACCOUNT]
    said = request.query.get("said", "")
    return render(
        request,
        f"console/{template}",
        status=status,
        account=account,
        rooms=_bar(account, room),
        said=said if said in set(Said) else "",
        is_not_done=said in _NOT_DONE,
        said_count=id_in(request.query.get("count", "")),
        speaks=None,
        **context,
    )


def ask(
    request: web.Request,
    room: Room,
    *,
    question: str,
    what: Sequence[str],
    label: str,
    back: str,
    is_final: bool = True,
    hidden: Mapping[str, str] | None = None,
    choice: Choice | None = None,
    status: int = 200,
) -> web.Response:
    """
    Return the page that asks before something is done; the yes is POSTed to its own address, with `hidden`.

    Args:
        question: its heading, as "Remove the topic Price drops?".
        what: sentences on what will happen, with figures where there are some.
        label: of the button, which says what it does; empty: there is nothing to say yes to, as `what` says.
        back: where who thinks better of it goes.
        is_final: nothing brings it back; the page says so.
    """
    return render_room(
        request,
        "confirm.html",
        room,
        status=status,
        question=question,
        what=what,
        action=request.rel_url.raw_path,
        label=label,
        back=back,
        is_final=is_final,
        hidden=hidden or {},
        choice=choice,
    )


def done(path: str, said: Said, count: int | None = None) -> web.Response:
    """Return the redirect after something was done: to a page, which says what, and with how many."""
    counted = "" if count is None else f"&count={count}"
    return see_other(f"{path}{'&' if '?' in path else '?'}said={said}{counted}")


def _bar(account: Account, here: Room) -> list[_Link]:
    rooms = [room for room in Room if account.is_operator or room not in _OF_OPERATOR]
    return [_Link(name=room, path=_PATHS[room], key=_KEYS.get(room, ""), is_here=room is here) for room in rooms]
