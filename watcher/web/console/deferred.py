"""
Handlers whose modules are imported when they are first asked for.

They read files of watches, with what judges them: a server alone has no use for that, and a start need not wait.
"""

from __future__ import annotations

from importlib import import_module
from typing import cast

from aiohttp import web
from msgspec import Struct

from watcher.web.middleware.guard import Handler


class Deferred(Struct, frozen=True):
    """A handler by the module below this one and by its name."""

    module: str
    name: str

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Answer as the handler does."""
        return await self.handler()(request)

    def handler(self) -> Handler:
        """Return the handler itself."""
        return cast("Handler", getattr(import_module(f"{__package__}.{self.module}"), self.name))


show_new_watch = Deferred("editing.steps", "show_new_watch")
show_watch_edit = Deferred("editing.steps", "show_watch_edit")
edit_watch = Deferred("editing.steps", "edit_watch")
check_watch_text = Deferred("editing.steps", "check_watch_text")
ask_to_remove_watch = Deferred("editing.review", "ask_to_remove_watch")
remove_watch = Deferred("editing.review", "remove_watch")
show_saved_watch = Deferred("editing.undoing", "show_saved_watch")
undo_watch_edit = Deferred("editing.undoing", "undo_watch_edit")
show_proposal = Deferred("watch.proposal", "show_proposal")
show_change = Deferred("watch.proposal", "show_change")
take_proposal = Deferred("watch.proposal", "take_proposal")
show_replay = Deferred("watch.replay", "show_replay")
replay_rules = Deferred("watch.replay", "replay")
