"""A network between a process and its PostgreSQL that is cut at the worst moment, once."""

from __future__ import annotations

import enum
from contextlib import AbstractAsyncContextManager

from tests.faults.link import Lets, Link, opened

_COMMIT = b"COMMIT\0"  # and not `READ COMMITTED`


class Moment(enum.Enum):
    """When it is cut."""

    BEFORE_COMMIT = enum.auto()
    """PostgreSQL never hears of it."""
    AFTER_COMMIT = enum.auto()
    """PostgreSQL has done it, and its answer is lost."""


class CuttingLink(Link):
    """
    A link that breaks one connection off amid a commit.

    Attributes:
        cuts: how often it did.
    """

    def __init__(self, to_port: int) -> None:
        super().__init__(to_port)
        self.cuts = 0
        self._moment: Moment | None = None

    def cut_at(self, moment: Moment) -> None:
        """Cut the connection that commits next."""
        self._moment = moment

    def let(self) -> tuple[Lets, Lets]:
        is_answer_lost = False

        def there(chunk: bytes) -> bool:
            nonlocal is_answer_lost
            if self._moment is None or _COMMIT not in chunk:
                return True
            moment, self._moment = self._moment, None
            self.cuts += 1
            is_answer_lost = moment is Moment.AFTER_COMMIT
            return is_answer_lost

        return there, lambda _: not is_answer_lost


def a_cutting_link(to_port: int) -> AbstractAsyncContextManager[CuttingLink]:
    """Give one to this port that lasts as long as the context."""
    return opened(CuttingLink(to_port))
