"""
Regular expressions of the operator on texts of a page: both together may take exponential time, so it is limited.

Time is that of the processor, so a busy machine refuses nothing that an idle one accepts. Of the clock depends nothing
but whether an expression is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import thread_time
from typing import TYPE_CHECKING

from watcher.errors import SlowExpressionError

if TYPE_CHECKING:
    import regex

ONE_SECONDS = 0.2
"""How long one expression may look at one text."""
OF_RULES_SECONDS = 0.05
"""How long those of `matches` may look at all rows: that is on the loop, and there is no other place."""
_left_seconds: ContextVar[list[float] | None] = ContextVar("_left_seconds", default=None)


@contextmanager
def seconds_for_all(seconds: float) -> Iterator[None]:
    """Limit what all expressions within take together. Another one within another begins anew."""
    token = _left_seconds.set([seconds])
    try:
        yield
    finally:
        _left_seconds.reset(token)


def search(pattern: str, text: str) -> regex.Match[str] | None:
    """Return the first match. Raises SlowExpressionError."""
    import regex  # 10 ms, and few watches have an expression

    left = _left_seconds.get()
    limit = ONE_SECONDS if left is None else min(ONE_SECONDS, left[0])
    start = thread_time()
    try:
        found = regex.search(pattern, text, timeout=limit)
    except TimeoutError as error:
        raise SlowExpressionError(f"the expression {pattern!r} took over {limit:.2g} s; make it simpler") from error
    if left is None:
        return found
    left[0] -= thread_time() - start
    if left[0] <= 0:
        raise SlowExpressionError(
            f"the expressions together took too long on this page, {pattern!r} the last of them; make them simpler"
        )
    return found
