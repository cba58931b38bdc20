"""How many there are of what runs and of what is watched, for the sentences of several looks."""

from __future__ import annotations

from watcher.core.wording import Worded, worded


def watches(count: int) -> Worded:
    """Return `1 watch`, `2 watches`."""
    if count == 1:
        return worded("doctor_one_watch", "1 watch")
    return worded("doctor_watches", "{number} watches", number=f"{count:,}")


def servers(count: int) -> Worded:
    """Return `1 server`, `2 servers`."""
    if count == 1:
        return worded("doctor_one_server", "1 server")
    return worded("doctor_servers", "{number} servers", number=f"{count:,}")


def workers(count: int) -> Worded:
    """Return `1 worker`, `2 workers`."""
    if count == 1:
        return worded("doctor_one_worker", "1 worker")
    return worded("doctor_workers", "{number} workers", number=f"{count:,}")
