"""
What is done under a lease: whose transactions are refused once another process has it.

In a cluster, each part whose order is in memory runs in one of them: the
deliverer, the callbacks, the fan-out. A process that was frozen believes for a moment that this is still its own. So
each transaction of such a duty is fenced (`store/cluster/leases.py`), and nothing that it read is acted upon when the
lease may be over. The part knows nothing of that: with one process there is no lease, and all else is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Protocol

from sqlalchemy import Connection


class HeldLease(Protocol):
    """A lease that this process has, or had."""

    @property
    def fence(self) -> Callable[[Connection], None]:
        """To be called first in each transaction that writes. Raises LeaseLostError: another process has it."""

    def check(self) -> None:
        """Raise LeaseLostError where another process may have it."""


LEASE: Final[ContextVar[HeldLease | None]] = ContextVar("lease", default=None)
"""Of what runs in this context, and of the tasks that it starts; None: it needs none."""


@contextmanager
def under(lease: HeldLease) -> Iterator[None]:
    """Let what is done meanwhile be refused when this lease is lost."""
    token = LEASE.set(lease)
    try:
        yield
    finally:
        LEASE.reset(token)
