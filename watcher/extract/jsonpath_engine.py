"""The engine of JSONPath, set up: strictly RFC 9535, and its regular expressions under a time limit. Costs 90 ms."""

from __future__ import annotations

from jsonpath import JSONPathEnvironment
from jsonpath.function_extensions import Match, Search

from watcher.core.conditions import REGEX_SECONDS


class _TimedSearch(Search):
    """`search()`: raises TimeoutError for what takes too long."""

    def __call__(self, value: object, pattern: object) -> bool:
        if not isinstance(value, str) or not isinstance(pattern, str):
            return False
        compiled = self.check_cache(pattern)
        return compiled is not None and compiled.search(value, timeout=REGEX_SECONDS) is not None


class _TimedMatch(Match):
    """`match()`: raises TimeoutError for what takes too long."""

    def __call__(self, value: object, pattern: object) -> bool:
        if not isinstance(value, str) or not isinstance(pattern, str):
            return False
        compiled = self.check_cache(pattern)
        return compiled is not None and compiled.fullmatch(value, timeout=REGEX_SECONDS) is not None


class Environment(JSONPathEnvironment):
    """JSONPath as RFC 9535 has it. May be used by several threads."""

    def __init__(self) -> None:
        super().__init__(strict=True)
        self.function_extensions["search"] = _TimedSearch(thread_safe=True)
        self.function_extensions["match"] = _TimedMatch(thread_safe=True)
