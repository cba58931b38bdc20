"""What WeChat told lately, so that no server acts on it twice, or believes one signature twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select

from watcher.store.push import dialect
from watcher.store.push.rows import Rows
from watcher.store.push.tables import wechat_calls

KEPT_FOR: Final = timedelta(minutes=10)
"""The timestamp of a call may lie 5 minutes ahead, and is good until 5 minutes after that."""


class WeChatCalls(Rows):
    """Keys of events, each by the digest of what speaks for it; all that are older than KEPT_FOR are removed."""

    def put(self, digest: str, key: str, *, at: datetime) -> str:
        """Keep the key, unless one is kept for this digest; return the one that is."""
        self._run(delete(wechat_calls).where(wechat_calls.c.expires_at <= at))
        row = {"digest": digest, "event_key": key, "expires_at": at + KEPT_FOR}
        self._run(dialect.insert(wechat_calls).values(row).on_conflict_do_nothing())
        query = select(wechat_calls.c.event_key).where(wechat_calls.c.digest == digest)
        return str(self._run(query).scalar_one())

    def has(self, digest: str, *, at: datetime) -> bool:
        """Return whether a key is kept for this digest."""
        is_kept = (wechat_calls.c.digest == digest, wechat_calls.c.expires_at > at)
        return self._first(select(wechat_calls.c.digest).where(*is_kept)) is not None
