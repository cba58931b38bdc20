"""The log of what people did, for the console."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from watcher.core.acts import Act, ActEntry
from watcher.core.push import App, Slice
from watcher.push.context import Resource

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

_NEWEST: Final = Slice(limit=50, is_newest_first=True)


class Acts(Resource):
    """The log of what people did. Each method raises StoreError."""

    async def note(self, act: Act, subject: str) -> None:
        """Note what was done elsewhere, as by the watcher, which has a store of its own."""
        await self._store.write(lambda tx: self._note(tx, act, subject))

    async def take_ended(self, app: App) -> Sequence[ActEntry]:
        """Return, once, what ended as the application came to its owner, as `handing_over` noted it."""

        def work(tx: Transaction) -> Sequence[ActEntry]:
            return tx.acts.of_hand_over(app.id) if tx.apps.note_seen(app.id) else []

        return await self._store.write(work) if app.is_received else []

    async def latest(self, cut: Slice = _NEWEST, *, account_id: int | None = None) -> Sequence[ActEntry]:
        """
        Return the newest of the log, or another stretch of it, by id.

        Args:
            account_id: what this account did; None: what anybody did.
        """
        return await self._store.read(lambda tx: tx.acts.slice(cut, account_id=account_id))
