"""
What the push store asks of its database, whichever it is: SQLite (`file_database.py`) or PostgreSQL.

| | transaction | waits for |
|---|---|---|
| write | excludes other writers | other writes, of this process and of others |
| read | one snapshot | nothing |

A transaction is a plain function of a connection. It runs as a whole in a thread, for the database blocks: there and
back once, however many statements it has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from watcher.core.wakeups import Woken

T = TypeVar("T")


class Database(Protocol):
    """One database. Used from one event loop."""

    async def write(
        self,
        work: Callable[[Connection], T],
        *,
        wakes: Callable[[T], Woken] | None = None,
        then: Callable[[T], object] | None = None,
        is_send: bool = False,
    ) -> T:
        """
        Return what `work` returns, done as one transaction and on the disk by then; an error in it saves nothing.

        A caller who is cancelled before it begins has saved nothing; later, the caller waits until it has ended.

        Args:
            wakes: says whom it wakes in other processes, where these hear of that.
            then: is called with it after the commit, whatever became of the caller.
            is_send: it stores messages, and what it found before is still so whatever other such ones store meanwhile:
                it may be done beside them.

        Raises:
            StoreError: the disk or the database refused, or another process wrote for 20 s on end;
                nothing was saved, unless it says that it may have been.
        """

    async def read(self, work: Callable[[Connection], T], *, is_one_statement: bool = False) -> T:
        """
        Return what `work` returns, all of it from one snapshot, without waiting for writers. Raises StoreError.

        Args:
            is_one_statement: it asks no more than one, which sees one snapshot by itself.
        """

    async def foreign_commit(self, *, are_heard: bool = False) -> bool:
        """
        Return whether another process has written since the last call; at the first: since the opening.

        Where that is not known it may have; what is heard (`are_heard`) is left out, where anything is.
        """

    def is_own(self, sender: str) -> bool:
        """Return whether this process is the sender of a notice."""

    async def remember_version(self) -> None:
        """Take the database as it is now for what has been seen."""

    async def close(self) -> None:
        """Close all connections, end their threads. Nothing may be called after."""
