"""The engine of JSONPath, set up: strictly RFC 9535, and its regular expressions under a time limit. Costs 90 ms."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import Any

from jsonpath import JSONPath, JSONPathEnvironment, JSONPathError
from jsonpath.exceptions import JSONPathRecursionError
from jsonpath.function_extensions import Match, Search

from watcher.core.cpu_budget import ONE_SECONDS

MAX_VISITS = 300_000
"""So many values one question may come by, those of its filters included: some 2 s."""
FAILURES = (JSONPathError, RecursionError)
"""What a question may end in, besides TimeoutError."""
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


class _Environment(JSONPathEnvironment):
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


_ENVIRONMENT = _Environment()


@lru_cache(maxsize=1_000)
def compiled(path: str) -> JSONPath:
    """Return the compiled path. Raises ValueError with the reason in one line."""
    try:
        found = _ENVIRONMENT.compile(path)
    except (JSONPathError, RecursionError, ValueError, OverflowError) as error:
        raise ValueError(f"{path!r} is no JSONPath (RFC 9535): {reason_of(error, type(error).__name__)}") from error
    if not isinstance(found, JSONPath):
        raise ValueError(f"{path!r} is more than one JSONPath")  # noqa: TRY004  a mistake in the text
    return found


def find(path: JSONPath, within: Any, *, at_most: int) -> list[object]:
    """Return what the path finds first. Raises TimeoutError, and those of FAILURES."""
    _ENVIRONMENT.begin()
    return [match.obj for match in islice(path.finditer(within), at_most)]


def reason_of(error: Exception, otherwise: str) -> str:
    """Return why the engine failed, in one line: its str() is a picture of several lines, and fails for some."""
    return str(error.args[0]).partition("\n")[0] if error.args else otherwise
