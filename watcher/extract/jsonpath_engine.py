"""The engine of JSONPath, set up: strictly RFC 9535, and its regular expressions under a time limit. Costs 90 ms."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

from jsonpath import JSONPathEnvironment
from jsonpath.exceptions import JSONPathRecursionError
from jsonpath.function_extensions import Match, Search

from watcher.core.expressions import ONE_SECONDS

if TYPE_CHECKING:
    from typing import Any

MAX_VISITS = 300_000
"""So many values one question may come by, those of its filters included: some 2 s."""

_MAX_DEPTH = JSONPathEnvironment.max_recursion_depth
_visits: ContextVar[int] = ContextVar("_visits")


def begin() -> None:
    """Count the values of a new question, in this thread, from 0."""
    _visits.set(0)


def _visit() -> None:
    visits = _visits.get(0) + 1
    _visits.set(visits)
    if visits > MAX_VISITS:
        raise JSONPathRecursionError(f"it comes by more than {MAX_VISITS:,} values", token=None)


class _TimedSearch(Search):
    """`search()`: raises TimeoutError for what takes too long."""

    def __call__(self, value: object, pattern: object) -> bool:
        if not isinstance(value, str) or not isinstance(pattern, str):
            return False
        compiled = self.check_cache(pattern)
        return compiled is not None and compiled.search(value, timeout=ONE_SECONDS) is not None


class _TimedMatch(Match):
    """`match()`: raises TimeoutError for what takes too long."""

    def __call__(self, value: object, pattern: object) -> bool:
        if not isinstance(value, str) or not isinstance(pattern, str):
            return False
        compiled = self.check_cache(pattern)
        return compiled is not None and compiled.fullmatch(value, timeout=ONE_SECONDS) is not None


class Environment(JSONPathEnvironment):
    """JSONPath as RFC 9535 has it. May be used by several threads."""

    @property
    def max_recursion_depth(self) -> int:  # type: ignore[override]  # asked at each value on a way down: it counts them
        """How deep `..` goes."""
        _visit()
        return _MAX_DEPTH

    def getitem(self, obj: Any, key: Any) -> Any:
        """Return a member, and count it."""
        _visit()
        return super().getitem(obj, key)

    def __init__(self) -> None:
        super().__init__(strict=True)
        self.function_extensions["search"] = _TimedSearch(thread_safe=True)
        self.function_extensions["match"] = _TimedMatch(thread_safe=True)
