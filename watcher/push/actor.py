"""Who asks for what is done, wherever it is done."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

from watcher.core.acts import Actor

_COMMAND: Final = Actor(account_id=None, by="command")
ACTOR: Final = ContextVar("actor", default=_COMMAND)
"""Of what runs in this context: the web side sets it with each request; a command is the operator's."""
