"""
What was asked of whoever checks the watches, and is not done yet, when all is copied: to accept what is suspicious.

Files in a data directory, rows in a database; either is carried out by the next that has the watch. Either way may be
taken again: what is asked already is not asked twice.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import Final

from watcher.core.shards import hosts_lease
from watcher.watching.cluster_questions import read_question, written_question
from watcher.watching.control_requests import ControlRequests
from watcher.watching.questions import AskToAccept

_ANY_SHARD: Final = 0
"""Whoever has it hands on what is about watches of another one."""


def requests_to_rows(data: Path, url: str) -> None:
    """Ask it of the workers of a database, where there are watches. Raises StoreError."""
    from watcher.store.cluster.watch_schema import revision_at

    control = ControlRequests(data)
    watches = control.requests()
    if not watches or revision_at(url) is None:
        return
    asyncio.run(_ask(url, watches))
    for watch in watches:
        control.done(watch)


def requests_to_files(url: str, data: Path) -> None:
    """Ask it of the watcher of a data directory. Raises StoreError."""
    for watch in asyncio.run(_asked(url)):
        ControlRequests(data).post(watch)


async def _ask(url: str, watches: list[str]) -> None:
    from watcher.store.cluster.requests import RequestStore

    async with aclosing(RequestStore(url)) as requests:
        for watch in watches:
            question = written_question(AskToAccept(watch=watch))
            await requests.ask({hosts_lease(_ANY_SHARD): question}, is_lasting=True)


async def _asked(url: str) -> list[str]:
    from watcher.store.cluster.requests import RequestStore
    from watcher.store.cluster.watch_schema import revision_at

    if await asyncio.to_thread(revision_at, url) is None:
        return []
    async with aclosing(RequestStore(url)) as requests:
        questions = [read_question(each) for each in await requests.lasting()]
    return [each.watch for each in questions if isinstance(each, AskToAccept)]
