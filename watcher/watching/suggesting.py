"""What a page suggests to watch, and where values stand that were lost: the work of a worker, a response in hand."""

from __future__ import annotations

from time import thread_time

from msgspec.structs import replace

from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Response
from watcher.core.watch import Watch
from watcher.errors import CheckError, PageError
from watcher.extract.body import open_body
from watcher.extract.profile import heads_of
from watcher.extract.suggesting import Suggestions, suggest
from watcher.watching.reading import page_of

_SECONDS = 5.0
"""Half of what a worker has: what begins within it may take a second or two, and a machine may be busy."""
_REGEX_SECONDS = 2.0


def suggestions_of(watch: Watch, response: Response, value: str | None) -> Suggestions:
    """
    Return what a response suggests to watch, with the title of the page.

    Raises:
        CheckError: it cannot be opened, or be looked through.
    """
    page = page_of(watch, response)
    try:
        suggestions = suggest(page, _budget(), value=value)
    except CheckError:
        raise
    except Exception as error:  # the page is hostile and its readers are many, as for a check
        raise PageError(f"a defect in watcher: {type(error).__name__}: {error}") from error
    title, heading = heads_of(open_body(page)) if suggestions.candidates else ("", "")
    return replace(suggestions, title=heading or title)


def _budget() -> CpuBudget:
    return CpuBudget(thread_time, seconds=_SECONDS, regex_seconds=_REGEX_SECONDS)
