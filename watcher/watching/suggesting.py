"""What a page suggests to watch, and where values stand that were lost: the work of a worker, a response in hand."""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time
from typing import TypeVar

from msgspec.structs import replace

from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Response
from watcher.core.watch import Watch
from watcher.errors import CheckError, PageError
from watcher.extract.body import open_body
from watcher.extract.page_name import page_name
from watcher.extract.suggesting import Suggestions, suggest
from watcher.watching.reading import page_of

_SECONDS = 5.0
"""Half of what a worker has: what begins within it may take a second or two, and a machine may be busy."""
_REGEX_SECONDS = 2.0
_T = TypeVar("_T")


def suggestions_of(watch: Watch, response: Response, value: str | None, year: int) -> Suggestions:
    """
    Return what a response suggests to watch, with the title of the page.

    Args:
        value, year: as of `suggest`.

    Raises:
        CheckError: it cannot be opened, or be looked through.
    """
    page = page_of(watch, response)
    try:
        suggestions = suggest(page, _budget(), year=year, value=value)
    except CheckError:
        raise
    except Exception as error:  # the page is hostile and its readers are many, as for a check
        raise PageError(f"a defect in watcher: {type(error).__name__}: {error}") from error
    return replace(suggestions, title=page_name(open_body(page)) if suggestions.candidates else "")


def made_of(watch: Watch, response: Response, make: Callable[..., _T], *arguments: object) -> _T:
    """
    Return what a function of `extract` makes of a response.

    Args:
        make: a function at the head of its module, of a page, a budget and these arguments.

    Raises:
        CheckError: the page cannot be opened, or be looked through.
    """
    page = page_of(watch, response)
    try:
        return make(page, _budget(), *arguments)
    except CheckError:
        raise
    except Exception as error:  # as above
        raise PageError(f"a defect in watcher: {type(error).__name__}: {error}") from error


def _budget() -> CpuBudget:
    return CpuBudget(thread_time, seconds=_SECONDS, regex_seconds=_REGEX_SECONDS)
