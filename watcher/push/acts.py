"""The log of what people did, for the console."""

from __future__ import annotations

from collections.abc import Sequence

from watcher.core.acts import Act, ActEntry
from watcher.push.context import Resource


class Acts(Resource):
    """The log of what people did. Each method raises StoreError."""

    async def note(self, act: Act, subject: str) -> None:
        """Note what was done elsewhere, as by the watcher, which has a store of its own."""
        await self._store.write(lambda tx: self._note(tx, act, subject))

    async def latest(
        self, *, before: int | None = None, account_id: int | None = None, limit: int = 50
    ) -> Sequence[ActEntry]:
        """Return a page of the log, newest first; see `store.push.acts`."""
        return await self._store.read(lambda tx: tx.acts.latest(before=before, account_id=account_id, limit=limit))
