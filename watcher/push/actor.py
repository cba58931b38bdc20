"""Who asks for what is done, wherever it is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Final

from watcher.core.acts import BY_COMMAND, Actor
from watcher.core.push import App

_COMMAND: Final = Actor(account_id=None, by=BY_COMMAND)
ACTOR: Final = ContextVar("actor", default=_COMMAND)
"""Of what runs in this context: the web side sets it with each request; a command is the operator's."""
_BY_CHARACTERS: Final = 64


@contextmanager
def acting(account_id: int | None, by: str) -> Iterator[None]:
    """Let what is done meanwhile be done by this account. A connection's next request is somebody else's."""
    token = ACTOR.set(Actor(account_id=account_id, by=by[:_BY_CHARACTERS]))
    try:
        yield
    finally:
        ACTOR.reset(token)


def acting_for(app: App) -> AbstractContextManager[None]:
    """Let what is done meanwhile be done by the application, whose token was sent, in its owner's name."""
    return acting(app.account_id, f"app {app.id}")
