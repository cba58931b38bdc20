"""The log of what people did, for the console."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from watcher.core.acts import Act, ActEntry
from watcher.core.push import Slice
from watcher.push.context import Resource

_NEWEST: Final = Slice(limit=50, is_newest_first=True)


class Acts(Resource):
    """The log of what people did. Each method raises StoreError."""

    async def note(self, act: Act, subject: str) -> None:
        """Note what was done elsewhere, as by the watcher, which has a store of its own."""
        await self._store.write(lambda tx: self._note(tx, act, subject))

    async def latest(self, cut: Slice = _NEWEST, *, account_id: int | None = None) -> Sequence[ActEntry]:
        """
        Return the newest of the log, or another stretch of it, by id.

        Args:
            account_id: what this account did; None: what anybody did.
        """
        return await self._store.read(lambda tx: tx.acts.slice(cut, account_id=account_id))
