"""
How many files a process may have open at once (RLIMIT_NOFILE), and who may have how many of them.

A socket is a file. Without shares, pages of 2,000 hosts, kept alive, leave none for the databases, and all fails at
once. Of a limit of 1,024:

| who                                                         | of the limit      | most   | of 1,024 |
|-------------------------------------------------------------|-------------------|--------|----------|
| databases, the log, pools, certificates, `--health`         | a quarter         | 192    | 192      |
| connections to pages, and as many to relays and owners      | a quarter of the rest each | 2,048 | 208 |
| names that are looked up, of each of the two                | a quarter of those | 120   | 52       |
| connections of people                                       | what is left      | `--max-connections` | 312 |
"""

from __future__ import annotations

import errno
from typing import Final

from msgspec import Struct

from watcher.core.wording import worded

LEAST: Final = 256
"""With fewer it is not worth starting: a watcher that rests has fifty open."""
_MOST_RESERVED: Final = 192
_MOST_SOCKETS: Final = 2_048
"""Of idle ones each costs up to 100 KB."""
_MOST_LOOKUPS: Final = 120
_LEAST_CONNECTIONS: Final = 8
_NONE_LEFT: Final = frozenset({errno.EMFILE, errno.ENFILE})

ADVICE: Final = worded(
    "error_files_advice", "raise LimitNOFILE of the systemd unit or `ulimit -n`, and start watcher again"
)


class FileBudget(Struct, frozen=True, kw_only=True):
    """
    Who may have how many files open.

    Attributes:
        reserved: for databases, the log, pools of processes and whatever else opens a file for a moment.
        sockets: outbound ones, idle ones included, of each of two: who fetches pages, and who hands messages over.
        lookups: names that each of these looks up at once.
        connections: inbound ones.
    """

    limit: int
    reserved: int
    sockets: int
    lookups: int
    connections: int


def budget_of(limit: int, *, connections: int) -> FileBudget:
    """
    Return how a limit is shared.

    Args:
        connections: inbound ones that are wanted; fewer where there is no room for them.
    """
    reserved = min(_MOST_RESERVED, limit // 4)
    sockets = min(_MOST_SOCKETS, (limit - reserved) // 4)
    lookups = max(2, min(_MOST_LOOKUPS, sockets // 4))
    left = limit - reserved - 2 * (sockets + lookups)
    return FileBudget(
        limit=limit,
        reserved=reserved,
        sockets=sockets,
        lookups=lookups,
        connections=max(_LEAST_CONNECTIONS, min(connections, left)),
    )


def is_out_of_files(error: BaseException | None) -> bool:
    """Return whether the system says that the process (EMFILE) or the machine (ENFILE) can open no more files."""
    return isinstance(error, OSError) and error.errno in _NONE_LEFT
