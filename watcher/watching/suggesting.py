"""What a page offers to watch, and where values stand that were lost: the work of a worker, a response in hand."""

from __future__ import annotations

from time import thread_time

from msgspec import Struct

from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Response
from watcher.core.watch import Watch
from watcher.errors import CheckError, PageError
from watcher.extract.body import open_body
from watcher.extract.profile import heads_of
from watcher.extract.suggesting import Suggestions, suggest
from watcher.watching.reading import page_of

_SECONDS = 8.0
_REGEX_SECONDS = 2.0


class Offered(Struct, frozen=True, kw_only=True):
    """What a page offers. `title`: what it calls itself, its heading before its title; empty where it has none."""

    suggestions: Suggestions
    title: str = ""


def offers_of(watch: Watch, response: Response, value: str | None) -> Offered:
    """Return what a response offers to watch. Raises CheckError: it cannot be opened, or be looked through."""
    page = page_of(watch, response)
    try:
        suggestions = suggest(page, _budget(), value=value)
    except CheckError:
        raise
    except Exception as error:  # the page is hostile and its readers are many, as for a check
        raise PageError(f"a defect in watcher: {type(error).__name__}: {error}") from error
    title, heading = heads_of(open_body(page)) if suggestions.candidates else ("", "")
    return Offered(suggestions=suggestions, title=heading or title)


def _budget() -> CpuBudget:
    return CpuBudget(thread_time, seconds=_SECONDS, regex_seconds=_REGEX_SECONDS)
