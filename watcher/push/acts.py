"""The log of what people did, for the console."""

from __future__ import annotations

from collections.abc import Sequence

from watcher.core.acts import ActEntry
from watcher.push.context import Resource


class Acts(Resource):
    """The log of what people did. Each method raises StoreError."""

    async def latest(
        self, *, before: int | None = None, account_id: int | None = None, limit: int = 50
    ) -> Sequence[ActEntry]:
        """Return a page of the log, newest first; see `store.push.acts`."""
        return await self._store.read(lambda tx: tx.acts.latest(before=before, account_id=account_id, limit=limit))
