"""
Up-commands: what a subscriber writes to an application.

    #97 text   reaches application 97, which the subscriber follows
    #97        follows application 97
    text       reaches the only application that the subscriber follows

A # with a number always names an application, one that is not there too; what is written without a number is text.
"""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from watcher.core.callbacks import Origin, Source
from watcher.core.caps import Made
from watcher.core.push import App, Place, Subscriber
from watcher.core.wakeups import wakes_callbacks
from watcher.errors import RefusedError
from watcher.push.context import Resource
from watcher.push.draft import clean_text
from watcher.push.events import tell_command
from watcher.push.subscribers import follow, following

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

MAX_COMMAND_CHARS: Final = 1_000
# Chinese keyboards write the wide #, and wide digits and blanks, which \d and \s know.
_ADDRESSED: Final = re.compile(r"[#＃](\d+)(?:\s+(.*))?", re.DOTALL)


class CommandResult(StrEnum):
    """The result of an up-command."""

    SENT = "sent"
    FOLLOWED = "followed"
    EMPTY = "empty"
    LONG = "long"
    UNKNOWN = "unknown"
    """there is no such application"""
    REJECTED = "rejected"
    """the application's owner does not let this subscriber follow it"""
    STRANGER = "stranger"
    """the subscriber does not follow the application that was named"""
    NOWHERE = "nowhere"
    """no application was named, and the subscriber follows none"""
    SEVERAL = "several"
    """no application was named, and the subscriber follows several"""
    FULL = "full"
    """too much waits for the application already"""
    PAUSED = "paused"
    """the account of the application's owner is blocked"""
    DEAF = "deaf"
    """the application takes no commands: it has no callback URL"""


class CommandReply(Struct, frozen=True, kw_only=True):
    """The result of an up-command, and its application; None where none was found."""

    result: CommandResult
    app: App | None = None


class Commands(Resource):
    """What subscribers write to applications, over one push store. Each method raises StoreError."""

    async def run(self, subscriber: Subscriber, text: str) -> CommandReply:
        """Carry out what a subscriber wrote to an application. Raises InvalidRequestError, CapReachedError."""
        work = partial(command, subscriber=subscriber, text=text, now=self._now())
        return await self._strangers.make(
            Made.COMMANDS,
            work,
            wakes=wakes_callbacks,
            counts=lambda reply: reply.result is CommandResult.SENT,
        )


def command(tx: Transaction, subscriber: Subscriber, text: str, *, now: datetime) -> CommandReply:
    """Carry out what a subscriber wrote. Raises InvalidRequestError for half a surrogate pair."""
    text = clean_text("text", text).strip()
    if not text:
        return CommandReply(result=CommandResult.EMPTY)
    if len(text) > MAX_COMMAND_CHARS:
        return CommandReply(result=CommandResult.LONG)
    if not (addressed := _ADDRESSED.fullmatch(text)):
        return _to_the_only_app(tx, subscriber, text, now)
    app = tx.apps.of_id(int(addressed[1]))
    # The server's own applications have keys, and nobody to listen.
    if app is None or app.key is not None:
        return CommandReply(result=CommandResult.UNKNOWN)
    if app.is_paused:
        return _reply(CommandResult.PAUSED, app)
    if content := addressed[2]:
        _, apps = following(tx, subscriber.id)
        is_follower = app.id in {followed.id for followed in apps}
        return _say(tx, subscriber, app, content, now) if is_follower else _reply(CommandResult.STRANGER, app)
    try:
        follow(tx, subscriber.id, Place(app_id=app.id), origin=Origin(source=Source.COMMAND), now=now)
    except RefusedError:
        return _reply(CommandResult.REJECTED, app)
    return _reply(CommandResult.FOLLOWED, app)


def _to_the_only_app(tx: Transaction, subscriber: Subscriber, text: str, now: datetime) -> CommandReply:
    _, apps = following(tx, subscriber.id)
    if len(apps) != 1:
        return CommandReply(result=CommandResult.SEVERAL if apps else CommandResult.NOWHERE)
    return _say(tx, subscriber, apps[0], text, now)


def _say(tx: Transaction, subscriber: Subscriber, app: App, text: str, now: datetime) -> CommandReply:
    if app.is_paused or not app.profile.callback_url:
        return _reply(CommandResult.PAUSED if app.is_paused else CommandResult.DEAF, app)
    has_room = tell_command(tx, app, subscriber, text, now=now)
    return _reply(CommandResult.SENT if has_room else CommandResult.FULL, app)


def _reply(result: CommandResult, app: App) -> CommandReply:
    return CommandReply(result=result, app=app)
