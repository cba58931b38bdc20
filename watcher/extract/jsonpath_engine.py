"""The engine of JSONPath, set up: strictly RFC 9535, and its regular expressions under a time limit. Costs 90 ms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jsonpath import JSONPathEnvironment
from jsonpath.exceptions import JSONPathRecursionError
from jsonpath.function_extensions import Match, Search

from watcher.core.cpu_budget import ONE_SECONDS

if TYPE_CHECKING:
    from typing import Any

MAX_VISITS = 300_000
"""So many values one question may come by, those of its filters included: some 2 s."""

_MAX_DEPTH = JSONPathEnvironment.max_recursion_depth


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
    """JSONPath as RFC 9535 has it. Several threads may compile, but only one at a time may ask: its visits count."""

    def __init__(self) -> None:
        super().__init__(strict=True)
        self.function_extensions["search"] = _TimedSearch(thread_safe=True)
        self.function_extensions["match"] = _TimedMatch(thread_safe=True)
        self._visits = 0

    def begin(self) -> None:
        """Count the values of a new question from 0."""
        self._visits = 0

    @property
    def max_recursion_depth(self) -> int:  # type: ignore[override]  # asked at each value on a way down: it counts them
        """How deep `..` goes."""
        self._visit()
        return _MAX_DEPTH

    def getitem(self, obj: Any, key: Any) -> Any:
        """Return a member, and count it."""
        self._visit()
        return super().getitem(obj, key)

    def _visit(self) -> None:
        self._visits += 1
        if self._visits > MAX_VISITS:
            raise JSONPathRecursionError(f"it comes by more than {MAX_VISITS:,} values", token=None)
