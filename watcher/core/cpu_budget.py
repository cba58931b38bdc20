"""
How much processor time reading a page, or running a watch's rules, may take.

Regular expressions are the operator's and texts are the page's: both together may take exponential time. Time is that
of the processor, so a busy machine refuses nothing that an idle one accepts.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING, TypeVar

from watcher.core.wording import worded
from watcher.errors import PageError, SlowExpressionError

if TYPE_CHECKING:
    import regex

ONE_SECONDS = 0.2
"""How long one expression may look at one text."""
OF_RULES_SECONDS = 0.05
"""How long those of `matches` and `ignore_text` may look at all rows: on the loop, and there is no other place."""
OF_COMPARING_SECONDS = 0.1
"""How long texts may be cut for comparing them, likewise: as long as the loop may lag."""
_T = TypeVar("_T")


class CpuBudget:
    """What one page, or one run of the rules, may take. It begins when it is made."""

    __slots__ = ("_clock", "_comparing_seconds", "_ends_at", "_left_seconds")

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        seconds: float = inf,
        regex_seconds: float = inf,
        comparing_seconds: float = inf,
    ) -> None:
        """
        Args:
            clock: the processor time of this thread in seconds, as `time.thread_time`.
            seconds: for everything.
            regex_seconds: for all regular expressions together; each has ONE_SECONDS at most.
            comparing_seconds: for all that `compare` runs.
        """
        self._clock = clock
        self._ends_at = inf if seconds == inf else clock() + seconds  # to read that clock takes 3 µs
        self._left_seconds = regex_seconds
        self._comparing_seconds = comparing_seconds

    @property
    def is_spent(self) -> bool:
        """Whether `seconds` are over."""
        return self._ends_at != inf and self._clock() > self._ends_at

    def search(self, pattern: str, text: str) -> regex.Match[str] | None:
        """Return the first match. Raises SlowExpressionError."""
        import regex  # 10 ms, and few watches have an expression

        return self._timed(pattern, lambda limit: regex.search(pattern, text, timeout=limit))

    def cut(self, pattern: str, text: str) -> str:
        """Return the text without all that the expression matches. Raises SlowExpressionError."""
        import regex  # see `search`

        return self._timed(pattern, lambda limit: regex.sub(pattern, "", text, timeout=limit))

    def compare(self, run: Callable[[], _T]) -> _T:
        """Return what `run` does, which cuts one text for comparing it. Raises PageError when all took too long."""
        start = self._clock()
        found = run()
        self._comparing_seconds -= self._clock() - start
        if self._comparing_seconds < 0:
            raise PageError(
                worded(
                    "error_comparing_slow",
                    "comparing the texts that differ took too long; read fewer or shorter ones, or leave out "
                    "`ignore_differences` or some of `ignore_text`",
                )
            )
        return found

    def _timed(self, pattern: str, run: Callable[[float], _T]) -> _T:
        """Return what running the expression comes to, within a limit in seconds."""
        limit = min(ONE_SECONDS, self._left_seconds)
        start = self._clock()
        try:
            found = run(limit)
        except TimeoutError as error:
            raise SlowExpressionError(
                worded(
                    "error_expression_slow",
                    "the expression {pattern} took over {seconds} s; make it simpler",
                    pattern=repr(pattern),
                    seconds=f"{limit:.2g}",
                )
            ) from error
        self._left_seconds -= self._clock() - start
        if self._left_seconds <= 0:
            raise SlowExpressionError(
                worded(
                    "error_expressions_slow",
                    "the expressions together took too long on this page, {pattern} the last of them; "
                    "make them simpler",
                    pattern=repr(pattern),
                )
            )
        return found


UNLIMITED = CpuBudget(lambda: 0.0)
"""Limits each expression alone: for someone who waits for the answer, as at `watcher try`."""
