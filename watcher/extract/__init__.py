"""Bytes → values. Pure: no I/O, no clock, no chance, so it may run in any thread or process."""

from watcher.extract.document import ENGINE
from watcher.extract.explain import Explanation, Finding, explain
from watcher.extract.observe import is_cheap, observe, plan
from watcher.extract.selectors import check_selector

__all__ = ["ENGINE", "Explanation", "Finding", "check_selector", "explain", "is_cheap", "observe", "plan"]
